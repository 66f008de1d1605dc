"""dbt's part of a build: run the project's models, seeds and laws on one work file, in this process.

dbt reads the whole project before it runs anything, which on a small city takes as long as the models. What
it read is kept in `.cache/` under a digest of the project's files and dbt's version: the next night, a retry
or a replay starts at once. Not part of it are the business date (models ask for it when they run, and
tests/dbt/test_business_date.py lets nothing ask earlier), the rows of the seeds (a changed rule: dbt loads
them when it builds) and the project's place. dbt's own partial parsing cannot serve here: it reads everything
again when a variable or the path of the database has changed, and every build has a work file of its own.
Beside it lies the manifest that dbt wrote then, which would take as long again to write.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from ganxun.settings import PROJECT_ROOT
from ganxun.steps.failures import StepFailed

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

CACHE = PROJECT_ROOT / ".cache" / "dbt"
KEPT_IN_CACHE = 8
SLOWEST_LOGGED = 5
# What dbt writes into a project folder itself.
BUSINESS_DATE = "as_of"  # the one variable that models ask for only when they run
_NOT_OF_PROJECT = {"target", "logs", ".user.yml"}
# dbt's own names for what it has read.
_PARSED, _MANIFEST = "partial_parse.msgpack", "manifest.json"
# DuckDB's errors that come before any row is read.
_OF_CODE = re.compile(r"\b(Binder|Catalog|Parser|Compilation) Error\b")
_QUOTED = re.compile(r"(['\"]).*?\1", re.DOTALL)
log = structlog.get_logger()

Progress = Callable[[str, int, int], None]


class DbtFailed(StepFailed):
    """A model, seed or law failed, or dbt could not run. The message names what is at fault."""


def build_models(
    project: Path,
    *,
    environment: Mapping[str, str],
    variables: Mapping[str, str],
    target: Path,
    progress: Progress | None = None,
) -> None:
    """Run `dbt build` without unit tests and column tests; raise `DbtFailed` if anything fails.

    `environment` is what the profile reads. dbt's artefacts go to `target`. `progress` is told (node name,
    nodes done, nodes in all). dbt's own logs are switched off: they quote the values that a model failed on,
    which may be somebody's name. Ours name what failed, and the slowest nodes with their seconds.
    """
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner  # 5 s to import, and only this step runs dbt
    from dbt_common.events.base_types import EventMsg

    done = 0
    total = 0
    seconds: dict[str, float] = {}

    def follow(event: EventMsg) -> None:
        nonlocal done, total
        if event.info.name == "LogStartLine":
            total = event.data.total
        elif event.info.name == "NodeFinished":
            done += 1
            node, result = event.data.node_info.node_name, event.data.run_result
            seconds[node] = round(result.execution_time, 2)
            if result.status in ("error", "fail"):
                log.error("node failed", node=node, status=result.status, seconds=seconds[node])
            if progress is not None:
                progress(node, done, max(total, done))

    arguments = [
        "--quiet",
        "--log-level",
        "none",
        "--log-level-file",
        "none",
        "build",
        # Unit tests judge the code, not the night's data: `make test` runs them.
        "--exclude-resource-type",
        "unit_test",
        # The tests of single columns and keys follow the build, by one scan a table.
        "--exclude",
        "test_type:generic",
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target-path",
        str(target),
        "--log-path",
        str(target / "logs"),
        "--vars",
        json.dumps(dict(variables)),
    ]
    reading = CACHE / digest_project(project, variables)
    # dbt changes into its project and stays there: the caller's relative paths must keep their meaning.
    # It tells failures on standard output, which is the report's (`ganxun run --json`).
    with (
        contextlib.redirect_stdout(sys.stderr),
        contextlib.chdir(Path.cwd()),
        _environment({**environment, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}),
    ):
        known = _read_parsed(reading, project.resolve(), target)
        written = ["--no-write-json"] if known else []
        try:
            result = dbtRunner(manifest=known, callbacks=[follow]).invoke([*written, *arguments])
        finally:
            close_database()
        slowest = sorted(seconds, key=lambda node: -seconds[node])[:SLOWEST_LOGGED]
        log.info("dbt ended", nodes=len(seconds), slowest={node: seconds[node] for node in slowest})
    if known is None and all((target / name).exists() for name in (_PARSED, _MANIFEST)):
        _keep_parsed(target, reading)
    if result.success:
        return
    if result.exception is not None:
        message = f"dbt could not run: {hide_values(str(result.exception))}"
        raise DbtFailed(message, code="dbt") from result.exception
    nodes = result.result.results if isinstance(result.result, RunExecutionResult) else []
    failed = {
        node.node.name: hide_values(node.message or node.status)
        for node in nodes
        if node.status in ("error", "fail")
    }
    said = [f"{name} ({message})" for name, message in failed.items()]
    raise DbtFailed("dbt: " + "; ".join(said[:10]), *failed, code="model")


def close_database() -> None:
    """Close the work file, which the profile keeps open (`keep_open`) and dbtRunner leaves locked."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


def hide_values(message: str) -> str:
    """An error's text without what it quotes, unless it is about the code alone: there it quotes names."""
    return message if _OF_CODE.search(message) else _QUOTED.sub(r"\1…\1", message)


def digest_project(project: Path, variables: Mapping[str, str]) -> str:
    """SHA-256 over all that dbt's reading of a project depends on: files, variables, versions.

    Of the variables all but the business date, of the seeds their header.
    """
    digest = hashlib.sha256()
    versions = [importlib.metadata.version(name) for name in ("dbt-core", "dbt-duckdb", "dbt-adapters")]
    settled = {name: value for name, value in variables.items() if name != BUSINESS_DATE}
    digest.update(json.dumps([settled, versions], sort_keys=True).encode())
    for path in sorted(project.rglob("*")):
        name = path.relative_to(project)
        if not _NOT_OF_PROJECT.intersection(name.parts) and path.is_file():
            digest.update(f"\0{name.as_posix()}\0".encode())
            content = path.read_bytes()
            read = content.split(b"\n", 1)[0] if path.suffix == ".csv" else content
            digest.update(hashlib.sha256(read).digest())
    return digest.hexdigest()


def _read_parsed(reading: Path, project: Path, target: Path) -> Manifest | None:
    """What dbt has read of this project, or a copy of it, before; None: it has to read it (again).

    The manifest that it wrote then goes into `target`: that of another night, and of seeds as they were.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.contracts.graph.nodes import SeedNode
    from dbt.parser.manifest import extended_mashumuro_decoder

    try:
        parsed = (reading / _PARSED).read_bytes()
        manifest = Manifest.from_msgpack(parsed, decoder=extended_mashumuro_decoder)
        written = (reading / _MANIFEST).read_bytes()
        json.loads(written)
        os.utime(reading)  # those that are used stay
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged cache must cost ten seconds, not the night
        log.warning("cache unreadable", reading=reading.name, error=type(error).__name__)
        return None
    target.mkdir(parents=True, exist_ok=True)
    (target / _MANIFEST).write_bytes(written)
    for node in manifest.nodes.values():
        if isinstance(node, SeedNode):
            node.root_path = str(project)  # where dbt looks for its rows
    manifest.build_flat_graph()
    return manifest


def _keep_parsed(target: Path, reading: Path) -> None:
    """Keep what dbt has read, for the next build; a folder that cannot be written is no fault."""
    temporary = reading.with_name(f".part-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        for name in (_PARSED, _MANIFEST):
            shutil.copyfile(target / name, temporary / name)
        shutil.rmtree(reading, ignore_errors=True)  # a damaged one
        temporary.rename(reading)
        newest_first = sorted(reading.parent.iterdir(), key=lambda each: -each.stat().st_mtime)
        for old in newest_first[KEPT_IN_CACHE:]:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    except OSError as error:  # or another build kept its own at the same time
        shutil.rmtree(temporary, ignore_errors=True)
        log.info("not cached", error=type(error).__name__)


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for dbt's profile, and no longer: this run's paths are nobody else's."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
