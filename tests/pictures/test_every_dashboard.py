"""Every dashboard, as every role that may open it, in both languages, on a desk's screen and on a phone.

A real Superset on the warehouse of a whole night, a real Chromium: `make test-pictures`, some twenty minutes.
With `GANXUN_TAKE_PICTURES=<folder>` each picture is kept there; with `GANXUN_PICTURES_FROM=<data directory>`
the warehouse published in that directory is shown instead of the night's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dashboards.compiler.naming import SCREENS, make_slug
from dashboards.compiler.sources import read_sources
from words import LOCALES

from .deployment import DASHBOARDS, ROLES, Deployment, find_format, list_addresses, localise
from .expected_chart import Published, as_shown, difference, find_schema, read_expected
from .screen import EMPTY_WORDS, LIGHT_COLOURS, SIZES, Visit, open_as, take_picture, visit
from .told import list_told_faults, read_told

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.pictures]

# One screen without scrolling, on a desk.
ONE_SCREEN = ("leadership",)
LIGHTS = ("red_light", "yellow_light", "green_light")
# Superset's counting pixel is refused by our own policy, and says so.
REFUSED_ON_PURPOSE = "gateway.scarf.sh"


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("role", ROLES)
def test_a_reader_sees_every_figure_as_published_and_nothing_broken(
    deployment: Deployment, browser: Browser, role: str, locale: str, screen: str
) -> None:
    url = deployment.superset.url
    faults: list[str] = []
    with open_as(browser, url, role, deployment.passwords[role], screen, locale) as page:
        for number, (name, address) in enumerate(list_addresses(deployment, role, locale)):
            # On a phone the address of the desk leads to the phone's arrangement.
            seen = visit(page, url + address)
            slug = make_slug(DASHBOARDS[name], locale, screen)
            found = [
                *_page_faults(name, screen, slug, seen),
                *_chart_faults(deployment, role, name, locale, seen),
                *_told_faults(deployment, page, name, locale, screen, seen),
            ]
            faults += [f"{name}: {fault}" for fault in found]
            if folder := os.environ.get("GANXUN_TAKE_PICTURES"):
                own = "" if role == "organization" else role
                chosen = "-chosen" if number == len(ROLES[role].dashboards) else ""
                take_picture(page, Path(folder) / own / f"{slug}{chosen}.png")
            page.set_viewport_size(dict(zip(("width", "height"), SIZES[screen], strict=True)))  # type: ignore[arg-type]
    assert faults == [], "\n".join(["", *faults])


def _page_faults(name: str, screen: str, slug: str, seen: Visit) -> Iterator[str]:
    if f"/superset/dashboard/{slug}/" not in seen.address:
        yield f"the address became {seen.address}"
    yield from (error for error in seen.errors if REFUSED_ON_PURPOSE not in error)
    yield from (f"cut off: {text!r}" for text in seen.clipped)
    yield from (f"blank: {chart}" for chart in seen.blank)
    if len(seen.charts) != len(DASHBOARDS[name]["charts"]):
        yield f"{len(seen.charts)} charts on screen"
    if screen == "desk" and name in ONE_SCREEN:
        if seen.height > SIZES["desk"][1]:
            yield f"{seen.height} pixels high, not one screen"
        yield from (f"scrolls: {chart}" for chart in seen.scrolling)


def _chart_faults(deployment: Deployment, role: str, name: str, locale: str, seen: Visit) -> Iterator[str]:
    sources = deployment.published.sources
    catalogue = sources.catalogue[name]["charts"]
    for key, written in DASHBOARDS[name]["charts"].items():
        title = str(catalogue[key]["title"][locale])
        answer = seen.answers.get(title)
        if answer is None:
            yield f"{title}: asked for nothing"
            continue
        chart = localise(written, locale, sources)
        expected = read_expected(
            deployment.published, chart, answer, deployment.visible(role, chart["table"])
        )
        fault = difference(chart, expected, answer)
        if fault:
            yield f"{title}: {fault}"
        if title in seen.empty and answer.rows:
            yield f"{title}: says that there is nothing, and has {len(answer.rows)} rows"
        if tuple(chart.get("metrics", ())) == LIGHTS and title in seen.lights and answer.rows:
            drawn = [colour for colour in LIGHT_COLOURS if colour in seen.lights[title]]
            if not drawn or seen.lights[title] != drawn:
                yield f"{title}: the lights stand as {seen.lights[title]}"
        if chart["kind"] == "number" and title in seen.numbers and expected:
            value = expected[0][0]
            shown = (as_shown(value, find_format(chart, sources)),) if value is not None else EMPTY_WORDS
            if seen.numbers[title] not in shown:
                yield f"{title}: shows {seen.numbers[title]!r}, not {shown[0]!r}"


def _told_faults(
    deployment: Deployment, page: Page, name: str, locale: str, screen: str, seen: Visit
) -> Iterator[str]:
    """Each drawing under the pointer; on a phone under a finger, where that would not become a filter."""
    sources = deployment.published.sources
    for key, written in DASHBOARDS[name]["charts"].items():
        title = str(sources.catalogue[name]["charts"][key]["title"][locale])
        answer = seen.answers.get(title)
        if title not in seen.lights or answer is None or not answer.rows:
            continue
        if screen == "phone" and "emits" in written:
            continue
        told = read_told(page, title, screen == "phone")
        chart = localise(written, locale, sources)
        faults = list_told_faults(deployment, chart, locale, screen, answer, told)
        yield from (f"{title}: {fault}" for fault in faults)


def test_the_walk_covers_every_dashboard_and_every_table_of_names_is_for_the_organization_alone() -> None:
    walked = {name for role in ROLES.values() for name in role.dashboards}
    assert walked == set(DASHBOARDS)
    sources = read_sources()
    published = Published(Path(), sources)
    with_names = {
        name
        for name, definition in DASHBOARDS.items()
        if any(
            find_schema(published, chart["table"]) == "restricted" for chart in definition["charts"].values()
        )
    }
    assert with_names
    for role in ROLES.values():
        assert role.name == "organization" or not with_names & set(role.dashboards), role.name
