"""A click on a chart narrows the charts for which that is true, shows it, and can be taken back.

Each chart of a definition with `emits` is clicked in a real Chromium. Every chart that listens must then show
what a query of the published file under the same filter gives, every other chart must ask for nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from dashboards.compiler.naming import make_slug
from dashboards.instance.photograph import wait_for_charts
from words import LOCALES

from .clicks import (
    ATTEMPTS,
    find_chart,
    find_drawing,
    list_cells,
    list_chips,
    press,
    remove_chip,
)
from .deployment import DASHBOARDS, Deployment
from .reader import Reader
from .screen import open_as, record_answers

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.pictures]

ROLE = "organization"
EMITTING = [
    name
    for name, definition in DASHBOARDS.items()
    if any("emits" in chart for chart in definition["charts"].values())
]


def click_every_emitter(reader: Reader) -> list[str]:
    """Each emitting column once; what is wrong, as sentences."""
    page = reader.page
    faults: list[str] = []
    for key, chart in reader.charts.items():
        for column in chart.get("emits", {}).get("columns", []):
            where = f"{reader.name}.{key}.{column}"
            listeners = set(chart["emits"]["charts"])
            before = reader.texts()
            with record_answers(page, faults) as reader.answers:
                value = reader.click(key, column)
                wait_for_charts(page)
            chips = list_chips(page)
            if len(chips) != 1 or not chips[0].endswith(value):
                faults.append(f"{where}: the chips after a click on {value} are {chips}")
                continue
            asked = {other for other in reader.charts if reader.title(other) in reader.answers}
            if asked != listeners:
                faults.append(
                    f"{where}: {sorted(asked ^ listeners)} listen or do not, against the definition"
                )
            after = reader.texts()
            faults += [
                f"{where}: {other} changed"
                for other in set(before) - listeners
                if after[other] != before[other]
            ]
            narrowed = (reader.column(key, column), value)
            for listener in sorted(listeners & asked):
                faults += [f"{where}: {fault}" for fault in reader.faults(listener, narrowed)]
                if reader.words(key, column).isdisjoint(reader.words(listener, column)):
                    faults.append(
                        f"{where}: {listener} calls nothing by these words and would always be empty"
                    )
            with record_answers(page, faults) as reader.answers:
                remove_chip(page)
                left = wait_until_as_before(reader, before)
            if left:
                faults.append(f"{where}: the filter did not go away: {left}")
            for listener in sorted(listeners):
                faults += [f"{where}, taken back: {fault}" for fault in reader.faults(listener, None)]
    return faults


def wait_until_as_before(reader: Reader, before: dict[str, str]) -> list[str]:
    """Chips and charts that are not as they were, once a busy machine has had its time to draw them."""
    left: list[str] = []
    for _ in range(ATTEMPTS):
        after = reader.texts()
        changed = [key for key in before if after[key] != before[key]]
        left = [f"chip {chip}" for chip in list_chips(reader.page)] + changed
        if not left:
            break
        wait_for_charts(reader.page)
    return left


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", EMITTING)
def test_a_click_narrows_the_charts_for_which_it_is_true_and_no_others(
    deployment: Deployment, browser: Browser, name: str, locale: str
) -> None:
    password = deployment.passwords[ROLE]
    with open_as(browser, deployment.superset.url, ROLE, password, "desk", locale) as page:
        faults = click_every_emitter(Reader(deployment, page, ROLE, name, locale, "desk"))
    assert faults == [], "\n".join(["", *faults])


@pytest.mark.parametrize(("name", "locale"), [("unit_layout", "zh"), ("online", "en")])
def test_a_tap_on_a_phone_narrows_the_same_charts(
    deployment: Deployment, browser: Browser, name: str, locale: str
) -> None:
    password = deployment.passwords[ROLE]
    with open_as(browser, deployment.superset.url, ROLE, password, "phone", locale) as page:
        reader = Reader(deployment, page, ROLE, name, locale, "phone")
        assert make_slug(DASHBOARDS[name], locale, "phone") in page.url
        faults = [*click_every_emitter(reader), *click_what_says_nothing(reader)]
    assert faults == [], "\n".join(["", *faults])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_click_on_a_number_or_the_length_of_a_bar_filters_nothing(
    deployment: Deployment, browser: Browser, name: str
) -> None:
    password = deployment.passwords[ROLE]
    with open_as(browser, deployment.superset.url, ROLE, password, "desk", "zh") as page:
        faults = click_what_says_nothing(Reader(deployment, page, ROLE, name, "zh", "desk"))
    assert faults == [], "\n".join(["", *faults])


def click_what_says_nothing(reader: Reader) -> list[str]:
    """Each column once that does not emit, and each drawing in several places; what became a filter."""
    page = reader.page
    faults: list[str] = []
    for key, chart in reader.charts.items():
        card = find_chart(page, reader.title(key))
        emitted = chart.get("emits", {}).get("columns", [])
        links = reader.deployment.published.sources.datasets[chart["table"]].get("links") or {}
        places: list[tuple[Any, float, float]] = []
        if chart["kind"] in ("table", "counts"):
            shown = [chart["x"], *chart["metrics"]] if chart["kind"] == "counts" else list(chart["columns"])
            for number, column in enumerate(shown, start=1):
                if column not in emitted and column not in links:
                    places += [(cell, 0.5, 0.5) for cell in list_cells(card, number)[:1]]
        elif chart["kind"] != "number" and not emitted and card.locator("canvas").count():
            drawing = find_drawing(card)
            places += [(drawing, x, y) for x in (0.2, 0.35, 0.5, 0.75) for y in (0.4, 0.55, 0.7)]
        with record_answers(page, faults) as answers:
            for place in places:
                press(page, *place, reader.by_touch)
        if chips := list_chips(page):
            faults.append(f"{reader.name}.{key}: a click became the filter {chips}")
            remove_chip(page)
        elif answers:
            faults.append(f"{reader.name}.{key}: a click made {sorted(answers)} ask anew")
    return faults
