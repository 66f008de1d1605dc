-- What a cadre must have and has: each requirement with the rule that it stands on.
{% set measures = [
    ('five_year_hours', 'green', 'rolling_5y', 'statutory', 'min_hours', 'statutory_hours', 'meets_five_year'),
    ('five_year_days', 'green', 'rolling_5y', 'statutory', 'min_days', 'statutory_days', 'meets_five_year'),
    ('annual_hours', 'annual', 'calendar_year', 'statutory', 'min_hours', 'statutory_hours_year', 'meets_annual'),
    ('annual_days', 'annual', 'calendar_year', 'statutory', 'min_days', 'statutory_days_year', 'meets_annual'),
    ('online_hours', 'online', 'calendar_year', 'online', 'min_hours', 'online_hours_year', 'meets_online'),
] %}
with

coverage as (

    select * from {{ ref('mart_cadre_coverage') }}

),

targets as (

    select *
    from {{ ref('policy_target') }}
    where {{ in_force_on(none, as_of()) }}

),

minimum as (

    select
        cast(value as double) as target,
        origin,
        citation
    from {{ ref('policy_parameter') }}
    where name = 'systematic_min_hours' and {{ in_force_on(none, as_of()) }}

),

measured as (

    select
        coverage.cadre_key,
        'systematic' as requirement,
        'not_red' as purpose,
        coverage.systematic_hours as actual,
        minimum.target,
        coverage.systematic_hours >= minimum.target as is_settled,
        minimum.origin,
        minimum.citation
    from coverage
    cross join minimum

    {% for requirement, purpose, window, counts, minimum, actual, is_met in measures %}
    union all

    select
        coverage.cadre_key,
        '{{ requirement }}' as requirement,
        '{{ purpose }}' as purpose,
        cast(coverage.{{ actual }} as double) as actual,
        targets.{{ minimum }} as target,
        coverage.{{ is_met }} as is_settled,
        targets.origin,
        targets.citation
    from coverage
    inner join targets
        on
            targets.target_window = '{{ window }}'
            and targets.counts = '{{ counts }}'
            and targets.rank_group in (coverage.rank_group, 'all')
            and targets.{{ minimum }} is not null
    {% endfor %}
),

judged as (

    select
        *,
        case when actual >= target then 'met' when is_settled then 'met_by_other' else 'open' end as state
    from measured

)

select
    {{ as_of() }} as as_of,
    judged.cadre_key,
    people.cadre_label,
    people.unit_code,
    people.serving_unit,
    judged.requirement,
    requirements.label_zh as requirement_name,
    requirements.label_en as requirement_name_en,
    requirements.sort_order as requirement_order,
    judged.purpose,
    purposes.label_zh as purpose_name,
    purposes.label_en as purpose_name_en,
    judged.actual,
    judged.target,
    case when judged.state = 'open' then round(judged.target - judged.actual, 1) else 0 end as missing,
    judged.state,
    states.label_zh as state_name,
    states.label_en as state_name_en,
    case judged.origin when 'national' then judged.citation else '本地设定' end as basis,
    case judged.origin when 'national' then judged.citation else 'Local: ' || judged.citation end as basis_en
from judged
inner join {{ ref('cadre_identity') }} as people on judged.cadre_key = people.cadre_key
left join {{ ref('code_label') }} as requirements
    on requirements.code_list = 'requirement' and judged.requirement = requirements.code
left join {{ ref('code_label') }} as purposes
    on purposes.code_list = 'requirement_purpose' and judged.purpose = purposes.code
left join {{ ref('code_label') }} as states
    on states.code_list = 'requirement_state' and judged.state = states.code
