-- Cadres and years of which a great part of the online credited hours was completed in the last days.
with

credited as (

    select
        ledger.cadre_key,
        {{ year_of('ledger.activity_date') }} as activity_year,
        ledger.activity_date,
        ledger.credited_hours,
        cast({{ year_of('ledger.activity_date') }} || '-' || cramming_from.value as date) as crammed_from
    from {{ ref('int_training_ledger') }} as ledger
    {{ join_policy_on('cramming_from', 'ledger.activity_date') }}
    where
        ledger.cadre_key is not null
        and ledger.credited_hours > 0
        and ledger.mode in ('online_class', 'online_elective', 'mobile')

),

years as (

    select
        cadre_key,
        activity_year,
        max(activity_date) as on_date,
        max(crammed_from) as crammed_from,
        round(sum(credited_hours), 1) as year_hours,
        round(sum(case when activity_date >= crammed_from then credited_hours else 0 end), 1) as crammed_hours
    from credited
    group by cadre_key, activity_year

)

select
    years.cadre_key,
    years.activity_year,
    years.on_date,
    years.crammed_from,
    years.year_hours,
    years.crammed_hours
from years
{{ join_policy_on('cramming_share', 'years.on_date') }}
{{ join_policy_on('cramming_min_hours', 'years.on_date') }}
where
    -- exactly half, whatever its binary fraction, is enough
    years.crammed_hours >= {{ policy_value('cramming_share') }} * years.year_hours - 0.000001
    and years.crammed_hours >= {{ policy_value('cramming_min_hours') }}
