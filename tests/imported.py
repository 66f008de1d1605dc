"""What the tests' processes have imported before they are forked (tests/processes.py), and nothing done."""

from __future__ import annotations

import os
from importlib import import_module

os.environ["GX_ANALYTICS_ENABLED"] = "false"

for module in (
    "dbt.adapters.duckdb",
    "dbt.artifacts.schemas.run",
    "dbt.cli.main",
    "great_expectations.expectations",
    "pandas",
    "pyarrow.dataset",
    *(f"connectors.{source}.reader" for source in ("cadre", "academic", "academy", "mobile")),
    "expectations.runner",
    "ganxun.cli",
    "ganxun.cli.summary",
    *(f"ganxun.steps.{step}" for step in ("build", "check", "land", "publish", "rollback")),
):
    import_module(module)
