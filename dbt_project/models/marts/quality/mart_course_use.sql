-- How each course of the online academy is used, in the academy itself and from the mobile app.
with

uses as (

    select
        records.course_id,
        'academy' as source,
        records.user_id,
        records.completed_at is not null as is_completed,
        {{ local_date('coalesce(records.last_at, records.completed_at, records.started_at)') }} as used_on
    from {{ ref('stg_academy__records') }} as records
    -- a record of a missing class is an orphan: it is in no fact (ops_orphan lists it)
    left join {{ ref('dim_training_class') }} as classes
        on classes.source = 'academy' and records.class_id = classes.class_id
    where records.class_id is null or classes.class_id is not null

    union all

    select
        substr(activity_id, length('{{ var("academy_course_prefix") }}') + 1) as course_id,
        'mobile' as source,
        user_id,
        verb = 'completed' as is_completed,
        occurred_on as used_on
    from {{ ref('int_mobile_statement') }}
    -- who only rates a course has not opened it here
    where activity_id like '{{ var("academy_course_prefix") }}%' and verb <> 'rated'

),

learning as (

    select
        uses.course_id,
        uses.source,
        -- one person with two accounts is one learner; a mobile actor is an academy user
        coalesce(links.cadre_key, 'user/' || uses.user_id) as learner,
        uses.is_completed,
        uses.used_on
    from uses
    left join {{ ref('int_identity_link') }} as links
        on links.source = 'academy' and uses.user_id = links.source_person_id

),

counts as (

    select
        course_id,
        count(distinct learner) as learners,
        count(distinct case when source = 'academy' then learner end) as academy_learners,
        count(distinct case when source = 'mobile' then learner end) as mobile_learners,
        count(distinct case when is_completed then learner end) as completions,
        max(used_on) as last_used_on
    from learning
    group by course_id

),

courses as (

    select
        courses.course_id,
        canonical.course_key,
        courses.title,
        coalesce(canonical.topic_code, 'U00') as topic_code,
        courses.provider,
        courses.is_local,
        courses.requires_exam,
        courses.credit_hours,
        courses.published_on,
        courses.retired_on,
        -- published unless the academy names a later day
        coalesce(courses.published_on <= {{ as_of() }}, true) as was_published,
        coalesce(courses.retired_on <= {{ as_of() }}, false) as is_retired,
        coalesce(counts.learners, 0) as learners,
        coalesce(counts.academy_learners, 0) as academy_learners,
        coalesce(counts.mobile_learners, 0) as mobile_learners,
        coalesce(counts.completions, 0) as completions,
        counts.last_used_on
    from {{ ref('stg_academy__courses') }} as courses
    inner join {{ ref('int_course_source') }} as canonical
        on canonical.source = 'academy' and courses.course_id = canonical.source_course_id
    left join counts on courses.course_id = counts.course_id

),

statuses as (

    select
        *,
        case
            when is_retired then 'retired'
            when not was_published then 'unpublished'
            when learners = 0 then 'unused'
            else 'used'
        end as use_status
    from courses

)

select
    {{ as_of() }} as as_of,
    statuses.course_id,
    statuses.course_key,
    statuses.title,
    statuses.topic_code,
    topics.topic_name,
    topics.topic_name_en,
    statuses.provider,
    statuses.is_local,
    statuses.requires_exam,
    statuses.credit_hours,
    statuses.published_on,
    statuses.retired_on,
    statuses.was_published and not statuses.is_retired as is_published,
    statuses.is_retired,
    statuses.use_status = 'unused' as is_unused,
    statuses.use_status,
    labels.label_zh as use_status_name,
    labels.label_en as use_status_name_en,
    cast(case when statuses.use_status = 'unused' then 1 else 0 end as bigint) as unused,
    statuses.learners,
    statuses.academy_learners,
    statuses.mobile_learners,
    statuses.completions,
    {{ rate('statuses.completions', 'statuses.learners') }} as completion_rate,
    statuses.last_used_on
from statuses
left join {{ ref('dim_topic') }} as topics on statuses.topic_code = topics.topic_code
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'course_use_status' and statuses.use_status = labels.code
