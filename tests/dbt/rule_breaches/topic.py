"""What breaks the rules in the topic models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "course_is_described_by_its_source_and_a_micro_course_by_its_newest_named_statement": (
        f"{INT}/topic/int_course_item.sql",
        "case when activity_name is not null then 0 else 1 end, stored_at desc",
        "stored_at desc",
    ),
    "course_topic_by_category_then_first_keyword": (
        f"{INT}/topic/int_course_topic.sql",
        "min_by(keyword.topic_code, keyword.priority)",
        "max_by(keyword.topic_code, keyword.priority)",
    ),
    "course_topic_of_each_period_is_by_the_rows_in_force_in_it": (
        f"{INT}/topic/int_course_topic.sql",
        "in_force_on('mapping', 'periods.valid_from')",
        "in_force_on('mapping', \"date '1900-01-01'\")",
    ),
    "topic_periods_change_where_any_row_of_the_maps_does": (
        f"{INT}/topic/int_topic_period.sql",
        "select valid_to as bound from {{ ref('topic_keyword') }}",
        "select valid_from as bound from {{ ref('topic_keyword') }}",
    ),
    "course_theme_is_the_topic_on_which_its_classes_agree": (
        f"{INT}/topic/int_course_theme.sql",
        "having min(classes.topic_code) = max(classes.topic_code)",
        "",
    ),
    "theme_topic_by_category_then_name_then_keyword": (
        f"{INT}/topic/int_theme_topic_version.sql",
        "coalesce(mapping.topic_code, topic.topic_code, keywords.topic_code)",
        "coalesce(mapping.topic_code, keywords.topic_code)",
    ),
    "theme_topic_of_each_period_is_by_the_rows_in_force_in_it": (
        f"{INT}/topic/int_theme_topic_version.sql",
        "        and themes.valid_from = named_themes.valid_from\n",
        "        and named_themes.valid_from = date '1900-01-01'\n",
    ),
    "todays_topic_of_a_theme_is_that_of_the_version_in_force": (
        f"{INT}/topic/int_theme_topic.sql",
        "where {{ in_force_on('versions', as_of()) }}",
        "where versions.valid_to is null",
    ),
    "todays_topic_of_a_course_is_that_of_the_version_in_force": (
        f"{INT}/topic/int_course_source.sql",
        "and {{ in_force_on('topics', as_of()) }}",
        "and topics.valid_to is null",
    ),
}
