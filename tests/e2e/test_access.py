"""Each role logs in to a real Superset and tries to see what it must not: docs/access.md has the outcome.

    GANXUN_WRITE_PAGES=1 .venv/bin/python -m pytest tests/e2e/test_access.py

writes the table of the page anew. One server for the file, tests in the order they stand.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboards.compiler.naming import SCREENS, make_slug
from dashboards.compiler.roles import read_roles
from dashboards.compiler.sources import read_dashboards
from dashboards.instance.home import ADMIN_USER, PROJECT_ROOT, SupersetHome
from dashboards.instance.server import SUPERSET_BIN, RunningSuperset, environment, start, stop
from tests.dashboards.access_sample import SECRET_KEY, SECRET_NAME, add_access_tables
from tests.dashboards.sample_warehouse import write_sample_warehouse
from tests.e2e.access_attempts import (
    FOREIGN,
    OWN,
    Seen,
    Visitor,
    ask,
    data_attempts,
    log_in,
    rows,
    run_sql,
    sql_rows,
    units_in,
    units_of,
)
from words import LOCALES

pytestmark = [pytest.mark.e2e]

PAGE = PROJECT_ROOT / "docs" / "access.md"
BEGIN, END = "<!-- the table of tests/e2e/test_access.py begins -->", "<!-- it ends -->"
HEADER = "user,role,unit_code,scope\n"
LINES = {
    "leader": "leader,leadership,,\n",
    "organizer": "organizer,organization,,\n",
    "manager": f"manager,unit_manager,{OWN},subtree\n",
    "head": f"head,unit_manager,{OWN},direct\n",
    "two": "two,unit_manager,001.006.001,subtree\ntwo,unit_manager,001.001,direct\n",
    "school": "school,institution,,\n",
    "analyst": "analyst,analyst,,\n",
    "curious": f"curious,unit_manager,{OWN},subtree\n",
}
# Gone from the file before anything is tried.
FORMER = "former,organization,,\n"
COLUMNS = {
    "leader": "leadership",
    "organizer": "organization department",
    "manager": "unit manager, `subtree`",
    "head": "unit manager, `direct`",
    "school": "institution",
    "analyst": "analyst",
    "former": "left the list",
    "visitor": "not logged in",
}
BELOW = {OWN, "001.006.001", "001.006.002", "001.006.003"}
MAY_SEE = {"manager": BELOW, "head": {OWN}, "curious": BELOW, "two": {"001.006.001", "001.001"}}
MAY_SEE_ALL = ("leader", "organizer", "school", "analyst")


def write_entitlements(folder: Path, lines: list[str]) -> None:
    path = folder / "access" / "entitlements.csv"
    path.parent.mkdir(exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def sync(folder: Path) -> subprocess.CompletedProcess[str]:
    """As `ganxun access sync` does, while the server runs."""
    return subprocess.run(
        [str(SUPERSET_BIN / "python"), "-m", "dashboards.instance.access.sync"],
        env=environment(SupersetHome(folder)),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("deployment")
    write_sample_warehouse(made)
    add_access_tables(made)
    write_entitlements(made, [*LINES.values(), FORMER, "nobody,unit_manager,001.999,subtree\n"])
    return made


@pytest.fixture(scope="module")
def superset(folder: Path) -> Iterator[RunningSuperset]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        yield start(folder, port)
    finally:
        stop(folder)


@pytest.fixture(scope="module")
def passwords(superset: RunningSuperset, folder: Path) -> dict[str, str]:
    path = folder / "access" / "first_passwords.csv"
    assert path.stat().st_mode & 0o077 == 0
    lines = [line.split(",", 1) for line in path.read_text().splitlines()[1:]]
    return {user: password for user, password in lines} | {
        ADMIN_USER: superset.admin_password_file.read_text().strip()
    }


@pytest.fixture(scope="module")
def admin(superset: RunningSuperset, passwords: dict[str, str]) -> Visitor:
    """The administrator, who leaves a saved query, a log of queries and a stored chart for others to try."""
    found = log_in(superset.url, ADMIN_USER, passwords[ADMIN_USER])

    def ids(path: str, key: str) -> dict[str, int]:
        return ids_of(found, path, key)

    databases = ids("database", "database_name")
    (restricted,) = [name for name in databases if "含姓名" in name]
    (warehouse,) = [name for name in databases if name != restricted]
    found.ids |= ids("dataset", "table_name")
    found.ids |= {"warehouse": databases[warehouse], "restricted": databases[restricted]}
    found.ids["overview"] = ids("dashboard", "slug")["ganxun-overview"]
    found.ids["chart"] = ids("chart", "slice_name")["覆盖率走势（月末）"]
    found.ids["admin_role"] = ids("security/roles", "name")["Admin"]
    found.ids["rule"] = max(ids("rowlevelsecurity", "name").values())
    query = {
        "datasource": {"id": found.ids["mart_unit_coverage"], "type": "table"},
        "queries": [{"columns": ["unit_code"], "metrics": [], "row_limit": 10_000}],
        "result_format": "json",
        "result_type": "full",
    }
    stored = {"query_context": json.dumps(query)}
    assert found.send("PUT", f"/api/v1/chart/{found.ids['chart']}", stored).status_code == 200
    saved = {
        "db_id": found.ids["warehouse"],
        "label": "of the administrator",
        "sql": "select 1",
        "schema": "marts",
    }
    found.ids["saved_query"] = found.post("/api/v1/saved_query/", saved).json()["id"]
    body = {"database_id": found.ids["warehouse"], "sql": "select 1", "schema": "marts", "runAsync": False}
    found.ids["client"] = uuid4().hex[:10]
    answer = found.post("/api/v1/sqllab/execute/", body | {"client_id": found.ids["client"]})
    found.ids["query"] = answer.json()["query_id"]
    return found


@pytest.fixture(scope="module")
def visitors(
    superset: RunningSuperset, passwords: dict[str, str], admin: Visitor, folder: Path
) -> dict[str, Visitor]:
    """Everybody logged in; `former` was in the file when he logged in, and left it since."""
    found = {
        user: log_in(superset.url, user, passwords[user], dict(admin.ids)) for user in [*LINES, "former"]
    }
    assert rows(ask(found["former"])) == units_in(found["former"].answers[-1]) != set()
    found["visitor"] = log_in(superset.url, None, ids=dict(admin.ids))
    for visitor in found.values():
        me = visitor.get("/api/v1/me/")
        visitor.ids["own_user"] = me.json()["result"]["id"] if me.status_code == 200 else 1
        visitor.answers.clear()
    write_entitlements(folder, [*LINES.values(), "nobody,unit_manager,001.999,subtree\n"])
    done = sync(folder)
    assert (done.returncode, "no published unit has this unit_code" in done.stdout) == (1, True), done.stderr
    return found


def items_of(admin: Visitor, path: str) -> list[dict[str, Any]]:
    """All items of a list; Superset gives 100 at a time."""
    found: list[dict[str, Any]] = []
    while True:
        page = len(found) // 100
        answer = admin.get(f"/api/v1/{path}/?q=(page_size:100,page:{page})").json()["result"]
        found += answer
        if len(answer) < 100:
            return found


def ids_of(admin: Visitor, path: str, key: str) -> dict[str, int]:
    """Numbers of all items of a list by one of their fields."""
    return {item[key]: item["id"] for item in items_of(admin, path)}


def verdict(user: str, seen: Seen) -> str:
    if seen is None:
        return "refused"
    if seen is True:
        return "**yes**" if user in MAY_SEE_ALL else "yes"
    if not seen:
        return "no row"
    return "own" if seen <= MAY_SEE.get(user, set()) else "**all**"


@pytest.fixture(scope="module")
def outcome(visitors: dict[str, Visitor], folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Every attempt by everybody: group, attempt, user."""
    attempts = data_attempts(folder)

    def try_all(user: str) -> dict[str, dict[str, str]]:
        return {
            group: {name: verdict(user, attempt(visitors[user])) for name, attempt in named.items()}
            for group, named in attempts.items()
        }

    with ThreadPoolExecutor(4) as pool:
        tried = dict(zip(COLUMNS, pool.map(try_all, COLUMNS), strict=True))
    return {
        group: {name: {user: tried[user][group][name] for user in COLUMNS} for name in named}
        for group, named in attempts.items()
    }


def may_open(user: str) -> set[str]:
    """Definitions that roles.yaml opens to a user of the tests."""
    roles = read_roles().roles
    line = LINES.get(user, "")
    return set(roles[line.split(",")[1]].dashboards) if line else set()


def test_a_dashboard_that_is_not_his_opens_to_nobody_by_url_or_api(visitors: dict[str, Visitor]) -> None:
    def try_all(user: str) -> None:
        visitor = visitors[user]
        every = visitor.get("/api/v1/dashboard/?q=(page_size:100)").json().get("result", [])
        for name, definition in read_dashboards().items():
            expected = name in may_open(user)
            slugs = [make_slug(definition, locale, screen) for locale in LOCALES for screen in SCREENS]
            ways = [f"/api/v1/dashboard/{slug}" for slug in slugs]
            ways += [f"/superset/dashboard/{slugs[0]}/", f"{ways[0]}/charts", f"{ways[0]}/datasets"]
            told = {way: visitor.get(way, follow_redirects=False).status_code for way in ways}
            assert [status == 200 for status in told.values()] == [expected] * 7, (user, told)
            assert (set(slugs) <= {item["slug"] for item in every}) == expected, (user, name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(try_all, COLUMNS))


def test_no_unit_manager_reads_another_units_row_by_any_attempt(
    outcome: dict[str, dict[str, dict[str, str]]],
) -> None:
    for group in outcome.values():
        for name, by_user in group.items():
            assert by_user["manager"] in ("own", "refused", "no row"), name
            assert by_user["head"] in ("own", "refused", "no row"), name
            assert by_user["former"] in ("refused", "no row"), name
            assert by_user["visitor"] in ("refused", "no row"), name


def test_no_answer_of_any_kind_holds_a_name_or_a_cadre_that_is_not_for_its_reader(
    outcome: dict[str, dict[str, dict[str, str]]], visitors: dict[str, Visitor]
) -> None:
    for user in COLUMNS:
        text = "\n".join(visitors[user].answers) + "\n".join(map(unescaped, visitors[user].answers))
        assert len(visitors[user].answers) > 80
        assert (SECRET_NAME in text) == (user == "organizer"), user
        assert (SECRET_KEY in text) == (user in ("organizer", "analyst")), user


def unescaped(text: str) -> str:
    """Chinese as it is, where JSON wrote it as numbers."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def as_table(outcome: dict[str, dict[str, dict[str, str]]]) -> str:
    lines = ["| attempt | " + " | ".join(COLUMNS.values()) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name in read_dashboards():
        cells = ["**yes**" if name in may_open(user) else "refused" for user in COLUMNS]
        lines.append(
            f"| open the dashboard `{name}` (URL, API; 2 languages, 2 screens) | " + " | ".join(cells) + " |"
        )
    for group, named in outcome.items():
        lines.append(f"| **{group}** |" + " |" * len(COLUMNS))
        lines += [
            f"| {name} | " + " | ".join(by[user] for user in COLUMNS) + " |" for name, by in named.items()
        ]
    return "\n".join(lines)


def test_the_page_says_what_happened(outcome: dict[str, dict[str, dict[str, str]]]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = f"{BEGIN}\n{as_table(outcome)}\n{END}"
    before, _, rest = text.partition(BEGIN)
    written = before + table + rest.partition(END)[2]
    if os.environ.get("GANXUN_WRITE_PAGES"):
        PAGE.write_text(written, encoding="utf-8")
    assert text == written, "docs/access.md is of an older Superset or older roles: see the top of this file"


def test_what_is_refused_is_there_to_be_refused(
    admin: Visitor, folder: Path, visitors: dict[str, Visitor]
) -> None:
    """The same requests go through for the administrator: no attempt fails for being asked wrongly."""
    attempts = data_attempts(folder)
    house = attempts["Superset's own house"]
    for name in ("users and roles", "export", "somebody else's", "log of actions"):
        (attempt,) = [attempt for text, attempt in house.items() if text.startswith(name)]
        assert attempt(admin) is True, name
    for group in ("Rows of a chart (`mart_unit_coverage`)", "Tables without a grant"):
        for name, attempt in attempts[group].items():
            if "sub-queries" not in name and "virtual" not in name:
                assert attempt(admin) not in (None, set()), name


# A unit manager whom somebody gave SQL Lab by hand: no role of ours has both.
SQL_ROUTES = [
    "select distinct unit_code from marts.mart_unit_coverage",
    "select distinct unit_code from mart_unit_coverage",
    'select distinct "unit_code" from "marts"."mart_unit_coverage"',
    "select distinct UNIT_CODE from MARTS.MART_UNIT_COVERAGE",
    "from marts.mart_unit_coverage select distinct unit_code",
    "table marts.mart_unit_coverage",
    "with t as (select * from marts.mart_unit_coverage) select distinct unit_code from t",
    "with mart_unit_board as (from marts.mart_unit_board) select unit_code from mart_unit_board",
    "select * from (select unit_code from marts.mart_unit_coverage) as t",
    "select (select string_agg(distinct unit_code, ' ') from marts.mart_unit_coverage) as u",
    "select 1 where exists (from marts.mart_unit_coverage where unit_code = '001.007')",
    "select unit_code from marts.mart_unit_coverage union all select unit_code from marts.mart_unit_board",
    "select unit_code from /* x */ marts . mart_unit_coverage -- where",
    "select unit_code from marts.mart_unit_coverage as t(a, b, c, unit_code)",
    "select b.unit_code from marts.mart_unit_coverage a positional join marts.mart_unit_board b",
    "select unit_code from marts.mart_unit_board natural join marts.mart_unit_coverage",
    "select unit_code from marts.mart_unit_coverage where unit_code = '001.007' or 1 = 1",
    "select * from query_table('marts.mart_unit_coverage')",
    "select * from query('select distinct unit_code from marts.mart_unit_coverage')",
    "summarize marts.mart_unit_coverage",
    "select * from (summarize marts.mart_unit_coverage)",
    "describe marts.mart_unit_coverage",
    "pivot marts.mart_unit_coverage on scope using max(unit_code)",
    "select * from duckdb_tables()",
    "select * from information_schema.tables",
    "select * from pg_catalog.pg_class",
    "pragma storage_info('marts.mart_unit_coverage')",
    "explain analyze select * from marts.mart_unit_coverage",
    "select unit_code from marts.dim_unit",
    "select descendant_code from marts.dim_unit_closure",
    "select unit_code from marts.mart_cadre_coverage",
    "select unit_code from system.main.duckdb_columns",
    "execute immediate 'select 1'",
    "prepare p as select unit_code from marts.mart_unit_coverage; execute p",
    "select 1; select unit_code from marts.mart_unit_coverage",
    "set variable x = (select max(unit_code) from marts.mart_unit_coverage); select getvariable('x')",
    "create temp view v as from marts.mart_unit_coverage",
    "call pragma_table_info('marts.mart_unit_coverage')",
    "select unit_code from warehouse_one.marts.mart_unit_coverage",
    'select unit_code from "warehouse-one".marts.mart_unit_coverage',
    "select json_serialize_sql('select 1'), unit_code from marts.mart_unit_coverage",
    "select columns('unit_code') from marts.mart_unit_coverage",
    "select unit_code from marts.mart_unit_coverage tablesample 100%",
]


def test_sql_lab_given_by_hand_opens_no_other_unit(
    admin: Visitor, visitors: dict[str, Visitor], superset: RunningSuperset
) -> None:
    curious = visitors["curious"]
    roles = ids_of(admin, "security/roles", "name")
    mine = ["ganxun:unit_manager", f"unit:{OWN}:subtree", "sql_lab"]
    path = f"/api/v1/security/users/{curious.ids['own_user']}"
    assert admin.send("PUT", path, {"roles": [roles[name] for name in mine]}).status_code == 200
    read = {}
    for sql in SQL_ROUTES:
        answer = run_sql(curious, sql)
        # Only what was read: an error may repeat the query.
        data = answer.json().get("data") if answer.status_code == 200 else None
        assert units_of(data or []) <= BELOW, sql
        assert SECRET_KEY not in json.dumps(data), sql
        read[sql] = bool(data)
    assert curious.get("/api/v1/sqllab/").status_code == 200
    # The routes are really open to him, and what he reads is his.
    assert sum(read.values()) >= 5, read
    assert sql_rows(curious, SQL_ROUTES[0]) == BELOW
    assert sql_rows(curious, "select name from restricted.cadre_identity", "restricted", "restricted") is None
    assert admin.send("PUT", path, {"roles": [roles[name] for name in mine[:2]]}).status_code == 200


def test_a_role_made_by_hand_sees_no_row_of_a_unit_no_cadre_and_no_name(
    admin: Visitor, superset: RunningSuperset
) -> None:
    """Alpha may read every dataset; without an entitlement it still gets no rows, and no names."""
    alpha = ids_of(admin, "security/roles", "name")["Alpha"]
    body = {
        **{"username": "byhand", "first_name": "by", "last_name": "hand", "email": "by@users.invalid"},
        **{"active": True, "password": "made by hand, for a test", "roles": [alpha], "groups": []},
    }
    assert admin.post("/api/v1/security/users/", body).status_code in (200, 201)
    byhand = log_in(superset.url, "byhand", str(body["password"]), dict(admin.ids))
    assert rows(ask(byhand)) == set()
    assert rows(ask(byhand, "mart_cadre_coverage")) == set()
    assert rows(ask(byhand, "fct_training", columns=["cadre_key"])) == set()
    assert rows(ask(byhand, "cadre_identity", columns=["name"])) == set()
    assert SECRET_KEY not in "\n".join(byhand.answers)
    assert SECRET_NAME not in "\n".join(map(unescaped, byhand.answers))


def test_two_units_are_seen_together_and_nothing_between(visitors: dict[str, Visitor]) -> None:
    assert rows(ask(visitors["two"])) == MAY_SEE["two"]


def test_a_direct_holder_sees_no_row_about_the_units_below(visitors: dict[str, Visitor]) -> None:
    members = {"columns": ["member_code"]}
    assert rows(ask(visitors["manager"], "mart_unit_board", **members)) == BELOW
    assert rows(ask(visitors["head"], "mart_unit_board", **members)) == {OWN}


def test_the_filter_offers_a_manager_his_own_units_and_begins_with_his(visitors: dict[str, Visitor]) -> None:
    query: dict[str, Any] = {
        "columns": ["unit_label"],
        "metrics": ["unit_position"],
        "orderby": [["unit_position", True]],
    }
    answer = ask(visitors["manager"], "mart_unit_board", **query)
    labels = [row["unit_label"] for row in answer.json()["result"][0]["data"]]
    assert labels == ["东山区", "东山区委组织部", "东山区教育局", "东山区石桥镇"]


def test_each_analyst_has_the_cookbook_and_his_own_queries_are_left_alone(
    visitors: dict[str, Visitor], folder: Path
) -> None:
    every = "/api/v1/saved_query/?q=(page_size:100,order_column:label,order_direction:asc)"
    for user in ("analyst", "organizer"):
        found = visitors[user].get(every).json()["result"]
        assert [item["label"][:2] for item in found] == [f"{n:02}" for n in range(1, 26)], user
    analyst = visitors["analyst"]
    first = analyst.get(every).json()["result"][0]
    path = f"/api/v1/saved_query/{first['id']}"
    assert analyst.send("PUT", path, {"sql": "select 'mine'"}).status_code == 200
    sync(folder)
    assert analyst.get(path).json()["result"]["sql"] == "select 'mine'"
    assert len(analyst.get(every).json()["result"]) == 25


PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"}


def test_a_phone_gets_the_phones_arrangement_and_keeps_the_query(visitors: dict[str, Visitor]) -> None:
    def led_to(visitor: Visitor, path: str, **headers: str) -> str | None:
        return visitor.get(path, headers=headers, follow_redirects=False).headers.get("location")

    manager = visitors["manager"]
    page = "/superset/dashboard/ganxun-overview"
    assert (
        led_to(manager, f"{page}/?native_filters=(a:b)&x=1", **PHONE)
        == f"{page}-phone/?native_filters=(a:b)&x=1"
    )
    assert led_to(manager, f"{page}-en/", **{"Sec-CH-UA-Mobile": "?1"}) == f"{page}-en-phone/"
    assert led_to(manager, f"{page}/?desk=1", **PHONE) is None
    assert led_to(manager, f"{page}/", **{**PHONE, "Sec-CH-UA-Mobile": "?0"}) is None
    assert led_to(manager, f"{page}-phone/", **PHONE) is None
    assert led_to(manager, f"{page}/") is None


def test_after_log_in_everybody_is_led_to_his_first_dashboard(visitors: dict[str, Visitor]) -> None:
    definitions, roles = read_dashboards(), read_roles().roles
    for user in ("leader", "manager", "analyst"):
        first = next(name for name in roles[LINES[user].split(",")[1]].dashboards if name in definitions)
        location = visitors[user].get("/", follow_redirects=False).headers["location"]
        assert location == f"/superset/dashboard/{definitions[first]['slug']}/"
    assert (
        visitors["visitor"]
        .get("/superset/welcome/", follow_redirects=False)
        .headers["location"]
        .startswith("/login")
    )


def test_a_change_of_the_list_acts_at_once_without_a_restart(
    visitors: dict[str, Visitor], folder: Path, admin: Visitor
) -> None:
    manager, leader = visitors["manager"], visitors["leader"]
    assert rows(ask(manager)) == BELOW
    lines = {**LINES, "manager": f"manager,unit_manager,{FOREIGN},direct\n", "leader": ""}
    write_entitlements(folder, list(lines.values()))
    assert sync(folder).returncode == 0
    assert rows(ask(manager)) == {FOREIGN}
    assert ask(leader).status_code in (401, 403)
    words = (folder / "access" / "first_passwords.csv").read_text()
    assert "manager," in words and "leader," not in words
    # Somebody who comes back comes back; two lines that contradict each other give nothing.
    write_entitlements(folder, [*LINES.values(), "manager,analyst,,\n"])
    done = sync(folder)
    assert done.returncode == 1 and "sees all rows and one that is limited" in done.stdout
    assert ask(leader).status_code == 200
    assert ask(manager).status_code in (401, 403)


def test_a_right_given_by_hand_to_a_role_of_ours_ends_with_the_next_sync(
    visitors: dict[str, Visitor], folder: Path, admin: Visitor
) -> None:
    role = ids_of(admin, "security/roles", "name")["ganxun:institution"]
    given = items_of(admin, "security/permissions-resources")
    (all_tables,) = [one["id"] for one in given if one["permission"]["name"] == "all_datasource_access"]
    path = f"/api/v1/security/roles/{role}/permissions"
    held = [item["id"] for item in admin.get(f"{path}/").json()["result"]]
    body = {"permission_view_menu_ids": [*held, all_tables]}
    assert admin.post(path, body).status_code == 200
    school = replace(visitors["school"], answers=[])
    assert ask(school, "mart_cadre_coverage").status_code == 200
    write_entitlements(folder, list(LINES.values()))
    assert sync(folder).returncode == 0
    assert ask(school, "mart_cadre_coverage").status_code == 403


def test_a_list_that_others_may_write_changes_nothing(visitors: dict[str, Visitor], folder: Path) -> None:
    path = folder / "access" / "entitlements.csv"
    path.write_text(HEADER + "manager,analyst,,\n")
    path.chmod(0o666)
    done = sync(folder)
    assert done.returncode == 2 and "owner only" in done.stderr
    assert rows(ask(visitors["manager"])) == BELOW
