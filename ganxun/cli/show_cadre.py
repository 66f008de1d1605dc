"""A cadre's explanation for people: the light, what is missing, then the rows behind it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ganxun.cli.references import References
from ganxun.cli.show_records import show_credited, show_without_credit
from ganxun.cli.tables import Cell, Column, show_panel, show_table, show_text
from ganxun.explain.cadre import CadreExplanation
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, day, hours, share


def show_cadre(found: CadreExplanation, console: Console, lang: Lang, name: str | None = None) -> None:
    """Print the explanation; `name` is for the owner's screen."""
    words = Words(lang)
    references = References(words)
    _show_headline(found, words, name, console)
    if found.coverage is not None:
        _show_targets(found, words, console)
        show_text(console, words("either_note"), "dim")
        if found.coverage["progress"] is not None:
            show_text(
                console,
                words(
                    "progress",
                    expected=hours(found.coverage["expected_hours"]),
                    hours=hours(found.coverage["statutory_hours"]),
                    progress=share(found.coverage["progress"]),
                ),
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


def _show_headline(found: CadreExplanation, words: Words, name: str | None, console: Console) -> None:
    cadre, coverage = found.cadre, found.coverage
    who = [name] if name else []
    who += [cadre["cadre_key"], f"{cadre['unit_name'] or '-'}（{cadre['unit_code']}）"]
    who.append(words.label("rank_group", cadre["rank_group"]))
    lines: list[Cell] = ["  ".join(who)]
    if coverage is None or found.missing is None or found.decided_by is None:
        show_panel(console, words("not_due"), [*lines, words("not_due")])
        return
    light = coverage["light"]
    by_name = {target.name: target for target in found.targets}
    minimum = {target.name: hours(target.minimum) for target in found.targets}
    lines.append(
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
    lines += [Text(line, style="bold") for line in _list_missing(found, words)]
    title = Text(words("light_of", light=words.label("light", light)), style=LIGHT_STYLES[light])
    footer = words("header", as_of=found.as_of, start=found.window_start)
    show_panel(console, title, lines, footer, border=light)


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


def _show_targets(found: CadreExplanation, words: Words, console: Console) -> None:
    columns = [
        Column(words("figure")),
        *(Column(words(name), is_number=True) for name in ("reached", "minimum", "missing")),
        Column(words("is_met")),
        Column(words("basis"), is_prose=True, is_aside=True),
    ]
    rows = [
        (
            words(target.name),
            hours(target.reached),
            hours(target.minimum),
            hours(target.missing) if target.missing else "",
            Text(words("met_yes"), style="green") if target.is_met else Text(words("met_no"), style="red"),
            words.cite(target.rule.origin, target.rule.citation),
        )
        for target in found.targets
    ]
    show_table(console, columns, rows, words("targets"))


def _show_leaving(found: CadreExplanation, words: Words, console: Console) -> None:
    if not found.leaving or found.coverage is None:
        show_text(console, words("leaving"), "bold")
        show_text(console, words("leaving_none"))
        console.print()
        return
    columns = [
        Column(words("leaves_on")),
        Column(words("title"), is_prose=True, is_aside=True),
        *(
            Column(words(name), is_number=True)
            for name in ("records", "lost_hours", "days", "lost_systematic", "left")
        ),
        Column(words("light")),
    ]
    bearing = [one for one in found.leaving if one.bears_on_light]
    rows = [
        (
            day(one.leaves_on), "、".join(one.titles), str(one.records), hours(one.statutory_hours),
            str(one.statutory_days), hours(one.systematic_hours),
            f"{hours(one.hours_left)}/{one.days_left}/{hours(one.systematic_left)}",
            Text(words.label("light", one.light), style=LIGHT_STYLES[one.light]),
        )
        for one in bearing
    ]  # fmt: skip
    if bearing:
        show_table(console, columns, rows, words("leaving"))
    else:
        show_text(console, words("leaving"), "bold")
    rest = [one for one in found.leaving if not one.bears_on_light]
    if rest:
        records, total = sum(one.records for one in rest), hours(sum(one.credited_hours for one in rest))
        show_text(console, words("leaving_rest", records=records, hours=total))
    light = found.coverage["light"]
    for one in found.leaving:
        if one.light != light:
            light = one.light
            text = words("leaving_light", day=one.leaves_on, light=words.label("light", light))
            show_text(console, text, LIGHT_STYLES[light])
    if light == found.coverage["light"]:
        show_text(console, words("leaving_same"))
    console.print()


def _show_knowledge(found: CadreExplanation, words: Words, console: Console) -> None:
    if not found.knowledge:
        show_text(console, words("knowledge"), "bold")
        show_text(console, words("knowledge_none"))
        console.print()
        return
    columns = [
        Column(words("topic")),
        *(Column(words(name), is_number=True) for name in ("hours", "asked_hours", "reserve")),
    ]
    rows = [
        (row["topic_name"], hours(row["credited_hours"]), hours(row["target_hours"]), hours(row["reserve"]))
        for row in found.knowledge
    ]
    show_table(console, columns, rows, words("knowledge"))
    console.print()


def _show_promotion(found: CadreExplanation, words: Words, console: Console) -> None:
    show_text(console, words("promotion"), "bold")
    promotion = found.promotion
    if promotion is None:
        show_text(console, words("promotion_none"))
    else:
        text = words(
            "promotion_text",
            rank_date=promotion["rank_date"],
            deadline=promotion["deadline"],
            days=promotion["days_left"],
            citation=words.cite(promotion["rule"].origin, promotion["rule"].citation),
        )
        show_text(console, text, "yellow")
    console.print()
