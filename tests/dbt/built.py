"""The simulated city's work file with everything in it, which the night itself removes after publishing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ganxun.settings import SOURCES, Settings
from ganxun.steps.build import build
from ganxun.steps.land import land
from tests.drops import CITY_SMALL_DATE


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


def build_city(drop: Path, folder: Path) -> Built:
    """Land and build a city; what the expectations say of the exports is not the subject here."""
    settings = Settings(data_dir=folder)
    for source in SOURCES:
        land(settings, source, str(drop), CITY_SMALL_DATE, validate=lambda *_: [])
    run = build(settings, CITY_SMALL_DATE)
    return Built(run.work_file(settings), run.manifest_file(settings).parent)
