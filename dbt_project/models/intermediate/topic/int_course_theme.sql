-- Topic of a course by the classes in which it is taught: that of their themes, where those that have one
-- agree.
with

taught as (

    select distinct
        'academic' as source,
        course_id as source_course_id,
        class_id
    from {{ ref('int_academic_lesson') }}

    union all

    select distinct
        'academy' as source,
        course_id as source_course_id,
        class_id
    from {{ ref('stg_academy__records') }}
    where class_id is not null

)

select
    taught.source,
    taught.source_course_id,
    min(classes.topic_code) as topic_code
from taught
inner join {{ ref('int_training_class') }} as classes
    on
        taught.source = classes.source
        and taught.class_id = classes.class_id
        -- a workbook may give its class a number that the database has too
        and classes.evidence_grade = 'system'
where classes.topic_code is not null
group by taught.source, taught.source_course_id
having min(classes.topic_code) = max(classes.topic_code)
