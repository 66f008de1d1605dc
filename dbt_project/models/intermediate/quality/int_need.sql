-- Training needs as they were stated, each with its topic and with whom it is of: a cadre, or a unit.
with

stated as (

    select
        needs.need_id,
        needs.survey_year,
        -- topics and ranks of a survey are those of its year's last day
        cast(cast(needs.survey_year as varchar) || '-12-31' as date) as survey_date,
        needs.need_kind,
        needs.topic_text,
        links.cadre_key,
        coalesce(needs.unit_code, students.unit_code) as unit_code,
        coalesce(needs.weight, {{ policy('need_default_weight') }}) as weight
    from {{ ref('stg_academic__need_survey') }} as needs
    left join {{ ref('stg_academic__student') }} as students on needs.student_id = students.student_id
    left join {{ ref('int_identity_link') }} as links
        on links.source = 'academic' and needs.student_id = links.source_person_id
    where
        not needs.is_deleted
        and not coalesce(students.is_deleted, false)
        and needs.survey_year is not null

),

-- the topic of a need is found as that of a class's theme (rules.md, topic of a ledger row)
keywords as (

    select stated.need_id, min_by(keyword.topic_code, keyword.priority) as topic_code
    from stated
    inner join {{ ref('topic_keyword') }} as keyword
        on
            instr(stated.topic_text, keyword.keyword) > 0
            and {{ in_force_on('keyword', 'stated.survey_date') }}
    group by stated.need_id

)

select
    stated.need_id,
    stated.survey_year,
    stated.survey_date,
    stated.need_kind,
    stated.cadre_key,
    stated.unit_code,
    coalesce(mapping.topic_code, topic.topic_code, keywords.topic_code, 'U00') as topic_code,
    stated.weight
from stated
left join {{ ref('topic_mapping') }} as mapping
    on
        mapping.source = 'academic'
        and stated.topic_text = mapping.category_text
        and {{ in_force_on('mapping', 'stated.survey_date') }}
left join {{ ref('topic') }} as topic on stated.topic_text = topic.topic_name
left join keywords on stated.need_id = keywords.need_id
