"""Explanations of units: every share is numerator over denominator, and nobody is missing from a list."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from rich.console import Console

from ganxun.cli.show_unit import show_topic, show_unit
from ganxun.explain.published import Published, UnknownKey, open_published
from ganxun.explain.unit import count_to_recover, explain_topic, explain_unit, find_topic
from tests.nights import Night
from tests.test_command_line import run_ganxun

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def published(simulated_night: Night) -> Iterator[Published]:
    with open_published(simulated_night.settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def units(published: Published) -> list[str]:
    rows = published.rows("select unit_code from dim_unit order by unit_code")
    return [row["unit_code"] for row in rows]


@pytest.fixture(scope="module")
def weak_spots(published: Published) -> list[dict]:
    rows = published.rows(
        "select * from mart_unit_weak_spot where severity <> 'none' order by severity, unit_code, topic_code"
    )
    assert rows, "the simulated city has no weak spot"
    return rows


def record(show, *arguments: object, width: int = 100) -> str:
    console = Console(width=width, record=True, file=io.StringIO(), highlight=False)
    show(*arguments[:1], console, *arguments[1:])
    return console.export_text()


def test_every_figure_is_its_numerator_over_its_denominator(published: Published, units: list[str]) -> None:
    checked = 0
    for code in units[:60]:
        for figure in explain_unit(published, code).figures:
            if figure.denominator:
                rounded = 0.05 if figure.name == "hours_per_head" else 1e-9
                made_of = figure.numerator / figure.denominator
                assert figure.value == pytest.approx(made_of, abs=rounded), (code, figure)
                checked += 1
            else:
                assert figure.value is None
    assert checked > 200


@pytest.mark.parametrize("scope", ["direct", "subtree"])
def test_the_lists_by_light_hold_everybody_once(published: Published, units: list[str], scope: str) -> None:
    counted = {
        row["unit_code"]: row
        for row in published.rows("select * from mart_unit_coverage where is_current and scope = ?", [scope])
    }
    for code in units[:40]:
        found = explain_unit(published, code, scope)  # type: ignore[arg-type]
        lights = [one.coverage["light"] for one in found.cadres]
        keys = [one.coverage["cadre_key"] for one in found.cadres]
        assert len(keys) == len(set(keys))
        expected = counted.get(code, {"red": 0, "yellow": 0, "green": 0})
        assert {light: lights.count(light) for light in ("red", "yellow", "green")} == {
            light: expected[light] for light in ("red", "yellow", "green")
        }


def test_who_reached_a_topic_is_who_the_mart_counts(published: Published, weak_spots: list[dict]) -> None:
    for spot in weak_spots[:25]:
        found = explain_topic(published, spot["unit_code"], spot["topic_code"])
        assert (len(found.reached), len(found.reached) + len(found.not_reached)) == (
            spot["reached"], spot["due"],
        )  # fmt: skip


def test_the_number_to_make_up_ends_the_weakness_and_one_less_does_not(
    published: Published, weak_spots: list[dict]
) -> None:
    first = weak_spots[0]
    found = explain_topic(published, first["unit_code"], first["topic_code"])
    assert found.to_recover == count_to_recover(first, found.weak_gap.number)
    for spot in weak_spots:
        more = count_to_recover(spot, 0.1)
        assert more >= 1
        gap = spot["benchmark"] - (spot["reached"] + more) / spot["due"]
        assert gap < 0.1 <= round(gap + 1 / spot["due"], 9)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_text_of_a_weak_spot_names_verdict_and_people(
    published: Published, weak_spots: list[dict], width: int
) -> None:
    spot = weak_spots[0]
    found = explain_topic(published, spot["unit_code"], spot["topic_code"])
    text = record(show_topic, found, "zh", 0, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert {"weak": "判定：薄弱", "severe": "判定：严重薄弱"}[spot["severity"]] in text
    for one in found.not_reached + found.reached:
        assert one.cadre_key in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_of_a_unit_says_how_many_are_not_shown(published: Published, lang: str) -> None:
    root = published.rows("select unit_code from dim_unit where parent_code is null")[0]["unit_code"]
    text = record(show_unit, explain_unit(published, root), lang, 2)
    assert max(cell_len(line) for line in text.splitlines()) <= 100
    assert "--limit 0" in text


def test_unknown_units_and_topics_end_with_exit_2(simulated_night: Night, units: list[str]) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    assert run_ganxun("explain", "unit", "999", "--data-dir", data_dir).returncode == 2
    done = run_ganxun("explain", "unit", units[0], "--topic", "围棋", "--data-dir", data_dir)
    assert done.returncode == 2 and "T01" in done.stderr


def test_a_topic_is_found_by_code_and_by_name(published: Published) -> None:
    topic = find_topic(published, "T01")
    assert find_topic(published, topic["topic_name"]) == topic
    with pytest.raises(UnknownKey):
        find_topic(published, "U00")


def test_json_of_a_unit_holds_no_name(simulated_night: Night, units: list[str]) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    names = {name for (name,) in simulated_night.query("select name from r.restricted.cadre_identity")}
    done = run_ganxun("explain", "unit", units[0], "--json", "--data-dir", data_dir)
    told = json.loads(done.stdout)
    assert told["unit"]["unit_code"] == units[0] and told["cadres"]
    values = {value for one in told["cadres"] for value in one["coverage"].values() if isinstance(value, str)}
    assert not values & names
