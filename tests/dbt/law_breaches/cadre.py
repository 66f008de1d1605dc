"""What breaks the laws in dbt_project/tests/cadre."""

from __future__ import annotations

BREACHES = {
    "cadre/history_spans_do_not_overlap.sql": [
        "insert into marts.dim_cadre_history select * replace (valid_from - 1 as valid_from) "
        "from marts.dim_cadre_history limit 1",
        "update marts.dim_cadre_history set valid_to = valid_from "
        "where rowid = (select min(rowid) from marts.dim_cadre_history)",
    ],
}
