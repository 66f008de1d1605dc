"""The dbt unit tests (models/**/*_unit_tests.yml) pass, and each fails once its rule is broken in the SQL."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.conftest import Built, run_dbt

INT = "models/intermediate"
# For each unit test: a file and the smallest edit of it that breaks the rule which the test is there for.
BREACHES = {
    "attendance_only_leave_and_absent_of_own_class_count": (
        f"{INT}/academic/int_academic_attendance.sql",
        "('leave', 'absent')",
        "('leave', 'absent', 'late')",
    ),
    "excess_leave_exactly_one_seventh_passes": (
        f"{INT}/academic/int_academic_enrollment_hours.sql",
        "+ 0.000001",
        "- 0.000001",
    ),
    "stated_hours_else_planned_and_statutory_only_recognised_off_job": (
        f"{INT}/academic/int_academic_enrollment.sql",
        "classes.mode = 'off_job' and classes.is_recognized",
        "classes.mode = 'off_job'",
    ),
    "class_mode_by_leave_status_and_recognition_by_institution": (
        f"{INT}/academic/int_training_class.sql",
        "classes.leave_status = '1'",
        "classes.leave_status in ('1', '2')",
    ),
    "backfill_class_in_the_database_or_in_a_newer_workbook_does_not_count": (
        f"{INT}/academic/int_backfill_class.sql",
        "and in_database.class_name is null",
        "",
    ),
    "academic_status_first_that_applies": (
        f"{INT}/academic/int_academic_ledger.sql",
        "when coalesce(unioned.result, '') <> 'passed'",
        "when coalesce(unioned.result, '') <> 'passed' and not unioned.is_excess_leave",
    ),
    "class_without_lessons_is_one_row_of_the_theme": (
        f"{INT}/academic/int_academic_ledger.sql",
        "finished.hours_without_lessons as raw_hours",
        "0 as raw_hours",
    ),
    "academy_record_status_hours_and_topic": (
        f"{INT}/online/int_academy_record.sql",
        "when requires_exam and",
        "when false and",
    ),
    "seconds_are_cut_never_rounded_and_days_are_local": (
        "macros/rules.sql",
        "floor(round((",
        "round(round((",
    ),
    "voided_statements_do_not_count": (
        f"{INT}/online/int_mobile_statement.sql",
        "where voided.statement_id is null and",
        "where",
    ),
    "mobile_one_row_a_year_of_completion": (
        f"{INT}/online/int_mobile_completion.sql",
        "statements.activity_year > periods.after_year",
        "statements.activity_year >= periods.after_year",
    ),
    "mobile_hours_of_the_academy_course_and_no_exam": (
        f"{INT}/online/int_mobile_record.sql",
        "        credit_hours, {{",
        "        cast(null as double), {{",
    ),
    "recognition_counts_the_first_completed_once_a_year": (
        f"{INT}/online/int_online_recognised.sql",
        "partition by cadre_key, course_key, {{ year_of('activity_date') }}",
        "partition by cadre_key, course_key",
    ),
    "recognition_ties_by_mode_then_record_id": (
        f"{INT}/online/int_online_recognised.sql",
        "{{ online_mode_order('mode') }}, source_record_id\n        ) as recognition_order",
        "source_record_id\n        ) as recognition_order",
    ),
    "daily_cap_cuts_in_order_of_completion": (
        f"{INT}/online/int_online_recognised.sql",
        "unbounded preceding and 1 preceding",
        "unbounded preceding and unbounded following",
    ),
    "statement_delivered_twice_counts_once": (
        "models/staging/mobile/stg_mobile__statements.sql",
        "where version_rank = 1",
        "",
    ),
    "newest_version_of_a_record_wins": (
        "macros/versions.sql",
        "order by updated_at desc, business_date desc",
        "order by business_date desc",
    ),
    "course_topic_by_category_then_first_keyword": (
        f"{INT}/topic/int_course_source.sql",
        "coalesce(mapping.topic_code, keyword.topic_code)",
        "coalesce(keyword.topic_code, mapping.topic_code)",
    ),
    "canonical_course_by_number_else_by_title": (
        "macros/rules.sql",
        "nullif(trim({{ course_no }}), '')",
        "{{ course_no }}",
    ),
    "theme_topic_by_category_then_name_then_keyword": (
        f"{INT}/topic/int_theme_topic.sql",
        "coalesce(mapping.topic_code, topic.topic_code, keyword.topic_code)",
        "coalesce(mapping.topic_code, keyword.topic_code)",
    ),
    "course_takes_the_topic_of_the_first_source_that_has_one": (
        "models/marts/course/dim_course.sql",
        "order by case when topic_code is null then 1 else 0 end, source_order",
        "order by source_order",
    ),
    "rank_group_by_rank_or_grade": (
        f"{INT}/cadre/int_cadre_snapshot.sql",
        "old_rank.rank_group), grades.rank_group)",
        "old_rank.rank_group))",
    ),
    "window_begins_the_day_after_five_years_before": (
        "macros/portable.sql",
        "- interval 5 year as date) + 1",
        "- interval 5 year as date)",
    ),
    "window_of_a_leap_day_begins_on_the_first_of_march": (
        "macros/portable.sql",
        "- interval 5 year",
        "- interval 1827 day",
    ),
    "systematic_hours_are_class_based_theory_and_party": (
        f"{INT}/cadre/int_cadre_day.sql",
        "('off_job', 'part_time', 'online_class')",
        "('off_job', 'part_time', 'online_class', 'mobile')",
    ),
    "off_job_days_need_a_credited_statutory_row": (
        f"{INT}/cadre/int_statutory_enrollment.sql",
        "ledger.credited_hours > 0 and",
        "",
    ),
    "light_tests_red_before_green": (
        f"{INT}/cadre/int_cadre_coverage.sql",
        "case when is_red then 'red' when meets_five_year then 'green'",
        "case when meets_five_year then 'green' when is_red then 'red'",
    ),
    "window_and_year_cut_the_hours": (
        f"{INT}/cadre/int_cadre_coverage.sql",
        "and days.activity_date <= due.report_date",
        "",
    ),
    "expected_hours_by_the_rank_of_each_day": (
        f"{INT}/cadre/int_cadre_expected_hours.sql",
        "coalesce(due.rank_date, date '9999-12-31'),",
        "",
    ),
    "of_two_main_posts_the_last_appointed_counts": (
        f"{INT}/cadre/int_cadre_post_span.sql",
        "order by posts.appointed_on desc",
        "order by posts.appointed_on",
    ),
    "span_is_split_at_the_date_of_rank": (
        "models/marts/cadre/dim_cadre_history.sql",
        "greatest(valid_from, rank_date)",
        "valid_from",
    ),
    "promoted_leader_has_a_year_to_catch_up": (
        "models/marts/cadre/mart_cadre_coverage.sql",
        "leaders.person_code is not null and not coverage.meets_five_year",
        "leaders.person_code is not null",
    ),
    "ledger_row_takes_the_unit_and_rank_of_its_day": (
        "models/marts/training/fct_training.sql",
        "ledger.activity_date < spans.valid_to",
        "ledger.activity_date <= spans.valid_to",
    ),
    "academic_row_earns_hours_only_when_credited": (
        f"{INT}/int_training_ledger.sql",
        "case when credit_status = 'credited' then raw_hours else 0 end",
        "raw_hours",
    ),
    "numbers_are_normalised_before_they_are_compared": (
        "macros/identity.sql",
        "and {{ id_birth_date(number_18) }} is not null",
        "",
    ),
    "each_identity_rule_finds_its_cadre": (
        f"{INT}/identity/int_identity_candidate.sql",
        "is_unit_shared and not is_contradicted",
        "is_unit_shared",
    ),
    "conflicting_valid_numbers_never_link_by_name": (
        f"{INT}/identity/int_identity_candidate.sql",
        "or person.valid_number = cadre.valid_number",
        "or true",
    ),
    "first_rule_with_exactly_one_cadre_links": (
        f"{INT}/identity/int_identity_link.sql",
        "where cadres = 1",
        "",
    ),
    "unit_is_named_by_code_or_exact_name_and_a_revoked_one_is_its_successor": (
        f"{INT}/identity/int_identity_person_unit.sql",
        "coalesce(standing.stands_for_code, named.unit_code)",
        "named.unit_code",
    ),
    "units_in_a_circle_or_without_a_parent_hang_under_the_root": (
        f"{INT}/unit/int_unit_current.sql",
        "case when cycle_members.unit_code is not null then top.unit_code else parents.parent_code end",
        "parents.parent_code",
    ),
    "revoked_unit_stands_for_its_successors": (
        f"{INT}/unit/int_unit_standing.sql",
        "where not units.is_active and",
        "where",
    ),
    "unit_code_outside_the_tree_counts_for_the_root": (
        f"{INT}/unit/int_unit_member.sql",
        "coalesce(units.unit_code, root.unit_code)",
        "units.unit_code",
    ),
    "empty_denominators_give_null_never_zero": (
        "macros/rules.sql",
        "/ {{ denominator }} end",
        "/ {{ denominator }} else 0 end",
    ),
    "weak_from_a_tenth_and_severe_from_a_fifth": (
        "models/marts/unit/mart_unit_weak_spot.sql",
        "{{ policy('severe_gap') }} -",
        "{{ policy('severe_gap') }} +",
    ),
    "a_unit_of_four_has_no_weak_spot": (
        "models/marts/unit/mart_unit_weak_spot.sql",
        "having count(*) >= {{ policy('weak_min_due') }}",
        "",
    ),
    "person_times_are_enrolments_and_online_rows": (
        "models/marts/unit/mart_unit_layout.sql",
        "coalesce(enrollment_id, ledger_id)",
        "ledger_id",
    ),
}


def find_unit_tests() -> set[str]:
    """Names of all unit tests of the project."""
    texts = [path.read_text() for path in (DBT_PROJECT / "models").rglob("*_unit_tests.yml")]
    return {name for text in texts for name in re.findall(r"^  - name: (\w+)$", text, flags=re.MULTILINE)}


def test_no_rule_is_without_a_proof_that_its_test_can_fail() -> None:
    assert find_unit_tests() == BREACHES.keys()


def test_no_rule_computes_something_else(built: Built, tmp_path: Path) -> None:
    work_file = Path(shutil.copy(built.work_file, tmp_path / "work.duckdb"))
    process, statuses = run_dbt(["test", "--select", "test_type:unit"], work_file=work_file, folder=tmp_path)
    assert process.returncode == 0, process.stdout[-4000:]
    assert statuses == dict.fromkeys(BREACHES, "pass")


def test_each_broken_rule_is_noticed(built: Built, tmp_path: Path, copied_project: Path) -> None:
    """All rules are broken at once in a copy of the project: the inputs of each unit test are its own."""
    for file, old, new in BREACHES.values():
        text = (copied_project / file).read_text()
        assert old in text, f"{file} has no {old!r} any more: say how to break the rule now"
        (copied_project / file).write_text(text.replace(old, new))
    work_file = Path(shutil.copy(built.work_file, tmp_path / "work.duckdb"))
    _, statuses = run_dbt(
        ["test", "--select", "test_type:unit"], work_file=work_file, folder=tmp_path, project=copied_project
    )
    assert statuses == dict.fromkeys(BREACHES, "fail")
