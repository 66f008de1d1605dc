-- Tests: every learning record of every source has its ledger row, and no ledger row comes from nowhere:
-- enrolments of finished classes x courses (or alone, without lessons), academy records, mobile completions.
-- Matters: nothing disappears (rules.md): a record that earns nothing must still say why.
-- Resolve: take a key below; "missing": follow it from staging through the record's intermediate models until
-- it is lost; "unexpected": ask which join doubled or invented it. A missing parent belongs into ops_orphan,
-- not here.
with

lessons as (

    select distinct lessons.class_id, lessons.course_id
    from {{ ref('stg_academic__lesson') }} as lessons
    inner join {{ ref('stg_academic__course') }} as courses
        on lessons.course_id = courses.course_id and not courses.is_deleted
    where not lessons.is_deleted

),

expected as (

    select
        'academic' as source,
        enrollments.enrollment_id || coalesce('/' || lessons.course_id, '') as source_record_id
    from {{ ref('stg_academic__enrollment') }} as enrollments
    inner join {{ ref('stg_academic__training_class') }} as classes
        on
            enrollments.class_id = classes.class_id
            and not classes.is_deleted
            and classes.status = 'finished'
    left join {{ ref('stg_academic__student') }} as students on enrollments.student_id = students.student_id
    left join lessons on enrollments.class_id = lessons.class_id
    where not enrollments.is_deleted and coalesce(not students.is_deleted, true)

    union all

    select 'academic' as source, enrollment_id as source_record_id
    from {{ ref('int_backfill_enrollment') }}
    where counts

    union all

    select 'academy' as source, records.record_id as source_record_id
    from {{ ref('stg_academy__records') }} as records
    left join {{ ref('ops_orphan') }} as orphans
        on
            orphans.source = 'academy'
            and orphans.entity = 'records'
            and orphans.is_left_out
            and records.record_id = orphans.key
    where orphans.key is null

    union all

    select distinct
        'mobile' as source,
        statements.user_id || '/' || statements.activity_id || '/'
        || cast({{ year_of(local_date('statements.occurred_at')) }} as varchar) as source_record_id
    from {{ ref('stg_mobile__statements') }} as statements
    left join {{ ref('stg_mobile__statements') }} as voiding
        on voiding.verb_id like '%/voided' and statements.statement_id = voiding.activity_id
    left join {{ ref('ops_orphan') }} as orphans
        on orphans.source = 'mobile' and statements.statement_id = orphans.key
    where statements.verb_id like '%/completed' and voiding.statement_id is null and orphans.key is null

),

found as (

    select source, source_record_id
    from {{ ref('fct_training') }}
    -- one row stands for an activity that was never completed: there is no completion to expect it from
    where not (
            source = 'mobile'
            and credit_status in ('not_completed', 'unresolved_person')
            and completed_at is null
        )

)

select
    coalesce(expected.source, found.source) as source,
    coalesce(expected.source_record_id, found.source_record_id) as source_record_id,
    case when found.source is null then 'missing' else 'unexpected' end as fault
from expected
full outer join found
    on expected.source = found.source and expected.source_record_id = found.source_record_id
where expected.source is null or found.source is null
