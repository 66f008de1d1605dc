"""What breaks the laws in dbt_project/tests/cadre."""

from __future__ import annotations

BREACHES = {
    "cadre/history_spans_do_not_overlap.sql": [
        "insert into marts.dim_cadre_history select * replace (valid_from - 1 as valid_from) "
        "from marts.dim_cadre_history limit 1",
        "update marts.dim_cadre_history set valid_to = valid_from "
        "where rowid = (select min(rowid) from marts.dim_cadre_history)",
    ],
    "cadre/due_cadres_serve_today.sql": [
        "delete from marts.dim_cadre_history where cadre_key = "
        "(select min(cadre_key) from marts.dim_cadre where is_due)",
        "insert into marts.dim_cadre_history select * from marts.dim_cadre_history "
        "where valid_to is null limit 1",
        "update marts.dim_cadre_history set valid_to = date '2026-06-30' where cadre_key = "
        "(select min(cadre_key) from marts.dim_cadre where is_due) and valid_to is null",
    ],
    "cadre/history_ends_in_todays_rank.sql": [
        "update marts.dim_cadre set rank_group = 'county_plus' where rank_group = 'section_below'",
        "update marts.dim_cadre_history set rank_code = '1A01' where valid_to is null",
    ],
    "cadre/expected_hours_within_the_targets.sql": [
        "update marts.mart_cadre_coverage set expected_hours = expected_hours + 101 "
        "where rank_group = 'county_plus' and expected_hours > 500",
        "update marts.mart_cadre_coverage set expected_hours = -0.1 "
        "where rowid = (select min(rowid) from marts.mart_cadre_coverage)",
    ],
    "cadre/promotion_clock_is_plain.sql": [
        "update marts.mart_cadre_coverage set promotion_deadline = as_of - 1 where in_promotion_grace",
        "update marts.mart_cadre_coverage set promotion_overdue = false where promotion_overdue",
        "update marts.mart_cadre_coverage set meets_five_year = true where in_promotion_grace",
        "update marts.mart_cadre_coverage set promotion_deadline = as_of where "
        "not in_promotion_grace and not promotion_overdue",
    ],
}
