-- title_zh: 应跟踪未跟踪的班次
-- title_en: Classes with no follow-up
-- question_zh: 哪些班次结束满六个月仍没有训后跟踪？
-- question_en: Which classes have had no follow-up although it is due?
-- watch_zh: 一行为一个班次。未到期的班次不在内；六个月之前的回访不算跟踪。
-- watch_en: A row is a class. Classes not yet due are left out; answers before the sixth month are no
--   follow-up.
-- empty: Every class that is due was followed up.
select
    follow_up.class_id,
    follow_up.class_name,
    institution.name as institution_name,
    unit.unit_name as organizer,
    follow_up.end_date,
    follow_up.follow_up_due_on,
    date_diff('day', follow_up.follow_up_due_on, follow_up.as_of) as days_overdue,
    follow_up.enrollments
from mart_class_follow_up as follow_up
left join dim_institution as institution on follow_up.institution_id = institution.institution_id
left join dim_unit as unit on follow_up.organizer_unit_code = unit.unit_code
where follow_up.follow_up_status = 'missing'
order by days_overdue desc, follow_up.class_id asc
