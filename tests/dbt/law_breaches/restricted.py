"""What breaks the laws in dbt_project/tests/restricted."""

from __future__ import annotations

BREACHES = {
    "restricted/radar_shows_every_topic.sql": [
        "update restricted.cadre_profile_reserve set reserve_t01 = reserve_p01, reserve_p01 = reserve_t01",
        "update restricted.cadre_profile_reserve set reserve_k06 = null where series = 'self'",
        "delete from restricted.cadre_profile_reserve where series = 'rank_group_mean'",
        "insert into rules.topic_target by name "
        "select * replace ('X01' as topic_code) from rules.topic_target limit 1",
        "update restricted.cadre_profile_reserve set reserve_d01 = reserve_d01 + 0.2 where series <> 'self'",
    ],
    "restricted/findings_lose_nothing.sql": [
        "delete from restricted.call_up_finding_list where rowid = 0",
        "update restricted.call_up_finding_list set finding = null where kind = 'same_theme_repeat'",
        "update restricted.call_up_finding_list set days = days + 1 where kind = 'unit_overdraw'",
    ],
}
