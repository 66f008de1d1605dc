"""Running one reader alone on one file: counts on the screen, nothing kept."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from connectors.contract import load_contract
from connectors.delivery import Batch, DropFile, FileRejected, LandedFile
from connectors.landing import land_file
from connectors.staging import Stage
from connectors.zones import Zones

Read = Callable[[Stage, LandedFile], list[Batch]]


def preview(source: str, read: Read) -> None:
    """Read the file named on the command line into a temporary folder and print what became of its rows.

    Exits with 1 and the reason if the file is rejected, with 2 if its name fits no pattern of the contract.
    """
    if len(sys.argv) != 2:
        sys.exit(f"usage: python -m connectors.{source}.reader FILE")
    file = Path(sys.argv[1]).resolve()
    # The path below the drop begins with the source's folder.
    parts = file.parts
    start = len(parts) - 1 - parts[::-1].index(source) if source in parts else len(parts) - 1
    path = "/".join(parts[start:])
    name = load_contract(source).interpret(path)
    if name is None:
        print(f"{path}: not a file name of this source's contract", file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as folder:
        zones = Zones(Path(folder))
        zones.create()
        drop = DropFile(source, path, str(file), name.business_date or date.today(), name.revision, name)  # noqa: DTZ011 - a day to show only
        stage = Stage(zones)
        try:
            for batch in read(stage, land_file(zones, drop)):
                print(
                    f"{batch.entity}: read {batch.rows_read}, loaded {batch.rows_loaded}, quarantined "
                    f"{batch.rows_quarantined}, superseded {batch.rows_superseded}  {batch.note}".rstrip()
                )
        except FileRejected as fault:
            print(f"rejected: {fault}", file=sys.stderr)
            sys.exit(1)
        finally:
            stage.close()
