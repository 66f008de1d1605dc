-- Tests: a main class's hours by topic group make up its lesson hours, so do its hours by method; the
-- lesson hours are those of its lessons; the status is what the shares and what is demanded say.
-- Matters: the 70 % and 20 % of theory and party education are a political duty; a lost lesson fakes a
-- breach.
-- Resolve: list the class's lessons; a topic group or method that no column counts drops hours.
with

lessons as (

    select class_id, sum(hours) as hours
    from {{ ref('int_academic_lesson') }}
    group by class_id

)

select mix.class_id, mix.lesson_hours, lessons.hours as hours_of_lessons
from {{ ref('mart_class_mix') }} as mix
left join lessons on mix.class_id = lessons.class_id
where
    abs(mix.lesson_hours - coalesce(lessons.hours, 0)) > 0.05
    or abs(
        mix.lesson_hours - mix.theory_hours - mix.party_hours - mix.duty_hours - mix.knowledge_hours
        - mix.unclassified_hours
    ) > 0.05
    or abs(
        mix.lesson_hours - mix.lecture_hours - mix.discussion_hours - mix.case_hours - mix.simulation_hours
        - mix.field_hours - mix.experience_hours - mix.unknown_method_hours
    ) > 0.05
    or coalesce(mix.mix_status, '') <> case
        when mix.lesson_hours = 0 then ''
        when
            mix.theory_hours + mix.party_hours
            >= mix.theory_party_target * mix.lesson_hours - 0.000001
            and mix.party_hours >= mix.party_target * mix.lesson_hours - 0.000001
            then 'met'
        else 'short'
    end
