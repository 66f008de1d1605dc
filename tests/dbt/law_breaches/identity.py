"""What breaks the laws in dbt_project/tests/identity."""

from __future__ import annotations

_ANY_LINK = "(select min(rowid) from intermediate.int_identity_link where rule = 'id_number')"

BREACHES = {
    "identity/links_by_name_agree_with_numbers.sql": [
        "update intermediate.int_identity_link set rule = 'name_unit', person_code = "
        "(select max(person_code) from intermediate.int_identity_cadre where valid_number is not null) "
        f"where rowid = {_ANY_LINK}",
    ],
    "identity/decisions_hold.sql": [
        "insert into intermediate.int_identity_decision (source, source_person_id, person_code, decision) "
        "select source, source_person_id, person_code, 'rejected' "
        f"from intermediate.int_identity_link where rowid = {_ANY_LINK}",
        "insert into intermediate.int_identity_decision (source, source_person_id, person_code, decision) "
        "select source, source_person_id, person_code || 'x', 'confirmed' "
        f"from intermediate.int_identity_link where rowid = {_ANY_LINK}",
    ],
    "identity/history_is_one_line_of_spans.sql": [
        "delete from restricted.identity_history where rowid = 0",
        "update restricted.identity_history set valid_to = valid_from + 1 where rowid = 0",
        "update restricted.identity_history set person_code = person_code || 'x' where rowid = 0",
        "insert into restricted.identity_history select source, source_person_id, person_code, rule, score, "
        "decided_by, valid_from - 9 as valid_from, valid_from + 1 as valid_to "
        "from restricted.identity_history where rowid = 0",
    ],
}
