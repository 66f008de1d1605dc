-- Tests: a promoted leader is in grace up to the deadline, overdue after it, never both, and never with the
-- target met; a deadline is shown exactly for these.
-- Matters: a leader in time is not to be called overdue, nor the other way round.
-- Resolve: look at the cadre's row in int_cadre_promotion and at meets_five_year.
select cadre_key, meets_five_year, in_promotion_grace, promotion_overdue, promotion_deadline, as_of
from {{ ref('mart_cadre_coverage') }}
where
    in_promotion_grace <> coalesce(promotion_deadline >= as_of, false)
    or promotion_overdue <> coalesce(promotion_deadline < as_of, false)
    or (meets_five_year and promotion_deadline is not null)
