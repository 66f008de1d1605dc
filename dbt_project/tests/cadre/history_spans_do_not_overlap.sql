-- Tests: the spans of one cadre never overlap and never end before they begin.
-- Matters: a ledger row joins the span of its day; two spans would double its hours in every layout.
-- Resolve: look at the cadre's main posts in int_cadre_post_span and at the date of rank.
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
