-- A unit beside its sisters (the other units of the same parent), rate by rate, in the unit's own rows: its
-- manager compares without reading theirs. Sisters with too few cadres to be shown are not shown.
with

units as (

    select * from {{ ref('mart_unit_coverage') }}
    where is_current and scope = 'subtree' and due > 0

),

measured as (

    {% for measure in [
        'effective_coverage', 'nominal_coverage', 'participation_rate', 'annual_attainment',
        'online_attainment', 'pass_rate'
    ] -%}
    select as_of, unit_code, unit_label, parent_code, due, '{{ measure }}' as measure, {{ measure }} as value
    from units
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

compared as (

    select
        own.unit_code,
        own.measure,
        -- rounded, so that the order of adding does not show
        round(avg(sisters.value), 9) as sisters_mean,
        max(case when sisters.due >= {{ policy('small_cell_min') }} then sisters.value end) as sisters_best,
        count(sisters.value) as sisters,
        sum(case when sisters.value is not null then sisters.due else 0 end) as sisters_due,
        1 + sum(case when sisters.value > own.value + 0.000000001 then 1 else 0 end) as position
    from measured as own
    inner join measured as sisters
        on
            own.parent_code = sisters.parent_code
            and own.measure = sisters.measure
            and own.unit_code <> sisters.unit_code
    group by own.unit_code, own.measure

),

shown as (

    select
        measured.*,
        coalesce(compared.sisters, 0) as sisters,
        case when compared.sisters_due >= {{ policy('small_cell_min') }} then compared.sisters_mean end
            as sisters_mean,
        compared.sisters_best,
        case when measured.value is not null and compared.sisters > 0 then compared.position end as position
    from measured
    left join compared on measured.unit_code = compared.unit_code and measured.measure = compared.measure

),

judged as (

    select
        *,
        value - sisters_mean as lead,
        case
            when value is null or sisters_mean is null then 'none'
            when value > sisters_mean + 0.000000001 then 'above'
            when value < sisters_mean - 0.000000001 then 'below'
            else 'level'
        end as standing
    from shown

)

select
    judged.as_of,
    judged.unit_code,
    judged.unit_label,
    judged.measure,
    names.label_zh as measure_name,
    names.label_en as measure_name_en,
    names.sort_order as measure_order,
    judged.due,
    judged.value,
    judged.sisters_mean,
    judged.sisters_best,
    judged.lead,
    cast(judged.position as bigint) as position,
    cast(judged.sisters as bigint) as sisters,
    case
        when judged.position is not null
            then cast(judged.position as varchar) || ' / ' || cast(judged.sisters + 1 as varchar)
        else '—'
    end as place,
    judged.standing,
    standings.label_zh as standing_mark,
    standings.label_en as standing_mark_en
from judged
inner join {{ ref('code_label') }} as names
    on names.code_list = 'unit_measure' and judged.measure = names.code
inner join {{ ref('code_label') }} as standings
    on standings.code_list = 'sister_standing' and judged.standing = standings.code
