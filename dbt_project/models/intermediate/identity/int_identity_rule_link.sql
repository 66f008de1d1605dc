-- How a decision, else the first of rules 1 to 5 that gives exactly one cadre ties each person (rules.md,
-- identity). A person confirmed as a cadre who is not in the books is not tied, and no rule ties them to
-- another.
with

counted as (

    select
        rule_order,
        rule,
        source,
        source_person_id,
        min(person_code) as person_code,
        count(distinct person_code) as cadres
    from {{ ref('int_identity_candidate') }}
    group by rule_order, rule, source, source_person_id

),

first_rule as (

    select
        *,
        row_number() over (partition by source, source_person_id order by rule_order) as choice
    from counted
    where cadres = 1

),

confirmed as (

    select source, source_person_id, person_code, decided_by
    from {{ ref('int_identity_decision') }}
    where decision = 'confirmed'

)

select
    person.source,
    person.source_person_id,
    case
        when confirmed.person_code is null then first_rule.person_code else cadre.person_code
    end as person_code,
    case
        when confirmed.person_code is null then first_rule.rule
        when cadre.person_code is not null then 'decision'
    end as rule,
    case
        when cadre.person_code is not null then confirmed.decided_by
        when confirmed.person_code is null and first_rule.person_code is not null then 'rule'
    end as decided_by,
    confirmed.person_code is null and first_rule.person_code is null as is_open
from {{ ref('int_identity_person') }} as person
left join first_rule
    on
        person.source = first_rule.source
        and person.source_person_id = first_rule.source_person_id
        and first_rule.choice = 1
left join confirmed
    on person.source = confirmed.source and person.source_person_id = confirmed.source_person_id
left join {{ ref('int_identity_cadre') }} as cadre on confirmed.person_code = cadre.person_code
