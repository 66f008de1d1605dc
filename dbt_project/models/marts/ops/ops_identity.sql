-- How many people of each learning system were tied to a cadre, by rule; rule null: not tied.
select
    source,
    rule,
    count(*) as people,
    count(*) * 1.0 / sum(count(*)) over (partition by source) as share
from {{ ref('int_identity_link') }}
group by source, rule
