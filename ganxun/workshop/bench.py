"""The workbench: a small city, built and kept, for `make model` and for dbt's own command line.

Made-up cadres are landed and opened as a night does it, then dbt builds every model. What was made is kept
under digests of what it depends on: another simulator, reader or raw schema makes all of it anew, a changed
model only itself and those behind it. `dbt_project/profiles.yml` points to the same work file.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import shutil
import sys
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ganxun.settings import PROJECT_ROOT, SOURCES, Settings
from ganxun.workshop.dbt_session import DbtSession

# The last day is the `as_of` of dbt_project.yml.
CITY: dict[str, Any] = {
    "cadres": 200,
    "start": date(2021, 1, 1),
    "end": date(2026, 6, 30),
    "seed": 11,
    "nights": 2,
}
# Of them hang all of schema `raw`, and all models at once beside the project's own settings.
_RAW_CODE = ("connectors", "simulator", "ganxun.steps", "ganxun.settings")
_MODEL_CODE = ("ganxun.identity",)
_VERSIONS_OF = ("duckdb", "pyarrow", "dbt-core", "dbt-duckdb", "splink")


class BenchBroken(RuntimeError):
    """The workbench could not be made; dbt has said on the screen what failed."""


@dataclass
class Kept:
    """What the work file was made from. `touched` are models that were built since in a changed form."""

    raw: str = ""
    project: str = ""
    touched: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Workbench:
    """Where the small city is kept, and the dbt project that is built on it."""

    folder: Path = PROJECT_ROOT / ".cache" / "workbench"
    project: Path = PROJECT_ROOT / "dbt_project"

    @property
    def work_file(self) -> Path:
        """The work file; where `profiles.yml` has it."""
        return self.project / "target" / "work.duckdb"

    @property
    def state(self) -> Path:
        """Folder with dbt's manifest of the whole build, against which a model counts as changed."""
        return self.folder / "state"

    def read_kept(self) -> Kept:
        """What is kept; nothing where the work file is gone (`dbt clean`) or a run did not end."""
        file = self.folder / "kept.json"
        if not file.exists() or not _has_raw(self.work_file):
            return Kept()
        return Kept(**json.loads(file.read_text(encoding="utf-8")))

    def keep(self, kept: Kept) -> None:
        """Write down what the work file was made from."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / "kept.json.part"
        temporary.write_text(json.dumps(asdict(kept)), encoding="utf-8")
        temporary.rename(self.folder / "kept.json")

    def is_of_today(self, kept: Kept) -> bool:
        """Whether at most single models have changed since: `make model` sees to those."""
        return kept.raw == digest_raw() and kept.project.split()[:1] == self.digest_project().split()[:1]

    def make(self) -> bool:
        """Make the workbench, or only what is out of date. Returns whether there was anything to do."""
        kept, raw, project = self.read_kept(), digest_raw(), self.digest_project()
        if (kept.raw, kept.project) == (raw, project) and not kept.touched:
            return False
        session = DbtSession(self.project)
        if kept.raw != raw:
            (self.folder / "kept.json").unlink(missing_ok=True)
            self._open_city()
            kept = Kept(raw)
            self.keep(kept)
        selected = []
        if kept.project and self.is_of_today(kept):
            touched = {*kept.touched, *session.list_modified(self.state)} & session.models().keys()
            selected = [f"{name}+" for name in sorted(touched)]
        if not session.build(selected, tests=False).success:
            raise BenchBroken("the workbench is not up to date: see above what failed")
        self.state.mkdir(parents=True, exist_ok=True)
        shutil.copy(session.target / "manifest.json", self.state / "manifest.json")
        self.keep(Kept(raw, project))
        return True

    def digest_project(self) -> str:
        """Digests of what decides on every model at once, and of all that dbt builds."""
        settings = [self.project / "dbt_project.yml", self.project / "profiles.yml"]
        of_all = [*settings, *(find_code(name) for name in _MODEL_CODE)]
        return f"{_digest(of_all)} {_digest([*of_all, self.project])}"

    def _open_city(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.work_file.unlink(missing_ok=True)
        self.work_file.parent.mkdir(exist_ok=True)
        # None of it is needed where the city is kept already, and importing it takes seconds.
        from connectors.ledger import Ledger
        from ganxun.steps.land import land
        from ganxun.steps.raw_schema import write_raw_schema
        from simulator import SimulationPlan, simulate

        print("a small city is made up, landed and opened", file=sys.stderr)
        plan = SimulationPlan(**CITY)
        simulate(plan, self.folder / "drop")
        settings = Settings(data_dir=self.folder / "data")
        for source in SOURCES:
            # what the expectations say of the exports is not the subject here
            land(settings, source, str(self.folder / "drop"), plan.end, validate=lambda *_: [])
        with Ledger(settings.zones) as ledger:
            write_raw_schema(self.work_file, settings.zones, ledger, plan.end)


def digest_raw() -> str:
    """Digest of all that the raw schema of the small city depends on."""
    return _digest([find_code(name) for name in _RAW_CODE])


def find_code(name: str) -> Path:
    """A package's folder or a module's file, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def _digest(places: Collection[Path]) -> str:
    """SHA-256 over names and contents of files and of what lies below folders, and over versions."""
    digest = hashlib.sha256()
    digest.update(repr((sys.version, [importlib.metadata.version(name) for name in _VERSIONS_OF])).encode())
    digest.update(repr(CITY).encode())
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            name = path.relative_to(place.parent)
            if path.is_file() and not {"target", "logs", "__pycache__", ".user.yml"}.intersection(name.parts):
                digest.update(f"\0{name.as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:20]


def _has_raw(work_file: Path) -> bool:
    if not work_file.exists():
        return False
    with duckdb.connect(str(work_file), read_only=True) as connection:
        row = connection.execute(
            "select count(*) from information_schema.schemata where schema_name = 'raw'"
        ).fetchone()
    return bool(row and row[0])
