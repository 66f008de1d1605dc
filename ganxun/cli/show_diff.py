"""The comparison for people: figures, rules, who changed light and why, then table by table."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ganxun.cli.references import new_table
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
        console.print(text, highlight=False)
    for name, (left, right) in report.versions.items():
        if left != right:
            console.print(Text(words(f"diff_{name}", before=left, after=right), style="yellow"))
    console.print()
    _show_headlines(report, words, console)
    _show_rules(report, words, console)
    _show_lights(report, words, console, limit)
    _show_tables(report, words, console)
    _show_rows(report, words, console)


def _show_headlines(report: DiffReport, words: Words, console: Console) -> None:
    table = new_table(words("diff_headlines"))
    table.add_column(words("figure"), no_wrap=True)
    for column in ("diff_was", "diff_is"):
        table.add_column(words(column), justify="right", no_wrap=True)
    for name, (left, right) in report.headlines.items():
        label = words.label("light", name) if name in _COUNTS[1:] else words(name)
        shown = [f"{value:.0f}" if value is not None else "-" for value in (left, right)]
        table.add_row(label, *(shown if name in _COUNTS else (share(left), share(right))))
    console.print(table)
    console.print()


def _show_rules(report: DiffReport, words: Words, console: Console) -> None:
    if not report.rules:
        return
    table = new_table(words("diff_rules"))
    table.add_column(words("rule"), ratio=1)
    for column in ("diff_was", "diff_is"):
        table.add_column(words(column), justify="right", no_wrap=True)
    for row in report.rules:
        text = row["text_zh"] if words.lang == "zh" else row["text_en"]
        table.add_row(Text(text), row["value_before"] or "-", row["value_after"] or "-")
    console.print(table)
    console.print()


def _show_lights(report: DiffReport, words: Words, console: Console, limit: int) -> None:
    console.print(Text(words("diff_lights"), style="bold"))
    moves = count_moves(report.lights)
    if not moves:
        console.print(words("diff_no_light"))
    for (left, right), cadres in sorted(moves.items(), key=lambda item: -item[1]):
        line = Text("  ").append_text(_light(left, words)).append(" → ").append_text(_light(right, words))
        console.print(line.append(words.colon() + words("diff_cadres", count=cadres)))
    if not report.lights:
        console.print()
        return
    shown = sorted(report.lights, key=lambda change: not change.is_light)
    count = len(shown)
    shown = shown[:limit] if limit else shown
    table = new_table("")
    table.title = None
    table.add_column(words("cadre"), no_wrap=True)
    table.add_column(words("light"), no_wrap=True)
    table.add_column(words("off_job_hours"), justify="right", no_wrap=True)
    table.add_column(words("days"), justify="right", no_wrap=True)
    table.add_column(words("diff_theory"), justify="right", no_wrap=True)
    table.add_column(words("diff_reasons"), ratio=1, overflow="fold")
    for change in shown:
        lights = (
            _light(change.light_before, words).append(" → ").append_text(_light(change.light_after, words))
        )
        table.add_row(
            change.cadre_key,
            lights,
            *(_moved(change, name) for name in ("hours", "days", "systematic")),
            Text("\n".join(_reason(reason, words) for reason in change.reasons)),
        )
    console.print(table)
    if len(shown) < count:
        console.print(words("shown_of", shown=len(shown), count=count), highlight=False)
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
        console.print(Text(words("diff_tables"), style="bold"))
        console.print(words("diff_all_equal", count=equal), highlight=False)
        return
    table = new_table(words("diff_tables"))
    table.add_column(words("diff_table"), no_wrap=True)
    for column in ("diff_was", "diff_is", "diff_added", "diff_removed", "diff_changed"):
        table.add_column(words(column), justify="right", no_wrap=True)
    table.add_column(words("diff_columns"), ratio=1, overflow="fold")
    for one in changed:
        columns = [f"{name} {rows:,}" for name, rows in list(one.columns.items())[:_SHOWN_COLUMNS]]
        more = " …" if len(one.columns) > _SHOWN_COLUMNS else ""
        counts = (one.rows_before, one.rows_after, one.added, one.removed, one.changed)
        table.add_row(
            one.table, *(f"{value:,}" if value else "" for value in counts), ", ".join(columns) + more
        )
    console.print(table)
    if equal:
        console.print(words("diff_equal", count=equal), highlight=False)


def _show_rows(report: DiffReport, words: Words, console: Console) -> None:
    if not report.rows:
        return
    console.print()
    table = new_table(words("diff_rows"))
    for column in ("diff_kind", "diff_key", "diff_values"):
        table.add_column(words(column), overflow="fold")
    for row in report.rows:
        values = "\n".join(f"{name}: {left} → {right}" for name, (left, right) in row.values.items())
        table.add_row(
            words(f"diff_{row.kind}"),
            Text(", ".join(str(value) for value in row.key.values())),
            Text(values if row.kind == "changed" else ""),
        )
    console.print(table)
