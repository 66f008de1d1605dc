-- What could not be read in what counts now, by reason and by what became of it, in words: what a source
-- should be asked to mend. A fault that comes with every night's export counts once; since when it comes is
-- told.
with

faults as (

    select
        faults.*,
        batches.business_date,
        batches.is_in_use
    from {{ ref('ops_quarantine') }} as faults
    inner join {{ ref('ops_batch') }} as batches on faults.batch_id = batches.batch_id

),

counts as (

    select
        source,
        entity,
        field,
        action,
        reason,
        count(case when is_in_use then 1 end) as faults,
        count(distinct case when is_in_use then source_file end) as files,
        min(business_date) as first_business_date,
        max(business_date) as last_business_date
    from faults
    group by source, entity, field, action, reason
    having count(case when is_in_use then 1 end) > 0

)

select
    {{ as_of() }} as as_of,
    counts.source,
    sources.label_zh as source_name,
    sources.label_en as source_name_en,
    counts.entity,
    coalesce(entities.label_zh, counts.entity) as entity_name,
    coalesce(entities.label_en, counts.entity) as entity_name_en,
    counts.field,
    counts.action,
    actions.label_zh as action_name,
    actions.label_en as action_name_en,
    counts.reason,
    reasons.reason_name,
    reasons.reason_name_en,
    reasons.advice,
    reasons.advice_en,
    counts.faults,
    case when counts.action = 'quarantined' then counts.faults else 0 end as faults_open,
    case when counts.action = 'released' then counts.faults else 0 end as faults_released,
    case when counts.action = 'discarded' then counts.faults else 0 end as faults_discarded,
    counts.files,
    counts.first_business_date,
    counts.last_business_date
from counts
left join {{ ref('int_fault_reason') }} as reasons on counts.reason = reasons.reason
left join {{ ref('code_label') }} as sources
    on sources.code_list = 'source' and counts.source = sources.code
left join {{ ref('code_label') }} as entities
    on entities.code_list = 'entity' and counts.entity = entities.code
left join {{ ref('code_label') }} as actions
    on actions.code_list = 'quarantine_action' and counts.action = actions.code
