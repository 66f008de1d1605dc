"""Damages to the tables of expectations/suites/marts/restricted.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double, orphan

DAMAGES = {
    "cadre_identity.cadre_key_is_unique": double("cadre_identity"),
    "cadre_identity.keys_are_those_of_cadres": orphan("cadre_identity", "cadre_key"),
    "teacher_identity.teacher_id_is_unique": double("teacher_identity"),
    "teacher_identity.ids_are_those_of_teachers": orphan("teacher_identity", "teacher_id"),
}
