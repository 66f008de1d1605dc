-- The enrolments that the limits of call-up look at (rules.md, repeat, overlapping and missed call-up):
-- off-job, of a linked cadre, not withdrawn, class not cancelled; planned and running classes count.
select
    enrollments.enrollment_id,
    enrollments.cadre_key,
    enrollments.class_id,
    enrollments.theme_code,
    enrollments.start_date,
    enrollments.end_date,
    {{ year_of('enrollments.start_date') }} as start_year,
    enrollments.class_days,
    enrollments.class_status,
    enrollments.result,
    enrollments.start_date >= {{ window_start(as_of()) }} as is_recent,
    enrollments.is_statutory and enrollments.class_days >= {{ policy_value('long_class_days') }} as is_long
from {{ ref('int_enrollment') }} as enrollments
{{ join_policy_on('long_class_days', 'enrollments.start_date') }}
where
    enrollments.source = 'academic'
    and enrollments.mode = 'off_job'
    and enrollments.cadre_key is not null
    and enrollments.result <> 'withdrawn'
    and enrollments.class_status <> 'cancelled'
