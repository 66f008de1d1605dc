-- Tests: of each year the demand of all topics and rank groups is the weight of its stated needs, and the
-- supply is the credited hours of linked cadres in the ledger.
-- Matters: a unit without people, an unmapped topic or a doubled rank span would make needs or hours
-- vanish.
-- Resolve: compare by topic; a need's unit without due cadres must be spread over all, history spans not
-- overlap.
with

needs as (

    select
        needs.survey_year as year,
        sum(coalesce(needs.weight, {{ policy('need_default_weight') }})) as weight
    from {{ ref('stg_academic__need_survey') }} as needs
    left join {{ ref('stg_academic__student') }} as students on needs.student_id = students.student_id
    where
        not needs.is_deleted
        and not coalesce(students.is_deleted, false)
        and needs.survey_year is not null
    group by needs.survey_year

),

ledger as (

    select {{ year_of('activity_date') }} as year, sum(credited_hours) as hours
    from {{ ref('fct_training') }}
    where cadre_key is not null and credited_hours > 0
    group by {{ year_of('activity_date') }}

),

years as (

    select year from needs
    union
    select year from ledger
    union
    select year from {{ ref('mart_supply_demand') }}

),

marts as (

    select year, sum(demand_weight) as weight, sum(supplied_hours) as hours
    from {{ ref('mart_supply_demand') }}
    group by year

)

select
    years.year,
    needs.weight as weight_of_needs,
    marts.weight as weight_of_mart,
    ledger.hours as hours_of_ledger,
    marts.hours as hours_of_mart
from years
left join needs on years.year = needs.year
left join ledger on years.year = ledger.year
left join marts on years.year = marts.year
where
    -- each cell is rounded to a millionth
    abs(coalesce(needs.weight, 0) - coalesce(marts.weight, 0)) > 0.001
    or abs(coalesce(ledger.hours, 0) - coalesce(marts.hours, 0)) > 0.05
