-- What a person should look at to make identity right: unsure and ambiguous links, links that something
-- speaks against, two codes of one cadre, a number that two share, decisions that no longer apply. Decided
-- pairs are gone from the list.
with

decision as (

    select * from {{ ref('int_identity_decision') }}

),

cadre as (

    select * from {{ ref('int_identity_cadre') }}

),

rule_link as (

    select * from {{ ref('int_identity_rule_link') }}

),

-- Rule 6 would, but is not sure enough.
probable as (

    select
        'probable' as kind,
        verdict as reason,
        source,
        source_person_id,
        person_code,
        cast(null as varchar) as other_person_code,
        score,
        name_level,
        birth_level,
        sex_level,
        unit_level,
        number_level
    from {{ ref('int_identity_probable') }}
    where verdict <> 'link'

),

-- A rule gives more than one cadre, none gives exactly one, and rule 6 does not decide between them.
ambiguous as (

    select
        candidate.source,
        candidate.source_person_id,
        candidate.person_code,
        min(candidate.rule_order) as rule_order
    from {{ ref('int_identity_candidate') }} as candidate
    inner join rule_link
        on candidate.source = rule_link.source and candidate.source_person_id = rule_link.source_person_id
    left join {{ ref('int_identity_probable') }} as told
        on
            candidate.source = told.source
            and candidate.source_person_id = told.source_person_id
            and (told.verdict = 'link' or candidate.person_code = told.person_code)
    where rule_link.is_open and told.person_code is null
    group by candidate.source, candidate.source_person_id, candidate.person_code

),

-- Tied by a number or a staff number, and something else says that it is somebody else's.
contradicted as (

    select
        rule_link.source,
        rule_link.source_person_id,
        rule_link.person_code,
        case
            when person.valid_number <> cadre.valid_number then 'other_number'
            when
                substr(person.person_name, 1, 1) <> substr(cadre.person_name, 1, 1)
                and substr(person.person_name, -1) <> substr(cadre.person_name, -1)
                then 'other_name'
            when rule_link.rule = 'staff_no' and person.birth_month <> cadre.birth_month then 'other_birth'
        end as reason
    from rule_link
    inner join {{ ref('int_identity_person') }} as person
        on rule_link.source = person.source and rule_link.source_person_id = person.source_person_id
    inner join cadre on rule_link.person_code = cadre.person_code
    where rule_link.rule in ('id_number', 'staff_no')

),

-- One valid number under two codes: one person entered twice, or a number that two people share.
same_number as (

    select
        case when one.person_name = other.person_name then 'two_codes' else 'shared_number' end as kind,
        one.person_code,
        other.person_code as other_person_code
    from cadre as one
    inner join cadre as other
        on one.valid_number = other.valid_number and one.person_code < other.person_code

),

-- Confirmed as a cadre who is not in the books, or a person whom the source no longer has.
stale as (

    select
        decision.source,
        decision.source_person_id,
        decision.person_code,
        case when rule_link.source_person_id is null then 'person_gone' else 'cadre_gone' end as reason
    from decision
    left join rule_link
        on decision.source = rule_link.source and decision.source_person_id = rule_link.source_person_id
    left join cadre on decision.person_code = cadre.person_code
    where
        decision.decision = 'confirmed'
        and (rule_link.source_person_id is null or cadre.person_code is null)

),

found as (

    select * from probable

    union all

    select
        'ambiguous' as kind,
        case rule_order
            when 1 then 'id_number'
            when 2 then 'staff_no'
            when 3 then 'name_birth_unit'
            when 4 then 'masked_id'
            when 5 then 'name_unit'
        end as reason,
        source,
        source_person_id,
        person_code,
        null as other_person_code,
        null as score,
        null as name_level,
        null as birth_level,
        null as sex_level,
        null as unit_level,
        null as number_level
    from ambiguous

    union all

    select
        'contradicted' as kind,
        contradicted.reason,
        contradicted.source,
        contradicted.source_person_id,
        contradicted.person_code,
        null as other_person_code,
        1.0 as score,
        null as name_level,
        null as birth_level,
        null as sex_level,
        null as unit_level,
        null as number_level
    from contradicted
    where contradicted.reason is not null

    union all

    select
        kind,
        'id_number' as reason,
        'cadre' as source,
        null as source_person_id,
        person_code,
        other_person_code,
        null as score,
        null as name_level,
        null as birth_level,
        null as sex_level,
        null as unit_level,
        null as number_level
    from same_number

    union all

    select
        'stale_decision' as kind,
        reason,
        source,
        source_person_id,
        person_code,
        null as other_person_code,
        null as score,
        null as name_level,
        null as birth_level,
        null as sex_level,
        null as unit_level,
        null as number_level
    from stale

)

select
    kind,
    reason,
    source,
    source_person_id,
    person_code,
    other_person_code,
    score,
    name_level,
    birth_level,
    sex_level,
    unit_level,
    number_level
from found
