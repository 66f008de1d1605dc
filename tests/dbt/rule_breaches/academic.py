"""What breaks the rules in the academic models."""

from __future__ import annotations

INT = "models/intermediate"

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
    "absence_limit_is_that_of_the_day_on_which_the_class_ended": (
        f"{INT}/academic/int_academic_enrollment_hours.sql",
        "'enrollments.end_date'",
        "'enrollments.start_date'",
    ),
    "stated_hours_else_planned_and_statutory_only_recognised_off_job": (
        f"{INT}/academic/int_academic_enrollment.sql",
        "(counted.institution is null or classes.is_recognized)",
        "true",
    ),
    "what_counts_as_statutory_and_the_class_topic_are_rules_of_the_day_it_ended": (
        f"{INT}/academic/int_academic_enrollment.sql",
        "in_force_on('counted', 'classes.end_date')",
        "in_force_on('counted', as_of())",
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
    "academic_topic_is_that_of_the_map_on_the_class_end": (
        f"{INT}/academic/int_academic_ledger.sql",
        "and {{ in_force_on('topics', 'unioned.end_date') }}",
        "and topics.valid_to is null",
    ),
    "class_without_lessons_is_one_row_of_the_theme": (
        f"{INT}/academic/int_academic_ledger.sql",
        "finished.hours_without_lessons as raw_hours",
        "0 as raw_hours",
    ),
}
