"""Small synthetic modelled tables that keep every expectation of the suite `marts`, in the order of creation."""

# ruff: noqa: E501 - SQL reads better unbroken
from __future__ import annotations


def _rated(prefix: str) -> str:
    return f"select '{prefix}' || range as target, 4.5 as mean_score, 4.2 as adjusted_score, 12 as ratings from range(20)"


MARTS = {
    "dim_unit": """select '001' || if(range = 0, '', '.' || lpad(range::varchar, 3, '0')) as unit_code,
        if(range = 0, null, '001') as parent_code, '某单位' || range as unit_name from range(10)""",
    "dim_unit_closure": "select '001' as ancestor_code, unit_code as descendant_code from dim_unit",
    "dim_topic": "select 'T' || lpad(range::varchar, 2, '0') as topic_code from range(5)",
    "dim_course": "select 'no:' || range as course_key, 'T01' as topic_code, '某课程' as title from range(50)",
    "dim_training_class": """select 'academic' as source, 'C' || range as class_id,
        date '2026-03-01' as start_date, date '2026-03-10' as end_date, 10 as class_days from range(20)""",
    "dim_cadre": """select md5(range::varchar) as cadre_key, '001.001' as unit_code, range % 10 > 0 as is_due,
        if(range % 10 > 0, '1', '2') as duty_status, 'section_below' as rank_group from range(200)""",
    "dim_cadre_history": """select cadre_key, date '2015-01-01' as valid_from, date '2020-01-01' as valid_to
        from dim_cadre""",
    "fct_enrollment": """select 'academic' as source, 'E' || range as enrollment_id, 'C1' as class_id,
        if(range % 20 = 0, 'failed', 'passed') as result, if(range % 20 = 0, 0.0, 40.0) as credited_hours
        from range(200)""",
    "fct_training": """select 'academic:E' || range as ledger_id, 'E' || range as source_record_id,
        if(range % 50 = 0, null, md5((range % 200)::varchar)) as cadre_key, 'off_job' as mode,
        case range % 50 when 0 then 'unresolved_person' when 1 then 'duplicate' else 'credited' end as credit_status,
        if(range % 50 < 2, 0.0, 4.0) as credited_hours, 4.0 as raw_hours, 'T01' as topic_code,
        'academic/x.sqlite#enrollment' as source_file, range as source_row from range(1200)""",
    "mart_cadre_coverage": """select date '2026-06-30' as as_of, cadre_key, unit_code, rank_group,
        100.0 as credited_hours, 60.0 as off_job_hours, 10.0 as part_time_hours, 10.0 as online_class_hours,
        10.0 as online_elective_hours, 10.0 as mobile_hours, 50.0 as statutory_hours, 10 as statutory_days,
        0.5 as progress, true as meets_five_year, 'green' as light, date '2026-05-01' as last_trained_on
        from dim_cadre where is_due""",
    "mart_unit_coverage": """select date '2026-06-30' as as_of, unit_code, 'subtree' as scope, due,
        due as participated, 0 as red, 0 as yellow, due as green, if(due = 0, null, 1.0) as participation_rate,
        if(due = 0, null, 1.0) as nominal_coverage, if(due = 0, null, 1.0) as effective_coverage,
        0.9 as pass_rate, 0.5 as annual_attainment, 0.5 as online_attainment, 100.0 as hours_per_head
        from (select unit_code, if(unit_code in ('001', '001.001'), 180, 0) as due from dim_unit)""",
    "mart_unit_layout": """select 'now' as attribution, 'direct' as scope, unit_code, 2026 as year,
        'T01' as topic_code, 'off_job' as mode, 5 as person_times, 4 as cadres, 20.0 as credited_hours
        from dim_unit""",
    "mart_unit_weak_spot": """select date '2026-06-30' as as_of, unit_code, 'T01' as topic_code, 10 as due,
        4 as reached, 0.4 as reach, 0.5 as benchmark, 0.1 as gap, 'weak' as severity from dim_unit""",
    "mart_cadre_knowledge": """select date '2026-06-30' as as_of, cadre_key, 'T01' as topic_code, 12.0 as credited_hours,
        40.0 as reserve from mart_cadre_coverage""",
    "mart_unit_ranking": """select '2026H1' as half_year, unit_code, row_number() over () as position, 60.0 as score,
        case row_number() over () when 1 then 'red' when 9 then 'black' end as list, 20 as due
        from dim_unit where parent_code is not null""",
    "mart_call_up_issue": """select date '2026-06-30' as as_of, 'overlap' as kind, cadre_key, unit_code,
        date '2026-05-01' as on_date, 'C1 C2' as evidence from mart_cadre_coverage""",
    "mart_call_up_candidate": """select date '2026-06-30' as as_of, cadre_key, row_number() over () as priority,
        'yellow' as light, 20.0 as missing_hours, 'five_year_shortfall' as reasons,
        date '2026-09-01' as suggested_start_date from mart_cadre_coverage""",
    "mart_alert": """select date '2026-06-30' as as_of, 'make_up_due' as kind, cadre_key, 'C1' as class_id,
        '某班未结业' as detail from mart_cadre_coverage""",
    "mart_course_rating": _rated("no:"),
    "mart_teacher_rating": _rated("T"),
    "mart_staff_rating": _rated("F"),
    "mart_base_rating": _rated("B"),
    "mart_class_quality": f"select *, 0.8 as response_rate from ({_rated('C')})",
    "mart_ability_profile": """select cadre_key, 2025 as year, 'political' as dimension, 85.0 as score from dim_cadre""",
    "mart_follow_up": """select 'C' || range as class_id, 'satisfaction' as item, 88.0 as mean, 9 as answers
        from range(20)""",
    "mart_class_follow_up": """select date '2026-06-30' as as_of, 'C' || range as class_id, 'done' as follow_up_status
        from range(20)""",
    "mart_supply_demand": """select 2026 as year, topic_code, 'section_below' as rank_group, 0.2 as demand_share,
        0.1 as supply_share, 0.1 as gap from dim_topic""",
    "mart_course_use": """select date '2026-06-30' as as_of, 'K' || range as course_id, 'used' as use_status,
        20 as learners, 10 as completions, 0.5 as completion_rate from range(50)""",
    "mart_class_mix": """select 'C' || range as class_id, 100.0 as lesson_hours, 50.0 as theory_hours,
        20.0 as party_hours, 10.0 as duty_hours, 10.0 as knowledge_hours, 10.0 as unclassified_hours,
        0.7 as theory_party_share, 0.2 as party_share, 0.2 as leader_share, 'met' as mix_status from range(20)""",
    "fct_evaluation": """select 'academic' as source, 'V' || range as evaluation_id, 'course' as target_kind,
        4.0 as score from range(50)""",
    "fct_assessment": """select 'A' || range as assessment_id, 'peer' as assessor_kind, 'political' as dimension,
        85.0 as score from range(50)""",
    "fct_follow_up": "select 'F' || range as follow_up_id, 'satisfaction' as item, 85.0 as score from range(50)",
    "mart_plan_indicator": """select 'participation_rate' as indicator_code, '2026-06' as period, unit_code,
        'all' as breakdown, 'share' as value_kind, 6.0 as numerator, 10.0 as denominator, 0.6 as value,
        'met' as status, '某规划' as citation from dim_unit""",
    "ops_orphan": """select 'academy' as source, 'sessions' as entity, 'X' || range as key,
        'records' as parent_entity from range(5)""",
    "ops_rule": """select 'parameter' as rule_kind, 'limit' || range as rule_code, 'all' as scope,
        date '2006-01-21' as valid_from, '某条例' as citation from range(5)""",
    "ops_batch": """select md5(range::varchar) as batch_id, 'loaded' as status, 10 as rows_read,
        8 as rows_loaded, 1 as rows_quarantined, 1 as rows_superseded from range(5)""",
    "ops_freshness": """select unnest(['cadre', 'academic', 'academy', 'mobile']) as source,
        0 as days_behind""",
    "dim_teacher": """select 'T' || range as teacher_id, ['full_time', 'part_time', 'leader', 'expert'][1 + range % 4] as kind
        from range(8)""",
    "dim_institution": """select 'I' || range as institution_id, '某学校' || range as name, 'city' as level from range(4)""",
    "dim_base": "select 'B' || range as base_id, '某基地' || range as name from range(4)",
    "dim_date": """select date '2026-06-01' + range::int as date_day, '2026H1' as half_year, true as is_plan_period
        from range(30)""",
    "fct_study_session": """select 'S' || range as session_id, md5((range % 200)::varchar) as cadre_key,
        timestamptz '2026-05-01 09:00:00+08' as started_at, timestamptz '2026-05-01 10:00:00+08' as ended_at,
        3600 as seconds from range(200)""",
    "mart_online_flag": """select date '2026-06-30' as as_of, kind, cadre_key, unit_code, date '2026-05-01' as on_date,
        1 as findings, 2 as records, 'R1 R2' as record_ids, '某课程' as evidence from dim_cadre,
        (select unnest(['parallel', 'marathon', 'too_fast', 'cramming', 'during_class']) as kind)""",
    "teacher_identity": "select teacher_id, '师' || chr(21000 + row_number() over ()::int) as name from dim_teacher",
    "cadre_identity": """select cadre_key, '某' || chr(20000 + (row_number() over ())::int) as name
        from dim_cadre""",
}
