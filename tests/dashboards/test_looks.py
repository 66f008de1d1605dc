"""What every chart of a kind has in common, on the desk and on a phone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dashboards.compiler import palette
from dashboards.compiler.chart_kinds import make_params, make_phone_params
from dashboards.compiler.compile import compile_files
from dashboards.compiler.sources import HERE, read_sources
from words import LOCALES
from words.codes import read_codes

LIGHTS = ("red_light", "yellow_light", "green_light")


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, Any]]:
    return compile_files(read_sources())


@pytest.mark.parametrize("locale", LOCALES)
def test_the_lights_are_told_by_shape_and_word_in_their_own_colours(
    files: dict[str, dict[str, Any]], locale: str
) -> None:
    suffix = "" if locale == "zh" else "_en"
    board = next(content for content in files.values() if content.get("table_name") == "mart_unit_board")
    labels = {metric["metric_name"]: metric["verbose_name"] for metric in board["metrics"]}
    words = [labels[light + suffix] for light in LIGHTS]
    assert [word[0] for word in words] == ["■", "◆", "●"]
    colours = files[f"dashboards/unit_layout_{locale}.yaml"]["metadata"]["label_colors"]
    assert [colours[word] for word in words] == list(palette.LIGHTS.values())
    # a column's label would win over that of a figure with the column's name
    assert not {light + suffix for light in LIGHTS} & {c["column_name"] for c in board["columns"]}


def find_colours_beside_the_palette(text: str) -> list[str]:
    """Colours that a definition gives itself, and words of a code that it colours."""
    return re.findall(r"#[0-9A-Fa-f]{6}|equals: \{[^}]*\}|equals: [^\d\s,}-][^,}]*", text)


def test_a_colour_belongs_to_a_code_and_no_definition_has_one_of_its_own() -> None:
    """A word that is changed in the seed would lose its colour, and one light have two of them."""
    coloured = palette.CODES | palette.CELLS
    assert {(codes, code) for codes in coloured for code in coloured[codes]} <= read_codes().keys()
    assert {light for codes in palette.CELLS.values() for light in codes.values()} == palette.TINTS.keys()
    files = list((HERE / "definitions").rglob("*.yaml"))
    assert len(files) > 40
    found = {path.name: find_colours_beside_the_palette(path.read_text("utf-8")) for path in files}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_a_colour_of_its_own_is_noticed() -> None:
    assert find_colours_beside_the_palette("params: {color: '#1B7F6B'}") == ["#1B7F6B"]
    rule = "{column: light_name, equals: {zh: 红灯, en: Red}, colour: red}"
    assert find_colours_beside_the_palette(rule) == ["equals: {zh: 红灯, en: Red}"]
    assert find_colours_beside_the_palette("{column: light, equals: red, colour: red}") == ["equals: red"]
    assert find_colours_beside_the_palette("{column: days, equals: 0, colour: green}") == []


def test_an_axis_of_shares_ends_at_the_whole_and_one_of_hours_does_not(
    files: dict[str, dict[str, Any]],
) -> None:
    lines = [c["params"] for c in files.values() if c.get("viz_type") == "echarts_timeseries_line"]
    axes = {
        (
            params["y_axis_format"].endswith("%"),
            json.loads(params.get("echart_options", "{}")).get("yAxis", {}).get("max"),
        )
        for params in lines
    }
    assert axes == {(True, 1), (False, None)}


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ({"kind": "bars"}, {"y_axis_format": "SMART_NUMBER"}),
        ({"kind": "bars", "format": ",.1f"}, {}),
        (
            {"kind": "bars", "horizontal": True},
            {"echart_options": '{"xAxis": {"axisLabel": {"show": false}}}'},
        ),
    ],
)
def test_numbers_do_not_run_into_each_other_on_a_phone(
    chart: dict[str, Any], expected: dict[str, Any]
) -> None:
    chart = {"x": "year", "metrics": ["hours"]} | chart
    _, params = make_params(chart, {})
    assert make_phone_params(chart, params, "zh") == expected


@pytest.mark.parametrize(
    ("x", "figure", "locale", "degrees"),
    [
        ("year", ".1%", "zh", 0),
        ("year", ".1%", "en", 0),
        ("year", ",.0f", "zh", 45),
        ("year", ",.0f", "en", 90),
        ("method_name", ".1%", "en", 45),
    ],
)
def test_words_below_a_heat_map_do_not_lie_across_each_other_on_a_phone(
    x: str, figure: str, locale: str, degrees: int
) -> None:
    chart = {"kind": "heatmap", "x": x, "y": "topic_name", "metric": "hours"}
    _, params = make_params(chart, {"hours": figure})
    assert make_phone_params(chart, params, locale)["x_axis_label_rotation"] == degrees


def test_a_phone_never_says_half_an_hour_in_thousandths(files: dict[str, dict[str, Any]]) -> None:
    phones = [
        content["params"]
        for name, content in files.items()
        if name.endswith("_phone.yaml") and "params" in content
    ]
    assert phones
    assert [params for params in phones if str(params.get("y_axis_format")).endswith("s")] == []
