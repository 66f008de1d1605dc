"""A unit's explanation for people: figures, cadres by light, weak topics; or one topic of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ganxun.cli.references import References
from ganxun.cli.show_records import show_without_credit
from ganxun.cli.tables import Cell, Column, show_panel, show_table, show_text
from ganxun.explain.published import Row
from ganxun.explain.unit import LIGHTS, Figure, TopicCadre, TopicExplanation, UnitCadre, UnitExplanation
from ganxun.explain.wording import LIGHT_STYLES, Lang, Words, day, hours, share

# What is missing for green: hours of theory and party training, off-job hours, or days instead of these.
MISSING = ("missing_theory_hours", "missing_hours", "missing_days")


def show_unit(found: UnitExplanation, console: Console, lang: Lang, limit: int) -> None:
    """Print the explanation; of each light at most `limit` cadres (0: all)."""
    words = Words(lang)
    line = _unit_line(found.unit, words)
    show_text(console, line.append(f"  {words('as_of', as_of=found.as_of)}", style="dim"))
    console.print()
    if not any(figure.denominator for figure in found.figures):
        show_text(console, words("no_due"))
        return
    _show_figures(found.figures, words, console)
    console.print()
    scope = words(found.scope)
    show_text(console, words("unit_cadres", scope=scope), "bold")
    for light in LIGHTS:
        _show_light(
            light, [one for one in found.cadres if one.coverage["light"] == light], words, console, limit
        )
    _show_weak_spots(found, words, console)
    show_text(console, words("unit_next", unit=found.unit["unit_code"]), "dim")


def _unit_line(unit: Row, words: Words) -> Text:
    text = Text(f"{unit['unit_name']}（{unit['unit_code']}）", style="bold")
    if not unit["is_active"]:
        text.append(f"  {words.label('unit_state', 'revoked')} → {unit['successor_code'] or '-'}")
    return text


def _show_figures(figures: Sequence[Figure], words: Words, console: Console) -> None:
    columns = [Column(words("figure"))]
    for scope in ("direct", "subtree"):
        columns += [Column(words(scope), is_number=True), Column("", is_number=True)]
    rows = []
    names = dict.fromkeys(figure.name for figure in figures)
    by_place = {(figure.name, str(figure.scope)): figure for figure in figures}
    for name in names:
        cells: list[Cell] = []
        for scope in ("direct", "subtree"):
            figure = by_place.get((name, scope))
            if figure is None or not figure.denominator:
                cells += ["-", ""]
                continue
            shown = hours(figure.value) if name == "hours_per_head" else share(figure.value)
            cells += [Text(shown, style="bold"), f"{hours(figure.numerator)} / {hours(figure.denominator)}"]
        rows.append((words(name), *cells))
    show_table(console, columns, rows, words("unit_figures"))


def _show_light(light: str, cadres: Sequence[UnitCadre], words: Words, console: Console, limit: int) -> None:
    title = words("unit_light_total", light=words.label("light", light), count=len(cadres))
    if not cadres:
        show_text(console, title, LIGHT_STYLES[light])
        return
    columns = [
        Column(words("cadre")),
        Column(words("unit"), is_prose=True),
        Column(words("rank_group"), is_aside=True),
        *(
            Column(words(name), is_number=True)
            for name in ("off_job_hours", "days", *(MISSING if light != "green" else ()))
        ),
        Column(words("last_trained"), is_aside=True),
    ]
    shown = cadres[:limit] if limit else cadres
    rows = []
    for one in shown:
        row, missing = one.coverage, one.missing
        lacking = (missing.systematic_hours, missing.hours, missing.days)
        rows.append(
            (
                row["cadre_key"],
                row["unit_name"] or "",
                words.label("rank_group", row["rank_group"]),
                hours(row["statutory_hours"]),
                str(row["statutory_days"]),
                *(hours(value) if value else "" for value in lacking if light != "green"),
                day(row["last_trained_on"]),
            )
        )
    show_table(console, columns, rows, Text(title, style=LIGHT_STYLES[light]))
    if len(shown) < len(cadres):
        show_text(console, words("shown_of", shown=len(shown), count=len(cadres)))


def _show_weak_spots(found: UnitExplanation, words: Words, console: Console) -> None:
    heading = words("weak_spots", scope=words("subtree"))
    due = next((one.denominator for one in found.figures if one.scope == "subtree"), 0)
    if due < found.weak_min_due or not found.weak_spots:
        show_text(console, heading, "bold")
        few = words("weak_too_few", minimum=found.weak_min_due)
        show_text(console, few if due < found.weak_min_due else words("weak_none"))
        return
    columns = [
        Column(words("topic")),
        *(Column(words(name), is_number=True) for name in ("reach", "reach_rate", "benchmark", "gap")),
        Column(words("severity")),
        Column(words("to_recover"), is_number=True),
    ]
    rows: list[Sequence[Cell]] = [
        (
            f"{one.spot['topic_code']} {one.spot['topic_name']}",
            f"{one.spot['reached']} / {one.spot['due']}",
            *(share(one.spot[name]) for name in ("reach", "benchmark", "gap")),
            _severity(one.spot["severity"], words),
            str(one.to_recover),
        )
        for one in found.weak_spots
    ]
    show_table(console, columns, rows, heading)


def _severity(severity: str, words: Words) -> Text:
    style = {"severe": "bold red", "weak": "yellow"}.get(severity, "green")
    return Text(words.label("severity", severity), style=style)


def show_topic(found: TopicExplanation, console: Console, lang: Lang, limit: int) -> None:
    """Print one topic of a unit; of each list at most `limit` cadres (0: all)."""
    words = Words(lang)
    references = References(words)
    _show_topic_panel(found, words, console)
    for name, cadres in (("not_reached", found.not_reached), ("have_reached", found.reached)):
        _show_topic_cadres(words(name, count=len(cadres)), cadres, words, console, limit)
    show_without_credit(
        found.without_credit, words("topic_without"), words, references, console, with_cadre=True
    )
    references.show(console)


def _show_topic_panel(found: TopicExplanation, words: Words, console: Console) -> None:
    lines: list[Cell] = [_unit_line(found.unit, words)]
    spot = found.spot
    if spot is None:
        lines.append(words("topic_not_judged", minimum=found.weak_min_due))
    else:
        enough = hours(found.reach_min_hours)
        lines.append(
            words(
                "topic_line",
                due=spot["due"], reached=spot["reached"], reach=share(spot["reach"]),
                benchmark=share(spot["benchmark"]), gap=share(spot["gap"]), reach_min=enough,
            )
        )  # fmt: skip
        lines.append(
            words(
                "topic_verdict",
                severity=words.label("severity", spot["severity"]),
                weak=share(found.weak_gap.number), severe=share(found.severe_gap.number),
                citation=words.cite(found.weak_gap.origin, found.weak_gap.citation),
            )
        )  # fmt: skip
        if found.to_recover:
            text = words("topic_recover", count=found.to_recover, reach_min=enough)
            lines.append(Text(text, style="bold"))
    title = f"{found.topic['topic_code']} {found.topic['topic_name']}  {found.as_of}"
    show_panel(console, title, lines)


def _show_topic_cadres(
    heading: str, cadres: Sequence[TopicCadre], words: Words, console: Console, limit: int
) -> None:
    if not cadres:
        show_text(console, heading, "bold")
        console.print()
        return
    columns = [
        Column(words("cadre")),
        Column(words("unit"), is_prose=True),
        Column(words("light")),
        Column(words("topic_hours"), is_number=True),
        Column(words("topic_last")),
    ]
    shown = cadres[:limit] if limit else cadres
    rows = [
        (
            one.cadre_key,
            one.unit_name or "",
            Text(words.label("light", one.light), style=LIGHT_STYLES[one.light]),
            hours(one.hours),
            day(one.last_on),
        )
        for one in shown
    ]
    show_table(console, columns, rows, heading)
    if len(shown) < len(cadres):
        show_text(console, words("shown_of", shown=len(shown), count=len(cadres)))
