"""What breaks the rules in the cadre models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "rank_group_by_rank_or_grade": (
        "macros/cadre.sql",
        ", {{ grade }}.rank_group)",
        ")",
    ),
    "systematic_hours_are_class_based_theory_and_party": (
        f"{INT}/cadre/int_cadre_day.sql",
        "        and topic.group_code = systematic.topic_group\n",
        "",
    ),
    "off_job_days_need_a_credited_statutory_row": (
        f"{INT}/training/int_statutory_enrollment.sql",
        "ledger.credited_hours > 0 and",
        "",
    ),
    "light_tests_red_before_green": (
        f"{INT}/cadre/int_cadre_coverage.sql",
        "'measured.systematic_hours', policy_value",
        "'measured.statutory_hours', policy_value",
    ),
    "window_and_year_cut_the_hours": (
        f"{INT}/cadre/int_cadre_coverage.sql",
        "and days.activity_date <= due.report_date",
        "",
    ),
    "expected_hours_by_the_rank_of_each_day": (
        f"{INT}/cadre/int_cadre_expected_hours.sql",
        "targets.valid_from, report.window_start)",
        "targets.valid_from)",
    ),
    "expected_hours_by_the_target_of_each_day": (
        f"{INT}/cadre/int_cadre_expected_hours.sql",
        "targets.valid_to, report.report_date + 1)",
        "report.report_date + 1)",
    ),
    "of_two_main_posts_the_last_appointed_counts": (
        f"{INT}/cadre/int_cadre_post_span.sql",
        "order by posts.appointed_on desc",
        "order by posts.appointed_on",
    ),
    "of_two_main_posts_of_one_day_the_longer_counts": (
        f"{INT}/cadre/int_cadre_post_span.sql",
        "posts.removed_on desc, posts.source_row desc",
        "posts.removed_on, posts.source_row",
    ),
    "nights_that_say_the_same_are_one_version": (
        f"{INT}/cadre/int_cadre_version.sql",
        "where nights_seen <= last_night - first_night",
        "where nights_seen < 1",
    ),
    "rank_holds_from_its_own_date_until_the_next_one": (
        f"{INT}/cadre/int_cadre_rank_version.sql",
        "case when run > 1 then seen_on end",
        "seen_on",
    ),
    "corrected_rank_replaces_what_was_seen_before": (
        f"{INT}/cadre/int_cadre_rank_version.sql",
        "where valid_to is null or valid_from < valid_to",
        "",
    ),
    "posts_count_first_and_snapshots_fill_the_days_between": (
        f"{INT}/cadre/int_cadre_service_span.sql",
        "when is_seen_on_duty then seen_unit_code end as unit_code",
        "end as unit_code",
    ),
    "span_is_split_on_the_day_of_the_rank": (
        f"{INT}/cadre/int_cadre_service_span.sql",
        "in_force_on('ranks', 'pieces.valid_from')",
        "in_force_on('ranks', 'pieces.valid_from - 1')",
    ),
    "leaving_closes_an_open_post_and_coming_back_opens_a_span": (
        f"{INT}/cadre/int_cadre_service_span.sql",
        "and posts.appointed_on <= versions.duty_since",
        "and posts.appointed_on > versions.duty_since",
    ),
    "promotion_into_leadership_starts_a_year": (
        f"{INT}/cadre/int_cadre_promotion.sql",
        "and not earlier.is_leading",
        "",
    ),
    "history_says_what_began_and_ended_each_span": (
        "models/marts/cadre/dim_cadre_history.sql",
        "when mergers.unit_code is not null then 'merger'",
        "",
    ),
    "promoted_leader_has_a_year_to_catch_up": (
        "models/marts/cadre/mart_cadre_coverage.sql",
        "where not coverage.meets_five_year and",
        "where",
    ),
    "deadline_itself_is_in_time_and_the_day_after_is_not": (
        "models/marts/cadre/mart_cadre_coverage.sql",
        "promotions.promotion_deadline < coverage.report_date",
        "promotions.promotion_deadline <= coverage.report_date",
    ),
}
