"""`ganxun alert` and `ganxun run --alert` as a person, a timer and cron use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.alerts.planted import City
from tests.alerts.servers import MailServer

LONG_AGO = date(2024, 6, 30)
GANXUN = Path(sys.executable).with_name("ganxun")


def run_ganxun(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GANXUN_ALERT_FIRST_WAIT_SECONDS": "0"} | settings
    return subprocess.run(
        [str(GANXUN), *arguments], capture_output=True, text=True, env=environment, timeout=300, check=False
    )


@pytest.fixture
def late_city(city: City) -> City:
    """A night whose hour has passed long ago, by any clock, and that was not published."""
    city.publish(LONG_AGO - timedelta(days=1))
    return city


def test_a_look_at_the_message_sends_and_keeps_nothing(late_city: City, mail_server: MailServer) -> None:
    data_dir = str(late_city.settings.data_dir)
    done = run_ganxun("alert", "--dry-run", "--date", str(LONG_AGO), "--data-dir", data_dir,
                      GANXUN_ALERT_MAIL_TO="a@example.test", GANXUN_SMTP_PORT=str(mail_server.port),
                      GANXUN_SMTP_STARTTLS="no")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Subject: [干训] ") and "怎么办" in done.stdout
    assert mail_server.box.mails == []
    assert not (late_city.settings.data_dir / "alerts").exists()


def test_a_timer_that_calls_twice_sends_once_and_says_so(late_city: City, mail_server: MailServer) -> None:
    arguments = ("alert", "--date", str(LONG_AGO), "--data-dir", str(late_city.settings.data_dir))
    settings = {
        "GANXUN_ALERT_MAIL_TO": "a@example.test",
        "GANXUN_SMTP_PORT": str(mail_server.port),
        "GANXUN_SMTP_STARTTLS": "no",
    }
    first, second = run_ganxun(*arguments, "--json", **settings), run_ganxun(*arguments, **settings)
    assert (first.returncode, second.returncode) == (0, 0)
    assert json.loads(first.stdout)["sent"] == {"mail": "trouble"}
    assert second.stdout == f"night of {LONG_AGO}, late: nothing new to tell\n"
    assert len(mail_server.box.mails) == 1


def test_a_message_that_cannot_be_sent_is_exit_1_and_a_wrong_setting_exit_2(late_city: City) -> None:
    arguments = ("alert", "--date", str(LONG_AGO), "--data-dir", str(late_city.settings.data_dir))
    down = run_ganxun(*arguments, GANXUN_ALERT_MAIL_TO="a@example.test", GANXUN_SMTP_PORT="1")
    assert down.returncode == 1 and "mail: not sent, the mail server cannot be reached" in down.stdout
    wrong = run_ganxun(*arguments, GANXUN_ALERT_MAIL_TO="geheim")
    assert wrong.returncode == 2
    assert "GANXUN_ALERT_MAIL_TO" in wrong.stderr and "geheim" not in wrong.stderr
    nobody = run_ganxun("alert", "--test", "--data-dir", str(late_city.settings.data_dir))
    assert nobody.returncode == 2 and "GANXUN_ALERT_MAIL_TO" in nobody.stderr


def test_a_night_by_cron_that_fails_sends_a_mail_and_keeps_its_exit_code(
    tmp_path: Path, mail_server: MailServer
) -> None:
    settings = {
        "GANXUN_ALERT_MAIL_TO": "a@example.test",
        "GANXUN_SMTP_PORT": str(mail_server.port),
        "GANXUN_SMTP_STARTTLS": "no",
    }
    arguments = ["run", "--drop", str(tmp_path / "nowhere"), "--date", str(LONG_AGO), "--alert",
                 "--data-dir", str(tmp_path / "data")]  # fmt: skip
    done = run_ganxun(*arguments, **settings)
    assert done.returncode == 1
    assert "mail: trouble sent" in done.stderr
    (mail,) = mail_server.box.mails
    assert "没有可用的干部管理系统数据" in mail["subject"]
    assert "接收时出错（交换目录打不开）" in mail_server.box.text()
    unsent = run_ganxun(*arguments, **(settings | {"GANXUN_ALERT_MAIL_TO": "geheim"}))
    assert unsent.returncode == 1 and "GANXUN_ALERT_MAIL_TO" in unsent.stderr
