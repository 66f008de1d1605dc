"""`ganxun export` on a published city: what is published is written, names only when asked for."""

from __future__ import annotations

import csv
import stat
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.nights import Night

GANXUN = Path(sys.executable).with_name("ganxun")


@pytest.fixture
def run(simulated_night: Night):
    def export(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(GANXUN), "export", *arguments, "--data-dir", str(simulated_night.settings.data_dir)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return export


def test_a_workbook_holds_every_row_and_says_what_it_means(
    simulated_night: Night, run, tmp_path: Path
) -> None:
    out = tmp_path / "单位.xlsx"
    done = run("mart_unit_board", "--out", str(out))
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(out)
    data, notes = book["数据"], book["口径说明"]
    heading = [cell.value for cell in data[1]]
    code, due = heading.index("成员编码"), heading.index("应训人数")
    found = sorted((row[code].value, row[due].value) for row in data.iter_rows(min_row=2))
    assert found == simulated_night.query("select member_code, due from marts.mart_unit_board order by all")
    assert {row[code].data_type for row in data.iter_rows(min_row=2)} == {"s"}
    assert notes["A1"].value == "数据截至" and notes["B1"].value == "2026-06-30"
    fields = {row[1].value: row[2].value for row in notes.iter_rows(min_row=7)}
    assert "effective_coverage" in fields and all(fields.values())


def test_a_csv_file_keeps_codes_for_excel_and_a_query_its_own_columns(run, tmp_path: Path) -> None:
    out = tmp_path / "q.csv"
    done = run(
        "--query", "select '001' as unit_code, '=1+1' as said, 2 as n", "--out", str(out), "--lang", "en"
    )
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ['="001"', "'=1+1", "2"]


def test_names_do_not_leave_without_being_asked_for(simulated_night: Night, run, tmp_path: Path) -> None:
    out = tmp_path / "names.xlsx"
    assert run("cadre_identity", "--out", str(out)).returncode == 2
    assert run("--query", "select * from restricted.cadre_identity", "--out", str(out)).returncode == 2
    assert not out.exists() and list(tmp_path.iterdir()) == []
    done = run("cadre_identity", "--restricted", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    ((count,),) = simulated_night.query("select count(*) from r.restricted.cadre_identity")
    assert openpyxl.load_workbook(out)["数据"].max_row == count + 1


def test_a_failed_export_leaves_last_months_file_alone(run, tmp_path: Path) -> None:
    out = tmp_path / "kept.csv"
    out.write_text("last month")
    assert run("--query", "select no_such_column from fct_training", "--out", str(out)).returncode == 2
    assert run("no_such_table", "--out", str(out)).returncode == 2
    assert run("--example", "no such question", "--out", str(out)).returncode == 2
    assert out.read_text() == "last month" and [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
