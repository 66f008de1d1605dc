"""A message by one channel, and how often it is tried on one occasion."""

from __future__ import annotations

from ganxun.alerts.alert_settings import AlertSettings, Channel
from ganxun.alerts.message import Message
from ganxun.alerts.not_sent import Transient


def send(channel: Channel, message: Message, alerts: AlertSettings) -> None:
    """Send a message by one channel, with a few tries. Raises `NotSent`."""
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

    from ganxun.alerts.mail import send_mail
    from ganxun.alerts.webhook import post_event

    by_channel = {"mail": send_mail, "webhook": post_event}[channel]
    for attempt in Retrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(alerts.alert_tries),
        wait=wait_exponential(multiplier=alerts.alert_first_wait_seconds, max=30),
        reraise=True,
    ):
        with attempt:
            by_channel(message, alerts)
