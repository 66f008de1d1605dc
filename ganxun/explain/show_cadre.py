"""A cadre's explanation for people: the light, what is missing, then the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ganxun.explain.cadre import CadreExplanation
from ganxun.explain.ledger_rows import sum_hours
from ganxun.explain.published import Row
from ganxun.explain.references import References, new_table
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, day, hours, share

MODES = ("off_job", "part_time", "online_class", "online_elective", "mobile")
STATUSES = (
    "excess_leave", "not_passed", "not_completed", "duplicate", "over_daily_cap", "unresolved_person",
)  # fmt: skip


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
    _show_credited(found, words, references, console)
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


def _show_credited(found: CadreExplanation, words: Words, references: References, console: Console) -> None:
    console.print(Text(words("credited"), style="bold"))
    if not found.credited:
        console.print(words("credited_none"))
    by_mode: dict[str, list[Row]] = defaultdict(list)
    for row in found.credited:
        by_mode[row["mode"]].append(row)
    for mode in MODES:
        rows = by_mode.get(mode, [])
        if not rows:
            continue
        label, total = words.label("mode", mode), hours(sum_hours(rows))
        table = new_table(words("mode_total", mode=label, records=len(rows), hours=total))
        table.expand = True
        # Equal widths, so that the tables of the modes stand in line.
        table.add_column(words("date"), no_wrap=True, width=10)
        table.add_column(words("title"), ratio=1, overflow="fold")
        table.add_column(words("topic"), no_wrap=True, width=18, overflow="ellipsis")
        for name in ("raw", "counted"):
            table.add_column(words(name), justify="right", no_wrap=True, min_width=5)
        table.add_column(words("counts_for"), no_wrap=True, min_width=9)
        table.add_column(words("rule"), no_wrap=True, min_width=4)
        table.add_column(words("source"), no_wrap=True, min_width=9)
        for group in _by_class(rows):
            _add_group(table, group, words, references)
        console.print(table)
        console.print()
    if found.credited:
        console.print(Text(words("credited_note"), style="dim"))
    for name, rows in (("expired", found.expired), ("later", found.later)):
        if rows:
            text = words(name, records=len(rows), hours=hours(sum_hours(rows)), day=found.window_start)
            console.print(text, highlight=False)
    console.print()


def _by_class(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one class together, in the order of the class's first row; a row without a class alone."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = f"{row['class_id']}/{row['enrollment_id']}" if row["class_id"] else row["ledger_id"]
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _add_group(table: Table, rows: list[Row], words: Words, references: References) -> None:
    first = rows[0]
    is_class = first["class_id"] is not None
    if is_class:
        is_whole = len(rows) == 1 and first["course_key"] is None
        text = "class_line_short" if is_whole else "class_line"
        if first["source"] != "academic":
            text = "class_total"
        title = words(text, title=first["class_name"], days=first["class_days"], courses=len(rows))
        if is_whole:
            _add_row(table, first, title, words, references)
            return
        # The courses of an academic class share its date and its enrolment's row.
        is_one = first["source"] == "academic"
        table.add_row(
            day(first["activity_date"]) if is_one else "",
            Text(title),
            "",
            Text(hours(sum_hours(rows, "raw_hours")), style="bold"),
            Text(hours(sum_hours(rows)), style="bold"),
            "",
            "",
            Text(references.source(first) if is_one else ""),
        )
    for row in rows:
        title = row["course_title"] or words("whole_class")
        _add_row(table, row, ("  · " if is_class else "") + title, words, references, is_part=is_class)


def _add_row(
    table: Table, row: Row, title: str, words: Words, references: References, is_part: bool = False
) -> None:
    same_line = is_part and row["source"] == "academic"  # date and source stand on the class's line
    marks = [
        words(f"{name}_mark")
        for name in ("statutory", "systematic", "online")
        if row[f"is_{name}"] and (name != "online" or row["is_this_year"])
    ]
    counted = Text(hours(row["credited_hours"]))
    if row["credit_status"] != "credited":
        counted.stylize("yellow")
        title += f"（{words.label('credit_status', row['credit_status'])}）"
    table.add_row(
        "" if same_line else day(row["activity_date"]),
        Text(title),
        row["topic_name"],
        hours(row["raw_hours"]),
        counted,
        " ".join(marks),
        references.rule(row),
        Text("" if same_line else references.source(row)),
    )


def show_without_credit(
    rows: Sequence[Row],
    heading: str,
    words: Words,
    references: References,
    console: Console,
    outside: int = 0,
    with_cadre: bool = False,
) -> None:
    """Print records that earned nothing, by status, each with why; `outside` are not listed, only counted."""
    table = new_table(heading)
    table.add_column(words("date"), no_wrap=True)
    if with_cadre:
        table.add_column(words("cadre"), no_wrap=True)
    table.add_column(words("title"), ratio=3, overflow="fold")
    table.add_column(words("raw"), justify="right", no_wrap=True)
    table.add_column(words("why"), ratio=3, overflow="fold")
    table.add_column(words("rule"), no_wrap=True)
    table.add_column(words("source"), no_wrap=True)
    for status in STATUSES:
        chosen = [row for row in rows if row["credit_status"] == status]
        if not chosen:
            continue
        total = words("without_total", status=words.label("credit_status", status), records=len(chosen))
        table.add_section()
        table.add_row("", *([""] if with_cadre else []), Text(total, style="bold"))
        for group in _by_class(chosen) if not with_cadre else [[row] for row in chosen]:
            first = group[0]
            title = first["course_title"] or first["class_name"] or "-"
            if len(group) > 1:
                title = words("class_total", title=first["class_name"], courses=len(group))
            table.add_row(
                day(first["activity_date"]),
                *([first["cadre_key"]] if with_cadre else []),
                Text(title),
                hours(sum_hours(group, "raw_hours")),
                Text(_why(first, words)),
                references.rule(first),
                Text(references.source(first)),
            )
    if rows:
        console.print(table)
    else:
        console.print(Text(heading, style="bold"))
        console.print(words("without_none"))
    if outside:
        console.print(words("not_dated", records=outside), highlight=False)
    console.print()


def _why(row: Row, words: Words) -> str:  # noqa: PLR0911  (a line a status)
    """The facts of this record that its rule looked at."""
    status = row["credit_status"]
    if status == "excess_leave" and row["attended_hours"] is not None:
        missed = row["leave_hours"] + row["absent_hours"]
        total = missed + row["attended_hours"]
        # Two decimals: at one, a share just over the limit looks like the limit.
        return words(
            "why_leave",
            missed=hours(missed),
            all=hours(total),
            share=f"{missed / total:.2%}",
            limit=f"{row['absence_limit']:.2%}",
        )
    if status == "not_passed" and row["source"] == "academic":
        return words("why_result", result=words.result(row["class_result"]))
    if status == "not_passed":
        score = "" if row["score"] is None else words("why_score", score=hours(row["score"]))
        return words("why_exam", score=score)
    if status == "not_completed":
        return words("why_open")
    if status == "duplicate" and row["other_date"] is not None:
        mode = words.label("mode", row["other_mode"])
        return words("why_other", day=row["other_date"], mode=mode, hours=hours(row["other_hours"]))
    if status == "over_daily_cap":
        return words("why_cap", hours=hours(row["day_hours"]))
    return ""


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
