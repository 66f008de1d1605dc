-- Tests: call_up_finding_list holds every finding of mart_call_up_issue, days in a row counted together, and
-- says each in a sentence.
-- Matters: a finding without a name or a sentence is one that nobody looks at.
-- Resolve: compare by kind and unit_code; a cadre's finding is lost where its classes are not found by the
-- numbers in `evidence`.
with

findings as (

    select kind, unit_code, count(*) as findings
    from {{ ref('mart_call_up_issue') }}
    group by kind, unit_code

),

told as (

    select
        kind,
        unit_code,
        sum(days) as findings,
        sum(case when finding is null or finding_en is null or subject is null then 1 else 0 end) as unsaid
    from {{ ref('call_up_finding_list') }}
    group by kind, unit_code

)

select
    coalesce(findings.kind, told.kind) as kind,
    coalesce(findings.unit_code, told.unit_code) as unit_code,
    findings.findings,
    told.findings as told,
    told.unsaid
from findings
full outer join told on findings.kind = told.kind and findings.unit_code = told.unit_code
where coalesce(findings.findings, 0) <> coalesce(told.findings, 0) or told.unsaid > 0
