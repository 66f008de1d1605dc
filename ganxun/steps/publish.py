"""Publish: two clean files from a checked working warehouse, swapped in by one rename.

Readers open `published/warehouse.duckdb` and `published/warehouse_restricted.duckdb`. Both lead through one
symlink, `published/current`, to the folder of a version: swapping that one changes both files in the same
instant. Files behind it are never written again: a connection opened before a swap keeps its old view, a new
one sees the new file. Copying table by table (instead of publishing the work file) is what keeps names out:
DuckDB leaves dropped pages in a file.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import structlog

from connectors.ledger import Ledger
from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE, fsync_path
from ganxun.settings import Settings
from ganxun.steps.build import BuildRun, find_input_digest
from ganxun.steps.failures import StepFailed
from ganxun.steps.finish_ops import finish_ops
from ganxun.steps.lock import warehouse_lock
from ganxun.steps.published_links import find_published_run, point_links_at
from ganxun.steps.retention import prune_landing, prune_versions
from words.labels import find_label, read_labels

PUBLIC_FILE = 0o644
PUBLIC_DIR = 0o755
# Which schemas go into which published file.
WAREHOUSE_SCHEMAS = ("marts", "ops")
RESTRICTED_SCHEMAS = ("restricted",)
# Column names that may never stand in the de-identified file (warehouse.md).
FORBIDDEN_COLUMNS = {"name", "person_name", "real_name", "id_number", "person_code", "birth_date", "comment"}
# Columns of such a name that are of things, not of people.
NAMES_OF_THINGS = {"marts.dim_base.name", "marts.dim_institution.name", "marts.mart_plan_indicator.name"}
log = structlog.get_logger()


class PublishFailed(StepFailed):
    """The new files did not verify; last night's warehouse stands."""

    code = "publish"


@dataclass(frozen=True)
class Published:
    """What was published: the run, its business date, and rows by `schema.table`."""

    run_id: str
    business_date: date
    tables: dict[str, int]


def is_up_to_date(settings: Settings, business_date: date) -> bool:
    """Whether the published warehouse was built for this date from exactly what counts now.

    Exactly: the same batches, rules and models, so that building again would give the same rows.
    """
    run_id = find_published_run(settings.zones)
    if run_id is None:
        return False
    try:
        with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
            built_from = connection.execute(
                "select input_digest from ops.ops_run where run_id = ?", [run_id]
            ).fetchone()
    except duckdb.Error:
        return False  # readers cannot open it either: build it again
    with Ledger(settings.zones) as ledger:
        return built_from == (find_input_digest(ledger, business_date),)


def publish(settings: Settings, run: BuildRun) -> Published:
    """Write, verify and swap in the two published files of a build; prune old versions.

    Raises `PublishFailed` when a new file does not verify. A crash at any point leaves a readable
    warehouse: last night's before the swap, tonight's after it. Told again to publish what is published (a
    retry after a success that nobody heard of), it only finishes what came after the swap.
    """
    zones = settings.zones
    with warehouse_lock(settings), Ledger(zones) as ledger:
        if find_published_run(zones) == run.run_id:
            tables = _verify(zones.warehouse, _list_tables(zones.warehouse))
            _finish(settings, run, ledger)
            return Published(run.run_id, run.business_date, tables)
        # A folder a version: DuckDB names a catalog after the file behind a link, and that must not change.
        version = zones.versions / run.run_id
        # Nobody else may look in while it is written: DuckDB's write-ahead log holds names for a moment.
        version.mkdir(mode=OWNER_ONLY_DIR, exist_ok=True)
        warehouse = version / zones.warehouse.name
        restricted = version / zones.restricted.name
        finished_at = datetime.now(UTC)
        tables = _write(settings, run, warehouse, WAREHOUSE_SCHEMAS, PUBLIC_FILE, ledger, finished_at)
        _write(settings, run, restricted, RESTRICTED_SCHEMAS, OWNER_ONLY_FILE, ledger, finished_at)
        _keep_identity_model(run.identity_model_file(settings), version)
        version.chmod(PUBLIC_DIR)
        point_links_at(zones, version)
        _finish(settings, run, ledger)
    log.info("published", run_id=run.run_id, business_date=run.business_date.isoformat(), tables=len(tables))
    return Published(run.run_id, run.business_date, tables)


def _finish(settings: Settings, run: BuildRun, ledger: Ledger) -> None:
    """What comes after the swap: the ledger's word, and what is no longer needed."""
    ledger.finish_run(run.run_id, "published")
    prune_versions(settings.zones, run.run_id, settings.keep_versions)
    prune_landing(settings.zones, ledger, settings.keep_landing_days)
    shutil.rmtree(run.folder(settings), ignore_errors=True)


def _list_tables(path: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()


def _keep_identity_model(model: Path, version: Path) -> None:
    """Lay rule 6's model beside the files that it helped to make, owner-only; a quiet night has none."""
    if model.exists():
        kept = version / model.name
        kept.touch(mode=OWNER_ONLY_FILE)
        kept.write_bytes(model.read_bytes())
        fsync_path(kept)


def write_aside(settings: Settings, run: BuildRun) -> Path:
    """Write the de-identified file of a build that is not published, for comparisons; returns its path.

    It lies in `published/as_of/<run_id>/`; the newest few are kept. No names are written.
    """
    zones = settings.zones
    with warehouse_lock(settings), Ledger(zones) as ledger:
        folder = zones.as_of / run.run_id
        folder.mkdir(mode=OWNER_ONLY_DIR, parents=True)
        warehouse = folder / zones.warehouse.name
        _write(settings, run, warehouse, WAREHOUSE_SCHEMAS, PUBLIC_FILE, ledger, datetime.now(UTC), "aside")
        folder.chmod(PUBLIC_DIR)
        ledger.finish_run(run.run_id, "aside")
        shutil.rmtree(run.folder(settings), ignore_errors=True)
        aside = sorted(zones.as_of.iterdir(), key=lambda each: each.stat().st_mtime)
        for old in aside[: -settings.keep_versions]:
            shutil.rmtree(old)
    log.info("written aside", run_id=run.run_id, business_date=run.business_date.isoformat())
    return warehouse


def _write(
    settings: Settings,
    run: BuildRun,
    target: Path,
    schemas: tuple[str, ...],
    mode: int,
    ledger: Ledger,
    finished_at: datetime,
    status: str = "published",
) -> dict[str, int]:
    """Copy schemas of the work file into a new file, verify and name it. Returns rows by table."""
    temporary = target.with_suffix(".writing")
    temporary.unlink(missing_ok=True)
    Path(f"{temporary}.wal").unlink(missing_ok=True)
    with duckdb.connect(str(temporary)) as connection:
        temporary.chmod(OWNER_ONLY_FILE)
        connection.execute(f"set timezone = '{settings.timezone}'")
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"attach '{run.work_file(settings)}' as work (read_only)")
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'work' "
            f"and schema_name in ({', '.join(repr(schema) for schema in schemas)}) order by all"
        ).fetchall()
        for schema in schemas:
            connection.execute(f"create schema {schema}")
        for schema, table in names:
            connection.execute(f"create table {schema}.{table} as from work.{schema}.{table}")
        if "ops" in schemas:
            finish_ops(connection, run, ledger, finished_at, status)
        _describe(connection, json.loads(run.manifest_file(settings).read_text(encoding="utf-8")), names)
        connection.execute("checkpoint")
    rows = _verify(temporary, names)
    temporary.chmod(mode)
    fsync_path(temporary)
    temporary.rename(target)
    fsync_path(target.parent)
    fsync_path(target.parent.parent)
    return rows


def _describe(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, object], names: list[tuple[str, str]]
) -> None:
    """Carry dbt's descriptions and the Chinese labels into the file: clients show them beside each column."""
    nodes = manifest["nodes"]
    assert isinstance(nodes, dict)  # noqa: S101  (the shape of dbt's manifest)
    by_table = {
        (node["schema"], node["alias"]): node for node in nodes.values() if node["resource_type"] == "model"
    }
    labels = read_labels()
    connection.execute("begin")  # else each of a thousand comments is written through to the disk by itself
    for schema, table in names:
        node = by_table.get((schema, table))
        if node is None:
            continue
        if node["description"]:
            connection.execute(f"comment on table {schema}.{table} is {_quoted(node['description'])}")
        columns = {row[0] for row in connection.execute(f"describe {schema}.{table}").fetchall()}
        for name, column in node["columns"].items():
            label = find_label(name, column, labels)
            text = ": ".join(part for part in (label, column["description"]) if part)
            if text and name in columns:
                connection.execute(f'comment on column {schema}.{table}."{name}" is {_quoted(text)}')
    connection.execute("commit")


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _verify(path: Path, names: list[tuple[str, str]]) -> dict[str, int]:
    """Open a new file as a reader would: every table is there and readable, nothing forbidden is in it."""
    if Path(f"{path}.wal").exists():
        raise PublishFailed(f"{path.name}: a write-ahead log is left: the file is not complete")
    rows = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table in names:
            found = connection.execute(f"select count(*) from {schema}.{table}").fetchone()
            rows[f"{schema}.{table}"] = found[0] if found else 0
        banned = ", ".join(f"'{column}'" for column in sorted(FORBIDDEN_COLUMNS))
        found_columns = connection.execute(
            "select table_schema || '.' || table_name || '.' || column_name from information_schema.columns "
            f"where table_schema in ('marts', 'ops') and column_name in ({banned})"
        ).fetchall()
    forbidden = sorted({column for (column,) in found_columns} - NAMES_OF_THINGS)
    if forbidden:
        raise PublishFailed(f"columns that may not be published: {', '.join(forbidden)}", *forbidden)
    return rows
