"""Build: the night's working warehouse, from the raw Parquet that counts at the business date, by dbt.

Writes `build/<run_id>/work.duckdb` (owner-only: it holds names and the secret of the pseudonymous key) and
`build/<run_id>/target/manifest.json`. Nothing that readers see changes; a crash here leaves only a folder
that the next build removes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import structlog

from connectors.ledger import Ledger
from connectors.zones import OWNER_ONLY_DIR
from ganxun import __version__
from ganxun.quarantine.apply import apply_decisions
from ganxun.quarantine.decisions import DecisionsUnreadable as QuarantineDecisionsUnreadable
from ganxun.quarantine.decisions import digest_quarantine_decisions
from ganxun.settings import PROJECT_ROOT, Settings
from ganxun.steps.column_tests import run_column_tests
from ganxun.steps.dbt_build import DbtFailed, build_models
from ganxun.steps.failures import StepFailed
from ganxun.steps.identity_inputs import DecisionsUnreadable, digest_decisions
from ganxun.steps.lock import warehouse_lock
from ganxun.steps.raw_schema import NoSnapshot, write_raw_schema
from ganxun.steps.recovery import recover

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
log = structlog.get_logger()

Progress = Callable[[str, int, int], None]


class BuildFailed(StepFailed):
    """The warehouse could not be built; last night's stands. The message names models or tests at fault."""


@dataclass(frozen=True)
class BuildRun:
    """One build: what check and publish need to find it. Holds no personal data (it travels in XComs)."""

    run_id: str
    business_date: date
    started_at: datetime
    input_digest: str
    rule_version: str
    code_version: str

    def folder(self, settings: Settings) -> Path:
        """The run's own folder in the build zone."""
        return settings.zones.build / self.run_id

    def work_file(self, settings: Settings) -> Path:
        """The working warehouse."""
        return self.folder(settings) / "work.duckdb"

    def identity_model_file(self, settings: Settings) -> Path:
        """The model of identity rule 6 as this build trained it; absent where nobody was left to it."""
        return self.folder(settings) / "identity_model.json"

    def manifest_file(self, settings: Settings) -> Path:
        """dbt's manifest: descriptions and labels of every column.

        As dbt last read the project: nothing in it is of this build's date, and seeds are as they were then.
        """
        return self.folder(settings) / "target" / "manifest.json"

    def to_dict(self) -> dict[str, str]:
        """As JSON-able texts."""
        values = asdict(self)
        return {
            name: value if isinstance(value, str) else value.isoformat() for name, value in values.items()
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> BuildRun:
        """The inverse of `to_dict`."""
        return cls(
            **{
                **values,
                "business_date": date.fromisoformat(values["business_date"]),
                "started_at": datetime.fromisoformat(values["started_at"]),
            }
        )


def digest_files(*folders: Path, suffixes: tuple[str, ...]) -> str:
    """SHA-256 (12 hex digits) over names and contents of the files below the folders with such a suffix."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in suffixes):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def find_rule_version() -> str:
    """Version of the rules: a digest of the seeds."""
    return digest_files(DBT_PROJECT / "seeds", suffixes=(".csv",))


def find_code_version() -> str:
    """Version of the code that makes numbers: the package's, and a digest of the models."""
    models = digest_files(
        DBT_PROJECT / "models",
        DBT_PROJECT / "macros",
        PROJECT_ROOT / "ganxun" / "identity",
        suffixes=(".sql", ".py"),
    )
    return f"{__version__}+{models}"


def find_input_digest(ledger: Ledger, business_date: date) -> str:
    """Digest of all that a build of this date reads (batches, decisions, rules, code)."""
    paths = sorted(path.name for files in ledger.effective_batches(business_date).values() for path in files)
    text = "\n".join(
        [
            business_date.isoformat(),
            find_rule_version(),
            find_code_version(),
            digest_decisions(ledger.zones),
            digest_quarantine_decisions(ledger.zones, business_date),
            *paths,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def build(settings: Settings, business_date: date, progress: Progress | None = None) -> BuildRun:
    """Build the warehouse as of a business date into a new work file and run dbt's own tests on it.

    `progress` is told (node name, nodes done, nodes in all). Raises `BuildFailed` when there is no cadre
    snapshot to build on, or when a model or a test fails.
    """
    zones = settings.zones
    zones.create()
    with warehouse_lock(settings), Ledger(zones) as ledger:
        recover(settings, ledger)
        try:
            apply_decisions(settings, ledger)
        except QuarantineDecisionsUnreadable as error:
            raise BuildFailed(str(error), code="quarantine_decisions") from None
        started_at = datetime.now(UTC)
        run = BuildRun(
            run_id=f"{business_date:%Y%m%d}-{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
            business_date=business_date,
            started_at=started_at,
            input_digest=find_input_digest(ledger, business_date),
            rule_version=find_rule_version(),
            code_version=find_code_version(),
        )
        ledger.start_run(run.run_id, business_date, run.rule_version, run.code_version)
        run.folder(settings).mkdir(mode=OWNER_ONLY_DIR)
        try:
            _open_raw(settings, run, ledger)
            _run_dbt(settings, run, progress)
            _run_column_tests(settings, run, progress)
        except Exception:
            ledger.finish_run(run.run_id, "failed")
            raise
        log.info("built", run_id=run.run_id, business_date=business_date.isoformat())
        return run


def _open_raw(settings: Settings, run: BuildRun, ledger: Ledger) -> None:
    try:
        write_raw_schema(run.work_file(settings), settings.zones, ledger, run.business_date)
    except (NoSnapshot, DecisionsUnreadable) as error:
        raise BuildFailed(str(error), *error.failure.names, code=error.failure.code) from None


def _run_dbt(settings: Settings, run: BuildRun, progress: Progress | None) -> None:
    folder = run.folder(settings)
    try:
        build_models(
            DBT_PROJECT,
            environment={
                "GANXUN_WORK_FILE": str(run.work_file(settings)),
                "GANXUN_THREADS": str(settings.threads),
                "GANXUN_MEMORY_LIMIT": settings.memory_limit,
                "GANXUN_TEMP_DIR": str(folder / "duckdb_tmp"),
                "GANXUN_IDENTITY_MODEL": str(run.identity_model_file(settings)),
            },
            variables={"as_of": run.business_date.isoformat(), "timezone": settings.timezone},
            target=run.manifest_file(settings).parent,
            progress=progress,
        )
    except DbtFailed as error:
        raise BuildFailed(str(error), *error.failure.names, code=error.failure.code) from error


def _run_column_tests(settings: Settings, run: BuildRun, progress: Progress | None) -> None:
    if progress is not None:
        progress("testing columns and keys", 0, 1)
    failures = run_column_tests(run.work_file(settings), run.manifest_file(settings))
    if failures:
        texts = [f"{failure.name} ({failure.rows} rows fail)" for failure in failures]
        names = [failure.name for failure in failures]
        raise BuildFailed("dbt: " + "; ".join(texts[:10]), *names, code="model")
