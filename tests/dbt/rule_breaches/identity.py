"""What breaks the rules in the identity models."""

from __future__ import annotations

IDENTITY = "models/intermediate/identity"

BREACHES = {
    "a_parameter_of_rule_six_holds_from_its_date_on": (
        "models/intermediate/identity/int_identity_policy.sql",
        "in_force_on('parameter', as_of())",
        "in_force_on('parameter', as_of() ~ ' - 1')",
    ),
    "each_identity_rule_finds_its_cadre": (
        f"{IDENTITY}/int_identity_candidate.sql",
        "is_unit_shared and not is_contradicted",
        "is_unit_shared",
    ),
    "conflicting_valid_numbers_never_link_by_name": (
        f"{IDENTITY}/int_identity_candidate.sql",
        "or person.valid_number = cadre.valid_number",
        "or true",
    ),
    "a_rejected_pair_is_no_candidate_and_the_next_rule_or_cadre_applies": (
        f"{IDENTITY}/int_identity_candidate.sql",
        "where decision.person_code is null",
        "",
    ),
    "a_blank_or_a_placeholder_ties_nobody": (
        f"{IDENTITY}/int_identity_candidate.sql",
        "inner join cadre on person.person_name = cadre.person_name",
        "inner join cadre on coalesce(person.person_name, '') = coalesce(cadre.person_name, '')",
    ),
    "the_deployments_newest_decision_holds_up_to_the_business_date": (
        f"{IDENTITY}/int_identity_decision.sql",
        "where decided_on <= {{ as_of() }}",
        "",
    ),
    "first_rule_with_exactly_one_cadre_links": (
        f"{IDENTITY}/int_identity_rule_link.sql",
        "where cadres = 1",
        "",
    ),
    "a_confirmed_cadre_goes_before_every_rule": (
        f"{IDENTITY}/int_identity_rule_link.sql",
        "when confirmed.person_code is null then first_rule.person_code else cadre.person_code",
        "when first_rule.person_code is null then cadre.person_code else first_rule.person_code",
    ),
    "a_workbooks_free_text_names_the_longest_unit_it_begins_with": (
        f"{IDENTITY}/int_identity_person_hint.sql",
        "where named.name_length = named.longest_length",
        "",
    ),
    "rule_six_links_only_who_is_sure_alone_and_supported": (
        f"{IDENTITY}/int_identity_probable.sql",
        "        and is_supported\n",
        "",
    ),
    "rules_go_before_rule_six_and_actors_inherit": (
        f"{IDENTITY}/int_identity_link.sql",
        "            and rule_link.is_open\n",
        "",
    ),
    "whatever_a_person_should_decide_is_on_the_review_list": (
        f"{IDENTITY}/int_identity_review.sql",
        "when one.person_name = other.person_name then 'two_codes'",
        "when true then 'two_codes'",
    ),
    "unit_is_named_by_code_or_exact_name_and_a_revoked_one_is_its_successor": (
        f"{IDENTITY}/int_identity_person_unit.sql",
        "coalesce(standing.stands_for_code, named.unit_code)",
        "named.unit_code",
    ),
    "a_changed_link_ends_one_span_and_begins_another": (
        "models/marts/restricted/identity_history.sql",
        "or tonight.rule <> before.rule",
        "",
    ),
    "a_replayed_night_changes_nothing": (
        "models/marts/restricted/identity_history.sql",
        "where valid_from < {{ as_of() }}",
        "",
    ),
}
