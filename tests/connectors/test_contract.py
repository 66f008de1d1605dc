"""Contracts and the types that they promise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import ValidationError

from connectors.contract import EntityContract, load_contract, parse_contract
from connectors.delivery import DropFile, LandedFile
from connectors.typing_sql import rules_of
from ganxun.settings import SOURCES
from tests.connectors.exports import NIGHT, Readings


def type_values(readings: Readings, kind: dict, values: list[str | None]) -> list:
    """What becomes of texts in a field of a type; a quarantined row gives `bad`."""
    entity = EntityContract.model_validate({"name": "thing", "container": "thing", "fields": {"value": kind}})
    name = load_contract("mobile").interpret("mobile/dt=2026-06-30/statements-1.ndjson.gz")
    assert name is not None
    file = LandedFile(DropFile("mobile", "thing", "", NIGHT, 1, name), "0" * 64, 1, Path())
    numbered = [f"{number}" for number in range(len(values))]
    entity = entity.model_copy(
        update={
            "fields": {
                **entity.fields,
                "number": load_contract("mobile").entities["statements"].fields["device"],
            }
        }
    )
    relation = pa.table(
        {
            "_source_row": pa.array(range(len(values)), pa.int64()),
            "_fault": pa.nulls(len(values), pa.string()),
            "value": pa.array(values, pa.string()),
            "number": numbered,  # no two rows are exact doubles
        }
    )
    readings.stage.connection.register("given", relation)
    batch = readings.stage.write(file, entity, "given")
    rows = {row["_source_row"]: row["value"] for row in readings.rows("mobile", batch).to_pylist()}
    return [rows.get(number, "bad") for number in range(len(values))]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (
            {"type": "integer"},
            ["7", " 7 ", "7.0", "-3", "7.5", "七", "1e3", "9" * 20],
            [7, 7, 7, -3, None, None, None, None],
        ),
        (
            {"type": "number"},
            ["7", "7.25", ".5", "-1e2", "nan", "inf", "1,000", "1e999"],
            [7, 7.25, 0.5, -100, None, None, None, None],
        ),
        (
            {"type": "boolean"},
            ["1", "0", "true", "False", "yes", "2"],
            [True, False, True, False, None, None],
        ),
        (
            {"type": "date"},
            ["2024-02-29", "2023-02-29", "2023-02-30", "20240229", "0000-00-00"],
            [date(2024, 2, 29), None, None, None, None],
        ),
        (
            {"type": "date", "formats": ["YYYYMMDD", "YYYYMM", "YYYY.MM"]},
            ["19850716", "198507", "1985.07", "20230230", "1985071", "198513"],
            [date(1985, 7, 16), date(1985, 7, 1), date(1985, 7, 1), None, None, None],
        ),
        (
            {"type": "time"},
            ["08:30", "23:59", "24:00", "8:30", "08:60"],
            ["08:30", "23:59", None, None, None],
        ),
        (
            {"type": "instant"},
            [
                "2026-06-30T10:00:00+08:00",
                "2026-06-30t02:00:00.000z",
                "2026-06-29T22:30:00-03:30",
                "2026-06-30T10:00:00",
                "2026-02-30T10:00:00Z",
                "2026-06-30T10:00:00+99:00",
            ],
            [datetime(2026, 6, 30, 2, tzinfo=UTC)] * 3 + [None] * 3,
        ),
        (
            {"type": "duration"},
            ["PT12M30S", "PT0H14M40.50S", "PT1H1S", "P1DT1M", "P1W", "PT", "P", "P1M", "PT5", "12"],
            [750, 880.5, 3601, 86460, 604800, None, None, None, None, None],
        ),
        (
            {"type": "code", "codes": ["01", "02"]},
            ["01", " 02　", "1", "", None],
            ["01", "02", None, None, None],
        ),
        ({"type": "text"}, [" a ", "　", "", "x\ny"], [" a ", None, None, "x\ny"]),
        (
            {"type": "number", "minimum": 0, "maximum": 24},
            ["0", "24", "24.01", "-0.1", "x"],
            [0, 24, "bad", "bad", None],
        ),
        ({"type": "number", "maximum": 1, "out_of_range": "nulled"}, ["1", "1.5"], [1, None]),
        ({"type": "integer", "required": True}, ["7", "x", None, " "], [7, "bad", "bad", "bad"]),
        (
            {"type": "boolean", "values": {"是": "1", "否": "0"}, "default": "1"},
            ["是", "否", "", "?"],
            [True, False, True, None],
        ),
    ],
)
def test_a_value_that_is_not_of_its_type_never_passes(
    readings: Readings, kind: dict, given: list, expected: list
) -> None:
    assert type_values(readings, kind, given) == expected


def test_an_alias_finds_a_renamed_column_without_a_line_of_python() -> None:
    from connectors.columns import match_columns
    from connectors.reasons import join_reasons

    document = {
        "name": "unit",
        "container": "B01.csv",
        "fields": {"b0111": {"type": "code", "required": True, "names": ["B0111", "机构编码"]}},
    }
    match = match_columns(EntityContract.model_validate(document), [" 机构编码 ", "X"])
    assert match.positions == {"b0111": 0}
    assert join_reasons(match.notes) == "renamed: 机构编码 read as B0111; columns ignored: X"


def test_a_typing_mistake_in_a_contract_does_not_switch_a_check_off() -> None:
    text = "source: s\nfiles: []\nentities:\n  a:\n    fields:\n      x: {type: code, requierd: true}\n"
    with pytest.raises(ValidationError, match="requierd"):
        parse_contract(text)
    with pytest.raises(ValidationError, match="unknown fields"):
        parse_contract(
            "source: s\nfiles: []\nentities:\n  a:\n    key: [y]\n    fields:\n      x: {type: code}\n"
        )


def test_every_required_field_of_the_sources_is_marked() -> None:
    required = {
        f"{source}.{entity.name}": {name for name, field in entity.fields.items() if field.required}
        for source in SOURCES
        for entity in load_contract(source).entities.values()
    }
    assert required["cadre.unit"] == {"b0111", "b0101"}
    assert required["cadre.person"] == {"a0000", "a0101", "a0163", "a0195"}
    assert required["cadre.post"] == {"a0000", "a0201b", "a0243"}
    assert required["academic.training_class"] == {
        "class_id",
        "class_name",
        "leave_status",
        "start_date",
        "end_date",
        "status",
    }
    assert required["academic.lesson"] == {"lesson_id", "class_id", "course_id", "lesson_date", "hours"}
    assert required["academic.evaluation"] == {"evaluation_id", "target_kind", "target_id", "score"}
    assert required["academic.follow_up"] == {"follow_up_id", "enrollment_id", "item", "score"}
    assert required["academic.backfill_class"] == {"class_id", "class_name", "start_date", "end_date"}
    assert required["academic.backfill_student"] == {"class_id", "name"}
    assert required["academy.records"] == {"record_id", "user_id", "course_id", "study_seconds", "updated_at"}
    assert required["academy.sessions"] == {"session_id", "record_id", "started_at", "ended_at", "updated_at"}
    assert required["mobile.statements"] == {
        "id",
        "actor_name",
        "verb_id",
        "object_id",
        "timestamp",
        "stored",
    }
    assert all(required.values())


def test_the_rules_of_every_entity_fit_into_the_fault_mask() -> None:
    for source in SOURCES:
        for entity in load_contract(source).entities.values():
            masks = [rule.mask for rule in rules_of(entity)]
            assert len(set(masks)) == len(masks)
            assert max(masks) < 1 << 64


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("cadre", "cadre/GBGL_20260630.zip", (date(2026, 6, 30), 1)),
        ("cadre", "cadre/GBGL_20260630_r3.zip", (date(2026, 6, 30), 3)),
        ("cadre", "cadre/GBGL_20260631.zip", None),
        ("cadre", "cadre/GBGL_20260630(1).zip", None),
        ("academic", "academic/JWGL_20260630_r2.sqlite", (date(2026, 6, 30), 2)),
        ("academic", "academic/backfill/2021年(1).xlsx", (None, 1)),
        ("academy", "academy/20260630/records-0001_r2.ndjson.gz", (date(2026, 6, 30), 2)),
        ("academy", "academy/20260630/grades-0001.ndjson.gz", None),
        ("mobile", "mobile/dt=2026-06-30/statements-0012.ndjson.gz", (date(2026, 6, 30), 1)),
    ],
)  # fmt: skip
def test_a_file_name_tells_its_night_and_revision(source: str, path: str, expected: tuple | None) -> None:
    name = load_contract(source).interpret(path)
    assert (name and (name.business_date, name.revision)) == expected
