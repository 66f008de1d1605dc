"""Damages to the tables of expectations/suites/marts/quality.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double

DAMAGES = {
    "mart_course_rating.targets_are_unique": double("mart_course_rating"),
    "mart_course_rating.means_are_ratings": "update mart_course_rating set mean_score = 0.5 where rowid = 3",
    "mart_course_rating.adjusted_scores_are_ratings": """update mart_course_rating
        set adjusted_score = 5.5 where rowid = 3""",
    "mart_course_rating.somebody_rated": "update mart_course_rating set ratings = 0 where rowid = 3",
    "mart_teacher_rating.targets_are_unique": double("mart_teacher_rating"),
    "mart_teacher_rating.means_are_ratings": """update mart_teacher_rating
        set mean_score = 0.5 where rowid = 3""",
    "mart_teacher_rating.adjusted_scores_are_ratings": """update mart_teacher_rating
        set adjusted_score = 5.5 where rowid = 3""",
    "mart_teacher_rating.somebody_rated": "update mart_teacher_rating set ratings = 0 where rowid = 3",
    "mart_staff_rating.targets_are_unique": double("mart_staff_rating"),
    "mart_staff_rating.means_are_ratings": "update mart_staff_rating set mean_score = 0.5 where rowid = 3",
    "mart_staff_rating.adjusted_scores_are_ratings": """update mart_staff_rating
        set adjusted_score = 5.5 where rowid = 3""",
    "mart_staff_rating.somebody_rated": "update mart_staff_rating set ratings = 0 where rowid = 3",
    "mart_base_rating.targets_are_unique": double("mart_base_rating"),
    "mart_base_rating.means_are_ratings": "update mart_base_rating set mean_score = 0.5 where rowid = 3",
    "mart_base_rating.adjusted_scores_are_ratings": """update mart_base_rating
        set adjusted_score = 5.5 where rowid = 3""",
    "mart_base_rating.somebody_rated": "update mart_base_rating set ratings = 0 where rowid = 3",
    "mart_class_quality.targets_are_unique": double("mart_class_quality"),
    "mart_class_quality.means_are_ratings": "update mart_class_quality set mean_score = 0.5 where rowid = 3",
    "mart_class_quality.adjusted_scores_are_ratings": """update mart_class_quality
        set adjusted_score = 5.5 where rowid = 3""",
    "mart_class_quality.somebody_rated": "update mart_class_quality set ratings = 0 where rowid = 3",
    "mart_class_quality.response_rate_is_a_share": """update mart_class_quality
        set response_rate = 1.5 where rowid = 3""",
    "mart_ability_profile.rows_are_unique": double("mart_ability_profile"),
    "mart_ability_profile.dimensions_are_known": """update mart_ability_profile
        set dimension = 'other' where rowid = 3""",
    "mart_ability_profile.cadres_are_known": """update mart_ability_profile
        set cadre_key = 'nowhere' where rowid = 3""",
    "mart_ability_profile.scores_are_of_a_hundred": """update mart_ability_profile
        set score = 101 where rowid = 3""",
    "mart_follow_up.rows_are_unique": double("mart_follow_up"),
    "mart_follow_up.items_are_known": "update mart_follow_up set item = 'other' where rowid = 3",
    "mart_follow_up.means_are_of_a_hundred": "update mart_follow_up set mean = 101 where rowid = 3",
    "mart_follow_up.somebody_answered": "update mart_follow_up set answers = 0 where rowid = 3",
    "mart_class_follow_up.classes_are_unique": double("mart_class_follow_up"),
    "mart_class_follow_up.statuses_are_known": """update mart_class_follow_up
        set follow_up_status = 'other' where rowid = 3""",
    "mart_supply_demand.rows_are_unique": double("mart_supply_demand"),
    "mart_supply_demand.demand_share_is_a_share": """update mart_supply_demand
        set demand_share = 1.5 where rowid = 3""",
    "mart_supply_demand.supply_share_is_a_share": """update mart_supply_demand
        set supply_share = 1.5 where rowid = 3""",
    "mart_supply_demand.gap_is_demand_less_supply": """update mart_supply_demand
        set gap = gap + 0.1 where rowid = 3""",
    "mart_course_use.courses_are_unique": double("mart_course_use"),
    "mart_course_use.statuses_are_known": "update mart_course_use set use_status = 'other' where rowid = 3",
    "mart_course_use.completion_rate_is_a_share": """update mart_course_use
        set completion_rate = 1.5 where rowid = 3""",
    "mart_course_use.only_learners_complete": """update mart_course_use
        set completions = learners + 1 where rowid = 3""",
    "mart_class_mix.classes_are_unique": double("mart_class_mix"),
    "mart_class_mix.groups_add_up": "update mart_class_mix set party_hours = party_hours + 1 where rowid = 3",
    "mart_class_mix.theory_party_share_is_a_share": """update mart_class_mix
        set theory_party_share = 1.5 where rowid = 3""",
    "mart_class_mix.party_share_is_a_share": "update mart_class_mix set party_share = 1.5 where rowid = 3",
    "mart_class_mix.leader_share_is_a_share": "update mart_class_mix set leader_share = 1.5 where rowid = 3",
    "mart_class_mix.statuses_are_known": "update mart_class_mix set mix_status = 'other' where rowid = 3",
    "fct_evaluation.ratings_are_unique": double("fct_evaluation"),
    "fct_evaluation.targets_are_known": "update fct_evaluation set target_kind = 'other' where rowid = 3",
    "fct_evaluation.scores_are_ratings": "update fct_evaluation set score = 6 where rowid = 3",
    "fct_assessment.marks_are_unique": double("fct_assessment"),
    "fct_assessment.assessors_are_known": "update fct_assessment set assessor_kind = 'other' where rowid = 3",
    "fct_assessment.dimensions_are_known": "update fct_assessment set dimension = 'other' where rowid = 3",
    "fct_assessment.scores_are_of_a_hundred": "update fct_assessment set score = 101 where rowid = 3",
    "fct_follow_up.answers_are_unique": double("fct_follow_up"),
    "fct_follow_up.items_are_known": "update fct_follow_up set item = 'other' where rowid = 3",
    "fct_follow_up.scores_are_of_a_hundred": "update fct_follow_up set score = 101 where rowid = 3",
}
