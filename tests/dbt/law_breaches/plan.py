"""What breaks the laws in dbt_project/tests/plan."""

from __future__ import annotations

BREACHES = {
    "plan/ranking_lists_hold_together.sql": [
        "update marts.mart_unit_ranking set position = position + 1",
        "update marts.mart_unit_ranking set list = 'black' where position = 1",
        "update marts.mart_unit_ranking set list = null where list = 'red'",
        "update marts.mart_unit_ranking set score = score + 100 where position = 3",
        "delete from marts.mart_unit_ranking where is_current and position = ranked_units",
    ],
    "plan/indicators_are_what_they_are_made_of.sql": [
        "update marts.mart_plan_indicator set value = value + 0.01 where value_kind = 'share' and is_current",
        "update marts.mart_plan_indicator set numerator = denominator + 1, "
        "value = (denominator + 1) / denominator where value_kind = 'share' and denominator > 0",
        "update marts.mart_plan_indicator set value = 0 where denominator = 0",
        "update marts.mart_plan_indicator set status = 'met' where status = 'behind'",
        "update marts.mart_plan_indicator set status = 'behind' where status = 'met'",
        "update marts.mart_plan_indicator set status = 'no_target' where status = 'no_data'",
        "update marts.mart_plan_indicator set numerator = -1, value = -1 where value_kind = 'count'",
        "update marts.mart_plan_indicator set denominator = null, value = null, status = 'no_data' "
        "where value_kind = 'mean'",
    ],
    "plan/every_indicator_has_its_rows.sql": [
        "delete from marts.mart_plan_indicator where indicator_code = 'mobile_users' and level = 1",
        "delete from marts.mart_plan_indicator where indicator_code = 'pass_rate' and period = '2024-02'",
        "update marts.mart_plan_indicator set is_current = false where indicator_code = 'classes'",
        "update rules.plan_indicator set target_code = 'nowhere' where target_code is not null",
        "update rules.plan_indicator set target_basis = null where target_code is not null",
        "update rules.plan_indicator set denominator_measure = null where value_kind = 'share'",
    ],
    "plan/indicators_agree_with_coverage.sql": [
        "update marts.mart_plan_indicator set value = value - 0.01 "
        "where indicator_code = 'effective_coverage' and value > 0 and not is_current",
        "update marts.mart_plan_indicator set value = null where indicator_code = 'pass_rate' and is_current",
        "delete from marts.mart_plan_indicator where indicator_code = 'annual_attainment' and level = 2",
        "update marts.mart_plan_indicator set value = value + 0.01 "
        "where indicator_code = 'topic_reach' and is_current",
    ],
    "plan/parts_make_the_whole.sql": [
        "delete from marts.mart_plan_indicator where breakdown = 'county' and numerator > 0",
        "update marts.mart_plan_indicator set numerator = numerator + 1 "
        "where indicator_code = 'person_times' and is_current",
        "update marts.mart_plan_indicator set denominator = denominator + 1 "
        "where indicator_code = 'annual_attainment_by_rank' and breakdown = 'county_plus'",
        "delete from marts.mart_plan_indicator where indicator_code = 'hours_per_head_by_topic_group'",
    ],
    "plan/main_class_parts_make_the_whole.sql": [
        "delete from marts.mart_teaching_year where breakdown = 'lecture' and numerator > 0",
        "update marts.mart_teaching_year set numerator = numerator + 1 "
        "where indicator_code = 'main_class_theory_party_share'",
        "update marts.mart_teaching_year set denominator = denominator + 1 "
        "where indicator_code = 'main_class_share_by_method'",
    ],
}
