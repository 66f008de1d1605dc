"""What breaks the rules that live in macros."""

from __future__ import annotations

BREACHES = {
    "seconds_are_cut_never_rounded_and_days_are_local": (
        "macros/rules.sql",
        "floor(round((",
        "round(round((",
    ),
    "newest_version_of_a_record_wins": (
        "macros/versions.sql",
        "order by updated_at desc, business_date desc",
        "order by business_date desc",
    ),
    "canonical_course_by_number_else_by_title": (
        "macros/rules.sql",
        "nullif(trim({{ course_no }}), '')",
        "{{ course_no }}",
    ),
    "window_begins_the_day_after_five_years_before": (
        "macros/portable.sql",
        "add_days(add_years(date_expression, -5), 1)",
        "add_years(date_expression, -5)",
    ),
    "window_of_a_leap_day_begins_on_the_first_of_march": (
        "macros/portable.sql",
        "add_years(date_expression, -5)",
        "add_days(date_expression, -1827)",
    ),
    "numbers_are_normalised_before_they_are_compared": (
        "macros/identity.sql",
        "and {{ id_birth_date(number_18) }} is not null",
        "",
    ),
    "empty_denominators_give_null_never_zero": (
        "macros/rules.sql",
        "/ ({{ denominator }}) end",
        "/ ({{ denominator }}) else 0 end",
    ),
}
