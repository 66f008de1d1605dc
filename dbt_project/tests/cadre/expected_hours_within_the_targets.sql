-- Tests: expected hours are between 0 and the highest annual target on every day of the window.
-- Matters: a day counted twice, or outside the window, makes a cadre look behind schedule who is not.
-- Resolve: look at the cadre's spans in int_cadre_service_span and the targets in policy_target.
with

limits as (

    select
        max(targets.min_hours)
        * ({{ days_between(window_start(as_of()), as_of()) }} + 1)
        / 365.0 as most
    from {{ ref('policy_target') }} as targets
    where targets.target_window = 'calendar_year' and targets.counts = 'statutory'

)

select coverage.cadre_key, coverage.expected_hours, limits.most
from {{ ref('mart_cadre_coverage') }} as coverage
cross join limits
where coverage.expected_hours < 0 or coverage.expected_hours > limits.most + 0.000001
