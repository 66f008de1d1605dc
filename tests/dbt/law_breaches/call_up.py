"""What breaks the laws in dbt_project/tests/call_up."""

from __future__ import annotations

# A candidate with a proposed class, and what the class is.
PROPOSED = (
    "select c.cadre_key, c.suggested_class_id as class_id, d.theme_code, d.start_date, d.end_date "
    "from marts.mart_call_up_candidate as c "
    "join marts.dim_training_class as d on c.suggested_class_id = d.class_id "
    "where d.source = 'academic' order by c.priority limit 1"
)
# Gives the first candidate a second enrolment, as the columns say.
ENROLL = (
    "insert into marts.fct_enrollment by name "
    "select 'planted' as enrollment_id, 'academic' as source, p.cadre_key, h.class_id, 'off_job' as mode, "
    "true as is_statutory, {start} as start_date, {end} as end_date, h.class_days, '{result}' as result, "
    "'system' as evidence_grade "
    f"from ({PROPOSED}) as p cross join lateral ("
    "select class_id, class_days from marts.dim_training_class where source = 'academic' "
    "and evidence_grade = 'system' and status = 'finished' and {which} order by class_id limit 1) as h"
)

BREACHES = {
    "call_up/every_red_due_cadre_is_a_candidate.sql": [
        "delete from marts.mart_call_up_candidate where priority = 1",
        "update marts.mart_cadre_coverage set light = 'green' where light = 'red'",
        "insert into marts.mart_call_up_candidate select * from marts.mart_call_up_candidate limit 1",
        "delete from restricted.call_up_list where priority = 1",
    ],
    "call_up/list_is_in_order.sql": [
        "delete from marts.mart_call_up_candidate where priority = 2",
        "update marts.mart_call_up_candidate set light = 'yellow' where priority = 1",
        "update marts.mart_call_up_candidate set missing_hours = 9999 "
        "where priority = (select max(priority) from marts.mart_call_up_candidate)",
    ],
    "call_up/missing_hours_agree_with_coverage.sql": [
        "update marts.mart_call_up_candidate set missing_hours = missing_hours + 0.1 where priority = 1",
        "update marts.mart_call_up_candidate set missing_days = missing_days - 1 where missing_days > 0",
        "update marts.mart_call_up_candidate set missing_systematic_hours = 0 where light = 'red'",
        "update marts.mart_cadre_coverage set meets_five_year = true where light = 'yellow'",
    ],
    "call_up/nobody_is_proposed_a_class_that_does_not_fit.sql": [
        "update marts.dim_training_class set status = 'cancelled' where status = 'planned'",
        "update marts.mart_call_up_candidate set blocked_until = date '2099-12-31' "
        "where suggested_class_id is not null",
        "update marts.mart_call_up_candidate set as_of = date '2099-12-31'",
        # a class that shares the last day
        ENROLL.format(start="p.end_date", end="p.end_date", result="enrolled", which="true"),
        # a class of the theme in January, failed
        ENROLL.format(
            start="date_trunc('year', p.start_date)::date",
            end="date_trunc('year', p.start_date)::date",
            result="failed",
            which="theme_code = p.theme_code",
        ),
        # every class a long one: each proposed cadre who passed a class in the window had a long one
        "update rules.policy_parameter set value = '1' where name = 'long_class_days'",
    ],
    "call_up/proposals_share_out_the_seats.sql": [
        "update marts.dim_training_class set planned_seats = 0 where status = 'planned'",
        "update marts.dim_training_class set planned_seats = null where status = 'planned'",
        "update rules.policy_parameter set value = '0' where name in ('overdraw_share', 'overdraw_min')",
    ],
    "call_up/knowledge_equals_ledger.sql": [
        "update marts.mart_cadre_knowledge set credited_hours = credited_hours + 0.1",
        "update marts.mart_cadre_knowledge set reserve = 100.1 where rowid = 0",
        "update marts.mart_cadre_knowledge set reserve = 100 where credited_hours < target_hours / 2",
        "delete from marts.mart_cadre_knowledge where rowid = 0",
    ],
    "call_up/warnings_follow_coverage.sql": [
        "delete from marts.mart_alert where kind = 'red'",
        "update marts.mart_cadre_coverage set meets_annual = true where not meets_annual",
        "delete from marts.mart_alert where kind = 'promotion_due'",
        "delete from restricted.alert_list where rowid = 0",
    ],
}
