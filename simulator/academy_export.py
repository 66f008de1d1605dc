"""The academy's nightly folders: gzipped NDJSON of what changed since the last export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator import topics
from simulator import vocabulary as words
from simulator.academic import online_class_ids
from simulator.academy import RESULTS, OnlineClasses, Study
from simulator.accounts import Accounts, user_ids
from simulator.catalogue import Catalogue, online_course_ids
from simulator.ndjson import CHUNK_ROWS, Field, json_lines, leaves_out, write_gzip
from simulator.plan import DAY_SECONDS, Ints, SimulationPlan, SimulationReport, day_date
from simulator.study_export import StudyExport
from simulator.text_columns import (
    chosen,
    day_text,
    digits,
    instant_text,
    mixed_hash,
    take_text,
)
from simulator.units import Units

ITEMS_A_FILE = 250_000
PROVIDERS = ("中国干部网络学院", "省干部网络学院", f"{words.CITY}委党校")


class AcademyExport:
    """Writes the folders of all nights."""

    def __init__(
        self,
        plan: SimulationPlan,
        units: Units,
        catalogue: Catalogue,
        accounts: Accounts,
        classes: OnlineClasses,
        study: Study,
        drop: Path,
        report: SimulationReport,
    ) -> None:
        self.plan, self.units, self.catalogue, self.accounts = plan, units, catalogue, accounts
        self.classes, self.drop, self.report = classes, drop, report
        self.study = StudyExport(plan, study)
        self.user_ids = user_ids(np.arange(len(accounts)))
        self.bounds = self.study.bounds

    def folder(self, night: int) -> Path:
        """The folder of a night."""
        return self.drop / "academy" / f"{day_date(self.plan.first_night_day + night):%Y%m%d}"

    def write_night(self, night: int, moved: Ints, unit_now: Ints) -> None:
        """All resources of a night; empty ones are left away.

        moved: cadres whose account follows a transfer; unit_now: today's unit of every cadre.
        """
        self._write(night, "users", *self._users(night, moved, unit_now))
        self._write(night, "courses", *self._courses(night))
        self._write(night, "classes", *self._classes(night))
        self._write(night, "enrollments", *self._enrollments(night))
        for resource, rows, lines in self.study.resources(night):
            self._write(night, resource, rows, lines)

    def _write(self, night: int, resource: str, rows: int, lines: Callable[[int, int], bytes]) -> None:
        for number, first in enumerate(range(0, rows, ITEMS_A_FILE), start=1):
            last = min(first + ITEMS_A_FILE, rows)

            def parts(first: int = first, last: int = last) -> Iterator[bytes]:
                for begin in range(first, last, CHUNK_ROWS):
                    yield lines(begin, min(begin + CHUNK_ROWS, last))

            write_gzip(self.folder(night) / f"{resource}-{number:04d}.ndjson.gz", parts())
        self.report.count(f"academy.{resource}", rows)

    def _users(self, night: int, moved: Ints, unit_now: Ints) -> tuple[int, Callable[[int, int], bytes]]:
        a, p = self.accounts, self.accounts.people
        at = (
            a.registered * DAY_SECONDS
            + 9 * 3600
            + (mixed_hash(np.arange(len(a)), 5) % np.uint64(28_000)).astype(np.int64)
        )
        rows = self.study.within(at, night)
        rows = rows[np.argsort(at[rows], kind="stable")]
        code, name = p.unit_code, p.unit_name
        if night:
            rows = np.flatnonzero(np.isin(p.cadre, moved))
            unit = np.where(p.cadre >= 0, unit_now[np.maximum(p.cadre, 0)], -1)
            code, name = (
                take_text(pa.array(self.units.code), unit),
                take_text(pa.array(self.units.name), unit),
            )
            at = np.full(len(a), self.bounds[night + 1] - 3 * 3600 - 9)

        def lines(first: int, last: int) -> bytes:
            r = rows[first:last]
            pick = pa.array(r)
            fields = [
                Field("user_id", self.user_ids.take(pick)),
                Field("real_name", p.name.take(pick), escape=True),
                Field("sex", p.sex.take(pick)),
                Field("id_number", p.id_number.take(pick)),
                Field("staff_no", p.staff_no.take(pick)),
                Field("org_code", code.take(pick)),
                Field("org_name", name.take(pick), escape=True),
                Field("birth", p.birth.take(pick)),
                Field("status", chosen(["active", "disabled"], a.disabled[r].astype(np.int64))),
                Field("updated_at", instant_text(at[r])),
            ]
            return json_lines(fields, leaves_out(r))

        return len(rows), lines

    def _courses(self, night: int) -> tuple[int, Callable[[int, int], bytes]]:
        o = self.catalogue.online
        at = o.published * DAY_SECONDS + 9 * 3600
        rows = self.study.within(at, night)
        category = o.category
        if night:
            changed = (night * 7 + 3) % len(o)
            rows = np.append(rows, changed)
            other = topics.TOPICS[(int(o.topic[changed]) + 4) % len(topics.TOPICS)].academy
            category = pc.if_else(pa.array(np.arange(len(o)) == changed), other, category)
            at = np.where(np.arange(len(o)) == changed, self.bounds[night + 1] - 5 * 3600, at)
            if self.plan.dirty:
                name = f"academy/{self.folder(night).name}/courses-0001.ndjson.gz"
                self.report.plant(name, "course re-categorised", 1)

        def lines(first: int, last: int) -> bytes:
            r = rows[first:last]
            pick = pa.array(r)
            fields = [
                Field("course_id", online_course_ids(r)),
                Field("course_no", o.course_no.take(pick)),
                Field("title", o.title.take(pick), escape=True),
                Field("category", category.take(pick), escape=True),
                Field(
                    "credit_hours",
                    pa.array(o.hours[r], mask=np.isnan(o.hours[r])).cast(pa.string()),
                    quoted=False,
                ),
                Field("duration_seconds", pa.array(o.seconds[r]).cast(pa.string()), quoted=False),
                Field("requires_exam", chosen(["false", "true"], o.exam[r].astype(np.int64)), quoted=False),
                Field("provider", chosen(PROVIDERS, o.provider[r])),
                Field("is_local", chosen(["false", "true"], o.is_local[r].astype(np.int64)), quoted=False),
                Field("published_on", day_text(o.published[r])),
                Field("retired_on", day_text(o.retired[r], o.retired[r] < 0)),
                Field("updated_at", instant_text(at[r])),
            ]
            return json_lines(fields, leaves_out(r))

        return len(rows), lines

    def _classes(self, night: int) -> tuple[int, Callable[[int, int], bytes]]:
        c = self.classes
        at = (c.start - 10) * DAY_SECONDS + 10 * 3600
        rows = self.study.within(at, night)
        ids, themes = online_class_ids(self.plan), self.catalogue.tables["theme"]
        year = c.start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970

        def lines(first: int, last: int) -> bytes:
            r = rows[first:last]
            name = pc.fill_null(take_text(themes["name"].combine_chunks(), c.theme[r]), "综合研修专题")
            fields = [
                Field("class_id", ids.take(pa.array(r))),
                Field(
                    "name",
                    pc.binary_join_element_wise(
                        pa.array(year[r]).cast(pa.string()), "年", name, "网络班", ""
                    ),
                ),
                Field("theme_code", take_text(themes["theme_code"].combine_chunks(), c.theme[r])),
                Field("start_date", day_text(c.start[r])),
                Field("end_date", day_text(c.end[r])),
                Field("required_hours", pa.array(["10.0"] * len(r)), quoted=False),
                Field("organizer_org_code", pa.array(["001.003"] * len(r))),
                Field("updated_at", instant_text(at[r])),
            ]
            return json_lines(fields, leaves_out(r))

        return len(rows), lines

    def _enrollments(self, night: int) -> tuple[int, Callable[[int, int], bytes]]:
        """An enrolment is exported when it is made, and again with its result when the class is over."""
        c = self.classes
        made = (c.start[c.enr_class] - 3) * DAY_SECONDS + 10 * 3600
        settled = (c.end[c.enr_class] + 1) * DAY_SECONDS + 10 * 3600
        over = (settled > self.bounds[night]) & (settled <= self.bounds[night + 1])
        new = (
            (made > self.bounds[night])
            & (made <= self.bounds[night + 1])
            & (settled > self.bounds[night + 1])
        )
        rows = np.flatnonzero(over | new)

        def lines(first: int, last: int) -> bytes:
            r = rows[first:last]
            fields = [
                Field("enrollment_id", digits(r + 1, 7, "WX")),
                Field("class_id", online_class_ids(self.plan).take(pa.array(c.enr_class[r]))),
                Field("user_id", self.user_ids.take(pa.array(c.enr_user[r]))),
                Field(
                    "result", chosen(RESULTS, np.where(over[r], c.enr_result[r], RESULTS.index("enrolled")))
                ),
                Field("updated_at", instant_text(np.where(over[r], settled[r], made[r]))),
            ]
            return json_lines(fields, leaves_out(r))

        return len(rows), lines
