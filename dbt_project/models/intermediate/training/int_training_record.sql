-- Every learning record of every source with its person: the one place where the ledger meets identity. A
-- record of nobody known stays, and says so before any other rule.
with

unioned as (

    select * from {{ ref('int_academic_ledger') }}
    union all
    select * from {{ ref('int_academy_record') }}
    union all
    select * from {{ ref('int_mobile_record') }}

)

select
    unioned.source,
    unioned.source_record_id,
    unioned.enrollment_id,
    links.person_code,
    links.cadre_key,
    unioned.mode,
    unioned.class_id,
    unioned.course_key,
    unioned.topic_code,
    unioned.activity_date,
    unioned.completed_at,
    unioned.raw_hours,
    case
        when links.cadre_key is null then 'unresolved_person' else unioned.credit_status
    end as credit_status,
    case when links.cadre_key is null then 'unresolved_person' else unioned.rule_code end as rule_code,
    unioned.is_statutory,
    unioned.score,
    unioned.evidence_grade,
    unioned.batch_id,
    unioned.source_file,
    unioned.source_row
from unioned
left join {{ ref('int_identity_link') }} as links
    on unioned.link_source = links.source and unioned.source_person_id = links.source_person_id
