"""What was delivered in the faulty rows of a batch that was landed before such rows were kept."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from connectors.contract import load_contract
from connectors.delivery import DropFile, FileRejected, LandedFile
from connectors.landing import publish_file
from connectors.ledger import Ledger
from connectors.registry import reader_of
from connectors.staging import Stage
from connectors.writers import writing
from connectors.zones import OWNER_ONLY_DIR, Zones


class NotKept(RuntimeError):
    """The delivered bytes are no longer kept, or read otherwise now; the message names the file."""


def keep_delivered(zones: Zones, ledger: Ledger, batch_id: str) -> None:
    """Write `raw/quarantine/delivered/<batch_id>.parquet` from the landed bytes, if it is not there.

    Raises `NotKept`.
    """
    target = zones.delivered / f"{batch_id}.parquet"
    if target.exists():
        return
    (row,) = ledger.query(
        "SELECT file.* FROM batch JOIN file USING (file_id) WHERE batch_id = ?", (batch_id,)
    )
    source, sha256, path = row["source"], row["sha256"], row["path"]
    local = zones.landing / source / sha256[:2] / sha256
    name = load_contract(source).interpret(path)
    if name is None or not local.exists():
        raise NotKept(f"{path}: the delivered bytes are no longer kept")
    drop = DropFile(source, path, "", date.fromisoformat(row["business_date"]), row["revision"], name)
    # Beside the target: names must not pass through a folder that others can read, and a rename must do.
    zones.delivered.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
    with writing(zones), tempfile.TemporaryDirectory(dir=zones.delivered, prefix=".part-") as folder:
        aside = Zones(Path(folder))
        aside.create()
        stage = Stage(aside)
        try:
            reader_of(source).read(stage, LandedFile(drop, sha256, row["bytes"], local))
        except FileRejected as fault:
            raise NotKept(f"{path}: {fault}") from None
        finally:
            stage.close()
        written = aside.delivered / f"{batch_id}.parquet"
        if not written.exists():
            raise NotKept(f"{path}: nothing of this table is quarantined when it is read now")
        publish_file(written, target)
