-- Off-job days: calendar days of the class, for an enrolment with at least one credited row that is
-- statutory.
select
    ledger.cadre_key,
    ledger.enrollment_id,
    classes.end_date,
    {{ year_of('classes.end_date') }} as end_year,
    max(classes.class_days) as class_days
from {{ ref('int_training_ledger') }} as ledger
inner join {{ ref('int_academic_enrollment') }} as classes on ledger.enrollment_id = classes.enrollment_id
where ledger.cadre_key is not null and ledger.credited_hours > 0 and ledger.is_statutory
group by ledger.cadre_key, ledger.enrollment_id, classes.end_date
