"""Whole nights on a simulated city: nothing lost, nothing doubled, always a readable warehouse."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from connectors.ledger import Ledger
from ganxun.night import run_night
from ganxun.settings import Settings
from ganxun.steps.build import BuildRun, build
from ganxun.steps.check import ChecksFailed, check
from ganxun.steps.lock import WarehouseBusy, warehouse_lock
from ganxun.steps.publish import PublishFailed, publish
from ganxun.steps.published_links import find_published_run, mend_links
from tests.drops import CITY_SMALL_DATE
from tests.nights import Night

pytestmark = pytest.mark.e2e

NEWEST_PUBLISHED = "select max(run_id) from ops.ops_run where status = 'published'"


def copy_night(night: Night, data_dir: Path) -> Night:
    """A copy of a night that a test may change."""
    shutil.copytree(night.settings.data_dir, data_dir, symlinks=True)
    return Night(Settings(data_dir=data_dir), night.drop, night.report)


@pytest.fixture
def own_night(simulated_night: Night, tmp_path: Path) -> Night:
    """A copy of the simulated night for one test."""
    return copy_night(simulated_night, tmp_path / "data")


@dataclass(frozen=True)
class Rebuilt:
    """A night that was built and published a second time, with what a reader saw meanwhile."""

    night: Night
    first_run: str | None
    hashes_before: dict[str, int]
    seen_before: tuple | None
    seen_meanwhile: tuple | None


@pytest.fixture(scope="module")
def rebuilt(simulated_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    """The simulated night again, with `--rebuild`, under an open reader and beside many old versions."""
    night = copy_night(simulated_night, tmp_path_factory.mktemp("rebuilt") / "data")
    zones = night.settings.zones
    first_run, hashes = find_published_run(zones), hash_tables(night.settings)
    for number in range(9):
        old = zones.versions / f"by-hand-{number}"
        shutil.copytree(zones.warehouse.resolve().parent, old)
        os.utime(old / zones.warehouse.name, (number, number))
    (zones.versions / "by-hand-crashed").mkdir()
    (zones.versions / "by-hand-crashed" / "warehouse.writing").touch()
    with duckdb.connect(str(zones.warehouse.resolve()), read_only=True) as reader:
        before = reader.execute(NEWEST_PUBLISHED).fetchone()
        report = run_night(night.settings, str(night.drop), CITY_SMALL_DATE, rebuild=True)
        meanwhile = reader.execute(NEWEST_PUBLISHED).fetchone()
    return Rebuilt(Night(night.settings, night.drop, report), first_run, hashes, before, meanwhile)


@dataclass(frozen=True)
class Unpublished:
    """A build that is neither checked nor published, and last night's run."""

    settings: Settings
    run: BuildRun
    published: str | None

    def spoil(self, sql: str) -> None:
        """Change the working warehouse, from its first state."""
        work_file = self.run.work_file(self.settings)
        first_state = work_file.with_suffix(".first")
        if not first_state.exists():
            shutil.copy(work_file, first_state)
        shutil.copy(first_state, work_file)
        with duckdb.connect(str(work_file)) as connection:
            connection.execute(sql)


@pytest.fixture(scope="module")
def unpublished(simulated_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Unpublished:
    """A second build of the simulated night."""
    settings = copy_night(simulated_night, tmp_path_factory.mktemp("unpublished") / "data").settings
    return Unpublished(settings, build(settings, CITY_SMALL_DATE), find_published_run(settings.zones))


def hash_tables(settings: Settings) -> dict[str, int]:
    """An order-free hash of every row of every mart and restricted table."""
    hashes = {}
    for file, schema in ((settings.zones.warehouse, "marts"), (settings.zones.restricted, "restricted")):
        with duckdb.connect(str(file), read_only=True) as connection:
            names = connection.execute(
                "select table_name from duckdb_tables() where schema_name = ?", [schema]
            ).fetchall()
            for (name,) in names:
                row = connection.execute(
                    f"select count(*), sum(hash(t)::hugeint) from {schema}.{name} as t"
                ).fetchone()
                hashes[f"{schema}.{name}"] = row
    return hashes


def test_every_row_that_was_read_is_loaded_quarantined_or_superseded(simulated_night: Night) -> None:
    rows = simulated_night.query(
        "select sum(rows_read), sum(rows_loaded + rows_quarantined + rows_superseded), "
        "sum(rows_quarantined), sum(rows_superseded) from ops.ops_batch"
    )
    read, accounted, quarantined, superseded = rows[0]
    assert read == accounted
    assert quarantined > 0 and superseded > 0  # the simulator plants both


def test_a_model_that_breaks_a_law_keeps_last_nights_warehouse(
    own_night: Night, capfd: pytest.CaptureFixture[str]
) -> None:
    """dbt's own tests fail the build: a person with two current snapshots would double every hour."""
    settings = own_night.settings
    published = find_published_run(settings.zones)
    person_files = sorted((settings.zones.raw / "cadre__person").glob("*.parquet"))
    with duckdb.connect() as connection:
        for path in person_files:
            doubled = path.with_suffix(".doubled")
            connection.execute(
                f"copy (from '{path}' union all from '{path}') to '{doubled}' (format parquet)"
            )
            doubled.replace(path)
    report = run_night(settings, str(own_night.drop), CITY_SMALL_DATE, rebuild=True)
    assert report.exit_code == 1
    assert report.failure is not None and "dbt" in report.failure
    assert find_published_run(settings.zones) == published
    assert capfd.readouterr().out == "", "standard output is the report's (`ganxun run --json`)"


def test_one_rename_swaps_both_files(own_night: Night) -> None:
    """Two renames would leave a moment in which names are of one night and figures of another."""
    zones = own_night.settings.zones
    for link in (zones.warehouse, zones.restricted):
        assert link.readlink() == Path("current") / link.name
    assert zones.current.readlink() == Path("versions") / (find_published_run(zones) or "")


def test_a_crash_between_the_two_swaps_of_an_earlier_layout_is_mended(own_night: Night) -> None:
    zones = own_night.settings.zones
    run_id = find_published_run(zones)
    zones.current.unlink()
    zones.warehouse.unlink()
    zones.warehouse.symlink_to(Path("versions") / (run_id or "") / zones.warehouse.name)
    stray = zones.versions / "20991231-crash" / zones.restricted.name
    stray.parent.mkdir()
    shutil.copy(zones.versions / (run_id or "") / zones.restricted.name, stray)
    zones.restricted.unlink()
    zones.restricted.symlink_to(stray.relative_to(zones.published))
    mend_links(zones)
    assert zones.restricted.resolve().parent.name == find_published_run(zones) == run_id
    assert zones.warehouse.readlink() == Path("current") / zones.warehouse.name


def test_without_any_cadre_snapshot_nothing_is_published(simulated_city: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    shutil.copytree(simulated_city / "academy", drop / "academy")
    settings = Settings(data_dir=tmp_path / "data")
    report = run_night(settings, str(drop), CITY_SMALL_DATE)
    assert report.exit_code == 1
    assert report.failure is not None and "cadre snapshot" in report.failure
    assert not settings.zones.warehouse.exists()


def test_a_source_without_tonights_export_is_named_and_the_rest_is_published(
    simulated_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run with relative paths, as people type them; dbt changes its folder underneath."""
    monkeypatch.chdir(tmp_path)
    drop = Path("drop")
    shutil.copytree(simulated_city, drop)
    shutil.rmtree(drop / "mobile" / "dt=2026-06-30")
    settings = Settings(data_dir=Path("data"))
    report = run_night(settings, str(drop), CITY_SMALL_DATE)
    assert Path.cwd() == tmp_path
    assert (tmp_path / "data" / "published" / "warehouse.duckdb").exists()
    assert report.exit_code == 3
    assert list(report.missing_sources) == ["mobile"]
    night = Night(settings, drop, report)
    assert night.query("select days_behind, state_zh from ops.ops_freshness where source = 'mobile'") == [
        (1, "滞后")
    ]


def test_a_drop_that_is_not_there_is_named_and_last_nights_warehouse_stands(own_night: Night) -> None:
    published = find_published_run(own_night.settings.zones)
    report = run_night(own_night.settings, str(own_night.drop / "not-mounted"), CITY_SMALL_DATE)
    assert report.exit_code == 3
    assert sorted(report.missing_sources) == ["academic", "academy", "cadre", "mobile"]
    assert "not-mounted" in report.missing_sources["cadre"]
    assert find_published_run(own_night.settings.zones) == published


def test_an_older_date_sees_only_what_was_exported_by_then(simulated_city: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    report = run_night(settings, str(simulated_city), date(2026, 6, 29))
    assert report.exit_code in (0, 3)
    night = Night(settings, simulated_city, report)
    assert night.query("select max(business_date) from ops.ops_batch") == [(date(2026, 6, 29),)]
    assert night.query("select distinct as_of from marts.mart_cadre_coverage") == [(date(2026, 6, 29),)]


def test_two_writers_at_once_are_refused(own_night: Night) -> None:
    with warehouse_lock(own_night.settings):
        report = run_night(own_night.settings, str(own_night.drop), CITY_SMALL_DATE, rebuild=True)
    assert report.exit_code == 1 and report.failure is not None
    with warehouse_lock(own_night.settings), pytest.raises(WarehouseBusy), warehouse_lock(own_night.settings):
        pass


def test_no_name_or_number_leaves_the_owner_only_zones(simulated_night: Night) -> None:
    settings = simulated_night.settings
    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
        connection.execute(f"attach '{settings.zones.restricted}' as r (read_only)")
        connection.execute(
            "create temp table personal as select name as value from r.restricted.cadre_identity "
            "union select person_code from r.restricted.cadre_identity"
        )
        raw = settings.zones.raw / "cadre__person" / "*.parquet"
        connection.execute(f"insert into personal select distinct a0184 from '{raw}' where a0184 is not null")
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where schema_name in ('marts', 'ops') and data_type = 'VARCHAR' and not internal"
        ).fetchall()
        assert len(columns) > 100
        leaks = [
            (schema, table, column)
            for schema, table, column in columns
            if connection.execute(
                f"select count(*) from {schema}.{table} as published "
                f'semi join personal on published."{column}" = personal.value'
            ).fetchone()
            != (0,)
        ]
        numbers = connection.execute("select value from personal where length(value) = 18").fetchall()
    assert leaks == []
    text = b"".join(path.read_bytes() for path in settings.zones.logs.rglob("*") if path.is_file())
    text += settings.zones.warehouse.read_bytes()
    assert len(numbers) > 100
    assert not any(number.encode() in text for (number,) in numbers)


def test_only_the_owner_can_read_what_holds_names(simulated_night: Night) -> None:
    zones = simulated_night.settings.zones
    for private in (zones.landing, zones.raw, zones.build, zones.keys, zones.logs):
        assert private.stat().st_mode & 0o077 == 0, private
    for file in (zones.restricted, zones.ledger, zones.keys / "cadre_key"):
        assert file.stat().st_mode & 0o077 == 0, file
    assert zones.warehouse.stat().st_mode & 0o044 == 0o044
    assert zones.warehouse.resolve().parent.stat().st_mode & 0o055 == 0o055
    assert not any(path.is_dir() for path in zones.build.iterdir())  # the work file held names


def test_a_run_travels_through_an_xcom_unchanged() -> None:
    from datetime import UTC, datetime

    run = BuildRun("r", date(2026, 6, 30), datetime(2026, 7, 1, tzinfo=UTC), "d", "rules", "code")
    assert BuildRun.from_dict(run.to_dict()) == run


def test_descriptions_and_chinese_labels_are_in_the_published_file(simulated_night: Night) -> None:
    rows = simulated_night.query(
        "select table_name, column_name from duckdb_columns() where database_name <> 'r' "
        "and schema_name in ('marts', 'ops') and comment is null"
    )
    assert rows == []


def test_the_same_night_again_loads_nothing(own_night: Night) -> None:
    published = find_published_run(own_night.settings.zones)
    again = run_night(own_night.settings, str(own_night.drop), CITY_SMALL_DATE)
    assert again.is_up_to_date
    assert find_published_run(own_night.settings.zones) == published
    assert [landing.rows_read for landing in again.landings] == [0, 0, 0, 0]


def test_building_the_same_night_again_changes_no_row(rebuilt: Rebuilt) -> None:
    assert find_published_run(rebuilt.night.settings.zones) != rebuilt.first_run
    assert len(rebuilt.hashes_before) > 15
    assert hash_tables(rebuilt.night.settings) == rebuilt.hashes_before


def test_a_reader_keeps_its_view_while_a_new_one_sees_the_swap(rebuilt: Rebuilt) -> None:
    published = rebuilt.night.report.published
    assert published is not None
    assert rebuilt.seen_before == rebuilt.seen_meanwhile == (rebuilt.first_run,)
    assert rebuilt.night.query(NEWEST_PUBLISHED) == [(published.run_id,)]


def test_old_versions_are_pruned_but_the_published_one_stays(rebuilt: Rebuilt) -> None:
    settings = rebuilt.night.settings
    kept = [path.name for path in settings.zones.versions.iterdir()]
    assert len(kept) == settings.keep_versions
    assert find_published_run(settings.zones) in kept
    assert "by-hand-crashed" not in kept and "by-hand-8" in kept and "by-hand-0" not in kept


def test_the_catalog_name_is_the_same_every_night(rebuilt: Rebuilt) -> None:
    """Saved queries with three-part names would break with each swap."""
    rows = rebuilt.night.query("select count(*) from warehouse.marts.dim_unit")
    assert rows[0][0] > 0


def test_a_failing_critical_expectation_keeps_last_nights_warehouse(unpublished: Unpublished) -> None:
    unpublished.spoil("update marts.mart_unit_coverage set red = red + 1 where is_current")
    with pytest.raises(ChecksFailed):
        check(unpublished.settings, unpublished.run)
    assert find_published_run(unpublished.settings.zones) == unpublished.published
    with Ledger(unpublished.settings.zones) as ledger:
        run_id = (unpublished.run.run_id,)
        failed = ledger.query(
            "select count(*) from check_result where run_id = ? and not success and severity = 'critical'",
            run_id,
        )
        assert failed[0][0] > 0
        assert ledger.query("select status from run where run_id = ?", run_id)[0][0] == "rejected"


def test_publishing_refuses_a_table_with_names(unpublished: Unpublished) -> None:
    unpublished.spoil("alter table marts.dim_cadre add column person_code varchar")
    with pytest.raises(PublishFailed, match="person_code"):
        publish(unpublished.settings, unpublished.run)
    unfinished = unpublished.settings.zones.versions / unpublished.run.run_id
    assert unfinished.stat().st_mode & 0o077 == 0  # it can hold names in a write-ahead log
    assert find_published_run(unpublished.settings.zones) == unpublished.published
