"""Nights in trouble through the DAGs: one mail each, and the squares of the night keep their colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from ganxun.servers import find_free_port
from ganxun.settings import Settings
from tests.alerts.planted import DAY_BEFORE, NIGHT, City
from tests.alerts.servers import Mailbox, MailServer
from tests.dags.conftest import lead_mail_to
from tests.dags.runs import run_by_hand, run_for_partition

pytestmark = pytest.mark.e2e

D = "2026-06-30"


@pytest.fixture
def box(mail_server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """An empty mailbox; the night before is published, and nothing has landed since."""
    mail_server.box.__init__()  # type: ignore[misc]
    lead_mail_to(mail_server, monkeypatch)
    City(tmp_path).publish(DAY_BEFORE)
    monkeypatch.setenv("GANXUN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GANXUN_DROP", str(tmp_path / "drop"))
    return mail_server.box


def test_a_night_whose_build_fails_twice_is_red_and_sends_one_mail(dag_bag, box: Mailbox) -> None:
    build = dag_bag.dags["build_warehouse"]
    for _ in range(2):
        run = run_for_partition(build, D)
        assert run.state == "failed"
        assert run.tasks == {
            "needs_building": "success",
            "build": "failed",
            "check": "upstream_failed",
            "publish": "upstream_failed",
            "tell": "success",
        }
    assert run_by_hand(dag_bag.dags["tell_night"], business_date=D).state == "success"
    (mail,) = box.mails
    assert "没有发布：没有可用的干部管理系统数据，无从计算 / " in mail["subject"]
    assert "/dags/build_warehouse/runs/asset_triggered__" in box.text()


def test_a_night_that_never_started_sends_one_mail_at_the_hour(dag_bag, box: Mailbox) -> None:
    for _ in range(2):
        assert run_by_hand(dag_bag.dags["tell_night"], business_date=D).state == "success"
    (mail,) = box.mails
    assert "没有发布：处理没有开始 / " in mail["subject"]
    assert box.text().rstrip().endswith("/dags/build_warehouse")


def test_a_mail_server_that_is_down_is_a_red_square_and_costs_the_night_nothing(
    dag_bag, box: Mailbox, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANXUN_SMTP_PORT", str(find_free_port(0)))
    # A build that finds its night published from exactly what counts now: everything is done, tell is not.
    monkeypatch.setenv("GANXUN_ALERT_ON", "always")
    city = City(Settings().data_dir.parent)
    city.deliver_all(NIGHT)
    city.publish(NIGHT)
    run = run_for_partition(dag_bag.dags["build_warehouse"], D)
    assert run.tasks["tell"] == "failed"
    assert run.state == "success"
    # The task at the hour says it, too, and tries again; when the server is back, the message is sent.
    assert run_by_hand(dag_bag.dags["tell_night"], retries=1, business_date=D).tries == {"tell": 2}
    assert box.mails == []
    lead_mail_to(mail_server, monkeypatch)
    assert run_by_hand(dag_bag.dags["tell_night"], business_date=D).state == "success"
    assert len(box.mails) == 1


def test_a_mistyped_address_does_not_stop_the_night_from_being_parsed_or_built(
    dag_bag, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANXUN_ALERT_MAIL_TO", "zhiban")
    City(Settings().data_dir.parent).publish(NIGHT)
    run = run_for_partition(dag_bag.dags["build_warehouse"], D)
    assert (run.state, run.tasks["needs_building"], run.tasks["tell"]) == ("success", "success", "failed")
