-- Who should be called up, in order (seed 003: a red light is called up by name, a yellow one as work allows,
-- a green one not first), what is missing, and until when the cadre is not free whatever the class.
with

coverage as (

    select * from {{ ref('int_cadre_coverage') }} where is_current and light <> 'green'

),

targets as (

    select rank_group, min_hours, min_days
    from {{ ref('policy_target') }}
    where target_window = 'rolling_5y' and counts = 'statutory' and {{ in_force_on(none, as_of()) }}

),

measured as (

    select
        coverage.report_date as as_of,
        coverage.cadre_key,
        coverage.unit_code,
        coverage.rank_group,
        coverage.light,
        coverage.meets_five_year,
        -- either suffices: who has the days misses no hours
        case
            when coverage.meets_five_year then 0
            else round(targets.min_hours - coverage.statutory_hours, 1)
        end as missing_hours,
        case
            when coverage.meets_five_year then 0
            else cast(targets.min_days - coverage.statutory_days as bigint)
        end as missing_days,
        round(greatest({{ policy('systematic_min_hours') }} - coverage.systematic_hours, 0), 1)
            as missing_systematic_hours,
        coverage.last_trained_on
    from coverage
    left join targets on coverage.rank_group = targets.rank_group

),

-- whoever is in a class, or has a seat in a coming one, has been called up already
engaged as (

    select cadre_key, max(end_date) as overlap_until
    from {{ ref('int_call_up_enrollment') }}
    where end_date > {{ as_of() }}
    group by cadre_key

),

coming_full_days as (

    select
        unit_code,
        on_date,
        row_number() over (partition by unit_code order by on_date) as day_number
    from {{ ref('int_unit_off_job_day') }}
    where on_date > {{ as_of() }} and spare = 0

),

-- days in a row, from tomorrow on
full_units as (

    select unit_code, max(on_date) as unit_full_until
    from coming_full_days
    where {{ days_between(as_of(), 'on_date') }} = day_number
    group by unit_code

),

long_classes as (

    select
        cadre_key,
        start_date,
        row_number() over (partition by cadre_key order by start_date desc, enrollment_id asc) as recency
    from {{ ref('int_call_up_enrollment') }}
    where is_long and result in ('passed', 'enrolled')

),

long_class_limits as (

    select cadre_key, {{ window_last_day('start_date') }} as long_class_until
    from long_classes
    where recency = {{ policy('long_class_max') }}

)

select
    measured.as_of,
    measured.cadre_key,
    measured.unit_code,
    measured.rank_group,
    measured.light,
    measured.meets_five_year,
    measured.missing_hours,
    measured.missing_days,
    measured.missing_systematic_hours,
    measured.last_trained_on,
    row_number() over (
        order by
            case measured.light when 'red' then 1 else 2 end asc,
            measured.missing_hours desc,
            measured.missing_systematic_hours desc,
            -- longest untrained first, never trained before all
            coalesce(measured.last_trained_on, date '0001-01-01') asc,
            measured.cadre_key asc
    ) as priority,
    engaged.overlap_until,
    full_units.unit_full_until,
    case
        when long_class_limits.long_class_until > measured.as_of then long_class_limits.long_class_until
    end as long_class_until
from measured
left join engaged on measured.cadre_key = engaged.cadre_key
left join full_units on measured.unit_code = full_units.unit_code
left join long_class_limits on measured.cadre_key = long_class_limits.cadre_key
