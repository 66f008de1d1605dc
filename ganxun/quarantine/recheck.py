"""A released row passes what every row passes: the suite of its source, on the file as it is with the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.check_outcome import CheckOutcome
from connectors.decided_batch import REFUSED
from connectors.ledger import Ledger
from connectors.ledger_decided import DecidedVersion, find_rows_file
from connectors.reasons import Reason
from connectors.zones import Zones

Validate = Callable[[str, Mapping[str, pa.Table]], Sequence[CheckOutcome]]
_COUNTS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_superseded")


class Recheck:
    """Judges files with versions of their batches that do not count yet."""

    def __init__(self, zones: Zones, ledger: Ledger, validate: Validate | None) -> None:
        self._zones = zones
        self._ledger = ledger
        self._validate = validate
        self._in_use: dict[int, dict[str, DecidedVersion]] = {}

    def use(self, file_id: int, entity: str, version: DecidedVersion) -> None:
        """From now on the file is judged with this version of the table."""
        self._in_use.setdefault(file_id, {})[entity] = version

    def find_fault(self, file_id: int, entity: str, version: DecidedVersion) -> Reason | None:
        """Why the file may not be loaded with this version: critical checks that fail; None: it passes."""
        versions = self._in_use.get(file_id, {}) | {entity: version}
        batches = self._ledger.query("SELECT * FROM batch WHERE file_id = ? ORDER BY entity", (file_id,))
        source = batches[0]["source"]
        tables = {
            row["entity"]: pq.read_table(self._find_file(row["batch_id"], source, row["entity"], versions))
            for row in batches
        }
        counts: dict[str, pa.Array] = {"entity": pa.array([row["entity"] for row in batches], pa.string())}
        for name in _COUNTS:
            values = [
                getattr(versions[row["entity"]], name) if row["entity"] in versions else row[name]
                for row in batches
            ]
            counts[name] = pa.array(values, pa.int64())
        counts["previous_rows_loaded"] = pa.nulls(len(batches), pa.int64())
        if self._validate is None:
            from expectations.runner import validate

            self._validate = validate
        outcomes = self._validate(source, tables | {"batch": pa.table(counts)})
        failed = [one for one in outcomes if not one.success and one.severity == "critical"]
        checks = "; ".join(f"{one.table}: {one.expectation}" for one in failed)
        return Reason(REFUSED, {"checks": checks}) if checks else None

    def _find_file(
        self, batch_id: str, source: str, entity: str, versions: Mapping[str, DecidedVersion]
    ) -> Path:
        version = versions.get(entity)
        return find_rows_file(self._zones, source, entity, batch_id, version.stem if version else None)
