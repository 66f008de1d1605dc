-- Tests: the spans of a person's links have a length and do not overlap; the open ones are tonight's links.
-- Matters: when the history of links is patched together from the wrong version of the night before.
-- Resolve: look at find_earlier_version in ganxun/steps/identity_inputs.py and at identity_history.sql.
with

followed as (

    select
        *,
        lead(valid_from) over (
            partition by source, source_person_id
            order by valid_from
        ) as next_from
    from {{ ref('identity_history') }}

)

select
    source,
    source_person_id,
    valid_from,
    'overlap' as fault
from followed
where valid_to <= valid_from or coalesce(valid_to > next_from, next_from is not null)

union all

select
    link.source,
    link.source_person_id,
    history.valid_from,
    'not tonight''s link' as fault
from {{ ref('int_identity_link') }} as link
left join {{ ref('identity_history') }} as history
    on
        link.source = history.source
        and link.source_person_id = history.source_person_id
        and history.valid_to is null
where
    (link.person_code is null and history.person_code is not null)
    or (link.person_code is not null and history.person_code is null)
    or link.person_code <> history.person_code
    or link.rule <> history.rule
