select
    cadre_key,
    unit_code,
    sex,
    {{ year_of('birth_date') }} as birth_year,
    political_status,
    rank_code,
    grade_code,
    rank_group,
    rank_date,
    managed_by,
    duty_status,
    is_due
from {{ ref('int_cadre_current') }}
