"""The two dashboards with names (profile, call-up desk): whose file opens, and what stands on an axis."""

from __future__ import annotations

import copy
import csv
from typing import Any

import pytest

from dashboards.compiler.compile import compile_files
from dashboards.compiler.sources import Sources, read_sources
from dashboards.instance.home import PROJECT_ROOT

NAMED = ("cadre_profile", "call_up")
RADARS = ("reserve_theory", "reserve_duty", "reserve_knowledge")


def find_strangers(sources: Sources) -> set[str]:
    """Tables with names that another dashboard reads, and tables without names on the two."""
    found = set()
    for name, dashboard in sources.dashboards.items():
        for table in {chart["table"] for chart in dashboard["charts"].values()} - {"ops_freshness"}:
            if (sources.schemas[table] == "restricted") != (name in NAMED):
                found.add(f"{name}: {table}")
    return found


def find_unfiltered(files: dict[str, dict[str, Any]]) -> set[str]:
    """Charts of the profile that would be drawn although no cadre is chosen."""
    unfiltered = set()
    datasets = {content["uuid"]: content for name, content in files.items() if name.startswith("datasets/")}
    for locale in ("zh", "en"):
        filters = files[f"dashboards/cadre_profile_{locale}.yaml"]["metadata"]["native_filter_configuration"]
        (cadre,) = [native for native in filters if native["id"] == "NATIVE_FILTER-cadre"]
        opens_on = cadre["defaultDataMask"]["extraFormData"].get("filters", [])
        is_empty = opens_on == [
            {"col": "cadre_label", "op": "IN", "val": [{"zh": "请选择干部", "en": "Choose a cadre"}[locale]]}
        ]
        for name, chart in files.items():
            if not name.startswith(f"charts/cadre_profile_{locale}/") or name.endswith("_phone.yaml"):
                continue
            columns = {column["column_name"] for column in datasets[chart["dataset_uuid"]]["columns"]}
            is_about_somebody = "cadre_label" in columns and "as_of" not in name
            is_reached = is_empty and chart["uuid"] not in cadre["scope"]["excluded"]
            if is_about_somebody and (not is_reached or cadre["controlValues"]["defaultToFirstItem"]):
                unfiltered.add(name)
    return unfiltered


def test_names_stand_only_on_the_dashboards_that_are_made_for_them() -> None:
    sources = copy.deepcopy(read_sources())
    assert find_strangers(sources) == set()
    sources.dashboards["overview"]["charts"]["due"]["table"] = "call_up_list"
    sources.dashboards["call_up"]["charts"]["total"]["table"] = "mart_unit_board"
    assert find_strangers(sources) == {"overview: call_up_list", "call_up: mart_unit_board"}


@pytest.mark.parametrize("damage", ["none", "first", "scope"])
def test_nobodys_file_is_opened_before_somebody_is_chosen(damage: str) -> None:
    """Without a choice Superset would show the highest figures of all cadres as if they were one person's."""
    files = compile_files(read_sources())
    for native in files["dashboards/cadre_profile_zh.yaml"]["metadata"]["native_filter_configuration"]:
        if damage == "first":
            native["controlValues"]["defaultToFirstItem"] = True
        elif damage == "scope":
            native["scope"]["excluded"].append(files["charts/cadre_profile_zh/years.yaml"]["uuid"])
    found = find_unfiltered(files)
    if damage == "none":
        assert found == set()
    elif damage == "scope":
        assert found == {"charts/cadre_profile_zh/years.yaml"}
    else:
        assert "charts/cadre_profile_zh/card.yaml" in found and len(found) > 10


def find_wrong_axes(sources: Sources) -> list[str]:
    """Topics of the seed without an axis, and axes under another name than their topic's."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "topic.csv").open(encoding="utf-8") as seed:
        topics = {row["topic_code"]: row["topic_name"] for row in csv.DictReader(seed)}
    del topics["U00"]
    figures = sources.datasets["cadre_profile_reserve"]["metrics"]
    charts = sources.dashboards["cadre_profile"]["charts"]
    axes = [axis for radar in RADARS for axis in charts[radar]["metrics"]]
    shown = {axis.removeprefix("reserve_").upper(): figures[axis]["label"]["zh"] for axis in axes}
    wrong = [code for code in topics.keys() | shown.keys() if topics.get(code) != shown.get(code)]
    wrong += [axis for axis in axes if axes.count(axis) > 1 or figures[axis]["only"] != [axis, "cadre_key"]]
    return sorted(wrong)


def test_an_axis_never_stands_for_another_topic() -> None:
    sources = copy.deepcopy(read_sources())
    assert find_wrong_axes(sources) == []
    figures = sources.datasets["cadre_profile_reserve"]["metrics"]
    figures["reserve_p01"]["label"], figures["reserve_p03"]["only"] = (
        {"zh": "道德品行"},
        ["reserve_p01", "cadre_key"],
    )
    sources.dashboards["cadre_profile"]["charts"]["reserve_duty"]["metrics"].remove("reserve_d04")
    assert find_wrong_axes(sources) == ["D04", "P01", "reserve_p03"]


def test_a_candidates_row_opens_his_own_profile_in_the_readers_language() -> None:
    files = compile_files(read_sources())
    for table in ("call_up_list", "alert_list", "call_up_finding_list"):
        columns = {c["column_name"]: c for c in files[f"datasets/ganxun/{table}.yaml"]["columns"]}
        for link, slug in (
            ("open_link", "/ganxun-cadre-profile/"),
            ("open_link_en", "/ganxun-cadre-profile-en/"),
        ):
            expression = columns[link]["expression"]
            assert expression.startswith("CASE WHEN cadre_label IS NOT NULL THEN ")
            assert slug in expression and "col:cadre_label,op:IN" in expression
            assert expression.count("url_encode(cadre_label)") == 3
