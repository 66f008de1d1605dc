-- People of the nightly snapshots that a report date stands on, with new rank codes and rank group. The
-- nights between them are only in int_cadre_version: whole, a year of them would be twenty times this table.
with

people as (

    select *
    from {{ ref('stg_cadre__person') }}
    where business_date in (select report.snapshot_date from {{ ref('int_report_date') }} as report)

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
    {{ rank_in_new_codes('new_rank', 'old_rank') }} as rank_code,
    people.grade_code,
    {{ rank_group_of('new_rank', 'old_rank', 'grades') }} as rank_group,
    people.rank_date,
    people.managed_by,
    people.duty_status,
    people.duty_status = '1' as is_due
from people
inner join {{ ref('int_cadre_key') }} as keys on people.person_code = keys.person_code
left join ranks as new_rank on people.rank_code_source = new_rank.rank_code
left join ranks as old_rank on people.rank_code_source = old_rank.old_rank_code
left join grades on people.grade_code = grades.grade_code
