"""For each question that may rightly have no answer: what takes every case away, and what plants one.

`healed` leaves nothing to find, `planted` (on the healed city) makes one case, `finds` selects its key, which
the query's column `column` must then show.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One question's counter-example and example."""

    healed: str
    planted: str
    column: str
    finds: str


ONE_DUE = "(select min(cadre_key) from mart_cadre_coverage)"

CASES = {
    "leaving_green": Case(
        healed="update mart_cadre_coverage set light = 'yellow'",
        # 100 days and 40 theory hours ten days before they leave the window, and nothing else
        planted=f"""
            update mart_cadre_coverage set light = 'green' where cadre_key = {ONE_DUE};
            delete from fct_training where cadre_key = {ONE_DUE};
            delete from fct_enrollment where cadre_key = {ONE_DUE};
            insert into fct_enrollment by name
            select 'planted' as enrollment_id, cadre_key, true as is_statutory, 100 as class_days,
                   40.0 as credited_hours, cast(as_of - interval 5 year as date) + 10 as end_date
            from mart_cadre_coverage where cadre_key = {ONE_DUE};
            insert into fct_training by name
            select 'planted' as ledger_id, cadre_key, 'off_job' as mode, true as is_statutory,
                   40.0 as credited_hours, cast(as_of - interval 5 year as date) + 10 as activity_date,
                   (select min(topic_code) from dim_topic where group_code = 'theory') as topic_code
            from mart_cadre_coverage where cadre_key = {ONE_DUE}""",
        column="cadre_key",
        finds=f"select {ONE_DUE}",
    ),
    "classes_without_follow_up": Case(
        healed="update mart_class_follow_up set follow_up_status = 'done'",
        planted="update mart_class_follow_up set follow_up_status = 'missing' "
        "where class_id = (select min(class_id) from mart_class_follow_up)",
        column="class_id",
        finds="select min(class_id) from mart_class_follow_up",
    ),
    "unused_courses": Case(
        healed="update mart_course_use set is_unused = false",
        planted="update mart_course_use set is_unused = true "
        "where course_id = (select min(course_id) from mart_course_use)",
        column="course_id",
        finds="select min(course_id) from mart_course_use",
    ),
    "indicators_behind": Case(
        healed="update mart_plan_indicator set status = 'met' where is_current",
        planted="update mart_plan_indicator set status = 'behind' "
        "where is_current and level = 1 and indicator_code = 'main_class_party_share'",
        column="indicator_name",
        finds="select any_value(name) from mart_plan_indicator "
        "where indicator_code = 'main_class_party_share'",
    ),
    "called_up_repeatedly": Case(
        healed="delete from mart_call_up_issue where kind in ('long_class_repeat', 'same_theme_repeat')",
        planted=f"""
            insert into mart_call_up_issue by name
            select as_of, 'long_class_repeat' as kind, cadre_key, unit_code, unit_name, as_of as on_date,
                   'BC1 BC2' as evidence
            from mart_cadre_coverage where cadre_key = {ONE_DUE}""",
        column="cadre_key",
        finds=f"select {ONE_DUE}",
    ),
    "promotion_clocks": Case(
        healed="delete from mart_alert where kind = 'promotion_due'",
        planted=f"""
            insert into mart_alert by name
            select as_of, 'promotion_due' as kind, cadre_key, unit_code, unit_name, as_of + 30 as due_on
            from mart_cadre_coverage where cadre_key = {ONE_DUE}""",
        column="cadre_key",
        finds=f"select {ONE_DUE}",
    ),
    "too_many_away": Case(
        healed="delete from mart_call_up_issue where kind = 'unit_overdraw'",
        # the first row is a day too early for the last year
        planted=f"""
            insert into mart_call_up_issue by name
            select as_of, 'unit_overdraw' as kind, 'too early' as unit_code, unit_name, '3/8' as evidence,
                   cast(as_of - interval 1 year as date) as on_date
            from mart_cadre_coverage where cadre_key = {ONE_DUE}
            union all
            select as_of, 'unit_overdraw' as kind, 'planted' as unit_code, unit_name, '3/8' as evidence,
                   cast(as_of - interval 1 year as date) + 1 as on_date
            from mart_cadre_coverage where cadre_key = {ONE_DUE}""",
        column="unit_code",
        finds="select 'planted'",
    ),
    "never_trained": Case(
        healed="update mart_cadre_coverage set credited_hours = 1",
        planted="update mart_cadre_coverage set credited_hours = 0 where cadre_key = ("
        "select min(due.cadre_key) from mart_cadre_coverage as due "
        "join dim_unit using (unit_code) where level = 2)",
        column="unit_name",
        finds="select unit_name from dim_unit where unit_code = (select unit_code from mart_cadre_coverage "
        "where credited_hours = 0)",
    ),
    "main_classes_short": Case(
        healed="update mart_class_mix set meets_theory_party = true, meets_party = true, meets_leader = true",
        planted="update mart_class_mix set meets_leader = false "
        "where class_id = (select min(class_id) from mart_class_mix)",
        column="class_id",
        finds="select min(class_id) from mart_class_mix",
    ),
    "unclassified_courses": Case(
        healed="update fct_training set topic_code = 'T01' where topic_code = 'U00'",
        planted="update fct_training set topic_code = 'U00' where credited_hours > 0 and course_key = ("
        "select min(course_key) from fct_training where credited_hours > 0)",
        column="course_key",
        finds="select min(course_key) from fct_training where credited_hours > 0",
    ),
}
