"""What breaks the rules in the models of quality and feedback."""

from __future__ import annotations

INT = "models/intermediate/quality"
MARTS = "models/marts/quality"

BREACHES = {
    "ratings_of_all_sources_count_but_not_those_of_what_is_gone": (
        f"{INT}/int_evaluation.sql",
        "and score_raw <= {{ policy('rating_scale_highest') }}",
        "",
    ),
    "one_enthusiast_does_not_lead_the_list": (
        f"{INT}/int_target_rating.sql",
        "(targets.score_sum + {{ policy('rating_prior_weight') }} * overall.overall_mean)",
        "(targets.score_sum)",
    ),
    "need_takes_the_topic_map_of_its_year": (
        f"{INT}/int_need.sql",
        "in_force_on('mapping', 'stated.survey_date')",
        "in_force_on('mapping', as_of())",
    ),
    "teacher_who_left_today_is_not_serving": (
        f"{MARTS}/mart_teacher_rating.sql",
        "teachers.left_on > {{ as_of() }}",
        "teachers.left_on >= {{ as_of() }}",
    ),
    "class_quality_counts_each_rater_once": (
        f"{MARTS}/mart_class_quality.sql",
        "count(distinct case when target_kind",
        "count(case when target_kind",
    ),
    "ability_weighs_kinds_of_assessor_not_heads": (
        f"{MARTS}/mart_ability_profile.sql",
        "{{ join_policy_on('ability_weight_head_teacher', 'classes.end_date') }}",
        "{{ join_policy_on('ability_weight_head_teacher', 'classes.start_date') }}",
    ),
    "follow_up_counts_from_exactly_six_months": (
        f"{MARTS}/mart_follow_up.sql",
        "where follow_ups.months_after >= {{",
        "where follow_ups.months_after > {{",
    ),
    "a_forgotten_follow_up_is_missing_from_its_day_on": (
        f"{MARTS}/mart_class_follow_up.sql",
        "when follow_up_due_on <= {{ as_of() }}",
        "when follow_up_due_on < {{ as_of() }}",
    ),
    "need_of_a_unit_is_spread_like_its_people": (
        f"{MARTS}/mart_supply_demand.sql",
        "coalesce(spans.rank_group, cadres.rank_group)",
        "cadres.rank_group",
    ),
    "gap_is_demand_share_less_supply_share": (
        f"{MARTS}/mart_supply_demand.sql",
        "shares.demand_share - shares.supply_share",
        "shares.supply_share - shares.demand_share",
    ),
    "a_course_is_unused_when_nobody_learnt_on_it": (
        f"{MARTS}/mart_course_use.sql",
        " and verb <> 'rated'",
        "",
    ),
    "main_class_meets_its_mix_at_exactly_the_share": (
        f"{MARTS}/mart_class_mix.sql",
        "coalesce(topics.topic_code, themes.topic_code)",
        "topics.topic_code",
    ),
}
