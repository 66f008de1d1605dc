-- What the lessons of a main class are made of, by topic group, method and teacher, against the shares that
-- are demanded of main classes.
with

classes as (

    select
        classes.*,
        {{ policy_value('main_class_theory_party_share') }} as theory_party_target,
        {{ policy_value('main_class_party_share') }} as party_target,
        {{ policy_value('leader_lecture_share') }} as leader_target
    from {{ ref('dim_training_class') }} as classes
    {{ join_policy_on('main_class_theory_party_share', 'classes.end_date') }}
    {{ join_policy_on('main_class_party_share', 'classes.end_date') }}
    {{ join_policy_on('leader_lecture_share', 'classes.end_date') }}
    where
        classes.source = 'academic'
        and classes.evidence_grade = 'system'
        and classes.is_main_class
        and coalesce(classes.status, '') <> 'cancelled'

),

lessons as (

    select
        classes.class_id,
        lessons.hours,
        coalesce(topic_groups.group_code, 'unclassified') as group_code,
        courses.method,
        teachers.teacher_kind
    from {{ ref('int_academic_lesson') }} as lessons
    inner join classes on lessons.class_id = classes.class_id
    -- topics by the maps in force on the class's last day, as in the ledger
    left join {{ ref('int_course_topic') }} as topics
        on
            topics.source = 'academic'
            and lessons.course_id = topics.source_course_id
            and {{ in_force_on('topics', 'classes.end_date') }}
    left join {{ ref('int_theme_topic_version') }} as themes
        on
            themes.kind = 'theme'
            and classes.theme_code = themes.text_key
            and {{ in_force_on('themes', 'classes.end_date') }}
    left join {{ ref('dim_topic') }} as topic_groups
        on coalesce(topics.topic_code, themes.topic_code) = topic_groups.topic_code
    left join {{ ref('stg_academic__course') }} as courses on lessons.course_id = courses.course_id
    left join {{ ref('stg_academic__teacher') }} as teachers on lessons.teacher_id = teachers.teacher_id

),

hours as (

    select
        class_id,
        round(sum(hours), 1) as lesson_hours,
        {% for group in ['theory', 'party', 'duty', 'knowledge', 'unclassified'] -%}
        round(sum(case when group_code = '{{ group }}' then hours else 0 end), 1) as {{ group }}_hours,
        {% endfor -%}
        {% for method in ['lecture', 'discussion', 'case', 'simulation', 'field', 'experience'] -%}
        round(sum(case when method = '{{ method }}' then hours else 0 end), 1) as {{ method }}_hours,
        {% endfor -%}
        round(sum(case when method is null then hours else 0 end), 1) as unknown_method_hours,
        round(sum(case when teacher_kind = 'leader' then hours else 0 end), 1) as leader_hours
    from lessons
    group by class_id

),

shares as (

    select
        classes.*,
        coalesce(hours.lesson_hours, 0) as lesson_hours,
        coalesce(hours.theory_hours, 0) as theory_hours,
        coalesce(hours.party_hours, 0) as party_hours,
        coalesce(hours.duty_hours, 0) as duty_hours,
        coalesce(hours.knowledge_hours, 0) as knowledge_hours,
        coalesce(hours.unclassified_hours, 0) as unclassified_hours,
        coalesce(hours.lecture_hours, 0) as lecture_hours,
        coalesce(hours.discussion_hours, 0) as discussion_hours,
        coalesce(hours.case_hours, 0) as case_hours,
        coalesce(hours.simulation_hours, 0) as simulation_hours,
        coalesce(hours.field_hours, 0) as field_hours,
        coalesce(hours.experience_hours, 0) as experience_hours,
        coalesce(hours.unknown_method_hours, 0) as unknown_method_hours,
        coalesce(hours.leader_hours, 0) as leader_hours,
        {{ rate('hours.theory_hours + hours.party_hours', 'hours.lesson_hours') }} as theory_party_share,
        {{ rate('hours.party_hours', 'hours.lesson_hours') }} as party_share,
        {{ rate('hours.leader_hours', 'hours.lesson_hours') }} as leader_share,
        {{ rate(
            'hours.lesson_hours - hours.lecture_hours - hours.unknown_method_hours',
            '(hours.lesson_hours - hours.unknown_method_hours)'
        ) }} as interactive_share
    from classes
    left join hours on classes.class_id = hours.class_id

),

judged as (

    select
        *,
        -- exactly the share demanded is enough, whatever its last binary digit
        theory_party_share >= theory_party_target - 0.000000001 as meets_theory_party,
        party_share >= party_target - 0.000000001 as meets_party,
        leader_share >= leader_target - 0.000000001 as meets_leader
    from shares

),

statuses as (

    select
        *,
        case
            when meets_theory_party and meets_party then 'met'
            when meets_theory_party is not null then 'short'
        end as mix_status
    from judged

)

select
    statuses.class_id,
    statuses.class_name,
    statuses.class_type,
    statuses.institution_id,
    institutions.name as institution_name,
    statuses.organizer_unit_code,
    statuses.topic_code,
    statuses.status,
    statuses.start_date,
    statuses.end_date,
    statuses.lesson_hours,
    statuses.theory_hours,
    statuses.party_hours,
    statuses.duty_hours,
    statuses.knowledge_hours,
    statuses.unclassified_hours,
    statuses.lecture_hours,
    statuses.discussion_hours,
    statuses.case_hours,
    statuses.simulation_hours,
    statuses.field_hours,
    statuses.experience_hours,
    statuses.unknown_method_hours,
    statuses.leader_hours,
    statuses.theory_party_share,
    statuses.theory_party_target,
    statuses.meets_theory_party,
    statuses.party_share,
    statuses.party_target,
    statuses.meets_party,
    statuses.leader_share,
    statuses.leader_target,
    statuses.meets_leader,
    statuses.interactive_share,
    statuses.mix_status,
    labels.label_zh as mix_status_name,
    labels.label_en as mix_status_name_en
from statuses
left join {{ ref('dim_institution') }} as institutions
    on statuses.institution_id = institutions.institution_id
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'class_mix_status' and statuses.mix_status = labels.code
