-- Tests: from the date of rank on, the history says the rank and rank group of dim_cadre.
-- Matters: two ranks for one cadre on one day would mean two targets, and nobody could explain the progress.
-- Resolve: look at the cadre's rows in int_cadre_rank_version: the last one must be the newest snapshot's.
select
    history.cadre_key,
    history.rank_code,
    history.rank_group,
    cadres.rank_code as current_rank_code,
    cadres.rank_group as current_rank_group
from {{ ref('dim_cadre_history') }} as history
inner join {{ ref('dim_cadre') }} as cadres on history.cadre_key = cadres.cadre_key
where
    cadres.rank_date <= history.valid_from
    and (
        history.rank_group <> cadres.rank_group
        or coalesce(history.rank_code, '-') <> coalesce(cadres.rank_code, '-')
    )
