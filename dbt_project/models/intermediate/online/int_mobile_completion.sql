-- One row per actor, activity and calendar year with a completion; one row where no year has any (rules.md,
-- mobile).
with

statements as (

    select * from {{ ref('int_mobile_statement') }}

),

ranked_completions as (

    select
        user_id,
        activity_id,
        activity_year,
        occurred_at as completed_at,
        occurred_on as activity_date,
        batch_id,
        source_file,
        source_row,
        row_number() over (
            partition by user_id, activity_id, activity_year
            order by occurred_at, statement_id
        ) as choice
    from statements
    where verb = 'completed'

),

completions as (

    select
        *,
        lag(activity_year) over (partition by user_id, activity_id order by activity_year) as previous_year
    from ranked_completions
    where choice = 1

),

ranked_last as (

    select
        statements.user_id,
        statements.activity_id,
        statements.activity_year,
        statements.occurred_on as activity_date,
        statements.batch_id,
        statements.source_file,
        statements.source_row,
        row_number() over (
            partition by statements.user_id, statements.activity_id
            order by statements.occurred_at desc, statements.statement_id desc
        ) as choice
    from statements
    left join (select distinct user_id, activity_id from completions) as completed
        on statements.user_id = completed.user_id and statements.activity_id = completed.activity_id
    where completed.user_id is null

),

periods as (

    select
        user_id,
        activity_id,
        activity_year,
        coalesce(previous_year, 0) as after_year,
        activity_year as up_to_year,
        completed_at,
        activity_date,
        batch_id,
        source_file,
        source_row
    from completions

    union all

    select
        user_id,
        activity_id,
        activity_year,
        0 as after_year,
        9999 as up_to_year,
        cast(null as timestamptz) as completed_at,
        activity_date,
        batch_id,
        source_file,
        source_row
    from ranked_last
    where choice = 1

),

measured as (

    select
        periods.user_id,
        periods.activity_id,
        periods.activity_year,
        sum(case when statements.verb = 'terminated' then statements.duration_seconds end)
            as duration_seconds,
        max(case when statements.verb in ('passed', 'failed') then statements.occurred_at end)
            as newest_exam_at
    from periods
    inner join statements
        on
            periods.user_id = statements.user_id
            and periods.activity_id = statements.activity_id
            and statements.activity_year > periods.after_year
            and statements.activity_year <= periods.up_to_year
    group by periods.user_id, periods.activity_id, periods.activity_year

),

exams as (

    select
        user_id,
        activity_id,
        occurred_at,
        max_by(score_raw, statement_id) as score
    from statements
    where verb in ('passed', 'failed')
    group by user_id, activity_id, occurred_at

)

select
    periods.user_id,
    periods.activity_id,
    periods.activity_year,
    periods.completed_at,
    periods.activity_date,
    coalesce(measured.duration_seconds, 0) as duration_seconds,
    exams.score,
    periods.batch_id,
    periods.source_file,
    periods.source_row
from periods
inner join measured
    on
        periods.user_id = measured.user_id
        and periods.activity_id = measured.activity_id
        and periods.activity_year = measured.activity_year
left join exams
    on
        periods.user_id = exams.user_id
        and periods.activity_id = exams.activity_id
        and measured.newest_exam_at = exams.occurred_at
