-- How each person of the learning systems is tied to a cadre: the first rule that gives exactly one
-- (rules.md, identity). person_code null: not tied. Mobile actors inherit the link of their academy user.
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

actors as (

    select distinct user_id from {{ ref('stg_mobile__statements') }}

),

people as (

    select person.source, person.source_person_id, first_rule.person_code, first_rule.rule
    from {{ ref('int_identity_person') }} as person
    left join first_rule
        on
            person.source = first_rule.source
            and person.source_person_id = first_rule.source_person_id
            and first_rule.choice = 1

),

linked as (

    select source, source_person_id, person_code, rule from people

    union all

    select 'mobile' as source, actors.user_id as source_person_id, people.person_code, people.rule
    from actors
    left join people on people.source = 'academy' and actors.user_id = people.source_person_id

)

select
    linked.source,
    linked.source_person_id,
    linked.person_code,
    keys.cadre_key,
    linked.rule,
    case when linked.rule is not null then 1.0 end as score,
    case when linked.rule is not null then 'rule' end as decided_by
from linked
left join {{ ref('int_cadre_key') }} as keys on linked.person_code = keys.person_code
