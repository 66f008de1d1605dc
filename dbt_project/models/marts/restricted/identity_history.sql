-- Which cadre each person of a learning system was tied to, from when to when. Spans before the business
-- date come from the version published before; tonight's links continue, end or begin one. A change is
-- another cadre or another rule. A replay of a night drops what that night had begun and opens what it had
-- ended: it gives the same rows.
with

before as (

    select
        source,
        source_person_id,
        person_code,
        rule,
        score,
        decided_by,
        valid_from,
        case when valid_to < {{ as_of() }} then valid_to end as valid_to
    from {{ ref('stg_ops__identity_history') }}
    where valid_from < {{ as_of() }}

),

tonight as (

    select *
    from {{ ref('int_identity_link') }}
    where person_code is not null

),

kept as (

    select
        before.source,
        before.source_person_id,
        before.person_code,
        before.rule,
        before.score,
        before.decided_by,
        before.valid_from,
        case
            when before.valid_to is not null then before.valid_to
            when
                tonight.person_code is null
                or tonight.person_code <> before.person_code
                or tonight.rule <> before.rule
                then {{ as_of() }}
        end as valid_to
    from before
    left join tonight
        on before.source = tonight.source and before.source_person_id = tonight.source_person_id

),

begun as (

    select
        tonight.source,
        tonight.source_person_id,
        tonight.person_code,
        tonight.rule,
        tonight.score,
        tonight.decided_by,
        {{ as_of() }} as valid_from,
        cast(null as date) as valid_to
    from tonight
    left join kept
        on
            tonight.source = kept.source
            and tonight.source_person_id = kept.source_person_id
            and kept.valid_to is null
    where kept.source_person_id is null

)

select * from kept

union all

select * from begun
