"""What breaks the rules in the boards of leadership and units."""

from __future__ import annotations

BOARD = "models/marts/board"

BREACHES = {
    "progress_is_the_share_of_the_plans_target": (
        f"{BOARD}/mart_unit_plan_board.sql",
        "indicators.value * periods.plan_share",
        "indicators.value",
    ),
    "warnings_fall_into_months_and_a_cadre_counts_once": (
        f"{BOARD}/mart_unit_alert_board.sql",
        "when alerts.due_on < {{ month_start }} then 'before'",
        "when alerts.due_on < {{ as_of() }} then 'before'",
    ),
    "a_unit_without_units_below_stands_with_its_own_place": (
        f"{BOARD}/mart_unit_rank_board.sql",
        "where parents.unit_code is null",
        "where parents.unit_code is not null",
    ),
    "a_unit_is_no_sister_of_its_own": (
        f"{BOARD}/mart_unit_sister_board.sql",
        "and own.unit_code <> sisters.unit_code",
        "",
    ),
    "figures_about_too_few_sisters_stay_hidden": (
        f"{BOARD}/mart_unit_sister_board.sql",
        "case when compared.sisters_due >= {{ policy('small_cell_min') }} then compared.sisters_mean end",
        "compared.sisters_mean",
    ),
    "a_unit_too_small_to_analyse_says_so": (
        f"{BOARD}/mart_unit_topic_board.sql",
        "and analysed.unit_code is null",
        "and analysed.unit_code is not null",
    ),
}
