-- Rows whose parent is missing. Without its class, course, lesson, enrolment or record a row stays in raw and
-- counts from the day that the parent comes; without another one it counts, and lacks what the parent says.
with

{# source, entity, its key, the pointing field, parent's source, entity and key, is the row left out #}
{% set pairs = [
    ('academic', 'training_class', 'class_id', 'institution_id', 'academic', 'institution', 'institution_id', false),
    ('academic', 'training_class', 'class_id', 'theme_code', 'academic', 'theme', 'theme_code', false),
    ('academic', 'training_class', 'class_id', 'base_id', 'academic', 'base', 'base_id', false),
    ('academic', 'training_class', 'class_id', 'head_teacher_id', 'academic', 'staff', 'staff_id', false),
    ('academic', 'training_class', 'class_id', 'organizer_unit_code', 'cadre', 'unit', 'unit_code', false),
    ('academic', 'class_staff', "class_id || '/' || staff_id", 'class_id', 'academic', 'training_class', 'class_id', true),
    ('academic', 'class_staff', "class_id || '/' || staff_id", 'staff_id', 'academic', 'staff', 'staff_id', false),
    ('academic', 'lesson', 'lesson_id', 'class_id', 'academic', 'training_class', 'class_id', true),
    ('academic', 'lesson', 'lesson_id', 'course_id', 'academic', 'course', 'course_id', true),
    ('academic', 'lesson', 'lesson_id', 'teacher_id', 'academic', 'teacher', 'teacher_id', false),
    ('academic', 'enrollment', 'enrollment_id', 'class_id', 'academic', 'training_class', 'class_id', true),
    ('academic', 'enrollment', 'enrollment_id', 'student_id', 'academic', 'student', 'student_id', false),
    ('academic', 'attendance', 'attendance_id', 'lesson_id', 'academic', 'lesson', 'lesson_id', true),
    ('academic', 'attendance', 'attendance_id', 'enrollment_id', 'academic', 'enrollment', 'enrollment_id', true),
    ('academic', 'evaluation', 'evaluation_id', 'enrollment_id', 'academic', 'enrollment', 'enrollment_id', true),
    ('academic', 'assessment', 'assessment_id', 'enrollment_id', 'academic', 'enrollment', 'enrollment_id', true),
    ('academic', 'follow_up', 'follow_up_id', 'enrollment_id', 'academic', 'enrollment', 'enrollment_id', true),
    ('academic', 'need_survey', 'need_id', 'student_id', 'academic', 'student', 'student_id', false),
    ('academic', 'need_survey', 'need_id', 'unit_code', 'cadre', 'unit', 'unit_code', false),
    ('academy', 'classes', 'class_id', 'theme_code', 'academic', 'theme', 'theme_code', false),
    ('academy', 'enrollments', 'enrollment_id', 'class_id', 'academy', 'classes', 'class_id', true),
    ('academy', 'enrollments', 'enrollment_id', 'user_id', 'academy', 'users', 'user_id', false),
    ('academy', 'records', 'record_id', 'course_id', 'academy', 'courses', 'course_id', true),
    ('academy', 'records', 'record_id', 'class_id', 'academy', 'classes', 'class_id', true),
    ('academy', 'records', 'record_id', 'user_id', 'academy', 'users', 'user_id', false),
    ('academy', 'sessions', 'session_id', 'record_id', 'academy', 'records', 'record_id', true),
    ('academy', 'ratings', 'rating_id', 'course_id', 'academy', 'courses', 'course_id', true),
    ('academy', 'ratings', 'rating_id', 'user_id', 'academy', 'users', 'user_id', false),
] -%}

{# What an evaluation may be of: kind and entity are one word, the key differs. #}
{% set targets = {
    'course': 'course_id',
    'teacher': 'teacher_id',
    'staff': 'staff_id',
    'training_class': 'class_id',
    'base': 'base_id',
} -%}

orphans as (

    {% for source, entity, key, field, parent_source, parent_entity, parent_key, is_left_out in pairs %}
    select
        '{{ source }}' as source,
        '{{ entity }}' as entity,
        {{ 'children.' ~ key if '|' not in key else "children.class_id || '/' || children.staff_id" }} as key,
        '{{ parent_entity }}' as parent_entity,
        children.{{ field }} as missing_parent,
        {{ is_left_out | lower }} as is_left_out,
        children.source_file,
        children.source_row
    from {{ ref('stg_' ~ source ~ '__' ~ entity) }} as children
    left join (
        -- of the cadre system every night's snapshot is kept
        select distinct {{ parent_key }}
        from {{ ref('stg_' ~ parent_source ~ '__' ~ parent_entity) }}
    ) as parents
        on children.{{ field }} = parents.{{ parent_key }}
    where
        parents.{{ parent_key }} is null
        and children.{{ field }} is not null
        {% if source == 'academic' %}and not children.is_deleted{% endif %}

    union all
    {% endfor %}

    {% for kind, parent_key in targets.items() %}
    select
        'academic' as source,
        'evaluation' as entity,
        children.evaluation_id as key,
        '{{ kind }}' as parent_entity,
        children.target_id as missing_parent,
        false as is_left_out,
        children.source_file,
        children.source_row
    from {{ ref('stg_academic__evaluation') }} as children
    left join {{ ref('stg_academic__' ~ kind) }} as parents on children.target_id = parents.{{ parent_key }}
    where
        children.target_kind = '{{ kind }}'
        and parents.{{ parent_key }} is null
        and not children.is_deleted

    union all
    {% endfor %}

    -- statements on an academy course that the academy does not know
    select
        'mobile' as source,
        'statements' as entity,
        statements.statement_id as key,
        'courses' as parent_entity,
        substr(statements.activity_id, length('{{ var("academy_course_prefix") }}') + 1) as missing_parent,
        true as is_left_out,
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
        true as is_left_out,
        source_file,
        source_row
    from {{ ref('int_backfill_enrollment') }}
    where is_orphan

    union all

    {% for entity in ['post', 'appraisal'] %}
    -- of a person who is not in the same snapshot; a person code is personal data: the file and row have it
    select
        'cadre' as source,
        '{{ entity }}' as entity,
        cast(children.source_row as varchar) as key,
        'person' as parent_entity,
        cast(null as varchar) as missing_parent,
        true as is_left_out,
        children.source_file,
        children.source_row
    from {{ ref('stg_cadre__' ~ entity) }} as children
    left join {{ ref('stg_cadre__person') }} as parents
        on children.person_code = parents.person_code and children.business_date = parents.business_date
    where
        parents.person_code is null
        and children.business_date
        = (select max(newest.business_date) from {{ ref('stg_cadre__' ~ entity) }} as newest)

    union all

    {% endfor %}
    -- people whose unit is not in the tree: counted under the root
    select
        'cadre' as source,
        'person' as entity,
        cadres.cadre_key as key,
        'unit' as parent_entity,
        cadres.unit_code as missing_parent,
        false as is_left_out,
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
    is_left_out,
    source_file,
    source_row
from orphans
