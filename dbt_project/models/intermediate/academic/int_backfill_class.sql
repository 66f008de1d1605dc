-- Classes of the back-fill workbooks: each workbook's version, and whether it is the one that counts. The
-- newest workbook's version counts, and none of a class that the database also has (same name and start date,
-- sources.md).
with

versions as (

    select
        *,
        row_number() over (
            partition by class_id, class_name, start_date
            order by business_date desc, revision desc, source_file desc, source_row desc
        ) as version_rank
    from {{ ref('stg_academic__backfill_class') }}

),

in_database as (

    select distinct class_name, start_date
    from {{ ref('stg_academic__training_class') }}
    where not is_deleted

),

judged as (

    select
        versions.*,
        versions.version_rank = 1 and in_database.class_name is null as counts
    from versions
    left join in_database
        on versions.class_name = in_database.class_name and versions.start_date = in_database.start_date

)

select
    *,
    -- Workbooks number their classes by themselves: where two that count have one number, the batch tells
    -- them apart.
    case
        when counts and sum(case when counts then 1 else 0 end) over (partition by class_id) > 1
            then class_id || '@' || substr(batch_id, 1, 8)
        else class_id
    end as class_key
from judged
