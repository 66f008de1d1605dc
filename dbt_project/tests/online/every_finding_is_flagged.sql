-- Tests: the flags of each kind hold all findings of that kind, no more and no fewer.
-- Matters: a finding whose course or class is not described would drop out of the list without a word.
-- Resolve: look in mart_online_flag for the join that lost it (dim_course, dim_training_class, the records).
with

found as (

    {% for kind in ['parallel', 'marathon', 'too_fast', 'cramming', 'during_class'] %}
    select
        '{{ kind }}' as kind,
        count(*) as findings
    from {{ ref('int_study_' ~ kind) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

flagged as (

    select
        kind,
        sum(findings) as findings
    from {{ ref('mart_online_flag') }}
    group by kind

)

select
    found.kind,
    found.findings,
    flagged.findings as findings_flagged
from found
left join flagged on found.kind = flagged.kind
where found.findings <> coalesce(flagged.findings, 0)
