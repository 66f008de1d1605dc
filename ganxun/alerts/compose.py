"""Put a night's facts into a message: what readers see, what is missing, what to do, where to look."""

from __future__ import annotations

from datetime import datetime

from ganxun.alerts.advice import write_advice
from ganxun.alerts.commands import Commands, Links
from ganxun.alerts.facts import NightFacts
from ganxun.alerts.headline import write_headline, write_recovery, write_subject
from ganxun.alerts.message import Body, Kind, Message
from ganxun.alerts.sections import (
    Owed,
    has_gaps_to_tell,
    write_gaps,
    write_links,
    write_meaning,
    write_owed,
)
from ganxun.alerts.wording import LANGS, Lang, Words, explain_fault

EVENT = "ganxun.night"


def compose_night(
    facts: NightFacts,
    kind: Kind,
    commands: Commands,
    links: Links,
    *,
    owed: tuple[Owed, ...] = (),
    told_at: datetime | None = None,
) -> Message:
    """The message of a night. `told_at`: when its trouble was told, for a recovery; `owed` is appended."""

    def write_body(lang: Lang) -> Body:
        headline = write_headline(facts, lang)
        sections = []
        if kind == "recovery":
            headline = write_recovery(facts, told_at, lang) + headline
        if facts.state in ("failed", "late") and (meaning := write_meaning(facts, lang)).lines:
            sections.append(meaning)
        if facts.state != "open" and has_gaps_to_tell(facts):
            sections.append(write_gaps(facts, lang))
        if facts.state in ("failed", "late", "degraded"):
            sections.append(write_advice(facts, commands, lang))
        if owed:
            sections.append(write_owed(owed, lang))
        return Body(headline, (*sections, write_links(links, lang)))

    night = facts.business_date.isoformat()
    return Message(
        kind=kind,
        message_id=f"{night}.{kind}",
        subject=write_subject(facts, kind),
        bodies={lang: write_body(lang) for lang in LANGS},
        event=_write_event(facts, kind),
        answers=f"{night}.trouble" if kind == "recovery" else None,
    )


def compose_belated(owed: tuple[Owed, ...], links: Links) -> Message:
    """What could not be told of earlier nights, when the present one has nothing to tell."""
    nights = [one.night for one in owed]
    first = Words(
        "下面的消息当时没能送达，现在补发。",
        "These messages could not be delivered at the time; here they are.",
    )
    return Message(
        kind="belated",
        message_id=f"{nights[-1]}.belated",
        subject=f"[干训] 补发 {', '.join(nights)} 的消息 / messages not delivered before",
        bodies={
            lang: Body(first[lang], (write_owed(owed, lang), write_links(links, lang))) for lang in LANGS
        },
        event={"event": EVENT, "kind": "belated", "nights": nights},
    )


def compose_test(links: Links, now: datetime) -> Message:
    """A message that shows whether messages arrive."""
    first = Words(
        "这是一条测试消息，无需处理：夜间处理出问题时，消息会送到这里。",
        "This is a test, nothing to do: messages about a night in trouble will arrive here.",
    )
    return Message(
        kind="test",
        message_id=f"{now:%Y%m%dT%H%M%S%f}.test",
        subject="[干训] 测试消息，无需处理 / a test, nothing to do",
        bodies={lang: Body(first[lang], (write_links(links, lang),)) for lang in LANGS},
        event={"event": EVENT, "kind": "test"},
    )


def _write_event(facts: NightFacts, kind: Kind) -> dict[str, object]:
    """What machines get: codes and dates; the words are for people."""
    return {
        "event": EVENT,
        "kind": kind,
        "state": facts.state,
        "business_date": facts.business_date.isoformat(),
        "shown_business_date": facts.shown.business_date.isoformat() if facts.shown else None,
        "run_id": facts.shown.run_id if facts.shown else None,
        "failure": facts.failure.code if facts.failure else None,
        "failed": list(facts.failure.names) if facts.failure else [],
        "missing": [
            {
                "source": gap.source,
                "newest_business_date": gap.newest.isoformat() if gap.newest else None,
                "missing_since": gap.missing_since.isoformat() if gap.missing_since else None,
                "has_arrived": gap.has_arrived,
                "files": [
                    {
                        "path": fault.path,
                        "status": fault.status,
                        "reason": explain_fault(fault.status, fault.code)[0].en,
                    }
                    for fault in gap.faults
                ],
            }
            for gap in facts.gaps
        ],
    }
