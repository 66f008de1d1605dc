-- Tests: every due cadre has exactly one span of service on the business date.
-- Matters: who is on duty belongs to a unit; without a span the hours of today would fall out of `then`.
-- Resolve: compare the cadre's newest row in int_cadre_version (on duty?) with int_cadre_service_span.
with

today as (

    select cadre_key, count(*) as spans
    from {{ ref('dim_cadre_history') }}
    where {{ in_force_on(none, as_of()) }}
    group by cadre_key

)

select cadres.cadre_key, today.spans
from {{ ref('dim_cadre') }} as cadres
left join today on cadres.cadre_key = today.cadre_key
where cadres.is_due and coalesce(today.spans, 0) <> 1
