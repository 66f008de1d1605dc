"""Servers, a planted city and the settings that lead messages to the servers; the clock stands at 06:31."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ganxun.alerts import mail, tell, webhook
from ganxun.alerts.alert_settings import AlertSettings
from tests.alerts.planted import AFTER_THE_HOUR, City
from tests.alerts.servers import LOOPBACK, MailServer, Webhook, serve_mail, serve_webhook


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is never behind a proxy, and no setting of the machine leads a message elsewhere."""
    import os

    for name in list(os.environ):
        if name.startswith(("GANXUN_ALERT", "GANXUN_SMTP", "GANXUN_AIRFLOW", "GANXUN_SUPERSET")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", LOOPBACK)


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of messages; at first it is 06:31 of the morning after the night."""

    def set_to(now: datetime) -> None:
        for module in (mail, tell, webhook):
            monkeypatch.setattr(module, "read_clock", lambda: now)

    set_to(AFTER_THE_HOUR)
    return set_to


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


@pytest.fixture(scope="session")
def running_mail_server() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture
def mail_server(running_mail_server: MailServer) -> MailServer:
    running_mail_server.box.__init__()  # type: ignore[misc]
    return running_mail_server


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with serve_webhook() as running:
        yield running


def lead_to(
    mail_server: MailServer | None = None, hook: Webhook | None = None, **others: Any
) -> AlertSettings:
    """Settings whose messages go to these servers, without waiting between tries."""
    values: dict[str, Any] = {
        "alert_first_wait_seconds": 0,
        "alert_timeout_seconds": 5,
        "smtp_starttls": "no",
    }
    if mail_server is not None:
        values |= {"alert_mail_to": "zhiban@example.test", "smtp_port": mail_server.port}
    if hook is not None:
        values |= {"alert_webhook_url": hook.url}
    return AlertSettings(**(values | others))
