-- Online learning of the running year for a chosen unit in all, its own cadres and each unit directly below,
-- so that a dashboard never adds anything up. Due cadres only, by today's unit.
with

records as (

    select
        cadre_key,
        count(*) as records,
        count(case when credit_status <> 'not_completed' then 1 end) as completed
    from {{ ref('fct_training') }}
    where
        mode in ('online_class', 'online_elective', 'mobile')
        and {{ year_of('activity_date') }} = {{ year_of(as_of()) }}
    group by cadre_key

),

flags as (

    select cadre_key, count(*) as flags
    from {{ ref('mart_online_flag') }}
    where {{ year_of('on_date') }} = {{ year_of(as_of()) }}
    group by cadre_key

),

sums as (

    select
        members.unit_code,
        members.scope,
        count(*) as due,
        count(records.cadre_key) as learners,
        count(case when coverage.meets_online then 1 end) as met_online,
        -- exact to a tenth: the order of adding must not show
        round(sum(coverage.online_hours_year), 1) as online_hours,
        sum(coalesce(records.records, 0)) as records,
        sum(coalesce(records.completed, 0)) as completed,
        sum(coalesce(flags.flags, 0)) as flags,
        count(flags.cadre_key) as flagged_cadres
    from {{ ref('mart_cadre_coverage') }} as coverage
    inner join {{ ref('int_unit_member') }} as members on coverage.unit_code = members.member_code
    left join records on coverage.cadre_key = records.cadre_key
    left join flags on coverage.cadre_key = flags.cadre_key
    group by members.unit_code, members.scope

),

parts as (

    select
        *,
        case member_kind when 'own' then 'direct' else 'subtree' end as scope
    from {{ ref('mart_unit_board') }}
    where rank_group = 'all'

)

select
    parts.as_of,
    parts.unit_code,
    parts.unit_label,
    parts.unit_order,
    parts.member_kind,
    parts.member_code,
    parts.member_label,
    parts.member_label_en,
    parts.member_order,
    sums.due,
    sums.learners,
    {{ rate('sums.learners', 'sums.due') }} as learner_share,
    sums.online_hours,
    {{ rate('sums.online_hours', 'sums.due') }} as hours_per_head,
    {{ rate('sums.met_online', 'sums.due') }} as online_attainment,
    cast(sums.records as bigint) as records,
    cast(sums.completed as bigint) as completed,
    {{ rate('sums.completed', 'sums.records') }} as completion_rate,
    cast(sums.flags as bigint) as flags,
    sums.flagged_cadres,
    {{ rate('sums.flagged_cadres', 'sums.learners') }} as flagged_share
from parts
inner join sums on parts.member_code = sums.unit_code and parts.scope = sums.scope
