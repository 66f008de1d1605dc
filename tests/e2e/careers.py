"""A small simulated city whose cadre exports of three nights are written by hand from the first one.

Every change of a career is known; `naive_day` is a second, naive reading of the same exports, day by day
(docs/history.md).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ganxun.settings import SOURCES, Settings
from ganxun.steps.land import land
from tests.connectors.exports import write_cadre, write_lines

NIGHTS = [date(2026, 6, 28), date(2026, 6, 29), date(2026, 6, 30)]
FIRST, SECOND, THIRD = NIGHTS
WINDOW_START = date(2021, 7, 1)
FAR = date(9999, 12, 31)
COUNTY_GRADES = {"11", "12", "13", "14", "15", "16"}
COURSE = {
    "course_id": "WK9001",
    "title": "履历测试专用课",
    "category": "新思想",
    "credit_hours": 2,
    "duration_seconds": 5400,
    "requires_exam": False,
    "updated_at": "2026-06-01T09:00:00+08:00",
}

Rows = list[dict[str, str]]


def read_date(text: str) -> date | None:
    """A day as the exports write it: 20200501, 202005 or 2020.05."""
    digits = text.replace(".", "")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8] or 1)) if digits else None


@dataclass
class Export:
    """The books of one night, as rows of text."""

    tables: dict[str, Rows]

    @classmethod
    def read(cls, package: Path) -> Export:
        """From a zip."""
        with zipfile.ZipFile(package) as archive:
            return cls(
                {
                    name: list(csv.DictReader(io.StringIO(archive.read(name).decode("gb18030"), newline="")))
                    for name in archive.namelist()
                    if name.endswith(".csv")
                }
            )

    def copy(self) -> Export:
        """A copy to change."""
        return Export({name: [dict(row) for row in rows] for name, rows in self.tables.items()})

    def write(self, drop: Path, night: date) -> None:
        """As the zip of a night, with a manifest that fits."""
        texts = {}
        for name, rows in self.tables.items():
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            texts[name] = text.getvalue()
        write_cadre(drop, night, texts=texts)

    @property
    def people(self) -> dict[str, dict[str, str]]:
        """People by code."""
        return {row["A0000"]: row for row in self.tables["A01.csv"]}

    def unit(self, code: str) -> dict[str, str]:
        """One unit."""
        return next(row for row in self.tables["B01.csv"] if row["B0111"] == code)

    def open_post(self, person: str) -> dict[str, str]:
        """The main post that the person holds."""
        [post] = [row for row in self.main_posts(person) if not row["A0265"]]
        return post

    def main_posts(self, person: str) -> Rows:
        """All main posts of a person, in the order of the export."""
        return [row for row in self.tables["A02.csv"] if row["A0000"] == person and row["A0279"] == "1"]

    def remove_from_post(self, person: str, day: date, **successor: str) -> None:
        """End the main post; `successor` are the fields in which the next one, from that day on, differs."""
        post = self.open_post(person)
        if successor:
            self.tables["A02.csv"].append({**post, "A0243": f"{day:%Y%m%d}", **successor})
        post |= {"A0265": f"{day:%Y%m%d}", "A0255": "0"}


@dataclass
class Cast:
    """Who plays which part, all on duty with one open main post before 2021 and a user of the academy."""

    promoted: list[str] = field(default_factory=list)
    transferred: str = ""
    corrected: str = ""
    retired: str = ""
    returned: str = ""
    gone: str = ""
    vanished_unit: str = ""
    revoked_unit: str = ""
    heir_unit: str = ""
    passing_unit: str = ""


def choose_cast(base: Export, users: dict[str, str]) -> Cast:
    """Take people in the order of their codes; each has only one part."""
    units = {row["B0111"]: row for row in base.tables["B01.csv"]}
    parents = {row["B0121"] for row in units.values()}
    settled = []
    for code, person in sorted(base.people.items()):
        posts = [row for row in base.main_posts(code) if not row["A0265"]]
        since = read_date(person["A0288"])
        if (
            person["A0163"] == "1"
            and code in users
            and len(posts) == 1
            and posts[0]["A0201B"] == person["A0195"]
            and since is not None
            and since < WINDOW_START
        ):
            settled.append(code)
    section = {"1A41", "1A42", "0141", "0142"}
    leaders = [
        code
        for code in settled
        if base.people[code]["A0221"] in section
        and base.people[code]["A0192E"] not in COUNTY_GRADES
        and base.open_post(code)["A0219"] == "1"
    ]
    cast = Cast(promoted=leaders[:4])
    # two units without units below them, all of whose people are settled, and none of them promoted
    homes: dict[str, list[str]] = {}
    for code, person in base.people.items():
        homes.setdefault(person["A0195"], []).append(code)
    leaves = [
        unit
        for unit, people in sorted(homes.items())
        if unit in units
        and unit not in parents
        and units[unit]["UNIT_STATUS"] == "1"
        and set(people) <= set(settled) - set(cast.promoted)
    ]
    cast.vanished_unit, cast.revoked_unit, cast.heir_unit, cast.passing_unit = leaves[:4]
    free = [
        code
        for code in settled
        if code not in cast.promoted
        and base.people[code]["A0195"] not in leaves[:4]
        and base.people[code]["A0221"] not in ("1A01", "1A02")
    ]
    cast.transferred, cast.retired, cast.returned, cast.gone = free[:4]
    cast.corrected = next(
        code
        for code in free[4:]
        if base.people[code]["A0192E"] not in COUNTY_GRADES
        and base.people[code]["A0221"] in section | {"1A50"}
    )
    return cast


def write_nights(base: Export, cast: Cast) -> list[Export]:
    """The three nights: each is the one before with that night's changes."""
    base = base.copy()
    for post in base.main_posts(cast.promoted[0]):
        post["A0221"] = ""  # the rank before the promotion is only in the nights before it
    first = base.copy()
    first.people[cast.corrected]["A0221"] = "1A32"  # mistyped; A0288 is right

    second = base.copy()
    for person in cast.promoted:
        second.remove_from_post(person, SECOND, A0221="1A32")
        second.people[person] |= {"A0221": "1A32", "A0288": f"{SECOND:%Y%m%d}"}
    second.remove_from_post(cast.transferred, SECOND)  # the new post is entered a day later
    second.people[cast.transferred]["A0195"] = cast.passing_unit
    second.people[cast.returned]["A0163"] = "3"
    for unit in (cast.vanished_unit, cast.revoked_unit):
        second.unit(unit).update(UNIT_STATUS="0", SUCCESSOR=cast.heir_unit)
        for code, person in second.people.items():
            if person["A0195"] == unit:
                second.remove_from_post(code, SECOND, A0201B=cast.heir_unit)
                person["A0195"] = cast.heir_unit

    third = second.copy()
    third.people[cast.transferred]["A0195"] = cast.heir_unit
    third.people[cast.retired]["A0163"] = "2"  # the open post stands
    third.people[cast.returned]["A0163"] = "1"
    third.tables["A01.csv"] = [row for row in third.tables["A01.csv"] if row["A0000"] != cast.gone]
    third.tables["B01.csv"] = [row for row in third.tables["B01.csv"] if row["B0111"] != cast.vanished_unit]
    return [first, second, third]


@dataclass(frozen=True)
class City:
    """A city after three nights: its exports, cast, and the working warehouse of the third night."""

    exports: list[Export]
    cast: Cast
    drop: Path
    settings: Settings
    work_file: Path

    def query(self, sql: str, *parameters: Any) -> list[tuple]:
        """Rows of a query on the working warehouse; `keys` gives the person code of a cadre_key."""
        with duckdb.connect(str(self.work_file), read_only=True) as connection:
            connection.execute("create temp view keys as from intermediate.int_cadre_key")
            return connection.execute(sql, parameters).fetchall()

    def spans(self, person: str) -> list[tuple]:
        """Unit, rank code, first and end day, move and reason of the end of a cadre's newest spans."""
        return self.query(
            """select unit_code, rank_code, valid_from, valid_to, unit_move, rank_move, ended_by
               from marts.dim_cadre_history join keys using (cadre_key)
               where person_code = ? and coalesce(valid_to, current_date) > date '2026-06-28'
               order by valid_from""",
            person,
        )


def add_records(drop: Path, users: dict[str, str], cast: Cast, base: Export) -> None:
    """Two hours of one course for everyone, half of them on the first night, the others on the second."""
    write_lines(drop, "academy/20260630/courses-9001.ndjson.gz", [COURSE])
    merged = [
        code
        for code, person in base.people.items()
        if person["A0195"] in (cast.vanished_unit, cast.revoked_unit)
    ]
    records = []
    for person, user in sorted(users.items()):
        day = FIRST if person in merged else SECOND
        at = f"{day.isoformat()}T10:00:00+08:00"
        records.append(
            {
                "record_id": f"WR9{user}",
                "user_id": user,
                "course_id": COURSE["course_id"],
                "started_at": at,
                "completed_at": at,
                "study_seconds": 5400,
                "progress": 1,
                "updated_at": "2026-06-30T09:00:00+08:00",
            }
        )
    write_lines(drop, "academy/20260630/records-9001.ndjson.gz", records)


def land_night(settings: Settings, drop: Path, night: date, sources: tuple[str, ...] = SOURCES) -> None:
    """Land what a drop holds up to a night; what the expectations say of the exports is not the subject."""
    for source in sources:
        land(settings, source, str(drop), night, validate=lambda *_: [])


def naive_rank(city: City, person: str, day: date) -> tuple[str, str] | None:
    """Rank and grade of the last run of nights, in order, whose date is not after the day."""
    runs: list[tuple[tuple[str, str], date | None]] = []
    for night, export in zip(NIGHTS, city.exports, strict=True):
        row = export.people.get(person)
        if row is None:
            continue
        state, since = (new_code(row["A0221"]), row["A0192E"]), read_date(row["A0288"])
        if runs and runs[-1][0] == state:
            runs[-1] = (state, since or runs[-1][1])
        else:
            runs.append((state, since or (night if runs else None)))
    held = [state for state, since in runs if since is not None and since <= day]
    return held[-1] if held else None


def new_code(rank: str) -> str:
    """The old codes' second half is the new codes'."""
    return "1A" + rank[2:] if rank.startswith("01") else rank


def naive_group(rank: str, grade: str) -> str | None:
    """Rank group of a rank; a post without one has none."""
    if not rank and not grade:
        return None
    return "county_plus" if "1A01" <= rank <= "1A32" or grade in COUNTY_GRADES else "section_below"


def naive_day(city: City, person: str, day: date) -> tuple[str | None, str | None]:
    """Unit and rank group of a cadre on a day, read from the exports as docs/history.md tells it."""
    newest = city.exports[-1]
    night = max((night for night in NIGHTS if night <= day), default=None)
    seen = None if night is None else city.exports[NIGHTS.index(night)].people.get(person)
    posts = [
        (appointed, removed or FAR, number, row)
        for number, row in enumerate(newest.main_posts(person))
        if (appointed := read_date(row["A0243"])) is not None
        and appointed <= day < ((removed := read_date(row["A0265"])) or FAR)
    ]
    post = max(posts, key=lambda post: post[:3])[3] if posts else None
    if seen is not None and seen["A0163"] != "1" and post is not None and not post["A0265"]:
        post = None
    if post is None and seen is not None and seen["A0163"] != "1":
        return None, None
    unit = post["A0201B"] if post is not None else (seen["A0195"] if seen is not None else None)
    rank = naive_rank(city, person, day)
    if rank is not None:
        return unit, naive_group(*rank) or "section_below"
    return unit, naive_group(new_code(post["A0221"]), "") if post is not None else None


def days_of(start: date, end: date) -> Iterator[date]:
    """Days from one to another, the end not included."""
    for number in range((end - start).days):
        yield start + timedelta(days=number)
