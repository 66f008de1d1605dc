"""The cadre-management system's nightly zips: a manifest and four CSV files in GB18030."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.archives import csv_bytes, write_zip
from simulator.people import FOR_EVER, GRADES, OLD_RANKS, POSTS, RANKS, Cadres
from simulator.plan import Ints, SimulationPlan, SimulationReport, day_date
from simulator.posts import Posts
from simulator.text_columns import (
    chosen,
    compact_day_text,
    concat,
    digits,
    mixed_hash,
    take_text,
)
from simulator.units import Units

_STYLE_SALT = 21
UNKNOWN_RANK = "9Z99"
IMPOSSIBLE_DAY = "20230230"


@dataclass
class CadreExport:
    """Writes a night's zip from the state of the books on that night.

    sharing_ids: pairs (cadre, cadre whose identity number it wrongly bears); twice: cadres that also
    stand under an older code.
    """

    plan: SimulationPlan
    units: Units
    appraisals: tuple[Ints, Ints, Ints]
    sharing_ids: tuple[Ints, Ints]
    twice: Ints
    drop: Path
    report: SimulationReport

    def name(self, night: int, revision: str = "") -> str:
        """Path in the drop."""
        return f"cadre/GBGL_{day_date(self.plan.first_night_day + night):%Y%m%d}{revision}.zip"

    def write_night(self, night: int, cadres: Cadres, posts: Posts) -> None:
        """The night's zip; on the first night a wrong one comes before it, on the last a cut one after it."""
        there = cadres.appears <= self.plan.first_night_day + night
        tables = {
            "B01": self.units.table(),
            "A01": self._people(cadres, np.flatnonzero(there)),
            "A02": self._posts(cadres, posts, there[posts.cadre]),
            "A15": self._appraisals(cadres),
        }
        for entity, rows in (("unit", "B01"), ("person", "A01"), ("post", "A02"), ("appraisal", "A15")):
            self.report.count(f"cadre.{entity}", tables[rows].num_rows)
        files = {f"{name}.csv": csv_bytes(table) for name, table in tables.items()}
        revision = ""
        if self.plan.dirty:
            files = self._dirty_files(night, tables)
            if night == 0:
                wrong = dict(files)
                wrong["A02.csv"] = wrong["A02.csv"][: wrong["A02.csv"].rindex(b"\r\n", 0, -2) + 2]
                self._write(self.name(night), night, tables, wrong, digest_of=files)
                self.report.plant(self.name(night), "manifest mismatch", 1, "A02.csv lacks its last record")
                revision = "_r2"
                self.report.plant(self.name(night, revision), "night exported again with corrections", 1)
        self._write(self.name(night, revision), night, tables, files, digest_of=files)
        if self.plan.dirty and night == self.plan.nights - 1:
            good = (self.drop / self.name(night, revision)).read_bytes()
            cut = self.name(night, "_r3" if revision else "_r2")
            (self.drop / cut).write_bytes(good[: len(good) * 2 // 3])
            self.report.plant(cut, "cut zip", 1)

    def _write(
        self,
        name: str,
        night: int,
        tables: dict[str, pa.Table],
        files: dict[str, bytes],
        digest_of: dict[str, bytes],
    ) -> None:
        day = day_date(self.plan.first_night_day + night)
        manifest = {
            "system": "cadre",
            "business_date": day.isoformat(),
            "exported_at": f"{day.isoformat()}T22:05:11+08:00",
            "files": [
                {
                    "name": member,
                    "rows": self._records(digest_of[member]),
                    "sha256": hashlib.sha256(digest_of[member]).hexdigest(),
                }
                for member in files
            ],
        }
        members = {"manifest.json": json.dumps(manifest, ensure_ascii=False).encode(), **files}
        write_zip(self.drop / name, members, (day.year, day.month, day.day, 22, 5, 10))

    def _records(self, content: bytes) -> int:
        """Records without the header: record ends outside quotes (an embedded line break is a bare LF)."""
        return content.count(b"\r\n") - 1

    def _people(self, cadres: Cadres, rows: Ints) -> pa.Table:
        n = len(cadres)
        style = _date_style(np.arange(n))
        rank = pc.if_else(
            pa.array(cadres.old_rank_code), chosen(OLD_RANKS, cadres.rank), chosen(RANKS, cadres.rank)
        )
        number = cadres.id_number
        if self.plan.dirty:
            bearer, owner = self.sharing_ids
            source = np.arange(n)
            source[bearer] = owner
            number = number.take(pa.array(source))
        unit_name = take_text(pa.array(self.units.name), cadres.unit)
        post = concat(unit_name, chosen(POSTS, cadres.rank))
        both = mixed_hash(np.arange(n), 22) % np.uint64(300) == 0
        post = pc.if_else(pa.array(both), concat(post, '\n(兼"数字化"专班,副组长)'), post)
        columns = {
            "A0000": cadres.code,
            "A0101": cadres.name,
            "A0104": chosen(["0", "1", "2"], cadres.sex),
            "A0107": compact_day_text(cadres.birth, style),
            "A0117": digits(cadres.ethnic, 2),
            "A0134": compact_day_text(cadres.started, style),
            "A0141": digits(cadres.party, 2),
            "A0163": digits(cadres.status, 1),
            "A0165": chosen(["04", "03"], cadres.county_plus.astype(np.int64)),
            "A0184": number,
            "A0192A": post,
            "A0195": take_text(pa.array(self.units.code), cadres.unit),
            "A0221": rank,
            "A0192E": pc.if_else(
                pa.array(cadres.grade == 0), pa.scalar(None, pa.string()), chosen(GRADES, cadres.grade)
            ),
            "A0288": compact_day_text(cadres.rank_since, _month_style(style, cadres.rank_since)),
        }
        return pa.table(columns).take(pa.array(rows))

    def _posts(self, cadres: Cadres, posts: Posts, there: np.ndarray) -> pa.Table:
        rows = np.flatnonzero(there)
        order = rows[np.argsort(posts.cadre[rows], kind="stable")]
        cadre, rank, removed = posts.cadre[order], posts.rank[order], posts.removed[order]
        held = removed == FOR_EVER
        style = posts.date_style[order]
        old = cadres.old_rank_code[cadre] & (rank == cadres.rank[cadre])
        title = pc.if_else(pa.array(posts.is_main[order]), chosen(POSTS, rank), "兼职")
        return pa.table(
            {
                "A0000": cadres.code.take(pa.array(cadre)),
                "A0201B": take_text(pa.array(self.units.code), posts.unit[order]),
                "A0201A": take_text(pa.array(self.units.name), posts.unit[order]),
                "A0215A": title,
                "A0219": chosen(["2", "1"], np.isin(rank, (2, 3, 4, 5, 6, 7)).astype(np.int64)),
                "A0221": pc.if_else(pa.array(old), chosen(OLD_RANKS, rank), chosen(RANKS, rank)),
                "A0243": compact_day_text(
                    posts.appointed[order], _month_style(style, posts.appointed[order])
                ),
                "A0265": compact_day_text(
                    np.where(held, 0, removed), _month_style(style, np.where(held, 0, removed)), held
                ),
                "A0255": chosen(["0", "1"], held.astype(np.int64)),
                "A0279": chosen(["0", "1"], posts.is_main[order].astype(np.int64)),
            }
        )

    def _appraisals(self, cadres: Cadres) -> pa.Table:
        cadre, year, grade = self.appraisals
        return pa.table(
            {"A0000": cadres.code.take(pa.array(cadre)), "A1521": digits(year, 4), "A1517": digits(grade, 1)}
        )

    def _dirty_files(self, night: int, tables: dict[str, pa.Table]) -> dict[str, bytes]:
        """The CSV files with their faults: some every night, some on the first or last only."""
        last = night == self.plan.nights - 1
        name = self.name(night, "_r2" if night == 0 else "")

        def plant(member: str, kind: str, rows: int = 1, detail: str = "") -> None:
            self.report.plant(f"{name}#{member}.csv", kind, rows, detail)

        units = _add(
            tables["B01"],
            _unit("001.901", "待核单位甲", "001.902"),
            _unit("001.902", "待核单位乙", "001.901"),
            _unit("001.903", "待核单位丙", "001.999"),
        )
        plant("B01", "unit tree with a cycle", 2)
        plant("B01", "unit with a missing parent")

        people = tables["A01"]
        first = [str(people["A0000"][k]) for k in range(3)]
        twice = people.take(pa.array(self.twice)).to_pylist()
        people = _add(
            people,
            *({**row, "A0000": f"GB98{k:05d}", "A0163": "3", "A0192A": None} for k, row in enumerate(twice)),
        )
        people = _set(people, "A0221", 7, UNKNOWN_RANK)
        people = _set(people, "A0141", 11, "77")
        plant("A01", "one person with two codes", len(twice))
        plant("A01", "two people with one ID number", len(self.sharing_ids[0]))
        plant("A01", "unknown code", 2, "A0221, A0141")
        breaks = pc.sum(pc.match_substring(people["A0192A"], "\n")).as_py() or 0
        plant("A01", "embedded newline and quotes", breaks)

        post = {
            "A0201B": "001.003",
            "A0201A": self.units.name[self.units.code.index("001.003")],
            "A0215A": "兼职",
            "A0219": "2",
            "A0221": "1A50",
            "A0265": None,
            "A0255": "1",
            "A0279": "0",
        }
        posts = _add(
            tables["A02"],
            {**post, "A0000": first[0], "A0243": IMPOSSIBLE_DAY},
            {**post, "A0000": first[1], "A0243": "20240501", "A0265": "20230501", "A0255": "0"},
            {**post, "A0000": "GB9999999", "A0243": "20230501"},
        )
        plant("A02", "impossible date")
        plant("A02", "end before start")
        plant("A02", "orphan key", 1, "A0000")
        appraisals = _add(tables["A15"], {"A0000": "GB9999998", "A1521": "2024", "A1517": "2"})
        plant("A15", "orphan key", 1, "A0000")

        if night == 0:
            people = people.drop_columns(["A0117"])
            plant("A01", "column missing", 1, "A0117")
        if last:
            people = people.append_column("A0178", pa.array(["备用"] * people.num_rows))
            plant("A01", "column added", 1, "A0178")
            units = units.rename_columns(["TYXYDM" if c == "B0114" else c for c in units.column_names])
            plant("B01", "column renamed", 1, "B0114 is TYXYDM")
        files = {
            "B01.csv": csv_bytes(units),
            "A01.csv": csv_bytes(people),
            "A02.csv": csv_bytes(posts),
            "A15.csv": csv_bytes(appraisals),
        }
        if night == 0:
            files["B01.csv"] = csv_bytes(units, "utf-8")
            plant("B01", "wrong encoding", 1, "UTF-8")
            files["A15.csv"] = "\ufeff".encode("gb18030") + files["A15.csv"]
            plant("A15", "BOM")
        if last:
            files["A02.csv"] += _overlong(first[2])
            plant("A02", "row with a field too many")
        return files


def _date_style(rows: Ints) -> Ints:
    """60 % of the people have full dates, the others one of the two month forms."""
    dice = mixed_hash(rows, _STYLE_SALT) % np.uint64(100)
    return np.where(dice < 60, 0, np.where(dice < 83, 1, 2))


def _month_style(style: Ints, days: Ints) -> Ints:
    """A month form only where it loses nothing: on the first of a month."""
    dates = days.astype("datetime64[D]")
    return np.where(dates == dates.astype("datetime64[M]"), style, 0)


def _add(table: pa.Table, *rows: dict[str, str | None]) -> pa.Table:
    added = [{name: row.get(name) for name in table.column_names} for row in rows]
    return pa.concat_tables([table, pa.Table.from_pylist(added, schema=table.schema)]).combine_chunks()


def _set(table: pa.Table, column: str, row: int, value: str) -> pa.Table:
    at = table.schema.get_field_index(column)
    mask = np.arange(table.num_rows) == row
    return table.set_column(at, column, pc.if_else(pa.array(mask), value, table[column].combine_chunks()))


def _unit(code: str, name: str, parent: str) -> dict[str, str | None]:
    return {
        "B0111": code,
        "B0101": name,
        "B0104": name,
        "B0117": "519900",
        "B0121": parent,
        "B0131": "4",
        "UNIT_STATUS": "1",
    }


def _overlong(code: str) -> bytes:
    """A post with a field too many."""
    return f"{code},001.003,,兼职,2,1A50,20230601,,1,0,多出\r\n".encode("gb18030")
