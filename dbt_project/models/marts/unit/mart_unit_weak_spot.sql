with

report as (

    select * from {{ ref('int_report_date') }} where is_current

),

due as (

    select cadre_key, unit_code from {{ ref('int_cadre_coverage') }} where is_current

),

reached as (

    select ledger.cadre_key, ledger.topic_code
    from {{ ref('int_training_ledger') }} as ledger
    cross join report
    where
        ledger.cadre_key is not null
        and ledger.activity_date >= report.window_start
        and ledger.activity_date <= report.report_date
    group by ledger.cadre_key, ledger.topic_code
    having sum(ledger.credited_hours) >= {{ policy('reach_min_hours') }} - 0.000001

),

topics as (

    select topic_code, topic_name, topic_name_en from {{ ref('dim_topic') }} where topic_code <> 'U00'

),

unit_due as (

    select members.unit_code, count(*) as due
    from due
    inner join
        {{ ref('int_unit_member') }} as members
        on due.unit_code = members.member_code and members.scope = 'subtree'
    group by members.unit_code
    having count(*) >= {{ policy('weak_min_due') }}

),

unit_reached as (

    select members.unit_code, reached.topic_code, count(*) as reached
    from due
    inner join
        {{ ref('int_unit_member') }} as members
        on due.unit_code = members.member_code and members.scope = 'subtree'
    inner join reached on due.cadre_key = reached.cadre_key
    group by members.unit_code, reached.topic_code

),

benchmarks as (

    select
        topics.topic_code,
        {{ rate('count(reached.cadre_key)', 'count(*)') }} as benchmark
    from topics
    cross join due
    left join reached on due.cadre_key = reached.cadre_key and topics.topic_code = reached.topic_code
    group by topics.topic_code

),

gaps as (

    select
        unit_due.unit_code,
        topics.topic_code,
        topics.topic_name,
        topics.topic_name_en,
        unit_due.due,
        coalesce(unit_reached.reached, 0) as reached,
        {{ rate('coalesce(unit_reached.reached, 0)', 'unit_due.due') }} as reach,
        benchmarks.benchmark
    from unit_due
    cross join topics
    inner join benchmarks on topics.topic_code = benchmarks.topic_code
    left join unit_reached
        on unit_due.unit_code = unit_reached.unit_code and topics.topic_code = unit_reached.topic_code

),

judged as (

    select
        *,
        benchmark - reach as gap,
        case
            when benchmark - reach >= {{ policy('severe_gap') }} - 0.000000001 then 'severe'
            when benchmark - reach >= {{ policy('weak_gap') }} - 0.000000001 then 'weak'
            else 'none'
        end as severity
    from gaps

)

select
    {{ as_of() }} as as_of,
    judged.unit_code,
    units.unit_name,
    labels.unit_label,
    units.level,
    judged.topic_code,
    judged.topic_name,
    judged.topic_name_en,
    cast(judged.due as bigint) as due,
    cast(judged.reached as bigint) as reached,
    cast(judged.due - judged.reached as bigint) as unreached,
    judged.reach,
    judged.benchmark,
    judged.gap,
    judged.severity,
    severities.label_zh as severity_name,
    severities.label_en as severity_name_en
from judged
inner join {{ ref('dim_unit') }} as units on judged.unit_code = units.unit_code
inner join {{ ref('int_unit_label') }} as labels on judged.unit_code = labels.unit_code
left join {{ ref('code_label') }} as severities
    on severities.code_list = 'severity' and judged.severity = severities.code
