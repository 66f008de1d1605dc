"""A source that is absent for two nights, and one that sends half of its people: the others move on and
everybody is told why. Afterwards the warehouse is that of a city in which nothing had gone wrong."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ganxun.cli.status import read_status
from ganxun.cli.summary import as_json, show
from ganxun.night import NightReport, run_night
from ganxun.settings import Settings
from ganxun.steps.land import land
from ganxun.steps.publish import is_up_to_date
from simulator import SimulationPlan, simulate
from tests.compare_warehouses import OF_FORMER_NIGHTS, differing, read_tables
from tests.faults.invariants import check_invariants
from tests.faults.nights import Deployment, keep_secret_of
from tests.worlds import make_world

pytestmark = pytest.mark.e2e

LAST = date(2026, 6, 30)
GANXUN = str(Path(sys.executable).with_name("ganxun"))
NIGHTS = [LAST - timedelta(days=back) for back in range(4, -1, -1)]
BEFORE, *ABSENT, BACK, CUT = NIGHTS


@dataclass(frozen=True)
class Seen:
    """What a night told: its report, and the published freshness by source."""

    report: NightReport
    summary: str
    machine: dict
    status: list[dict]
    freshness: dict[str, dict]


def run(city: Deployment, night: date) -> Seen:
    """A whole night, and what people and machines are told of it."""
    report = run_night(city.settings, str(city.drop), night)
    assert report.failure is None, report.failure
    check_invariants(city.settings)
    console = Console(file=io.StringIO(), width=300)
    show(report, city.settings, console)
    with duckdb.connect(str(city.settings.zones.warehouse), read_only=True) as published:
        relation = published.sql("select * from ops.ops_freshness")
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    assert isinstance(console.file, io.StringIO)
    return Seen(
        report,
        console.file.getvalue(),
        as_json(report, city.settings),
        read_status(city.settings).freshness,
        {row["source"]: row for row in rows},
    )


def deliver(full: Path, drop: Path, *, up_to: date, without: str = "") -> None:
    """Bring what had been exported by the end of a night into a drop, of one source nothing after BEFORE."""
    for path in sorted(path for path in full.rglob("*") if path.is_file()):
        name = path.relative_to(full).as_posix()
        night = next((one for one in NIGHTS if f"{one:%Y%m%d}" in name or one.isoformat() in name), BEFORE)
        if night <= (BEFORE if without and name.startswith(without) else up_to):
            (drop / name).parent.mkdir(parents=True, exist_ok=True)
            if not (drop / name).exists():
                shutil.copy2(path, drop / name)


def write_six_nights(folder: Path) -> Path:
    """All exports of a city of 60 cadres with six nights."""
    plan = SimulationPlan(
        cadres=60, start=date(2025, 1, 1), end=LAST, seed=3, nights=len(NIGHTS), dirty=False
    )
    simulate(plan, folder / "full")
    return folder / "full"


@pytest.fixture(scope="module")
def full() -> Path:
    return make_world("six-nights", write_six_nights)


@dataclass(frozen=True)
class Absence:
    """The city whose academy was absent, what each night told, and its tables once the academy was back."""

    city: Deployment
    nights: dict[date, Seen]
    tables: dict[str, tuple]


def run_absence(full: Path, folder: Path) -> Absence:
    """Three nights without the academy, and the one in which all that it owes comes at once."""
    city = Deployment(folder / "drop", folder / "data")
    nights = {}
    for night in ABSENT:
        deliver(full, city.drop, up_to=night, without="academy")
        nights[night] = run(city, night)
    deliver(full, city.drop, up_to=BACK)
    nights[BACK] = run(city, BACK)
    return Absence(city, nights, read_tables(city.published))


@pytest.fixture(scope="module")
def absence(full: Path) -> Absence:
    return make_world("absence", partial(run_absence, full), full)


def test_each_night_without_a_source_is_published_and_says_how_far_behind_it_is(absence: Absence) -> None:
    for days, night in enumerate(ABSENT, start=1):
        seen = absence.nights[night]
        assert seen.report.published is not None and seen.report.exit_code == 3
        told = seen.freshness["academy"]
        assert (told["days_behind"], told["missing_since"], told["state_zh"]) == (days, ABSENT[0], "滞后")
        assert told["reason_zh"] == f"自 {ABSENT[0]} 起未收到导出"
        assert told["reason_en"] == f"No export since {BEFORE}"
        behind = "1 day" if days == 1 else f"{days} days"
        assert f"Without academy (干部网络学院) since {ABSENT[0]} ({behind} behind)" in seen.summary
        (gap,) = (one for one in seen.machine["gaps"] if one["source"] == "academy")
        assert (gap["days_behind"], gap["missing_since"]) == (days, ABSENT[0].isoformat())
        (status,) = (row for row in seen.status if row["source"] == "academy")
        assert (status["days_behind"], status["state_en"]) == (days, "Behind")


def test_the_other_sources_move_on_without_it(absence: Absence) -> None:
    for night in ABSENT:
        seen = absence.nights[night].freshness
        for source in ("cadre", "academic"):
            told = seen[source]
            assert (told["newest_business_date"], told["days_behind"]) == (night, 0)
            assert (told["state_en"], told["missing_since"], told["reason_en"]) == ("Up to date", None, None)


def test_a_source_that_is_back_leaves_no_trace_in_the_figures(
    absence: Absence, full: Path, tmp_path: Path
) -> None:
    assert absence.nights[BACK].freshness["academy"]["days_behind"] == 0
    punctual = Deployment(tmp_path / "drop", tmp_path / "data")
    deliver(full, punctual.drop, up_to=BACK)
    punctual.settings.zones.create()
    keep_secret_of(absence.city, punctual)
    run(punctual, BACK)
    expected = read_tables(punctual.published)
    assert len(expected) > 50 and expected["marts.fct_training"][0] > 100
    assert set(differing(absence.tables, expected)) <= OF_FORMER_NIGHTS


def cut_in_half(package: Path) -> int:
    """Leave every second person of a cadre export, with all that is theirs. Returns how many are left."""
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    people = read_rows(members["A01.csv"])
    kept = {row["A0000"] for row in people[::2]}
    for name in ("A01.csv", "A02.csv", "A15.csv"):
        rows = [row for row in read_rows(members[name]) if row["A0000"] in kept]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        members[name] = text.getvalue().encode("gb18030")
        (listed,) = (one for one in manifest["files"] if one["name"] == name)
        listed |= {"rows": len(rows), "sha256": hashlib.sha256(members[name]).hexdigest()}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            archive.writestr(name, content)
    return len(kept)


def count_people(package: Path) -> int:
    with zipfile.ZipFile(package) as archive:
        return len(read_rows(archive.read("A01.csv")))


def read_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("gb18030"), newline="")))


def count_cadres(settings: Settings) -> int:
    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as published:
        (count,) = published.execute("select count(*) from marts.dim_cadre").fetchone() or (0,)
    return count


def test_half_of_the_people_turn_no_light_until_somebody_says_that_it_is_right(
    absence: Absence, full: Path, tmp_path: Path
) -> None:
    city, path = absence.city.copy(tmp_path), f"cadre/GBGL_{CUT:%Y%m%d}.zip"
    people = count_cadres(city.settings)
    deliver(full, city.drop, up_to=CUT)
    now, before = cut_in_half(city.drop / path), count_people(city.drop / f"cadre/GBGL_{BACK:%Y%m%d}.zip")
    held = run(city, CUT)
    assert held.report.exit_code == 3 and count_cadres(city.settings) == people
    told = held.freshness["cadre"]
    assert (told["days_behind"], told["missing_since"], told["files_held"]) == (1, CUT, 1)
    assert (told["state_zh"], told["state_en"]) == ("待确认", "Held")
    # Of the tables that fell, the one that fell furthest.
    assert "年度考核 " in told["reason_zh"] and "行，上次 " in told["reason_zh"]
    numbers = f"person {now} rows, {before} before (down {1 - now / before:.1%}, limit 20%)"
    for text in (numbers, f"ganxun accept {path}", f"since {CUT} (1 day behind)"):
        assert text in held.summary
    assert held.freshness["academy"]["newest_business_date"] == CUT
    accepted = subprocess.run(
        [GANXUN, "accept", path, "--why", "checked", "--json", "--data-dir", str(city.data_dir)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [one["file"] for one in json.loads(accepted.stdout)] == [path]
    report = land(city.settings, "cadre", str(city.drop), CUT)
    assert (report.files_landed, report.is_ok, report.newest_business_date) == (1, True, CUT)
    assert not is_up_to_date(city.settings, CUT)  # so that the same run builds and publishes it
