-- People of every nightly snapshot, with new rank codes and rank group.
with

people as (

    select * from {{ ref('stg_cadre__person') }}

),

ranks as (

    select * from {{ ref('rank_code') }}

),

grades as (

    select * from {{ ref('grade_code') }}

)

select
    people.business_date,
    people.person_code,
    keys.cadre_key,
    people.unit_code,
    people.sex,
    people.birth_date,
    people.political_status,
    coalesce(new_rank.rank_code, old_rank.rank_code) as rank_code,
    people.grade_code,
    case
        when
            'county_plus' in (coalesce(new_rank.rank_group, old_rank.rank_group), grades.rank_group)
            then 'county_plus'
        else 'section_below'
    end as rank_group,
    people.rank_date,
    people.managed_by,
    people.duty_status,
    people.duty_status = '1' as is_due
from people
inner join {{ ref('int_cadre_key') }} as keys on people.person_code = keys.person_code
left join ranks as new_rank on people.rank_code_source = new_rank.rank_code
left join ranks as old_rank on people.rank_code_source = old_rank.old_rank_code
left join grades on people.grade_code = grades.grade_code
