"""The published tables as the models describe them: dbt's manifest, read into what the documents need."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganxun.settings import PROJECT_ROOT
from words.labels import find_label, read_labels

SCHEMAS = ("marts", "ops", "restricted")
_REF = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")


class ProjectUnreadable(RuntimeError):
    """The project cannot be read; the message is dbt's, or names the column that has no label."""


@dataclass(frozen=True)
class Column:
    """A column: its name, Chinese label and English description."""

    name: str
    label_zh: str
    description: str


@dataclass(frozen=True)
class Reference:
    """A column whose values are those of another table's column, as a relationships test says."""

    column: str
    to_table: str
    to_column: str
    is_required: bool


@dataclass(frozen=True)
class Table:
    """A published table. `subject` is its folder below marts; `key` its columns that are unique together."""

    schema: str
    subject: str
    name: str
    label_zh: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]


def parse_project() -> dict[str, Any]:
    """dbt's manifest of the project as it stands; nothing is built. Raises `ProjectUnreadable`."""
    project = PROJECT_ROOT / "dbt_project"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [
                # only ganxun.steps.dbt_build and the workbench import dbt: here it is a program
                *(str(Path(sys.executable).with_name("dbt")), "--quiet", "--no-use-colors", "parse"),
                *("--project-dir", str(project), "--profiles-dir", str(project)),
                *("--target-path", folder, "--log-path", folder),
            ],
            env={
                **os.environ,
                # names the database in the manifest; no file is opened
                "GANXUN_WORK_FILE": str(Path(folder) / "warehouse.duckdb"),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode != 0:
            raise ProjectUnreadable(process.stdout.strip() or process.stderr.strip())
        manifest: dict[str, Any] = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def read_tables(manifest: dict[str, Any]) -> list[Table]:
    """The published tables, by schema, subject and name. A column without a label: `ProjectUnreadable`."""
    labels = read_labels()
    tests: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            tests[node["attached_node"]].append(node)
    tables = [
        Table(
            schema=node["schema"],
            subject=Path(node["path"]).parts[1],
            name=node["name"],
            label_zh=node["config"]["meta"]["label_zh"],
            description=_one_line(node["description"]),
            key=_find_key(tests[unique_id]),
            columns=tuple(
                Column(name, _label(node["name"], name, column, labels), _one_line(column["description"]))
                for name, column in node["columns"].items()
            ),
            references=_find_references(tests[unique_id]),
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    ]
    return sorted(tables, key=lambda table: (SCHEMAS.index(table.schema), table.subject, table.name))


def _label(table: str, name: str, column: dict[str, Any], labels: dict[str, str]) -> str:
    label = find_label(name, column, labels)
    if label is None:
        raise ProjectUnreadable(f"{table}.{name} has no label: a line of words/columns.yaml gives it one")
    return label


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _find_key(tests: list[dict[str, Any]]) -> tuple[str, ...]:
    """The key as `ops_table` has it (macro published_tables): a unique column, else the first combination."""
    key: tuple[str, ...] = ()
    for test in tests:
        name, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if test["config"].get("where") is not None:
            continue
        if name == "unique" and (len(key) != 1 or arguments["column_name"].endswith("_key")):
            key = (arguments["column_name"],)
        elif name == "unique_combination" and not key:
            key = tuple(arguments["columns"])
    return key


def _find_references(tests: list[dict[str, Any]]) -> tuple[Reference, ...]:
    required = {test["column_name"] for test in tests if test["test_metadata"]["name"] == "not_null"}
    for test in tests:
        arguments = test["test_metadata"]["kwargs"]
        if test["test_metadata"]["name"] == "unique_combination":
            required |= set(arguments["columns"]) - set(arguments.get("nullable", ()))
    references = set()
    for test in tests:
        arguments = test["test_metadata"]["kwargs"]
        if test["test_metadata"]["name"] == "relationships" and (to := _REF.search(arguments["to"])):
            column = test["column_name"]
            references.add(Reference(column, to[1], arguments["field"], column in required))
    return tuple(sorted(references, key=lambda reference: (reference.column, reference.to_table)))
