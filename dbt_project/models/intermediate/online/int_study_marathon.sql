-- Cadres and local days with more hours of study than a day can hold (rules.md, online integrity). Study in
-- two sessions at once counts twice: it is what the record claims; `parallel` says so too.
with

days as (

    select
        cadre_key,
        on_date,
        count(*) as sessions,
        -- whole seconds: the order of adding shares must not decide
        cast(round(sum(study_seconds)) as bigint) as study_seconds,
        min(started_at) as first_started_at,
        max(ended_at) as last_ended_at
    from {{ ref('int_study_session_day') }}
    group by cadre_key, on_date

)

select
    days.cadre_key,
    days.on_date,
    days.sessions,
    days.study_seconds,
    days.first_started_at,
    days.last_ended_at,
    {{ policy_value('marathon_hours') }} as limit_hours
from days
{{ join_policy_on('marathon_hours', 'days.on_date') }}
where days.study_seconds > {{ policy_value('marathon_hours') }} * 3600
