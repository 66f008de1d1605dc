"""The menu of the right button: rows behind a bar, its figure by another column, and no false filter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Response
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dashboards.instance.photograph import WAIT_MS

from .clicks import ATTEMPTS, click_until_gone, find_chart, find_drawing, press
from .deployment import Deployment
from .expected_chart import literal
from .reader import Reader
from .screen import SIZES, open_as

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.pictures]

ADD_FILTER = '[data-menu-id$="-cross-filtering-menu-item"]:visible'
OF_A_BAR = ".ant-dropdown-menu-submenu:visible"


def open_menu_of_a_bar(reader: Reader, key: str) -> None:
    """Press the right button where the chart has a bar: only there the menu has more than the chart's own."""
    drawing = find_drawing(find_chart(reader.page, reader.title(key)))
    for x in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        press(reader.page, drawing, x, 0.72, False, "right")
        if reader.page.locator(OF_A_BAR).count():
            return
        reader.page.keyboard.press("Escape")
    raise AssertionError(f"{key}: no bar was found")


def drill_by(reader: Reader, key: str, label: str) -> Response:
    """Break a bar down by a column; returns the answer that was then drawn."""
    page = reader.page
    # A busy machine's menu may close before it has taken the click: nothing is asked then, so once more.
    for _ in range(ATTEMPTS):
        open_menu_of_a_bar(reader, key)
        page.locator('[data-menu-id$="-drill-by-submenu"]').first.hover()
        column = page.locator("[data-test=drill-by-submenu]").get_by_text(label, exact=True)
        column.wait_for()
        try:
            with page.expect_response(
                lambda response: "/api/v1/chart/data" in response.url, timeout=WAIT_MS / 2
            ) as drilled:
                click_until_gone(column)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
        else:
            return drilled.value
    raise AssertionError(f"{key}: the bar was not broken down by {label}")


def write_condition(filters: list[dict[str, Any]]) -> str:
    """The rows of the layout that a chart is about."""
    chosen = [each for each in filters if each["op"] == "IN"]
    lists = [", ".join(literal(value) for value in each["val"]) for each in chosen]
    parts = [f'"{each["col"]}" in ({values})' for each, values in zip(chosen, lists, strict=True)]
    return " and ".join(["scope = 'subtree'", *parts])


def test_a_manager_sees_the_rows_behind_a_bar_and_is_offered_no_filter_that_would_lie(
    deployment: Deployment, browser: Browser
) -> None:
    role = "unit_manager"
    with open_as(browser, deployment.superset.url, role, deployment.passwords[role], "desk", "zh") as page:
        reader = Reader(deployment, page, role, "unit_layout", "zh", "desk")
        where = write_condition(reader.first.answers[reader.title("modes")].filters)
        ((rows,),) = deployment.published.query(
            "warehouse", f"select count(*) from marts.mart_unit_layout where {where}"
        )
        assert rows
        open_menu_of_a_bar(reader, "modes")
        page.locator(ADD_FILTER).wait_for()
        page.locator('[data-menu-id$="-drill-to-detail"]:visible').click()
        shown = page.locator(".ant-modal-content")
        shown.get_by_text(f"{rows:,} 行").wait_for()
        shown.get_by_text("现单位", exact=True).first.wait_for()
        shown.get_by_role("button", name="关 闭").click()
        shown.wait_for(state="hidden")

        # Its bars are told apart by what a required filter holds to one value.
        open_menu_of_a_bar(reader, "attributions")
        assert page.locator(ADD_FILTER).count() == 0


def test_a_tap_on_a_phone_tells_the_hours_of_a_cell_where_it_can_be_read(
    deployment: Deployment, browser: Browser
) -> None:
    role = "leadership"
    with open_as(browser, deployment.superset.url, role, deployment.passwords[role], "phone", "zh") as page:
        reader = Reader(deployment, page, role, "overview", "zh", "phone")
        title = reader.title("layout")
        drawing = find_drawing(find_chart(page, title))
        drawing.scroll_into_view_if_needed()
        press(page, drawing, 0.6, 0.5, True)
        told = page.locator(".echarts-tooltip", has_text="(")
        box = told.bounding_box()
        assert box is not None and box["x"] >= 0
        assert 0 <= box["y"] <= SIZES["phone"][1] - box["height"]
        hours = {f"{row['计入学时']:,.0f}" for row in reader.first.answers[title].rows}
        *_, figure, number = told.inner_text().split()
        assert figure == "计入学时"
        assert number in hours


@pytest.mark.parametrize("role", ["leadership", "organization", "unit_manager"])
def test_drill_by_breaks_a_bar_down_to_the_published_hours(
    deployment: Deployment, browser: Browser, role: str
) -> None:
    with open_as(browser, deployment.superset.url, role, deployment.passwords[role], "desk", "zh") as page:
        reader = Reader(deployment, page, role, "unit_layout", "zh", "desk")
        where = write_condition(reader.first.answers[reader.title("modes")].filters)
        drilled = drill_by(reader, "modes", "专题领域")
        (answer,) = drilled.json()["result"]
        asked = json.loads(drilled.request.post_data or "")["queries"][0]["filters"]
        (mode,) = {str(each["val"]) for each in asked if each["col"] == "mode_name"}
        hours = deployment.published.query(
            "warehouse",
            f"""select sum(credited_hours) from marts.mart_unit_layout
            where {where} and mode_name = {literal(mode)} group by topic_name, year""",
        )
        drawn = [value for row in answer["data"] for key, value in row.items() if key != "year" and value]
        assert len(hours) > 1
        assert sorted(drawn) == pytest.approx(sorted(float(each) for (each,) in hours if each))
