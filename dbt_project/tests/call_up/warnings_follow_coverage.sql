-- Tests: red, never_trained, annual_shortfall and the promotion warnings stand for exactly the due cadres
-- of whom mart_cadre_coverage says so, once each; the list with names holds as many rows.
-- Matters: two tables that say different things about one cadre: nobody believes either.
-- Resolve: take the kind and cadre_key to mart_alert and mart_cadre_coverage.
with

told as (

    select cadre_key, kind
    from {{ ref('mart_alert') }}
    where kind not in ('make_up_due', 'appraisal_conflict')

),

meant as (

    select cadre_key, 'red' as kind from {{ ref('mart_cadre_coverage') }} where light = 'red'
    union all
    select cadre_key, 'never_trained' as kind from {{ ref('mart_cadre_coverage') }} where credited_hours = 0
    union all
    select cadre_key, 'annual_shortfall' as kind
    from {{ ref('mart_cadre_coverage') }}
    where not meets_annual
    union all
    select cadre_key, 'promotion_due' as kind
    from {{ ref('mart_cadre_coverage') }}
    where in_promotion_grace
    union all
    select cadre_key, 'promotion_overdue' as kind
    from {{ ref('mart_cadre_coverage') }}
    where promotion_overdue

),

compared as (

    select cadre_key, kind, 1 as told, 0 as meant from told
    union all
    select cadre_key, kind, 0 as told, 1 as meant from meant

)

select
    cadre_key,
    kind,
    sum(told) as told,
    sum(meant) as meant
from compared
group by cadre_key, kind
having sum(told) <> sum(meant)

union all

select
    cast(null as varchar) as cadre_key,
    'named' as kind,
    named.alerts as told,
    alerts.alerts as meant
from (select count(*) as alerts from {{ ref('mart_alert') }}) as alerts
cross join (select count(*) as alerts from {{ ref('alert_list') }}) as named
where alerts.alerts <> named.alerts
