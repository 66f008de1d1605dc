"""How long each chart's data request takes: a city of 2,000 cadres beside a province of 300,000.

    .venv/bin/python benchmarks/charts.py [--data-dir data] [--cities 168] [--repeats 20]

Needs a published city (`make run`). Opens every dashboard once in Chromium to learn what each chart asks of
Superset, then sends the same requests again and again as the administrator: `cold` with the published file
thrown out of the operating system's page cache before each, `warm` straight after one another. The demo
profile keeps no results, so that every request reads the file. The province is the city many times over
(province.py), asked for its root: as many rows as any reader can ask for. Both run in one go on the same
machine; what counts is the ratio.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright
from province import ROOT_LABEL, enlarge
from rich.progress import track

from dashboards.compiler.naming import make_slug
from dashboards.compiler.sources import read_sources
from dashboards.instance.home import ADMIN_USER
from dashboards.instance.photograph import (
    CHART,
    CHROMIUM,
    CHROMIUM_FLAGS,
    WAIT_MS,
    WATCH,
    log_in,
    wait_for_charts,
)
from dashboards.instance.server import RunningSuperset, start, stop

FILES = ("warehouse.duckdb", "warehouse_restricted.duckdb")
COLD_REPEATS = 3
PORT = 8188


@dataclass(frozen=True)
class Request:
    """What a chart asks of Superset."""

    dashboard: str
    chart: str
    body: dict[str, Any]


def main() -> None:
    """Measure both sizes and write one row for each chart."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--cities", type=int, default=168)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/charts.csv"))
    parser.add_argument("--work", type=Path, help="folder to keep the enlarged files in, to use them again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        city, province = prepare(given.data_dir.resolve() / "published", work.resolve(), given.cities)
        with running(city) as superset:
            requests = learn_requests(superset)
            small = measure(superset, city, requests, given.repeats)
        with running(province) as superset:
            large = measure(superset, province, [in_province(each) for each in requests], given.repeats)
    write(given.out, requests, small, large)


def prepare(published: Path, work: Path, cities: int) -> tuple[Path, Path]:
    """Data directories of the city and of the province; files that are there already are used again."""
    city, province = work / "city", work / "province"
    for name in FILES:
        for data_dir in (city, province):
            (data_dir / "published").mkdir(parents=True, exist_ok=True)
        if not (city / "published" / name).exists():
            shutil.copy2((published / name).resolve(), city / "published" / name)
        target = province / "published" / name
        if not target.exists():
            writing = target.with_suffix(".writing")
            writing.unlink(missing_ok=True)
            due = enlarge((published / name).resolve(), writing, cities)
            writing.rename(target)
            print(f"{name}: {cities} cities" + (f", {due:,} due cadres" if due else ""))
    return city, province


@contextmanager
def running(data_dir: Path) -> Iterator[RunningSuperset]:
    """Superset on a data directory."""
    try:
        yield start(data_dir, PORT)
    finally:
        stop(data_dir)


def learn_requests(superset: RunningSuperset) -> list[Request]:
    """The data request of every chart of every Chinese dashboard, in the browser's own words."""
    found: dict[tuple[str, str], Request] = {}
    password = superset.admin_password_file.read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(WATCH)
        log_in(page, superset.url, ADMIN_USER, password)
        for name, definition in track(read_sources().dashboards.items(), "dashboards", transient=True):
            asked: list[dict[str, Any]] = []
            page.on("request", lambda request, asked=asked: keep(request, asked))
            page.goto(f"{superset.url}/superset/dashboard/{make_slug(definition, 'zh')}/")
            wait_for_charts(page)
            titles = {
                str(card.get_attribute("data-test-chart-id")): str(card.get_attribute("data-test-chart-name"))
                for card in page.locator(CHART).all()
            }
            for body in asked:
                title = titles.get(str(body["form_data"].get("slice_id")))
                if title:
                    found[name, title] = Request(name, title, body)
        browser.close()
    return list(found.values())


def keep(request: Any, asked: list[dict[str, Any]]) -> None:
    """Remember a chart's data request."""
    if "/api/v1/chart/data" in request.url and request.post_data:
        asked.append(json.loads(request.post_data))


def in_province(request: Request) -> Request:
    """The same request for the root of the province, or for the person of its first city."""
    body = json.loads(json.dumps(request.body))
    for query in body["queries"]:
        for each in query.get("filters") or []:
            if each["col"] in ("unit_label", "unit_name"):
                each["val"] = [ROOT_LABEL]
            elif each["col"] == "cadre_label":
                each["val"] = [f"{value}（001）" for value in each["val"]]
    return Request(request.dashboard, request.chart, body)


def measure(
    superset: RunningSuperset, data_dir: Path, requests: list[Request], repeats: int
) -> list[tuple[list[float], list[float]]]:
    """Seconds of each request: cold and warm. Raises `httpx.HTTPStatusError` if one is refused."""
    with httpx.Client(base_url=superset.url, timeout=120, trust_env=False) as client:
        token = client.post(
            "/api/v1/security/login",
            json={
                "username": ADMIN_USER,
                "password": superset.admin_password_file.read_text(),
                "provider": "db",
            },
        ).raise_for_status()
        client.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
        spent = []
        for request in track(requests, data_dir.name, transient=True):
            cold = []
            for _ in range(COLD_REPEATS):
                evict(data_dir / "published")
                cold.append(ask(client, request))
            spent.append((cold, [ask(client, request) for _ in range(repeats)]))
    return spent


def ask(client: httpx.Client, request: Request) -> float:
    """Seconds until the answer is there."""
    began = time.perf_counter()
    client.post("/api/v1/chart/data", json=request.body).raise_for_status()
    return time.perf_counter() - began


def evict(folder: Path) -> None:
    """Throw the published files out of the page cache."""
    for file in folder.glob("*.duckdb"):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def write(out: Path, requests: list[Request], small: list, large: list) -> None:
    """One row for each chart, and the whole on the screen."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        sizes = [
            f"{size}_{heat}_{p}_ms"
            for size in ("2000", "300000")
            for heat in ("cold", "warm")
            for p in ("p50", "p95")
        ]
        writer.writerow(["dashboard", "chart", *sizes, "ratio_warm_p50"])
        for request, few, many in zip(requests, small, large, strict=True):
            figures = [
                figure
                for size in (few, many)
                for seconds in size
                for figure in (p(seconds, 50), p(seconds, 95))
            ]
            ratio = p(many[1], 50) / p(few[1], 50)
            writer.writerow(
                [request.dashboard, request.chart, *(round(f * 1000) for f in figures), f"{ratio:.1f}"]
            )
    for label, size in (("2,000 cadres", small), ("300,000 cadres", large)):
        for number, heat in enumerate(("cold", "warm")):
            every = [seconds for each in size for seconds in each[number]]
            print(f"{label}, {heat}: p50 {p(every, 50) * 1000:.0f} ms, p95 {p(every, 95) * 1000:.0f} ms")
    print(f"{len(requests)} charts; each one's figures are in {out}")


def p(seconds: list[float], percent: int) -> float:
    """A percentile, between the two nearest values."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
