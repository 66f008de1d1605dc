-- Credited hours of each cadre and day, by what they count for.
select
    ledger.cadre_key,
    ledger.activity_date,
    {{ year_of('ledger.activity_date') }} as activity_year,
    sum(ledger.credited_hours) as credited_hours,
    sum(case when ledger.is_statutory then ledger.credited_hours else 0 end) as statutory_hours,
    sum(
        case
            when topic.group_code in ('theory', 'party')
                and ledger.mode in ('off_job', 'part_time', 'online_class')
                then ledger.credited_hours
            else 0
        end
    ) as systematic_hours,
    sum(case when ledger.mode = 'off_job' then ledger.credited_hours else 0 end) as off_job_hours,
    sum(case when ledger.mode = 'part_time' then ledger.credited_hours else 0 end) as part_time_hours,
    sum(case when ledger.mode = 'online_class' then ledger.credited_hours else 0 end) as online_class_hours,
    sum(case when ledger.mode = 'online_elective' then ledger.credited_hours else 0 end)
        as online_elective_hours,
    sum(case when ledger.mode = 'mobile' then ledger.credited_hours else 0 end) as mobile_hours
from {{ ref('int_training_ledger') }} as ledger
inner join {{ ref('topic') }} as topic on ledger.topic_code = topic.topic_code
where ledger.cadre_key is not null and ledger.credited_hours > 0
group by ledger.cadre_key, ledger.activity_date
