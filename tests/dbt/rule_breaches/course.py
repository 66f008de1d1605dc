"""What breaks the rules in the course models."""

from __future__ import annotations

BREACHES = {
    "course_takes_the_topic_of_the_first_source_that_has_one": (
        "models/marts/course/dim_course.sql",
        "topics.topic_code is not null then 1 when",
        "topics.topic_code is not null then 3 when",
    ),
}
