-- What people have decided about a person of a learning system and a cadre (rules.md, identity). The
-- deployment's own file goes before the seed; of several confirmations of one person the newest holds. A
-- mobile actor is decided as the academy user whose link it inherits. An old date knows no later decision.
with

noted as (

    select 1 as place, source, source_person_id, person_code, decision, decided_by, decided_on
    from {{ ref('stg_ops__identity_decision') }}

    union all

    select 2 as place, source, source_person_id, person_code, decision, decided_by, decided_on
    from {{ ref('identity_decision') }}

),

decided as (

    select
        place,
        case source when 'mobile' then 'academy' else source end as source,
        source_person_id,
        person_code,
        decision,
        decided_by,
        decided_on
    from noted
    where decided_on <= {{ as_of() }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by source, source_person_id, person_code
            order by place asc, decided_on desc, decision asc, decided_by asc
        ) as pair_choice
    from decided

),

chosen as (

    select
        *,
        row_number() over (
            partition by source, source_person_id, decision
            order by place asc, decided_on desc, person_code asc
        ) as person_choice
    from ranked
    where pair_choice = 1

)

select source, source_person_id, person_code, decision, decided_by, decided_on
from chosen
where decision = 'rejected' or person_choice = 1
