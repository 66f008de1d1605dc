"""Learning records, sessions and ratings as JSON lines, by the night that first exports them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from simulator.academic import online_class_ids
from simulator.academy import Study
from simulator.accounts import user_ids
from simulator.catalogue import online_course_ids
from simulator.ndjson import Field, json_lines, leaves_out
from simulator.plan import DAY_SECONDS, Bools, Ints, SimulationPlan
from simulator.text_columns import (
    blank_where,
    chosen,
    digits,
    hex_text,
    instant_text,
    mixed_hash,
    take_text,
)

CLIENTS = ("pc", "app", "h5")
_VERSION_SALT, _UTC_SALT, _DEVICE_SALT = 3, 18, 12
Resource = tuple[str, int, Callable[[int, int], bytes]]  # name, items, lines of a range of items


class StudyExport:
    """Deals the rows of a `Study` to the nights. bounds: the local seconds between them."""

    def __init__(self, plan: SimulationPlan, study: Study) -> None:
        self.plan, self.study = plan, study
        self.bounds: Ints = np.concatenate([[-(2**62)], plan.cutoffs])
        ended = study.ses_start + study.ses_seconds + 5
        self.session_rows: Ints = np.argsort(ended, kind="stable")
        self.session_at = ended[self.session_rows]
        self.record_rows, self.record_older, self.record_at = self._versions()

    def within(self, at: Ints, night: int) -> Ints:
        """Positions of the instants that a night is the first to export."""
        return np.flatnonzero((at > self.bounds[night]) & (at <= self.bounds[night + 1]))

    def resources(self, night: int) -> list[Resource]:
        """Records (with older versions and corrections), sessions and ratings of a night."""
        versions = self.within(self.record_at, night)
        corrected = self._corrected(night)
        rows = np.concatenate([self.record_rows[versions], corrected])
        older = np.concatenate([self.record_older[versions], np.zeros(len(corrected), bool)])
        fixed = np.arange(len(rows)) >= len(versions)
        sessions = self.session_rows[self.within(self.session_at, night)]
        rated_at = self.study.updated[self.study.rate_record] + 70
        rated = self.within(rated_at, night)

        def records(a: int, b: int) -> bytes:
            return self._record_lines(rows[a:b], older[a:b], fixed[a:b], night)

        return [
            ("records", len(rows), records),
            ("sessions", len(sessions), lambda a, b: self._session_lines(sessions[a:b])),
            ("ratings", len(rated), lambda a, b: self._rating_lines(rated[a:b], rated_at[rated[a:b]])),
        ]

    def _versions(self) -> tuple[Ints, Bools, Ints]:
        """Records by time of change; a few are there twice, the older version unfinished."""
        s = self.study
        first_end = s.ses_start[: len(s)] + s.ses_seconds[: len(s)]
        twice = np.flatnonzero(
            (first_end < s.last) & (mixed_hash(np.arange(len(s)), _VERSION_SALT) % np.uint64(30) == 0)
        )
        rows = np.concatenate([np.arange(len(s)), twice])
        older = np.arange(len(rows)) >= len(s)
        at = np.concatenate([s.updated, first_end[twice] + 7])
        order = np.argsort(at, kind="stable")
        return rows[order], older[order], at[order]

    def _corrected(self, night: int) -> Ints:
        """Old records whose score was corrected since the night before."""
        if night == 0:
            return np.empty(0, np.int64)
        scored = np.flatnonzero(
            ~np.isnan(self.study.score) & (self.study.updated < self.bounds[1] - 30 * DAY_SECONDS)
        )
        return self.plan.rng(f"corrected records {night}").permutation(scored)[: self.plan.share(0.0005, 1)]

    def _record_lines(self, r: Ints, older: Bools, fixed: Bools, night: int) -> bytes:
        s = self.study
        first_end = s.ses_start[r] + s.ses_seconds[r]
        last = np.where(older, first_end, s.last[r])
        seconds = np.where(older, s.ses_seconds[r], s.seconds[r])
        undone = older | (s.completed[r] < 0)
        score = np.where(fixed, np.minimum(s.score[r] + 2, 100), s.score[r])
        unscored = older | np.isnan(score)
        progress = np.where(
            older, np.round(s.progress[r] * s.ses_seconds[r] / s.seconds[r], 2), s.progress[r]
        )
        updated = np.where(older, first_end + 7, np.where(fixed, self.bounds[night] + 1426, s.updated[r]))
        z = mixed_hash(r, _UTC_SALT) % np.uint64(16) == 0
        mark = pa.array(np.nan_to_num(score).astype(np.int64)).cast(pa.string())
        fields = [
            Field("record_id", digits(r + 1, 8, "WR")),
            Field("user_id", user_ids(s.user[r])),
            Field("course_id", online_course_ids(s.course[r])),
            Field("class_id", take_text(online_class_ids(self.plan), s.class_[r])),
            Field("started_at", instant_text(s.started[r], z)),
            Field("last_at", instant_text(last, z)),
            Field("completed_at", blank_where(instant_text(last, z), undone)),
            Field("study_seconds", pa.array(seconds).cast(pa.string()), quoted=False),
            Field("progress", pa.array(progress).cast(pa.string()), quoted=False),
            Field("score", blank_where(mark, unscored), quoted=False),
            Field(
                "passed",
                blank_where(chosen(["false", "true"], (score >= 60).astype(np.int64)), unscored),
                quoted=False,
            ),
            Field("client", chosen(CLIENTS, s.client[r])),
            Field("updated_at", instant_text(updated)),
        ]
        return json_lines(fields, leaves_out(r))

    def _session_lines(self, r: Ints) -> bytes:
        s = self.study
        z = mixed_hash(r, _UTC_SALT + 1) % np.uint64(16) == 0
        user = s.user[s.ses_record[r]]
        end = s.ses_start[r] + s.ses_seconds[r]
        device = user * 2 + (s.client[s.ses_record[r]] == 1)
        fields = [
            Field("session_id", digits(r + 1, 8, "WS")),
            Field("record_id", digits(s.ses_record[r] + 1, 8, "WR")),
            Field("started_at", instant_text(s.ses_start[r], z)),
            Field("ended_at", instant_text(end, z)),
            Field("seconds", pa.array(s.ses_seconds[r]).cast(pa.string()), quoted=False),
            Field(
                "interactions", pa.array(1 + s.ses_seconds[r] // 380 + r % 5).cast(pa.string()), quoted=False
            ),
            Field("device_hash", hex_text(device, _DEVICE_SALT, 12)),
            Field("updated_at", instant_text(end + 5)),
        ]
        return json_lines(fields, leaves_out(r))

    def _rating_lines(self, r: Ints, at: Ints) -> bytes:
        s = self.study
        record = s.rate_record[r]
        fields = [
            Field("rating_id", digits(r + 1, 7, "WP")),
            Field("user_id", user_ids(s.user[record])),
            Field("course_id", online_course_ids(s.course[record])),
            Field("score", pa.array(s.rate_score[r]).cast(pa.string()), quoted=False),
            Field("updated_at", instant_text(at)),
        ]
        return json_lines(fields, leaves_out(r))
