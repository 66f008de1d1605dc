"""From which night on a file counts: an old date must not use what was exported later, nor lose its own."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.export_time import find_newest_change, night_of
from connectors.ledger import Ledger
from connectors.zones import Zones
from ganxun.settings import Settings
from ganxun.steps.land import land
from tests.connectors.exports import AT, NIGHT, TABLES, write_cadre, write_database, write_workbook

DAY_BEFORE, DAY_AFTER = date(2026, 6, 29), date(2026, 7, 1)


def accept_all(_suite: str, _tables: Mapping[str, pa.Table]) -> list:
    return []


def land_all(drop: Path, source: str, night: date) -> Settings:
    settings = Settings(data_dir=drop.parent / "data")
    land(settings, source, str(drop), night, validate=accept_all)
    return settings


def count_of(settings: Settings, table: str, night: date) -> int:
    """How many batches of a raw table count at a date."""
    with Ledger(settings.zones) as ledger:
        return len(ledger.effective_batches(night).get(table, []))


def set_saved(workbook: Path, instant: str | None) -> None:
    """Say when a workbook was saved; None: it does not say."""
    with zipfile.ZipFile(workbook) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    told = rb"" if instant is None else rb"\g<1>" + instant.encode() + rb"\g<2>"
    members["docProps/core.xml"] = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", told, members["docProps/core.xml"]
    )
    with zipfile.ZipFile(workbook, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        ("2026-06-30T22:05:11+08:00", NIGHT),
        ("2026-07-01T05:59:59+08:00", NIGHT),
        ("2026-07-01T06:00:00+08:00", DAY_AFTER),
        ("2026-06-30T21:59:59+00:00", NIGHT),  # 05:59:59 in Shanghai
        ("2026-06-30T22:00:00+00:00", DAY_AFTER),
    ],
)
def test_an_export_that_runs_past_midnight_is_still_that_evenings(instant: str, night: date) -> None:
    assert night_of(datetime.fromisoformat(instant), "Asia/Shanghai", 6) == night


@pytest.mark.parametrize(
    ("exported_at", "counts_from"),
    [
        (None, NIGHT),
        ("2026-06-30T22:05:11+08:00", NIGHT),
        ("2026-07-01T03:00:00+08:00", NIGHT),
        ("2026-07-01T09:00:00+08:00", DAY_AFTER),
        ("2026-06-01T09:00:00+08:00", NIGHT),  # never before the business date in its name
        ("2999-01-01T00:00:00+08:00", NIGHT),  # a clock that is wrong is not believed
        ("2026-07-01T09:00:00", NIGHT),  # nobody knows which instant this is
        ("yesterday", NIGHT),
    ],
)
def test_a_snapshot_counts_from_the_night_in_which_it_was_exported(
    tmp_path: Path, exported_at: str | None, counts_from: date
) -> None:
    drop = tmp_path / "drop"
    change = {} if exported_at is None else {"exported_at": exported_at}
    write_cadre(drop, change_manifest=lambda manifest: manifest.update(change))
    settings = land_all(drop, "cadre", DAY_AFTER)
    counted = [count_of(settings, "cadre__person", night) for night in (DAY_BEFORE, NIGHT, DAY_AFTER)]
    assert counted == [0, int(counts_from == NIGHT), 1]
    with Ledger(settings.zones) as ledger:
        assert (ledger.newest_business_date("cadre", NIGHT) == NIGHT) == (counts_from == NIGHT)


def test_a_revision_is_not_older_than_its_newest_change(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    write_database(drop)
    write_database(
        drop, suffix="_r2",
        tables={"theme": [row | {"updated_at": "2026-07-01T09:30:00+08:00"} for row in TABLES["theme"]]},
    )  # fmt: skip
    settings = land_all(drop, "academic", DAY_AFTER)
    with Ledger(settings.zones) as ledger:
        chosen = {
            night: pq.read_table(ledger.effective_batches(night)["academic__theme"][0])["_revision"][
                0
            ].as_py()
            for night in (NIGHT, DAY_AFTER)
        }
    assert chosen == {NIGHT: 1, DAY_AFTER: 2}


def test_a_revision_without_any_later_change_is_its_nights_own(tmp_path: Path) -> None:
    """The night that was exported again at once, with corrections: its replay must use them."""
    drop = tmp_path / "drop"
    write_database(drop)
    write_database(drop, suffix="_r2", tables={"theme": [row | {"name": "新"} for row in TABLES["theme"]]})
    settings = land_all(drop, "academic", NIGHT)
    with Ledger(settings.zones) as ledger:
        file = ledger.effective_batches(NIGHT)["academic__theme"][0]
    assert pq.read_table(file)["_revision"][0].as_py() == 2


@pytest.mark.parametrize(
    ("saved", "day"),
    [
        ("2023-01-09T00:00:00Z", date(2023, 1, 9)),
        ("2026-06-30T02:00:00Z", NIGHT),
        (None, DAY_AFTER),  # it does not say: the run that first lands it
        ("2999-01-01T00:00:00Z", DAY_AFTER),
    ],
)
def test_a_workbook_is_of_the_night_in_which_it_was_saved(
    tmp_path: Path, saved: str | None, day: date
) -> None:
    drop = tmp_path / "drop"
    set_saved(write_workbook(drop), saved)
    settings = land_all(drop, "academic", DAY_AFTER)
    with Ledger(settings.zones) as ledger:
        (found,) = ledger.query("select business_date, counts_from from file")
    assert found["business_date"] == found["counts_from"] == day.isoformat()


def test_a_workbook_saved_later_waits_where_later_nights_are_known(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    set_saved(write_workbook(drop), "2026-07-01T02:00:00Z")
    write_database(drop, DAY_AFTER)
    settings = land_all(drop, "academic", NIGHT)
    assert count_of(settings, "academic__backfill_class", NIGHT) == 0
    land_all(drop, "academic", DAY_AFTER)
    assert count_of(settings, "academic__backfill_class", NIGHT) == 0
    assert count_of(settings, "academic__backfill_class", DAY_AFTER) == 1


def test_a_clock_ahead_of_every_night_does_not_hide_a_workbook(tmp_path: Path) -> None:
    """Its rows would be missing for ever in a city whose nights have not got there yet."""
    drop = tmp_path / "drop"
    set_saved(write_workbook(drop), "2026-07-05T02:00:00Z")
    write_database(drop)
    assert count_of(land_all(drop, "academic", NIGHT), "academic__backfill_class", NIGHT) == 1


def test_changes_that_lie_ahead_are_not_believed(tmp_path: Path) -> None:
    def at(*instants: str) -> pa.Array:
        return pa.array([datetime.fromisoformat(one) for one in instants], pa.timestamp("us", "UTC"))

    pq.write_table(pa.table({"updated_at": at("2026-06-30T10:00:00+00:00", "2099-01-01T00:00:00+00:00")}),
                   tmp_path / "a.parquet")  # fmt: skip
    pq.write_table(pa.table({"stored": at("2026-06-29T10:00:00+00:00")}), tmp_path / "b.parquet")
    pq.write_table(pa.table({"id": ["x"]}), tmp_path / "c.parquet")
    files = [tmp_path / name for name in ("a.parquet", "b.parquet", "c.parquet")]
    now = datetime(2026, 7, 1, tzinfo=UTC)
    assert find_newest_change(files, now) == datetime(2026, 6, 30, 10, tzinfo=UTC)
    assert find_newest_change(files[2:], now) is None


def test_a_ledger_of_an_older_version_keeps_every_file(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    write_cadre(drop)
    settings = land_all(drop, "cadre", NIGHT)
    zones: Zones = settings.zones
    with closing(sqlite3.connect(zones.ledger)) as database, database:
        database.execute("alter table file drop column counts_from")
    assert count_of(settings, "cadre__person", NIGHT) == 1
    assert count_of(settings, "cadre__person", DAY_BEFORE) == 0


def test_the_helpers_rows_were_changed_before_the_night() -> None:
    """Otherwise the tests above would pass for another reason."""
    assert night_of(datetime.fromisoformat(AT), "Asia/Shanghai", 6) <= NIGHT
