"""A cadre's explanation for people: the light, what is missing, then the rows behind it."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ganxun.cli.references import References, new_table
from ganxun.cli.show_records import show_credited, show_without_credit
from ganxun.explain.cadre import CadreExplanation
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, day, hours, share


def show_cadre(found: CadreExplanation, console: Console, lang: Lang, name: str | None = None) -> None:
    """Print the explanation; `name` is for the owner's screen."""
    words = Words(lang)
    references = References(words)
    console.print(_headline(found, words, name))
    if found.coverage is not None:
        console.print(_targets(found, words))
        console.print(Text(words("either_note"), style="dim"))
        if found.coverage["progress"] is not None:
            console.print(
                words(
                    "progress",
                    expected=hours(found.coverage["expected_hours"]),
                    hours=hours(found.coverage["statutory_hours"]),
                    progress=share(found.coverage["progress"]),
                ),
                highlight=False,
            )
        console.print()
    show_credited(found, words, references, console)
    show_without_credit(
        [row for row in found.without_credit if row["period"] == "window"],
        words("without"),
        words,
        references,
        console,
        outside=sum(row["period"] != "window" for row in found.without_credit),
    )
    if found.coverage is not None:
        _show_leaving(found, words, console)
        _show_knowledge(found, words, console)
        _show_promotion(found, words, console)
    references.show(console)


def _headline(found: CadreExplanation, words: Words, name: str | None) -> Panel:
    cadre, coverage = found.cadre, found.coverage
    who = [name] if name else []
    who += [cadre["cadre_key"], f"{cadre['unit_name'] or '-'}（{cadre['unit_code']}）"]
    who.append(words.label("rank_group", cadre["rank_group"]))
    lines = [Text("  ".join(who))]
    if coverage is None or found.missing is None or found.decided_by is None:
        lines.append(Text(words("not_due")))
        return Panel(Group(*lines), title=words("not_due"), title_align="left")
    light = coverage["light"]
    by_name = {target.name: target for target in found.targets}
    minimum = {target.name: hours(target.minimum) for target in found.targets}
    lines.append(
        Text(
            words(
                f"decided_by_{found.decided_by}",
                systematic=hours(by_name["systematic_hours"].reached),
                systematic_min=minimum["systematic_hours"],
                hours=hours(coverage["statutory_hours"]),
                hours_min=minimum.get("five_year_hours", "-"),
                days=coverage["statutory_days"],
                days_min=minimum.get("five_year_days", "-"),
            )
        )
    )
    lines += [Text(line, style="bold") for line in _list_missing(found, words)]
    title = Text(words("light_of", light=words.label("light", light)), style=LIGHT_STYLES[light])
    return Panel(
        Group(*lines),
        title=title,
        title_align="left",
        subtitle=words("header", as_of=found.as_of, start=found.window_start),
        subtitle_align="left",
        border_style=light,
    )


def _list_missing(found: CadreExplanation, words: Words) -> list[str]:
    """What is missing for green, a line each; nothing on green."""
    missing = found.missing
    if missing is None or not (missing.systematic_hours or missing.hours):
        return []
    lines = [words("missing_title")]
    if missing.systematic_hours:
        lines.append("  · " + words("missing_systematic", hours=hours(missing.systematic_hours)))
    if missing.hours:
        lines.append("  · " + words("missing_either", hours=hours(missing.hours), days=hours(missing.days)))
    if missing.systematic_hours and missing.hours:
        lines.append("  " + words("missing_both_count"))
    return lines


def _targets(found: CadreExplanation, words: Words) -> Table:
    table = new_table(words("targets"))
    table.add_column(words("figure"), no_wrap=True)
    for name in ("reached", "minimum", "missing"):
        table.add_column(words(name), justify="right", no_wrap=True)
    table.add_column(words("is_met"), no_wrap=True)
    table.add_column(words("basis"))
    for target in found.targets:
        table.add_row(
            words(target.name),
            hours(target.reached),
            hours(target.minimum),
            hours(target.missing) if target.missing else "",
            Text(words("met_yes"), style="green") if target.is_met else Text(words("met_no"), style="red"),
            words.cite(target.rule.origin, target.rule.citation),
        )
    return table


def _show_leaving(found: CadreExplanation, words: Words, console: Console) -> None:
    if not found.leaving or found.coverage is None:
        console.print(Text(words("leaving"), style="bold"))
        console.print(words("leaving_none"))
        console.print()
        return
    table = new_table(words("leaving"))
    table.add_column(words("leaves_on"), no_wrap=True)
    table.add_column(words("title"), ratio=1, overflow="fold")
    for name in ("records", "lost_hours", "days", "lost_systematic", "left"):
        table.add_column(words(name), justify="right", no_wrap=True)
    table.add_column(words("light"), no_wrap=True)
    bearing = [one for one in found.leaving if one.bears_on_light]
    for one in bearing:
        left = f"{hours(one.hours_left)}/{one.days_left}/{hours(one.systematic_left)}"
        titles = "、".join(one.titles[:2]) + (" …" if len(one.titles) > 2 else "")
        table.add_row(
            day(one.leaves_on), Text(titles), str(one.records), hours(one.statutory_hours),
            str(one.statutory_days), hours(one.systematic_hours), left,
            Text(words.label("light", one.light), style=LIGHT_STYLES[one.light]),
        )  # fmt: skip
    if bearing:
        console.print(table)
    else:
        console.print(Text(words("leaving"), style="bold"))
    rest = [one for one in found.leaving if not one.bears_on_light]
    if rest:
        records, total = sum(one.records for one in rest), hours(sum(one.credited_hours for one in rest))
        console.print(words("leaving_rest", records=records, hours=total), highlight=False)
    light = found.coverage["light"]
    for one in found.leaving:
        if one.light != light:
            light = one.light
            text = words("leaving_light", day=one.leaves_on, light=words.label("light", light))
            console.print(Text(text, style=LIGHT_STYLES[light]))
    if light == found.coverage["light"]:
        console.print(words("leaving_same"), highlight=False)
    console.print()


def _show_knowledge(found: CadreExplanation, words: Words, console: Console) -> None:
    if not found.knowledge:
        console.print(Text(words("knowledge"), style="bold"))
        console.print(words("knowledge_none"))
        console.print()
        return
    table = new_table(words("knowledge"))
    table.add_column(words("topic"), no_wrap=True)
    for name in ("hours", "asked_hours", "reserve"):
        table.add_column(words(name), justify="right", no_wrap=True)
    for row in found.knowledge:
        table.add_row(
            row["topic_name"], hours(row["credited_hours"]), hours(row["target_hours"]), hours(row["reserve"])
        )
    console.print(table)
    console.print()


def _show_promotion(found: CadreExplanation, words: Words, console: Console) -> None:
    console.print(Text(words("promotion"), style="bold"))
    promotion = found.promotion
    if promotion is None:
        console.print(words("promotion_none"))
    else:
        text = words(
            "promotion_text",
            rank_date=promotion["rank_date"],
            deadline=promotion["deadline"],
            days=promotion["days_left"],
            citation=words.cite(promotion["rule"].origin, promotion["rule"].citation),
        )
        console.print(Text(text, style="yellow"))
    console.print()
