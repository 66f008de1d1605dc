"""The offline check finds each kind of fault in a copy of the bundle with that fault planted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.bundle import Files, contents_for_import, read_files, strip_export
from dashboards.offline_check import dbt_columns, faults

BOARD = "datasets/ganxun/mart_unit_board.yaml"
OVERVIEW = "dashboards/overview.yaml"
WAREHOUSE = "databases/warehouse.yaml"


def test_the_bundle_in_git_names_no_chart_dataset_or_column_that_is_not_there() -> None:
    models = dbt_columns()
    assert "mart_unit_coverage" in models
    assert faults(read_files(), models) == []


def test_a_column_that_dbt_no_longer_publishes_is_found_before_a_chart_breaks() -> None:
    files = read_files()
    tables = {
        content["table_name"]: content for name, content in files.items() if name.startswith("datasets/")
    }
    models = {
        name: {c["column_name"] for c in content["columns"] if not c.get("expression")}
        for name, content in tables.items()
    }
    assert faults(files, models) == []
    models["mart_unit_board"].remove("participation_rate")
    assert faults(files, models) == [
        f"{BOARD}: column participation_rate is not in the dbt YAML of mart_unit_board"
    ]
    del models["ops_freshness"]
    assert "datasets/ganxun/ops_freshness.yaml: no dbt model ops_freshness" in faults(files, models)


def _column_lost(files: Files) -> None:
    files[BOARD]["columns"] = [c for c in files[BOARD]["columns"] if c["column_name"] != "member_label"]


def _metric_lost(files: Files) -> None:
    files[BOARD]["metrics"] = [m for m in files[BOARD]["metrics"] if m["metric_name"] != "red"]


def _virtual_dataset(files: Files) -> None:
    files[BOARD]["sql"] = "select * from marts.mart_unit_board"


def _rate_computed(files: Files) -> None:
    files[BOARD]["metrics"][0]["expression"] = "SUM(green) / SUM(due)"


def _column_computed(files: Files) -> None:
    files[BOARD]["columns"].append({"column_name": "yellow_green", "expression": "yellow + green"})


def _sql_filter(files: Files) -> None:
    files["charts/unit_table.yaml"]["params"]["adhoc_filters"] = [{"expressionType": "SQL", "subject": None}]


def _chart_lost(files: Files) -> None:
    del files["charts/kpi_due.yaml"]


def _dataset_lost(files: Files) -> None:
    del files["datasets/ganxun/ops_freshness.yaml"]


def _unit_filter_left_out(files: Files) -> None:
    unit = files[OVERVIEW]["metadata"]["native_filter_configuration"][0]
    unit["scope"]["excluded"].append(files["charts/layout_heatmap.yaml"]["uuid"])


def _unit_filter_optional(files: Files) -> None:
    files[OVERVIEW]["metadata"]["native_filter_configuration"][0]["controlValues"]["enableEmptyFilter"] = (
        False
    )


def _several_units(files: Files) -> None:
    files[OVERVIEW]["metadata"]["native_filter_configuration"][0]["controlValues"]["multiSelect"] = True


def _instance_id(files: Files) -> None:
    files["charts/kpi_due.yaml"]["params"]["slice_id"] = 7


def _chart_number(files: Files) -> None:
    files[OVERVIEW]["position"]["CHART-kpi_due"]["meta"]["chartId"] = 7


def _absolute_path(files: Files) -> None:
    files[WAREHOUSE]["sqlalchemy_uri"] = "duckdb:////home/somebody/warehouse.duckdb?access_mode=read_only"


def _writable(files: Files) -> None:
    files[WAREHOUSE]["extra"]["engine_params"]["connect_args"]["read_only"] = False


def _files_in_reach(files: Files) -> None:
    files[WAREHOUSE]["extra"]["engine_params"]["connect_args"]["config"]["enable_external_access"] = True


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (_column_lost, "charts/unit_lights.yaml: x_axis names the missing column member_label"),
        (_metric_lost, "charts/kpi_red.yaml: metric names the missing metric red"),
        (_virtual_dataset, "a virtual dataset holds SQL"),
        (_rate_computed, "is more than one aggregate"),
        (_column_computed, "column yellow_green computes"),
        (_sql_filter, "charts/unit_table.yaml: a filter holds SQL"),
        (_chart_lost, f"{OVERVIEW}: no chart file has the uuid"),
        (_dataset_lost, "charts/freshness.yaml: no dataset has the uuid"),
        (
            _unit_filter_left_out,
            "培训布局：专题 × 年度（计入学时） escapes the required filter on unit_label",
        ),
        (_unit_filter_optional, "应训人数 escapes the required filter on unit_label"),
        (_several_units, "应训人数 escapes the required filter on unit_label"),
        (_instance_id, "charts/kpi_due.yaml: slice_id belongs to one instance"),
        (_chart_number, f"{OVERVIEW}: chartId belongs to one instance"),
        (_absolute_path, f"{WAREHOUSE}: absolute path"),
        (_writable, f"{WAREHOUSE}: the warehouse must be opened read-only"),
        (_files_in_reach, f"{WAREHOUSE}: local files must stay out of reach"),
    ],
)
def test_a_planted_fault_does_not_reach_a_reader(plant: Callable[[Files], None], sentence: str) -> None:
    files = copy.deepcopy(read_files())
    assert faults(files, {}) == []
    plant(files)
    assert any(sentence in fault for fault in faults(files, {})), faults(files, {})


def test_an_import_and_an_export_leave_the_files_as_they_were() -> None:
    import yaml

    files = read_files()
    warehouse = Path("/somewhere/published/warehouse.duckdb")
    imported = {name: yaml.safe_load(text) for name, text in contents_for_import(files, warehouse).items()}
    assert str(warehouse) in imported[WAREHOUSE]["sqlalchemy_uri"]
    excluded: list[Any] = imported[OVERVIEW]["metadata"]["native_filter_configuration"][0]["scope"][
        "excluded"
    ]
    assert excluded and all(isinstance(number, int) for number in excluded)
    # What an instance adds, and what it calls the files.
    imported["charts/kpi_due.yaml"]["params"] |= {"slice_id": 4, "datasource": "3__table"}
    imported[OVERVIEW]["metadata"]["chart_configuration"] = {"4": {"id": 4}}
    exported = {name.replace(".yaml", "_9.yaml"): content for name, content in imported.items()}
    expected = {name: content for name, content in files.items() if "uuid" in content}
    assert strip_export(exported, files, warehouse) == expected
