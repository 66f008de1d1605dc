"""What breaks the rules in the ranking and the plan indicators."""

from __future__ import annotations

PLAN = "models/intermediate/plan"
INDICATOR = "models/marts/plan/mart_plan_indicator.sql"
RANKING = "models/marts/unit/mart_unit_ranking.sql"

BREACHES = {
    "ranking_weighs_four_rates_and_ties_go_by_unit_code": (
        RANKING,
        "order by score desc, unit_code asc",
        "order by score desc, unit_code desc",
    ),
    "a_share_of_the_ranking_is_rounded_down_and_at_least_one": (
        RANKING,
        "greatest(floor(round(",
        "greatest(ceil(round(",
    ),
    "half_year_stands_at_its_last_day_with_the_weights_of_that_day": (
        RANKING,
        "join_ranking_weights('coverage.as_of')",
        "join_ranking_weights(as_of())",
    ),
    "months_of_the_plan_end_at_the_business_date": (
        f"{PLAN}/int_plan_period.sql",
        "when snapshots.business_date <= days.period_end",
        "when snapshots.business_date < days.period_end",
    ),
    "before_the_plan_there_is_the_running_month_only": (
        f"{PLAN}/int_plan_period.sql",
        "greatest({{ days_between('plan_start', 'least(period_end, plan_end)') }} + 1, 0)",
        "{{ days_between('plan_start', 'least(period_end, plan_end)') }} + 1",
    ),
    "a_cadre_is_due_in_runs_of_months": (
        f"{PLAN}/int_plan_due_span.sql",
        "where cadres.is_due",
        "",
    ),
    "a_day_counts_until_window_or_year_has_moved_past_it": (
        f"{PLAN}/int_plan_day.sql",
        "periods.window_start > days.activity_date",
        "periods.window_start >= days.activity_date",
    ),
    "hours_come_with_their_month_and_go_with_the_window": (
        f"{PLAN}/int_plan_cadre_span.sql",
        "window_exit_no as period_no, -1 as sign",
        "window_exit_no as period_no, 0 as sign",
    ),
    "exactly_on_a_target_counts_and_a_transfer_takes_the_hours_along": (
        f"{PLAN}/int_plan_unit_month.sql",
        "'spans.statutory_hours', 'spans.statutory_days'",
        "'spans.statutory_hours - 0.1', 'spans.statutory_days'",
    ),
    "a_month_is_judged_by_the_rules_of_its_day": (
        f"{PLAN}/int_plan_unit_month.sql",
        "join_policy_on('systematic_min_hours', 'periods.period_end')",
        "join_policy_on('systematic_min_hours', as_of())",
    ),
    "a_topic_is_reached_from_exactly_one_hour_until_it_leaves_the_window": (
        f"{PLAN}/int_plan_topic_month.sql",
        "rules.reach_min_hours - 0.000001",
        "rules.reach_min_hours + 0.000001",
    ),
    "classes_count_at_their_end_and_people_who_stayed": (
        f"{PLAN}/int_plan_class_event.sql",
        "and coalesce(enrollments.result, '') <> 'withdrawn'",
        "",
    ),
    "a_class_is_followed_up_from_exactly_six_months": (
        f"{PLAN}/int_plan_follow_up_event.sql",
        "answers.months_after >= {{",
        "answers.months_after > {{",
    ),
    "main_class_hours_by_topic_and_teacher_and_newest_marks": (
        f"{PLAN}/int_plan_lesson_event.sql",
        "coalesce(course_topics.topic_code, theme_topics.topic_code)",
        "course_topics.topic_code",
    ),
    "repeat_and_overlapping_call_ups_come_about_on_a_day": (
        f"{PLAN}/int_plan_call_up_event.sql",
        "and other.start_date <= this.end_date",
        "and other.start_date < this.end_date",
    ),
    "stocks_come_and_go_on_their_days": (
        f"{PLAN}/int_plan_resource_event.sql",
        "where coalesce(users.user_status, '') <> 'disabled'",
        "",
    ),
    "teachers_are_lost_of_those_in_post_a_year_before": (
        f"{PLAN}/int_plan_period_figure.sql",
        "and teachers.left_on <= periods.period_end",
        "and teachers.left_on < periods.period_end",
    ),
    "days_add_up_as_the_indicator_asks": (
        f"{PLAN}/int_plan_measure.sql",
        "events.event_date >= periods.year_start",
        "events.event_date > periods.year_start",
    ),
    "exactly_seventy_percent_meets_the_target": (
        INDICATOR,
        "value >= target - 0.000000001",
        "value > target + 0.000000001",
    ),
    "nothing_to_divide_by_is_no_data_never_zero": (
        INDICATOR,
        "when value is null then 'no_data'",
        "",
    ),
    "a_schedule_demands_what_has_gone_by": (
        INDICATOR,
        "when 'plan_schedule' then periods.plan_share",
        "",
    ),
    "a_year_stands_as_it_ended_and_the_running_one_as_it_is": (
        "models/marts/plan/mart_teaching_year.sql",
        "        and (is_current or period like '%-12')\n",
        "",
    ),
}
