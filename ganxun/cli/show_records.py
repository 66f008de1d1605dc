"""Ledger rows for people: those that earned hours by mode and class, those that earned nothing by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ganxun.cli.references import References
from ganxun.cli.tables import Cell, Column, Heading, show_table, show_text
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
    show_text(console, words("credited"), "bold")
    if not found.credited:
        show_text(console, words("credited_none"))
    by_mode: dict[str, list[Row]] = defaultdict(list)
    for row in found.credited:
        by_mode[row["mode"]].append(row)
    listed: list[Sequence[Cell] | Heading] = []
    for mode in MODES:
        of_mode = by_mode.get(mode, [])
        if not of_mode:
            continue
        label, total = words.label("mode", mode), hours(sum_hours(of_mode))
        listed.append(Heading(words("mode_total", mode=label, records=len(of_mode), hours=total)))
        for group in _by_class(of_mode):
            listed += _list_group(group, words, references)
    if listed:
        columns = [
            Column(words("date")),
            Column(words("title"), is_prose=True),
            Column(words("topic"), is_prose=True, is_aside=True),
            *(Column(words(name), is_number=True) for name in ("raw", "counted")),
            Column(words("counts_for"), is_aside=True),
            Column(words("rule")),
            Column(words("source"), is_aside=True),
        ]
        show_table(console, columns, listed)
        console.print()
    if found.credited:
        show_text(console, words("credited_note"), "dim")
    for name, rows in (("expired", found.expired), ("later", found.later)):
        if rows:
            text = words(name, records=len(rows), hours=hours(sum_hours(rows)), day=found.window_start)
            show_text(console, text)
    console.print()


def _by_class(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one class together, in the order of the class's first row; a row without a class alone."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = f"{row['class_id']}/{row['enrollment_id']}" if row["class_id"] else row["ledger_id"]
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _list_group(rows: list[Row], words: Words, references: References) -> list[Sequence[Cell]]:
    first = rows[0]
    is_class = first["class_id"] is not None
    listed: list[Sequence[Cell]] = []
    if is_class:
        is_whole = len(rows) == 1 and first["course_key"] is None
        text = "class_line_short" if is_whole else "class_line"
        if first["source"] != "academic":
            text = "class_total"
        title = words(text, title=first["class_name"], days=first["class_days"], courses=len(rows))
        if is_whole:
            return [_list_row(first, title, words, references)]
        # The courses of an academic class share its date and its enrolment's row.
        is_one = first["source"] == "academic"
        listed.append(
            (
                day(first["activity_date"]) if is_one else "",
                title,
                "",
                Text(hours(sum_hours(rows, "raw_hours")), style="bold"),
                Text(hours(sum_hours(rows)), style="bold"),
                "",
                "",
                references.source(first) if is_one else "",
            )
        )
    for row in rows:
        title = row["course_title"] or words("whole_class")
        listed.append(
            _list_row(row, ("  ·" if is_class else "") + title, words, references, is_part=is_class)
        )
    return listed


def _list_row(
    row: Row, title: str, words: Words, references: References, is_part: bool = False
) -> Sequence[Cell]:
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
    return (
        "" if same_line else day(row["activity_date"]),
        title,
        row["topic_name"] or "",
        hours(row["raw_hours"]),
        counted,
        " ".join(marks),
        references.rule(row),
        "" if same_line else references.source(row),
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
    columns = [
        Column(words("date")),
        *([Column(words("cadre"))] if with_cadre else []),
        Column(words("title"), is_prose=True),
        Column(words("raw"), is_number=True),
        Column(words("why"), is_prose=True, is_aside=True),
        Column(words("rule")),
        Column(words("source"), is_aside=True),
    ]
    listed: list[Sequence[Cell] | Heading] = []
    for status in STATUSES:
        chosen = [row for row in rows if row["credit_status"] == status]
        if not chosen:
            continue
        label = words("too_short") if status == "credited" else words.label("credit_status", status)
        listed.append(Heading(words("without_total", status=label, records=len(chosen))))
        for group in _by_class(chosen) if not with_cadre else [[row] for row in chosen]:
            first = group[0]
            title = first["course_title"] or first["class_name"] or "-"
            if len(group) > 1:
                title = words("class_total", title=first["class_name"], courses=len(group))
            listed.append(
                (
                    day(first["activity_date"]),
                    *([first["cadre_key"]] if with_cadre else []),
                    title,
                    hours(sum_hours(group, "raw_hours")),
                    _why(first, words),
                    references.rule(first),
                    references.source(first),
                )
            )
    if rows:
        show_table(console, columns, listed, heading)
    else:
        show_text(console, heading, "bold")
        show_text(console, words("without_none"))
    if outside:
        show_text(console, words("not_dated", records=outside))
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
