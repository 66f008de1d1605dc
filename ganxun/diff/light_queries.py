"""The queries behind changed lights; `before` and `after` are the two builds, attached.

CADRES: who changed light or unit. COUNTED, DAYS: what counted for those of `moved` in one build. RECORDS:
each record that did not count alike, with its one reason. DAY_REASONS: enrolments whose days did not. RULES:
rules whose value in force differs.
"""

from __future__ import annotations

from collections.abc import Iterable

CADRES = """
select
    coalesce(b.cadre_key, a.cadre_key) as cadre_key,
    b.light as light_before,
    a.light as light_after,
    b.unit_code as unit_before,
    a.unit_code as unit_after,
    b.unit_name as unit_name_before,
    a.unit_name as unit_name_after,
    b.rank_group as rank_group_before,
    a.rank_group as rank_group_after,
    b.statutory_hours as hours_before,
    a.statutory_hours as hours_after,
    b.statutory_days as days_before,
    a.statutory_days as days_after,
    b.systematic_hours as systematic_before,
    a.systematic_hours as systematic_after,
    was.duty_status as duty_before,
    is_.duty_status as duty_after
from before.marts.mart_cadre_coverage as b
full join after.marts.mart_cadre_coverage as a on b.cadre_key = a.cadre_key
left join before.marts.dim_cadre as was on coalesce(b.cadre_key, a.cadre_key) = was.cadre_key
left join after.marts.dim_cadre as is_ on coalesce(b.cadre_key, a.cadre_key) = is_.cadre_key
where b.light is distinct from a.light or b.unit_code is distinct from a.unit_code
order by 1
"""

# What a credited row of the window counted for in one build.
COUNTED = """
create or replace temp table counted_{side} as
with modes as (
    select split_part(rule_code, ':', 2) as mode, scope as topic_group, valid_from, valid_to
    from {side}.ops.ops_rule
    where rule_kind = 'counted_mode' and split_part(rule_code, ':', 1) = 'systematic'
)
select
    ledger.cadre_key,
    ledger.ledger_id,
    case when ledger.is_statutory then ledger.credited_hours else 0 end as statutory,
    case
        when exists (
            from modes
            where modes.mode = ledger.mode and modes.topic_group in (topics.group_code, 'all')
                and ledger.activity_date >= modes.valid_from
                and (modes.valid_to is null or ledger.activity_date < modes.valid_to)
        ) then ledger.credited_hours
        else 0
    end as systematic
from {side}.marts.fct_training as ledger
inner join {side}.marts.dim_topic as topics on ledger.topic_code = topics.topic_code
where ledger.cadre_key in (select cadre_key from moved)
    and ledger.credited_hours > 0
    and ledger.activity_date > cast(date '{day}' - interval 5 year as date)
    and ledger.activity_date <= date '{day}'
"""

DAYS = """
create or replace temp table days_{side} as
select cadre_key, enrollment_id, class_days as days
from {side}.marts.fct_enrollment
where cadre_key in (select cadre_key from moved)
    and is_statutory and credited_hours > 0
    and end_date > cast(date '{day}' - interval 5 year as date)
    and end_date <= date '{day}'
"""

# Facts that a source states of a record; all else of a ledger row follows from rules and from other records.
_FACTS = (
    "raw_hours", "score", "activity_date", "completed_at", "mode", "class_id", "course_key",
)  # fmt: skip
_ENROLLMENT_FACTS = ("result", "attended_hours", "leave_hours", "absent_hours", "class_days")


def _any_differs(left: str, right: str, columns: Iterable[str]) -> str:
    return " or ".join(f"{left}.{column} is distinct from {right}.{column}" for column in columns)


RECORDS = f"""
create or replace temp table records as
with
differing as (
    select
        coalesce(b.cadre_key, a.cadre_key) as cadre_key,
        coalesce(b.ledger_id, a.ledger_id) as ledger_id,
        coalesce(a.statutory, 0) - coalesce(b.statutory, 0) as hours,
        coalesce(a.systematic, 0) - coalesce(b.systematic, 0) as systematic
    from counted_before as b
    full join counted_after as a on b.cadre_key = a.cadre_key and b.ledger_id = a.ledger_id
    where b.statutory is distinct from a.statutory or b.systematic is distinct from a.systematic
),

paired as (
    select
        differing.*,
        b.ledger_id is not null as was_there,
        a.ledger_id is not null as is_there,
        b.cadre_key as cadre_before,
        a.cadre_key as cadre_after,
        coalesce(a.enrollment_id, b.enrollment_id) as enrollment_id,
        coalesce(a.class_id, b.class_id) as class_id,
        coalesce(a.course_key, b.course_key) as course_key,
        b.activity_date as date_before,
        a.activity_date as date_after,
        b.credit_status as status_before,
        a.credit_status as status_after,
        b.credited_hours as credited_before,
        a.credited_hours as credited_after,
        b.topic_code is distinct from a.topic_code
        or b.is_statutory is distinct from a.is_statutory as is_reclassified,
        b.batch_id = a.batch_id and b.source_row = a.source_row as is_same_row,
        {_any_differs("b", "a", _FACTS)} or {_any_differs("eb", "ea", _ENROLLMENT_FACTS)} as is_corrected
    from differing
    left join before.marts.fct_training as b on differing.ledger_id = b.ledger_id
    left join after.marts.fct_training as a on differing.ledger_id = a.ledger_id
    left join before.marts.fct_enrollment as eb
        on b.enrollment_id = eb.enrollment_id and eb.source = 'academic'
    left join after.marts.fct_enrollment as ea
        on a.enrollment_id = ea.enrollment_id and ea.source = 'academic'
)

select
    paired.*,
    case
        when not was_there then 'new_record'
        when not is_there then 'removed_record'
        when cadre_before is distinct from cadre_after then 'identity'
        when date_before = date_after and date_before <= cast($after::date - interval 5 year as date)
            then 'ageing_out'
        when date_before = date_after and date_before > $before::date and not is_corrected then 'reached_date'
        when $rules_changed and (is_same_row or not is_corrected) then 'rule'
        -- a course or an institution that is classed differently is a correction too
        when is_corrected or is_reclassified then 'correction'
        else 'recognition'
    end as reason
from paired
"""

RECORD_REASONS = """
with

-- a back-fill class can have the number of another class
classes as (
    select source, class_id, min(class_name) as class_name
    from (from before.marts.dim_training_class union by name from after.marts.dim_training_class)
    group by all
),

courses as (
    select course_key, min(title) as title
    from (from before.marts.dim_course union by name from after.marts.dim_course)
    group by all
)

select
    records.cadre_key,
    records.ledger_id,
    records.enrollment_id,
    records.reason,
    records.hours,
    records.systematic,
    coalesce(classes.class_name, courses.title) as title
from records
left join classes
    on records.class_id = classes.class_id and split_part(records.ledger_id, ':', 1) = classes.source
left join courses on records.course_key = courses.course_key
order by records.cadre_key, records.ledger_id
"""

DAY_REASONS = """
select
    coalesce(b.cadre_key, a.cadre_key) as cadre_key,
    coalesce(b.enrollment_id, a.enrollment_id) as enrollment_id,
    coalesce(a.days, 0) - coalesce(b.days, 0) as days
from days_before as b
full join days_after as a on b.cadre_key = a.cadre_key and b.enrollment_id = a.enrollment_id
where b.days is distinct from a.days
order by 1, 2
"""

RULES = """
select
    coalesce(b.rule_kind, a.rule_kind) as rule_kind,
    coalesce(b.rule_code, a.rule_code) as rule_code,
    coalesce(b.scope, a.scope) as scope,
    b.value as value_before,
    a.value as value_after,
    coalesce(a.text_zh, b.text_zh) as text_zh,
    coalesce(a.text_en, b.text_en) as text_en,
    coalesce(a.citation, b.citation) as citation
from (from before.ops.ops_rule where is_in_force) as b
full join (from after.ops.ops_rule where is_in_force) as a
    on b.rule_kind = a.rule_kind and b.rule_code = a.rule_code and b.scope = a.scope
where b.value is distinct from a.value
order by all
"""
