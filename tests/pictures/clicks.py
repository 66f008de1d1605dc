"""Clicks on charts as a reader makes them, and the chip that says which filter a click became."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dashboards.instance.photograph import CHART, WAIT_MS, wait_for_charts, wait_until

# Superset waits 300 ms for a second click before it takes one for a filter; of the page's time, which is
# late on a busy machine.
CLICK_MS = 400
TAKEN = "([before, ms]) => watched.pressed > before && performance.now() - watched.pressed > ms"
PRESSED = "watched.pressed"
# What unfolds or closes takes this long.
UNFOLD_MS = 700
ATTEMPTS = 4
CHIP = ".ant-tag:has(.ant-tag-close-icon)"
BEHIND = "[data-test=dropdown-container-btn]"


def find_chart(page: Page, title: str) -> Locator:
    """The card of a chart."""
    return page.locator(f'{CHART}[data-test-chart-name="{title}"]')


def list_chips(page: Page) -> list[str]:
    """What the filters that came from clicks say."""
    with _everything_of_the_bar(page):
        return [chip.inner_text() for chip in page.locator(CHIP).all()]


def remove_chip(page: Page) -> None:
    """End the filter of a click, the only one."""
    # What a busy machine draws late moves away or closes below a click: then once more.
    for _ in range(ATTEMPTS):
        with _everything_of_the_bar(page):
            if page.locator(CHIP).count():
                before = page.evaluate(PRESSED)
                with suppress(PlaywrightTimeout):
                    page.locator(f"{CHIP} .ant-tag-close-icon").first.click(timeout=WAIT_MS / ATTEMPTS)
                    wait_until(page, TAKEN, [before, CLICK_MS])
            if not page.locator(CHIP).count():
                break
    wait_for_charts(page)


def click_until_gone(item: Locator) -> None:
    """Choose an item of a menu, which then closes; a menu that is drawn again loses a click before that."""
    for attempt in range(ATTEMPTS):
        item.click()
        try:
            item.wait_for(state="hidden", timeout=WAIT_MS / ATTEMPTS)
            return
        except PlaywrightTimeout:
            if attempt == ATTEMPTS - 1:
                raise


@contextmanager
def _everything_of_the_bar(page: Page) -> Iterator[None]:
    """Where the filter bar is too narrow for all that it holds, the rest stands behind its button."""
    behind = page.locator(BEHIND)
    is_behind = behind.count() > 0 and not page.locator(f"{CHIP}:visible").count()
    if is_behind:
        # Scrolling would close it again.
        page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_timeout(UNFOLD_MS)
        behind.click()
        page.locator("[data-test=dropdown-content]:visible").wait_for()
        # It unfolds: a click on what still moves meets its neighbour.
        page.wait_for_timeout(UNFOLD_MS)
    yield
    if is_behind and behind.count():
        behind.click()
        page.wait_for_timeout(UNFOLD_MS)


def list_cells(card: Locator, number: int) -> list[Locator]:
    """The cells of a table's column, counted from 1."""
    return card.locator(f"tbody tr td:nth-child({number})").all()


def press(page: Page, place: Locator, x: float, y: float, by_touch: bool, button: Any = "left") -> None:
    """Click or tap a place given in shares of its width and height, once it lies still and uncovered."""
    box = place.bounding_box()
    assert box is not None
    at: Any = {"x": box["width"] * x, "y": box["height"] * y}
    before = page.evaluate(PRESSED)
    if by_touch:
        place.tap(position=at)
    else:
        place.click(position=at, button=button)
    wait_until(page, TAKEN, [before, CLICK_MS])


def find_drawing(card: Locator) -> Locator:
    """The frame of a chart's drawing: its canvas and what lies over it."""
    return card.locator("canvas").first.locator("..")


def press_bars(page: Page, card: Locator, by_touch: bool) -> list[str]:
    """Press a drawing from its middle to its edges until a chip appears; returns the chips."""
    drawing = find_drawing(card)
    for y in (0.75, 0.6, 0.5, 0.82, 0.4):
        for x in (0.5, 0.3, 0.7, 0.2, 0.8, 0.6):
            press(page, drawing, x, y, by_touch)
            if chips := list_chips(page):
                return chips
    return []
