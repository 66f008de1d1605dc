"""Schedules of whole nights by chance, one after another, for so many minutes: `make soak`.

    python -m tests.faults.soak --seed 7 --minutes 30

Each schedule brings the deliveries of a small city in another order, some of them again, some under other
names or packed anew; its nights are killed at a chosen place or at a random moment. At the end of each the
warehouse must be that of an untroubled city, table by table, and every invariant must hold. A failure names
its seed: the same seed makes the same schedule.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.compare_warehouses import differing, read_facts
from tests.faults.invariants import check_invariants, check_published
from tests.faults.kill_points import night_arguments, run_killed
from tests.faults.nights import LAST, Deployment, keep_secret_of, simulate_small_city
from tests.faults.schedules import Arrival, list_files, make_schedule

# An untroubled night of the small city takes some forty seconds; kills are spread over a little more.
LONGEST_BEFORE_KILL = 60.0


def run_schedule(
    schedule: list[Arrival], whole: Path, deployment: Deployment, chance: random.Random | None = None
) -> Counter[str]:
    """Let the arrivals come and run a night after each, killed where the schedule says; then one untroubled.

    `chance` also kills nights that the schedule leaves alone, at random moments. Returns kills by place.
    """
    kills: Counter[str] = Counter()
    deployment.drop.mkdir(parents=True, exist_ok=True)
    for arrival in schedule:
        for delivery in arrival.deliveries:
            delivery.arrive(whole, deployment.drop)
        if arrival.kill is not None:
            code = run_killed(
                arrival.kill, *night_arguments(deployment, arrival.night.isoformat()), allowed=(0, 1, 3)
            )
            kills[str(arrival.kill)] += code == -signal.SIGKILL
        elif chance is not None:
            kills["at a random moment"] += kill_at_random_moment(arrival, deployment, chance)
        else:
            deployment.run(arrival.night)
        if deployment.settings.zones.warehouse.exists():
            check_published(deployment.settings.zones)
    outcome = deployment.run(LAST)
    if outcome.exit_code != 0:
        raise AssertionError(outcome.stdout or outcome.stderr)
    return kills


def kill_at_random_moment(arrival: Arrival, deployment: Deployment, chance: random.Random) -> bool:
    """Run a night and kill it, with all its threads, after some time; whether it was still running."""
    with deployment.start(arrival.night) as process:
        try:
            process.communicate(timeout=chance.uniform(0.5, LONGEST_BEFORE_KILL))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            return True
    return False


def main() -> None:
    """Run schedules until the minutes are over; print what was tried. Exit 1 at the first that fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1, help="of the first schedule; each next one adds 1")
    parser.add_argument("--minutes", type=float, default=30.0)
    wanted = parser.parse_args()
    console = Console()
    kills: Counter[str] = Counter()
    end = time.monotonic() + wanted.minutes * 60
    done = 0
    with tempfile.TemporaryDirectory() as folder, Progress(console=console) as progress:
        task = progress.add_task("untroubled city", total=wanted.minutes * 60)
        city = Deployment(simulate_small_city(Path(folder) / "whole"), Path(folder) / "untroubled")
        city.run(LAST)
        facts = read_facts(city.published)
        while time.monotonic() < end:
            seed = wanted.seed + done
            progress.update(task, description=f"schedule of seed {seed}")
            with tempfile.TemporaryDirectory() as own:
                deployment = Deployment(Path(own) / "drop", Path(own) / "data")
                keep_secret_of(city, deployment)
                chance = random.Random(seed)
                schedule = make_schedule(chance, list_files(city.drop), repack=True)
                kills += run_schedule(schedule, city.drop, deployment, chance)
                check_invariants(deployment.settings)
                wrong = differing(read_facts(deployment.published), facts)
            if wrong:
                console.print(f"seed {seed}: {', '.join(wrong)} differ")
                console.print("\n".join(map(str, schedule)))
                raise SystemExit(1)
            done += 1
            progress.update(task, completed=wanted.minutes * 60 - max(0.0, end - time.monotonic()))
    table = Table("killed", "times", title=f"{done} schedules from seed {wanted.seed}, all equal")
    for place, times in sorted(kills.items()):
        table.add_row(place, str(times))
    console.print(table)


if __name__ == "__main__":
    main()
