-- Tests: whoever is confirmed as a cadre is tied to that cadre or to nobody, and no rejected pair is tied.
-- Matters: when a rule goes before a person's decision, a mistake that was found once comes back every night.
-- Resolve: compare int_identity_decision with int_identity_rule_link and int_identity_probable for the pair.
select
    decision.source,
    decision.source_person_id,
    decision.decision
from {{ ref('int_identity_decision') }} as decision
inner join {{ ref('int_identity_link') }} as link
    on decision.source = link.source and decision.source_person_id = link.source_person_id
where
    (decision.decision = 'confirmed' and link.person_code <> decision.person_code)
    or (decision.decision = 'rejected' and link.person_code = decision.person_code)
