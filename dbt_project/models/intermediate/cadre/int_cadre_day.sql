-- Credited hours of each cadre and day, by what they count for (counted_mode, as in force on that day).
select
    ledger.cadre_key,
    ledger.activity_date,
    {{ year_of('ledger.activity_date') }} as activity_year,
    sum(ledger.credited_hours) as credited_hours,
    sum(case when ledger.is_statutory then ledger.credited_hours else 0 end) as statutory_hours,
    sum(case when systematic.mode is not null then ledger.credited_hours else 0 end) as systematic_hours,
    sum(case when online.mode is not null then ledger.credited_hours else 0 end) as online_hours,
    sum(case when ledger.mode = 'off_job' then ledger.credited_hours else 0 end) as off_job_hours,
    sum(case when ledger.mode = 'part_time' then ledger.credited_hours else 0 end) as part_time_hours,
    sum(case when ledger.mode = 'online_class' then ledger.credited_hours else 0 end) as online_class_hours,
    sum(case when ledger.mode = 'online_elective' then ledger.credited_hours else 0 end)
        as online_elective_hours,
    sum(case when ledger.mode = 'mobile' then ledger.credited_hours else 0 end) as mobile_hours
from {{ ref('int_training_ledger') }} as ledger
inner join {{ ref('topic') }} as topic on ledger.topic_code = topic.topic_code
left join {{ ref('counted_mode') }} as systematic
    on
        systematic.counts = 'systematic'
        and ledger.mode = systematic.mode
        and topic.group_code = systematic.topic_group
        and {{ in_force_on('systematic', 'ledger.activity_date') }}
left join {{ ref('counted_mode') }} as online
    on
        online.counts = 'online'
        and ledger.mode = online.mode
        and {{ in_force_on('online', 'ledger.activity_date') }}
where ledger.cadre_key is not null and ledger.credited_hours > 0
group by ledger.cadre_key, ledger.activity_date
