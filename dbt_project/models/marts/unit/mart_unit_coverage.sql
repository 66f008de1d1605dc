select
    coverage.report_date as as_of,
    coverage.is_current,
    coverage.report_year as year,
    coverage.unit_code,
    units.unit_name,
    labels.unit_label,
    units.parent_code,
    units.level,
    units.category,
    coverage.scope,
    coverage.due,
    coverage.participated,
    coverage.red,
    coverage.yellow,
    coverage.green,
    coverage.participation_rate,
    coverage.nominal_coverage,
    coverage.effective_coverage,
    coverage.pass_rate,
    coverage.annual_attainment,
    coverage.online_attainment,
    coverage.hours_per_head
from {{ ref('int_unit_coverage') }} as coverage
inner join {{ ref('dim_unit') }} as units on coverage.unit_code = units.unit_code
inner join {{ ref('int_unit_label') }} as labels on coverage.unit_code = labels.unit_code
where coverage.group_code = 'all'
