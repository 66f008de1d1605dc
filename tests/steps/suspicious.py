"""Exports with a chosen number of rows, and the gate as a test asks it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from connectors.held_files import accept, list_waiting
from connectors.ledger import Ledger
from ganxun.settings import Settings
from tests.connectors.exports import CSVS, NIGHT, make_statement, write_cadre, write_lines

DAY_BEFORE = NIGHT - timedelta(days=1)
TONIGHT = "cadre/GBGL_20260630.zip"
WHY = "乡镇合并，人员已核对"


def write_people(drop: Path, night: date, count: int, revision: int = 1) -> Path:
    """A cadre export with so many made-up people."""
    header = CSVS["A01.csv"].split("\r\n")[0] + "\r\n"
    people = "".join(
        f"P{number},某{number},1,19800101,01,20000101,01,1,04,,科员,001.001,1A50,,\r\n"
        for number in range(count)
    )
    return write_cadre(drop, night, texts={"A01.csv": header + people}, revision=revision)


def write_mobile(drop: Path, night: date, count: int, part: str = "0001") -> Path:
    """A night of the mobile app, or a part of one, with so many statements."""
    statements = [make_statement(id=f"{night:%m%d}{part}-{number}") for number in range(count)]
    return write_lines(drop, f"mobile/dt={night}/statements-{part}.ndjson.gz", statements)


def write_usual_nights(drop: Path, count: int = 7, statements: int = 200) -> None:
    for back in range(1, count + 1):
        write_mobile(drop, NIGHT - timedelta(days=back), statements + back)


def accept_file(settings: Settings, *paths: str, by: str = "王敏") -> dict:
    with Ledger(settings.zones) as ledger:
        return accept(ledger, paths, WHY, by)


def find_waiting(settings: Settings) -> list[str]:
    with Ledger(settings.zones) as ledger:
        return [held.file.drop.path for held in list_waiting(ledger)]
