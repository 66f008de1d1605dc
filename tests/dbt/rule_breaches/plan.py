"""What breaks the rules in the ranking and the plan indicators."""

from __future__ import annotations

INT = "models/intermediate"
RANKING = "models/marts/unit/mart_unit_ranking.sql"

BREACHES = {
    "ranking_weighs_four_rates_and_ties_go_by_unit_code": (
        RANKING,
        "order by score desc, unit_code asc",
        "order by score desc, unit_code desc",
    ),
    "a_share_of_the_ranking_is_rounded_down_and_at_least_one": (
        RANKING,
        "greatest(floor(round(",
        "greatest(ceil(round(",
    ),
    "half_year_stands_at_its_last_day_with_the_weights_of_that_day": (
        RANKING,
        "'coverage.as_of', 'effective_weight'",
        "as_of(), 'effective_weight'",
    ),
}
