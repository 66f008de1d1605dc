"""What a person accepts is loaded by the next run, once, with a name and a reason behind it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.held_files import AcceptanceRefused
from connectors.ledger import Ledger
from ganxun.backup.restore import restore
from ganxun.backup.write import back_up
from tests.connectors.exports import NIGHT
from tests.steps.city import City
from tests.steps.suspicious import (
    DAY_BEFORE,
    TONIGHT,
    WHY,
    accept_file,
    find_waiting,
    write_people,
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_an_accepted_file_is_loaded_by_the_next_run_though_the_drop_has_been_cleared(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    export = write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    accept_file(city.settings, TONIGHT)
    assert find_waiting(city.settings) == [TONIGHT]  # for the next run only
    export.unlink()
    report = city.land("cadre", validate=None)
    assert (report.files_landed, report.files_held, report.is_ok) == (1, 0, True)
    assert city.values("cadre__person", "_business_date").count(NIGHT) == 3
    assert find_waiting(city.settings) == []
    # The next night is compared with what was accepted.
    write_people(city.drop, NIGHT + timedelta(days=1), 3)
    assert city.land("cadre", NIGHT + timedelta(days=1)).is_ok


def test_a_second_acceptance_does_not_hide_who_was_the_first(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    first = accept_file(city.settings, TONIGHT)
    assert accept_file(city.settings, TONIGHT, by="李强") == first
    city.land("cadre")
    assert accept_file(city.settings, TONIGHT, by="李强") == first  # loaded by now
    assert city.land("cadre").files_landed == 0
    with Ledger(city.settings.zones) as ledger:
        (row,) = ledger.query("SELECT * FROM acceptance")
    assert (row["accepted_by"], row["reason"]) == ("王敏", WHY)
    assert row["numbers"] == "held at the gate: person 3 rows, 40 before (down 92.5%, limit 20%)"


def test_an_acceptance_is_of_these_bytes_and_not_of_what_comes_later_under_their_name(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 30)
    city.land("cadre")
    accept_file(city.settings, TONIGHT)
    write_people(city.drop, NIGHT, 2)  # the system overwrites its export before the next run
    report = city.land("cadre")
    assert (report.files_landed, report.files_held) == (1, 1)
    assert city.values("cadre__person", "_business_date").count(NIGHT) == 30


def test_who_accepts_the_first_of_several_small_nights_need_not_accept_the_others(city: City) -> None:
    nights = [NIGHT - timedelta(days=back) for back in (3, 2, 1, 0)]
    for night, people in zip(nights, (40, 20, 20, 21), strict=True):
        write_people(city.drop, night, people)
    assert city.land("cadre").files_held == 3
    accept_file(city.settings, f"cadre/GBGL_{nights[1]:%Y%m%d}.zip")
    report = city.land("cadre")
    assert (report.files_landed, report.files_held, report.newest_business_date) == (3, 0, NIGHT)


@pytest.mark.parametrize("harm", ["unknown", "loaded", "damaged"])
def test_nothing_is_accepted_that_does_not_wait(city: City, harm: str) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    damaged = write_people(city.drop, NIGHT, 40, revision=2)
    damaged.write_bytes(damaged.read_bytes()[:200])
    city.land("cadre")
    path, said = {
        "unknown": ("cadre/GBGL_20260701.zip", "no such file has been landed"),
        "loaded": ("cadre/GBGL_20260629.zip", "is loaded"),
        "damaged": ("cadre/GBGL_20260630_r2.zip", "cannot be read"),
    }[harm]
    with pytest.raises(AcceptanceRefused, match=said) as refused:
        accept_file(city.settings, TONIGHT, path)
    assert f"waiting: {TONIGHT}" in str(refused.value)
    assert not city.land("cadre").is_ok  # neither is the good one of the two


ACCEPT_AND_DIE = """
    import os, signal, sys
    from pathlib import Path
    from connectors.held_files import accept
    from connectors.ledger import Ledger
    from connectors.zones import Zones
    accept(Ledger(Zones(Path(sys.argv[1]))), [sys.argv[2]], "checked", "somebody")
    os.kill(os.getpid(), signal.SIGKILL)
"""
LOAD_AND_DIE = """
    import os, signal, sys
    from datetime import date
    from pathlib import Path
    from connectors.ledger import Ledger
    from ganxun.settings import Settings
    from ganxun.steps.land import land
    keep = Ledger.record
    def die(self, file, digest, status, *rest, **named):
        if status == "loaded":
            os.kill(os.getpid(), signal.SIGKILL)
        keep(self, file, digest, status, *rest, **named)
    Ledger.record = die
    settings = Settings(data_dir=Path(sys.argv[1]))
    land(settings, "cadre", sys.argv[2], date(2026, 6, 30), validate=lambda *_: [])
"""


def run_to_death(program: str, *arguments: object) -> None:
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)], check=False
    )
    assert process.returncode == -signal.SIGKILL


def test_kills_after_the_acceptance_and_while_it_is_loaded_lose_nothing(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    run_to_death(ACCEPT_AND_DIE, city.settings.data_dir, TONIGHT)
    run_to_death(LOAD_AND_DIE, city.settings.data_dir, city.drop)
    assert city.statuses()[TONIGHT] == "held"
    assert city.land("cadre").files_landed == 1
    assert city.values("cadre__person", "_business_date").count(NIGHT) == 3


def test_a_restored_backup_still_knows_what_waits_and_what_was_accepted(city: City, tmp_path: Path) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    accept_file(city.settings, TONIGHT)
    (city.settings.zones.keys / "cadre_key").write_text("secret")
    back_up(city.settings, tmp_path / "backup", tmp_path / "keys")
    restored = City.at(city.drop, tmp_path / "restored")
    restore(restored.settings, tmp_path / "backup", tmp_path / "keys")
    (city.drop / TONIGHT).unlink()
    assert restored.land("cadre").files_landed == 1
    assert restored.values("cadre__person", "_business_date").count(NIGHT) == 3


def run_accept(city: City, *arguments: str, user: str = "wangmin") -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("ganxun")
    return subprocess.run(
        [str(program), "accept", *arguments, "--data-dir", str(city.settings.data_dir)],
        capture_output=True, text=True, check=False, env={**os.environ, "LOGNAME": user},
    )  # fmt: skip


def test_nobody_accepts_without_saying_why_and_the_ledger_knows_who(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    refused = run_accept(city, TONIGHT)
    assert (refused.returncode, "--why" in refused.stderr) == (2, True)
    assert find_waiting(city.settings) == [TONIGHT] and not city.land("cadre").is_ok
    listed = run_accept(city, "--list")
    assert all(text in listed.stdout for text in ("GBGL_20260630.zip", "person", "40", "92.5%", "20%"))
    done = run_accept(city, TONIGHT, "--why", WHY)
    assert (done.returncode, "the next run loads it" in done.stderr) == (0, True)
    with Ledger(city.settings.zones) as ledger:
        (row,) = ledger.query("SELECT * FROM acceptance")
    assert (row["accepted_by"], row["reason"], row["accepted_at"] > "2026") == ("wangmin", WHY, True)
    unknown = run_accept(city, "cadre/GBGL_20990101.zip", "--why", WHY)
    assert (unknown.returncode, "no such file" in unknown.stderr) == (2, True)
    log = (city.settings.zones.logs / "ganxun.jsonl").read_text(encoding="utf-8")
    assert '"accepted"' in log and WHY not in log  # a reason may name somebody
