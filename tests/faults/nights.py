"""A small city, its drop and its data folders, for faults that are really made: whole nights as processes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ganxun.settings import PROJECT_ROOT, Settings
from simulator import SimulationPlan, simulate
from tests.processes import Forked, run_program

FIRST, LAST = date(2026, 6, 29), date(2026, 6, 30)


def simulate_small_city(drop: Path, *, dirty: bool = False) -> Path:
    """A drop of 60 cadres, 18 months and two nights (FIRST, LAST): small, and every system delivers."""
    simulate(SimulationPlan(cadres=60, start=date(2025, 1, 1), end=LAST, seed=3, nights=2, dirty=dirty), drop)
    return drop


@dataclass(frozen=True)
class Deployment:
    """A data folder and the drop that it is fed from."""

    drop: Path
    data_dir: Path

    @property
    def settings(self) -> Settings:
        """Settings of this data folder; everything else by default."""
        return Settings(data_dir=self.data_dir)

    @property
    def published(self) -> Path:
        """Folder of the version that readers see."""
        return self.settings.zones.warehouse.resolve().parent

    def copy(self, folder: Path) -> Deployment:
        """The same deployment, drop and data, in another folder."""
        shutil.copytree(self.drop, folder / "drop")
        if self.data_dir.exists():
            shutil.copytree(self.data_dir, folder / "data", symlinks=True)
        return Deployment(folder / "drop", folder / "data")

    def fork(self, folder: Path) -> Deployment:
        """A copy of the data, fed from the same drop."""
        shutil.copytree(self.data_dir, folder / "data", symlinks=True)
        return Deployment(self.drop, folder / "data")

    def start(self, night: date, *options: str, environment: Mapping[str, str] | None = None) -> Forked:
        """Begin a whole night as a process of its own."""
        return Forked(run_program, *self._arguments(night), *options, environment=environment)

    def _arguments(self, night: date) -> list[str]:
        where = ["--drop", str(self.drop), "--data-dir", str(self.data_dir)]
        return ["run", "--json", "--date", night.isoformat(), *where]

    def run(self, night: date, *options: str, environment: Mapping[str, str] | None = None) -> Outcome:
        """Run a whole night as a process of its own, to its end."""
        with self.start(night, *options, environment=environment) as process:
            return Outcome.of(process)

    def run_from_nothing(self, night: date) -> Outcome:
        """Run a whole night as people do: the installed program, with nothing imported before."""
        program = str(PROJECT_ROOT / ".venv" / "bin" / "ganxun")
        done = subprocess.run([program, *self._arguments(night)], capture_output=True, text=True, check=False)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def status(self) -> dict[str, Any]:
        """What `ganxun status --json` says."""
        with Forked(run_program, "status", "--json", "--data-dir", str(self.data_dir)) as process:
            stdout, stderr = process.communicate()
        assert process.returncode == 0, stderr
        found: dict[str, Any] = json.loads(stdout)
        return found


@dataclass(frozen=True)
class Outcome:
    """How a night's process ended."""

    exit_code: int | None
    stdout: str
    stderr: str

    @classmethod
    def of(cls, process: Forked) -> Outcome:
        """Wait for a process to end."""
        stdout, stderr = process.communicate()
        return cls(process.returncode, stdout, stderr)

    @property
    def report(self) -> dict[str, Any]:
        """The night's report for machines (`ganxun run --json`)."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    @property
    def faults(self) -> list[str]:
        """What the night said of files, as people read it."""
        return [fault for source in self.report["sources"] for fault in source["faults"]]


def keep_secret_of(source: Deployment, target: Deployment) -> None:
    """Give a fresh data folder the secret of another, so that the same person has the same `cadre_key`."""
    shutil.copytree(source.settings.zones.keys, target.settings.zones.keys, dirs_exist_ok=True)
