"""Rules changed from a day on, in CSV files only: one build holds both versions, each for its own days.

The simulated city is built twice, with the rules of the repository and with a copy in which each rule has a
second version. The days of change are taken from the first build, so that each has rows of its own: the
very day is where a rule is most easily applied too early or too late.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import Settings
from ganxun.steps import build as build_step
from tests.dbt.conftest import run_dbt
from tests.drops import CITY_SMALL_DATE
from tests.nights import Night

pytestmark = pytest.mark.e2e

NEW_LIMIT, NEW_CAP, NEW_SECONDS, NEW_TOPIC = 0.1, 6, 3000, "K06"
NEW_TARGET_HOURS, NEW_TARGET_DAYS, NEW_SYSTEMATIC_HOURS = 1000, 200, 60
# a month end of the past; the lights of the ones before it must not move
NEW_TARGETS_FROM = date(2026, 4, 30)
ONLINE = "mode in ('online_class', 'online_elective', 'mobile')"


@dataclass(frozen=True)
class Changes:
    """The days from which the second versions are in force, and the category that gets another topic."""

    absence_limit: date
    daily_cap: date
    seconds: date
    category: str
    category_topic: str
    topic_map: date
    part_time_counts: date

    def first_day(self) -> date:
        """Rows of earlier days must be what they were, in every column."""
        return min(self.absence_limit, self.daily_cap, self.seconds, self.topic_map, self.part_time_counts)


def find_changes(night: Night) -> Changes:
    """Days on which the new version makes a difference, with days before them on which it would, too."""

    def find_day(sql: str) -> date:
        days = [row[0] for row in night.query(f"select distinct day from ({sql}) order by day")]
        assert len(days) > 1, f"the city has no two days for: {sql}"
        return days[-1]

    absence_limit = find_day(f"""
        select e.end_date as day from marts.fct_enrollment as e
        join marts.fct_training as t using (enrollment_id, source)
        where e.leave_hours + e.absent_hours
                > {NEW_LIMIT} * (e.attended_hours + e.leave_hours + e.absent_hours) + 0.001
            and t.credit_status = 'credited' and t.evidence_grade = 'system'""")
    daily_cap = find_day(f"""
        select activity_date as day from marts.fct_training
        where {ONLINE} and cadre_key is not null
        group by cadre_key, activity_date having sum(credited_hours) > {NEW_CAP}""")
    seconds = find_day(f"""
        select activity_date as day from marts.fct_training
        where rule_code = 'study_time' and raw_hours >= 1 and activity_date > '{daily_cap}'""")
    rows = night.query("""
        select r.rule_code, r.value, list(distinct t.activity_date order by t.activity_date)
        from ops.ops_rule as r
        join marts.dim_course as c on r.value = c.topic_code and c.mapped_by = 'category'
        join marts.fct_training as t on t.course_key = c.course_key and t.source = 'academic'
        where r.rule_kind = 'topic_mapping' and r.scope = 'academic'
        group by r.rule_code, r.value having count(distinct t.activity_date) > 9
        order by count(*) desc, r.rule_code limit 1""")
    category, category_topic, days = rows[0]
    part_time = find_day("""
        select t.activity_date as day from marts.fct_training as t where t.mode = 'part_time'""")
    return Changes(
        absence_limit, daily_cap, seconds, category, category_topic, days[len(days) // 2], part_time
    )


def supersede(project: Path, seed: str, where: dict[str, str], day: date, changes: dict[str, str]) -> None:
    """Do what a city does: end the version in force and write the next one below it, with its citation."""
    path = project / "seeds" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or [])
    [current] = [row for row in rows if not row["valid_to"] and all(row[key] == where[key] for key in where)]
    new = {
        **current,
        "valid_from": day.isoformat(),
        "origin": "local",
        "citation": "本市〔2026〕1号",
        **changes,
    }
    current["valid_to"] = day.isoformat()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, new])


def edit_rules(project: Path, changes: Changes) -> None:
    """The second versions, all of them in CSV files."""
    parameters: list[tuple[str, date, float]] = [
        ("absence_limit", changes.absence_limit, NEW_LIMIT),
        ("online_daily_cap_hours", changes.daily_cap, NEW_CAP),
        ("seconds_per_credit_hour", changes.seconds, NEW_SECONDS),
        ("systematic_min_hours", NEW_TARGETS_FROM, NEW_SYSTEMATIC_HOURS),
    ]
    for name, day, value in parameters:
        supersede(project, "policy_parameter", {"name": name}, day, {"value": str(value)})
    supersede(
        project,
        "policy_target",
        {"rank_group": "county_plus", "target_window": "rolling_5y"},
        NEW_TARGETS_FROM,
        {"min_hours": str(NEW_TARGET_HOURS), "min_days": str(NEW_TARGET_DAYS)},
    )
    supersede(
        project,
        "topic_mapping",
        {"source": "academic", "category_text": changes.category},
        changes.topic_map,
        {"topic_code": NEW_TOPIC},
    )
    # from this day on part-time classes of any institution count towards the off-job targets
    with (project / "seeds" / "counted_mode.csv").open("a", encoding="utf-8") as file:
        file.write(f"statutory,part_time,,,{changes.part_time_counts},,local,本市〔2026〕1号\n")


@dataclass(frozen=True)
class Edited:
    """The build with both versions of each rule: its work file, beside the night with the first ones only."""

    changes: Changes
    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query; `old` is the night with the repository's rules."""
        return self.connection.execute(sql).fetchall()


def open_pairs(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Attach the night's warehouse as `old`; view `pairs`: each ledger row with what it was there."""
    connection.execute(f"attach '{night.settings.zones.warehouse}' as old (read_only)")
    connection.execute("""
        create temp view pairs as
        select new.*, old.raw_hours as old_raw_hours, old.credited_hours as old_credited_hours,
            old.credit_status as old_status, old.topic_code as old_topic,
            old.is_statutory as was_statutory
        from marts.fct_training as new join old.marts.fct_training as old using (ledger_id)""")


@pytest.fixture(scope="module")
def edited_project(simulated_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project with edited seeds."""
    project = tmp_path_factory.mktemp("edited-rules") / "dbt_project"
    shutil.copytree(build_step.DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    edit_rules(project, find_changes(simulated_night))
    return project


@pytest.fixture(scope="module")
def edited(
    simulated_night: Night, edited_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Edited]:
    """The simulated night built once more with the edited seeds; every data test and law holds on it."""
    data_dir = tmp_path_factory.mktemp("edited-night") / "data"
    shutil.copytree(simulated_night.settings.data_dir, data_dir, symlinks=True)
    settings = Settings(data_dir=data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_step, "DBT_PROJECT", edited_project)
        run = build_step.build(settings, CITY_SMALL_DATE)
    with duckdb.connect(str(run.work_file(settings)), read_only=True) as connection:
        connection.execute(f"set timezone = '{settings.timezone}'")
        open_pairs(connection, simulated_night)
        yield Edited(find_changes(simulated_night), connection)


def test_rows_of_days_before_any_change_are_what_they_were(edited: Edited) -> None:
    first_day = edited.changes.first_day()
    side = "select * from {}marts.fct_training where activity_date < '{}'"
    new, old = side.format("", first_day), side.format("old.", first_day)
    [(rows,)] = edited.query(f"select count(*) from ({old})")
    assert rows > 100
    assert edited.query(f"({new} except all {old}) union all ({old} except all {new})") == []
    assert edited.query("""
        select count(*) from (select ledger_id, activity_date, cadre_key from marts.fct_training
        except all select ledger_id, activity_date, cadre_key from old.marts.fct_training)""") == [(0,)]


def test_an_absence_counts_by_the_limit_of_the_day_on_which_the_class_ended(edited: Edited) -> None:
    day = edited.changes.absence_limit
    sql = f"""
        select t.activity_date, t.credit_status = 'excess_leave' as is_excess,
            t.old_status = 'excess_leave' as was_excess,
            t.old_status in ('credited', 'excess_leave')
            and e.leave_hours + e.absent_hours > case when t.activity_date < '{day}' then 1 / 7 else 0.1 end
                * (e.attended_hours + e.leave_hours + e.absent_hours) + 0.001 as expected
        from pairs as t join marts.fct_enrollment as e using (enrollment_id, source)
        where t.source = 'academic' and t.evidence_grade = 'system' and e.attended_hours is not null"""
    assert edited.query(f"select * from ({sql}) where is_excess <> expected") == []
    changed = edited.query(
        f"select distinct activity_date from ({sql}) where is_excess and not was_excess order by 1"
    )
    assert changed[0] == (day,)


def test_no_day_of_the_old_cap_is_cut_by_the_new_one(edited: Edited) -> None:
    day = edited.changes.daily_cap
    sql = f"""
        select activity_date, cadre_key, round(sum(credited_hours), 1) as hours,
            round(sum(old_credited_hours), 1) as old_hours
        from pairs where {ONLINE} and cadre_key is not null group by activity_date, cadre_key"""
    [(before, over_new_cap)] = edited.query(f"""
        select count(*), count(*) filter (where hours > {NEW_CAP}) from ({sql})
        where activity_date < '{day}' and hours = old_hours""")
    assert [(before,)] == edited.query(f"select count(*) from ({sql}) where activity_date < '{day}'")
    assert over_new_cap > 0
    assert edited.query(f"select max(hours) from ({sql}) where activity_date >= '{day}'") == [(NEW_CAP,)]
    on_the_day = edited.query(
        f"select hours from ({sql}) where activity_date = '{day}' and old_hours > {NEW_CAP}"
    )
    assert on_the_day and all(hours == NEW_CAP for (hours,) in on_the_day)


def test_study_time_becomes_hours_by_the_conversion_of_its_day(edited: Edited) -> None:
    day = edited.changes.seconds
    sql = f"""
        select t.activity_date, t.raw_hours, t.old_raw_hours,
            case when t.activity_date < '{day}' then 2700 else {NEW_SECONDS} end as seconds_per_hour,
            floor(round(10 * s.seconds / seconds_per_hour, 6)) / 10 as expected
        from pairs as t
        join (
            select 'academy:' || record_id as ledger_id, study_seconds as seconds
            from staging.stg_academy__records
            union all
            select 'mobile:' || user_id || '/' || activity_id || '/' || activity_year, duration_seconds
            from intermediate.int_mobile_completion
        ) as s using (ledger_id)
        where t.rule_code = 'study_time'"""
    [(rows, sources)] = edited.query(f"select count(*), count(distinct raw_hours) from ({sql})")
    assert rows > 100 and sources > 5
    assert edited.query(f"select * from ({sql}) where abs(raw_hours - expected) > 0.001") == []
    assert edited.query(f"select min(activity_date) from ({sql}) where raw_hours <> old_raw_hours") == [
        (day,)
    ]


def test_a_category_means_what_its_map_said_on_the_day(edited: Edited) -> None:
    changes = edited.changes
    sql = f"""
        select t.activity_date, t.topic_code, t.old_topic
        from pairs as t
        join intermediate.int_academic_enrollment as e using (enrollment_id)
        join staging.stg_academic__course as c
            on t.source_record_id = t.enrollment_id || '/' || c.course_id
            and c.category_text = '{changes.category}'
        where t.source = 'academic'"""
    found = edited.query(f"""
        select activity_date < '{changes.topic_map}', topic_code, min(activity_date), count(*)
        from ({sql}) group by all order by 1""")
    assert [(row[0], row[1]) for row in found] == [(False, NEW_TOPIC), (True, changes.category_topic)]
    assert found[0][2] == changes.topic_map
    # themes are mapped as academic categories, too; nothing else moved, and the dimension shows today's map
    moved = edited.query("""
        select distinct old_topic, topic_code, min(activity_date) over () from pairs
        where topic_code <> old_topic""")
    assert moved == [(changes.category_topic, NEW_TOPIC, changes.topic_map)]
    assert edited.query(f"""
        select count(*) from marts.dim_course as new join old.marts.dim_course as old using (course_key)
        where old.topic_code <> new.topic_code and new.topic_code = '{NEW_TOPIC}'""") > [(0,)]


def test_what_counts_towards_the_targets_is_a_rule_of_the_day(edited: Edited) -> None:
    day = edited.changes.part_time_counts
    assert edited.query(f"""
        select distinct activity_date >= '{day}', is_statutory, was_statutory from pairs
        where mode = 'part_time' order by 1""") == [(False, False, False), (True, True, False)]
    assert edited.query("select min(activity_date) from pairs where is_statutory <> was_statutory") == [
        (day,)
    ]


def test_a_light_of_the_past_is_judged_by_the_targets_of_its_own_day(edited: Edited) -> None:
    sql = f"""
        select report_date, light, systematic_hours, statutory_hours, statutory_days,
            report_date >= '{NEW_TARGETS_FROM}' as is_new, rank_group
        from intermediate.int_cadre_coverage"""
    expected = f"""
        case
            when systematic_hours < case when is_new then {NEW_SYSTEMATIC_HOURS} else 8 end then 'red'
            when rank_group = 'section_below'
                and (statutory_hours >= 450 or statutory_days >= 60) then 'green'
            when rank_group = 'county_plus' and is_new
                and (statutory_hours >= {NEW_TARGET_HOURS} or statutory_days >= {NEW_TARGET_DAYS})
                then 'green'
            when rank_group = 'county_plus' and not is_new
                and (statutory_hours >= 550 or statutory_days >= 90) then 'green'
            else 'yellow'
        end"""
    assert edited.query(f"select * from ({sql}) where light <> {expected}") == []
    # on the day before and on the very day there are cadres whom the other version would judge otherwise
    between = f"""
        select is_new, count(*) filter (where systematic_hours >= 8
                and systematic_hours < {NEW_SYSTEMATIC_HOURS}) > 0,
            count(*) filter (where rank_group = 'county_plus' and light <> 'red'
                and (statutory_hours >= 550 or statutory_days >= 90)
                and statutory_hours < {NEW_TARGET_HOURS} and statutory_days < {NEW_TARGET_DAYS}) > 0
        from ({sql}) where report_date in ('{NEW_TARGETS_FROM}', date '{NEW_TARGETS_FROM}' - 30)
        group by is_new order by is_new"""
    assert edited.query(between) == [(False, True, True), (True, True, True)]


def test_the_list_of_rules_shows_both_versions_and_which_one_is_in_force(edited: Edited) -> None:
    rows = edited.query("""
        select rule_code, list(value order by valid_from), list(is_in_force order by valid_from),
            list(citation order by valid_from)[2]
        from ops.ops_rule group by rule_kind, rule_code, scope having count(*) > 1 order by rule_code""")
    values = {row[0]: row[1] for row in rows}
    assert values["absence_limit"] == ["0.1428571429", "0.1"]
    assert values["rolling_5y_statutory_hours"] == ["550", "1000"]
    assert values[edited.changes.category] == [edited.changes.category_topic, NEW_TOPIC]
    assert len(rows) == 7
    assert all(row[2] == [False, True] and row[3] == "本市〔2026〕1号" for row in rows)


def test_two_versions_on_one_day_of_the_past_are_refused(
    edited: Edited, edited_project: Path, tmp_path: Path
) -> None:
    """A version ended too late would count that month's rows twice: the build stops, nothing is published."""
    project = Path(shutil.copytree(edited_project, tmp_path / "project"))
    path = project / "seeds" / "policy_parameter.csv"
    text = path.read_text(encoding="utf-8")
    day = edited.changes.absence_limit
    ended = f"1900-01-01,{day},"
    assert ended in text
    path.write_text(text.replace(ended, f"1900-01-01,{day + timedelta(days=30)},"), encoding="utf-8")
    [(work_file,)] = edited.query("select path from duckdb_databases() where database_name = 'work'")
    copy = Path(shutil.copy(work_file, tmp_path / "work.duckdb"))
    process, statuses = run_dbt(
        ["build", "--select", "policy_parameter", "ops_rule", "--exclude-resource-type", "unit_test"],
        work_file=copy,
        folder=tmp_path,
        project=project,
    )
    assert process.returncode != 0
    assert statuses["rule_periods_meet"] == "fail"
