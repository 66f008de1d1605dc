"""What breaks the rules in the topic models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "course_topic_by_category_then_first_keyword": (
        f"{INT}/topic/int_course_source.sql",
        "coalesce(mapping.topic_code, keyword.topic_code)",
        "coalesce(keyword.topic_code, mapping.topic_code)",
    ),
    "theme_topic_by_category_then_name_then_keyword": (
        f"{INT}/topic/int_theme_topic.sql",
        "coalesce(mapping.topic_code, topic.topic_code, keyword.topic_code)",
        "coalesce(mapping.topic_code, keyword.topic_code)",
    ),
}
