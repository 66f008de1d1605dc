-- How each person of the learning systems is tied to a cadre: by a decision, by the first of rules 1 to 5
-- that gives exactly one, or by rule 6 (rules.md, identity). person_code null: not tied. Mobile actors
-- inherit the link of their academy user.
with

people as (

    select
        rule_link.source,
        rule_link.source_person_id,
        coalesce(rule_link.person_code, probable.person_code) as person_code,
        case when probable.person_code is null then rule_link.rule else 'probabilistic' end as rule,
        case
            when probable.person_code is not null then probable.score
            when rule_link.rule is not null then 1.0
        end as score,
        case
            when probable.person_code is null then rule_link.decided_by else 'probabilistic'
        end as decided_by
    from {{ ref('int_identity_rule_link') }} as rule_link
    left join {{ ref('int_identity_probable') }} as probable
        on
            rule_link.source = probable.source
            and rule_link.source_person_id = probable.source_person_id
            and probable.verdict = 'link'
            and rule_link.is_open

),

actors as (

    select distinct user_id from {{ ref('stg_mobile__statements') }}

),

linked as (

    select source, source_person_id, person_code, rule, score, decided_by from people

    union all

    select
        'mobile' as source,
        actors.user_id as source_person_id,
        people.person_code,
        people.rule,
        people.score,
        people.decided_by
    from actors
    left join people on people.source = 'academy' and actors.user_id = people.source_person_id

)

select
    linked.source,
    linked.source_person_id,
    linked.person_code,
    keys.cadre_key,
    linked.rule,
    linked.score,
    linked.decided_by
from linked
left join {{ ref('int_cadre_key') }} as keys on linked.person_code = keys.person_code
