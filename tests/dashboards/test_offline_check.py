"""The offline check finds each kind of fault in a copy of the definitions with that fault planted."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.compiler.bundle import contents_for_import, strip_export
from dashboards.compiler.compile import compile_files
from dashboards.compiler.naming import Files
from dashboards.compiler.offline_check import dbt_columns, exposure_faults, faults, format_faults
from dashboards.compiler.sources import DefinitionError, Sources, read_sources
from yaml_files import parse_yaml

BOARD = "datasets/ganxun/mart_unit_board.yaml"
OVERVIEW = "dashboards/overview_zh.yaml"
WAREHOUSE = "databases/warehouse.yaml"


def read_files() -> Files:
    return compile_files(read_sources())


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
    files["charts/overview_zh/unit_table.yaml"]["params"]["adhoc_filters"] = [
        {"expressionType": "SQL", "subject": None}
    ]


def _chart_lost(files: Files) -> None:
    del files["charts/overview_zh/due.yaml"]


def _dataset_lost(files: Files) -> None:
    del files["datasets/ganxun/ops_freshness.yaml"]


def _unit_filter_left_out(files: Files) -> None:
    unit = files[OVERVIEW]["metadata"]["native_filter_configuration"][0]
    unit["scope"]["excluded"].append(files["charts/overview_zh/layout.yaml"]["uuid"])


def _unit_filter_optional(files: Files) -> None:
    files[OVERVIEW]["metadata"]["native_filter_configuration"][0]["controlValues"]["enableEmptyFilter"] = (
        False
    )


def _several_units(files: Files) -> None:
    files[OVERVIEW]["metadata"]["native_filter_configuration"][0]["controlValues"]["multiSelect"] = True


def _instance_id(files: Files) -> None:
    files["charts/overview_zh/due.yaml"]["params"]["slice_id"] = 7


def _chart_number(files: Files) -> None:
    files[OVERVIEW]["position"]["CHART-due"]["meta"]["chartId"] = 7


def _speaks_to_itself(files: Files) -> None:
    (speaking, *_) = files[OVERVIEW]["metadata"]["chart_configuration"].items()
    speaking[1]["crossFilters"]["scope"]["excluded"].remove(speaking[0])


def _absolute_path(files: Files) -> None:
    files[WAREHOUSE]["sqlalchemy_uri"] = "duckdb:////home/somebody/warehouse.duckdb?access_mode=read_only"


def _writable(files: Files) -> None:
    files[WAREHOUSE]["extra"]["engine_params"]["connect_args"]["read_only"] = False


def _files_in_reach(files: Files) -> None:
    files[WAREHOUSE]["extra"]["engine_params"]["connect_args"]["config"]["enable_external_access"] = True


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (_column_lost, "charts/overview_zh/unit_lights.yaml: x_axis names the missing column member_label"),
        (_metric_lost, "charts/overview_zh/red.yaml: metric names the missing metric red"),
        (_virtual_dataset, "a virtual dataset holds SQL"),
        (_rate_computed, "is more than one aggregate"),
        (_column_computed, "column yellow_green computes"),
        (_sql_filter, "charts/overview_zh/unit_table.yaml: a filter holds SQL"),
        (_chart_lost, f"{OVERVIEW}: no chart file has the uuid"),
        (_dataset_lost, "charts/overview_zh/freshness.yaml: no dataset has the uuid"),
        (
            _unit_filter_left_out,
            "培训布局：专题 × 年度（计入学时） escapes the required filter on unit_label",
        ),
        (_unit_filter_optional, "应训人数 escapes the required filter on unit_label"),
        (_several_units, "应训人数 escapes the required filter on unit_label"),
        (_instance_id, "charts/overview_zh/due.yaml: slice_id belongs to one instance"),
        (_chart_number, f"{OVERVIEW}: chartId belongs to one instance"),
        (_speaks_to_itself, "speaks to itself"),
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
    files = read_files()
    paths = {
        "warehouse": Path("/somewhere/published/warehouse.duckdb"),
        "restricted": Path("/somewhere/published/warehouse_restricted.duckdb"),
    }
    imported = {name: parse_yaml(text) for name, text in contents_for_import(files, paths).items()}
    assert str(paths["warehouse"]) in imported[WAREHOUSE]["sqlalchemy_uri"]
    excluded: list[Any] = imported[OVERVIEW]["metadata"]["native_filter_configuration"][0]["scope"][
        "excluded"
    ]
    assert excluded and all(isinstance(number, int) for number in excluded)
    # What an instance adds, what it calls the files, and what somebody made in it.
    imported["charts/overview_zh/due.yaml"]["params"] |= {"slice_id": 4, "datasource": "3__table"}
    speaking = imported[OVERVIEW]["metadata"]["chart_configuration"]
    assert speaking and all(number == str(emitter["id"]) for number, emitter in speaking.items())
    speaking["4000"] = {"id": 4000, "crossFilters": {"scope": "global", "chartsInScope": [1, 2]}}
    exported = {name.replace(".yaml", "_9.yaml"): content for name, content in imported.items()}
    exported["charts/own.yaml"] = {"uuid": "0c4b4d5e-8f9b-4c55-b0f6-0a1a52d4f0aa", "params": {}}
    expected = {name: content for name, content in files.items() if "uuid" in content}
    assert strip_export(exported, files, paths) == expected


def _title_lost(sources: Sources) -> None:
    del sources.catalogue["overview"]["charts"]["due"]["title"]["en"]


def _description_lost(sources: Sources) -> None:
    sources.catalogue["overview"]["charts"]["trend"]["description"]["zh"] = ""


def _text_cut_at_a_comma(sources: Sources) -> None:
    sources.catalogue["overview"]["charts"]["due"]["title"] |= {"to be trained": None}


def _chart_not_placed(sources: Sources) -> None:
    sources.dashboards["overview"]["rows"][0]["items"][0] = "nothing 2"


def _row_too_wide(sources: Sources) -> None:
    sources.dashboards["overview"]["rows"][0]["items"][0] = "as_of 3"


def _unknown_kind(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["due"]["kind"] = "pie"


def _filter_on_no_chart(sources: Sources) -> None:
    sources.dashboards["overview"]["filters"][0]["except"] = ["nothing"]


def _emits_a_number(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["weak_spots"]["emits"]["columns"] = ["not_shown"]


def _emits_a_length(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["unit_lights"]["emits"] = {
        "columns": ["member_label"],
        "charts": ["weak_spots"],
    }


def _heat_map_without_words(sources: Sources) -> None:
    figure = sources.datasets["mart_unit_layout"]["metrics"]["credited_hours"]
    del figure["named"], figure["label"]


def _named_by_nothing(sources: Sources) -> None:
    del sources.datasets["mart_unit_layout"]["metrics"]["credited_hours"]["label"]


def _named_in_one_language(sources: Sources) -> None:
    del sources.datasets["mart_unit_layout"]["metrics"]["credited_hours"]["label"]["zh"]


def _heading_typed_again(sources: Sources) -> None:
    label = sources.tables["mart_unit_weak_board"]["reach"].label["zh"]
    sources.catalogue["overview"]["charts"]["weak_spots"]["headings"]["reach"] = {"zh": label}


def _heading_of_no_language(sources: Sources) -> None:
    sources.catalogue["overview"]["charts"]["weak_spots"]["headings"]["topic_name"] = {"cn": "专题"}


def _link_without_a_heading(sources: Sources) -> None:
    del sources.catalogue["overview"]["charts"]["unit_table"]["headings"]["open_link"]


def _figure_typed_again(sources: Sources) -> None:
    label = sources.tables["mart_unit_board"]["due"].label["en"]
    sources.datasets["mart_unit_board"]["metrics"]["due"]["label"] = {"en": label}


def _figure_cut_at_a_comma(sources: Sources) -> None:
    sources.datasets["mart_unit_board"]["metrics"]["due"]["label"] = {"en": "Cadres", "to be trained": None}


def _code_without_a_colour(sources: Sources) -> None:
    sources.dashboards["call_up"]["charts"]["make_ups"]["tint"] = [
        {"column": "deadline_name", "codes": {"deadline_state": ["later"]}}
    ]


def _figure_of_no_light(sources: Sources) -> None:
    sources.datasets["mart_unit_board"]["metrics"]["red_light"]["light"] = "violet"


def _format_beside_the_figures(sources: Sources) -> None:
    sources.datasets["mart_unit_board"]["formats"] = {"due": ",d"}


def _emits_to_a_rate(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["unit_table"]["emits"]["charts"] = ["effective"]


def _emits_to_the_deaf(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["unit_table"]["emits"]["charts"] = ["layout"]


def _emits_to_itself(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["unit_table"]["emits"]["charts"] = ["unit_table"]


def _emits_to_nobody(sources: Sources) -> None:
    sources.dashboards["overview"]["charts"]["unit_table"]["emits"]["charts"] = []


def _emits_against_a_required_filter(sources: Sources) -> None:
    charts = sources.dashboards["unit_layout"]["charts"]
    charts["attributions"]["emits"] = {"columns": ["attribution_name"], "charts": ["modes"]}


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (_format_beside_the_figures, "datasets/mart_unit_board: unknown keys formats"),
        (_title_lost, "charts.due.title has no en"),
        (_description_lost, "charts.trend.description has no zh"),
        (_text_cut_at_a_comma, "charts.due.title is cut before 'to be trained'"),
        (_chart_not_placed, "nothing is neither a chart nor a note"),
        (_row_too_wide, "13 columns wide"),
        (_unknown_kind, "no kind of chart is called pie"),
        (_filter_on_no_chart, "names no chart"),
        (_emits_a_number, "cannot emit not_shown"),
        (_emits_a_length, "cannot emit member_label"),
        (_heat_map_without_words, "layout, a heatmap, would show its readers the name credited_hours"),
        (_named_by_nothing, "datasets/mart_unit_layout: metric credited_hours needs a label in zh"),
        (_named_in_one_language, "datasets/mart_unit_layout: metric credited_hours needs a label in zh"),
        (_heading_typed_again, "overview: weak_spots.headings.reach says the column's label again: 覆盖率"),
        (_heading_of_no_language, "charts.weak_spots.headings.topic_name has no zh"),
        (_link_without_a_heading, "charts.unit_table.headings.open_link has no zh"),
        (_figure_typed_again, "datasets/mart_unit_board: metric due says its column's label again: Due"),
        (_figure_cut_at_a_comma, "metric due: its label is cut before 'to be trained'"),
        (_code_without_a_colour, "call_up: chart make_ups: the palette has no colour of cells for 'later'"),
        (_figure_of_no_light, "datasets/mart_unit_board: metric red_light is of no light: violet"),
        (_emits_to_a_rate, "emits member_label to effective, whose figures do not add up"),
        (_emits_to_the_deaf, "emits member_label to layout, whose table mart_unit_layout has no such column"),
        (_emits_to_itself, "which is no other chart"),
        (_emits_to_nobody, "emits nothing, or to nobody"),
        (_emits_against_a_required_filter, "which the required filter attribution holds to one value"),
    ],
)
def test_a_definition_that_says_too_little_is_refused(
    plant: Callable[[Sources], None], sentence: str
) -> None:
    sources = read_sources()
    plant(sources)
    with pytest.raises(DefinitionError, match=sentence):
        compile_files(sources)


def test_a_dashboard_that_dbt_does_not_know_of_is_found() -> None:
    sources = read_sources()
    assert list(exposure_faults(sources)) == []
    sources.dashboards["unknown"] = sources.dashboards["overview"]
    sources.dashboards["overview"] = {"charts": {"one": {"table": "mart_unit_board"}}}
    found = " ".join(exposure_faults(sources))
    assert "no exposure of that name" in found and "mart_unit_layout" in found


def test_a_format_does_not_get_lost_when_its_column_is_renamed() -> None:
    sources = read_sources()
    assert list(format_faults(sources)) == []
    sources.formats["mart_unit_rank_board"]["old_name"] = ",d"
    sources.formats["no_table"] = {"due": ",d"}
    assert list(format_faults(sources)) == [
        "words/formats.yaml: mart_unit_rank_board has no column old_name",
        "words/formats.yaml: no_table has no column due",
    ]


def test_english_readers_get_english_values_where_the_table_has_them() -> None:
    sources = read_sources()
    columns = sources.tables["mart_unit_layout"]
    columns["topic_name_en"] = columns["topic_name"]
    files = compile_files(sources)
    assert files["charts/overview_en/layout.yaml"]["params"]["groupby"] == "topic_name_en"
    assert files["charts/overview_zh/layout.yaml"]["params"]["groupby"] == "topic_name"
