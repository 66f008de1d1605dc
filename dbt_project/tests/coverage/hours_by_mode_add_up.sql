-- Tests: the five modes of a cadre's window add up to the credited hours shown beside them.
-- Matters: whenever a mode is added to the ledger, a dashboard would show a total that its own bars do not
-- reach.
-- Resolve: compare the list of modes in int_cadre_day with the modes of fct_training; the missing one needs a
-- column.
select
    cadre_key,
    credited_hours,
    off_job_hours
    + part_time_hours
    + online_class_hours
    + online_elective_hours
    + mobile_hours as sum_of_modes
from {{ ref('mart_cadre_coverage') }}
where
    abs(
        credited_hours
        - (off_job_hours + part_time_hours + online_class_hours + online_elective_hours + mobile_hours)
    ) > 0.05
