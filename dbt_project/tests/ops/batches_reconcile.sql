-- Tests: read = loaded + quarantined + superseded, for every batch.
-- Matters: nothing is dropped silently (sources.md): a row that is in none of the three is lost.
-- Resolve: read the batch's file again with its connector alone and compare the counts.
select batch_id, source, entity, rows_read, rows_loaded, rows_quarantined, rows_superseded
from {{ ref('ops_batch') }}
where rows_read <> rows_loaded + rows_quarantined + rows_superseded
