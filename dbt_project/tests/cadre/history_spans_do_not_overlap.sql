-- Tests: the spans of one cadre never overlap and never end before they begin.
-- Matters: a ledger row joins the span of its day; two spans would double its hours in every layout.
-- Resolve: look at the cadre's rows in int_cadre_service_span, and in the three tables that it is made of:
-- int_cadre_post_span, int_cadre_version, int_cadre_rank_version.
with

spans as (

    select
        cadre_key,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by cadre_key order by valid_from) as next_from
    from {{ ref('dim_cadre_history') }}

)

select *
from spans
where
    valid_to <= valid_from
    or (next_from is not null and (valid_to is null or valid_to > next_from))
