"""Every model, seed, source and column says what it is, in English and with a Chinese label."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.dbt.built import Built
from tests.dbt.conftest import run_dbt
from words.labels import find_label, read_labels

Columns = dict[tuple[str, str], set[str]]


def find_columns(connection: Any) -> Columns:
    """Columns that the built tables and views really have, by (schema, table)."""
    columns: Columns = {}
    for schema, table, column in connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema not in ('raw', 'main')"
    ).fetchall():
        columns.setdefault((schema, table), set()).add(column)
    return columns


def _lacks_text(item: dict[str, Any], label: str | None) -> bool:
    return not item["description"].strip() or not any("一" <= character <= "鿿" for character in label or "")


def find_undocumented(manifest: dict[str, Any], columns: Columns) -> Iterable[str]:
    """Names of tables and columns without a description or a Chinese label, or described but not there."""
    labels = read_labels()
    described = {
        (node["schema"], node["name"]): node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    for table in columns.keys() | described.keys():
        node = described.get(table)
        if node is None or _lacks_text(node, node["config"]["meta"].get("label_zh")):
            yield ".".join(table)
        texts = node["columns"] if node else {}
        for column in columns.get(table, set()) | texts.keys():
            is_real = column in columns.get(table, set())
            text = texts.get(column)
            if not is_real or text is None or _lacks_text(text, find_label(column, text, labels)):
                yield ".".join((*table, column))


def test_no_table_or_column_is_published_without_its_meaning(built: Built) -> None:
    with built.scratch() as connection:
        columns = find_columns(connection)
    assert len(columns) > 90
    assert sorted(find_undocumented(built.manifest(), columns)) == []


def test_a_new_column_without_a_description_is_noticed(built: Built) -> None:
    with built.scratch() as connection:
        connection.execute("alter table marts.dim_cadre add column mystery varchar")
        connection.execute("create table marts.mart_mystery as select 1 as one")
        found = set(find_undocumented(built.manifest(), find_columns(connection)))
    assert found == {"marts.dim_cadre.mystery", "marts.mart_mystery", "marts.mart_mystery.one"}


@pytest.mark.parametrize("damage", ["description", "label", "model_label", "gone"])
def test_a_text_that_was_lost_is_noticed(built: Built, damage: str) -> None:
    manifest = built.manifest()
    with built.scratch() as connection:
        columns = find_columns(connection)
    model = manifest["nodes"]["model.ganxun.fct_training"]
    column = model["columns"]["credited_hours"]
    if damage == "description":
        column["description"] = " "
    elif damage == "label":
        column["config"]["meta"] = {"label_zh": "credited hours"}
    elif damage == "model_label":
        model["config"]["meta"] = {}
    else:
        columns["marts", "fct_training"].remove("credited_hours")
    expected = "marts.fct_training" if damage == "model_label" else "marts.fct_training.credited_hours"
    assert list(find_undocumented(manifest, columns)) == [expected]


def test_every_model_states_its_grain_first(built: Built) -> None:
    without_grain = [
        node["name"]
        for node in built.manifest()["nodes"].values()
        if node["resource_type"] in ("model", "seed") and not node["description"].startswith("One row")
    ]
    assert without_grain == []


def test_every_raw_table_is_described(built: Built) -> None:
    undescribed = [
        name for name, node in built.manifest()["sources"].items() if not node["description"].strip()
    ]
    assert undescribed == []


def test_every_model_tests_its_key(built: Built) -> None:
    """A table whose key is not tested doubles every figure that joins it."""
    manifest = built.manifest()
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in ("unique", "unique_combination")
    }
    unkeyed = {
        node["name"]
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed") and name not in keyed
    }
    # lists of events: the same fault may be told twice
    assert unkeyed == {"stg_ops__quarantine", "ops_quarantine", "stg_ops__check", "ops_check"}


def test_the_project_uses_nothing_that_the_next_dbt_drops(built: Built, tmp_path: Path) -> None:
    process, _ = run_dbt(
        ["--no-partial-parse", "--warn-error-options", '{"error": ["Deprecations"]}', "parse"],
        work_file=tmp_path / "unused.duckdb",
        folder=tmp_path,
    )
    assert process.returncode == 0, process.stdout[-2000:]
