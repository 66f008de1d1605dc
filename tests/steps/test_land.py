"""Landing whole drops: faults stay where they are, nothing is lost, nothing is doubled."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import fsspec
import pyarrow.parquet as pq
import pytest

from connectors.landing import land_file
from connectors.ledger import Ledger
from connectors.ledger_tables import ops_tables
from ganxun.settings import SOURCES, Settings
from ganxun.steps import land as land_module
from ganxun.steps.land import land
from tests.connectors.exports import (
    ACADEMY,
    CSVS,
    NIGHT,
    make_statement,
    write_cadre,
    write_database,
    write_lines,
    write_workbook,
)
from tests.steps.city import City, accept_all

DAY_BEFORE = date(2026, 6, 29)
RECORDS = "academy/20260630/records-0001.ndjson.gz"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def write_all(drop: Path) -> None:
    write_cadre(drop)
    write_database(drop)
    write_workbook(drop)
    for resource, item in ACADEMY.items():
        write_lines(drop, f"academy/20260630/{resource}-0001.ndjson.gz", [item])
    write_lines(drop, "mobile/dt=2026-06-30/statements-0001.ndjson.gz", [make_statement()])


def test_a_second_run_loads_nothing_and_changes_nothing(city: City) -> None:
    write_all(city.drop)
    first = [city.land(source, validate=None) for source in SOURCES]
    assert [report.files_landed for report in first] == [1, 2, 7, 1]
    assert all(report.is_ok and not report.faults for report in first)
    before = {path: path.stat().st_mtime_ns for path in city.settings.zones.raw.rglob("*.parquet")}
    second = [city.land(source, validate=None) for source in SOURCES]
    assert [(report.files_landed, report.files_known, report.rows_read) for report in second] == [
        (0, 1, 0), (0, 2, 0), (0, 7, 0), (0, 1, 0),
    ]  # fmt: skip
    assert {path: path.stat().st_mtime_ns for path in city.settings.zones.raw.rglob("*.parquet")} == before


def test_landed_bytes_are_the_delivered_ones_and_nobody_elses_to_read(city: City) -> None:
    path = write_cadre(city.drop)
    city.land("cadre")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    landed = city.settings.zones.landing / "cadre" / sha256[:2] / sha256
    assert landed.read_bytes() == path.read_bytes()
    private = [landed, city.settings.zones.ledger, *city.settings.zones.raw.rglob("*.parquet")]
    assert {stat.S_IMODE(one.stat().st_mode) for one in private} == {0o600}
    assert {stat.S_IMODE(one.stat().st_mode) for one in (landed.parent, city.settings.zones.raw)} == {0o700}


def test_a_cut_file_holds_back_only_itself_and_says_so(city: City) -> None:
    write_all(city.drop)
    cut = city.drop / RECORDS
    cut.write_bytes(cut.read_bytes()[:-9])
    report = city.land("academy")
    assert (report.files_landed, report.files_rejected) == (6, 1)
    assert report.held_back_reason is not None
    assert report.held_back_reason.startswith(f"{RECORDS}: the gzip is damaged")
    assert city.values("academy__records", "record_id") == []
    assert city.values("academy__users", "user_id") == ["U1"]
    # Still so the next night; healed by a good copy under the same name.
    assert not city.land("academy").is_ok
    write_lines(city.drop, RECORDS, [ACADEMY["records"]])
    healed = city.land("academy")
    assert (healed.files_landed, healed.is_ok) == (1, True)
    assert city.values("academy__records", "record_id") == ["R1"]


def test_a_bad_snapshot_leaves_the_last_good_one_standing(city: City) -> None:
    write_cadre(city.drop, DAY_BEFORE)
    bad = write_cadre(city.drop)
    bad.write_bytes(bad.read_bytes()[:300])
    report = city.land("cadre")
    assert (report.files_landed, report.files_rejected, report.newest_business_date) == (1, 1, DAY_BEFORE)
    assert "GBGL_20260630.zip" in (report.held_back_reason or "")
    assert city.values("cadre__person", "_business_date") == [DAY_BEFORE] * 3
    write_cadre(city.drop, revision=2)
    assert city.land("cadre").is_ok
    assert set(city.values("cadre__person", "_business_date")) == {DAY_BEFORE, NIGHT}


def test_the_highest_readable_revision_of_a_night_counts(city: City) -> None:
    write_cadre(city.drop)
    write_cadre(city.drop, revision=2, texts={"A15.csv": CSVS["A15.csv"].replace("P1,2024,1", "P1,2024,3")})
    broken = write_cadre(city.drop, revision=3)
    broken.write_bytes(b"PK")
    report = city.land("cadre")
    assert (report.files_landed, report.files_rejected, report.is_ok) == (2, 1, True)
    assert set(city.values("cadre__appraisal", "_revision")) == {2}
    assert "3" in city.values("cadre__appraisal", "a1517")


def test_only_the_newest_academic_snapshot_counts_and_late_ones_do_not_replace_it(city: City) -> None:
    write_database(city.drop)
    city.land("academic")
    write_database(city.drop, DAY_BEFORE)  # last night's export comes a day late
    write_workbook(city.drop)
    assert city.land("academic").files_landed == 2
    assert city.values("academic__lesson", "_business_date") == [NIGHT]
    assert city.values("academic__lesson", "_business_date", DAY_BEFORE) == [DAY_BEFORE]
    assert city.values("academic__backfill_class", "class_id") == ["2021-001"]


def test_the_same_content_under_another_name_is_not_counted_twice(city: City) -> None:
    write_lines(city.drop, RECORDS, [ACADEMY["records"]])
    write_lines(city.drop, "academy/20260630/records-0002.ndjson.gz", [ACADEMY["records"]])
    workbook = write_workbook(city.drop)
    (workbook.parent / "2021(1).xlsx").write_bytes(workbook.read_bytes())
    assert (city.land("academy").files_duplicate, city.land("academic").files_duplicate) == (1, 1)
    assert city.values("academy__records", "record_id") == ["R1"]
    assert city.values("academic__backfill_student", "_source_file") == [
        "academic/backfill/2021.xlsx#学员培训信息"
    ]
    assert city.statuses()["academic/backfill/2021(1).xlsx"] == "duplicate"


def test_an_unchanged_snapshot_of_another_night_is_that_nights(city: City) -> None:
    path = write_cadre(city.drop, DAY_BEFORE)
    (path.parent / "GBGL_20260630.zip").write_bytes(path.read_bytes())
    report = city.land("cadre")
    assert (report.files_landed, report.files_duplicate) == (2, 0)
    assert set(city.values("cadre__unit", "_business_date")) == {DAY_BEFORE, NIGHT}


def test_exports_of_the_future_wait_for_their_night(city: City) -> None:
    write_cadre(city.drop, DAY_BEFORE)
    write_cadre(city.drop, NIGHT)
    assert city.land("cadre", DAY_BEFORE).files_landed == 1
    assert city.land("cadre").files_landed == 1


def test_a_file_that_nobody_can_name_is_reported_and_a_temporary_one_is_not(city: City) -> None:
    write_cadre(city.drop)
    for name in ("GBGL_latest.zip", "GBGL_20260630.zip.part"):
        (city.drop / "cadre" / name).write_bytes(b"x")
    report = city.land("cadre")
    assert report.faults == ["cadre/GBGL_latest.zip: the name fits no pattern of the contract"]
    assert report.is_ok


def test_a_failed_critical_expectation_rejects_the_guilty_night_only(city: City) -> None:
    write_cadre(city.drop, DAY_BEFORE)
    write_cadre(city.drop, NIGHT, texts={"A01.csv": CSVS["A01.csv"].replace(",1,04,", ",2,04,")})
    report = city.land("cadre", validate=None)
    assert (report.files_landed, report.files_rejected, report.newest_business_date) == (1, 1, DAY_BEFORE)
    assert "critical expectations failed: person: somebody_is_on_duty" in (report.held_back_reason or "")
    assert set(city.values("cadre__person", "_business_date")) == {DAY_BEFORE}
    with Ledger(city.settings.zones) as ledger:
        checks = ops_tables(ledger, NIGHT)["check"].to_pylist()
    assert {(c["stage"], c["suite"]) for c in checks} == {("landing", "cadre")}
    failed = [c for c in checks if not c["success"] and c["severity"] == "critical"]
    assert [c["expectation"] for c in failed] == ["somebody_is_on_duty"]


KILLED = """
    import os, sys
    from datetime import date
    from pathlib import Path
    from connectors.ledger import Ledger
    from ganxun.settings import Settings
    from ganxun.steps.land import land
    keep = Ledger.record
    def die(self, file, digest, status, *rest, **named):
        if status == "loaded":
            os._exit(9)
        keep(self, file, digest, status, *rest, **named)
    Ledger.record = die
    settings = Settings(data_dir=Path(sys.argv[1]))
    land(settings, "academy", sys.argv[2], date(2026, 6, 30), validate=lambda *_: [])
"""


def test_a_crash_before_the_commit_loses_and_doubles_nothing(city: City) -> None:
    write_lines(city.drop, RECORDS, [ACADEMY["records"]])
    arguments = [sys.executable, "-c", textwrap.dedent(KILLED), str(city.settings.data_dir), str(city.drop)]
    assert subprocess.run(arguments, check=False).returncode == 9
    assert city.statuses() == {RECORDS: "landed"}
    staged = list(city.settings.zones.raw.rglob("*.parquet"))
    assert len(staged) == 1
    assert city.values("academy__records", "record_id") == []
    assert city.land("academy").files_landed == 1
    assert city.values("academy__records", "record_id") == ["R1"]
    assert list(city.settings.zones.raw.rglob("*.parquet")) == staged


def test_a_fault_in_the_code_stops_one_file_and_is_tried_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(city.drop, RECORDS, [ACADEMY["records"]])
    write_lines(city.drop, "academy/20260630/users-0001.ndjson.gz", [ACADEMY["users"]])
    with monkeypatch.context() as patch:
        good = land_module.reader_of

        class Broken:
            def read(self, stage, file):
                if "records" in file.drop.path:
                    raise RuntimeError("甲一 519900198507160011")
                return good("academy").read(stage, file)

        patch.setattr(land_module, "reader_of", lambda source: Broken())
        report = city.land("academy")
    assert report.faults == [f"{RECORDS}: rejected: reading failed unexpectedly (RuntimeError)"]
    assert report.files_landed == 1
    assert city.land("academy").files_landed == 1
    assert city.values("academy__records", "record_id") == ["R1"]


def test_a_rewritten_file_is_seen_even_if_its_size_is_the_same(city: City) -> None:
    path = write_lines(city.drop, RECORDS, [ACADEMY["records"] | {"study_seconds": 5400}])
    city.land("academy")
    size = path.stat()
    path.write_bytes(write_lines(city.drop, "x", [ACADEMY["records"] | {"study_seconds": 5401}]).read_bytes())
    os.utime(path, ns=(size.st_atime_ns, size.st_mtime_ns))
    assert city.land("academy").files_landed == 1
    assert sorted(city.values("academy__records", "study_seconds")) == [5400.0, 5401.0]


def test_a_source_without_any_file_is_no_crash(city: City) -> None:
    report = city.land("mobile")
    assert (report.newest_business_date, report.files_landed, report.to_dict()["is_ok"]) == (None, 0, True)


def test_a_backfill_workbook_does_not_make_an_old_source_look_fresh(city: City) -> None:
    write_database(city.drop, DAY_BEFORE)
    write_workbook(city.drop)
    assert city.land("academic").newest_business_date == DAY_BEFORE


LANDING = """
    import sys
    from datetime import date
    from pathlib import Path
    from ganxun.settings import Settings
    from ganxun.steps.land import land
    folder, drop, source = sys.argv[1:]
    settings = Settings(data_dir=Path(folder))
    report = land(settings, source, drop, date(2026, 6, 30), validate=lambda *_: [])
    sys.exit(0 if report.files_landed and report.is_ok else 1)
"""


def test_two_sources_landing_at_once_do_not_lock_each_other_out(city: City) -> None:
    write_all(city.drop)
    folder = str(city.settings.data_dir)
    arguments = [sys.executable, "-c", textwrap.dedent(LANDING), folder, str(city.drop)]
    running = [subprocess.Popen([*arguments, source]) for source in ("academy", "mobile", "cadre")]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert set(city.statuses().values()) == {"loaded"}
    with Ledger(city.settings.zones) as ledger:
        assert ledger.query("PRAGMA journal_mode")[0][0] == "wal"  # else readers wait for writers


def test_the_quarantine_of_a_rejected_reading_is_not_published(city: City) -> None:
    write_lines(city.drop, RECORDS, [ACADEMY["records"] | {"client": "tv"}, "{"])
    city.land("academy")
    with Ledger(city.settings.zones) as ledger:
        tables = ops_tables(ledger, NIGHT)
        assert [(row["source_row"], row["action"]) for row in tables["quarantine"].to_pylist()] == [
            (1, "nulled"), (2, "quarantined"),
        ]  # fmt: skip
        assert tables["batch"].select(["status", "rows_read", "rows_loaded"]).to_pylist() == [
            {"status": "loaded", "rows_read": 2, "rows_loaded": 1}
        ]
        assert ops_tables(ledger, DAY_BEFORE)["quarantine"].num_rows == 0


def test_the_sample_city_reconciles_file_by_file(city_small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    reports = {
        source: land(settings, source, str(city_small), NIGHT, validate=accept_all) for source in SOURCES
    }
    counts = {name: (r.files_landed, r.files_duplicate, r.files_rejected) for name, r in reports.items()}
    assert counts == {"cadre": (2, 0, 0), "academic": (4, 1, 0), "academy": (15, 1, 0), "mobile": (69, 1, 0)}
    with Ledger(settings.zones) as ledger:
        found = ops_tables(ledger, NIGHT)["quarantine"].to_pylist()
        assert {(row["entity"], row["field"], row["action"]) for row in found} == {
            ("person", "a0221", "nulled"),
            ("post", "a0243", "quarantined"),
            ("lesson", "lesson_date", "quarantined"),
            ("records", "completed_at", "nulled"),
            ("statements", "timestamp", "quarantined"),
        }
        for row in ledger.query("SELECT * FROM batch WHERE status = 'loaded'"):
            path = settings.zones.raw / f"{row['source']}__{row['entity']}" / f"{row['batch_id']}.parquet"
            assert pq.read_metadata(path).num_rows == row["rows_loaded"]
            assert row["rows_read"] == row["rows_loaded"] + row["rows_quarantined"] + row["rows_superseded"]


def test_a_drop_that_cannot_be_read_is_a_fault_and_not_an_empty_night(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lines(city.drop, RECORDS, [ACADEMY["records"]])

    def unreachable(*_: object) -> None:
        raise PermissionError("denied")

    with monkeypatch.context() as patch:
        patch.setattr(land_module, "land_file", unreachable)
        assert not city.land("academy").is_ok
    assert land_module.land_file is land_file
    assert city.land("academy").files_landed == 1


def test_a_drop_on_another_file_system_lands_like_a_folder(city: City) -> None:
    path = write_cadre(city.drop)
    remote = fsspec.filesystem("memory")
    remote.pipe("/exports/cadre/GBGL_20260630.zip", path.read_bytes())
    try:
        for landed, known in ((1, 0), (0, 1)):
            report = land(city.settings, "cadre", "memory://exports", NIGHT, validate=accept_all)
            assert (report.files_landed, report.files_known, report.faults) == (landed, known, [])
    finally:
        remote.rm("/exports", recursive=True)
    assert city.values("cadre__unit", "b0111") == ["001", "001.001"]
