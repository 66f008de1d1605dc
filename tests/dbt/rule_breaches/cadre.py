"""What breaks the rules in the cadre models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "rank_group_by_rank_or_grade": (
        f"{INT}/cadre/int_cadre_snapshot.sql",
        "old_rank.rank_group), grades.rank_group)",
        "old_rank.rank_group))",
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
}
