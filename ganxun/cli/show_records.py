"""Ledger rows for people: those that earned hours by mode and class, those that earned nothing by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ganxun.cli.references import References, new_table
from ganxun.explain.cadre import CadreExplanation
from ganxun.explain.ledger_rows import sum_hours
from ganxun.explain.published import Row
from ganxun.explain.wording import Words, day, hours

MODES = ("off_job", "part_time", "online_class", "online_elective", "mobile")
# `credited` among those that earned nothing: a micro-course of two minutes comes to 0.0 hours.
STATUSES = (
    "excess_leave", "not_passed", "not_completed", "duplicate", "over_daily_cap", "unresolved_person",
    "credited",
)  # fmt: skip


def show_credited(found: CadreExplanation, words: Words, references: References, console: Console) -> None:
    """Print the credited rows of the window, a table a mode, the rows of a class under its line."""
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
        _add_row(table, row, ("  ·" if is_class else "") + title, words, references, is_part=is_class)


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
        label = words("too_short") if status == "credited" else words.label("credit_status", status)
        total = words("without_total", status=label, records=len(chosen))
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
    if status == "credited":
        return words("why_short", hours=hours(row["credited_hours"]))
    return ""
