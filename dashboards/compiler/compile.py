"""Definitions and words become Superset's assets, once for each language.

`python -m dashboards.compiler.compile --out DIR` writes them for reading; the bootstrap imports the same.
Each language has its own charts and dashboards, because Superset keeps one title for each: the Chinese
dashboard is at `/superset/dashboard/<slug>/`, its English twin at `…/<slug>-en/`. Datasets are shared
(Superset's metadata in SQLite knows a table once): a metric has an English twin `<name>_en`, and where the
table has a column `<name>_en`, English charts show that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from dashboards.compiler.compile_dashboard import DashboardCompiler
from dashboards.compiler.compile_dataset import DATABASES, make_database, make_dataset
from dashboards.compiler.naming import VERSION, Files
from dashboards.compiler.sources import Sources, read_sources
from words import LOCALES
from yaml_files import write_yaml

Types = Mapping[str, Mapping[str, str]]


def compile_files(sources: Sources, types: Types | None = None, has_workers: bool = False) -> Files:
    """Every asset of every language by its path in the bundle. Raises `DefinitionError`.

    `types` has the SQL type of published columns, by table and column; without it dates are told by name.
    `has_workers`: the server setup, whose SQL Lab may hand queries to Celery.
    """
    types = types or {}
    files: Files = {
        "metadata.yaml": {"version": VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
    }
    for name in DATABASES:
        files[f"databases/{name}.yaml"] = make_database(name, has_workers)
    # Every published table is a dataset: analysts find it with its descriptions, and the row rules cover it.
    # A definition adds figures. A table that the published file does not have (yet) is left out.
    described = sources.tables if not types else [table for table in sources.tables if table in types]
    for table in dict.fromkeys([*sources.datasets, *described]):
        files[f"datasets/ganxun/{table}.yaml"] = make_dataset(sources, table, types.get(table, {}))
    for locale in LOCALES:
        for name in sources.dashboards:
            files |= DashboardCompiler(sources, name, locale).files()
    return files


def main() -> int:
    """Command line: `python -m dashboards.compiler.compile --out DIR`."""
    parser = argparse.ArgumentParser(description="Write the assets that an import would bring into Superset")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    for name, content in compile_files(read_sources()).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_yaml(content, sort_keys=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
