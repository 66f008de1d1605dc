-- Tests: reach and gap are what reached, due and benchmark say; nobody is reached who is not due; small units
-- have no row.
-- Matters: the weak-spot list decides which courses a unit must run; below five people it would point at
-- persons.
-- Resolve: recount the unit and topic from mart_cadre_coverage and fct_training.
select unit_code, topic_code, due, reached, reach, benchmark, gap
from {{ ref('mart_unit_weak_spot') }}
where
    reached > due
    or due < {{ policy('weak_min_due') }}
    or abs(reach - cast(reached as double) / due) > 0.000001
    or abs(gap - (benchmark - reach)) > 0.000001
    or topic_code = 'U00'
