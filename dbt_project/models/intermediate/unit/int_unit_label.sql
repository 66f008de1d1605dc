-- A unit's name as a reader chooses it from a list: with its code where the name alone is not unique.
select
    unit_code,
    case
        when count(*) over (partition by unit_name) > 1 then unit_name || '（' || unit_code || '）'
        else unit_name
    end as unit_label,
    row_number() over (order by unit_code) as unit_order
from {{ ref('int_unit_current') }}
