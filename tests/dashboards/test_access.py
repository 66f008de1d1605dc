"""Access without a server: the guard's reading of SQL, the list of entitlements, roles.yaml, the doors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.compiler.roles import ROLES_FILE, Roles, RolesError, read_roles, role_faults
from dashboards.compiler.sources import Sources, read_sources
from dashboards.instance.access.demo import write_demo_entitlements
from dashboards.instance.access.doors import is_phone
from dashboards.instance.access.entitlements import (
    Entitlement,
    Entitlements,
    EntitlementsError,
    UnitGrant,
    read_entitlements,
)
from dashboards.instance.access.guard import find_breach
from dashboards.instance.access.row_rules import make_clause
from dashboards.instance.access.saved_queries import with_schemas
from dashboards.instance.home import ADMIN_USER, SupersetHome
from ganxun.cookbook import load_examples
from tests.dashboards.access_sample import add_access_tables
from tests.dashboards.sample_warehouse import write_sample_warehouse

RULE = make_clause(UnitGrant("001.006", "subtree"), False)
# Tables of the invented reader: two with a row rule, one free; all others were not granted.
GRANTED: dict[str, list[str]] = {"ruled": [f"({RULE})"], "also_ruled": [f"({RULE})"], "free": []}

ALLOWED = [
    f"select * from marts.ruled where {RULE}",
    f"SELECT sum(n) AS n FROM marts.ruled WHERE ({RULE}) AND (n > 1 OR m = 2) GROUP BY m ORDER BY 1 LIMIT 5",
    f"select * from (select * from marts.ruled where {RULE}) as t",
    f"with a as (select * from marts.ruled where {RULE}) select * from a, marts.free",
    f"select * from marts.ruled where {RULE} union all select * from ops.free",
    f"select * from marts.ruled where n in (select n from marts.free) and {RULE}",
    # How Superset limits the series of a chart.
    f"select m, sum(n) from marts.ruled join (select m as m__ from marts.ruled where {RULE} group by 1)"
    f" as top on m = m__ where {RULE} group by 1",
    "with recursive r as (select 1 as a union all select a + 1 from r where a < 3) from r",
    "from marts.free, range(3)",
]
REFUSED = [
    "select * from marts.ruled",
    f"select * from marts.ruled where {RULE} or 1 = 1",
    f"select * from marts.ruled where not ({RULE})",
    f"from marts.ruled where {RULE} --\n or 1 = 1",
    "select * from marts.ruled where unit_code in (select descendant_code from marts.dim_unit_closure"
    " where ancestor_code = '001')",
    # The rule stands there, but reads another column or another table than it says.
    f"select * from marts.ruled as t(a, unit_code) where {RULE}",
    f"select * from marts.ruled as unit_code where {RULE}",
    f"select * from marts.ruled left join (select '001.006' as unit_code) using (unit_code) where {RULE}",
    f"select * from marts.ruled, marts.also_ruled where {RULE}",
    f"select * from marts.ruled positional join marts.free where {RULE}",
    # Read once under the rule, and once more without.
    f"select * from marts.ruled where {RULE} union all select * from marts.ruled",
    f"select * from marts.ruled where {RULE} and exists (from marts.ruled)",
    f"from marts.ruled where {RULE} order by (select max(n) from marts.ruled)",
    f"from marts.ruled where {RULE} limit (select max(n) from marts.ruled)",
    f"select max(n) filter (exists (from also_ruled)) from marts.ruled where {RULE}",
    "select (from marts.ruled)",
    "values ((select max(n) from marts.ruled))",
    "select list_transform([1], x -> (select max(n) from marts.ruled))",
    "with a as materialized (from marts.ruled) select 1",
    "with ruled as (from ruled) from ruled",
    "with a as (from duckdb_columns), duckdb_columns as (select 1) from a",
    "with ruled as (select 1) select * from ruled, marts.ruled",
    # Ways to read that are no plain table.
    "table marts.ruled",
    "from query('select * from marts.ruled')",
    "from query_table('marts.ruled')",
    "summarize marts.ruled",
    "select * from (summarize marts.ruled)",
    "describe marts.ruled",
    "show tables",
    "pivot marts.ruled on n",
    "from (unpivot marts.ruled on n)",
    "from duckdb_tables()",
    "from duckdb_tables",
    "from information_schema.tables",
    "from free.information_schema.tables",
    "from information_schema.free",
    "from 'free.csv'",
    "from read_parquet('free')",
    "from sql_auto_complete('free')",
    "from marts.not_granted",
    "from marts.dim_unit_closure",
    # Not one SELECT.
    "",
    "select 1; select 2",
    "attach 'x'",
    "set threads = 1",
    "pragma show_tables",
    "copy marts.free to 'x'",
    "create table x as from marts.free",
    "explain from marts.free",
    "prepare p as from marts.ruled",
    "not sql at all",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_a_query_under_its_row_rules_is_not_kept_from_its_reader(sql: str) -> None:
    assert find_breach(sql, GRANTED.get) is None


@pytest.mark.parametrize("sql", REFUSED)
def test_no_other_way_to_read_a_table_gets_past_its_row_rules(sql: str) -> None:
    assert find_breach(sql, GRANTED.get) is not None


def test_two_units_of_one_reader_are_one_rule_in_either_order() -> None:
    one, two = (
        make_clause(UnitGrant("001.006", "subtree"), False),
        make_clause(UnitGrant("001.1", "direct"), True),
    )
    either = {"ruled": [f"({one}) OR ({two})"]}
    assert find_breach(f"from marts.ruled where ({two}) or ({one})", either.get) is None
    assert find_breach(f"from marts.ruled where {one}", either.get) is not None


def test_a_refusal_repeats_nothing_of_the_query() -> None:
    for sql in REFUSED:
        assert "ruled" not in str(find_breach(sql, GRANTED.get))


UNITS = {"001", "001.006", "001.007"}


def read(folder: Path, text: str | bytes) -> Entitlements:
    path = folder / "entitlements.csv"
    path.touch(mode=0o600)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_entitlements(path, read_roles(), UNITS, ADMIN_USER)


def test_good_lines_are_granted_as_they_are_written(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "\ufeffuser,role,unit_code,scope\nli.si,unit_manager,001.006,subtree\nli.si,unit_manager,001.007,direct\n"
        "wang,leadership,,\n",
    )
    unit = [UnitGrant("001.006", "subtree"), UnitGrant("001.007", "direct")]
    assert found.granted == (
        Entitlement("li.si", "unit_manager", unit[0]),
        Entitlement("li.si", "unit_manager", unit[1]),
        Entitlement("wang", "leadership", None),
    )
    assert (found.faults, found.users, found.units) == ((), ["li.si", "wang"], unit)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a,unit_manager,001.006,subtree", "a user is"),
        ("x'; drop table,unit_manager,001.006,subtree", "a user is"),
        ("admin,leadership,,", "administrator"),
        ("li.si,boss,,", "the role must be one of"),
        ("li.si,unit_manager,,", "no published unit"),
        ("li.si,unit_manager,001.999,subtree", "no published unit"),
        ("li.si,unit_manager,001' or '1'='1,subtree", "no published unit"),
        ("li.si,unit_manager,001.006,everything", "the scope"),
        ("li.si,unit_manager,001.006,", "the scope"),
        ("li.si,leadership,001.006,subtree", "sees all rows"),
        ("li.si,leadership", "four fields"),
        ("li.si,leadership,,,", "four fields"),
    ],
)
def test_a_slip_in_one_line_opens_nothing_and_locks_nobody_else_out(
    tmp_path: Path, line: str, fault: str
) -> None:
    found = read(tmp_path, f"user,role,unit_code,scope\n{line}\nwang,leadership,,\n")
    assert found.users == ["wang"]
    assert len(found.faults) == 1 and found.faults[0].startswith("line 2: ") and fault in found.faults[0]
    assert "drop table" not in found.faults[0] and "or '1'" not in found.faults[0]


def test_a_role_that_sees_all_does_not_undo_the_limits_of_another(tmp_path: Path) -> None:
    found = read(
        tmp_path, "user,role,unit_code,scope\nli,unit_manager,001.006,subtree\nli,analyst,,\nwang,analyst,,\n"
    )
    assert found.users == ["wang"] and len(found.faults) == 2


def test_a_list_that_cannot_be_trusted_as_a_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntitlementsError, match="first line"):
        read(tmp_path, "user,role,unit\nwang,leadership,\n")
    with pytest.raises(EntitlementsError, match="UTF-8"):
        read(tmp_path, "user,role,unit_code,scope\n王,leadership,,\n".encode("gb18030"))
    (tmp_path / "entitlements.csv").chmod(0o640)
    with pytest.raises(EntitlementsError, match="owner only"):
        read(tmp_path, "user,role,unit_code,scope\n")


def test_without_a_list_nobody_holds_anything(tmp_path: Path) -> None:
    assert read_entitlements(tmp_path / "none.csv", read_roles(), UNITS, ADMIN_USER) == Entitlements((), ())


def test_a_direct_holder_is_shown_no_line_about_the_units_below(tmp_path: Path) -> None:
    write_sample_warehouse(tmp_path)
    clause = make_clause(UnitGrant("001.006", "direct"), True)
    with duckdb.connect(str(tmp_path / "published" / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            f"select distinct member_code from marts.mart_unit_board where {clause}"
        ).fetchall()
    assert found == [("001.006",)]


def test_a_code_that_is_no_code_never_becomes_sql() -> None:
    for code in ("001'", "001 or 1=1", "", "001..2", "001.", "\u0660\u0660\u0661"):
        with pytest.raises(ValueError, match="digits and dots"):
            make_clause(UnitGrant(code, "subtree"), False)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources()


@pytest.fixture(scope="module")
def roles() -> Roles:
    return read_roles()


def test_no_role_sees_more_or_less_than_it_was_meant_to(sources: Sources, roles: Roles) -> None:
    assert list(role_faults(roles, sources)) == []
    limited = [role for role in roles.roles.values() if not role.sees_all_rows]
    assert limited and all(not role.databases and not role.may_query for role in limited)
    assert [name for name, role in roles.roles.items() if "restricted" in role.databases] == ["organization"]


def _with(roles: Roles, name: str, **changes: Any) -> Roles:
    return replace(roles, roles={**roles.roles, name: replace(roles.roles[name], **changes)})


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (
            lambda r: _with(r, "unit_manager", datasets=("dim_course",)),
            "has no unit_code and is not called harmless",
        ),
        (lambda r: _with(r, "unit_manager", datasets=("fct_training",)), "has no unit_code"),
        (lambda r: replace(r, harmless=frozenset()), "has no unit_code and is not called harmless"),
        (lambda r: _with(r, "leadership", datasets=("cadre_identity",)), "would read names"),
        (lambda r: _with(r, "leadership", datasets=("nothing",)), "which is no published table"),
        (
            lambda r: _with(r, "leadership", dashboards=("nothing",)),
            "the dashboard nothing, which does not exist",
        ),
        (lambda r: _with(r, "unit_manager", databases=("warehouse",)), "no whole database and no SQL Lab"),
        (lambda r: _with(r, "unit_manager", may=("read", "query")), "no whole database and no SQL Lab"),
        (
            lambda r: replace(r, roles={"institution": r.roles["institution"]}),
            "no role may open the dashboard overview",
        ),
    ],
)
def test_a_role_that_is_given_too_much_is_found_before_it_is_laid(
    sources: Sources, roles: Roles, plant: Callable[[Roles], Roles], sentence: str
) -> None:
    assert any(sentence in fault for fault in role_faults(plant(roles), sources))


def test_roles_yaml_with_a_slip_is_refused(tmp_path: Path) -> None:
    text = ROLES_FILE.read_text(encoding="utf-8")
    path = tmp_path / "roles.yaml"
    for wrong in (
        text.replace("rows: unit", "rows: mine"),
        text.replace("may: [read, export]", "may: [reed]", 1),
    ):
        assert wrong != text
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(RolesError):
            read_roles(path)


def test_every_question_of_the_cookbook_names_its_schemas_in_sql_lab(sources: Sources) -> None:
    """SQL Lab has no search path: a table without its schema would not be found there."""
    examples = load_examples()
    assert len(examples) == 25
    for example in examples:
        tree = (
            duckdb.connect()
            .execute("select json_serialize_sql(?)", [with_schemas(example.sql, sources.schemas)])
            .fetchone()
        )
        assert tree is not None
        parsed = json.loads(tree[0])
        assert not parsed["error"], example.name
        tables: list[tuple[str, str]] = []
        named: set[str] = set()

        def collect(value: Any, tables: list[tuple[str, str]] = tables, named: set[str] = named) -> None:
            if isinstance(value, dict):
                if value.get("type") == "BASE_TABLE":
                    tables.append((value["schema_name"], value["table_name"]))
                if "cte_map" in value:
                    named |= {entry["key"] for entry in value["cte_map"]["map"]}
                for item in value.values():
                    collect(item)
            elif isinstance(value, list):
                for item in value:
                    collect(item)

        collect(parsed)
        assert {table for schema, table in tables if not schema} <= named, example.name
        assert any(schema for schema, _ in tables), example.name


@pytest.mark.parametrize(
    ("user_agent", "hint", "expected"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36", None, True),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0",
            None,
            True,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", None, False),
        ("Mozilla/5.0 (iPad; CPU OS 16_0) Mobile/15E148 Safari", None, False),
        ("Chrome/140.0 Mobile Safari/537.36", "?0", False),
        ("anything", "?1", True),
    ],
)
def test_a_desk_is_not_taken_for_a_phone(user_agent: str, hint: str | None, expected: bool) -> None:
    assert is_phone(user_agent, hint) is expected


def test_the_demo_gives_one_user_a_role_and_never_overwrites_a_list(tmp_path: Path, roles: Roles) -> None:
    home = SupersetHome(tmp_path)
    assert write_demo_entitlements(home) is False and not home.entitlements.exists()
    write_sample_warehouse(tmp_path)
    add_access_tables(tmp_path)
    assert write_demo_entitlements(home) is True
    assert home.entitlements.stat().st_mode & 0o077 == 0
    found = read_entitlements(home.entitlements, roles, {"001.006"}, ADMIN_USER)
    assert found.faults == ()
    assert {entitlement.role for entitlement in found.granted} == set(roles.roles)
    assert found.units == [UnitGrant("001.006", "subtree")]
    home.entitlements.write_text("user,role,unit_code,scope\nwang,leadership,,\n")
    kept = home.entitlements.read_text()
    assert write_demo_entitlements(home) is False and home.entitlements.read_text() == kept
