"""Scheduled reports and alerts: sent by the Celery worker to a real mail server, and read there."""

from __future__ import annotations

import csv
import io
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import duckdb
import pytest
from aiosmtpd.controller import Controller

from dashboards.instance.server import SUPERSET_BIN
from tests.dashboards.sample_warehouse import publish, write_sample_warehouse
from tests.e2e.conftest import Server, add_units
from tests.e2e.superset_client import Reader

pytestmark = [pytest.mark.e2e, pytest.mark.live]

SEND = """
import sys
from datetime import datetime, timezone
from celery import Celery
Celery(broker=sys.stdin.read()).send_task(
    "reports.execute", args=[int(sys.argv[1])], eta=datetime.now(timezone.utc)
)
"""
SECONDS = 180


class Mailbox:
    """What aiosmtpd hands over."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox(server: Server) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=server.mailbox)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def admin(server: Server) -> Reader:
    return server.reader("admin")


@pytest.fixture
def execute(server: Server, admin: Reader) -> Callable[[str], str]:
    """Hand a report to the worker as the clock does; returns what its log says in the end."""

    def run(name: str) -> str:
        reports = admin.http.get("/api/v1/report/").json()["result"]
        (number,) = [report["id"] for report in reports if report["name"] == name]
        logs = f"/api/v1/report/{number}/log/"
        before = admin.http.get(logs).json()["count"]
        subprocess.run(
            [str(SUPERSET_BIN / "python"), "-c", SEND, str(number)],
            input=server.trial.backing.redis_url,
            text=True,
            check=True,
        )
        deadline = time.monotonic() + SECONDS
        query = {"q": "(order_column:start_dttm,order_direction:desc,page_size:50)"}
        while time.monotonic() < deadline:
            log = admin.http.get(logs, params=query).json()
            new = log["result"][: log["count"] - before]
            ended = [entry for entry in new if entry["state"] != "Working"]
            if ended:
                # The reason stands in the log: without it a failure could only be guessed at.
                print([entry.get("error_message") for entry in ended])
                return str(ended[0]["state"])
            time.sleep(1)
        raise AssertionError(f"{name} did not end")

    return run


def test_without_recipients_nothing_is_sent(server: Server, admin: Reader) -> None:
    def active() -> set[bool]:
        return {report["active"] for report in admin.http.get("/api/v1/report/").json()["result"]}

    assert active() == {True}
    silent = server.trial.settings | {"GANXUN_REPORT_RECIPIENTS": ""}
    type(server.trial)(server.trial.data_dir, server.trial.port, silent).run("ganxun-superset-bootstrap")
    assert active() == {False}
    server.trial.run("ganxun-superset-bootstrap")
    assert active() == {True}


def test_the_months_table_comes_as_a_file_that_excel_opens(
    server: Server, mailbox: Mailbox, execute: Callable[[str], str]
) -> None:
    mailbox.mails.clear()
    assert execute("干训月报：各单位覆盖情况") == "Success"
    (mail,) = mailbox.mails
    assert mail["subject"] == "[干训] 干训月报：各单位覆盖情况" and mail["to"] == "zuzhibu@example.test"
    (attached,) = list(mail.iter_attachments())
    assert attached.get_filename() == "干训月报：各单位覆盖情况.csv"
    assert attached.get_content_disposition() == "attachment"
    content = attached.get_payload(decode=True)
    assert content.startswith("\ufeff".encode())
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    expected = server.query(
        "select member_code, member_label, due from marts.mart_unit_board where unit_order = 1"
        " and rank_group = 'all' and member_kind in ('total', 'child') order by member_order"
    )
    code, label, due = (heading.index(title) for title in ("成员编码", "部分名称", "应训人数"))
    found = [(row[code], row[label], int(float(row[due]))) for row in rows]
    assert found == [(f'="{unit}"', name, count) for unit, name, count in expected]


def test_the_months_picture_is_a_picture_of_the_dashboard(
    mailbox: Mailbox, execute: Callable[[str], str]
) -> None:
    mailbox.mails.clear()
    assert execute("干训月报：领导驾驶舱") == "Success"
    (mail,) = mailbox.mails
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    data = picture.get_payload(decode=True)
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG") and width >= 1400 and height >= 800
    assert len(data) > 40_000, "an empty page is smaller"


def test_a_source_that_is_late_is_told_and_one_in_time_is_not(
    server: Server, mailbox: Mailbox, execute: Callable[[str], str]
) -> None:
    alert, data_dir = "干训告警：数据来源滞后超过 1 天", server.trial.data_dir
    mailbox.mails.clear()
    assert execute(alert) == "Not triggered" and mailbox.mails == []
    first = data_dir / "published" / "versions" / "warehouse-one.duckdb"
    late = write_sample_warehouse(data_dir, "late")
    add_units(late)
    with duckdb.connect(str(late)) as connection:
        connection.execute("update ops.ops_freshness set days_behind = null where source = 'mobile'")
    publish(data_dir, late)
    try:
        assert execute(alert) == "Success"
    finally:
        publish(data_dir, first)
    (mail,) = mailbox.mails
    (body,) = [part for part in mail.walk() if part.get_content_type() == "text/html"]
    assert "掌上学堂" in body.get_content() and "从未送达" in body.get_content()
