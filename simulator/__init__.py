"""A simulator of the four source systems: a synthetic city's exports, exactly as the sources write them.

`simulate(plan, out)` writes a drop; docs/simulator.md says what is in it and which faults are planted.
"""

from simulator.city import City, build_city, simulate
from simulator.plan import PlantedDirt, SimulationPlan, SimulationReport

__all__ = ["City", "PlantedDirt", "SimulationPlan", "SimulationReport", "build_city", "simulate"]
