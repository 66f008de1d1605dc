-- What people should look at: each finding says what was measured, in words, and which records show it.
with

courses as (

    select course_key, '《' || coalesce(title, course_key) || '》' as title
    from {{ ref('dim_course') }}

),

findings as (

    select
        'parallel' as kind,
        parallel.cadre_key,
        parallel.on_date,
        {{ local_clock('parallel.overlap_started_at') }}
        || '至' || {{ local_clock('parallel.overlap_ended_at') }}
        || '同时学习' || earlier_courses.title || '和' || courses.title
        || '，重叠' || {{ duration_zh('parallel.overlap_seconds') }} as finding,
        {{ local_clock('parallel.overlap_started_at') }}
        || ' to ' || {{ local_clock('parallel.overlap_ended_at') }}
        || ': ' || earlier_courses.title || ' and ' || courses.title
        || ' at once for ' || {{ duration_en('parallel.overlap_seconds') }} as finding_en
    from {{ ref('int_study_parallel') }} as parallel
    inner join courses on parallel.course_key = courses.course_key
    inner join courses as earlier_courses on parallel.earlier_course_key = earlier_courses.course_key

    union all

    select
        'marathon' as kind,
        cadre_key,
        on_date,
        {{ local_clock('first_started_at') }} || '至' || {{ local_clock('last_ended_at') }}
        || '共' || sessions || '个学习时段，学习' || {{ duration_zh('study_seconds') }}
        || '，超过' || round(limit_hours, 1) || '小时' as finding,
        {{ local_clock('first_started_at') }} || ' to ' || {{ local_clock('last_ended_at') }}
        || ': ' || sessions || ' sessions, ' || {{ duration_en('study_seconds') }}
        || ' of study, over ' || round(limit_hours, 1) || ' h' as finding_en
    from {{ ref('int_study_marathon') }}

    union all

    select
        'too_fast' as kind,
        too_fast.cadre_key,
        too_fast.on_date,
        courses.title || '时长' || {{ duration_zh('too_fast.duration_seconds') }}
        || '，学习' || {{ duration_zh('too_fast.study_seconds') }}
        || '即完成，不足' || round(100 * too_fast.limit_share, 1) || '%' as finding,
        courses.title || ' lasts ' || {{ duration_en('too_fast.duration_seconds') }}
        || ', completed after ' || {{ duration_en('too_fast.study_seconds') }}
        || ', under ' || round(100 * too_fast.limit_share, 1) || '%' as finding_en
    from {{ ref('int_study_too_fast') }} as too_fast
    inner join courses on too_fast.course_key = courses.course_key

    union all

    select
        'cramming' as kind,
        cadre_key,
        on_date,
        activity_year || '年网络学时' || year_hours || '，其中'
        || crammed_from || '起完成' || crammed_hours as finding,
        crammed_hours || ' of the ' || year_hours || ' online hours of ' || activity_year
        || ' were completed on or after ' || crammed_from as finding_en
    from {{ ref('int_study_cramming') }}

    union all

    select
        'during_class' as kind,
        during.cadre_key,
        during.on_date,
        {{ local_clock('during.overlap_started_at') }} || '至' || {{ local_clock('during.overlap_ended_at') }}
        || '在“' || classes.class_name || '”上课时在线学习' || courses.title
        || {{ duration_zh('during.overlap_seconds') }} as finding,
        {{ local_clock('during.overlap_started_at') }}
        || ' to ' || {{ local_clock('during.overlap_ended_at') }}
        || ': ' || courses.title || ' online for ' || {{ duration_en('during.overlap_seconds') }}
        || ' during a lesson of ' || classes.class_name as finding_en
    from {{ ref('int_study_during_class') }} as during
    inner join courses on during.course_key = courses.course_key
    inner join {{ ref('dim_training_class') }} as classes
        on classes.source = 'academic' and during.class_id = classes.class_id

),

flags as (

    select
        kind,
        cadre_key,
        on_date,
        count(*) as findings,
        {{ joined_texts('finding', '；', 'finding') }} as evidence,
        {{ joined_texts('finding_en', '; ', 'finding') }} as evidence_en
    from findings
    group by kind, cadre_key, on_date

),

records as (

    select
        kind,
        cadre_key,
        on_date,
        count(*) as records,
        {{ joined_texts('record_id', ' ', 'record_id') }} as record_ids
    from {{ ref('int_study_flag_record') }}
    group by kind, cadre_key, on_date

)

select
    {{ as_of() }} as as_of,
    flags.kind,
    kinds.label_zh as kind_name,
    kinds.label_en as kind_name_en,
    flags.cadre_key,
    cadres.unit_code,
    flags.on_date,
    flags.findings,
    records.records,
    records.record_ids,
    flags.evidence,
    flags.evidence_en
from flags
inner join records
    on
        flags.kind = records.kind
        and flags.cadre_key = records.cadre_key
        and flags.on_date = records.on_date
left join {{ ref('dim_cadre') }} as cadres on flags.cadre_key = cadres.cadre_key
left join {{ ref('code_label') }} as kinds
    on kinds.code_list = 'online_flag' and flags.kind = kinds.code
