"""A unit's explanation for people: figures, cadres by light, weak topics; or one topic of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ganxun.cli.references import References, new_table
from ganxun.cli.show_records import show_without_credit
from ganxun.explain.published import Row
from ganxun.explain.unit import LIGHTS, Figure, TopicCadre, TopicExplanation, UnitCadre, UnitExplanation
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, day, hours, share

# What is missing for green: hours of theory and party training, off-job hours, or days instead of these.
MISSING = ("missing_theory_hours", "missing_hours", "missing_days")


def show_unit(found: UnitExplanation, console: Console, lang: Lang, limit: int) -> None:
    """Print the explanation; of each light at most `limit` cadres (0: all)."""
    words = Words(lang)
    line = _unit_line(found.unit, words)
    console.print(line.append(f"  {words('as_of', as_of=found.as_of)}", style="dim"))
    console.print()
    if not any(figure.denominator for figure in found.figures):
        console.print(words("no_due"))
        return
    console.print(_figures(found.figures, words))
    console.print()
    scope = words(found.scope)
    console.print(Text(words("unit_cadres", scope=scope), style="bold"))
    for light in LIGHTS:
        _show_light(
            light, [one for one in found.cadres if one.coverage["light"] == light], words, console, limit
        )
    _show_weak_spots(found, words, console)
    console.print(Text(words("unit_next", unit=found.unit["unit_code"]), style="dim"))


def _unit_line(unit: Row, words: Words) -> Text:
    text = Text(f"{unit['unit_name']}（{unit['unit_code']}）", style="bold")
    if not unit["is_active"]:
        text.append(f"  {words.label('unit_state', 'revoked')} → {unit['successor_code'] or '-'}")
    return text


def _figures(figures: Sequence[Figure], words: Words) -> Table:
    table = new_table(words("unit_figures"))
    table.add_column(words("figure"), no_wrap=True)
    for scope in ("direct", "subtree"):
        table.add_column(words(scope), justify="right", no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
    names = dict.fromkeys(figure.name for figure in figures)
    by_place = {(figure.name, str(figure.scope)): figure for figure in figures}
    for name in names:
        cells: list[str | Text] = []
        for scope in ("direct", "subtree"):
            figure = by_place.get((name, scope))
            if figure is None or not figure.denominator:
                cells += ["-", ""]
                continue
            shown = hours(figure.value) if name == "hours_per_head" else share(figure.value)
            cells += [Text(shown, style="bold"), f"{hours(figure.numerator)} / {hours(figure.denominator)}"]
        table.add_row(words(name), *cells)
    return table


def _show_light(light: str, cadres: Sequence[UnitCadre], words: Words, console: Console, limit: int) -> None:
    title = words("unit_light_total", light=words.label("light", light), count=len(cadres))
    if not cadres:
        console.print(Text(title, style=LIGHT_STYLES[light]))
        return
    table = new_table(title)
    table.title_style = LIGHT_STYLES[light]
    table.add_column(words("cadre"), no_wrap=True)
    table.add_column(words("unit"), overflow="fold")
    table.add_column(words("rank_group"), no_wrap=True)
    for name in ("off_job_hours", "days", *(MISSING if light != "green" else ())):
        table.add_column(words(name), justify="right", no_wrap=True)
    table.add_column(words("last_trained"), no_wrap=True)
    shown = cadres[:limit] if limit else cadres
    for one in shown:
        row, missing = one.coverage, one.missing
        lacking = (missing.systematic_hours, missing.hours, missing.days)
        table.add_row(
            row["cadre_key"],
            row["unit_name"],
            words.label("rank_group", row["rank_group"]),
            hours(row["statutory_hours"]),
            str(row["statutory_days"]),
            *(hours(value) if value else "" for value in lacking if light != "green"),
            day(row["last_trained_on"]),
        )
    console.print(table)
    if len(shown) < len(cadres):
        console.print(words("shown_of", shown=len(shown), count=len(cadres)), highlight=False)


def _show_weak_spots(found: UnitExplanation, words: Words, console: Console) -> None:
    heading = words("weak_spots", scope=words("subtree"))
    due = next((one.denominator for one in found.figures if one.scope == "subtree"), 0)
    if due < found.weak_min_due or not found.weak_spots:
        console.print(Text(heading, style="bold"))
        few = words("weak_too_few", minimum=found.weak_min_due)
        console.print(few if due < found.weak_min_due else words("weak_none"), highlight=False)
        return
    table = new_table(heading)
    table.add_column(words("topic"), no_wrap=True)
    for name in ("reach", "reach_rate", "benchmark", "gap"):
        table.add_column(words(name), justify="right", no_wrap=True)
    table.add_column(words("severity"), no_wrap=True)
    table.add_column(words("to_recover"), justify="right", no_wrap=True)
    for one in found.weak_spots:
        spot = one.spot
        table.add_row(
            f"{spot['topic_code']} {spot['topic_name']}",
            f"{spot['reached']} / {spot['due']}",
            share(spot["reach"]),
            share(spot["benchmark"]),
            share(spot["gap"]),
            _severity(spot["severity"], words),
            str(one.to_recover),
        )
    console.print(table)


def _severity(severity: str, words: Words) -> Text:
    style = {"severe": "bold red", "weak": "yellow"}.get(severity, "green")
    return Text(words.label("severity", severity), style=style)


def show_topic(found: TopicExplanation, console: Console, lang: Lang, limit: int) -> None:
    """Print one topic of a unit; of each list at most `limit` cadres (0: all)."""
    words = Words(lang)
    references = References(words)
    console.print(_topic_panel(found, words))
    for name, cadres in (("not_reached", found.not_reached), ("have_reached", found.reached)):
        _show_topic_cadres(words(name, count=len(cadres)), cadres, words, console, limit)
    show_without_credit(
        found.without_credit, words("topic_without"), words, references, console, with_cadre=True
    )
    references.show(console)


def _topic_panel(found: TopicExplanation, words: Words) -> Panel:
    lines = [_unit_line(found.unit, words)]
    spot = found.spot
    if spot is None:
        lines.append(Text(words("topic_not_judged", minimum=found.weak_min_due)))
    else:
        enough = hours(found.reach_min_hours)
        lines.append(
            Text(
                words(
                    "topic_line",
                    due=spot["due"], reached=spot["reached"], reach=share(spot["reach"]),
                    benchmark=share(spot["benchmark"]), gap=share(spot["gap"]), reach_min=enough,
                )
            )
        )  # fmt: skip
        lines.append(
            Text(
                words(
                    "topic_verdict",
                    severity=words.label("severity", spot["severity"]),
                    weak=share(found.weak_gap.number), severe=share(found.severe_gap.number),
                    citation=words.cite(found.weak_gap.origin, found.weak_gap.citation),
                )
            )
        )  # fmt: skip
        if found.to_recover:
            text = words("topic_recover", count=found.to_recover, reach_min=enough)
            lines.append(Text(text, style="bold"))
    title = f"{found.topic['topic_code']} {found.topic['topic_name']}  {found.as_of}"
    return Panel(Group(*lines), title=title, title_align="left")


def _show_topic_cadres(
    heading: str, cadres: Sequence[TopicCadre], words: Words, console: Console, limit: int
) -> None:
    if not cadres:
        console.print(Text(heading, style="bold"))
        console.print()
        return
    table = new_table(heading)
    table.add_column(words("cadre"), no_wrap=True)
    table.add_column(words("unit"))
    table.add_column(words("light"), no_wrap=True)
    table.add_column(words("topic_hours"), justify="right", no_wrap=True)
    table.add_column(words("topic_last"), no_wrap=True)
    shown = cadres[:limit] if limit else cadres
    for one in shown:
        table.add_row(
            one.cadre_key,
            one.unit_name,
            Text(words.label("light", one.light), style=LIGHT_STYLES[one.light]),
            hours(one.hours),
            day(one.last_on),
        )
    console.print(Columns([table]))
    if len(shown) < len(cadres):
        console.print(words("shown_of", shown=len(shown), count=len(cadres)), highlight=False)
