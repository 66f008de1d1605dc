"""What breaks the laws in dbt_project/tests/quality."""

from __future__ import annotations

BREACHES = {
    "quality/every_mark_and_answer_is_in_the_facts.sql": [
        "delete from marts.fct_assessment where assessor_kind = 'peer' and score < 75",
        "delete from marts.fct_follow_up where months_after = 6",
        "update marts.fct_follow_up set follow_up_id = 'made up' where rowid = 0",
    ],
    "quality/every_rating_is_counted_or_accounted_for.sql": [
        "delete from marts.fct_evaluation where source = 'mobile'",
        "delete from marts.fct_evaluation where source = 'academy' and score = 5",
        "delete from marts.fct_evaluation where target_kind = 'base'",
        "insert into marts.fct_evaluation select * replace ('made up' as evaluation_id) "
        "from marts.fct_evaluation where target_kind = 'teacher' limit 1",
    ],
    "quality/ratings_equal_the_facts.sql": [
        "delete from marts.mart_class_quality where ratings = 1",
        "update marts.mart_teacher_rating set ratings = ratings + 1 where position = 1",
        "update marts.mart_staff_rating set mean_score = mean_score - 0.01 where position = 1",
        "update marts.mart_base_rating set target = 'x', base_id = 'x' where position = 1",
        "update marts.mart_course_rating set mobile_ratings = mobile_ratings + 1 where position = 1",
    ],
    "quality/adjusted_scores_lie_between_mean_and_overall_mean.sql": [
        "update marts.mart_teacher_rating set adjusted_score = mean_score + 0.1 where position = 1",
        "update marts.mart_course_rating set position = position + 1 where position >= 2",
        "update marts.mart_staff_rating set position = -position",
    ],
    "quality/shares_of_a_year_and_rank_group_add_up.sql": [
        "delete from marts.mart_supply_demand where topic_code = 'P01'",
        "update marts.mart_supply_demand set supply_share = supply_share + 0.01 where topic_code = 'P01'",
        "update marts.mart_supply_demand set demand_share = null where topic_code = 'P01'",
        "update marts.mart_supply_demand set gap = -gap where gap <> 0",
    ],
    "quality/demand_and_supply_lose_nothing.sql": [
        "update marts.mart_supply_demand set demand_weight = demand_weight + 0.01 where topic_code = 'P01'",
        "delete from marts.mart_supply_demand where topic_code = 'D01'",
        "update marts.mart_supply_demand set supplied_hours = supplied_hours + 0.1 where topic_code = 'P01'",
    ],
    "quality/follow_up_equals_the_facts.sql": [
        "delete from marts.mart_follow_up where answers = 1",
        "delete from marts.mart_class_follow_up where follow_up_status = 'missing'",
        "update marts.mart_class_follow_up set follow_up_status = 'done' where follow_up_status = 'missing'",
        "update marts.fct_follow_up set months_after = 5 where months_after = 6",
    ],
    "quality/ability_scores_lie_between_their_parts.sql": [
        "update marts.mart_ability_profile set score = score + 0.1 where assessor_kinds = 1",
        "update marts.mart_ability_profile set score = score - 50",
        "update marts.mart_ability_profile set score = null where assessor_kinds = 1",
        "delete from marts.mart_ability_profile where dimension = 'political'",
    ],
    "quality/class_mix_hours_add_up.sql": [
        "update marts.mart_class_mix set party_hours = party_hours - 1 where party_hours > 1",
        "update marts.mart_class_mix set lecture_hours = lecture_hours + 1",
        "update marts.mart_class_mix set lesson_hours = 0 where lesson_hours > 0",
        "update marts.mart_class_mix set mix_status = 'met' where mix_status = 'short'",
        "update marts.mart_class_mix set mix_status = null where mix_status = 'met'",
    ],
    "quality/every_online_course_is_listed.sql": [
        "delete from marts.mart_course_use where learners > 0",
        "update marts.mart_course_use set is_unused = true where learners > 0",
        "update marts.mart_course_use set completions = learners + 1",
        "update marts.mart_course_use set learners = 0, completions = 0, academy_learners = 0, "
        "mobile_learners = 0, last_used_on = null, is_unused = is_published",
    ],
}
