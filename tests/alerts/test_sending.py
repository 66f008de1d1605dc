"""Mail and webhooks through real servers: what arrives, what is tried again, and what never leaks."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import ValidationError

from ganxun.alerts.alert_settings import AlertSettings
from ganxun.alerts.tell import send_test, tell_night
from ganxun.servers import find_free_port
from tests.alerts.conftest import lead_to
from tests.alerts.planted import AFTER_THE_HOUR, DAY_BEFORE, NIGHT, City
from tests.alerts.servers import (
    PASSWORD,
    USER,
    Answer,
    MailServer,
    Webhook,
    make_certificate,
    serve_mail,
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def strict_server(certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    """A server that takes mail only after STARTTLS and a log-in."""
    with serve_mail(*certificate) as server:
        yield server


def log_in(
    server: MailServer, folder: Path, ca: Path | None, password: str = PASSWORD, **others
) -> AlertSettings:
    secret = folder / "password"
    secret.write_text(password + "\n")
    values = {"smtp_starttls": "yes", "smtp_user": USER, "smtp_password_file": secret, "smtp_ca_file": ca}
    return lead_to(server, **(values | others))


def test_a_server_with_tls_and_log_in_gets_the_message_as_it_was_written(
    city: City, strict_server: MailServer, certificate, tmp_path: Path
) -> None:
    city.publish(DAY_BEFORE)
    alerts = log_in(
        strict_server, tmp_path, certificate[0], smtp_from="ganxun@zzb.example.test",
        alert_mail_to="a@example.test, b@example.test",
    )  # fmt: skip
    assert tell_night(city.settings, alerts, NIGHT).sent == {"mail": "trouble"}
    (mail,) = strict_server.box.mails
    assert strict_server.box.sessions_with_tls == [True]
    assert mail["subject"] == (
        "[干训] 6月30日 数据没有发布：处理没有开始 / 30 June is not published: the build never started"
    )
    assert mail["from"].addresses[0].display_name == "干训 ganxun"
    assert [address.addr_spec for address in mail["to"].addresses] == ["a@example.test", "b@example.test"]
    assert mail["message-id"] == "<ganxun.2026-06-30.trouble@zzb.example.test>"
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["date"].datetime == AFTER_THE_HOUR
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert strict_server.box.text().startswith("今早看板显示的仍是 6月29日 的数据")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"smtp_ca_file": None}, "certificate is not trusted"),
        ({"smtp_starttls": "no"}, "offers no STARTTLS or log-in (GANXUN_SMTP_STARTTLS"),
        ({"smtp_user": ""}, "the mail server answered 530"),
        ({"password": "wrong"}, "the mail server answered 535"),
        ({"smtp_password_file": Path("/nowhere")}, "GANXUN_SMTP_PASSWORD_FILE cannot be read"),
    ],
)
def test_a_mail_server_that_refuses_is_named_with_what_to_set_and_not_asked_three_times(
    city: City, strict_server: MailServer, certificate, tmp_path: Path, change: dict, reason: str
) -> None:
    strict_server.box.__init__()  # type: ignore[misc]
    told = tell_night(city.settings, log_in(strict_server, tmp_path, certificate[0], **change), NIGHT)
    assert reason in told.failed["mail"]
    assert strict_server.box.mails == []
    assert strict_server.box.calls <= 1


def test_a_mail_server_that_does_not_know_starttls_gets_no_password(
    city: City, mail_server: MailServer, tmp_path: Path
) -> None:
    told = tell_night(city.settings, log_in(mail_server, tmp_path, None), NIGHT)
    assert "offers no STARTTLS" in told.failed["mail"]
    assert mail_server.box.mails == []


def test_a_mail_server_that_is_busy_twice_gets_the_message_at_the_third_try(
    city: City, mail_server: MailServer
) -> None:
    mail_server.box.refusals = ["451 greylisted", "452 full"]
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).sent == {"mail": "trouble"}
    assert len(mail_server.box.mails) == 1


def test_no_mail_server_at_all_is_told_and_raises_nothing(city: City) -> None:
    alerts = lead_to(None, alert_mail_to="a@example.test", smtp_port=find_free_port(0))
    told = tell_night(city.settings, alerts, NIGHT)
    assert told.failed == {"mail": "the mail server cannot be reached (ConnectionRefusedError)"}


# --- webhooks ----------------------------------------------------------------------------------------------


def test_a_webhook_that_breaks_twice_gets_one_event_with_one_id(city: City, hook: Webhook) -> None:
    city.publish(DAY_BEFORE)
    hook.answers = [Answer(500), Answer(503)]
    assert tell_night(city.settings, lead_to(None, hook), NIGHT).sent == {"webhook": "trouble"}
    assert len(hook.bodies) == 3 and len(set(hook.bodies)) == 1
    assert {headers["Idempotency-Key"] for headers in hook.headers} == {"2026-06-30.trouble"}
    tell_night(city.settings, lead_to(None, hook), NIGHT)
    assert len(hook.bodies) == 3
    payload = hook.payload()
    assert payload.pop("text").startswith(payload.pop("headline_zh") + "\n")
    assert payload == {
        "event": "ganxun.night",
        "kind": "trouble",
        "id": "2026-06-30.trouble",
        "state": "late",
        "business_date": "2026-06-30",
        "shown_business_date": "2026-06-29",
        "run_id": "20260629-published-1",
        "failure": "never_started",
        "failed": [],
        "missing": [
            {
                "source": source,
                "newest_business_date": None,
                "missing_since": None,
                "has_arrived": False,
                "files": [],
            }
            for source in ("cadre", "academic", "academy", "mobile")
        ],
        "subject": "[干训] 6月30日 数据没有发布：处理没有开始"
        " / 30 June is not published: the build never started",
        "headline_en": "This morning's dashboards still show 29 June:"
        " 30 June was due by 06:30 and is not published (the build never started).",
    }


def test_a_receiver_can_tell_that_the_event_is_ours(city: City, hook: Webhook, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("let-me-in\n")
    (tmp_path / "key").write_text("shared key\n")
    alerts = lead_to(
        None, hook, alert_webhook_token_file=tmp_path / "token", alert_webhook_secret_file=tmp_path / "key"
    )
    tell_night(city.settings, alerts, NIGHT)
    headers, body = hook.headers[0], hook.bodies[0]
    assert headers["Authorization"] == "Bearer let-me-in"
    assert headers["X-Ganxun-Timestamp"] == str(int(AFTER_THE_HOUR.timestamp()))
    signed = headers["X-Ganxun-Timestamp"].encode() + b"." + body
    expected = hmac.new(b"shared key", signed, hashlib.sha256).hexdigest()
    assert headers["X-Ganxun-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("answers", "tries", "reason"),
    [
        ([Answer(404)], 1, "the webhook answered 404"),
        ([Answer(302)], 1, "the webhook answered 302"),
        ([Answer(500)] * 3, 3, "the webhook answered 500"),
        ([Answer(drips=True)] * 3, 3, "the webhook cannot be reached (ReadTimeout)"),
    ],
)
def test_a_webhook_that_refuses_or_never_ends_does_not_hold_the_night(
    city: City, hook: Webhook, answers: list[Answer], tries: int, reason: str
) -> None:
    hook.answers = answers
    told = tell_night(city.settings, lead_to(None, hook, alert_timeout_seconds=0.3), NIGHT)
    assert told.failed == {"webhook": reason}
    assert len(hook.bodies) == tries


def test_a_webhook_that_nobody_listens_at_raises_nothing(city: City) -> None:
    alerts = lead_to(None, alert_webhook_url=f"http://127.0.0.1:{find_free_port(0)}/x")
    assert tell_night(city.settings, alerts, NIGHT).failed == {
        "webhook": "the webhook cannot be reached (ConnectError)"
    }


@pytest.mark.parametrize(
    ("shape", "answer", "field"),
    [
        ("wecom", b'{"errcode": 0}', "text"),
        ("dingtalk", b'{"errcode": 0}', "text"),
        ("feishu", b'{"code": 0}', ""),
    ],
)
def test_a_chat_robot_gets_a_text_that_it_can_show(
    city: City, hook: Webhook, shape: str, answer: bytes, field: str
) -> None:
    hook.answers = [Answer(body=answer)]
    city.publish(NIGHT, dict.fromkeys(("cadre", "academic", "academy", "mobile"), DAY_BEFORE))
    assert tell_night(city.settings, lead_to(None, hook, alert_webhook_shape=shape), NIGHT).failed == {}
    payload = hook.payload()
    if shape == "feishu":
        assert payload["msg_type"] == "text"
        text = payload["content"]["text"]
    else:
        assert payload["msgtype"] == "text"
        text = payload["text"]["content"]
    assert text.startswith("今早看板显示的是 6月30日 的数据，但不完整：缺干部管理系统（1 天）、")
    assert len(text.encode()) <= (2048 if shape == "wecom" else 18_000)


def test_a_chat_robot_that_says_no_with_status_200_is_not_believed(city: City, hook: Webhook) -> None:
    hook.answers = [Answer(body=b'{"errcode": 93000, "errmsg": "invalid webhook url"}')]
    told = tell_night(city.settings, lead_to(None, hook, alert_webhook_shape="wecom"), NIGHT)
    assert told.failed == {"webhook": "the chat robot refused the message (93000)"}


def test_a_long_night_is_cut_between_lines_for_a_robot_with_little_room() -> None:
    from ganxun.alerts.message import Body, Message, Section

    body = Body("第一行", (Section("缺什么", tuple(f"第{n}行" for n in range(400))),))
    text = Message("trouble", "x", "s", {"zh": body, "en": body}).render_chat(2048)
    assert text.startswith("第一行\n") and text.endswith("行\n…")
    assert 2000 < len(text.encode()) <= 2048


# --- what never leaks --------------------------------------------------------------------------------------


def test_no_address_or_secret_is_in_the_log_the_memory_or_the_answer(
    city: City, hook: Webhook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "token").write_text("let-me-in")
    hook.answers = [Answer(500, b"secret-of-the-robot")] * 3
    alerts = lead_to(
        None,
        hook,
        alert_mail_to="zhiban@example.test",
        smtp_port=1,
        alert_webhook_token_file=tmp_path / "token",
    )
    structlog.configure(
        processors=[structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=lambda *_: logging.getLogger("ganxun"),
        cache_logger_on_first_use=False,
    )
    try:
        with caplog.at_level(logging.DEBUG):
            told = tell_night(city.settings, alerts, NIGHT)
    finally:
        structlog.reset_defaults()
    memory = (city.settings.data_dir / "alerts" / "told.json").read_text()
    assert set(told.failed) == {"mail", "webhook"}
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("ganxun"))
    assert "not sent" in ours
    for text in (told.describe(), memory, ours, repr(alerts)):
        assert "secret-of-the-robot" not in text and "let-me-in" not in text
    for text in (told.describe(), memory, ours):
        assert "zhiban@" not in text


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GANXUN_ALERT_MAIL_TO", "zhiban"),
        ("GANXUN_ALERT_MAIL_TO", "a@b@c"),
        ("GANXUN_ALERT_MAIL_TO", "a b@c"),
        ("GANXUN_ALERT_WEBHOOK_URL", "ftp://geheim"),
        ("GANXUN_ALERT_WEBHOOK_URL", "geheim"),
        ("GANXUN_ALERT_ON", "sometimes"),
    ],
)
def test_a_mistyped_setting_is_refused_without_being_repeated(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError) as raised:
        AlertSettings()
    assert value not in str(raised.value)


def test_a_password_is_not_sent_in_the_open_to_another_machine() -> None:
    values = {"smtp_user": USER, "smtp_starttls": "no"}
    assert AlertSettings(**values, smtp_host="127.0.0.1")
    assert AlertSettings(**values, smtp_host="mail.example.test", smtp_port=465).has_implicit_tls
    with pytest.raises(ValidationError, match="in the open"):
        AlertSettings(**values, smtp_host="mail.example.test")


def test_the_settings_of_the_reports_mail_server_are_those_of_the_messages() -> None:
    from dashboards.instance.server_setup.environment import ServerSetup

    shared = {name for name in AlertSettings.model_fields if name.startswith("smtp_")} - {"smtp_ca_file"}
    assert shared <= set(ServerSetup.__dataclass_fields__) | {"smtp_password_file"}


def test_a_test_message_says_by_which_channel_it_failed(city: City, hook: Webhook) -> None:
    alerts = lead_to(None, hook, alert_mail_to="a@example.test", smtp_port=find_free_port(0))
    results = send_test(city.settings, alerts)
    assert results["webhook"] == "" and "cannot be reached" in results["mail"]
    assert json.loads(hook.bodies[0])["kind"] == "test"
