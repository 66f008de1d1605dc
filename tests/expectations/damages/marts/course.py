"""Damages to the tables of expectations/suites/marts/course.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double, orphan

DAMAGES = {
    "dim_topic.topic_code_is_unique": double("dim_topic"),
    "dim_course.course_key_is_unique": double("dim_course"),
    "dim_course.topics_are_known": orphan("dim_course", "topic_code"),
    "dim_course.few_courses_are_unclassified": "update dim_course set topic_code = 'U00'",
    "dim_teacher.teacher_id_is_unique": double("dim_teacher"),
    "dim_teacher.kinds_are_known": "update dim_teacher set kind = 'guru' where teacher_id = 'T1'",
    "dim_institution.institution_id_is_unique": double("dim_institution"),
    "dim_institution.levels_are_known": "update dim_institution set level = 'galaxy'",
    "dim_base.base_id_is_unique": double("dim_base"),
}
