"""Small synthetic tables that keep every expectation: what the damages of `damages/` are done to."""

# ruff: noqa: E501 - SQL reads better unbroken
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import pyarrow as pa

from tests.expectations.good_marts import MARTS

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RAW = "range + 2 as _source_row, date '2026-06-30' as _business_date"
INSTANT = "timestamptz '2026-05-01 09:00:00+08' + to_days((range % 50)::int)"


def make_id_number(number: int) -> str:
    """A synthetic citizen ID number of a region that does not exist, with the right check digit."""
    body = f"519900{1960 + number % 40}01{1 + number % 28:02}{number % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _batch(*entities: str) -> str:
    return "select unnest([{}]) as entity, 100 as rows_read, 100 as rows_loaded, 0 as rows_quarantined, 0 as rows_superseded, 100 as previous_rows_loaded".format(
        ", ".join(f"'{entity}'" for entity in entities)
    )


CADRE = {
    "unit": f"""select {RAW}, if(range = 0, '001', '001.' || lpad(range::varchar, 3, '0')) as b0111,
        if(range = 0, null, '001') as b0121, '1' as b0131, if(range = 39, '0', '1') as unit_status,
        if(range = 39, '001', null) as successor from range(40)""",
    "person": f"""select {RAW}, 'P' || range as a0000, if(range % 10 = 0, '2', '1') as a0163,
        '001.' || lpad((1 + range % 39)::varchar, 3, '0') as a0195, id_number as a0184,
        date '1980-01-01' + range::int as a0107, '1A41' as a0221, null::varchar as a0192e,
        date '2020-01-01' as a0288, '某干部' || range as a0101 from range(200) join ids using (range)""",
    "post": f"""select {RAW}, 'P' || range as a0000, '001.001' as a0201b, date '2015-01-01' as a0243,
        '1' as a0279, '1' as a0255 from range(200)""",
    "appraisal": f"""select {RAW}, 'P' || range as a0000, 2025 as a1521,
        if(range % 9 = 0, '1', '2') as a1517 from range(200)""",
    "batch": _batch("unit", "person", "post", "appraisal"),
}

ACADEMIC = {
    "institution": f"select {RAW}, 'I' || range as institution_id, range > 0 as recognized from range(5)",
    "theme": f"select {RAW}, 'T' || range as theme_code from range(5)",
    "training_class": f"""select {RAW}, 'C' || range as class_id, 'I' || range % 5 as institution_id,
        'T' || range % 5 as theme_code, date '2024-03-01' as start_date, date '2024-03-10' as end_date,
        '1' as leave_status, 'finished' as status, false as is_deleted from range(50)""",
    "course": f"select {RAW}, 'K' || range as course_id, '党史' as category_text from range(50)",
    "lesson": f"""select {RAW}, 'L' || range as lesson_id, 'C' || range % 50 as class_id,
        'K' || range % 50 as course_id, 4.0 as hours from range(200)""",
    "student": f"""select {RAW}, 'S' || range as student_id, id_number, null::varchar as staff_no,
        '001' as unit_code, null::varchar as unit_name, '某学员' || range as name
        from range(100) join ids using (range)""",
    "enrollment": f"""select {RAW}, 'E' || range as enrollment_id, 'C' || range % 50 as class_id,
        'S' || range % 100 as student_id, if(range % 20 = 0, 'failed', 'passed') as result,
        false as is_deleted from range(200)""",
    "attendance": f"""select {RAW}, 'A' || range as attendance_id, 'L' || range as lesson_id,
        'E' || range as enrollment_id, 'present' as status from range(200)""",
    "evaluation": f"""select {RAW}, 'E' || range as enrollment_id, 3 + range % 3 as score from range(200)""",
    "assessment": f"select {RAW}, 'E' || range as enrollment_id, 80.0 as score from range(200)",
    "follow_up": f"""select {RAW}, 'E' || range as enrollment_id, 6 as months_after, 80.0 as score
        from range(200)""",
    "need_survey": f"select {RAW}, 1.0 as weight from range(50)",
    "backfill_class": f"""select {RAW}, 'B' || range as class_id, 2022 as year, date '2022-03-01' as start_date,
        date '2022-03-05' as end_date, 5.0 as class_days, '某党校' as organizer_name, true as is_off_job
        from range(20)""",
    "backfill_student": f"""select {RAW}, 'B' || range % 20 as class_id, id_number, true as id_number_is_text,
        40.0 as hours from range(60) join ids using (range)""",
    "batch": _batch("training_class", "enrollment", "student", "institution", "lesson"),
}

ACADEMY = {
    "users": f"""select {RAW}, 'U' || range as user_id, id_number, null::varchar as staff_no, '001' as org_code,
        null::varchar as org_name, '某用户' || range as real_name from range(100) join ids using (range)""",
    "courses": f"""select {RAW}, 'K' || range as course_id, '党史' as category, 2.0 as credit_hours,
        5400.0 as duration_seconds from range(50)""",
    "classes": f"""select {RAW}, 'C' || range as class_id, date '2026-03-01' as start_date,
        date '2026-06-01' as end_date from range(30)""",
    "enrollments": f"""select {RAW}, 'E' || range as enrollment_id,
        if(range % 20 = 0, 'failed', 'passed') as result from range(200)""",
    "records": f"""select {RAW}, 'R' || range as record_id, 'U' || range % 100 as user_id,
        5400.0 as study_seconds, {INSTANT} as completed_at, {INSTANT} as updated_at from range(1200)""",
    "sessions": f"""select {RAW}, 'X' || range as session_id, {INSTANT} as started_at,
        {INSTANT} + interval 1 hour as ended_at, 3600.0 as seconds from range(200)""",
    "ratings": f"select {RAW}, 'G' || range as rating_id, 3.0 + range % 3 as score from range(200)",
    "batch": _batch("records"),
}

MOBILE = {
    "statements": f"""select {RAW}, 'S' || range as id, 'U' || range % 100 as actor_name,
        'http://adlnet.gov/expapi/verbs/terminated' as verb_id,
        'https://mobile.example/micro/' || range % 9 as object_id, 600.0 as duration_seconds,
        {INSTANT} as timestamp, {INSTANT} + interval 1 minute as stored from range(1200)""",
    "batch": _batch("statements"),
}

GOOD = {"cadre": CADRE, "academic": ACADEMIC, "academy": ACADEMY, "mobile": MOBILE, "marts": MARTS}


def connect_good_tables(suite: str) -> duckdb.DuckDBPyConnection:
    """A database in memory that holds the good tables of a suite, for damages to be done to."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'Asia/Shanghai'")
    ids = pa.table({"range": range(200), "id_number": [make_id_number(number) for number in range(200)]})
    connection.register("ids", ids)
    for table, query in GOOD[suite].items():
        connection.execute(f"create table {table} as {query}")
        # 4.0 is a decimal to SQL; contracts and marts say DOUBLE
        for name, kind in connection.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?", [table]
        ).fetchall():
            if kind.startswith("DECIMAL"):
                connection.execute(f"alter table {table} alter {name} type double")
    return connection


@cache
def _connect_once(suite: str) -> duckdb.DuckDBPyConnection:
    return connect_good_tables(suite)


@contextmanager
def damaged(suite: str, statement: str) -> Iterator[dict[str, pa.Table]]:
    """The tables of a suite after a damage, which is undone afterwards."""
    connection = _connect_once(suite)
    connection.execute("begin")
    try:
        connection.execute(statement)
        yield fetch_tables(connection, suite)
    finally:
        connection.execute("rollback")


def fetch_tables(connection: duckdb.DuckDBPyConnection, suite: str) -> dict[str, pa.Table]:
    """The tables of a suite as Arrow."""
    return {table: connection.execute(f"from {table}").to_arrow_table() for table in GOOD[suite]}
