-- The parameters of identity rule 6 in force at the business date: what its Python model reads. Python models
-- know no variables but through their configuration, which dbt settles when it reads the project, for all
-- dates at once.
select
    parameter.name,
    cast(parameter.value as double) as value
from {{ ref('policy_parameter') }} as parameter
where
    parameter.name like 'probabilistic%'
    and {{ in_force_on('parameter', as_of()) }}
