"""Reader of the mobile app's drop.

Purpose: micro-learning events as xAPI statements.
Data flow: `mobile/dt=<day>/statements-NNNN.ndjson.gz` > lines > text columns > typed Parquet, a batch a file.
Failure mode: a damaged gzip rejects the file; a line that does not parse is quarantined with its number.
Alone: `python -m connectors.mobile.reader FILE` prints the counts (FILE with its day's folder).
"""

from __future__ import annotations

from connectors.contract import load_contract
from connectors.delivery import Batch, LandedFile
from connectors.ndjson import read_ndjson
from connectors.preview import preview
from connectors.staging import Stage


def read(stage: Stage, file: LandedFile) -> list[Batch]:
    """Read one landed file into its batch. Raises FileRejected on a damaged gzip."""
    return read_ndjson(stage, load_contract("mobile"), file)


if __name__ == "__main__":
    preview("mobile", read)
