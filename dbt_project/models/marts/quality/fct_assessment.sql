select
    assessments.assessment_id,
    assessments.enrollment_id,
    enrollments.cadre_key,
    enrollments.class_id,
    assessments.assessor_kind,
    assessments.dimension,
    assessments.score
from {{ ref('stg_academic__assessment') }} as assessments
-- a mark of a missing or deleted enrolment does not count (rules.md, unresolved cadre)
inner join
    {{ ref('int_enrollment') }} as enrollments
    on assessments.enrollment_id = enrollments.enrollment_id and enrollments.source = 'academic'
where not assessments.is_deleted
