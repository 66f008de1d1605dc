"""One build of a made-up city for all tests of the dbt project, and a way to run dbt on a copy of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.built import Built, build_city
from tests.worlds import make_world


@pytest.fixture(scope="session")
def built(simulated_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The built city, with a copy of the work file for this worker: tests write into it and roll back."""
    made = make_world("built-city", partial(build_city, simulated_city), simulated_city)
    copy = Path(shutil.copy(made.work_file, tmp_path_factory.mktemp("built")))
    return replace(made, work_file=copy)


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
