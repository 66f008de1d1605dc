-- The warnings with names: mart_alert for the organization department.
select
    alerts.as_of,
    alerts.kind,
    alerts.kind_name,
    alerts.kind_name_en,
    kinds.sort_order as kind_order,
    alerts.cadre_key,
    people.person_code,
    people.name,
    people.cadre_label,
    alerts.unit_code,
    alerts.unit_name,
    people.serving_unit,
    people.branch_unit,
    alerts.class_id,
    alerts.due_on,
    {{ days_between('alerts.as_of', 'alerts.due_on') }} as days_left,
    deadlines.code as deadline,
    deadlines.label_zh as deadline_name,
    deadlines.label_en as deadline_name_en,
    alerts.detail,
    alerts.detail_en,
    cast(1 as bigint) as warnings
from {{ ref('mart_alert') }} as alerts
inner join {{ ref('cadre_identity') }} as people on alerts.cadre_key = people.cadre_key
left join {{ ref('code_label') }} as kinds on kinds.code_list = 'alert' and alerts.kind = kinds.code
left join {{ ref('code_label') }} as deadlines
    on
        deadlines.code_list = 'deadline_state'
        and deadlines.code = case
            when alerts.due_on < alerts.as_of then 'overdue'
            when {{ year_month('alerts.due_on') }} = {{ year_month('alerts.as_of') }} then 'this_month'
            when alerts.due_on > alerts.as_of then 'later'
        end
