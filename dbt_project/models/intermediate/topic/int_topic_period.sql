-- The periods between the days on which a row of the topic maps begins or ends. Within one the maps do not
-- change: a title is searched for keywords once a period, not once a record. Normally there is one period.
with

bounds as (

    select valid_from as bound from {{ ref('topic_mapping') }}
    union
    select valid_to as bound from {{ ref('topic_mapping') }}
    union
    select valid_from as bound from {{ ref('topic_keyword') }}
    union
    select valid_to as bound from {{ ref('topic_keyword') }}

)

select
    bound as valid_from,
    lead(bound) over (order by bound) as valid_to
from bounds
where bound is not null
