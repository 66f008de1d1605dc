"""What breaks the rules in the course models."""

from __future__ import annotations

BREACHES = {
    "course_takes_the_topic_of_the_first_source_that_has_one": (
        "models/marts/course/dim_course.sql",
        "courses.topic_code is not null then 1",
        "courses.topic_code is not null then 3",
    ),
}
