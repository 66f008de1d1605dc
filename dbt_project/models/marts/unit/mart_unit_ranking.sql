-- Half-yearly red and black list of the units of level 2 (rules.md, ranking), at the last day of each
-- half-year that coverage is computed for, or the business date in the current one.
with

weighed as (

    select
        coverage.*,
        cast(coverage.year as varchar)
        || case when extract(month from coverage.as_of) <= 6 then 'H1' else 'H2' end as half_year,
        -- the weights of that day: a rule changed since leaves a list that was read out as it was
        {{ ranking_score('coverage') }} as score,
        {{ policy_value('list_share') }} as list_share
    from {{ ref('mart_unit_coverage') }} as coverage
    {{ join_ranking_weights('coverage.as_of') }}
    {{ join_policy_on('ranking_list_share', 'coverage.as_of', 'list_share') }}
    where
        coverage.level = 2
        and coverage.scope = 'subtree'
        and coverage.due > 0
        -- the other report dates are month ends
        and (coverage.is_current or extract(month from coverage.as_of) in (6, 12))

),

ranked as (

    select
        *,
        row_number() over (partition by half_year order by score desc, unit_code asc) as position,
        count(*) over (partition by half_year) as ranked_units,
        -- a tenth, rounded down (a tenth of 30 is 3, whatever 30 x 0.1 is in binary), at least one
        greatest(floor(round(count(*) over (partition by half_year) * list_share, 6)), 1) as listed_units
    from weighed

),

listed as (

    select
        *,
        case
            when position <= listed_units then 'red'
            when position > ranked_units - listed_units then 'black'
        end as list
    from ranked

)

select
    listed.half_year,
    listed.as_of,
    listed.is_current,
    listed.unit_code,
    listed.unit_name,
    listed.unit_label,
    listed.due,
    listed.effective_coverage,
    listed.annual_attainment,
    listed.pass_rate,
    listed.participation_rate,
    listed.score,
    cast(listed.position as bigint) as position,
    cast(listed.ranked_units as bigint) as ranked_units,
    listed.list,
    lists.label_zh as list_name,
    lists.label_en as list_name_en
from listed
left join {{ ref('code_label') }} as lists
    on lists.code_list = 'ranking_list' and listed.list = lists.code
