"""What a chart tells of the bar, line or cell under a pointer or a finger, and what is wrong with it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from dashboards.compiler.chart_kinds import WHOLE_NUMBERS
from dashboards.compiler.compile_dataset import DATABASE_OF_SCHEMA, make_dataset
from dashboards.compiler.naming import name_metric
from dashboards.instance.photograph import POLL_MS

from .clicks import find_chart, find_drawing, press
from .deployment import Deployment, find_format
from .expected_chart import Answer, as_shown, find_schema

# From the middle outwards, in shares of the drawing: a bar may be short, a cell without a value says nothing.
PLACES = [(x, y) for y in (0.5, 0.7, 0.3) for x in (0.5, 0.3, 0.7, 0.85)]
# A radar of small figures is a small area in the middle.
PLACES += [(x, y) for y in (0.55, 0.6, 0.52, 0.45) for x in (0.5, 0.47, 0.53, 0.44, 0.56)]
# A drawing takes no notice of what follows a touch so soon: nobody reads and taps elsewhere in that time.
AFTER_TOUCH_MS = 1_000
# The words under the pointer follow it a little later, and stay a little after it; longest on a busy machine.
WORDS_MS, GONE_MS = 400, 10_000
TELLING = """() => [...document.querySelectorAll('.echarts-tooltip')].filter(words => {
  const style = getComputedStyle(words);
  return words.innerText.trim() && style.visibility !== 'hidden' && style.opacity > 0;
}).map(words => words.innerText)"""
KEY = re.compile(r"[a-z]+_[a-z_]+")
ENGLISH = re.compile(r"[A-Za-z]{3,}")


def read_told(page: Page, title: str, by_touch: bool) -> str:
    """The words of a drawing, from the first place that has some; empty: it tells nothing."""
    drawing = find_drawing(find_chart(page, title))
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box is not None
    for x, y in PLACES:
        if by_touch:
            press(page, drawing, x, y, by_touch)
            page.wait_for_timeout(AFTER_TOUCH_MS)
        else:
            drawing.hover(position={"x": box["width"] * x, "y": box["height"] * y})
        if told := page.evaluate(TELLING) if by_touch else _read_words(page, until=bool):
            # A phone has no mouse: what a tap told goes away with the next tap.
            if not by_touch:
                page.mouse.move(0, 0)
                assert not _read_words(page, until=operator.not_), f"{title}: its words stay"
            return "\n".join(told)
    return ""


def _read_words(page: Page, until: Callable[[list[str]], bool]) -> list[str]:
    """What is told as soon as it is as wanted, twice running: words that come or go change for a moment."""
    before: list[str] | None = None
    for _ in range((WORDS_MS if until is bool else GONE_MS) // POLL_MS):
        told: list[str] = page.evaluate(TELLING)
        if until(told) and told == before:
            break
        before = told
        page.wait_for_timeout(POLL_MS)
    return told


def list_told_faults(
    deployment: Deployment, chart: dict[str, Any], locale: str, screen: str, answer: Answer, told: str
) -> Iterator[str]:
    """Words that a reader cannot read, figures that the chart does not have, numbers that it did not get."""
    if not told:
        yield "tells nothing under the pointer"
        return
    heading, *lines = told.split("\n")
    if not lines:
        yield f"tells {told!r} and no figure"
    if KEY.search(told) or (locale == "zh" and ENGLISH.search(heading)):
        yield f"tells {told!r} to a reader of {locale}"
    known = _list_names(deployment, chart, locale)
    number_format = find_format(chart, deployment.published.sources)
    is_radar = chart["kind"] == "radar"
    if is_radar:
        # A radar tells each figure of its series in two lines, `name:` and the number as it was got.
        lines = [f"{name.removesuffix(':')}\t{number}" for name, number in pairwise(lines)][::2]
    # A phone's numbers are shorter (chart_kinds.make_phone_params), and so is what it tells.
    is_exact = screen == "desk" or chart["kind"] != "bars" or number_format not in WHOLE_NUMBERS
    if screen == "phone" and chart["kind"] == "heatmap" and number_format.endswith("%"):
        number_format = ".0%"
    numbers = {
        f"{value:g}" if is_radar else as_shown(value, number_format)
        for row in answer.rows
        for value in row.values()
        if isinstance(value, int | float)
    }
    for line in lines:
        name, _, number = line.partition("\t")
        if name not in known:
            yield f"tells of {name!r}, which is none of its figures"
        if is_exact and number not in numbers:
            yield f"tells {number!r} of {name!r}, which it did not get"


def _list_names(deployment: Deployment, chart: dict[str, Any], locale: str) -> set[str]:
    """What the chart's series are called: its figures, or the values that it has them by."""
    sources, table = deployment.published.sources, chart["table"]
    if chart.get("by") and chart["kind"] != "radar":
        schema = find_schema(deployment.published, table)
        (column,) = chart["by"]
        rows = deployment.published.query(
            DATABASE_OF_SCHEMA[schema], f'select distinct "{column}" from {schema}.{table}'
        )
        return {str(value) for (value,) in rows}
    metrics = sources.datasets[table]["metrics"]
    labels = {
        made["metric_name"]: str(made["verbose_name"]) for made in make_dataset(sources, table, {})["metrics"]
    }
    names = chart.get("metrics") or [chart["metric"]]
    return {labels[name_metric(name, metrics[name], locale)] for name in names}
