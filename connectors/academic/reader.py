"""Reader of the academic-affairs system's drop.

Purpose: off-job classes with everything around them, and the back-fill workbooks of former years.
Data flow: `academic/JWGL_<night>.sqlite` > ADBC > Arrow text columns > typed Parquet, a batch a table;
`academic/backfill/*.xlsx` > calamine > text columns > typed Parquet, a batch a sheet.
Failure mode: a damaged database or workbook, a missing table, sheet or required column rejects the file; a
row with a bad required value is quarantined with its rowid or sheet row.
Alone: `python -m connectors.academic.reader FILE` prints the counts.
"""

from __future__ import annotations

from connectors.academic.database import read_database
from connectors.academic.workbook import read_workbook
from connectors.delivery import Batch, LandedFile
from connectors.preview import preview
from connectors.staging import Stage


def read(stage: Stage, file: LandedFile) -> list[Batch]:
    """Read one landed database (sixteen batches) or workbook (two). Raises FileRejected."""
    if file.drop.name.pattern.format == "workbook":
        return read_workbook(stage, file)
    return read_database(stage, file)


if __name__ == "__main__":
    preview("academic", read)
