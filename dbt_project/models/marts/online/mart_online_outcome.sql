-- What became of online learning: records by year, mode and credit status for every unit with all below it,
-- by today's unit of each cadre. Rows of one unit and year add up; those of different units do not.
with

records as (

    select
        unit_code_now as member_code,
        {{ year_of('activity_date') }} as activity_year,
        mode,
        credit_status,
        cadre_key,
        raw_hours,
        credited_hours
    from {{ ref('fct_training') }}
    where
        mode in ('online_class', 'online_elective', 'mobile')
        and cadre_key is not null
        and {{ year_of('activity_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}

),

sums as (

    select
        members.unit_code,
        records.activity_year,
        records.mode,
        records.credit_status,
        count(*) as records,
        count(distinct records.cadre_key) as cadres,
        round(sum(records.raw_hours), 1) as raw_hours,
        round(sum(records.credited_hours), 1) as credited_hours
    from records
    inner join {{ ref('int_unit_member') }} as members
        on records.member_code = members.member_code and members.scope = 'subtree'
    group by members.unit_code, records.activity_year, records.mode, records.credit_status

)

select
    sums.unit_code,
    labels.unit_label,
    sums.activity_year as year,
    sums.mode,
    modes.label_zh as mode_name,
    modes.label_en as mode_name_en,
    sums.credit_status,
    statuses.label_zh as credit_status_name,
    statuses.label_en as credit_status_name_en,
    statuses.sort_order as credit_status_order,
    sums.records,
    sums.cadres,
    sums.raw_hours,
    sums.credited_hours
from sums
inner join {{ ref('int_unit_label') }} as labels on sums.unit_code = labels.unit_code
left join {{ ref('code_label') }} as modes on modes.code_list = 'mode' and sums.mode = modes.code
left join {{ ref('code_label') }} as statuses
    on statuses.code_list = 'credit_status' and sums.credit_status = statuses.code
