-- The topics of a unit against the benchmark, the weakest first. A unit with too few due cadres to be
-- analysed has one row that says so: an empty table would look as if nothing were weak.
with

spots as (

    select
        *,
        -- of equal gaps (the whole is its own benchmark) the lower reach first
        row_number() over (
            partition by unit_code
            order by gap desc, reach asc, topic_code asc
        ) as weakness_order
    from {{ ref('mart_unit_weak_spot') }}

),

too_small as (

    select
        units.as_of,
        units.unit_code,
        units.unit_label,
        units.due
    from {{ ref('mart_unit_coverage') }} as units
    left join (select distinct unit_code from spots) as analysed on units.unit_code = analysed.unit_code
    where units.is_current and units.scope = 'subtree' and units.due > 0 and analysed.unit_code is null

)

select
    as_of,
    unit_code,
    unit_label,
    topic_code,
    topic_name,
    topic_name_en,
    due,
    reached,
    unreached,
    reach,
    benchmark,
    gap,
    severity,
    severity_name,
    severity_name_en,
    cast(weakness_order as bigint) as weakness_order,
    weakness_order <= {{ var('board_weakest_topics') }} as is_weakest
from spots

union all

select
    too_small.as_of,
    too_small.unit_code,
    too_small.unit_label,
    cast(null as varchar) as topic_code,
    notes.label_zh as topic_name,
    notes.label_en as topic_name_en,
    too_small.due,
    cast(null as bigint) as reached,
    cast(null as bigint) as unreached,
    cast(null as double) as reach,
    cast(null as double) as benchmark,
    cast(null as double) as gap,
    cast(null as varchar) as severity,
    '—' as severity_name,
    '—' as severity_name_en,
    cast(1 as bigint) as weakness_order,
    true as is_weakest
from too_small
inner join {{ ref('code_label') }} as notes
    on notes.code_list = 'topic_note' and notes.code = 'too_few'
