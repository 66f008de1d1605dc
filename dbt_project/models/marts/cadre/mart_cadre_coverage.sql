with

coverage as (

    select * from {{ ref('int_cadre_coverage') }} where is_current

),

leaders as (

    -- who holds a leading main post on the business date
    select distinct person_code
    from {{ ref('int_cadre_post_span') }}
    where is_leading and valid_from <= {{ as_of() }} and (valid_to is null or valid_to > {{ as_of() }})

),

clocks as (

    select
        coverage.cadre_key,
        case
            when leaders.person_code is not null and not coverage.meets_five_year
                then {{ add_years('coverage.rank_date', policy('promotion_grace_years')) }}
        end as promotion_deadline
    from coverage
    left join leaders on coverage.person_code = leaders.person_code

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
    coalesce(clocks.promotion_deadline > coverage.report_date, false) as in_promotion_grace,
    case when clocks.promotion_deadline > coverage.report_date then clocks.promotion_deadline end
        as promotion_deadline
from coverage
inner join {{ ref('int_cadre_expected_hours') }} as expected on coverage.cadre_key = expected.cadre_key
inner join clocks on coverage.cadre_key = clocks.cadre_key
left join {{ ref('int_unit_current') }} as units on coverage.unit_code = units.unit_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and coverage.rank_group = rank_groups.code
left join {{ ref('code_label') }} as lights on lights.code_list = 'light' and coverage.light = lights.code
