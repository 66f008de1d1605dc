"""Tables on a narrow terminal: nothing is cut, and what stands together stays together."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ganxun.cli.tables import Cell, Column, Heading, show_panel, show_table, show_text, wrap
from tests.cli.reading import assert_whole

CLASS = "2026年党史国史教育专题县处级干部进修班(第13期)（34天，23门课）"
WIDTHS = (40, 60, 80, 100, 160)


def draw(columns: list[Column], rows: list, width: int, title: Cell = "") -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    show_table(console, columns, rows, title)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_word_among_chinese_characters_is_not_broken_nor_parted_from_its_mark() -> None:
    text = Text("学员B0111（调训）参加2026-06-30的班，即 training of units。")
    for width in range(12, 60):
        lines = [line.plain for line in wrap(text, width)]
        assert max(map(cell_len, lines)) <= width
        for word in ("B0111", "2026-06-30", "training", "units。", "（调"):
            assert any(word in line for line in lines), (width, word, lines)
        assert not any(line[0] in "，。）" for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.plain.split())


def test_no_line_begins_with_a_comma_of_either_script() -> None:
    text = Text("脱产 +500 学时, +20 天, 理论 +500 学时（理论专题班2）, 2024年数据.xlsx")
    for width in range(11, 40):
        lines = [line.plain for line in wrap(text, width)]
        assert not any(line[0] in ",，）" for line in lines), (width, lines)
        assert any(".xlsx" in line for line in lines)


def test_a_word_wider_than_the_terminal_loses_no_character() -> None:
    digest = "0123456789abcdef" * 4
    assert "".join(line.plain for line in wrap(Text(digest), 20)) == digest
    assert [line.plain for line in wrap(Text(f"of {digest[:16]}"), 16)] == ["of", digest[:16]]


@pytest.mark.parametrize("width", WIDTHS)
def test_dates_and_keys_are_whole_at_every_width(width: int) -> None:
    columns = [
        Column("date"), Column("班次", is_prose=True), Column("hours", is_number=True), Column("source_file"),
        Column("why", is_prose=True, is_aside=True),
    ]  # fmt: skip
    rows = [
        [
            "2026-06-30",
            CLASS,
            "25,327.1",
            "academic/JWGL_20260630.sqlite",
            "left the five years on 2026-07-01",
        ],
        ["2026-07-01", "初心故事会", "4", "mobile/dt=2025-12-31.gz", ""],
    ]
    assert_whole(draw(columns, rows, width), [value for row in rows for value in row], width)


def test_what_fits_is_a_table_and_what_does_not_is_one_field_a_line() -> None:
    columns, rows = [Column("run_id"), Column("status_name")], [["20260630-20261201T042450-e25a", "已发布"]]
    assert draw(columns, rows, 80).splitlines() == [
        "run_id                         status_name",
        "─────────────────────────────  ───────────",
        "20260630-20261201T042450-e25a  已发布",
    ]
    assert draw(columns, rows, 41).splitlines() == [
        "── 1 / 1 " + "─" * 32,
        "run_id",
        "  20260630-20261201T042450-e25a",
        "status_name  已发布",
    ]


def test_columns_that_may_stand_aside_do_so_only_where_the_table_is_too_wide() -> None:
    columns = [Column("cadre"), Column("rank", is_aside=True)]
    rows = [["c101e123ee0186de81aaf", "县处级及以上"]]
    assert draw(columns, rows, 80).splitlines()[-1] == "c101e123ee0186de81aaf  县处级及以上"
    assert draw(columns, rows, 30).splitlines()[-2:] == ["c101e123ee0186de81aaf", "  rank 县处级及以上"]


def test_a_chinese_heading_over_small_figures_is_not_written_downwards() -> None:
    lines = draw([Column("班次", is_prose=True), Column("原始", is_number=True)], [[CLASS, "4"]], 30)
    assert "原始" in lines


def test_a_heading_among_the_rows_keeps_the_columns_in_line() -> None:
    rows = [Heading("脱产培训：23 条，计入 200 学时"), ["初心故事会", "4"], Heading("移动学习"), ["短", "12"]]
    lines = draw([Column("课程"), Column("学时", is_number=True)], rows, 80).splitlines()
    assert lines[2] == "脱产培训：23 条，计入 200 学时"
    assert {cell_len(line) for line in (lines[3], lines[5])} == {16}


def test_text_in_brackets_is_data_and_not_a_style() -> None:
    assert "[red]x[/]" in draw([Column("a")], [["[red]x[/]"]], 80)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_frame_cuts_neither_its_title_nor_its_text(width: int) -> None:
    title = "10101 习近平新时代中国特色社会主义思想  2026-06-30"
    footer = "Data as of 2026-06-30, five-year window 2021-07-01 to 2026-06-30"
    console = Console(width=width, file=io.StringIO(), highlight=False)
    show_panel(console, title, [CLASS, Text("left for green: 350 hours")], footer)
    show_text(console, CLASS)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert max(map(cell_len, text.splitlines())) <= width and "…" not in text
    inside = "".join(text.replace("│", "").split())
    for said in (title, footer, CLASS):
        assert "".join(said.split()) in inside
