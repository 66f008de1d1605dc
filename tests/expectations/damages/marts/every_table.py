"""Damages to the tables of expectations/suites/marts/every_table.yml."""

# ruff: noqa: E501 - one damage, one line
from __future__ import annotations

DAMAGES = {
    "every_table.root_counts_every_due_cadre": "delete from dim_cadre where cadre_key = md5('1')",
    "every_table.one_business_date": "update mart_unit_weak_spot set as_of = date '2026-06-29'",
    "every_table.no_personal_columns": "alter table dim_cadre add column birth_date date",
    "every_table.no_id_numbers": """update fct_training set source_file =
        'academic/' || (select id_number from ids limit 1) || '.xlsx' where source_row = 5""",
    "every_table.no_phone_numbers": "update dim_course set title = '联系电话 13912345678' where course_key = 'no:5'",
    "every_table.no_column_of_names": """update dim_unit set unit_name =
        (select name from cadre_identity order by name limit 1)""",
    "every_table.no_single_name": """update dim_course set title =
        (select name from teacher_identity order by name limit 1) where course_key = 'no:5'""",
}
