-- One unbroken, non-overlapping span of main post per row (newest snapshot): where several main posts hold a
-- day, the one appointed last counts for it.
with

posts as (

    select
        person_code,
        unit_code,
        rank_code_source,
        is_leading,
        appointed_on,
        coalesce(removed_on, date '9999-12-31') as removed_on,
        source_row
    from {{ ref('stg_cadre__post') }}
    where
        is_main_post
        and business_date = (select max(newest.business_date) from {{ ref('stg_cadre__post') }} as newest)
        and appointed_on < coalesce(removed_on, date '9999-12-31')

),

boundaries as (

    select person_code, appointed_on as boundary from posts
    union
    select person_code, removed_on as boundary from posts

),

pieces as (

    select
        person_code,
        boundary as valid_from,
        lead(boundary) over (partition by person_code order by boundary) as valid_to
    from boundaries

),

held as (

    select
        pieces.person_code,
        pieces.valid_from,
        pieces.valid_to,
        posts.unit_code,
        posts.rank_code_source,
        posts.is_leading,
        posts.appointed_on,
        posts.removed_on,
        row_number() over (
            partition by pieces.person_code, pieces.valid_from
            order by posts.appointed_on desc, posts.removed_on desc, posts.source_row desc
        ) as choice
    from pieces
    inner join posts
        on
            pieces.person_code = posts.person_code
            and pieces.valid_from >= posts.appointed_on
            and pieces.valid_from < posts.removed_on
    where pieces.valid_to is not null

)

select
    held.person_code,
    held.unit_code,
    {{ rank_in_new_codes('new_rank', 'old_rank') }} as rank_code,
    coalesce(new_rank.rank_group, old_rank.rank_group) as rank_group,
    held.is_leading,
    held.appointed_on,
    nullif(held.removed_on, date '9999-12-31') as removed_on,
    held.valid_from,
    nullif(held.valid_to, date '9999-12-31') as valid_to
from held
left join {{ ref('rank_code') }} as new_rank on held.rank_code_source = new_rank.rank_code
left join {{ ref('rank_code') }} as old_rank on held.rank_code_source = old_rank.old_rank_code
where held.choice = 1
