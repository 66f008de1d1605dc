-- Spans of main post, split at the date of rank: before it the post's rank holds, from it on the current rank
-- and grade.
with

spans as (

    select
        cadres.cadre_key,
        spans.unit_code,
        spans.rank_code as post_rank_code,
        spans.rank_group as post_rank_group,
        cadres.rank_code,
        cadres.rank_group,
        cadres.rank_date,
        spans.valid_from,
        spans.valid_to
    from {{ ref('int_cadre_post_span') }} as spans
    inner join {{ ref('int_cadre_current') }} as cadres on spans.person_code = cadres.person_code

),

before_rank as (

    select
        cadre_key,
        unit_code,
        post_rank_code as rank_code,
        post_rank_group as rank_group,
        valid_from,
        case
            when rank_date is not null and (valid_to is null or rank_date < valid_to) then rank_date
            else valid_to
        end as valid_to
    from spans
    where rank_date is null or valid_from < rank_date

),

from_rank as (

    select
        cadre_key,
        unit_code,
        rank_code,
        rank_group,
        greatest(valid_from, rank_date) as valid_from,
        valid_to
    from spans
    where rank_date is not null and (valid_to is null or rank_date < valid_to)

)

select * from before_rank
union all
select * from from_rank
