"""Every dashboard, as every role that may open it, in both languages, on a desk's screen and on a phone.

A real Superset on the warehouse of a whole night, a real Chromium: `make test-pictures` (some ten minutes).
With `GANXUN_TAKE_PICTURES=<folder>` each picture is kept there; with `GANXUN_PICTURES_FROM=<data directory>`
the warehouse published in that directory is shown instead of the night's.
"""

from __future__ import annotations

import csv
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from dashboards.access.roles import read_roles
from dashboards.compile_dataset import make_dataset
from dashboards.home import SupersetHome
from dashboards.naming import SCREENS, make_slug
from dashboards.photograph import CHROMIUM, CHROMIUM_FLAGS
from dashboards.server import RunningSuperset, start, stop
from dashboards.sources import LOCALES, Sources, english_twin, read_sources

from .expected_chart import Published, as_shown, difference, find_schema, read_expected
from .screen import EMPTY_WORDS, SIZES, Visit, open_as, take_picture, visit

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.pictures]

ROLES = read_roles().roles
DASHBOARDS = read_sources().dashboards
# One screen without scrolling, on a desk.
ONE_SCREEN = ("leadership",)
# Superset's counting pixel is refused by our own policy, and says so.
REFUSED_ON_PURPOSE = "gateway.scarf.sh"


@dataclass(frozen=True)
class Deployment:
    """A running Superset with a user of each role."""

    superset: RunningSuperset
    published: Published
    passwords: dict[str, str]
    unit_code: str

    def visible(self, role: str, table: str) -> str:
        """The condition on rows that a role may see."""
        if ROLES[role].sees_all_rows or "unit_code" not in self.published.sources.tables[table]:
            return "true"
        return (
            "unit_code in (select descendant_code from marts.dim_unit_closure "
            f"where ancestor_code = '{self.unit_code}')"
        )


@pytest.fixture(scope="module")
def data_dir(request: pytest.FixtureRequest) -> Path:
    given = os.environ.get("GANXUN_PICTURES_FROM")
    if given:
        return Path(given).resolve()
    folder: Path = request.getfixturevalue("simulated_night").settings.data_dir
    return folder


@pytest.fixture(scope="module")
def deployment(data_dir: Path) -> Iterator[Deployment]:
    published = Published(data_dir / "published", read_sources())
    ((unit_code,),) = published.query(
        "warehouse",
        """select unit_code from marts.mart_unit_coverage
        where is_current and scope = 'subtree' and level = 2 order by due desc, unit_code limit 1""",
    )
    home = SupersetHome(data_dir)
    home.entitlements.parent.mkdir(exist_ok=True, mode=0o700)
    home.entitlements.touch(mode=0o600)
    with home.entitlements.open("w", newline="") as file:
        rows = [
            (
                role,
                role,
                "" if ROLES[role].sees_all_rows else unit_code,
                "" if ROLES[role].sees_all_rows else "subtree",
            )
            for role in ROLES
        ]
        csv.writer(file).writerows([("user", "role", "unit_code", "scope"), *rows])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        superset = start(data_dir, port)
        with home.first_passwords.open() as file:
            passwords = {row["user"]: row["password"] for row in csv.DictReader(file)}
        yield Deployment(superset, published, passwords, unit_code)
    finally:
        stop(data_dir)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert Path(CHROMIUM).exists(), "Debian's chromium is needed: make installs it (.tools/.system)"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


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
            ]
            faults += [f"{name}: {fault}" for fault in found]
            if folder := os.environ.get("GANXUN_TAKE_PICTURES"):
                own = "" if role == "organization" else role
                chosen = "-chosen" if number == len(ROLES[role].dashboards) else ""
                take_picture(page, Path(folder) / own / f"{slug}{chosen}.png")
            page.set_viewport_size(dict(zip(("width", "height"), SIZES[screen], strict=True)))  # type: ignore[arg-type]
    assert faults == [], "\n".join(["", *faults])


def list_addresses(deployment: Deployment, role: str, locale: str) -> Iterator[tuple[str, str]]:
    """Every dashboard of a role, and a profile by the link of the last yellow on the call-up list."""
    for name in ROLES[role].dashboards:
        yield name, f"/superset/dashboard/{make_slug(DASHBOARDS[name], locale)}/"
    if "call_up" in ROLES[role].dashboards:
        made = make_dataset(deployment.published.sources, "call_up_list", {})["columns"]
        name = "open_link" if locale == "zh" else f"open_link_{locale}"
        (link,) = (column["expression"] for column in made if column["column_name"] == name)
        ((cell,),) = deployment.published.query(
            "restricted",
            f"""select {link} from restricted.call_up_list
            where light = 'yellow' order by priority desc limit 1""",
        )
        yield "cadre_profile", cell.split('href="', 1)[1].split('"', 1)[0]


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
        if chart["kind"] == "number" and title in seen.numbers and expected:
            value = expected[0][0]
            shown = (as_shown(value, find_format(chart, sources)),) if value is not None else EMPTY_WORDS
            if seen.numbers[title] not in shown:
                yield f"{title}: shows {seen.numbers[title]!r}, not {shown[0]!r}"


def localise(chart: dict[str, Any], locale: str, sources: Sources) -> dict[str, Any]:
    """The chart with the columns that its readers see in this language."""
    if locale == "zh":
        return chart
    columns = sources.tables[chart["table"]]

    def twin(value: Any) -> Any:
        if isinstance(value, dict):
            return {twin(key): item for key, item in value.items()}
        if isinstance(value, list):
            return [twin(item) for item in value]
        return english_twin(value, columns) if value in columns else value

    return {**chart, **{part: twin(chart[part]) for part in ("x", "y", "by", "columns") if part in chart}}


def find_format(chart: dict[str, Any], sources: Sources) -> str:
    """How a number is written."""
    metrics = sources.datasets[chart["table"]]["metrics"]
    return str(chart.get("format") or metrics[chart["metric"]].get("format") or ",d")


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
