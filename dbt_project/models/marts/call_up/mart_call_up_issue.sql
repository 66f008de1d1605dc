-- Findings for people to look at: who was called up again and again, to two classes at once, or never, and
-- which units too many at a time.
with

enrollments as (

    select * from {{ ref('int_call_up_enrollment') }} where is_recent

),

long_class_repeats as (

    select
        'long_class_repeat' as kind,
        cadre_key,
        cast(null as varchar) as unit_code,
        max(start_date) as on_date,
        {{ joined_texts('class_id', ' ', 'class_id') }} as evidence
    from enrollments
    where is_long and result = 'passed' and start_date <= {{ as_of() }}
    group by cadre_key
    having count(*) > {{ policy('long_class_max') }}

),

theme_classes as (

    select
        cadre_key,
        theme_code,
        start_year,
        count(*) as classes,
        max(start_date) as on_date,
        {{ joined_texts('class_id', ' ', 'class_id') }} as evidence
    from enrollments
    where theme_code is not null
    group by cadre_key, theme_code, start_year

),

same_theme_repeats as (

    select
        'same_theme_repeat' as kind,
        theme_classes.cadre_key,
        cast(null as varchar) as unit_code,
        theme_classes.on_date,
        theme_classes.evidence
    from theme_classes
    {{ join_policy_on('same_theme_max', 'theme_classes.on_date') }}
    where theme_classes.classes > {{ policy_value('same_theme_max') }}

),

class_overlaps as (

    select
        'overlap' as kind,
        one.cadre_key,
        cast(null as varchar) as unit_code,
        greatest(one.start_date, other.start_date) as on_date,
        least(one.class_id, other.class_id) || ' ' || greatest(one.class_id, other.class_id) as evidence
    from enrollments as one
    inner join enrollments as other
        on
            one.cadre_key = other.cadre_key
            and one.enrollment_id < other.enrollment_id
            and one.start_date <= other.end_date
            and other.start_date <= one.end_date

),

overdraws as (

    select
        'unit_overdraw' as kind,
        cast(null as varchar) as cadre_key,
        unit_code,
        on_date,
        cast(in_class as varchar) || '/' || cast(due as varchar) as evidence
    from {{ ref('int_unit_off_job_day') }}
    where is_overdrawn and on_date between {{ window_start(as_of()) }} and {{ as_of() }}

),

never_trained as (

    select
        'never_trained' as kind,
        cadre_key,
        unit_code,
        last_trained_on as on_date,
        '' as evidence
    from {{ ref('int_cadre_coverage') }}
    where is_current and credited_hours = 0

),

findings as (

    select * from long_class_repeats
    union all
    select * from same_theme_repeats
    union all
    select * from class_overlaps
    union all
    select * from overdraws
    union all
    select * from never_trained

),

placed as (

    select
        findings.kind,
        findings.cadre_key,
        coalesce(findings.unit_code, cadres.unit_code) as unit_code,
        findings.on_date,
        findings.evidence
    from findings
    left join {{ ref('int_cadre_current') }} as cadres on findings.cadre_key = cadres.cadre_key

)

select
    {{ as_of() }} as as_of,
    placed.kind,
    kinds.label_zh as kind_name,
    placed.cadre_key,
    placed.unit_code,
    units.unit_name,
    placed.on_date,
    placed.evidence
from placed
left join {{ ref('int_unit_current') }} as units on placed.unit_code = units.unit_code
left join {{ ref('code_label') }} as kinds on kinds.code_list = 'call_up_issue' and placed.kind = kinds.code
