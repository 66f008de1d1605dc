"""For each expectation one statement that damages the good tables so that just it must speak up.

Keys are `<table>.<name of the expectation>`. `test_suites.py` refuses an expectation without a damage here.
"""

# ruff: noqa: E501 - one damage, one line
from __future__ import annotations


def _orphaned(table: str, column: str) -> str:
    return f"update {table} set {column} = 'nowhere'"


def _emptied(table: str) -> str:
    return f"delete from {table}"


def _doubled(table: str) -> str:
    return f"insert into {table} select * from {table} limit 1"


UNREADABLE = "update batch set rows_quarantined = 60, rows_loaded = 40"
SHRUNK = "update batch set rows_loaded = 40"
SOME_UNREADABLE = "update batch set rows_quarantined = 10, rows_loaded = 90"
GROWN = "update batch set rows_loaded = 300"

CADRE = {
    "unit.units_are_delivered": _emptied("unit"),
    "unit.unit_codes_are_unique": _doubled("unit"),
    "unit.a_root_exists": "update unit set b0121 = '001'",
    "unit.parents_are_known": _orphaned("unit", "b0121"),
    "unit.successors_are_known": "update unit set successor = 'nowhere' where successor is not null",
    "unit.most_units_are_active": "update unit set unit_status = '0'",
    "unit.codes_are_dotted": "update unit set b0111 = replace(b0111, '.', '-')",
    "unit.categories_are_given": "update unit set b0131 = null",
    "person.people_are_delivered": _emptied("person"),
    "person.person_codes_are_unique": _doubled("person"),
    "person.somebody_is_on_duty": "update person set a0163 = '2'",
    "person.most_are_on_duty": "update person set a0163 = '2' where _source_row % 3 > 0",
    "person.half_have_a_known_unit": _orphaned("person", "a0195"),
    "person.nearly_all_have_a_known_unit": _orphaned("person", "a0195") + " where _source_row % 10 = 0",
    "person.ranks_are_delivered": "update person set a0221 = null",
    "person.most_have_a_rank": "update person set a0221 = null where _source_row % 2 = 0",
    "person.id_numbers_are_given": "update person set a0184 = null where _source_row % 2 = 0",
    "person.id_numbers_are_valid": "update person set a0184 = '519900199002301234' where _source_row % 2 = 0",
    "person.id_numbers_are_unique": "update person set a0184 = '000000000000000000' where _source_row % 2 = 0",
    "person.ages_are_those_of_adults": "update person set a0107 = date '2020-01-01' where _source_row < 20",
    "person.dates_of_rank_are_past": "update person set a0288 = date '2030-01-01' where _source_row < 20",
    "post.posts_are_delivered": _emptied("post"),
    "post.holders_are_known": _orphaned("post", "a0000"),
    "post.units_are_known": _orphaned("post", "a0201b"),
    "post.appointments_are_past": "update post set a0243 = date '2099-01-01' where _source_row < 20",
    "post.main_posts_are_marked": "update post set a0279 = '0'",
    "post.some_posts_are_held": "update post set a0255 = '0'",
    "appraisal.appraised_are_known": _orphaned("appraisal", "a0000"),
    "appraisal.years_are_plausible": "update appraisal set a1521 = 2125 where _source_row < 20",
    "appraisal.results_vary": "update appraisal set a1517 = '2'",
    "batch.most_rows_could_be_read": UNREADABLE,
    "batch.nearly_all_rows_could_be_read": SOME_UNREADABLE,
    "batch.snapshot_has_not_shrunk": SHRUNK,
    "batch.snapshot_is_like_the_last": GROWN,
}

ACADEMIC = {
    "institution.institutions_are_delivered": _emptied("institution"),
    "institution.institution_ids_are_unique": _doubled("institution"),
    "institution.some_are_recognized": "update institution set recognized = false",
    "training_class.classes_are_delivered": _emptied("training_class"),
    "training_class.class_ids_are_unique": _doubled("training_class"),
    "training_class.not_all_are_deleted": "update training_class set is_deleted = true",
    "training_class.some_are_finished": "update training_class set status = 'planned'",
    "training_class.some_are_off_job": "update training_class set leave_status = '3'",
    "training_class.institutions_are_known": _orphaned("training_class", "institution_id"),
    "training_class.themes_are_known": _orphaned("training_class", "theme_code"),
    "training_class.lengths_are_plausible": "update training_class set end_date = date '2026-03-01', status = 'running'",
    "training_class.starts_are_not_far_ahead": "update training_class set start_date = date '2099-03-01'",
    "training_class.finished_ones_have_ended": "update training_class set end_date = date '2026-09-01'",
    "course.course_ids_are_unique": _doubled("course"),
    "course.categories_are_given": "update course set category_text = null",
    "lesson.lesson_ids_are_unique": _doubled("lesson"),
    "lesson.hours_are_hours": "update lesson set hours = 24",
    "lesson.hours_are_plausible": "update lesson set hours = 23 where _source_row < 20",
    "lesson.classes_are_known": _orphaned("lesson", "class_id"),
    "lesson.courses_are_known": _orphaned("lesson", "course_id"),
    "student.student_ids_are_unique": _doubled("student"),
    "student.some_can_be_identified": "update student set id_number = null",
    "student.id_numbers_are_valid": "update student set id_number = '12345' where _source_row % 2 = 0",
    "student.units_are_given": "update student set unit_code = null",
    "enrollment.enrollments_are_delivered": _emptied("enrollment"),
    "enrollment.enrollment_ids_are_unique": _doubled("enrollment"),
    "enrollment.not_all_are_deleted": "update enrollment set is_deleted = true",
    "enrollment.some_passed": "update enrollment set result = 'failed'",
    "enrollment.most_passed": "update enrollment set result = 'enrolled' where _source_row % 3 > 0",
    "enrollment.half_have_a_known_class": _orphaned("enrollment", "class_id"),
    "enrollment.nearly_all_have_a_known_class": _orphaned("enrollment", "class_id")
    + " where _source_row < 20",
    "enrollment.half_have_a_known_student": _orphaned("enrollment", "student_id"),
    "enrollment.nearly_all_have_a_known_student": _orphaned("enrollment", "student_id")
    + " where _source_row < 20",
    "attendance.attendance_ids_are_unique": _doubled("attendance"),
    "attendance.most_are_present": "update attendance set status = 'absent'",
    "attendance.lessons_are_known": _orphaned("attendance", "lesson_id"),
    "attendance.enrollments_are_known": _orphaned("attendance", "enrollment_id"),
    "evaluation.enrollments_are_known": _orphaned("evaluation", "enrollment_id"),
    "evaluation.mean_is_plausible": "update evaluation set score = 5",
    "assessment.enrollments_are_known": _orphaned("assessment", "enrollment_id"),
    "assessment.scale_is_of_a_hundred": "update assessment set score = 4",
    "follow_up.enrollments_are_known": _orphaned("follow_up", "enrollment_id"),
    "follow_up.months_are_plausible": "update follow_up set months_after = 2026",
    "follow_up.scale_is_of_a_hundred": "update follow_up set score = 4",
    "need_survey.weights_are_not_negative": "update need_survey set weight = -1",
    "backfill_class.class_ids_are_unique": _doubled("backfill_class"),
    "backfill_class.years_fit_the_dates": "update backfill_class set year = 2012",
    "backfill_class.class_days_fit_the_dates": "update backfill_class set class_days = 50",
    "backfill_class.former_classes_have_ended": "update backfill_class set end_date = date '2032-03-05'",
    "backfill_class.organizers_are_given": "update backfill_class set organizer_name = null",
    "backfill_class.off_job_is_stated": "update backfill_class set is_off_job = null",
    "backfill_student.classes_are_known": _orphaned("backfill_student", "class_id"),
    "backfill_student.id_numbers_are_text": "update backfill_student set id_number_is_text = false",
    "backfill_student.id_numbers_are_valid": "update backfill_student set id_number = '12345'",
    "backfill_student.hours_are_plausible": "update backfill_student set hours = 1999 where _source_row < 10",
    "batch.most_rows_could_be_read": UNREADABLE,
    "batch.nearly_all_rows_could_be_read": SOME_UNREADABLE,
    "batch.snapshot_has_not_shrunk": SHRUNK,
    "batch.snapshot_is_like_the_last": GROWN,
}

ACADEMY = {
    "users.user_ids_are_unique": _doubled("users"),
    "users.most_can_be_identified": "update users set id_number = null",
    "users.units_are_given": "update users set org_code = null",
    "users.not_all_numbers_are_masked": "update users set id_number = '510104********123X'",
    "courses.course_ids_are_unique": _doubled("courses"),
    "courses.credit_hours_are_hours": "update courses set credit_hours = 90",
    "courses.credit_hours_are_plausible": "update courses set credit_hours = 900 where _source_row < 10",
    "courses.lengths_are_given": "update courses set credit_hours = null, duration_seconds = null",
    "courses.categories_are_given": "update courses set category = null",
    "classes.class_ids_are_unique": _doubled("classes"),
    "classes.lengths_are_plausible": "update classes set end_date = date '2036-06-01'",
    "classes.starts_are_not_far_ahead": "update classes set start_date = date '2036-06-01'",
    "enrollments.enrollment_ids_are_unique": _doubled("enrollments"),
    "enrollments.not_all_failed": "update enrollments set result = 'failed'",
    "enrollments.few_fail": "update enrollments set result = 'withdrawn' where _source_row % 3 > 0",
    "records.record_ids_are_unique": _doubled("records"),
    "records.study_time_is_in_seconds": "update records set study_seconds = study_seconds * 1000",
    "records.study_time_is_plausible": "update records set study_seconds = 800000 where _source_row < 100",
    "records.something_was_studied": "update records set study_seconds = 0",
    "records.some_are_completed": "update records set completed_at = null",
    "records.completions_are_past": "update records set completed_at = completed_at + interval 1 year",
    "records.updates_are_past": "update records set updated_at = updated_at + interval 1 year",
    "records.users_vary": "update records set user_id = 'U1'",
    "sessions.session_ids_are_unique": _doubled("sessions"),
    "sessions.sessions_are_plausible": "update sessions set seconds = 90000",
    "sessions.seconds_fit_the_clock": "update sessions set seconds = 7200",
    "ratings.rating_ids_are_unique": _doubled("ratings"),
    "ratings.mean_is_plausible": "update ratings set score = 5",
    "batch.nearly_all_rows_could_be_read": SOME_UNREADABLE,
}

MOBILE = {
    "statements.statement_ids_are_unique": _doubled("statements"),
    "statements.durations_are_in_seconds": "update statements set duration_seconds = 600000",
    "statements.durations_are_plausible": "update statements set duration_seconds = 600000 where _source_row < 50",
    "statements.statements_are_not_all_voidings": "update statements set verb_id = 'http://adlnet.gov/expapi/verbs/voided'",
    "statements.verbs_are_known": "update statements set verb_id = 'http://example.org/sang'",
    "statements.activities_are_known": _orphaned("statements", "object_id"),
    "statements.nothing_is_stored_after_the_export": "update statements set stored = stored + interval 1 year",
    "statements.nothing_happens_after_it_is_stored": "update statements set timestamp = stored + interval 2 days",
    "statements.most_statements_are_recent": "update statements set timestamp = stored - interval 200 days",
    "statements.account_names_vary": "update statements set actor_name = 'U1'",
    "batch.nearly_all_rows_could_be_read": SOME_UNREADABLE,
}


def _not_a_share(column: str) -> str:
    return f"update mart_unit_coverage set {column} = 1.5"


MARTS = {
    "dim_unit.units_are_there": _emptied("dim_unit"),
    "dim_unit.unit_code_is_given": "update dim_unit set unit_code = null where unit_code = '001.002'",
    "dim_unit.unit_code_is_unique": _doubled("dim_unit"),
    "dim_unit.parents_are_known": _orphaned("dim_unit", "parent_code"),
    "dim_unit_closure.pairs_are_unique": _doubled("dim_unit_closure"),
    "dim_unit_closure.ancestors_are_known": _orphaned("dim_unit_closure", "ancestor_code"),
    "dim_topic.topic_code_is_unique": _doubled("dim_topic"),
    "dim_course.course_key_is_unique": _doubled("dim_course"),
    "dim_course.topics_are_known": _orphaned("dim_course", "topic_code"),
    "dim_course.few_courses_are_unclassified": "update dim_course set topic_code = 'U00'",
    "dim_training_class.classes_are_unique": _doubled("dim_training_class"),
    "dim_training_class.class_days_are_calendar_days": "update dim_training_class set class_days = 9",
    "dim_cadre.cadre_key_is_given": "update dim_cadre set cadre_key = null where not is_due",
    "dim_cadre.cadre_key_is_unique": _doubled("dim_cadre"),
    "dim_cadre.due_cadres_are_covered": "delete from mart_cadre_coverage where cadre_key = md5('1')",
    "dim_cadre.due_means_on_duty": "update dim_cadre set duty_status = '2' where cadre_key = md5('1')",
    "dim_cadre.rank_groups_are_known": "update dim_cadre set rank_group = 'other' where cadre_key = md5('1')",
    "dim_cadre.units_are_known": _orphaned("dim_cadre", "unit_code"),
    "dim_cadre_history.spans_are_unique": _doubled("dim_cadre_history"),
    "dim_cadre_history.spans_are_not_empty": "update dim_cadre_history set valid_to = valid_from",
    "fct_enrollment.enrollments_are_unique": _doubled("fct_enrollment"),
    "fct_enrollment.credited_hours_are_sane": "update fct_enrollment set credited_hours = -1",
    "fct_enrollment.only_passed_ones_are_credited": "update fct_enrollment set credited_hours = 40",
    "fct_enrollment.classes_are_known": _orphaned("fct_enrollment", "class_id"),
    "fct_training.rows_are_there": _emptied("fct_training"),
    "fct_training.ledger_id_is_given": "update fct_training set ledger_id = null where source_row = 5",
    "fct_training.ledger_id_is_unique": _doubled("fct_training"),
    "fct_training.statuses_are_known": "update fct_training set credit_status = 'maybe' where source_row = 5",
    "fct_training.status_is_given": "update fct_training set credit_status = null where source_row = 5",
    "fct_training.modes_are_known": "update fct_training set mode = 'telepathy' where source_row = 5",
    "fct_training.hours_are_given": "update fct_training set credited_hours = null where source_row = 5",
    "fct_training.hours_are_sane": "update fct_training set credited_hours = -0.1 where source_row = 5",
    "fct_training.only_credited_rows_have_hours": """update fct_training set credited_hours = 1,
        credit_status = 'not_passed' where source_row = 5""",
    "fct_training.duplicates_give_nothing": "update fct_training set credited_hours = 1 where source_row = 1",
    "fct_training.credited_rows_have_a_cadre": "update fct_training set cadre_key = null where source_row = 5",
    "fct_training.unresolved_rows_have_no_cadre": "update fct_training set cadre_key = 'x' where source_row = 0",
    "fct_training.cadres_are_known": _orphaned("fct_training", "cadre_key"),
    "fct_training.topics_are_known": _orphaned("fct_training", "topic_code"),
    "fct_training.most_rows_found_a_cadre": "update fct_training set credit_status = 'unresolved_person'",
    "fct_training.nearly_all_rows_found_a_cadre": """update fct_training
        set credit_status = 'unresolved_person' where source_row % 5 = 0""",
    "fct_training.few_rows_are_unclassified": "update fct_training set topic_code = 'U00'",
    "fct_training.hours_do_not_exceed_raw_ones": "update fct_training set raw_hours = 1",
    "fct_training.source_files_are_told": "update fct_training set source_file = null",
    "fct_training.source_rows_are_told": "update fct_training set source_row = null",
    "mart_cadre_coverage.cadres_are_there": _emptied("mart_cadre_coverage"),
    "mart_cadre_coverage.cadre_key_is_given": """update mart_cadre_coverage set cadre_key = null
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.cadre_key_is_unique": _doubled("mart_cadre_coverage"),
    "mart_cadre_coverage.all_are_cadres": _orphaned("mart_cadre_coverage", "cadre_key"),
    "mart_cadre_coverage.lights_are_known": "update mart_cadre_coverage set light = 'blue'",
    "mart_cadre_coverage.light_is_given": "update mart_cadre_coverage set light = null",
    "mart_cadre_coverage.green_means_target_met": """update mart_cadre_coverage set meets_five_year = false
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.yellow_means_target_open": """update mart_cadre_coverage set light = 'yellow'
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.rank_groups_are_known": "update mart_cadre_coverage set rank_group = 'other'",
    "mart_cadre_coverage.hours_by_mode_add_up": """update mart_cadre_coverage set mobile_hours = 10.1
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.hours_are_given": "update mart_cadre_coverage set credited_hours = null",
    "mart_cadre_coverage.hours_are_not_negative": "update mart_cadre_coverage set credited_hours = -1",
    "mart_cadre_coverage.hours_are_plausible": "update mart_cadre_coverage set credited_hours = 9000",
    "mart_cadre_coverage.statutory_hours_are_off_job": "update mart_cadre_coverage set statutory_hours = 61",
    "mart_cadre_coverage.statutory_days_fit_the_window": "update mart_cadre_coverage set statutory_days = -1",
    "mart_cadre_coverage.progress_is_not_negative": "update mart_cadre_coverage set progress = -0.1",
    "mart_cadre_coverage.last_training_is_past": """update mart_cadre_coverage
        set last_trained_on = date '2026-07-01'""",
    "mart_cadre_coverage.units_are_known": _orphaned("mart_cadre_coverage", "unit_code"),
    "mart_cadre_coverage.not_all_are_red": "update mart_cadre_coverage set light = 'red'",
    "mart_unit_coverage.rows_are_there": _emptied("mart_unit_coverage"),
    "mart_unit_coverage.rows_are_unique": _doubled("mart_unit_coverage"),
    "mart_unit_coverage.units_are_known": _orphaned("mart_unit_coverage", "unit_code"),
    "mart_unit_coverage.scopes_are_known": "update mart_unit_coverage set scope = 'universe'",
    "mart_unit_coverage.lights_add_up": "update mart_unit_coverage set red = 1",
    "mart_unit_coverage.lights_are_given": "update mart_unit_coverage set red = null",
    "mart_unit_coverage.participants_are_due": "update mart_unit_coverage set participated = due + 1",
    "mart_unit_coverage.participation_rate_is_a_share": _not_a_share("participation_rate"),
    "mart_unit_coverage.nominal_coverage_is_a_share": _not_a_share("nominal_coverage"),
    "mart_unit_coverage.effective_coverage_is_a_share": _not_a_share("effective_coverage"),
    "mart_unit_coverage.pass_rate_is_a_share": _not_a_share("pass_rate"),
    "mart_unit_coverage.annual_attainment_is_a_share": _not_a_share("annual_attainment"),
    "mart_unit_coverage.online_attainment_is_a_share": _not_a_share("online_attainment"),
    "mart_unit_coverage.nominal_coverage_is_not_red": "update mart_unit_coverage set nominal_coverage = 0.9",
    "mart_unit_coverage.effective_coverage_is_green": "update mart_unit_coverage set effective_coverage = 0.9",
    "mart_unit_coverage.nobody_due_means_no_rate": "update mart_unit_coverage set participation_rate = 0",
    "mart_unit_coverage.hours_per_head_are_sane": "update mart_unit_coverage set hours_per_head = -1",
    "mart_unit_layout.rows_are_unique": _doubled("mart_unit_layout"),
    "mart_unit_layout.attributions_are_known": "update mart_unit_layout set attribution = 'soon'",
    "mart_unit_layout.hours_are_not_negative": "update mart_unit_layout set credited_hours = -1",
    "mart_unit_layout.every_cadre_came_once_at_least": "update mart_unit_layout set person_times = 3",
    "mart_unit_weak_spot.rows_are_unique": _doubled("mart_unit_weak_spot"),
    "mart_unit_weak_spot.severities_are_known": "update mart_unit_weak_spot set severity = 'awful'",
    "mart_unit_weak_spot.reach_is_a_share": "update mart_unit_weak_spot set reach = -0.4",
    "mart_unit_weak_spot.reached_are_due": "update mart_unit_weak_spot set reached = 11",
    "mart_unit_weak_spot.gap_is_benchmark_less_reach": "update mart_unit_weak_spot set gap = 0.2",
    "ops_batch.every_row_is_accounted_for": "update ops_batch set rows_loaded = 7",
    "ops_freshness.every_source_has_delivered": "update ops_freshness set days_behind = null",
    "ops_freshness.sources_are_fresh": "update ops_freshness set days_behind = 9 where source = 'mobile'",
    "cadre_identity.cadre_key_is_unique": _doubled("cadre_identity"),
    "cadre_identity.keys_are_those_of_cadres": _orphaned("cadre_identity", "cadre_key"),
    "every_table.root_counts_every_due_cadre": "delete from dim_cadre where cadre_key = md5('1')",
    "every_table.one_business_date": "update mart_unit_weak_spot set as_of = date '2026-06-29'",
    "every_table.no_personal_columns": "alter table dim_cadre add column birth_date date",
    "every_table.no_id_numbers": """update fct_training set source_file =
        'academic/' || (select id_number from ids limit 1) || '.xlsx' where source_row = 5""",
    "every_table.no_phone_numbers": "update dim_course set title = '联系电话 13912345678' where course_key = 'no:5'",
    "every_table.no_column_of_names": """update dim_unit set unit_name =
        (select name from cadre_identity order by name limit 1)""",
    "every_table.no_single_name": """update dim_course set title =
        (select name from cadre_identity order by name limit 1) where course_key = 'no:5'""",
}

DAMAGES = {"cadre": CADRE, "academic": ACADEMIC, "academy": ACADEMY, "mobile": MOBILE, "marts": MARTS}
