"""The command line starts quickly: held by what a command loads, for seconds depend on the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nights import Night

# Each takes a tenth of a second or much more to import, and `--help` and `status` use none of them.
HEAVY = {
    "adbc_driver_manager", "airflow", "connectorx", "dashboards", "dbt", "expectations", "fsspec",
    "great_expectations", "httpx", "numpy", "openpyxl", "pandas", "pyarrow",
    "sqlalchemy", "structlog", "superset", "xlsxwriter", "yaml",
}  # fmt: skip
# Half of what is left of the time: only what prints tables, or reads the warehouse, may load them.
FOR_ANSWERS = {"duckdb", "msgspec", "rich", "sqlite3"}


def load(*arguments: str) -> set[str]:
    """The top-level modules that a command loads in a process of its own."""
    code = (
        "import sys\nfrom ganxun.cli import app\ntry:\n    app(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("command", [["--help"], ["sql", "--help"], ["quarantine", "--help"]])
def test_help_waits_for_no_library_that_only_answers_need(command: list[str]) -> None:
    assert load(*command) & (HEAVY | FOR_ANSWERS) == set()


def test_the_list_of_commands_does_not_wait_for_what_typer_reads_options_with() -> None:
    assert "pydantic" not in load("--help")


def test_status_before_the_first_night_waits_for_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    assert load("status", "--data-dir", str(tmp_path)) & (HEAVY | {"duckdb", "sqlite3"}) == set()


@pytest.mark.e2e
def test_status_of_a_warehouse_waits_for_nothing_that_it_does_not_use(simulated_night: Night) -> None:
    loaded = load("status", "--data-dir", str(simulated_night.settings.data_dir))
    assert "duckdb" in loaded
    assert loaded & HEAVY == set()
