-- Tests: a credited row earns all its hours, a row over the daily cap earns less than all, every other row
-- earns 0; and hours are exact to a tenth.
-- Matters: credit_status is the answer to "why did this count?"; it must agree with what was counted.
-- Resolve: compare the row in int_training_record or int_online_recognised with its status there.
select ledger_id, credit_status, raw_hours, credited_hours
from {{ ref('fct_training') }}
where
    (credit_status = 'credited' and credited_hours <> raw_hours)
    or (credit_status = 'over_daily_cap' and not credited_hours < raw_hours)
    or (credit_status not in ('credited', 'over_daily_cap') and credited_hours <> 0)
    or abs(credited_hours * 10 - round(credited_hours * 10)) > 0.000001
