{% set meets_five_year = target_met(
    'measured.statutory_hours', 'measured.statutory_days', 'five_year.min_hours', 'five_year.min_days'
) -%}
-- Coverage of every due cadre on every report date: hours and days in the window and in the year, targets
-- met, light.
with

report as (

    select * from {{ ref('int_report_date') }}

),

targets as (

    select
        report.report_date,
        targets.rank_group,
        targets.target_window,
        targets.counts,
        targets.min_hours,
        targets.min_days
    from report
    inner join {{ ref('policy_target') }} as targets
        on {{ in_force_on('targets', 'report.report_date') }}

),

due as (

    select
        report.report_date,
        report.is_current,
        report.window_start,
        report.report_year,
        cadres.person_code,
        cadres.cadre_key,
        cadres.unit_code,
        cadres.rank_group,
        cadres.rank_date
    from report
    inner join {{ ref('int_cadre_snapshot') }} as cadres
        on report.snapshot_date = cadres.business_date and cadres.is_due

),

trained as (

    select
        due.report_date,
        due.cadre_key,
        max(days.activity_date) as last_trained_on,
        {% for measure in [
            'credited_hours', 'statutory_hours', 'systematic_hours', 'off_job_hours', 'part_time_hours',
            'online_class_hours', 'online_elective_hours', 'mobile_hours'
        ] %}
        round(
            sum(case when days.activity_date >= due.window_start then days.{{ measure }} else 0 end), 1
        ) as {{ measure }},
        {% endfor %}
        round(sum(case when days.activity_year = due.report_year then days.statutory_hours else 0 end), 1)
            as statutory_hours_year,
        round(sum(case when days.activity_year = due.report_year then days.online_hours else 0 end), 1)
            as online_hours_year
    from due
    inner join {{ ref('int_cadre_day') }} as days
        on due.cadre_key = days.cadre_key and days.activity_date <= due.report_date
    group by due.report_date, due.cadre_key

),

off_job as (

    select
        due.report_date,
        due.cadre_key,
        sum(case when classes.end_date >= due.window_start then classes.class_days else 0 end)
            as statutory_days,
        sum(case when classes.end_year = due.report_year then classes.class_days else 0 end)
            as statutory_days_year
    from due
    inner join {{ ref('int_statutory_enrollment') }} as classes
        on due.cadre_key = classes.cadre_key and classes.end_date <= due.report_date
    group by due.report_date, due.cadre_key

),

finals as (

    select
        due.report_date,
        due.cadre_key,
        count(*) as final_results,
        sum(case when enrollments.result = 'passed' then 1 else 0 end) as passed_results
    from due
    inner join {{ ref('int_enrollment') }} as enrollments
        on
            due.cadre_key = enrollments.cadre_key
            and enrollments.end_date >= due.window_start
            and enrollments.end_date <= due.report_date
            and enrollments.result in ('passed', 'failed', 'withdrawn')
            and (enrollments.source = 'academy' or enrollments.class_status = 'finished')
    group by due.report_date, due.cadre_key

),

measured as (

    select
        due.*,
        coalesce(trained.credited_hours, 0) as credited_hours,
        coalesce(trained.statutory_hours, 0) as statutory_hours,
        coalesce(trained.systematic_hours, 0) as systematic_hours,
        coalesce(trained.off_job_hours, 0) as off_job_hours,
        coalesce(trained.part_time_hours, 0) as part_time_hours,
        coalesce(trained.online_class_hours, 0) as online_class_hours,
        coalesce(trained.online_elective_hours, 0) as online_elective_hours,
        coalesce(trained.mobile_hours, 0) as mobile_hours,
        coalesce(trained.statutory_hours_year, 0) as statutory_hours_year,
        coalesce(trained.online_hours_year, 0) as online_hours_year,
        trained.last_trained_on,
        cast(coalesce(off_job.statutory_days, 0) as bigint) as statutory_days,
        cast(coalesce(off_job.statutory_days_year, 0) as bigint) as statutory_days_year,
        cast(coalesce(finals.final_results, 0) as bigint) as final_results,
        cast(coalesce(finals.passed_results, 0) as bigint) as passed_results
    from due
    left join trained on due.report_date = trained.report_date and due.cadre_key = trained.cadre_key
    left join off_job on due.report_date = off_job.report_date and due.cadre_key = off_job.cadre_key
    left join finals on due.report_date = finals.report_date and due.cadre_key = finals.cadre_key

),

judged as (

    select
        measured.*,
        {{ meets_five_year }} as meets_five_year,
        {{ target_met(
            'measured.statutory_hours_year', 'measured.statutory_days_year', 'annual.min_hours', 'annual.min_days'
        ) }} as meets_annual,
        -- no online target was in force before the Plan: nobody can miss it then
        coalesce(measured.online_hours_year >= online.min_hours, true) as meets_online,
        {{ light_of(
            'measured.systematic_hours', policy_value('systematic_min_hours'), meets_five_year
        ) }} as light
    from measured
    left join targets as five_year
        on
            measured.report_date = five_year.report_date
            and measured.rank_group = five_year.rank_group
            and five_year.target_window = 'rolling_5y'
            and five_year.counts = 'statutory'
    left join targets as annual
        on
            measured.report_date = annual.report_date
            and measured.rank_group = annual.rank_group
            and annual.target_window = 'calendar_year'
            and annual.counts = 'statutory'
    left join targets as online
        on
            measured.report_date = online.report_date
            and online.rank_group = 'all'
            and online.counts = 'online'
    {{ join_policy_on('systematic_min_hours', 'measured.report_date') }}

)

select * from judged
