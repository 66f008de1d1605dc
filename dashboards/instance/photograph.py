"""Open the dashboard in headless Chromium as a reader does, and take its picture.

`python -m dashboards.instance.photograph --out FILE.png` photographs the running Superset of the data
directory.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dashboards.instance.home import ADMIN_USER, SupersetHome
from dashboards.instance.server import DASHBOARD_SLUG

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTH = 1440
CHART = "[data-test=chart-grid-component]"
WAIT_MS = 60_000
# A chart that was made anew for another size of the window draws after a while.
RESIZE_MS = 1_500
# What a page is about, kept by the page itself: a busy machine is late in everything, a fixed wait is not.
WATCH = """(() => {
  const seen = window.watched = {waiting: 0, changed: 0, pressed: 0};
  const draw = window.requestAnimationFrame.bind(window), get = window.fetch.bind(window);
  window.requestAnimationFrame = step => { seen.changed = performance.now(); return draw(step); };
  window.fetch = (...request) => {
    seen.waiting++;
    return get(...request).finally(() => { seen.waiting--; seen.changed = performance.now(); });
  };
  for (const kind of ['pointerup', 'click', 'contextmenu'])
    window.addEventListener(kind, () => { seen.pressed = performance.now(); }, true);
})()"""
# No answer outstanding, nothing said to load, and no frame asked for: what grows and fades in has done so.
STILL = """ms => !watched.waiting && performance.now() - watched.changed > ms
  && !document.querySelector('.loading, [data-test=loading-indicator]')"""
STILL_MS = 300
POLL_MS = 50
LOG_IN_ATTEMPTS = 3


@contextmanager
def browser_page(url: str, password: str, *, width: int = WIDTH, height: int = 1000) -> Iterator[Page]:
    """A page of headless Chromium that is logged in to Superset at `url` as the administrator."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            page = browser.new_page(
                viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            page.set_default_timeout(WAIT_MS)
            page.add_init_script(WATCH)
            log_in(page, url, ADMIN_USER, password)
            yield page
        finally:
            browser.close()


def log_in(page: Page, url: str, user: str, password: str) -> None:
    """Fill in Superset's form and wait until it lets the user in.

    Raises Playwright's `TimeoutError`, which says what became of each attempt.
    """
    seen: list[str] = []
    for _ in range(LOG_IN_ATTEMPTS):
        page.goto(f"{url}/login/")
        page.locator("input[name=username], input#username").first.fill(user)
        page.locator("input[name=password], input#password").first.fill(password)
        # The form is drawn by a script: a click that comes before it is ready sends nothing.
        try:
            with page.expect_request(lambda sent: sent.method == "POST", timeout=WAIT_MS / 6):
                page.locator("button[type=submit], input[type=submit]").first.click()
        except PlaywrightTimeout:
            seen.append("the click sent nothing")
            continue
        # A busy server takes its time: only its answer ends the attempt, or that it was lost on its way (the
        # browser is then on an error page of its own, which is no log-in).
        try:
            page.wait_for_url(lambda address: "/login" not in address, wait_until="commit", timeout=WAIT_MS)
        except PlaywrightTimeout:
            seen.append(f"still at {page.url} after {WAIT_MS // 1000} seconds")
            continue
        if page.request.get(f"{url}/api/v1/me/").ok:
            return
        seen.append(f"not known at {page.url}")
    raise PlaywrightTimeout(f"Superset did not let {user} in: {'; '.join(seen)}")


def open_dashboard(page: Page, url: str, slug: str = DASHBOARD_SLUG) -> None:
    """Go to the dashboard and wait until every chart has its data or says that there is none."""
    page.goto(f"{url}/superset/dashboard/{slug}/?standalone=0")
    wait_for_charts(page)


def wait_for_charts(page: Page) -> None:
    """Scroll through the page, so that every chart is drawn, and wait until nothing loads or moves any more.

    The page or its context has `WATCH` as an init script. Raises Playwright's `AssertionError` or
    `TimeoutError` if a chart still loads after a minute.
    """
    page.locator(CHART).first.wait_for()
    for chart in page.locator(CHART).all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".slice_container")).to_be_visible(timeout=WAIT_MS)
    wait_until(page, STILL, STILL_MS)


def wait_until(page: Page, condition: str, *values: object) -> None:
    """Wait until a JavaScript function of one value holds on the page. Raises Playwright's `TimeoutError`."""
    # Playwright's own `wait_for_function` needs `unsafe-eval`, which our policy refuses.
    for _ in range(WAIT_MS // POLL_MS):
        if page.evaluate(condition, *values):
            return
        page.wait_for_timeout(POLL_MS)
    raise PlaywrightTimeout(f"after {WAIT_MS // 1000} seconds it is still not so that {condition}")


def photograph(page: Page, target: Path) -> None:
    """Write the whole dashboard, not only what is in view, as one PNG.

    Superset scrolls inside the window: the window is made as tall as the content.
    """
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": int(height)})
    page.wait_for_timeout(RESIZE_MS)
    wait_for_charts(page)
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    wait_until(page, STILL, STILL_MS)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target), full_page=True)


def main() -> None:
    """Command line: `python -m dashboards.instance.photograph [--out FILE] [--slug SLUG]`."""
    parser = argparse.ArgumentParser(description="Photograph the dashboard of the running Superset")
    parser.add_argument("--out", type=Path, default=Path("dashboard.png"))
    parser.add_argument("--slug", default=DASHBOARD_SLUG)
    arguments = parser.parse_args()
    home = SupersetHome.from_environment()
    url = f"http://127.0.0.1:{home.port_file.read_text()}"
    with browser_page(url, home.admin_password()) as page:
        open_dashboard(page, url, arguments.slug)
        photograph(page, arguments.out)


if __name__ == "__main__":
    main()
