-- Unit that a workbook row without a unit code names in its free text of unit and post: the longest full
-- name that the text begins with. Rules 3 and 5 ask for a code or an exact name, so only rule 6 takes the
-- hint.
with

texts as (

    select
        'backfill' as source,
        enrollment.enrollment_id as source_person_id,
        student.unit_and_post
    from {{ ref('int_backfill_enrollment') }} as enrollment
    inner join {{ ref('stg_academic__backfill_student') }} as student
        on enrollment.batch_id = student.batch_id and enrollment.source_row = student.source_row
    inner join {{ ref('int_identity_rule_link') }} as link
        on link.source = 'backfill' and enrollment.enrollment_id = link.source_person_id
    where enrollment.unit_code is null and student.unit_and_post is not null and link.is_open

),

named as (

    select
        texts.source,
        texts.source_person_id,
        units.unit_code,
        length(units.unit_name_nfkc) as name_length,
        max(length(units.unit_name_nfkc)) over (
            partition by texts.source, texts.source_person_id
        ) as longest_length
    from texts
    inner join {{ ref('int_unit_current') }} as units
        on substr(texts.unit_and_post, 1, length(units.unit_name_nfkc)) = units.unit_name_nfkc

)

select distinct
    named.source,
    named.source_person_id,
    coalesce(standing.stands_for_code, named.unit_code) as unit_code
from named
left join {{ ref('int_unit_standing') }} as standing on named.unit_code = standing.unit_code
where named.name_length = named.longest_length
