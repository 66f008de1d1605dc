"""Compare published tables with expected results in Parquet (the sample's README says what each file holds).

Keys, tolerances and exceptions are the README's: 0.05 for hours, 1e-6 for rates and scores, the rest exact;
`not_compared` names columns that are open in a row, `may_be_absent` rows that need not be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

KEYS = {
    "dim_unit": ["unit_code"],
    "dim_cadre": ["person_code"],
    "fct_enrollment": ["source", "enrollment_id"],
    "fct_training": ["source", "source_record_id"],
    "mart_cadre_coverage": ["person_code"],
    "mart_unit_coverage": ["unit_code", "scope"],
    "mart_unit_layout": ["attribution", "scope", "unit_code", "year", "topic_code", "mode"],
    "mart_unit_weak_spot": ["unit_code", "topic_code"],
    "mart_cadre_knowledge": ["person_code", "topic_code"],
    "mart_call_up_issue": ["kind", "person_code", "unit_code", "on_date", "evidence"],
    "mart_unit_ranking": ["half_year", "unit_code"],
    "mart_course_rating": ["target"],
    "mart_teacher_rating": ["target"],
    "mart_staff_rating": ["target"],
    "mart_class_quality": ["target"],
    "mart_online_flag": ["kind", "person_code", "on_date"],
}
# Workbook rows have no id that the sources give: they are found by person and day.
BACKFILL_KEYS = {
    "fct_enrollment": ["person_code", "end_date"],
    "fct_training": ["person_code", "activity_date"],
}
NAMED_BY_US = {"enrollment_id", "source_record_id"}
RATES = {
    "participation_rate",
    "nominal_coverage",
    "effective_coverage",
    "pass_rate",
    "annual_attainment",
    "online_attainment",
    "reach",
    "benchmark",
    "gap",
    "progress",
    "mean_score",
    "adjusted_score",
    "score",
}
HOURS_TOLERANCE = 0.05 + 1e-9
RATE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Comparison:
    """Rows expected, equal, missing, differing and published beyond the expected; `examples` shows a few."""

    expected: int
    equal: int
    missing: int
    differing: int
    extra: int
    examples: list[tuple]


def compare(
    warehouse: Path, restricted: Path, expected: Path, table: str, backfill: bool = False
) -> Comparison:
    """Compare one table; `backfill` takes the workbook rows of a fact instead of the others."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as w (read_only)")
        connection.execute(f"attach '{restricted}' as r (read_only)")
        connection.execute(f"create view expected as from '{expected / (table + '.parquet')}'")
        types = {row[0]: row[1] for row in connection.execute("describe expected").fetchall()}
        keys = BACKFILL_KEYS[table] if backfill else KEYS[table]
        where = "true"
        if table in BACKFILL_KEYS:
            where = f"evidence_grade {'=' if backfill else '<>'} 'backfill'"
        _create_actual(connection, table, types)
        compared = [
            name
            for name in types
            if name not in keys
            and name not in ("not_compared", "may_be_absent")
            and not (backfill and name in NAMED_BY_US)
        ]
        number = f"row_number() over (partition by {', '.join(keys)}) as n"
        known = " and person_code is not null" if backfill else ""
        open_columns = (
            "string_split(coalesce(e.not_compared, ''), ',')" if "not_compared" in types else "['']"
        )
        absent = "coalesce(e.may_be_absent, false)" if "may_be_absent" in types else "false"
        differs = " or ".join(
            f"({_differs(name, types[name])} and not list_contains({open_columns}, '{name}'))"
            for name in compared
        )
        on = " and ".join(f"e.{key} is not distinct from a.{key}" for key in [*keys, "n"])
        connection.execute(f"""
            create table joined as
            select e.n is not null as in_expected, a.n is not null as in_actual, {absent} as may_be_absent,
                   coalesce({differs or "false"}, false) as differs,
                   {", ".join(f"coalesce(e.{key}, a.{key}) as {key}" for key in keys)}
            from (select *, {number} from expected where {where}) as e
            full join (select *, {number} from actual where {where}{known}) as a on {on}""")
        counts = connection.execute("""
            select count(*) filter (in_expected),
                   count(*) filter (in_expected and in_actual and not differs),
                   count(*) filter (in_expected and not in_actual and not may_be_absent),
                   count(*) filter (in_expected and in_actual and differs),
                   count(*) filter (in_actual and not in_expected)
            from joined""").fetchone()
        examples = connection.execute(
            "from joined where in_expected <> in_actual and not may_be_absent or differs limit 5"
        ).fetchall()
    assert counts is not None
    return Comparison(*counts, examples)


def _create_actual(connection: duckdb.DuckDBPyConnection, table: str, types: dict[str, str]) -> None:
    rows = f"select * from w.marts.{table}"
    if table in ("mart_unit_coverage", "mart_unit_ranking"):
        rows += " where is_current"
    if table == "fct_training":
        rows = f"select *, course_key as course from ({rows})"
    if table == "mart_call_up_issue":
        # each kind has a key of its own; the rest of the columns is open (README of the expected results)
        rows = (
            "select * replace (case when kind = 'unit_overdraw' then unit_code end as unit_code, "
            "case when kind = 'unit_overdraw' then on_date end as on_date, "
            "case when kind not in ('unit_overdraw', 'long_class_repeat') then evidence end as evidence) "
            f"from ({rows})"
        )
    if "person_code" in types:
        rows = (
            f"select i.person_code, m.* from ({rows}) as m "
            "left join r.restricted.cadre_identity as i using (cadre_key)"
        )
    connection.execute(f"create view actual as {rows}")


def _differs(name: str, sql_type: str) -> str:
    if sql_type != "DOUBLE":
        return f"e.{name} is distinct from a.{name}"
    tolerance = RATE_TOLERANCE if name in RATES else HOURS_TOLERANCE
    return (
        f"case when e.{name} is null or a.{name} is null then (e.{name} is null) <> (a.{name} is null) "
        f"else abs(e.{name} - a.{name}) > {tolerance} end"
    )
