"""The comparison for people: figures, rules, who changed light and why, then table by table."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ganxun.cli.tables import Cell, Column, show_table, show_text
from ganxun.diff.lights import LightChange, Reason, count_moves
from ganxun.diff.report import DiffReport
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, hours, share

_COUNTS = ("due", "red", "yellow", "green")
_SHOWN_COLUMNS = 3


def show_diff(report: DiffReport, console: Console, lang: Lang, limit: int) -> None:
    """Print the comparison; at most `limit` cadres and rows (0: all)."""
    words = Words(lang)
    for name in ("before", "after"):
        version = getattr(report, name)
        kind = words("diff_aside") if version.is_aside else words("diff_kept")
        text = words(f"diff_{name}", day=version.business_date, run_id=version.run_id, kind=kind)
        show_text(console, text)
    for name, (left, right) in report.versions.items():
        if left != right:
            show_text(console, words(f"diff_{name}", before=left, after=right), "yellow")
    console.print()
    _show_headlines(report, words, console)
    _show_rules(report, words, console)
    _show_lights(report, words, console, limit)
    _show_tables(report, words, console)
    _show_rows(report, words, console)


def _show_headlines(report: DiffReport, words: Words, console: Console) -> None:
    columns = [
        Column(words("figure")),
        *(Column(words(name), is_number=True) for name in ("diff_was", "diff_is")),
    ]
    rows = []
    for name, (left, right) in report.headlines.items():
        label = words.label("light", name) if name in _COUNTS[1:] else words(name)
        shown = [f"{value:.0f}" if value is not None else "-" for value in (left, right)]
        rows.append((label, *(shown if name in _COUNTS else (share(left), share(right)))))
    show_table(console, columns, rows, words("diff_headlines"))
    console.print()


def _show_rules(report: DiffReport, words: Words, console: Console) -> None:
    if not report.rules:
        return
    columns = [
        Column(words("rule"), is_prose=True),
        *(Column(words(name), is_number=True) for name in ("diff_was", "diff_is")),
    ]
    rows = [
        (
            row["text_zh"] if words.lang == "zh" else row["text_en"],
            row["value_before"] or "-",
            row["value_after"] or "-",
        )
        for row in report.rules
    ]
    show_table(console, columns, rows, words("diff_rules"))
    console.print()


def _show_lights(report: DiffReport, words: Words, console: Console, limit: int) -> None:
    show_text(console, words("diff_lights"), "bold")
    moves = count_moves(report.lights)
    if not moves:
        show_text(console, words("diff_no_light"))
    for (left, right), cadres in sorted(moves.items(), key=lambda item: -item[1]):
        line = Text("  ").append_text(_light(left, words)).append(" → ").append_text(_light(right, words))
        show_text(console, line.append(words.colon() + words("diff_cadres", count=cadres)))
    if not report.lights:
        console.print()
        return
    shown = sorted(report.lights, key=lambda change: not change.is_light)
    count = len(shown)
    shown = shown[:limit] if limit else shown
    columns = [
        Column(words("cadre")),
        Column(words("light")),
        *(Column(words(name), is_number=True) for name in ("off_job_hours", "days", "diff_theory")),
        Column(words("diff_reasons"), is_prose=True, is_aside=True),
    ]
    rows: list[list[Cell]] = []
    for change in shown:
        lights = (
            _light(change.light_before, words).append(" → ").append_text(_light(change.light_after, words))
        )
        rows.append(
            [
                change.cadre_key,
                lights,
                *(_moved(change, name) for name in ("hours", "days", "systematic")),
                "\n".join(_reason(reason, words) for reason in change.reasons),
            ]
        )
    show_table(console, columns, rows)
    if len(shown) < count:
        show_text(console, words("shown_of", shown=len(shown), count=count))
    console.print()


def _light(light: str | None, words: Words) -> Text:
    if light is None:
        return Text(words("diff_not_due"), style="dim")
    return Text(words.label("light", light), style=LIGHT_STYLES[light])


def _moved(change: LightChange, name: str) -> str:
    left, right = change.before[name], change.after[name]
    return hours(right) if left == right else f"{hours(left)} → {hours(right)}"


def _reason(reason: Reason, words: Words) -> str:
    """One reason in words, with what it did to the figures."""
    detail = dict(reason.detail)
    if reason.kind == "rank":
        detail = {side: words.label("rank_group", detail[side]) for side in ("before", "after")}
    elif reason.kind == "transfer":
        detail = {side: f"{detail[f'name_{side}'] or '-'}（{detail[side]}）" for side in ("before", "after")}
    elif reason.kind in ("newly_due", "no_longer_due"):
        detail = {
            side: words.label("duty_status", detail[f"duty_{side}"])
            if detail[f"duty_{side}"]
            else words("diff_unlisted")
            for side in ("before", "after")
        }
    elif reason.kind == "rule" and detail:
        text = detail["text_zh"] if words.lang == "zh" else detail["text_en"]
        return words("reason_rule", text=text, before=detail["value_before"], after=detail["value_after"])
    name = "reason_rule_records" if reason.kind == "rule" else f"reason_{reason.kind}"
    text = words(name, records=len(reason.records), **detail)
    effects = [
        words(f"diff_{unit}", value=f"{value:+g}")
        for unit, value in (("h", reason.hours), ("d", reason.days), ("t", reason.systematic))
        if value
    ]
    titles = "、".join(reason.titles)
    effect = f"{words.colon()}{', '.join(effects)}" if effects else ""
    return text + effect + (f"（{titles}）" if titles else "")


def _show_tables(report: DiffReport, words: Words, console: Console) -> None:
    changed = [table for table in report.tables if not table.is_equal]
    equal = len(report.tables) - len(changed)
    if not changed:
        show_text(console, words("diff_tables"), "bold")
        show_text(console, words("diff_all_equal", count=equal))
        return
    columns = [
        Column(words("diff_table")),
        *(
            Column(words(name), is_number=True)
            for name in ("diff_was", "diff_is", "diff_added", "diff_removed", "diff_changed")
        ),
        Column(words("diff_columns"), is_prose=True, is_aside=True),
    ]
    rows = []
    for one in changed:
        counts = (one.rows_before, one.rows_after, one.added, one.removed, one.changed)
        rows.append(
            (
                one.table,
                *(f"{value:,}" if value else "" for value in counts),
                _most_changed(one.columns),
            )
        )
    show_table(console, columns, rows, words("diff_tables"))
    if equal:
        show_text(console, words("diff_equal", count=equal))


def _most_changed(columns: dict[str, int]) -> str:
    """The columns that changed in most rows, and how many others did (all of them are in the JSON)."""
    named = [f"{name} {rows:,}" for name, rows in list(columns.items())[:_SHOWN_COLUMNS]]
    if len(columns) > _SHOWN_COLUMNS:
        named.append(f"+{len(columns) - _SHOWN_COLUMNS}")
    return ", ".join(named)


def _show_rows(report: DiffReport, words: Words, console: Console) -> None:
    if not report.rows:
        return
    console.print()
    columns = [
        Column(words("diff_kind")),
        Column(words("diff_key"), is_prose=True),
        Column(words("diff_values"), is_prose=True, is_aside=True),
    ]
    rows = [
        (
            words(f"diff_{row.kind}"),
            ", ".join(str(value) for value in row.key.values()),
            "\n".join(f"{name}: {left} → {right}" for name, (left, right) in row.values.items())
            if row.kind == "changed"
            else "",
        )
        for row in report.rows
    ]
    show_table(console, columns, rows, words("diff_rows"))
