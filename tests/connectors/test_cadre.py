"""The cadre-management system's zip: what reaches raw, what is quarantined, what rejects the night."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest

from connectors.cadre.encoding import PRIVATE_USE, decode_csv
from connectors.delivery import FileRejected
from tests.connectors.exports import CSVS, NIGHT, Readings, write_cadre


def test_a_good_night_loses_no_row_and_no_character(readings: Readings) -> None:
    batches = readings.read(write_cadre(readings.drop))
    assert {name: batch.rows_loaded for name, batch in batches.items()} == {
        "unit": 2, "person": 3, "post": 3, "appraisal": 3,
    }  # fmt: skip
    person = readings.rows("cadre", batches["person"]).to_pylist()
    assert person[0]["a0192a"] == '主任\n(兼"组长",负责人)'
    assert [row["a0107"] for row in person] == [date(1985, 7, 16), date(1990, 1, 1), date(1970, 3, 1)]
    assert [row["a0221"] for row in person] == ["1A31", "0150", "1A50"]
    assert [row["a0192e"] for row in person] == [None, "1C", None]
    assert [row["_source_row"] for row in person] == [2, 3, 4]
    assert {row["_source_file"] for row in person} == {"cadre/GBGL_20260630.zip#A01.csv"}
    assert {(row["_business_date"], row["_revision"]) for row in person} == {(NIGHT, 1)}


def test_a_cut_zip_is_not_read_in_part(readings: Readings) -> None:
    path = write_cadre(readings.drop)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileRejected, match="damaged"):
        readings.read(path)


def test_a_flipped_byte_in_a_zip_is_not_read_as_data(readings: Readings) -> None:
    path = write_cadre(readings.drop)
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("A01.csv")
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len("A01.csv") + info.compress_size // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(FileRejected, match="damaged"):
        readings.read(path)


def _wrong_rows(manifest: dict) -> None:
    manifest["files"][3]["rows"] += 1


def _wrong_hash(manifest: dict) -> None:
    manifest["files"][0]["sha256"] = "0" * 64


def _unlisted(manifest: dict) -> None:
    del manifest["files"][1]


def _malformed(manifest: dict) -> None:
    manifest["files"] = "none"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_wrong_rows, "A15.csv has 3 records, the manifest says 4"),
        (_wrong_hash, "B01.csv does not match"),
        (_unlisted, "A01.csv is not in the manifest"),
        (_malformed, "manifest.json cannot be read"),
    ],
)
def test_a_night_that_does_not_match_its_manifest_is_not_believed(
    readings: Readings, change, reason: str
) -> None:
    with pytest.raises(FileRejected, match=reason):
        readings.read(write_cadre(readings.drop, change_manifest=change))


def test_a_zip_without_one_csv_does_not_pass_for_a_whole_night(readings: Readings) -> None:
    path = write_cadre(readings.drop)
    with zipfile.ZipFile(path) as package:
        kept = {name: package.read(name) for name in package.namelist() if name != "A02.csv"}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in kept.items():
            package.writestr(name, data)
    with pytest.raises(FileRejected, match=r"A02.csv is in the manifest, but not in the zip"):
        readings.read(path)


def test_a_missing_required_column_does_not_make_everybody_vanish_into_quarantine(readings: Readings) -> None:
    text = CSVS["A01.csv"].replace("A0195", "SOMETHING")
    with pytest.raises(FileRejected, match=r"A01.csv: required column A0195 is missing"):
        readings.read(write_cadre(readings.drop, texts={"A01.csv": text}))


def test_a_missing_optional_column_and_an_added_one_are_noted_and_harm_nothing(readings: Readings) -> None:
    text = CSVS["B01.csv"].replace("B0104", "NEWCOLUMN")
    batch = readings.read(write_cadre(readings.drop, texts={"B01.csv": text}))["unit"]
    assert batch.rows_loaded == 2
    assert batch.note == "columns missing: B0104; columns ignored: NEWCOLUMN"
    assert readings.rows("cadre", batch).column("b0104").to_pylist() == [None, None]


def test_columns_in_another_order_do_not_swap_values(readings: Readings) -> None:
    text = "A1517,A0000,A1521\r\n1,P1,2024\r\n"
    batch = readings.read(write_cadre(readings.drop, texts={"A15.csv": text}))["appraisal"]
    assert readings.rows("cadre", batch).select(["a0000", "a1521", "a1517"]).to_pylist() == [
        {"a0000": "P1", "a1521": 2024, "a1517": "1"}
    ]


def test_a_csv_in_utf8_does_not_turn_names_into_rubbish(readings: Readings) -> None:
    data = CSVS["A01.csv"].encode("utf-8-sig")
    batch = readings.read(write_cadre(readings.drop, raw={"A01.csv": data}))["person"]
    assert readings.rows("cadre", batch).column("a0101").to_pylist() == ["甲一", "乙二", "丙三"]
    assert batch.note == "read as UTF-8 instead of GB18030"


def test_a_bom_does_not_hide_the_first_column(readings: Readings) -> None:
    data = ("\ufeff" + CSVS["A15.csv"]).encode("gb18030")
    assert readings.read(write_cadre(readings.drop, raw={"A15.csv": data}))["appraisal"].rows_loaded == 3


def test_a_record_with_a_field_too_many_costs_only_itself(readings: Readings) -> None:
    lines = CSVS["A01.csv"].split("\r\n")
    lines.insert(2, "P9,己六,1,19800101,01,,01,1,04,,科员,001,1A50,,,too,many")
    lines.insert(3, "P8,short")
    batch = readings.read(write_cadre(readings.drop, texts={"A01.csv": "\r\n".join(lines)}))["person"]
    assert (batch.rows_read, batch.rows_loaded, batch.rows_quarantined) == (5, 3, 2)
    # The quoted line end in record 2 does not shift the numbers of the records behind it.
    assert [(row["source_row"], row["reason"], row["reason_code"]) for row in readings.quarantine(batch)] == [
        (3, "the record has more fields than the header", "record_too_long"),
        (4, "the record has fewer fields than the header", "record_too_short"),
    ]
    assert readings.rows("cadre", batch).column("_source_row").to_pylist() == [2, 5, 6]


def test_undecodable_bytes_cost_only_their_record(readings: Readings) -> None:
    data = CSVS["A01.csv"].encode("gb18030").replace("乙二".encode("gb18030"), b"\xd2\xff")
    batch = readings.read(write_cadre(readings.drop, raw={"A01.csv": data}))["person"]
    assert (batch.rows_loaded, batch.rows_quarantined) == (2, 1)
    assert readings.quarantine(batch)[0] | {"batch_id": ""} == {
        "batch_id": "", "source": "cadre", "entity": "person",
        "source_file": "cadre/GBGL_20260630.zip#A01.csv",
        "source_row": 3, "field": None, "action": "quarantined",
        "reason": "the record has bytes that are not GB18030", "reason_code": "record_bytes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (bytes.fromhex("9534b235 a6d9 fe51 fe59 a8bc".replace(" ", "")), "𠮷\ufe10\U00020087\u9fb4\u1e3f"),
        (b"\xfe\xa0\xfe\x61", "\u9fbb\u9fb5"),
        (b"\xb0,\xd2\xbb", "\ufdd0,一"),  # the comma behind half a character still separates
    ],
)
def test_rare_characters_are_those_that_other_systems_write(data: bytes, text: str) -> None:
    assert decode_csv(data).text == text


def test_no_character_that_has_a_place_in_unicode_stays_in_the_private_use_area() -> None:
    codes = bytes(range(0x40, 0x7F)) + bytes(range(0x80, 0xFF))
    pairs = b"".join(bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in codes)
    decoded = decode_csv(pairs).text
    assert not {ord(character) for character in decoded} & set(PRIVATE_USE)


@pytest.mark.parametrize(
    ("old", "new", "member", "entity", "expected"),
    [
        ("19850716", "20230230", "A01.csv", "person", (2, "a0107", "nulled")),
        ("1A31,,2020.05", "9Z99,,2020.05", "A01.csv", "person", (2, "a0221", "nulled")),
        ("13,1,04", "13,7,04", "A01.csv", "person", (3, "a0163", "quarantined")),
        ("20210101,,1,1", "202113,,1,1", "A02.csv", "post", (4, "a0243", "quarantined")),
        ("2015.01,20200501", "20200501,2015.01", "A02.csv", "post", (3, "a0265", "quarantined")),
        ("P1,2025", ",2025", "A15.csv", "appraisal", (3, "a0000", "quarantined")),
        ("P1,2025", "P1,2O25", "A15.csv", "appraisal", (3, "a1521", "quarantined")),
        ("001.001,测试市委办公室,", "001.001,　,", "B01.csv", "unit", (3, "b0101", "quarantined")),
    ],
)
def test_a_bad_value_is_listed_and_costs_no_more_than_it_must(
    readings: Readings, old: str, new: str, member: str, entity: str, expected: tuple
) -> None:
    assert old in CSVS[member]
    batch = readings.read(write_cadre(readings.drop, texts={member: CSVS[member].replace(old, new)}))[entity]
    assert readings.reasons(batch) == [expected]
    assert batch.rows_quarantined == (expected[2] == "quarantined")


def test_a_record_with_two_bad_fields_is_counted_once(readings: Readings) -> None:
    text = (
        CSVS["A01.csv"].replace("02,20120701,13,1,04", "99,20120701,13,7,04").replace("科员,001.001", "科员,")
    )
    batch = readings.read(write_cadre(readings.drop, texts={"A01.csv": text}))["person"]
    assert batch.rows_quarantined == 1
    assert readings.reasons(batch) == [(3, "a0163", "quarantined"), (3, "a0195", "quarantined")]


def test_the_same_person_twice_in_a_snapshot_is_loaded_once(readings: Readings) -> None:
    again = "P2,乙二,2,1990.01,02,20120701,13,1,04,519900199001010028,主任科员,001.001,1A41,1C,202605\r\n"
    texts = {
        "A01.csv": CSVS["A01.csv"] + again,
        "A02.csv": CSVS["A02.csv"] + CSVS["A02.csv"].split("\r\n")[1] + "\r\n",
    }
    batches = readings.read(write_cadre(readings.drop, texts=texts))
    assert (batches["person"].rows_loaded, batches["person"].rows_superseded) == (3, 1)
    posts = {row["a0000"]: row["a0192a"] for row in readings.rows("cadre", batches["person"]).to_pylist()}
    assert posts["P2"] == "主任科员"
    assert (batches["post"].rows_loaded, batches["post"].rows_superseded) == (3, 1)


def test_record_numbers_stay_right_in_a_csv_of_many_blocks(readings: Readings) -> None:
    records = [f"P{number},2025,1" for number in range(150_000)]
    records[120_000] += ",too many"
    text = "A0000,A1521,A1517\r\n" + "\r\n".join(records) + "\r\n"
    batch = readings.read(write_cadre(readings.drop, texts={"A15.csv": text}))["appraisal"]
    assert readings.reasons(batch) == [(120_002, None, "quarantined")]
    rows = readings.rows("cadre", batch).sort_by("_source_row")  # Parquet written in parallel has no order
    assert rows.column("_source_row").to_pylist() == [*range(2, 120_002), *range(120_003, 150_002)]
    assert [rows.column(name)[-1].as_py() for name in ("a0000", "_source_row")] == ["P149999", 150_001]
