"""One command gives readers an earlier warehouse back, whole, and never a mixed one."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import Settings
from ganxun.steps.lock import WarehouseBusy, warehouse_lock
from ganxun.steps.published_links import find_published_run
from ganxun.steps.rollback import RollbackRefused, list_versions, roll_back

RUNS = ("20260628-20260629T010000-aaaa", "20260629-20260630T010000-bbbb", "20260630-20260701T010000-cccc")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three published versions, the last one published."""
    made = Settings(data_dir=tmp_path)
    made.zones.create()
    for number, run_id in enumerate(RUNS):
        folder = made.zones.versions / run_id
        folder.mkdir()
        for name, schema in (("warehouse.duckdb", "ops"), ("warehouse_restricted.duckdb", "restricted")):
            with duckdb.connect(str(folder / name)) as connection:
                connection.execute(f"create schema {schema}")
                connection.execute(
                    f"create table {schema}.ops_run as select '{run_id}' as run_id, "
                    f"date '2026-06-28' + {number} as business_date"
                )
    for link in (made.zones.warehouse, made.zones.restricted):
        link.symlink_to(Path("versions") / RUNS[-1] / link.name)
    return made


def read_published(settings: Settings) -> tuple[str, str]:
    found = []
    for link, schema in ((settings.zones.warehouse, "ops"), (settings.zones.restricted, "restricted")):
        with duckdb.connect(str(link), read_only=True) as connection:
            ((run_id,),) = connection.execute(f"select run_id from {schema}.ops_run").fetchall()
            found.append(run_id)
    return found[0], found[1]


def test_one_command_goes_one_version_back_with_both_files(settings: Settings) -> None:
    assert roll_back(settings).run_id == RUNS[1]
    assert read_published(settings) == (RUNS[1], RUNS[1])
    assert roll_back(settings).run_id == RUNS[0]
    assert read_published(settings) == (RUNS[0], RUNS[0])
    with pytest.raises(RollbackRefused, match="no version before"):
        roll_back(settings)
    assert read_published(settings) == (RUNS[0], RUNS[0])


def test_a_named_version_is_published_also_forwards(settings: Settings) -> None:
    roll_back(settings, RUNS[0])
    assert roll_back(settings, RUNS[2]).is_published
    assert read_published(settings) == (RUNS[2], RUNS[2])


def test_a_reader_who_had_it_open_keeps_his_view(settings: Settings) -> None:
    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as reader:
        roll_back(settings)
        assert reader.execute("select run_id from ops.ops_run").fetchall() == [(RUNS[2],)]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def leave_a_log(file: Path) -> None:
    Path(f"{file}.wal").write_bytes(b"left by a crash")


@pytest.mark.parametrize("harm", [Path.unlink, cut, leave_a_log])
@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse_restricted.duckdb"])
def test_a_version_that_is_not_whole_is_passed_over(settings: Settings, name: str, harm) -> None:
    harm(settings.zones.versions / RUNS[1] / name)
    assert [version.run_id for version in list_versions(settings)] == [RUNS[2], RUNS[0]]
    with pytest.raises(RollbackRefused, match="no whole version"):
        roll_back(settings, RUNS[1])
    assert roll_back(settings).run_id == RUNS[0]
    assert read_published(settings) == (RUNS[0], RUNS[0])


def test_the_list_says_what_is_published_and_of_which_day(settings: Settings) -> None:
    shutil.rmtree(settings.zones.versions / RUNS[0])
    listed = [
        (v.run_id, v.business_date.isoformat(), v.tables, v.is_published) for v in list_versions(settings)
    ]
    assert listed == [(RUNS[2], "2026-06-30", 2, True), (RUNS[1], "2026-06-29", 2, False)]


def test_nothing_moves_while_a_run_publishes(settings: Settings) -> None:
    with warehouse_lock(settings), pytest.raises(WarehouseBusy):
        roll_back(settings)
    assert find_published_run(settings.zones) == RUNS[2]
