"""What breaks the rules in the identity models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "each_identity_rule_finds_its_cadre": (
        f"{INT}/identity/int_identity_candidate.sql",
        "is_unit_shared and not is_contradicted",
        "is_unit_shared",
    ),
    "conflicting_valid_numbers_never_link_by_name": (
        f"{INT}/identity/int_identity_candidate.sql",
        "or person.valid_number = cadre.valid_number",
        "or true",
    ),
    "first_rule_with_exactly_one_cadre_links": (
        f"{INT}/identity/int_identity_link.sql",
        "where cadres = 1",
        "",
    ),
    "unit_is_named_by_code_or_exact_name_and_a_revoked_one_is_its_successor": (
        f"{INT}/identity/int_identity_person_unit.sql",
        "coalesce(standing.stands_for_code, named.unit_code)",
        "named.unit_code",
    ),
}
