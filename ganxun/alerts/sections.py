"""The parts of a message below its first line: what happened, what is missing, what to do, where to look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ganxun.alerts.commands import Links
from ganxun.alerts.facts import FileFault, NightFacts, SourceGap, is_correction
from ganxun.alerts.message import Kind, Section
from ganxun.alerts.wording import (
    EFFECTS,
    FAILURES,
    Lang,
    Words,
    count_days,
    describe_day,
    describe_fall,
    describe_time,
    explain_fault,
    join_names,
    name_source,
)
from ganxun.settings import SOURCES

# A source with many bad files has one cause; the list is on the dashboard.
MOST_FILES = 3


@dataclass(frozen=True)
class Owed:
    """A headline of an earlier night that could not be delivered then."""

    night: str
    kind: Kind
    zh: str
    en: str


def write_meaning(facts: NightFacts, lang: Lang) -> Section:
    """What a failed night means: nothing wrong is shown, and how old what is shown is."""
    lines = []
    if facts.shown is not None:
        days = (facts.business_date - facts.shown.business_date).days
        lines.append(
            Words(
                f"看板上的数字是检查过的，只是旧了 {days} 天，可以照常使用。",
                f"What they show has passed its checks and is only {count_days(days)} old: use it as ever.",
            )
        )
    if "ledger" in facts.unreadable:
        lines.append(Words("台账（ledger.sqlite）打不开。", "The ledger (ledger.sqlite) cannot be read."))
    if facts.failure is not None and facts.failure.names:
        names = ", ".join(facts.failure.names)
        lines.append(Words(f"没有通过的是：{names}。", f"At fault: {names}."))
    if facts.failure is not None and facts.failure.code == "running" and facts.run_started_at:
        at = facts.run_started_at.astimezone(facts.now.tzinfo)
        zh, en = describe_time(at, facts.now, "zh"), describe_time(at, facts.now, "en")
        lines.append(Words(f"处理从 {zh} 开始，还没有结束。", f"The build began at {en} and has not ended."))
    return Section(Words("怎么回事", "What happened")[lang], tuple(line[lang] for line in lines))


def write_gaps(facts: NightFacts, lang: Lang) -> Section:
    """Per source: what is missing, since when, why, and what that does to the figures.

    Of a night that is not published, sources that lack the same are one line: the figures are old anyway.
    """
    lines: list[Words] = []
    if facts.is_published:
        for gap in facts.gaps:
            lines += [*_write_gap(facts, gap, name_source(gap.source)), _say_effect(gap)]
    else:
        alike: dict[SourceGap, list[Words]] = {}
        for gap in facts.gaps:
            alike.setdefault(replace(gap, source=""), []).append(name_source(gap.source))
        for gap, sources in alike.items():
            lines += _write_gap(facts, gap, join_names(sources))
    for fault in list_workbooks(facts)[:MOST_FILES]:
        text, _ = explain_fault(fault.status, fault.code)
        lines.append(Words(f"· 补录工作簿 {fault.path}：{text.zh}", f"- Workbook {fault.path}: {text.en}"))
    return Section(Words("缺什么", "What is missing")[lang], tuple(line[lang] for line in lines))


def has_gaps_to_tell(facts: NightFacts) -> bool:
    """Whether something can be said of what is missing: not where nobody has looked for tonight's files."""
    nobody_looked = facts.failure is not None and facts.failure.code == "never_started"
    if nobody_looked and len(facts.gaps) == len(SOURCES) and not any(gap.faults for gap in facts.gaps):
        return False
    return bool(facts.gaps or list_workbooks(facts))


def list_workbooks(facts: NightFacts) -> tuple[FileFault, ...]:
    """Workbooks that this message names: not beside a failed night, which is enough for one morning."""
    return facts.workbooks if facts.is_published else ()


def _write_gap(facts: NightFacts, gap: SourceGap, source: Words) -> list[Words]:
    lines = [_say_since_when(facts, gap, source)]
    for fault in gap.faults[:MOST_FILES]:
        text, _ = explain_fault(fault.status, fault.code)
        lines.append(Words(f"  原因：{text.zh}（{fault.path}）", f"  Why: {text.en} ({fault.path})"))
        lines += [Words(f"    {fall.zh}", f"    {fall.en}") for fall in map(describe_fall, fault.falls)]
    more = len(gap.faults) - MOST_FILES
    if more > 0:
        lines.append(Words(f"  另有 {more} 个文件，见看板。", f"  And {more} more: see the dashboard."))
    if not gap.faults:
        lines.append(_say_why_there_is_no_file(gap))
    return lines


def _say_since_when(facts: NightFacts, gap: SourceGap, source: Words) -> Words:
    today = facts.now.date()
    if gap.newest is None or gap.missing_since is None:
        if gap.newest is None and not gap.faults:
            return Words(f"· {source.zh}：从来没有送来过。", f"- {source.en}: nothing has ever arrived.")
        return Words(f"· {source.zh}：没有可用的数据。", f"- {source.en}: there is nothing usable.")
    since = Words(describe_day(gap.missing_since, today, "zh"), describe_day(gap.missing_since, today, "en"))
    if is_correction(facts, gap):
        return Words(
            f"· {source.zh}：{since.zh} 的更正等人确认，暂用先到的那份。",
            f"- {source.en}: a correction of {since.en} waits for a person; what came first is used.",
        )
    if gap.newest >= facts.business_date:
        return Words(
            f"· {source.zh}：{since.zh} 的一部分没有读入，其余正常。",
            f"- {source.en}: a part of {since.en} was not read; the rest was.",
        )
    newest = Words(describe_day(gap.newest, today, "zh"), describe_day(gap.newest, today, "en"))
    days = (facts.business_date - gap.newest).days
    return Words(
        f"· {source.zh}：从 {since.zh} 起缺，共 {days} 天（最近一次收到的是 {newest.zh} 的）。",
        f"- {source.en}: missing since {since.en}, {count_days(days)} (the newest is of {newest.en}).",
    )


def _say_why_there_is_no_file(gap: SourceGap) -> Words:
    if gap.has_arrived:
        return Words(
            "  文件现在已经到了，但晚于这次处理；再处理一次即可。",
            "  It has arrived by now, after this build: one more run takes it in.",
        )
    if gap.failure is not None:
        why = FAILURES[gap.failure.code]
        return Words(f"  原因：接收时出错（{why.zh}）。", f"  Why: landing failed ({why.en}).")
    return Words("  原因：没有收到文件。", "  Why: no file has arrived.")


def _say_effect(gap: SourceGap) -> Words:
    effect = EFFECTS[gap.source]
    return Words(f"  影响：{effect.zh}。", f"  Effect: {effect.en}.")


def list_held(gap: SourceGap) -> list[FileFault]:
    """Files of a source that wait for a person's word."""
    return [fault for fault in gap.faults if fault.status == "held"]


def write_owed(owed: tuple[Owed, ...], lang: Lang) -> Section:
    """What earlier nights had to say and nobody could be told."""
    title = Words("此前没能送达的消息", "Not delivered before")[lang]
    return Section(title, tuple(f"{one.night}: {Words(one.zh, one.en)[lang]}" for one in owed))


def write_links(links: Links, lang: Lang) -> Section:
    """Where to look."""
    dashboard = Words("数据质量与运行看板", "Operations dashboard")[lang]
    airflow = Words("Airflow 运行记录", "Airflow")[lang]
    title = Words("到哪里看", "Where to look")[lang]
    return Section(title, links=((dashboard, links.dashboard(lang)), (airflow, links.airflow)))
