"""The first line of a message and its subject: what the night means for its readers."""

from __future__ import annotations

from datetime import datetime, timedelta

from ganxun.alerts.facts import NightFacts, SourceGap, is_correction
from ganxun.alerts.message import Kind
from ganxun.alerts.wording import (
    FAILURES,
    Lang,
    Words,
    count_days,
    describe_day,
    describe_time,
    join_names,
    name_source,
)


def write_headline(facts: NightFacts, lang: Lang) -> str:
    """What readers see and why it is not what they expect, in one sentence."""
    shows = _say_what_is_shown(facts)[lang]
    night = describe_day(facts.business_date, facts.now.date(), lang)
    hour = f"{facts.published_by:%H:%M}"
    why = explain_failure(facts)[lang]
    missing = list_missing(facts, lang)
    if facts.state == "open":
        words = Words(
            f"{night} 的数据还在处理中，约定 {hour} 前发布。", f"{night} is being worked on; due by {hour}."
        )
    elif facts.state == "late":
        words = Words(
            f"{shows}：{night} 的到 {hour} 还没有发布（{why}）。",
            f"{shows}: {night} was due by {hour} and is not published ({why}).",
        )
    elif facts.state == "failed":
        words = Words(
            f"{shows}：{night} 的没有发布（{why}）。", f"{shows}: {night} was not published ({why})."
        )
    elif facts.gaps:
        words = Words(f"{shows}，但不完整：缺{missing}。", f"{shows}, but without {missing}.")
    elif facts.workbooks:
        words = Words(
            f"{shows}，四个来源都到齐了；另有补录工作簿没能读入。",
            f"{shows}, from all four sources; a back-fill workbook could not be read.",
        )
    else:
        words = Words(f"{shows}，四个来源都到齐了。", f"{shows}, from all four sources.")
    return words[lang]


def write_recovery(facts: NightFacts, told_at: datetime | None, lang: Lang) -> str:
    """The first line of a recovery: since when it is over, and which message may be forgotten."""
    now = facts.now
    night = describe_day(facts.business_date, now.date(), lang)
    published_at = facts.shown.published_at if facts.shown else None
    at = describe_time(published_at.astimezone(now.tzinfo), now, lang) if published_at else ""
    words = Words(
        f"已恢复：{night} 的数据已于 {at} 发布。" if at else f"已恢复：{night} 的数据已经发布。",
        f"Recovered: {night} was published at {at}. " if at else f"Recovered: {night} is published. ",
    )
    if told_at is None or facts.state == "degraded":
        return words[lang]
    told = describe_time(told_at.astimezone(now.tzinfo), now, lang)
    settled = Words(f"{told} 那条消息不用再管了。", f"The message of {told} is settled. ")
    return words[lang] + settled[lang]


def write_subject(facts: NightFacts, kind: Kind) -> str:
    """A subject that says it all on a telephone's lock screen."""
    today = facts.now.date()
    zh, en = describe_day(facts.business_date, today, "zh"), describe_day(facts.business_date, today, "en")
    if facts.state == "open":
        words = Words(f"{zh} 数据还在处理中", f"{en} is being worked on")
    elif not facts.is_published:
        why = explain_failure(facts)
        words = Words(f"{zh} 数据没有发布：{why.zh}", f"{en} is not published: {why.en}")
    elif facts.gaps:
        words = Words(
            f"{zh} 数据已发布，但缺{list_missing(facts, 'zh')}",
            f"{en} is published without {list_missing(facts, 'en')}",
        )
    elif facts.workbooks:
        words = Words(f"{zh} 数据已发布，有补录工作簿没能读入", f"{en} is published, a workbook was not read")
    else:
        words = Words(f"{zh} 数据已发布，四个来源齐全", f"{en} is published, with all sources")
    if kind == "recovery":
        words = Words(f"已恢复：{words.zh}", f"recovered: {words.en}")
    return f"[干训] {words.zh} / {words.en}"


def explain_failure(facts: NightFacts) -> Words:
    """Why the night is not published; empty where it is."""
    return FAILURES[facts.failure.code] if facts.failure else Words("", "")


def list_missing(facts: NightFacts, lang: Lang) -> str:
    """What is missing of which source: part of A, 3 days of B and C."""
    return join_names([_measure(facts, gap) for gap in facts.gaps])[lang] if facts.gaps else ""


def _measure(facts: NightFacts, gap: SourceGap) -> Words:
    name = name_source(gap.source)
    if gap.newest is None:
        return name
    if is_correction(facts, gap):
        return Words(f"{name.zh}（更正待确认）", f"a correction of {name.en}")
    if gap.newest >= facts.business_date:
        return Words(f"{name.zh}（一部分）", f"part of {name.en}")
    days = (facts.business_date - gap.newest).days
    return Words(f"{name.zh}（{days} 天）", f"{count_days(days)} of {name.en}")


def _say_what_is_shown(facts: NightFacts) -> Words:
    is_today = facts.now.date() == facts.business_date + timedelta(days=1)
    board = Words(
        "今早看板" if is_today else "看板", "This morning's dashboards" if is_today else "The dashboards"
    )
    if facts.shown is None:
        if "warehouse" in facts.unreadable:
            return Words(f"{board.zh}打不开", f"{board.en} cannot be opened")
        return Words(f"{board.zh}还没有任何数据", f"{board.en} show nothing yet")
    today, day = facts.now.date(), facts.shown.business_date
    still = Words("", "") if facts.is_published else Words("仍", "still ")
    return Words(
        f"{board.zh}显示的{still.zh}是 {describe_day(day, today, 'zh')} 的数据",
        f"{board.en} {still.en}show {describe_day(day, today, 'en')}",
    )
