-- The findings of mart_call_up_issue in sentences, with names, classes and dates: for the organization
-- department. Days in a row on which too many of a unit were in class are one finding.
with

findings as (

    select * from {{ ref('mart_call_up_issue') }} where kind <> 'unit_overdraw'

),

themes as (

    select theme_code, theme_name
    from {{ ref('stg_academic__theme') }}
    where not is_deleted

),

-- the enrolments behind each finding, by their names and dates
evidence as (

    select
        findings.kind,
        findings.cadre_key,
        findings.on_date,
        findings.evidence,
        count(*) as classes,
        min(enrollments.start_date) as from_date,
        max(enrollments.start_date) as later_start,
        min(enrollments.end_date) as earlier_end,
        max(enrollments.end_date) as to_date,
        max(themes.theme_name) as theme_name,
        {{ joined_texts(
            "'“' || classes.class_name || '”（' || cast(enrollments.start_date as varchar) || ' 至 '
            || cast(enrollments.end_date as varchar) || '）'", '、',
            'enrollments.start_date, enrollments.enrollment_id'
        ) }} as classes_zh,
        {{ joined_texts(
            "'“' || classes.class_name || '” (' || cast(enrollments.start_date as varchar) || ' to '
            || cast(enrollments.end_date as varchar) || ')'", ', ',
            'enrollments.start_date, enrollments.enrollment_id'
        ) }} as classes_en
    from findings
    inner join {{ ref('int_call_up_enrollment') }} as enrollments
        on
            findings.cadre_key = enrollments.cadre_key
            and contains(' ' || findings.evidence || ' ', ' ' || enrollments.class_id || ' ')
            and (
                findings.kind <> 'long_class_repeat'
                or (enrollments.is_long and enrollments.result = 'passed')
            )
    inner join {{ ref('int_academic_enrollment') }} as graded
        on enrollments.enrollment_id = graded.enrollment_id
    inner join {{ ref('int_training_class') }} as classes
        on
            graded.class_id = classes.class_id
            and graded.evidence_grade = classes.evidence_grade
            and classes.source = 'academic'
    left join themes on enrollments.theme_code = themes.theme_code
    group by findings.kind, findings.cadre_key, findings.on_date, findings.evidence

),

overdrawn_days as (

    select
        *,
        -- the same for all days in a row
        {{ days_between(window_start(as_of()), 'on_date') }}
        - row_number() over (partition by unit_code order by on_date) as stretch
    from {{ ref('int_unit_off_job_day') }}
    where is_overdrawn and on_date between {{ window_start(as_of()) }} and {{ as_of() }}

),

overdraws as (

    select
        unit_code,
        min(on_date) as from_date,
        max(on_date) as to_date,
        count(*) as days,
        max(in_class) as in_class,
        max(due) as due,
        min(max_in_class) as max_in_class
    from overdrawn_days
    group by unit_code, stretch

),

told as (

    select
        findings.kind,
        findings.cadre_key,
        findings.unit_code,
        findings.evidence,
        coalesce(evidence.from_date, findings.on_date) as from_date,
        evidence.to_date,
        findings.on_date,
        cast(1 as bigint) as days,
        case findings.kind
            when 'long_class_repeat'
                then '五年内参加 ' || cast(evidence.classes as varchar) || ' 个一个月以上班次：' || evidence.classes_zh
            when 'same_theme_repeat'
                then cast({{ year_of('findings.on_date') }} as varchar)
                    || ' 年参加 '
                    || cast(evidence.classes as varchar)
                    || ' 个“'
                    || coalesce(evidence.theme_name, '同一主题')
                    || '”班次：'
                    || evidence.classes_zh
            when 'overlap'
                then cast(evidence.later_start as varchar)
                    || ' 至 '
                    || cast(evidence.earlier_end as varchar)
                    || ' 同时在两个班次：'
                    || evidence.classes_zh
            when 'never_trained'
                then '近五年无认定学时，'
                    || coalesce('最近一次参训为 ' || cast(findings.on_date as varchar), '此前也无参训记录')
        end as finding,
        case findings.kind
            when 'long_class_repeat'
                then cast(evidence.classes as varchar)
                    || ' classes of a month or more in five years: '
                    || evidence.classes_en
            when 'same_theme_repeat'
                then cast(evidence.classes as varchar)
                    || ' classes on “'
                    || coalesce(evidence.theme_name, 'one theme')
                    || '” in '
                    || cast({{ year_of('findings.on_date') }} as varchar)
                    || ': '
                    || evidence.classes_en
            when 'overlap'
                then 'In two classes at once from '
                    || cast(evidence.later_start as varchar)
                    || ' to '
                    || cast(evidence.earlier_end as varchar)
                    || ': '
                    || evidence.classes_en
            when 'never_trained'
                then 'Nothing credited in five years, '
                    || coalesce('last trained on ' || cast(findings.on_date as varchar), 'nor before')
        end as finding_en
    from findings
    left join evidence
        on
            findings.kind = evidence.kind
            and findings.cadre_key = evidence.cadre_key
            and findings.evidence = evidence.evidence
            and findings.on_date = evidence.on_date

    union all

    select
        'unit_overdraw' as kind,
        cast(null as varchar) as cadre_key,
        unit_code,
        '' as evidence,
        from_date,
        to_date,
        from_date as on_date,
        cast(days as bigint) as days,
        '同时脱产人数超限（连续天数：'
        || cast(days as varchar)
        || '）：应训 '
        || cast(due as varchar)
        || ' 人，最多 '
        || cast(in_class as varchar)
        || ' 人在班，上限 '
        || {{ number_text('max_in_class') }}
        || ' 人' as finding,
        'Too many in class at once (days in a row: '
        || cast(days as varchar)
        || '): up to '
        || cast(in_class as varchar)
        || ' of '
        || cast(due as varchar)
        || ' due cadres, at most '
        || {{ number_text('max_in_class') }}
        || ' may be' as finding_en
    from overdraws

)

select
    {{ as_of() }} as as_of,
    told.kind,
    kinds.label_zh as kind_name,
    kinds.label_en as kind_name_en,
    kinds.sort_order as kind_order,
    told.cadre_key,
    people.person_code,
    people.name,
    people.cadre_label,
    told.unit_code,
    coalesce(people.serving_unit, units.unit_label) as serving_unit,
    coalesce(people.branch_unit, branches.branch_unit) as branch_unit,
    coalesce(people.cadre_label, units.unit_label) as subject,
    told.on_date,
    {{ year_of('told.on_date') }} as year,
    told.from_date,
    told.to_date,
    told.days,
    told.evidence,
    told.finding,
    told.finding_en,
    cast(1 as bigint) as findings
from told
left join {{ ref('cadre_identity') }} as people on told.cadre_key = people.cadre_key
left join {{ ref('int_unit_label') }} as units on told.unit_code = units.unit_code
left join {{ ref('int_unit_branch') }} as branches on told.unit_code = branches.unit_code
left join {{ ref('code_label') }} as kinds on kinds.code_list = 'call_up_issue' and told.kind = kinds.code
