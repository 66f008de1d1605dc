"""What leaves as a file: texts stay texts in a spreadsheet, and nothing in the data runs there."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ganxun.downloads import workbook
from ganxun.downloads.cells import guard_text, unguard_text
from ganxun.downloads.workbook import Heading, TooManyRowsError, WorkbookWriter, make_sheet_name

LONG = "110101199003070010"
CHANGED_BY_EXCEL = ["001", "001.006", LONG, "1E5", "3-5", "2024/01", "12:30", "1,234", "50%", "TRUE"]
RUN_BY_EXCEL = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-待定",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    " =1+1",
    "|calc",
    "%x",
    "＝1+1",
    " \t",
]
LEFT_ALONE = ["澜州市教育局", "T01", "2026-06-30", "", "a=b", "党的创新理论", "JWGL_20260630", "公安局-交警"]


@pytest.mark.parametrize("text", CHANGED_BY_EXCEL)
def test_a_code_is_not_taken_for_a_number_or_a_day(text: str) -> None:
    assert guard_text(text) == f'="{text}"'


@pytest.mark.parametrize("text", RUN_BY_EXCEL)
def test_a_text_is_not_run_as_a_formula(text: str) -> None:
    assert guard_text(text) == "'" + text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_words_are_not_decorated(text: str) -> None:
    assert guard_text(text) == text


@given(st.text(alphabet=st.sampled_from(list("0123456789.,-+=@|% \t\"'eE:/澜A")), max_size=12))
def test_whatever_the_data_holds_no_field_is_a_formula_of_its_own(text: str) -> None:
    field = guard_text(text)
    assert not field.lstrip(" ").startswith(("+", "@", "-", "|", "%", "\t"))
    if field.startswith("="):
        assert field == f'="{text}"' and '"' not in text
    assert unguard_text(field) == text or text.startswith("'")


def write(headings: list[Heading], rows: list[list]) -> io.BytesIO:
    buffer = io.BytesIO()
    with WorkbookWriter(buffer) as writer:
        writer.add_table("数据", headings, rows)
    buffer.seek(0)
    return buffer


def test_a_workbook_keeps_the_type_of_every_value() -> None:
    row = ["001", "=1+1", "https://example.test", 7, 0.344, date(2026, 6, 30), None, float("nan"), True,
           datetime(2026, 6, 30, 22, 5, tzinfo=UTC), 10**17 + 1, Decimal("1.5")]  # fmt: skip
    headings = [Heading(f"列{i}", "rate" if i == 4 else "plain") for i in range(len(row))]
    file = write(headings, [row])
    sheet = openpyxl.load_workbook(file).active
    (cells,) = sheet.iter_rows(min_row=2)
    assert [cell.data_type for cell in cells] == list("sssnndnnbdsn")
    assert [cell.value for cell in cells[:3]] == ["001", "=1+1", "https://example.test"]
    assert [cell.value for cell in cells[6:8]] == [None, None]
    assert cells[4].number_format == "0.0%" and cells[0].number_format == "@"
    assert cells[10].value == "100000000000000001"
    assert sheet.freeze_panes == "A2" and sheet["A1"].value == "列0"
    file.seek(0)
    assert CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1][:2] == ["001", "=1+1"]


def test_rows_beyond_a_sheet_are_not_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    with pytest.raises(TooManyRowsError):
        write([Heading("数")], [[1], [2], [3]])


def test_a_sheets_name_is_one_that_excel_opens() -> None:
    assert make_sheet_name("单位/专题?" + "长" * 40) == "单位_专题_" + "长" * 25
    assert make_sheet_name("") == "_"
