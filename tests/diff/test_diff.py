"""Two nights compared: every planted change is found under its own reason, and the reasons add up."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console

from ganxun.cli.show_diff import show_diff
from ganxun.diff.lights import LightChange
from ganxun.diff.report import DiffReport, compare_dates
from ganxun.diff.tables import NotComparable
from ganxun.diff.versions import find_version
from ganxun.settings import Settings
from ganxun.steps.published_links import find_published_run
from tests.nights import Night
from tests.planted_nights import FIRST, LAST, PLANTED, SECOND, Planted, ThreeNights
from tests.test_command_line import run_ganxun

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def report(three_nights: ThreeNights) -> DiffReport:
    """The first night against the last."""
    return compare_dates(three_nights.settings, FIRST, LAST)


@pytest.fixture(scope="module")
def changes(report: DiffReport, three_nights: ThreeNights) -> dict[str, LightChange]:
    """Changes by person code."""
    with duckdb.connect(
        str(three_nights.versions[LAST] / "warehouse_restricted.duckdb"), read_only=True
    ) as named:
        codes = dict(named.execute("select cadre_key, person_code from restricted.cadre_identity").fetchall())
    return {codes[change.cadre_key]: change for change in report.lights}


@pytest.fixture(scope="module")
def both(three_nights: ThreeNights) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, night in (("b", FIRST), ("a", LAST)):
            file = three_nights.versions[night] / "warehouse.duckdb"
            connection.execute(f"attach '{file}' as {name} (read_only)")
        yield connection


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one.reason}-{one.code[-2:]}")
def test_a_planted_change_is_told_with_its_reason_and_no_other(
    planted: Planted, changes: dict[str, LightChange]
) -> None:
    change = changes[planted.code]
    assert (change.light_before, change.light_after) == planted.lights
    assert [reason.kind for reason in change.reasons] == [planted.reason]


def test_every_changed_light_has_a_reason_and_the_reasons_add_up(report: DiffReport) -> None:
    assert sum(change.is_light for change in report.lights) >= len(PLANTED) - 1
    for change in report.lights:
        assert change.reasons, change.cadre_key
        assert "unexplained" not in [reason.kind for reason in change.reasons]
        assert set(change.unexplained.values()) <= {0}, change


def test_the_lights_that_changed_are_those_of_the_marts(
    report: DiffReport, both: duckdb.DuckDBPyConnection
) -> None:
    rows = both.execute(
        "select coalesce(b.cadre_key, a.cadre_key), b.light, a.light from b.marts.mart_cadre_coverage as b "
        "full join a.marts.mart_cadre_coverage as a on b.cadre_key = a.cadre_key "
        "where b.light is distinct from a.light"
    ).fetchall()
    told = {(one.cadre_key, one.light_before, one.light_after) for one in report.lights if one.is_light}
    assert told == set(rows)


def test_the_rule_that_changed_is_told_with_both_values(report: DiffReport) -> None:
    changed = [
        (row["rule_code"], row["scope"], row["value_before"], row["value_after"]) for row in report.rules
    ]
    assert changed == [("rolling_5y_statutory_hours", "section_below", "450", "445")]
    assert report.versions["rule_version"][0] == report.versions["rule_version"][1]  # one seed, two dates


def test_rows_of_every_table_add_up(report: DiffReport, both: duckdb.DuckDBPyConnection) -> None:
    assert len(report.tables) > 25
    for table in report.tables:
        name = f"{table.schema}.{table.table}"
        counts = [both.execute(f"select count(*) from {side}.{name}").fetchone()[0] for side in ("b", "a")]
        assert counts == [table.rows_before, table.rows_after]
        assert table.rows_before + table.added - table.removed == table.rows_after
        assert table.changed <= min(counts)
        assert set(table.columns.values()) <= set(range(1, table.changed + 1))


def test_added_and_removed_rows_are_counted_by_key(
    report: DiffReport, both: duckdb.DuckDBPyConnection
) -> None:
    table = next(one for one in report.tables if one.table == "fct_training")
    ids = "select ledger_id from {}.marts.fct_training"
    for left, right, told in (("a", "b", table.added), ("b", "a", table.removed)):
        found = both.execute(
            f"select count(*) from ({ids.format(left)} except {ids.format(right)})"
        ).fetchone()
        assert found == (told,) and told > 0


def test_every_published_table_has_a_key_that_holds(simulated_night: Night) -> None:
    """A wrong key would pair the wrong rows, and a forgotten table would never be compared."""
    listed = simulated_night.query("select schema_name, table_name, key_columns from ops.ops_table")
    there = simulated_night.query(
        "select schema_name, table_name from duckdb_tables() "
        "where schema_name in ('marts', 'ops', 'restricted')"
    )
    assert {row[:2] for row in listed} == set(there)
    keyless = []
    for schema, table, key in listed:
        prefix = "r." if schema == "restricted" else ""
        if key is None:
            keyless.append(table)
            continue
        twice = simulated_night.query(
            f"select count(*) from (select {key} from {prefix}{schema}.{table} "
            "group by all having count(*) > 1)"
        )
        assert twice == [(0,)], (table, key)
    assert sorted(keyless) == ["ops_check", "ops_quarantine"]


def test_a_build_does_not_differ_from_itself(three_nights: ThreeNights) -> None:
    same = compare_dates(three_nights.settings, LAST, LAST)
    assert [table.table for table in same.tables if not table.is_equal] == []
    assert same.lights == [] and same.rules == []


def test_the_rows_of_one_table_are_listed_with_both_values(
    three_nights: ThreeNights, report: DiffReport
) -> None:
    asked = compare_dates(three_nights.settings, FIRST, LAST, table="dim_cadre")
    counted = next(one for one in asked.tables if one.table == "dim_cadre")
    kinds = [row.kind for row in asked.rows]
    assert {kind: kinds.count(kind) for kind in ("added", "removed", "changed")} == {
        "added": counted.added, "removed": counted.removed, "changed": counted.changed,
    }  # fmt: skip
    moved = next(row for row in asked.rows if "unit_code" in row.values)
    assert moved.values["unit_code"][0] != moved.values["unit_code"][1]
    with pytest.raises(NotComparable):
        compare_dates(three_nights.settings, FIRST, LAST, table="fct_gossip")


def test_a_date_without_a_kept_version_is_built_aside_and_nothing_published_moves(
    three_nights: ThreeNights, report: DiffReport, tmp_path: Path
) -> None:
    shutil.copytree(three_nights.settings.data_dir, tmp_path / "data", symlinks=True)
    settings = Settings(data_dir=tmp_path / "data")
    shutil.rmtree(settings.zones.versions / three_nights.versions[FIRST].name)
    published, versions = find_published_run(settings.zones), sorted(settings.zones.versions.iterdir())
    with three_nights.rules():
        again = compare_dates(settings, FIRST, LAST)
        assert again.before.is_aside and not again.after.is_aside
        assert find_version(settings, FIRST) == again.before  # kept for the next comparison
    assert again.tables == report.tables
    assert again.lights == report.lights
    assert find_published_run(settings.zones) == published
    assert sorted(settings.zones.versions.iterdir()) == versions
    assert not any(path.is_dir() for path in settings.zones.build.iterdir())  # the work file held names
    # Rules that have changed since make it worthless: outside the city's own rules it does not hold.
    assert find_version(settings, FIRST) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_text_tells_every_cadre_and_fits(report: DiffReport, lang: str, width: int) -> None:
    console = Console(width=width, record=True, file=io.StringIO(), highlight=False)
    show_diff(report, console, lang, 0)  # type: ignore[arg-type]
    text = console.export_text()
    assert max(cell_len(line) for line in text.splitlines()) <= width
    for change in report.lights:
        assert change.cadre_key in text
    for reason in {
        "zh": ("移出五年窗口", "调动", "身份对应"),
        "en": ("left the five years", "transfer", "tied to"),
    }[lang]:
        assert reason in " ".join(text.split()) or reason in "".join(text.split())


def test_the_command_answers_people_and_machines_without_names(three_nights: ThreeNights) -> None:
    data_dir = str(three_nights.settings.data_dir)
    done = run_ganxun("diff", str(SECOND), str(LAST), "--json", "--data-dir", data_dir)
    told = json.loads(done.stdout)
    assert told["before"]["business_date"] == str(SECOND) and told["lights"]
    # An enrolment's own id may hold what its system likes; a person code stands nowhere else.
    assert not re.search("(?<!BM)ZZ1000", done.stdout) and "种植" not in done.stdout
    people = run_ganxun("diff", str(SECOND), str(LAST), "--table", "dim_cadre", "--data-dir", data_dir)
    assert people.returncode == 0 and "变化的行" in people.stdout
    assert run_ganxun("diff", str(SECOND), str(LAST), "--table", "x", "--data-dir", data_dir).returncode == 2


def test_a_date_before_any_snapshot_cannot_be_compared(three_nights: ThreeNights, tmp_path: Path) -> None:
    # The attempt is written into the ledger, and this city is other tests' too.
    shutil.copytree(three_nights.settings.data_dir, tmp_path / "data", symlinks=True)
    done = run_ganxun("diff", "2020-01-01", str(LAST), "--data-dir", str(tmp_path / "data"))
    assert done.returncode == 1 and "cadre snapshot" in done.stderr
