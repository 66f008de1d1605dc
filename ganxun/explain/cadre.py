"""Why a cadre's light is what it is: figures against rules, the rows behind them, what would change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ganxun.explain.ledger_rows import is_credited, read_ledger, read_statutory_classes, sum_hours
from ganxun.explain.published import Published, Row, RuleBook, UnknownKey
from ganxun.explain.targets import Measures, Target, Thresholds, compare_with_rules, decide, thresholds_of

AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Missing:
    """What a due cadre lacks for green; all 0: nothing.

    Systematic hours are always needed, of statutory hours and days either. Hours of a recognised off-job
    class in theory or party topics count for both.
    """

    systematic_hours: float
    hours: float
    days: float


@dataclass(frozen=True)
class Leaving:
    """Credited rows that leave the window on one day, and what is then left if nothing is done."""

    leaves_on: date
    records: int
    titles: list[str]
    credited_hours: float
    statutory_hours: float
    statutory_days: float
    systematic_hours: float
    hours_left: float
    days_left: float
    systematic_left: float
    light: str

    @property
    def bears_on_light(self) -> bool:
        """Whether what leaves counted for the light."""
        return bool(self.statutory_hours or self.statutory_days or self.systematic_hours)


@dataclass(frozen=True)
class CadreExplanation:
    """A cadre's light with everything behind it. Holds no name and no person code.

    `coverage` is the row of mart_cadre_coverage, None for a cadre who is not due: there is no light then.
    `credited` are the ledger rows that earned hours in the window, `without_credit` those of any day that
    earned none, `expired` and `later` the credited ones before and after the window.
    """

    as_of: date
    window_start: date
    cadre: Row
    coverage: Row | None
    decided_by: str | None
    targets: list[Target]
    missing: Missing | None
    statutory_classes: list[Row]
    credited: list[Row]
    without_credit: list[Row]
    expired: list[Row]
    later: list[Row]
    leaving: list[Leaving]
    knowledge: list[Row]
    promotion: Row | None


def find_cadre_key(published: Published, key: str) -> str:
    """The cadre_key of a key; with the restricted file also of a person code. Raises `UnknownKey`."""
    found = published.row("select cadre_key from dim_cadre where cadre_key = ?", [key])
    if found is None and published.restricted:
        found = published.row(
            "select cadre_key from named.restricted.cadre_identity where person_code = ?", [key]
        )
    if found is None:
        hint = "" if published.restricted else " (a person code needs --restricted)"
        raise UnknownKey(f"no cadre with this key{hint}: `ganxun sql` on mart_cadre_coverage lists the keys")
    return str(found["cadre_key"])


def find_name(published: Published, cadre_key: str) -> str | None:
    """The name of a cadre, where the restricted file is open: for the screen, never for a log."""
    if not published.restricted:
        return None
    found = published.row("select name from named.restricted.cadre_identity where cadre_key = ?", [cadre_key])
    return str(found["name"]) if found else None


def explain_cadre(published: Published, key: str) -> CadreExplanation:
    """Explain the light of one cadre. Raises `UnknownKey`."""
    cadre_key = find_cadre_key(published, key)
    as_of = published.find_as_of()
    cadre = published.row(
        "select cadres.*, units.unit_name from dim_cadre as cadres left join dim_unit as units "
        "on cadres.unit_code = units.unit_code where cadres.cadre_key = ?",
        [cadre_key],
    )
    coverage = published.row("select * from mart_cadre_coverage where cadre_key = ?", [cadre_key])
    ledger = read_ledger(published, cadre_key)
    window = published.row("select cast(?::date - interval 5 year as date) + 1 as day", [as_of])
    if cadre is None or window is None:
        raise UnknownKey("no cadre with this key")
    credited = [row for row in ledger if is_credited(row) and row["period"] == "window"]
    classes = [
        row
        for row in read_statutory_classes(published, cadre_key)
        if window["day"] <= row["end_date"] <= as_of
    ]
    rules = published.read_rules()
    targets = compare_with_rules(coverage, rules) if coverage else []
    leaving = []
    if coverage:
        leaving = find_leaving(
            coverage, credited, classes, thresholds_of(coverage["rank_group"], rules), as_of
        )
    return CadreExplanation(
        as_of=as_of,
        window_start=window["day"],
        cadre=cadre,
        coverage=coverage,
        decided_by=decide(coverage["light"], targets) if coverage else None,
        targets=targets,
        missing=find_missing(targets) if coverage else None,
        statutory_classes=classes,
        credited=credited,
        without_credit=[row for row in ledger if not is_credited(row)],
        expired=[row for row in ledger if is_credited(row) and row["period"] == "expired"],
        later=[row for row in ledger if is_credited(row) and row["period"] == "later"],
        leaving=leaving,
        knowledge=published.rows(
            "select * from mart_cadre_knowledge where cadre_key = ? order by reserve desc, topic_code",
            [cadre_key],
        ),
        promotion=_find_promotion(coverage, cadre, rules),
    )


def find_missing(targets: Sequence[Target]) -> Missing:
    """What is missing for green. Hours and days are both 0 when either five-year target is met."""
    by_name = {target.name: target for target in targets}
    five_year = [by_name[name] for name in ("five_year_hours", "five_year_days") if name in by_name]
    met = any(target.is_met for target in five_year)
    missing = {target.name: 0.0 if met else target.missing for target in five_year}
    return Missing(
        by_name["systematic_hours"].missing,
        missing.get("five_year_hours", 0.0),
        missing.get("five_year_days", 0.0),
    )


def find_leaving(
    coverage: Row, credited: Sequence[Row], classes: Sequence[Row], thresholds: Thresholds, as_of: date
) -> list[Leaving]:
    """What leaves the window within a year, day by day, with the light that it leaves behind.

    By today's rules and rank, and as if nothing were added: what happens if nothing is done.
    """
    by_day: dict[date, list[Row]] = defaultdict(list)
    for row in credited:
        if row["leaves_on"] <= as_of + AHEAD:
            by_day[row["leaves_on"]].append(row)
    days_of = {row["enrollment_id"]: row["class_days"] for row in classes}
    hours, days = coverage["statutory_hours"], coverage["statutory_days"]
    systematic = coverage["systematic_hours"]
    leaving = []
    for day in sorted(by_day):
        rows = by_day[day]
        lost_hours = sum_hours(row for row in rows if row["is_statutory"])
        lost_systematic = sum_hours(row for row in rows if row["is_systematic"])
        enrollments = {row["enrollment_id"] for row in rows if row["is_statutory"]}
        lost_days = sum(days_of.get(enrollment, 0) for enrollment in enrollments)
        hours, days = round(hours - lost_hours, 1), days - lost_days
        systematic = round(systematic - lost_systematic, 1)
        titles = dict.fromkeys(row["class_name"] or row["course_title"] or "" for row in rows)
        leaving.append(
            Leaving(
                leaves_on=day,
                records=len(rows),
                titles=[title for title in titles if title],
                credited_hours=sum_hours(rows),
                statutory_hours=lost_hours,
                statutory_days=lost_days,
                systematic_hours=lost_systematic,
                hours_left=hours,
                days_left=days,
                systematic_left=systematic,
                light=thresholds.judge(Measures(systematic, hours, days)),
            )
        )
    return leaving


def _find_promotion(coverage: Row | None, cadre: Row, rules: RuleBook) -> Row | None:
    """The clock of somebody promoted whose target is unmet; None: no clock runs."""
    if coverage is None or coverage["promotion_deadline"] is None:
        return None
    rule = rules.parameter("promotion_grace_years")
    return {
        "rank_date": cadre["rank_date"],
        "deadline": coverage["promotion_deadline"],
        "days_left": (coverage["promotion_deadline"] - coverage["as_of"]).days,
        "rule": rule,
    }
