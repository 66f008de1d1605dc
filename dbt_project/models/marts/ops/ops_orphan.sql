-- Rows whose parent is missing: they stay in raw, are left out of the facts, and count from the day the
-- parent comes.
with

{% set pairs = [
    ('academic', 'enrollment', 'enrollment_id', 'class_id', 'training_class', 'class_id'),
    ('academic', 'lesson', 'lesson_id', 'class_id', 'training_class', 'class_id'),
    ('academic', 'lesson', 'lesson_id', 'course_id', 'course', 'course_id'),
    ('academic', 'attendance', 'attendance_id', 'lesson_id', 'lesson', 'lesson_id'),
    ('academic', 'attendance', 'attendance_id', 'enrollment_id', 'enrollment', 'enrollment_id'),
    ('academic', 'evaluation', 'evaluation_id', 'enrollment_id', 'enrollment', 'enrollment_id'),
    ('academic', 'assessment', 'assessment_id', 'enrollment_id', 'enrollment', 'enrollment_id'),
    ('academic', 'follow_up', 'follow_up_id', 'enrollment_id', 'enrollment', 'enrollment_id'),
    ('academic', 'class_staff', "class_id || '/' || staff_id", 'class_id', 'training_class', 'class_id'),
    ('academy', 'enrollments', 'enrollment_id', 'class_id', 'classes', 'class_id'),
    ('academy', 'records', 'record_id', 'course_id', 'courses', 'course_id'),
    ('academy', 'records', 'record_id', 'class_id', 'classes', 'class_id'),
    ('academy', 'sessions', 'session_id', 'record_id', 'records', 'record_id'),
    ('academy', 'ratings', 'rating_id', 'course_id', 'courses', 'course_id'),
] -%}

orphans as (

    {% for source, entity, key, field, parent_entity, parent_key in pairs %}
    select
        '{{ source }}' as source,
        '{{ entity }}' as entity,
        {{ 'children.' ~ key if '|' not in key else "children.class_id || '/' || children.staff_id" }} as key,
        '{{ parent_entity }}' as parent_entity,
        children.{{ field }} as missing_parent,
        children.source_file,
        children.source_row
    from {{ ref('stg_' ~ source ~ '__' ~ entity) }} as children
    left join
        {{ ref('stg_' ~ source ~ '__' ~ parent_entity) }} as parents
        on children.{{ field }} = parents.{{ parent_key }}
    where
        parents.{{ parent_key }} is null
        and children.{{ field }} is not null
        {% if source == 'academic' %}and not children.is_deleted{% endif %}

    union all
    {% endfor %}

    -- statements on an academy course that the academy does not know
    select
        'mobile' as source,
        'statements' as entity,
        statements.statement_id as key,
        'courses' as parent_entity,
        substr(statements.activity_id, length('{{ var("academy_course_prefix") }}') + 1) as missing_parent,
        statements.source_file,
        statements.source_row
    from {{ ref('stg_mobile__statements') }} as statements
    left join {{ ref('stg_academy__courses') }} as courses
        on substr(statements.activity_id, length('{{ var("academy_course_prefix") }}') + 1)
            = courses.course_id
    where statements.activity_id like '{{ var("academy_course_prefix") }}%' and courses.course_id is null

    union all

    select
        'academic' as source,
        'backfill_student' as entity,
        enrollment_id as key,
        'backfill_class' as parent_entity,
        class_id as missing_parent,
        source_file,
        source_row
    from {{ ref('int_backfill_enrollment') }}
    where is_orphan

    union all

    -- people whose unit is not in the tree: counted under the root
    select
        'cadre' as source,
        'person' as entity,
        cadres.cadre_key as key,
        'unit' as parent_entity,
        cadres.unit_code as missing_parent,
        people.source_file,
        people.source_row
    from {{ ref('int_cadre_current') }} as cadres
    inner join {{ ref('stg_cadre__person') }} as people
        on cadres.person_code = people.person_code and cadres.business_date = people.business_date
    left join {{ ref('int_unit_current') }} as units on cadres.unit_code = units.unit_code
    where units.unit_code is null

)

select
    source,
    entity,
    key,
    parent_entity,
    missing_parent,
    source_file,
    source_row
from orphans
