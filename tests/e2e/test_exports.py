"""What people download from Superset, opened as Excel would open it."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.e2e.conftest import TOPICS, Server
from tests.e2e.superset_client import Reader

pytestmark = [pytest.mark.e2e, pytest.mark.live]

MARK = "\ufeff"


@pytest.fixture(scope="module")
def admin(server: Server) -> Reader:
    return server.reader("admin")


def download(admin: Reader, result_format: str) -> bytes:
    answer = admin.ask(
        admin.dataset_id("dim_topic"),
        result_format=result_format,
        columns=["topic_code", "topic_name"],
        filters=[],
    )
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_chart_as_csv_opens_in_excel_with_its_chinese_and_codes(admin: Reader) -> None:
    content = download(admin, "csv")
    assert content.startswith(MARK.encode()), "without the mark Excel reads GBK"
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert heading[:2] == ["专题领域编码", "专题领域"]
    assert {row[0]: row[1] for row in rows} == {
        '="007"': "'=1+1",
        '="110101199003070010"': "'@SUM(A1)",
        '="3-5"': "'-待定",
        '="1E5"': '="+86"',
        "D01": "党的创新理论",
    }


def test_a_chart_as_a_workbook_has_codes_as_text_and_nothing_that_runs(admin: Reader) -> None:
    content = download(admin, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = list(sheet.iter_rows(min_row=2))
    assert {row[0].value: row[1].value for row in cells} == dict(TOPICS)
    assert {cell.data_type for row in cells for cell in row[:2]} == {"s"}
    first = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    assert first[:2] == ["专题领域编码", "专题领域"]


def test_days_in_a_workbook_are_days(admin: Reader, server: Server) -> None:
    answer = admin.ask(
        admin.dataset_id("ops_freshness"),
        result_format="xlsx",
        columns=["source_name_zh", "newest_business_date", "days_behind"],
        filters=[],
    )
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
    expected = server.query("select source_name_zh, newest_business_date, days_behind from ops.ops_freshness")
    found = {row[0].value: (row[1].value and row[1].value.date(), row[2].value) for row in rows}
    assert found == {name: (day, behind) for name, day, behind in expected}
    assert {row[1].number_format for row in rows} == {"yyyy-mm-dd"}


def test_sql_labs_download_is_guarded_too(admin: Reader) -> None:
    listed = admin.http.get("/api/v1/database/").json()["result"]
    warehouse = next(item["id"] for item in listed if "姓名" not in item["database_name"])
    sql = "select topic_code, topic_name from marts.dim_topic"
    assert admin.run_sql(warehouse, sql, "export00001", is_async=False).status_code == 200
    content = admin.http.get("/api/v1/sqllab/export/export00001/").content
    assert content.startswith(MARK.encode()) and not content[3:].startswith(MARK.encode())
    assert "'=1+1" in content.decode() and '"=""007"""' in content.decode()


def test_the_stream_of_a_long_result_is_guarded_too(admin: Reader) -> None:
    form = {"row_limit": 200_000, "viz_type": "pie"}
    body = {
        "datasource": {"id": admin.dataset_id("dim_topic"), "type": "table"},
        "queries": [
            {"columns": ["topic_code", "topic_name"], "metrics": None, "filters": [], "row_limit": 200_000}
        ],
        "form_data": form,
        "result_format": "csv",
        "result_type": "full",
    }
    content = admin.http.post("/api/v1/chart/data", json=body).content
    assert content.startswith(MARK.encode()) and not content[3:].startswith(MARK.encode())
    rows = dict(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:])
    assert rows['="007"'] == "'=1+1" and rows["D01"] == "党的创新理论"
