"""The marts suite on figures that an independent program made: it must not refuse a right warehouse."""

from __future__ import annotations

import pyarrow.parquet as pq

from expectations.runner import validate
from tests.conftest import SAMPLES

EXPECTED = SAMPLES / "city-small.expected"
# Tables that the sample's independent results hold with all columns that the suite looks at.
COMPLETE = ("dim_unit", "dim_cadre", "mart_cadre_coverage", "mart_unit_coverage", "mart_unit_weak_spot")


def test_a_right_warehouse_is_not_kept_from_its_readers() -> None:
    tables = {table: pq.read_table(EXPECTED / f"{table}.parquet") for table in COMPLETE}
    for name, table in tables.items():
        names = ["cadre_key" if column == "person_code" else column for column in table.column_names]
        tables[name] = table.rename_columns(names)
    results = [result for result in validate("marts", tables) if result.table in COMPLETE]
    assert [result.message for result in results if not result.success] == []
    assert len(results) > 40
    everywhere = {r.expectation: r.success for r in validate("marts", tables) if r.table == "every_table"}
    assert everywhere["root_counts_every_due_cadre"]
    assert everywhere["one_business_date"]
    assert everywhere["no_id_numbers"]
