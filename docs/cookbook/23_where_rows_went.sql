-- title_zh: 每批数据的去向
-- title_en: Where the rows of each export went
-- question_zh: 各来源读入的行是否都有去向：入库、隔离、被取代？有没有文件被拒收？
-- question_en: Did every row that was read go somewhere (loaded, quarantined, superseded), and was a file
--   refused?
-- watch_zh: 一行为来源×表。lost 必须为 0；不为 0 请停止使用当夜数据。隔离原因见 ops_quarantine。
-- watch_en: A row is a source x entity. `lost` must be 0; if not, do not use the night. Reasons are in
--   ops_quarantine.
select
    source,
    entity,
    count(*) filter (where status = 'loaded') as loaded_batches,
    count(*) filter (where status = 'duplicate') as same_file_again,
    count(*) filter (where status = 'rejected') as refused_files,
    sum(rows_read) as rows_read,
    sum(rows_loaded) as rows_loaded,
    sum(rows_quarantined) as rows_quarantined,
    sum(rows_superseded) as rows_superseded,
    sum(rows_read - rows_loaded - rows_quarantined - rows_superseded) as lost,
    max(business_date) as newest_business_date
from ops_batch
group by source, entity
order by source, entity
