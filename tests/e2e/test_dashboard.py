"""The overview in a real Superset and a real Chromium, on an invented published warehouse.

One server and one browser page for all tests of this file, in the order they stand.
"""

from __future__ import annotations

import hashlib
import json
import math
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
from playwright.sync_api import Page, Route

from dashboards.compiler.compile import compile_files
from dashboards.compiler.sources import read_sources
from dashboards.instance.home import ADMIN_USER, SupersetHome
from dashboards.instance.photograph import (
    CHART,
    CHROMIUM,
    browser_page,
    log_in,
    open_dashboard,
    wait_for_charts,
)
from dashboards.instance.server import SUPERSET_BIN, RunningSuperset, environment, start, stop
from tests.dashboards.sample_warehouse import publish, write_sample_warehouse

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

ROOT, DISTRICT = "测试市", "东山区"
# Every published table is a dataset, the sample has only some of them.
BOARD = "?q=(filters:!((col:table_name,opr:eq,value:mart_unit_board)))"
FORBIDDEN_SQL = {
    "create": "create table marts.planted as select 1",
    "update": "update marts.mart_unit_board set due = 0",
    "drop": "drop table marts.mart_unit_board",
    "copy out": "copy (select 1) to '{folder}/out.csv'",
    "read csv": "select * from read_csv('{folder}/secret.csv')",
    "read text": "select * from read_text('{folder}/secret.csv')",
    "from file": "select * from '{folder}/secret.csv'",
    "attach": "attach '{folder}/other.duckdb'",
    "unlock": "set enable_external_access = true",
    "extension": "install httpfs",
}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployment")
    write_sample_warehouse(folder)
    (folder / "secret.csv").write_text("secret\nplanted\n")
    duckdb.connect(str(folder / "other.duckdb")).close()
    plant_a_first_start_that_was_cut_short(SupersetHome(folder))
    return folder


def plant_a_first_start_that_was_cut_short(home: SupersetHome) -> None:
    """As the power, or `ganxun down`, leaves it: one table of a migration that nobody has noted as done."""
    home.create()
    home.first_start.touch()
    with sqlite3.connect(home.metadata) as connection:
        connection.execute("create table ab_permission (planted int)")


@pytest.fixture(scope="module")
def superset(data_dir: Path) -> Iterator[RunningSuperset]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        yield start(data_dir, port)
    finally:
        stop(data_dir)


@pytest.fixture(scope="module")
def page(superset: RunningSuperset) -> Iterator[Page]:
    assert Path(CHROMIUM).exists(), "Debian's chromium is needed: make installs it (.tools/.system)"
    with browser_page(superset.url, superset.admin_password_file.read_text()) as opened:
        yield opened


def ask(data_dir: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data_dir / "published" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql, values).fetchall()


def shown(page: Page) -> dict[str, str]:
    """Text of each big number on screen, by its title."""
    cards = page.locator(f"{CHART}[data-test-viz-type=big_number_total]").all()
    return {
        str(c.get_attribute("data-test-chart-name")): c.locator(".header-line").inner_text() for c in cards
    }


def percent(rate: float) -> str:
    """As browsers round: half up, where Python rounds half to even."""
    return f"{math.floor(rate * 1000 + 0.5 + 1e-9) / 10:.1f}%"


def expected_numbers(data_dir: Path, unit: str) -> dict[str, str]:
    """The same from the published file, and from another table than the dashboard reads."""
    (row,) = ask(
        data_dir,
        """select strftime(as_of, '%Y-%m-%d'), due, participation_rate, nominal_coverage, effective_coverage,
            annual_attainment, red, yellow, green, pass_rate, online_attainment, hours_per_head
        from marts.mart_unit_coverage where is_current and scope = 'subtree' and unit_label = ?""",
        unit,
    )
    day, due, part, nominal, effective, annual, red, yellow, green, passed, online, hours = row
    return {
        "数据截至": day,
        **{"应训人数": f"{due:,}", "红灯": f"{red:,}", "黄灯": f"{yellow:,}", "绿灯": f"{green:,}"},
        **{"参训率": percent(part), "有形覆盖率": percent(nominal), "有效覆盖率": percent(effective)},
        **{"年度达标率": percent(annual), "合格率": percent(passed), "网络达标率": percent(online)},
        "人均学时": f"{hours:,.1f}",
    }


def hours_of_layout(answers: dict[str, list[dict[str, Any]]]) -> float:
    (layout,) = [rows for name, rows in answers.items() if name.startswith("培训布局")]
    return sum(row["计入学时"] for row in layout)


def layout_hours(data_dir: Path, unit_code: str) -> float:
    """Hours of a unit with all below it, added up from the direct rows of each: another way to the figure."""
    ((hours,),) = ask(
        data_dir,
        """select sum(credited_hours) from marts.mart_unit_layout
        where attribution = 'now' and scope = 'direct' and (unit_code = $1 or unit_code like $1 || '.%')""",
        unit_code,
    )
    return float(hours)


def choose(page: Page, filter_id: str, value: str) -> dict[str, list[dict[str, Any]]]:
    """Set a filter as a reader does; returns the rows each chart then got, by chart title."""
    box = page.get_by_role("combobox", name=filter_id)
    # The chosen value lies over the box and would take the click.
    box.click(force=True)
    box.fill(value)
    page.locator(f".ant-select-dropdown:visible .ant-select-item-option[title='{value}']").first.click()
    page.keyboard.press("Escape")
    answers = watch_answers(page)
    page.locator("[data-test=filter-bar__apply-button]").click()
    wait_for_charts(page)
    return answers


def watch_answers(page: Page) -> dict[str, list[dict[str, Any]]]:
    answers: dict[str, list[dict[str, Any]]] = {}
    titles = {
        content["uuid"]: content["slice_name"]
        for name, content in compile_files(read_sources()).items()
        if name.startswith("charts/overview_zh/")
    }

    def keep(response: Any) -> None:
        if "/api/v1/chart/data" in response.url and response.request.post_data:
            form = json.loads(response.request.post_data)["form_data"]
            name = form.get("slice_id") and page.locator(
                f"[data-test-chart-id='{form['slice_id']}']"
            ).get_attribute("data-test-chart-name")
            if name in titles.values():
                answers[name] = response.json()["result"][0]["data"]

    page.on("response", keep)
    return answers


def run_sql(page: Page, url: str, sql: str) -> dict[str, Any]:
    token = page.request.get(f"{url}/api/v1/security/csrf_token/").json()["result"]
    database = page.request.get(f"{url}/api/v1/database/").json()["result"][0]["id"]
    answer = page.request.post(
        f"{url}/api/v1/sqllab/execute/",
        data={"database_id": database, "sql": sql, "runAsync": False, "schema": "marts"},
        headers={"X-CSRFToken": token, "Referer": url},
    )
    return {**answer.json(), "http": answer.status}


def test_an_answer_that_was_lost_is_no_log_in(page: Page, superset: RunningSuperset) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    browser = page.context.browser
    assert browser
    visitor = browser.new_page()
    try:
        visitor.route("**/login/**", lose_the_first)
        log_in(visitor, superset.url, ADMIN_USER, superset.admin_password_file.read_text())
        visitor.goto(superset.dashboard_url)
        assert (len(lost), urlsplit(visitor.url).path) == (1, urlsplit(superset.dashboard_url).path)
    finally:
        visitor.close()


def test_no_chart_is_blank_and_nothing_is_asked_of_other_hosts(page: Page, superset: RunningSuperset) -> None:
    hosts: set[str] = set()
    page.on("response", lambda response: hosts.add(urlsplit(response.url).netloc))
    open_dashboard(page, superset.url)
    assert (
        "干部教育培训覆盖总览" in page.title() + page.locator("[data-test=editable-title]").first.inner_text()
    )
    charts = page.locator(CHART).all()
    assert len(charts) == len(read_sources().dashboards["overview"]["charts"])
    for chart in charts:
        name = chart.get_attribute("data-test-chart-name")
        text = chart.inner_text()
        assert "没有数据" not in text and "No results" not in text and "错误" not in text, name
        if chart.locator("canvas").count():
            drawn = chart.locator("canvas").first.evaluate(
                "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
            )
            assert drawn > 20, f"{name}: the canvas has {drawn} colour values"
        elif chart.locator("table").count():
            assert chart.locator("tbody tr").count() >= 1, name
        else:
            assert chart.locator(".header-line").inner_text().strip() not in ("", "N/A"), name
    assert hosts - {""} == {urlsplit(superset.url).netloc}


def test_figures_on_screen_are_those_of_the_published_file(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    answers = watch_answers(page)
    open_dashboard(page, superset.url)
    assert shown(page) == expected_numbers(data_dir, ROOT)
    assert hours_of_layout(answers) == pytest.approx(layout_hours(data_dir, "001"))
    lines = page.locator(f"{CHART}[data-test-chart-name^='下级单位一览'] tbody tr").all()
    cells = [[cell.inner_text().strip() for cell in line.locator("td").all()] for line in lines]
    children = ask(
        data_dir,
        """select unit_label, due::varchar, red::varchar, yellow::varchar, green::varchar
        from marts.mart_unit_coverage
        where is_current and scope = 'subtree' and due > 0 and parent_code = '001' order by unit_code""",
    )
    assert [tuple([line[0], *line[2:6]]) for line in cells[1:]] == children
    assert cells[0][2] == str(sum(int(line[2]) for line in cells[1:]))


def test_another_unit_changes_every_figure_and_doubles_none(page: Page, data_dir: Path) -> None:
    before = shown(page)
    answers = choose(page, "NATIVE_FILTER-unit", DISTRICT)
    assert shown(page) == expected_numbers(data_dir, DISTRICT) != before
    assert hours_of_layout(answers) == pytest.approx(layout_hours(data_dir, "001.006"))
    (lights,) = [rows for name, rows in answers.items() if name.startswith("下级单位红黄绿灯")]
    (counts,) = ask(
        data_dir,
        """select red, yellow, green from marts.mart_unit_coverage
        where is_current and scope = 'subtree' and unit_code = '001.006'""",
    )
    assert (
        tuple(sum(row[light] for row in lights) for light in ("red_light", "yellow_light", "green_light"))
        == counts
    )
    trend = answers["覆盖率走势（月末）"]
    assert len(trend) == 24


def test_rank_group_and_year_filters_narrow_what_they_say(page: Page, data_dir: Path) -> None:
    choose(page, "NATIVE_FILTER-rank", "县处级及以上")
    ((due,),) = ask(
        data_dir,
        """select due from marts.mart_unit_board
        where unit_code = '001.006' and member_kind = 'total' and rank_group = 'county_plus'""",
    )
    assert shown(page)["应训人数"] == str(due)
    answers = choose(page, "NATIVE_FILTER-year", "2025")
    (layout,) = [rows for name, rows in answers.items() if name.startswith("培训布局")]
    assert {row["year"] for row in layout} == {2025}


def test_the_drill_goes_down_to_a_unit_and_up_again(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    open_dashboard(page, superset.url)
    page.locator(f"tr:has-text('{DISTRICT}') a:has-text('进入')").first.click()
    page.get_by_text(f"（合计）{DISTRICT}").first.wait_for()
    wait_for_charts(page)
    assert shown(page) == expected_numbers(data_dir, DISTRICT)
    page.locator("a:has-text('上级')").first.click()
    page.get_by_text(f"（合计）{ROOT}").first.wait_for()
    wait_for_charts(page)
    assert shown(page) == expected_numbers(data_dir, ROOT)


def test_sql_lab_neither_writes_nor_reads_local_files(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    file = data_dir / "published" / "warehouse.duckdb"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    count = "select count(*) as n from marts.mart_unit_board"
    assert run_sql(page, superset.url, count)["data"] == [{"n": ask(data_dir, count)[0][0]}]
    for what, sql in FORBIDDEN_SQL.items():
        answer = run_sql(page, superset.url, sql.format(folder=data_dir))
        assert answer["http"] >= 400 and "data" not in answer, what
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert not (data_dir / "out.csv").exists()


def test_a_chart_request_cannot_smuggle_a_local_file(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    dataset = page.request.get(f"{superset.url}/api/v1/dataset/{BOARD}").json()["result"][0]["id"]
    token = page.request.get(f"{superset.url}/api/v1/security/csrf_token/").json()["result"]

    def column(expression: str) -> tuple[int, str]:
        answer = page.request.post(
            f"{superset.url}/api/v1/chart/data",
            data={
                "datasource": {"id": dataset, "type": "table"},
                "queries": [
                    {
                        "columns": [{"label": "x", "expressionType": "SQL", "sqlExpression": expression}],
                        "row_limit": 1,
                    }
                ],
            },
            headers={"X-CSRFToken": token, "Referer": superset.url},
        )
        return answer.status, answer.text()

    assert column("1 + 1")[0] == 200
    status, text = column(f"(select content from read_text('{data_dir}/secret.csv'))")
    assert status >= 400 and "planted" not in text


def test_a_new_night_is_shown_without_a_restart(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    newer = write_sample_warehouse(data_dir, "two")
    with duckdb.connect(str(newer)) as connection:
        connection.execute("update marts.mart_unit_board set due = due + 1000, as_of = as_of + 1")
    publish(data_dir, newer)
    open_dashboard(page, superset.url)
    assert shown(page)["应训人数"] == "1,240"
    assert shown(page)["数据截至"] == "2026-07-01"


def test_an_export_gives_the_files_in_git_so_that_an_edit_is_a_readable_difference(
    superset: RunningSuperset, data_dir: Path
) -> None:
    done = subprocess.run(
        [str(SUPERSET_BIN / "python"), "-m", "dashboards.instance.drift"],
        env=environment(SupersetHome(data_dir)),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, [line for line in done.stdout.splitlines() if "differs" in line]) == (0, [])


def test_what_left_the_bundle_is_removed_and_what_people_made_stays(
    page: Page, superset: RunningSuperset, data_dir: Path
) -> None:
    token = page.request.get(f"{superset.url}/api/v1/security/csrf_token/").json()["result"]
    dataset = page.request.get(f"{superset.url}/api/v1/dataset/{BOARD}").json()["result"][0]["id"]
    made = {}
    for name in ("left", "own"):
        answer = page.request.post(
            f"{superset.url}/api/v1/chart/",
            data={
                "slice_name": name,
                "viz_type": "table",
                "datasource_id": dataset,
                "datasource_type": "table",
            },
            headers={"X-CSRFToken": token, "Referer": superset.url},
        )
        made[name] = answer.json()["id"]
    home = SupersetHome(data_dir)
    imported = json.loads(home.imported.read_text())
    left = page.request.get(f"{superset.url}/api/v1/chart/{made['left']}").json()["result"]["uuid"]
    home.imported.write_text(
        json.dumps({**imported, "stamp": "of an older bundle", "uuids": [*imported["uuids"], left]})
    )

    from dashboards.instance.server import bootstrap

    bootstrap(data_dir)
    assert page.request.get(f"{superset.url}/api/v1/chart/{made['left']}").status == 404
    assert page.request.get(f"{superset.url}/api/v1/chart/{made['own']}").status == 200
    assert json.loads(home.imported.read_text()) == imported


def test_a_first_start_that_was_cut_short_is_begun_anew(superset: RunningSuperset, data_dir: Path) -> None:
    home = SupersetHome(data_dir)
    with sqlite3.connect(home.metadata) as connection:
        names = {row[1] for row in connection.execute("pragma table_info(ab_permission)")}
    assert names and "planted" not in names
    # From now on people's own charts are in it: nothing may take it for a first start.
    assert not home.first_start.exists()


def test_secrets_are_readable_by_their_owner_alone(superset: RunningSuperset, data_dir: Path) -> None:
    home = SupersetHome(data_dir)
    for secret in (home.root / "secret_key", home.root / "admin_password", home.metadata):
        assert secret.stat().st_mode & 0o077 == 0, secret.name
    password = home.admin_password()
    assert len(password) >= 32 and password not in home.log.read_text(encoding="utf-8", errors="replace")
