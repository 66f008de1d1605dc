-- The city's teaching, its resources and its online learning year by year: the plan indicators of those
-- subjects for the root, as each year ended (the running year: as it stands).
with

years as (

    select
        *,
        cast(substr(period, 1, 4) as bigint) as year
    from {{ ref('mart_plan_indicator') }}
    where
        subject in ('teaching', 'resources', 'online')
        and level = 1
        and (is_current or period like '%-12')

)

select
    years.year,
    years.period_end,
    years.is_current,
    years.indicator_code,
    years.name as indicator_name,
    years.name_en as indicator_name_en,
    years.indicator_order,
    years.subject,
    years.breakdown_list,
    years.breakdown,
    years.breakdown_name,
    coalesce(parts.label_en, years.breakdown) as breakdown_name_en,
    years.breakdown_order,
    years.numerator,
    years.denominator,
    years.value,
    years.unit_of_measure,
    years.unit_of_measure_name,
    units.label_en as unit_of_measure_name_en,
    years.target,
    years.value - years.target as lead,
    years.status,
    years.status_name,
    statuses.label_en as status_name_en,
    years.numerator_zh,
    years.denominator_zh,
    years.citation
from years
left join {{ ref('code_label') }} as parts
    on
        years.breakdown = parts.code
        and parts.code_list = case
            when years.breakdown in ('all', 'unknown') then 'breakdown' else years.breakdown_list
        end
left join {{ ref('code_label') }} as units
    on units.code_list = 'unit_of_measure' and years.unit_of_measure = units.code
left join {{ ref('code_label') }} as statuses
    on statuses.code_list = 'indicator_status' and years.status = statuses.code
