-- The warnings with names: mart_alert for the organization department.
select
    alerts.as_of,
    alerts.kind,
    alerts.kind_name,
    alerts.cadre_key,
    people.person_code,
    people.name,
    alerts.unit_code,
    alerts.unit_name,
    alerts.class_id,
    alerts.due_on,
    alerts.detail
from {{ ref('mart_alert') }} as alerts
inner join {{ ref('cadre_identity') }} as people on alerts.cadre_key = people.cadre_key
