"""One build of a made-up city for all tests of the dbt project, and a way to run dbt on a copy of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ganxun.settings import SOURCES, Settings
from ganxun.steps.build import DBT_PROJECT, build
from ganxun.steps.land import land
from tests.conftest import CITY_SMALL_DATE


@dataclass(frozen=True)
class Built:
    """A work file with everything in it, and dbt's artefacts of the same build."""

    work_file: Path
    target: Path

    def manifest(self) -> dict[str, Any]:
        """A fresh copy of the manifest: tests may damage it."""
        return json.loads((self.target / "manifest.json").read_text())

    def compiled_sql(self, path: str) -> str:
        """SQL of a singular test as the build ran it; `path` is below dbt_project/tests."""
        return (self.target / "compiled" / "ganxun" / "tests" / path).read_text()

    @contextmanager
    def scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection on which everything that is changed is rolled back."""
        with duckdb.connect(str(self.work_file)) as connection:
            connection.execute("set timezone = 'Asia/Shanghai'")
            connection.execute("begin")
            yield connection
            connection.execute("rollback")


@pytest.fixture(scope="session")
def built(simulated_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The simulated city's work file, which the night itself removes after publishing."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("dbt-built"))
    for source in SOURCES:
        # what the expectations say of the exports is not the subject here
        land(settings, source, str(simulated_city), CITY_SMALL_DATE, validate=lambda *_: [])
    run = build(settings, CITY_SMALL_DATE)
    return Built(run.work_file(settings), run.manifest_file(settings).parent)


def run_dbt(
    command: list[str], *, work_file: Path, folder: Path, project: Path = DBT_PROJECT
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run dbt in a process of its own; returns it and the statuses of run_results.json by node name."""
    target = folder / "target"
    process = subprocess.run(
        [
            *(sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", *command),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(target), "--log-path", str(folder / "logs")),
        ],
        env={
            **os.environ,
            "GANXUN_WORK_FILE": str(work_file),
            "GANXUN_TEMP_DIR": str(folder / "tmp"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    results_file = target / "run_results.json"
    results = json.loads(results_file.read_text())["results"] if results_file.exists() else []
    return process, {
        result["unique_id"].rsplit(".", 1)[1]: result["status"]
        for result in results
        if not result["unique_id"].startswith("operation.")  # the hook that asks for a work file
    }


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    """A copy of the dbt project to damage."""
    return Path(
        shutil.copytree(
            DBT_PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("target", "logs", "__pycache__")
        )
    )
