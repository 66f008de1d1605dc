"""Tell a night: read what is true, decide what each channel has not been told yet, send it, remember it.

Called by whoever may have noticed something (the end of a build, the hour of publishing, a person, a timer):
however often it is called, a night has at most one message of trouble and one of recovery. Nothing here
raises for what a server or a disk does: the night goes on, and the result says what was not sent.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from ganxun.alerts.alert_settings import AlertSettings, Channel
from ganxun.alerts.clock import read_clock
from ganxun.alerts.commands import Commands, find_links
from ganxun.alerts.compose import compose_belated, compose_night, compose_test
from ganxun.alerts.facts import NightFacts, State, read_facts
from ganxun.alerts.headline import write_headline
from ganxun.alerts.memory import Memory, NightMemory, open_memory, read_memory, save_memory
from ganxun.alerts.message import Kind, Message
from ganxun.alerts.not_sent import NotSent
from ganxun.alerts.sections import Owed, list_workbooks
from ganxun.alerts.sending import send
from ganxun.settings import Settings

log = structlog.get_logger()


@dataclass
class Told:
    """What became of a telling, by channel: kinds that were `sent`, and why others `failed`."""

    business_date: date
    state: State
    has_channels: bool = True
    sent: dict[str, Kind] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        """One line for a log."""
        parts = [f"{channel}: {kind} sent" for channel, kind in self.sent.items()]
        parts += [f"{channel}: not sent, {reason}" for channel, reason in self.failed.items()]
        if not self.has_channels:
            parts.append("nobody to tell: GANXUN_ALERT_MAIL_TO and GANXUN_ALERT_WEBHOOK_URL are not set")
        return f"night of {self.business_date}, {self.state}: " + ("; ".join(parts) or "nothing new to tell")


def find_last_night(settings: Settings, now: datetime | None = None) -> date:
    """The business date whose night is on, or was last: the local day before."""
    return (now or read_clock()).astimezone(ZoneInfo(settings.timezone)).date() - timedelta(days=1)


def tell_night(
    settings: Settings,
    alerts: AlertSettings,
    business_date: date,
    *,
    build_ended: bool = False,
    airflow_path: str = "",
) -> Told:
    """Send what is to be told of a night and was not told yet; also what earlier nights are owed.

    `build_ended`: nobody works on the night any more. `airflow_path` leads to the run in Airflow's UI.
    """
    if not alerts.channels:
        return Told(business_date, "open", has_channels=False)
    with ExitStack() as stack:
        try:
            memory = stack.enter_context(open_memory(settings))
        except OSError as error:
            # No folder to remember in (a full disk, a read-only one): people are told all the same.
            log.warning("what is told cannot be remembered", error=type(error).__name__)
            memory = read_memory(settings)
        return _tell(settings, alerts, business_date, memory, build_ended, airflow_path)


def preview_night(
    settings: Settings, alerts: AlertSettings, business_date: date, airflow_path: str = ""
) -> tuple[NightFacts, Message]:
    """The message of a night as it would be now, whether or not it was sent; nothing is sent or kept."""
    memory = read_memory(settings)
    facts = _read(settings, business_date, memory, build_ended=False)
    kind = _choose_kind(facts, memory.nights.get(business_date.isoformat(), NightMemory()))
    links = find_links(settings, alerts, airflow_path)
    return facts, compose_night(facts, kind, Commands(settings, business_date), links)


def send_test(settings: Settings, alerts: AlertSettings) -> dict[Channel, str]:
    """Send a test message by every channel; returns why it failed, empty where it did not."""
    message = compose_test(find_links(settings, alerts), read_clock())
    return {channel: _send(channel, message, alerts) for channel in alerts.channels}


def _tell(
    settings: Settings,
    alerts: AlertSettings,
    business_date: date,
    memory: Memory,
    build_ended: bool,
    airflow_path: str,
) -> Told:
    facts = _read(settings, business_date, memory, build_ended)
    told = Told(business_date, facts.state)
    night = memory.of(business_date.isoformat())
    if facts.state in ("degraded", "failed", "late") and night.trouble_state is None:
        night.trouble_state, night.trouble_at = facts.state, facts.now.isoformat()
    links = find_links(settings, alerts, airflow_path)
    for channel in alerts.channels:
        kind = _find_news(channel, facts, night, alerts)
        owed = memory.owed_before(business_date.isoformat(), channel)
        if kind is not None:
            told_at = datetime.fromisoformat(night.trouble_at) if night.trouble_at else None
            message = compose_night(
                facts,
                kind,
                Commands(settings, business_date),
                links,
                owed=tuple(owed.values()),
                told_at=told_at,
            )
        elif owed:
            message = compose_belated(tuple(owed.values()), links)
        else:
            continue
        reason = _send(channel, message, alerts)
        _remember(memory, night, channel, facts, message.kind, owed, reason)
        if reason:
            told.failed[channel] = reason
        else:
            told.sent[channel] = message.kind
        _save(settings, memory)
    log.info("told", night=business_date.isoformat(), state=facts.state, sent=told.sent, failed=told.failed)
    return told


def _read(settings: Settings, business_date: date, memory: Memory, build_ended: bool) -> NightFacts:
    night = business_date.isoformat()
    named = frozenset(key for key, told_in in memory.workbooks.items() if told_in != night)
    return read_facts(settings, business_date, read_clock(), build_ended=build_ended, known_workbooks=named)


def _choose_kind(facts: NightFacts, night: NightMemory) -> Kind:
    """What the present state is for somebody who was told the first trouble."""
    if facts.state == "good":
        return "good" if night.trouble_state is None else "recovery"
    is_published_after_all = facts.state == "degraded" and night.trouble_state in ("failed", "late")
    return "recovery" if is_published_after_all else "trouble"


def _find_news(channel: Channel, facts: NightFacts, night: NightMemory, alerts: AlertSettings) -> Kind | None:
    """What a channel has not been told yet. Who was never told the trouble is told how it ended."""
    if facts.state == "open" or night.was_told(channel, "recovery"):
        return None
    kind = _choose_kind(facts, night)
    if kind == "good" and alerts.alert_on != "always":
        return None
    return None if night.was_told(channel, kind) else kind


def _send(channel: Channel, message: Message, alerts: AlertSettings) -> str:
    """Send; returns why it could not be sent, or nothing."""
    try:
        send(channel, message, alerts)
    except NotSent as error:
        log.warning("not sent", channel=channel, message=message.message_id, reason=str(error))
        return str(error)
    except Exception as error:
        # Whatever it is, the night goes on; its text could hold an address or a secret.
        log.warning("not sent", channel=channel, message=message.message_id, reason=type(error).__name__)
        return type(error).__name__
    log.info("sent", channel=channel, message=message.message_id)
    return ""


def _remember(
    memory: Memory,
    night: NightMemory,
    channel: Channel,
    facts: NightFacts,
    kind: Kind,
    owed: dict[str, Owed],
    reason: str,
) -> None:
    day = facts.business_date.isoformat()
    if kind != "belated":
        for fault in list_workbooks(facts):
            memory.workbooks.setdefault(fault.key, day)
    if reason:
        night.refused[channel] = reason
        # Good news of yesterday is no news.
        if kind not in ("belated", "good"):
            night.owed[channel] = Owed(day, kind, write_headline(facts, "zh"), write_headline(facts, "en"))
        return
    night.refused.pop(channel, None)
    if kind != "belated":
        night.told.setdefault(channel, {})[kind] = facts.now.isoformat()
        night.owed.pop(channel, None)
    for other, one in owed.items():
        memory.nights[other].told.setdefault(channel, {})[one.kind] = facts.now.isoformat()
        memory.nights[other].owed.pop(channel, None)


def _save(settings: Settings, memory: Memory) -> None:
    try:
        save_memory(settings, memory)
    except OSError as error:
        log.warning("what was told cannot be kept", error=type(error).__name__)
