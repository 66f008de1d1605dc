-- Tests: the versions of one rule follow each other day by day, without overlap and without a gap; each ends
-- after it began and says what it stands on; no two keywords have one place in the order on one day.
-- Matters: on a day with two versions every row counts twice; on a day without one no limit holds.
-- Resolve: in the seed of that kind of rule, let valid_to of a version be valid_from of the next.
with

versions as (

    select
        rule_kind,
        rule_code,
        scope,
        valid_from,
        valid_to,
        citation,
        lead(valid_from) over (partition by rule_kind, rule_code, scope order by valid_from) as next_from
    from {{ ref('ops_rule') }}

)

select
    rule_kind,
    rule_code,
    scope,
    valid_from,
    valid_to,
    next_from
from versions
where
    valid_to <= valid_from
    or trim(coalesce(citation, '')) = ''
    or (next_from is not null and (valid_to is null or valid_to <> next_from))

union all

select
    'topic_keyword' as rule_kind,
    one.keyword as rule_code,
    cast(one.priority as varchar) as scope,
    one.valid_from,
    one.valid_to,
    other.valid_from as next_from
from {{ ref('topic_keyword') }} as one
inner join {{ ref('topic_keyword') }} as other
    on
        one.priority = other.priority
        and one.keyword <> other.keyword
        and {{ in_force_on('other', 'one.valid_from') }}
