"""The ledger rows of a cadre, each with what it counts for, the rule behind its status, its source row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ganxun.explain.published import Published, Row

# `leaves_on`: the first day on which the row is no longer in the five-year window (D - 5 years, D].
# `other_…`: the record that was recognised in the place of a duplicate. `day_hours`: what the day counted.
_LEDGER = """
with

today as (select max(as_of) as as_of from mart_cadre_coverage),

counted_modes as (
    select
        split_part(rule_code, ':', 1) as counts,
        split_part(rule_code, ':', 2) as mode,
        scope as topic_group,
        valid_from,
        valid_to
    from ops_rule
    where rule_kind = 'counted_mode'
),

chosen as (select * from fct_training as ledger where {condition}),

online as (
    select cadre_key, course_key, year(activity_date) as activity_year, mode, activity_date, credited_hours,
        credit_status
    from fct_training
    where cadre_key in (select cadre_key from chosen)
        and mode in ('online_class', 'online_elective', 'mobile')
),

recognised as (select * from online where credit_status in ('credited', 'over_daily_cap')),

days as (
    select cadre_key, activity_date, round(sum(credited_hours), 1) as day_hours from online group by all
)

select
    ledger.ledger_id,
    ledger.cadre_key,
    ledger.source,
    ledger.source_record_id,
    ledger.enrollment_id,
    ledger.mode,
    ledger.class_id,
    classes.class_name,
    classes.class_days,
    ledger.course_key,
    courses.title as course_title,
    ledger.topic_code,
    topics.topic_name,
    ledger.activity_date,
    ledger.completed_at,
    ledger.raw_hours,
    ledger.credited_hours,
    ledger.credit_status,
    ledger.rule_code,
    rules.text_zh as rule_zh,
    rules.text_en as rule_en,
    rules.origin as rule_origin,
    rules.citation,
    ledger.is_statutory,
    exists (
        from counted_modes as m
        where m.counts = 'systematic' and m.mode = ledger.mode and m.topic_group in (topics.group_code, 'all')
            and ledger.activity_date >= m.valid_from
            and (m.valid_to is null or ledger.activity_date < m.valid_to)
    ) as is_systematic,
    exists (
        from counted_modes as m
        where m.counts = 'online' and m.mode = ledger.mode and m.topic_group in (topics.group_code, 'all')
            and ledger.activity_date >= m.valid_from
            and (m.valid_to is null or ledger.activity_date < m.valid_to)
    ) as is_online,
    ledger.score,
    case
        when ledger.activity_date > today.as_of then 'later'
        when ledger.activity_date > cast(today.as_of - interval 5 year as date) then 'window'
        else 'expired'
    end as period,
    year(ledger.activity_date) = year(today.as_of) as is_this_year,
    cast(ledger.activity_date + interval 5 year as date)
        -- 29 February comes back as 28 February, on which it is still inside
        + case when cast(ledger.activity_date + interval 5 year as date) - interval 5 year
            < ledger.activity_date then 1 else 0 end as leaves_on,
    enrollments.result as class_result,
    enrollments.attended_hours,
    enrollments.leave_hours,
    enrollments.absent_hours,
    case when ledger.credit_status = 'duplicate' then recognised.mode end as other_mode,
    case when ledger.credit_status = 'duplicate' then recognised.activity_date end as other_date,
    case when ledger.credit_status = 'duplicate' then recognised.credited_hours end as other_hours,
    case when ledger.credit_status = 'over_daily_cap' then days.day_hours end as day_hours,
    case when ledger.credit_status = 'excess_leave' then cast(absence.value as double) end as absence_limit,
    ledger.evidence_grade,
    ledger.source_file,
    ledger.source_row
from chosen as ledger
cross join today
inner join dim_topic as topics on ledger.topic_code = topics.topic_code
left join dim_training_class as classes
    on ledger.class_id = classes.class_id and ledger.source = classes.source
        and ledger.evidence_grade = classes.evidence_grade
left join dim_course as courses on ledger.course_key = courses.course_key
left join fct_enrollment as enrollments
    on ledger.enrollment_id = enrollments.enrollment_id and enrollments.source = 'academic'
left join recognised
    on ledger.cadre_key = recognised.cadre_key and ledger.course_key = recognised.course_key
        and year(ledger.activity_date) = recognised.activity_year
left join days on ledger.cadre_key = days.cadre_key and ledger.activity_date = days.activity_date
left join ops_rule as rules
    on rules.rule_kind = 'credit_status' and ledger.rule_code = rules.rule_code
        and ledger.activity_date >= rules.valid_from
        and (rules.valid_to is null or ledger.activity_date < rules.valid_to)
left join ops_rule as absence
    on absence.rule_kind = 'parameter' and absence.rule_code = 'absence_limit'
        and ledger.activity_date >= absence.valid_from
        and (absence.valid_to is null or ledger.activity_date < absence.valid_to)
order by ledger.activity_date, ledger.class_id, ledger.ledger_id
"""

_STATUTORY_CLASSES = """
select enrollment_id, class_id, end_date, class_days
from fct_enrollment
where cadre_key = ? and is_statutory and credited_hours > 0
order by end_date, enrollment_id
"""


def read_ledger(published: Published, cadre_key: str) -> list[Row]:
    """Every ledger row of a cadre, oldest first."""
    return published.rows(_LEDGER.format(condition="ledger.cadre_key = ?"), [cadre_key])


def read_ledger_of_topic(published: Published, cadre_keys: Sequence[str], topic_code: str) -> list[Row]:
    """Every ledger row of these cadres in a topic, oldest first."""
    condition = "ledger.topic_code = ? and list_contains(?, ledger.cadre_key)"
    return published.rows(_LEDGER.format(condition=condition), [topic_code, list(cadre_keys)])


def read_statutory_classes(published: Published, cadre_key: str) -> list[Row]:
    """Enrolments of a cadre whose calendar days count towards the off-job targets, oldest first."""
    return published.rows(_STATUTORY_CLASSES, [cadre_key])


def is_credited(row: Row) -> bool:
    """Whether a ledger row earned anything."""
    return bool(row["credited_hours"] > 0)


def sum_hours(rows: Iterable[Row], column: str = "credited_hours") -> float:
    """Hours of rows; rounded, so that the order of adding does not show."""
    return round(sum(row[column] for row in rows), 1)


def find_day(rows: Iterable[Row]) -> date | None:
    """The newest day of rows."""
    return max((row["activity_date"] for row in rows), default=None)
