-- What each source brought, day by day: the volume that a silent loss would show in.
with

nights as (

    select
        business_date,
        source,
        min(source_name) as source_name,
        min(source_name_en) as source_name_en,
        count(distinct {{ regexp_remove('source_file', '#.*$') }}) as files,
        count(
            distinct case
                when status = 'rejected' and not is_mended then {{ regexp_remove('source_file', '#.*$') }}
            end
        ) as files_rejected,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_quarantined) as bigint) as rows_quarantined,
        cast(sum(rows_superseded) as bigint) as rows_superseded
    from {{ ref('ops_batch') }}
    -- a workbook of a former year has no night of its own
    where source_file not like '%/backfill/%'
    group by business_date, source

)

select
    *,
    {{ rate('rows_quarantined', 'rows_read') }} as quarantine_rate,
    dense_rank() over (order by business_date desc) as night_rank,
    {{ days_between('business_date', as_of()) }} as days_ago
from nights
