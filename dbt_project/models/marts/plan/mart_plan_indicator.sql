-- The indicators of the Plan, month by month: what the blanks of an evaluation report ask for, each with
-- numerator, denominator, target and status (seed plan_indicator says how each is made).
with

periods as (

    select * from {{ ref('int_plan_period') }}

),

indicators as (

    select * from {{ ref('plan_indicator') }}

),

measures as (

    select * from {{ ref('int_plan_measure') }}

),

units as (

    select
        months.period_no,
        months.unit_code,
        units.level,
        units.parent_code is null as is_root
    from (select distinct period_no, unit_code from {{ ref('int_plan_unit_month') }}) as months
    inner join {{ ref('dim_unit') }} as units on months.unit_code = units.unit_code

),

-- Every code of a list has its row, also where nothing happened; `unknown` only where something did.
breakdowns as (

    select code_list as breakdown_list, code as breakdown, label_zh as breakdown_name, sort_order
    from {{ ref('code_label') }}
    where code_list <> 'breakdown'

    union all

    select 'topic' as breakdown_list, topic_code as breakdown, topic_name as breakdown_name, 0 as sort_order
    from {{ ref('dim_topic') }}
    where topic_code <> 'U00'

    union all

    select 'all' as breakdown_list, code as breakdown, label_zh as breakdown_name, sort_order
    from {{ ref('code_label') }}
    where code_list = 'breakdown' and code = 'all'

    union all

    select observed.breakdown_list, labels.code, labels.label_zh, labels.sort_order
    from (select distinct breakdown_list, breakdown from measures) as observed
    inner join {{ ref('code_label') }} as labels
        on labels.code_list = 'breakdown' and observed.breakdown = labels.code and labels.code = 'unknown'

),

-- A target by its own name: a parameter, or one of the training targets.
targets as (

    select
        parameters.name as target_code,
        cast(parameters.value as double) as target,
        parameters.valid_from,
        parameters.valid_to
    from {{ ref('policy_parameter') }} as parameters
    inner join (select distinct target_code from indicators) as asked_for
        on parameters.name = asked_for.target_code

    union all

    select
        rank_group || '/' || target_window || '/' || counts as target_code,
        min_hours as target,
        valid_from,
        valid_to
    from {{ ref('policy_target') }}

),

cells as (

    select
        indicators.*,
        periods.period,
        periods.period_no,
        periods.period_end,
        periods.is_current,
        units.unit_code,
        units.level,
        breakdowns.breakdown,
        breakdowns.breakdown_name,
        breakdowns.sort_order as breakdown_order,
        -- on schedule: as much of the target as of the year, or of the Plan, has gone by
        targets.target * case indicators.target_basis
            when 'year_schedule' then periods.year_share
            when 'plan_schedule' then periods.plan_share
            else 1
        end as target
    from indicators
    cross join periods
    inner join units
        on periods.period_no = units.period_no and (indicators.unit_scope = 'unit' or units.is_root)
    inner join breakdowns on indicators.breakdown_list = breakdowns.breakdown_list
    left join targets
        on
            indicators.target_code = targets.target_code
            and {{ in_force_on('targets', 'periods.period_end') }}

),

measured as (

    select
        cells.*,
        coalesce(numerators.amount, 0) as numerator,
        case when cells.value_kind <> 'count' then coalesce(denominators.amount, 0) end as denominator
    from cells
    left join measures as numerators
        on
            cells.numerator_measure = numerators.measure
            and cells.accumulation = numerators.accumulation
            and cells.breakdown_list = numerators.breakdown_list
            and cells.breakdown = numerators.breakdown
            and cells.period_no = numerators.period_no
            and cells.unit_code = numerators.unit_code
    left join measures as denominators
        on
            cells.denominator_measure = denominators.measure
            and cells.accumulation = denominators.accumulation
            and case cells.denominator_breakdown when 'all' then 'all' else cells.breakdown_list end
            = denominators.breakdown_list
            and case cells.denominator_breakdown when 'all' then 'all' else cells.breakdown end
            = denominators.breakdown
            and cells.period_no = denominators.period_no
            and cells.unit_code = denominators.unit_code

),

valued as (

    select
        *,
        case
            when value_kind = 'count' then numerator
            else {{ rate('numerator', 'denominator') }}
        end as value
    from measured

),

judged as (

    select
        *,
        case
            when value is null then 'no_data'
            when target is null then 'no_target'
            -- exactly the target is met, whatever its last binary digit
            when direction = 'lower' and value <= target + 0.000000001 then 'met'
            when direction <> 'lower' and value >= target - 0.000000001 then 'met'
            else 'behind'
        end as status
    from valued

)

select
    judged.indicator_code,
    judged.name_zh as name,
    judged.name_en,
    judged.subject,
    subjects.label_zh as subject_name,
    judged.sort_order as indicator_order,
    judged.period,
    judged.period_end,
    judged.is_current,
    judged.unit_code,
    dim_unit.unit_name,
    labels.unit_label,
    judged.level,
    judged.breakdown_list,
    judged.breakdown,
    judged.breakdown_name,
    judged.breakdown_order,
    judged.numerator,
    judged.denominator,
    judged.value,
    judged.unit_of_measure,
    unit_names.label_zh as unit_of_measure_name,
    judged.value_kind,
    judged.accumulation,
    judged.direction,
    judged.target,
    judged.status,
    statuses.label_zh as status_name,
    -- 1: the furthest behind; of topics the weakest. Equal values share a place; counts are not compared.
    case
        when judged.breakdown_list <> 'all' and judged.value_kind <> 'count' and judged.value is not null
            then
                cast(rank() over (
                    partition by judged.indicator_code, judged.period, judged.unit_code
                    order by
                        case when judged.value is null then 1 else 0 end,
                        case when judged.direction = 'lower' then -judged.value else judged.value end
                ) as bigint)
    end as weakness_rank,
    judged.numerator_zh,
    judged.denominator_zh,
    judged.report_text,
    judged.citation
from judged
inner join {{ ref('dim_unit') }} as dim_unit on judged.unit_code = dim_unit.unit_code
inner join {{ ref('int_unit_label') }} as labels on judged.unit_code = labels.unit_code
left join {{ ref('code_label') }} as subjects
    on subjects.code_list = 'plan_subject' and judged.subject = subjects.code
left join {{ ref('code_label') }} as statuses
    on statuses.code_list = 'indicator_status' and judged.status = statuses.code
left join {{ ref('code_label') }} as unit_names
    on unit_names.code_list = 'unit_of_measure' and judged.unit_of_measure = unit_names.code
