"""An older ledger has sentences where today's has codes: a build tells both alike."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from connectors.ledger import Ledger
from connectors.zones import Zones
from ganxun.steps.build import DBT_PROJECT
from ganxun.steps.land import land
from ganxun.steps.raw_schema import write_raw_schema
from tests.connectors.exports import NIGHT, write_cadre
from tests.quarantine.desk import Desk, accept_all, forget_codes, write_drop


def tell(zones: Zones, work_file: Path) -> list[tuple[str, str | None]]:
    """Sentence and Chinese words of every reason in a build's raw schema."""
    with Ledger(zones) as ledger:
        write_raw_schema(work_file, zones, ledger, NIGHT)
    with (DBT_PROJECT / "seeds" / "fault_text.csv").open(encoding="utf-8", newline="") as file:
        texts = {row["code"]: row["text_zh"] for row in csv.DictReader(file)}
    with duckdb.connect(str(work_file)) as connection:
        rows = connection.execute(
            "select reason, reason_code from raw.ops__quarantine union all "
            "select reason, reason_code from raw.ops__batch where reason is not null order by all"
        ).fetchall()
    return [(reason, texts.get(code or "")) for reason, code in rows]


def test_what_an_older_version_left_out_is_told_in_the_same_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk")
    desk.drop.mkdir(parents=True)
    write_drop(desk.drop)
    desk.land()
    cut = write_cadre(desk.drop, revision=2)
    cut.write_bytes(cut.read_bytes()[:-40])
    assert land(desk.settings, "cadre", str(desk.drop), NIGHT, validate=accept_all).files_rejected == 1
    zones = desk.settings.zones
    now = tell(zones, tmp_path / "now.duckdb")
    assert ("the line is not one JSON object", "该行不是完整的一条记录") in now
    assert ("the record has fewer fields than the header", "字段个数与表头不符") in now
    assert ("the zip is damaged or unreadable (BadZipFile)", "压缩包损坏") in now
    assert None not in {text for _, text in now}
    forget_codes(zones)
    assert tell(zones, tmp_path / "older.duckdb") == now
