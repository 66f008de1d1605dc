select
    answers.follow_up_id,
    answers.enrollment_id,
    enrollments.cadre_key,
    enrollments.class_id,
    answers.respondent_kind,
    answers.months_after,
    answers.item,
    answers.score,
    answers.answered_on
from {{ ref('stg_academic__follow_up') }} as answers
-- an answer on a missing or deleted enrolment does not count (rules.md, unresolved cadre)
inner join
    {{ ref('int_enrollment') }} as enrollments
    on answers.enrollment_id = enrollments.enrollment_id and enrollments.source = 'academic'
where not answers.is_deleted
