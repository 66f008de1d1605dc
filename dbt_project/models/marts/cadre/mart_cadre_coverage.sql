with

coverage as (

    select * from {{ ref('int_cadre_coverage') }} where is_current

),

clocks as (

    select
        coverage.cadre_key,
        promotions.promotion_deadline,
        promotions.promotion_deadline < coverage.report_date as is_overdue
    from coverage
    inner join {{ ref('int_cadre_promotion') }} as promotions on coverage.cadre_key = promotions.cadre_key
    -- in time on the deadline itself; one that was missed long ago is left to the rolling target
    where not coverage.meets_five_year and promotions.overdue_until >= coverage.report_date

)

select
    coverage.report_date as as_of,
    coverage.cadre_key,
    coverage.unit_code,
    units.unit_name,
    coverage.rank_group,
    rank_groups.label_zh as rank_group_name,
    coverage.statutory_hours,
    coverage.statutory_days,
    coverage.systematic_hours,
    coverage.online_hours_year,
    coverage.statutory_hours_year,
    coverage.statutory_days_year,
    coverage.off_job_hours,
    coverage.part_time_hours,
    coverage.online_class_hours,
    coverage.online_elective_hours,
    coverage.mobile_hours,
    coverage.credited_hours,
    coverage.meets_five_year,
    coverage.meets_annual,
    coverage.meets_online,
    coverage.light,
    lights.label_zh as light_name,
    expected.expected_hours,
    case when expected.expected_hours > 0 then coverage.statutory_hours / expected.expected_hours end
        as progress,
    coverage.last_trained_on,
    coalesce(not clocks.is_overdue, false) as in_promotion_grace,
    clocks.promotion_deadline,
    coalesce(clocks.is_overdue, false) as promotion_overdue
from coverage
inner join {{ ref('int_cadre_expected_hours') }} as expected on coverage.cadre_key = expected.cadre_key
left join clocks on coverage.cadre_key = clocks.cadre_key
left join {{ ref('int_unit_current') }} as units on coverage.unit_code = units.unit_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and coverage.rank_group = rank_groups.code
left join {{ ref('code_label') }} as lights on lights.code_list = 'light' and coverage.light = lights.code
