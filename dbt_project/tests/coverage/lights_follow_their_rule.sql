-- Tests: red, yellow and green are exactly what hours, days and the targets in force say (rules.md, light of
-- a cadre).
-- Matters: a light is what leaders act on; a wrong one calls up the wrong people.
-- Resolve: recompute the cadre's hours with the ledger; if they are right, look at policy_target and
-- policy_parameter for two rows in force at once, or none.
select
    coverage.cadre_key,
    coverage.light,
    coverage.systematic_hours,
    coverage.statutory_hours,
    coverage.statutory_days
from {{ ref('mart_cadre_coverage') }} as coverage
left join {{ ref('policy_target') }} as targets
    on
        coverage.rank_group = targets.rank_group
        and targets.target_window = 'rolling_5y'
        and targets.counts = 'statutory'
        and {{ in_force_on('targets', 'coverage.as_of') }}
where
    coverage.light is distinct from case
        when coverage.systematic_hours < {{ policy('systematic_min_hours') }} then 'red'
        when
            coverage.statutory_hours >= targets.min_hours or coverage.statutory_days >= targets.min_days
            then 'green'
        else 'yellow'
    end
