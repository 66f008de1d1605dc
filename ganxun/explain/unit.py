"""Why a unit's figures are what they are: numerators, denominators, cadres by light, weak topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ganxun.explain.cadre import Missing, find_missing
from ganxun.explain.ledger_rows import is_credited, read_ledger_of_topic, sum_hours
from ganxun.explain.published import Published, Row, Rule, UnknownKey
from ganxun.explain.targets import compare_with_rules

Scope = Literal["direct", "subtree"]
LIGHTS = ("red", "yellow", "green")
# What stands behind a share is judged to this: the same as the marts' own tolerance.
_NEARLY = 1e-9

# Cadres who are due, in one scope of the unit.
_DUE = """
select coverage.*
from mart_cadre_coverage as coverage
inner join dim_unit_closure as closure on coverage.unit_code = closure.descendant_code
where closure.ancestor_code = $unit and ($scope = 'subtree' or closure.depth = 0)
"""

_FIGURES = f"""
with

due as ({_DUE}),

today as (select max(as_of) as as_of from mart_cadre_coverage),

results as (
    select count(*) as results, count(*) filter (enrollments.result = 'passed') as passed
    from fct_enrollment as enrollments
    cross join today
    inner join dim_training_class as classes
        on enrollments.class_id = classes.class_id and enrollments.source = classes.source
            and enrollments.evidence_grade = classes.evidence_grade
    where enrollments.cadre_key in (select cadre_key from due)
        and enrollments.result in ('passed', 'failed', 'withdrawn')
        and enrollments.end_date > cast(today.as_of - interval 5 year as date)
        and enrollments.end_date <= today.as_of
        and (enrollments.source = 'academy' or classes.status = 'finished')
),

counted as (
    select
        count(*) as due,
        count(*) filter (credited_hours > 0) as participated,
        count(*) filter (light <> 'red') as not_red,
        count(*) filter (light = 'green') as green,
        count(*) filter (meets_annual) as annual,
        count(*) filter (meets_online) as online,
        round(sum(credited_hours), 1) as hours
    from due
)

select * from counted cross join results
"""

_KNOWN_FIGURES = """
select * from mart_unit_coverage where is_current and unit_code = $unit and scope = $scope
"""


@dataclass(frozen=True)
class Figure:
    """A published figure of the unit with what it is made of; `value` is None for an empty denominator."""

    name: str
    scope: Scope
    numerator: float
    denominator: float
    value: float | None


@dataclass(frozen=True)
class UnitCadre:
    """A due cadre of the unit with what is missing for green."""

    coverage: Row
    missing: Missing


@dataclass(frozen=True)
class WeakSpot:
    """A weak topic of the unit; `to_recover`: how many more must reach it for the weakness to end."""

    spot: Row
    to_recover: int


@dataclass(frozen=True)
class UnitExplanation:
    """A unit's figures with everything behind them. Cadres are keys; no names."""

    as_of: date
    unit: Row
    scope: Scope
    figures: list[Figure]
    cadres: list[UnitCadre]
    weak_spots: list[WeakSpot]
    weak_min_due: int


@dataclass(frozen=True)
class TopicCadre:
    """A due cadre of the unit with the hours of the topic in the window."""

    cadre_key: str
    unit_name: str | None
    light: str
    hours: float
    last_on: date | None


@dataclass(frozen=True)
class TopicExplanation:
    """Who of a unit (with those below) has reached a topic and who has not, and what earned nothing in it.

    `spot` is the row of mart_unit_weak_spot; None: the unit has too few due cadres to be judged.
    """

    as_of: date
    unit: Row
    topic: Row
    spot: Row | None
    to_recover: int
    reach_min_hours: float
    weak_gap: Rule
    severe_gap: Rule
    weak_min_due: int
    reached: list[TopicCadre]
    not_reached: list[TopicCadre]
    without_credit: list[Row]


def find_unit(published: Published, code: str) -> Row:
    """The unit of a code. Raises `UnknownKey`."""
    unit = published.row("select * from dim_unit where unit_code = ?", [code])
    if unit is None:
        raise UnknownKey("no unit with this code: `ganxun sql` on dim_unit lists them")
    return unit


def find_topic(published: Published, text: str) -> Row:
    """A topic by its code or its name. Raises `UnknownKey`, which lists the topics."""
    topics = published.rows("select * from dim_topic where topic_code <> 'U00' order by topic_code")
    found = next((row for row in topics if text in (row["topic_code"], row["topic_name"])), None)
    if found is None:
        known = "、".join(f"{row['topic_code']} {row['topic_name']}" for row in topics)
        raise UnknownKey(f"no topic with this code or name; there are {known}")
    return found


def explain_unit(published: Published, code: str, scope: Scope = "subtree") -> UnitExplanation:
    """Explain a unit: figures in both scopes, cadres in the one asked for. Raises `UnknownKey`."""
    unit = find_unit(published, code)
    rules = published.read_rules()
    order = {light: place for place, light in enumerate(LIGHTS)}
    cadres = [
        UnitCadre(row, find_missing(compare_with_rules(row, rules)))
        for row in published.rows(_DUE, {"unit": code, "scope": scope})
    ]
    cadres.sort(
        key=lambda one: (
            order[one.coverage["light"]],
            -one.missing.systematic_hours,
            -one.missing.hours,
            one.coverage["cadre_key"],
        )
    )
    weak_gap = rules.parameter("weak_gap")
    spots = published.rows(
        "select * from mart_unit_weak_spot where unit_code = ? and severity <> 'none' "
        "order by gap desc, topic_code",
        [code],
    )
    return UnitExplanation(
        as_of=published.find_as_of(),
        unit=unit,
        scope=scope,
        figures=[figure for each in ("direct", "subtree") for figure in _read_figures(published, code, each)],
        cadres=cadres,
        weak_spots=[WeakSpot(spot, count_to_recover(spot, weak_gap.number)) for spot in spots],
        weak_min_due=int(rules.parameter("weak_min_due").number),
    )


def _read_figures(published: Published, code: str, scope: str) -> list[Figure]:
    """The unit's published figures; numerators and denominators are counted from the cadres behind them."""
    known = published.row(_KNOWN_FIGURES, {"unit": code, "scope": scope})
    counted = published.row(_FIGURES, {"unit": code, "scope": scope})
    if known is None or counted is None:
        return []
    parts = {
        "participation_rate": ("participated", "due"),
        "nominal_coverage": ("not_red", "due"),
        "effective_coverage": ("green", "due"),
        "pass_rate": ("passed", "results"),
        "annual_attainment": ("annual", "due"),
        "online_attainment": ("online", "due"),
        "hours_per_head": ("hours", "due"),
    }
    return [
        Figure(
            name,
            "direct" if scope == "direct" else "subtree",
            counted[above] or 0,
            counted[below],
            known[name],
        )
        for name, (above, below) in parts.items()
    ]


def count_to_recover(spot: Row, weak_gap: float) -> int:
    """How many more cadres must reach the topic so that the gap to today's benchmark is no longer weak."""
    reached = int(spot["reached"])
    while spot["benchmark"] - reached / spot["due"] >= weak_gap - _NEARLY:
        reached += 1
    return reached - int(spot["reached"])


def explain_topic(published: Published, code: str, topic_text: str) -> TopicExplanation:
    """Explain one topic of a unit with the units below it. Raises `UnknownKey`."""
    unit, topic = find_unit(published, code), find_topic(published, topic_text)
    rules = published.read_rules()
    weak_gap = rules.parameter("weak_gap")
    spot = published.row(
        "select * from mart_unit_weak_spot where unit_code = ? and topic_code = ?",
        [code, topic["topic_code"]],
    )
    due = published.rows(_DUE, {"unit": code, "scope": "subtree"})
    ledger = read_ledger_of_topic(published, [row["cadre_key"] for row in due], topic["topic_code"])
    window = [row for row in ledger if row["period"] == "window"]
    cadres = _count_topic_hours(due, window)
    enough = rules.parameter("reach_min_hours").number
    return TopicExplanation(
        as_of=published.find_as_of(),
        unit=unit,
        topic=topic,
        spot=spot,
        to_recover=count_to_recover(spot, weak_gap.number) if spot else 0,
        reach_min_hours=enough,
        weak_gap=weak_gap,
        severe_gap=rules.parameter("severe_gap"),
        weak_min_due=int(rules.parameter("weak_min_due").number),
        reached=[one for one in cadres if one.hours >= enough],
        not_reached=[one for one in cadres if one.hours < enough],
        without_credit=[row for row in window if not is_credited(row)],
    )


def _count_topic_hours(due: Sequence[Row], window: Sequence[Row]) -> list[TopicCadre]:
    """Due cadres with their hours of the topic, the fewest first."""
    rows_of: dict[str, list[Row]] = {}
    for row in window:
        if is_credited(row):
            rows_of.setdefault(row["cadre_key"], []).append(row)
    cadres = []
    for row in due:
        rows = rows_of.get(row["cadre_key"], [])
        last = max((one["activity_date"] for one in rows), default=None)
        cadres.append(TopicCadre(row["cadre_key"], row["unit_name"], row["light"], sum_hours(rows), last))
    return sorted(cadres, key=lambda one: (one.hours, one.cadre_key))
