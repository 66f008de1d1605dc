"""What breaks the rules in the course models."""

from __future__ import annotations

BREACHES = {
    "course_takes_the_topic_of_the_first_source_that_has_one": (
        "models/marts/course/dim_course.sql",
        "order by case when topic_code is null then 1 else 0 end, source_order",
        "order by source_order",
    ),
}
