"""Reasons of older ledgers only: a sentence of what landing found, where newer ones keep its code beside it.

The one place that looks at `pattern` of dbt_project/seeds/fault_text.csv. Nothing is added here: what lands
today carries its code (`connectors.reasons`).
"""

from __future__ import annotations

import csv
import re
from functools import cache

import duckdb
import pyarrow as pa

from ganxun.settings import PROJECT_ROOT

FAULT_TEXTS = PROJECT_ROOT / "dbt_project" / "seeds" / "fault_text.csv"
# Codes of which the seed has no text: a dashboard shows the sentence, a message has words of its own.
_WITHOUT_TEXT = (("critical expectations failed: %", "checks_failed"),)


@cache
def _read_patterns() -> list[tuple[re.Pattern[str], str]]:
    with FAULT_TEXTS.open(encoding="utf-8", newline="") as file:
        rows = sorted(
            (row for row in csv.DictReader(file) if row["pattern"]), key=lambda row: int(row["sort_order"])
        )
    patterns = [(row["pattern"], row["code"]) for row in rows]
    # SQL's LIKE.
    return [
        (re.compile(".*".join(map(re.escape, pattern.split("%"))), re.DOTALL), code)
        for pattern, code in (*patterns, *_WITHOUT_TEXT)
    ]


def find_code(sentence: str) -> str | None:
    """The code of a sentence: of the first pattern that fits it; None: no version that is known wrote it."""
    return next((code for pattern, code in _read_patterns() if pattern.fullmatch(sentence)), None)


def fill_codes(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Give the rows of a table their `reason_code` where they have a `reason` and no code.

    Each sentence is looked at once; there is none where no older version has written.
    """
    sentences = connection.execute(
        f"select distinct reason from {table} where reason is not null and reason_code is null"
    ).fetchall()
    if not sentences:
        return
    found = {"reason": [one for (one,) in sentences], "code": [find_code(one) for (one,) in sentences]}
    schema = pa.schema([("reason", pa.string()), ("code", pa.string())])
    connection.register("found_codes", pa.table(found, schema))
    connection.execute(
        f"update {table} set reason_code = found_codes.code from found_codes "
        f"where {table}.reason_code is null and {table}.reason = found_codes.reason"
    )
    connection.unregister("found_codes")
