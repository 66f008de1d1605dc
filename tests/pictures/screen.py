"""A dashboard as a person sees it in Chromium: what is drawn, what is cut off, what went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from dashboards.compiler import palette
from dashboards.instance.photograph import CHART, RESIZE_MS, WAIT_MS, WATCH, log_in, wait_for_charts

from .expected_chart import Answer

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
# Words of Superset for a chart without rows, in both languages.
EMPTY_WORDS = (
    "没有数据",
    "无结果",
    "查询无结果",
    "无数据",
    "No data",
    "No results",
    "此查询没有返回任何结果",
    "没有记录",
)
# Superset's Chinese for the rows of a page, which means series (dashboards/instance/pages.py).
WRONG_WORDS = ("序列",)
# Text that does not fit into its own box and is cut there. Lists that scroll are not cut.
CLIPPED = """() => {
  const cut = [];
  for (const e of document.querySelectorAll('#app *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.width < 3 || box.height < 3 || style.visibility === 'hidden') continue;
    if (e.closest('svg, .ant-select, style, script, .sr-only, .visually-hidden, [aria-hidden]')) continue;
    const hides = o => o === 'hidden' || o === 'clip';
    const wide = hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const tall = hides(style.overflowY) && e.scrollHeight > e.clientHeight + 3 && e.clientHeight > 0;
    if (wide || tall) cut.push(e.textContent.trim().slice(0, 60));
  }
  for (const card of document.querySelectorAll('[data-test-viz-type=big_number_total]')) {
    const box = card.querySelector('.slice_container').getBoundingClientRect();
    for (const line of card.querySelectorAll('.header-line, .subtitle-line')) {
      const part = line.getBoundingClientRect();
      const isCut = part.top < box.top - 2 || part.bottom > box.bottom + 2;
      if (isCut) cut.push(line.textContent.trim().slice(0, 60));
    }
    // a box may be lower than the text in it
    const [title, figure] = ['.header-title', '.header-line'].map(part => {
      const words = card.querySelector(part), range = document.createRange();
      if (words) range.selectNodeContents(words);
      return range.getBoundingClientRect();
    });
    if (title.height && figure.height && title.bottom > figure.top + 8)
      cut.push('over its figure: ' + card.querySelector('.header-title').textContent.trim().slice(0, 60));
  }
  for (const note of document.querySelectorAll('.dashboard-markdown')) {
    const isHigher = [note, ...note.querySelectorAll('*')].some(e =>
      ['auto', 'scroll'].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 2);
    if (isHigher) cut.push('note higher than its card: ' + note.textContent.trim().slice(0, 60));
  }
  return [...new Set(cut)];
}"""
# In the order in which readers expect them.
LIGHT_COLOURS = tuple(palette.LIGHTS.values())
# How many different values a drawing has: one means that nothing was drawn.
DRAWN = """c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"""
# The lights' colours from left to right, in the row of the drawing that has most of them. A colour that
# differs by a little is the same: edges are blended.
LIGHTS = """(canvas, colours) => {
  const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const wanted = colours.map(c => [1, 3, 5].map(at => parseInt(c.slice(at, at + 2), 16)));
  let most = [];
  for (let y = 0; y < height; y++) {
    const row = [];
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const light = wanted.findIndex(c => c.every((part, i) => Math.abs(part - data[at + i]) <= 2));
      if (light >= 0 && row.at(-1) !== colours[light]) row.push(colours[light]);
    }
    if (row.length > most.length) most = row;
  }
  return most;
}"""
# Charts whose content is higher than their card, apart from those that may scroll.
OVERFLOWING = """() => [...document.querySelectorAll('[data-test=chart-grid-component]')]
  .filter(c => [...c.querySelectorAll('*')].some(e => {
    const o = getComputedStyle(e).overflowY;
    return (o === 'auto' || o === 'scroll') && e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 20;
  })).map(c => c.getAttribute('data-test-chart-name'))"""


@dataclass
class Visit:
    """What was seen while a dashboard was open."""

    address: str = ""
    errors: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    scrolling: list[str] = field(default_factory=list)
    height: int = 0
    charts: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    lights: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)


# A reader's browser has loaded Superset's scripts before, and he is logged in: only first visits wait for it.
_browsers: dict[tuple[Browser, str, str], BrowserContext] = {}
_sessions: dict[tuple[str, str], Any] = {}


@contextmanager
def open_as(browser: Browser, url: str, user: str, password: str, screen: str, locale: str) -> Iterator[Page]:
    """A page of a person who logged in, on a desk's screen or a phone, in a language."""
    context = _open_browser(browser, screen, locale)
    page = context.new_page()
    try:
        page.set_default_timeout(WAIT_MS)
        if (url, user) in _sessions:
            context.add_cookies(_sessions[url, user])
        else:
            log_in(page, url, user, password)
            _sessions[url, user] = context.cookies()
        assert page.request.get(f"{url}/lang/{locale}", max_redirects=0).status == 302
        yield page
    finally:
        if page.url.startswith(url):
            page.evaluate("localStorage.clear()")
        page.close()
        context.clear_cookies()


def _open_browser(browser: Browser, screen: str, locale: str) -> BrowserContext:
    """The window of a screen and language, with what it has loaded before and no more of a former reader."""
    width, height = SIZES[screen]
    key = (browser, screen, locale)
    if key not in _browsers:
        _browsers[key] = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN" if locale == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            is_mobile=screen == "phone",
            has_touch=screen == "phone",
            user_agent=PHONE if screen == "phone" else None,
        )
        _browsers[key].add_init_script(WATCH)
    return _browsers[key]


def visit(page: Page, address: str) -> Visit:
    """Open a dashboard, wait for its charts and look at it."""
    seen = Visit()

    def keep_console(message: Any) -> None:
        if message.type == "error":
            seen.errors.append(f"console: {message.text[:300]} ({message.location.get('url', '')[:120]})")

    def keep_page_error(error: Any) -> None:
        seen.errors.append(f"script: {str(error)[:300]}")

    page.on("console", keep_console)
    page.on("pageerror", keep_page_error)
    try:
        with record_answers(page, seen.errors) as seen.answers:
            page.goto(address)
            wait_for_charts(page)
            seen.address = page.url
    finally:
        page.remove_listener("console", keep_console)
        page.remove_listener("pageerror", keep_page_error)
    _look(page, seen)
    return seen


@contextmanager
def record_answers(page: Page, errors: list[str]) -> Iterator[dict[str, Answer]]:
    """What charts ask for and get meanwhile, by title; filled in at the end. Refusals go to `errors`."""
    waiting: list[tuple[str, list[dict[str, Any]], Any]] = []
    answers: dict[str, Answer] = {}

    def keep_answer(response: Any) -> None:
        if "/api/v1/chart/data" not in response.url or not response.request.post_data:
            return
        body = json.loads(response.request.post_data)
        chart = (body.get("form_data") or {}).get("slice_id")
        if response.status >= 400:
            errors.append(f"chart {chart}: HTTP {response.status}")
        elif chart:
            waiting.append((str(chart), body["queries"][0].get("filters") or [], response))

    page.on("response", keep_answer)
    try:
        yield answers
        titles = {
            str(c.get_attribute("data-test-chart-id")): str(c.get_attribute("data-test-chart-name"))
            for c in page.locator(CHART).all()
        }
        for chart, filters, response in waiting:
            if chart in titles:
                answers[titles[chart]] = Answer(filters, response.json()["result"][0]["data"])
    finally:
        page.remove_listener("response", keep_answer)


def take_picture(page: Page, target: Path) -> None:
    """Write the whole dashboard, not only what is in view, as one PNG."""
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(int(height), size["height"])})
    page.wait_for_timeout(RESIZE_MS)
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target))


def _look(page: Page, seen: Visit) -> None:
    seen.errors += [
        f"box: {box.inner_text()[:200]}"
        for box in page.locator(".ant-alert-error:visible, [data-test=error-boundary]:visible").all()
    ]
    seen.errors += [f"says {word}" for word in WRONG_WORDS if page.get_by_text(word).count()]
    seen.clipped = page.evaluate(CLIPPED)
    seen.scrolling = page.evaluate(OVERFLOWING)
    seen.height = page.evaluate("document.documentElement.scrollHeight")
    for chart in page.locator(CHART).all():
        name = str(chart.get_attribute("data-test-chart-name"))
        seen.charts.append(name)
        if chart.locator(".header-line").count():
            seen.numbers[name] = chart.locator(".header-line").first.inner_text().strip()
            if seen.numbers[name] == "":
                seen.blank.append(name)
        elif chart.locator("canvas").count():
            chart.scroll_into_view_if_needed()
            canvas = chart.locator("canvas").first
            if canvas.evaluate(DRAWN) <= 20:
                seen.blank.append(name)
            seen.lights[name] = canvas.evaluate(LIGHTS, list(LIGHT_COLOURS))
        elif any(word in chart.inner_text() for word in EMPTY_WORDS):
            seen.empty.append(name)
        elif chart.locator("tbody tr").count() == 0:
            seen.blank.append(name)
