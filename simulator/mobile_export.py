"""The mobile app's daily folders: gzipped xAPI statements by local day of storage."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.accounts import user_ids
from simulator.catalogue import Catalogue, online_course_ids
from simulator.mobile import (
    COMPLETED,
    LATE_SECONDS,
    OFFSET_TEXTS,
    OFFSETS,
    RATED,
    TERMINATED,
    VOIDED,
    Statements,
    durations_shape,
)
from simulator.ndjson import CHUNK_ROWS, text_bytes, write_gzip
from simulator.plan import Ints, SimulationPlan, SimulationReport, day_date, day_number
from simulator.text_columns import blank_where, chosen, concat, digits, second_text, uuid_text

STATEMENT_SALT, ATTEMPT_SALT = 101, 103
_VERBS = ("initialized", "progressed", "terminated", "completed", "passed", "failed", "rated", "voided")
_VERB_IRIS = tuple(
    "http://id.tincanapi.com/verb/rated" if verb == "rated" else f"http://adlnet.gov/expapi/verbs/{verb}"
    for verb in _VERBS
)


def write_statements(
    plan: SimulationPlan, catalogue: Catalogue, statements: Statements, drop: Path, report: SimulationReport
) -> None:
    """Month-end folders of the past, then one folder a night."""
    objects = _objects(catalogue)
    folder_day = _folders(plan, statements.stored_day)
    days, first = np.unique(folder_day, return_index=True)
    for day, begin, end in zip(days, first, np.append(first[1:], len(statements)), strict=True):
        name = f"mobile/dt={day_date(day).isoformat()}/statements-0001.ndjson.gz"
        rows = np.arange(begin, end)
        chunks = (statements.take(rows[k : k + CHUNK_ROWS]) for k in range(0, len(rows), CHUNK_ROWS))
        write_gzip(drop / name, (statement_lines(plan, chunk, objects) for chunk in chunks))
        of_day = statements.take(rows)
        late = int((of_day.stored - of_day.timestamp > LATE_SECONDS * 1000).sum())
        if plan.dirty and day >= plan.first_night_day:
            report.plant(name, "late statement", late, "happened more than 60 days before it was stored")
    report.count("mobile.statements", len(statements))


def _folders(plan: SimulationPlan, stored_day: Ints) -> Ints:
    """The folder of each day: itself for the nights, the month's last day for the past."""
    days = np.unique(stored_day)
    ends = np.array(
        [
            day if day >= plan.first_night_day else min(_month_end(int(day)), plan.first_night_day - 1)
            for day in days
        ]
    )
    return ends[np.searchsorted(days, stored_day)]


def _month_end(day: int) -> int:
    start = day_date(day).replace(day=1)
    return day_number((start + timedelta(days=32)).replace(day=1)) - 1


def statement_lines(plan: SimulationPlan, s: Statements, objects: pa.Array) -> bytes:
    """The statements as JSON lines."""
    salt = STATEMENT_SALT + 1000 * plan.seed
    voided = s.verb == VOIDED
    verb = chosen(
        [
            f'"verb":{{"id":"{iri}","display":{{"en-US":"{name}"}}}}'
            for iri, name in zip(_VERB_IRIS, _VERBS, strict=True)
        ],
        s.verb,
    )
    reference = concat('{"objectType":"StatementRef","id":"', uuid_text(np.maximum(s.target, 0), salt), '"}')
    target = pc.if_else(pa.array(voided), reference, objects.take(pa.array(s.activity)))
    context = concat(
        ',"context":{"registration":"',
        uuid_text(s.attempt, salt + ATTEMPT_SALT),
        '","extensions":{"https://mobile.example/ext/device":"',
        digits(s.user * 7919 % 100_000, 5, "dev-"),
        '"}}',
    )
    return text_bytes(
        concat(
            '{"id":"',
            uuid_text(s.number, salt),
            '","actor":{"objectType":"Agent","account":{"homePage":"https://academy.example","name":"',
            user_ids(s.user),
            '"}},',
            verb,
            ',"object":',
            target,
            _results(s),
            pc.if_else(pa.array(voided), "", context),
            ',"timestamp":"',
            _stamps(s.timestamp, s.offset),
            '","stored":"',
            _stamps(s.stored, np.ones(len(s), np.int64)),
            '"}\n',
        )
    )


def _results(s: Statements) -> pa.Array:
    duration = np.maximum(s.duration, 0)
    hours, minutes, seconds = (
        pa.array(v).cast(pa.string()) for v in (duration // 3600, duration // 60 % 60, duration % 60)
    )
    all_minutes = pa.array(duration // 60).cast(pa.string())
    text = pc.choose(
        pa.array(np.where(duration % 60 == 0, 0, durations_shape(s))),
        concat("PT", all_minutes, "M", blank_to_empty(concat(seconds, "S"), duration % 60 == 0)),
        concat("PT", hours, "H", minutes, "M", seconds, "S"),
        concat("PT", pa.array(duration).cast(pa.string()), "S"),
        concat("PT", hours, "H", minutes, "M", seconds, ".00S"),
    )
    score = concat(',"result":{"score":{"raw":', pa.array(s.value).cast(pa.string()), "}}")
    shape = np.where(
        s.verb == TERMINATED,
        1,
        np.where(s.verb == COMPLETED, 2, np.where((s.value >= 0) & (s.verb <= RATED), 3, 0)),
    )
    nothing, completion = pa.array([""] * len(s)), pa.array([',"result":{"completion":true}'] * len(s))
    return pc.choose(
        pa.array(shape), nothing, concat(',"result":{"duration":"', text, '"}'), completion, score
    )


def blank_to_empty(column: pa.Array, missing: np.ndarray) -> pa.Array:
    """Empty text where `missing`."""
    return pc.fill_null(blank_where(column, missing), "")


def _stamps(milliseconds: Ints, offset: Ints) -> pa.Array:
    """ISO 8601 at each offset, with milliseconds where there are any."""
    local = milliseconds + np.array(OFFSETS)[offset] * 60_000
    fraction = concat(".", digits(local % 1000, 3))
    return concat(
        second_text(local // 1000), blank_to_empty(fraction, local % 1000 == 0), chosen(OFFSET_TEXTS, offset)
    )


def _objects(catalogue: Catalogue) -> pa.Array:
    """The `object` of each activity; academy courses carry neither name nor category."""
    micro = []
    for k, (title, category) in enumerate(
        zip(catalogue.micro_title, catalogue.micro_category, strict=True), start=1
    ):
        definition: dict[str, object] = {"name": {"zh-CN": title}}
        if category:
            definition["extensions"] = {"https://mobile.example/ext/category": category}
        micro.append(
            {
                "objectType": "Activity",
                "id": f"https://mobile.example/micro/M{k:04d}",
                "definition": definition,
            }
        )
    courses = [
        {"objectType": "Activity", "id": f"https://academy.example/course/{key}"}
        for key in online_course_ids(np.arange(len(catalogue.online))).to_pylist()
    ]
    return pa.array([json.dumps(o, ensure_ascii=False, separators=(",", ":")) for o in [*micro, *courses]])
