"""POST a message as JSON: this project's event, or what the robots of three Chinese chat services take.

The event is signed where a key is set: `X-Ganxun-Signature: sha256=<hex>` is the HMAC-SHA256 of the timestamp
in `X-Ganxun-Timestamp`, a full stop and the body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from ganxun.alerts.alert_settings import AlertSettings, read_secret
from ganxun.alerts.clock import read_clock
from ganxun.alerts.message import Message
from ganxun.alerts.not_sent import NotSent, Transient

MOST_ANSWER_BYTES = 65_536
# What each robot takes in one text message, and the field of its answer that says 0 when it took it: they
# answer 200 to what they refuse.
_CHAT_BYTES = {"wecom": 2_048, "dingtalk": 18_000, "feishu": 18_000}
_CHAT_STATUS = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}


def write_payload(message: Message, alerts: AlertSettings) -> dict[str, Any]:
    """The JSON of a message in the shape that is set. `text` is what a person reads."""
    shape = alerts.alert_webhook_shape
    if shape == "event":
        return {
            **message.event,
            "id": message.message_id,
            "subject": message.subject,
            "headline_zh": message.bodies["zh"].headline,
            "headline_en": message.bodies["en"].headline,
            "text": message.render_text(),
        }
    text = message.render_chat(_CHAT_BYTES[shape])
    if shape == "feishu":
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def sign(key: str, timestamp: str, body: bytes) -> str:
    """The signature of a body, as the receiver computes it."""
    digest = hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def post_event(message: Message, alerts: AlertSettings) -> None:
    """One try. Raises `Transient` where another try may help, else `NotSent`; no address in it."""
    body = json.dumps(write_payload(message, alerts), ensure_ascii=False).encode()
    headers = _write_headers(message, alerts, body)
    try:
        status, answer = _post(alerts, headers, body)
    except httpx.HTTPError as error:
        raise Transient(f"the webhook cannot be reached ({type(error).__name__})") from None
    except httpx.InvalidURL:
        raise NotSent("GANXUN_ALERT_WEBHOOK_URL is no address") from None
    if status in (408, 429) or status >= 500:
        raise Transient(f"the webhook answered {status}")
    if not 200 <= status < 300:
        raise NotSent(f"the webhook answered {status}")
    _refuse_robots_no(alerts, answer)


def _write_headers(message: Message, alerts: AlertSettings, body: bytes) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "ganxun",
        # The same for every try: a receiver can drop what it has already.
        "Idempotency-Key": message.message_id,
    }
    try:
        token = read_secret(alerts.alert_webhook_token_file)
        key = read_secret(alerts.alert_webhook_secret_file)
    except (OSError, UnicodeDecodeError):
        raise NotSent("the webhook's token or secret file cannot be read") from None
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        timestamp = str(int(read_clock().timestamp()))
        headers["X-Ganxun-Timestamp"] = timestamp
        headers["X-Ganxun-Signature"] = sign(key, timestamp, body)
    return headers


def _post(alerts: AlertSettings, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """Status and the beginning of the answer. The time limit is for all of it: a receiver may drip."""
    ends = time.monotonic() + alerts.alert_timeout_seconds
    url = alerts.alert_webhook_url.get_secret_value()
    answer = b""
    with (
        httpx.Client(timeout=alerts.alert_timeout_seconds, follow_redirects=False) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        for part in response.iter_bytes():
            answer += part
            if len(answer) > MOST_ANSWER_BYTES:
                break
            if time.monotonic() > ends:
                raise httpx.ReadTimeout("the answer does not end")
        return response.status_code, answer


def _refuse_robots_no(alerts: AlertSettings, answer: bytes) -> None:
    field = _CHAT_STATUS.get(alerts.alert_webhook_shape)
    if field is None:
        return
    try:
        code = json.loads(answer).get(field)
    except (ValueError, AttributeError):
        code = None
    if code != 0:
        shown = code if isinstance(code, int) else "no code"
        raise NotSent(f"the chat robot refused the message ({shown})")
