-- Warnings about due cadres, for somebody to act on.
with

coverage as (

    select * from {{ ref('mart_cadre_coverage') }}

),

targets as (

    select
        rank_group,
        target_window,
        min_hours,
        min_days
    from {{ ref('policy_target') }}
    where counts = 'statutory' and {{ in_force_on(none, as_of()) }}

),

failures as (

    -- one class is one failure, however often the cadre is enrolled in it
    select distinct
        enrollments.cadre_key,
        enrollments.person_code,
        enrollments.source,
        enrollments.evidence_grade,
        enrollments.class_id,
        {{ year_of('enrollments.end_date') }} as end_year
    from {{ ref('int_enrollment') }} as enrollments
    where
        enrollments.result = 'failed'
        and enrollments.cadre_key is not null
        and enrollments.end_date >= {{ window_start(as_of()) }}
        and enrollments.end_date <= {{ as_of() }}
        and (enrollments.source = 'academy' or enrollments.class_status = 'finished')

),

excellent_years as (

    select distinct appraisals.person_code, appraisals.appraisal_year
    from {{ ref('stg_cadre__appraisal') }} as appraisals
    inner join (
        select max(business_date) as business_date from {{ ref('stg_cadre__appraisal') }}
    ) as newest on appraisals.business_date = newest.business_date
    where appraisals.appraisal_result = '1'

),

never_trained as (

    select
        'never_trained' as kind,
        cadre_key,
        cast(null as varchar) as class_id,
        cast(null as date) as due_on,
        '近五年无认定学时，'
        || coalesce('最近一次参训为 ' || cast(last_trained_on as varchar), '此前也无参训记录') as detail,
        'Nothing credited in five years, '
        || coalesce('last trained on ' || cast(last_trained_on as varchar), 'nor before') as detail_en
    from coverage
    where credited_hours = 0

),

red as (

    select
        'red' as kind,
        cadre_key,
        cast(null as varchar) as class_id,
        cast(null as date) as due_on,
        '近五年班次中理论教育和党性教育 '
        || {{ number_text('systematic_hours') }}
        || ' 学时，不足 '
        || {{ number_text(policy('systematic_min_hours')) }}
        || ' 学时' as detail,
        'Class hours of theory and party education in five years: '
        || {{ number_text('systematic_hours') }}
        || ', under '
        || {{ number_text(policy('systematic_min_hours')) }} as detail_en
    from coverage
    where light = 'red'

),

annual_shortfall as (

    select
        'annual_shortfall' as kind,
        coverage.cadre_key,
        cast(null as varchar) as class_id,
        {{ year_end(year_of('coverage.as_of')) }} as due_on,
        '本年脱产培训 '
        || {{ number_text('coverage.statutory_hours_year') }}
        || ' 学时、'
        || cast(coverage.statutory_days_year as varchar)
        || ' 天，年度目标 '
        || {{ number_text('targets.min_hours') }}
        || ' 学时或 '
        || {{ number_text('targets.min_days') }}
        || ' 天' as detail,
        'Off-job training this year: '
        || {{ number_text('coverage.statutory_hours_year') }}
        || ' hours, '
        || cast(coverage.statutory_days_year as varchar)
        || ' days; annual target '
        || {{ number_text('targets.min_hours') }}
        || ' hours or '
        || {{ number_text('targets.min_days') }}
        || ' days' as detail_en
    from coverage
    left join targets on coverage.rank_group = targets.rank_group and targets.target_window = 'calendar_year'
    where not coverage.meets_annual

),

promotion as (

    select
        case when coverage.promotion_overdue then 'promotion_overdue' else 'promotion_due' end as kind,
        coverage.cadre_key,
        cast(null as varchar) as class_id,
        coverage.promotion_deadline as due_on,
        case
            when coverage.promotion_overdue then '晋升补训期限已过，'
            else '晋升后须在期限内达到五年目标，'
        end
        || '现有脱产培训 '
        || {{ number_text('coverage.statutory_hours') }}
        || ' 学时、'
        || cast(coverage.statutory_days as varchar)
        || ' 天，目标 '
        || {{ number_text('targets.min_hours') }}
        || ' 学时或 '
        || {{ number_text('targets.min_days') }}
        || ' 天' as detail,
        case
            when coverage.promotion_overdue then 'Deadline after the promotion has passed; '
            else 'Five-year target to be met by the deadline after the promotion; '
        end
        || 'off-job training '
        || {{ number_text('coverage.statutory_hours') }}
        || ' hours, '
        || cast(coverage.statutory_days as varchar)
        || ' days; target '
        || {{ number_text('targets.min_hours') }}
        || ' hours or '
        || {{ number_text('targets.min_days') }}
        || ' days' as detail_en
    from coverage
    left join targets on coverage.rank_group = targets.rank_group and targets.target_window = 'rolling_5y'
    where coverage.in_promotion_grace or coverage.promotion_overdue

),

make_up_due as (

    select distinct
        'make_up_due' as kind,
        missed.cadre_key,
        missed.class_id,
        missed.due_on,
        '“'
        || classes.class_name
        || '”（'
        || missed.class_id
        || '）'
        || case missed.result
            when 'failed' then '考核不合格'
            when 'withdrawn' then '中途退学'
            when 'excess_leave' then '请假缺勤超过限额'
        end
        || '，此后未再参加脱产班次并合格' as detail,
        case missed.result
            when 'failed' then 'Failed '
            when 'withdrawn' then 'Withdrew from '
            when 'excess_leave' then 'Too much leave or absence in '
        end
        || '“'
        || classes.class_name
        || '” ('
        || missed.class_id
        || '); no off-job class passed since' as detail_en
    from {{ ref('int_make_up_class') }} as missed
    inner join {{ ref('int_training_class') }} as classes
        on
            missed.class_id = classes.class_id
            and missed.evidence_grade = classes.evidence_grade
            and classes.source = 'academic'

),

appraisal_conflict as (

    select
        'appraisal_conflict' as kind,
        failures.cadre_key,
        failures.class_id,
        cast(null as date) as due_on,
        '“'
        || classes.class_name
        || '”（'
        || failures.class_id
        || '）考核不合格，而 '
        || cast(failures.end_year as varchar)
        || ' 年度考核为优秀' as detail,
        'Failed “'
        || classes.class_name
        || '” ('
        || failures.class_id
        || '), yet appraised excellent in '
        || cast(failures.end_year as varchar) as detail_en
    from failures
    inner join excellent_years
        on
            failures.person_code = excellent_years.person_code
            and failures.end_year = excellent_years.appraisal_year
    inner join {{ ref('int_training_class') }} as classes
        on
            failures.class_id = classes.class_id
            and failures.evidence_grade = classes.evidence_grade
            and failures.source = classes.source

),

warnings as (

    select * from never_trained
    union all
    select * from red
    union all
    select * from annual_shortfall
    union all
    select * from promotion
    union all
    select * from make_up_due
    union all
    select * from appraisal_conflict

)

select
    coverage.as_of,
    warnings.kind,
    kinds.label_zh as kind_name,
    kinds.label_en as kind_name_en,
    warnings.cadre_key,
    coverage.unit_code,
    coverage.unit_name,
    warnings.class_id,
    warnings.due_on,
    warnings.detail,
    warnings.detail_en
from warnings
-- of due cadres only: whoever is retired or gone is called up no more
inner join coverage on warnings.cadre_key = coverage.cadre_key
left join {{ ref('code_label') }} as kinds on kinds.code_list = 'alert' and warnings.kind = kinds.code
