-- Classes of all sources: academic database, back-fill workbooks, online academy; deleted ones are left out.
with

institutions as (

    select institution_id, institution_name, is_recognized
    from {{ ref('stg_academic__institution') }}
    where not is_deleted

),

named_institutions as (

    select institution_name, min(institution_id) as institution_id
    from institutions
    group by institution_name

),

class_types as (

    select * from {{ ref('class_type_name') }}

),

database_classes as (

    select
        classes.class_id,
        'academic' as source,
        'system' as evidence_grade,
        classes.class_name,
        classes.class_type,
        case when classes.leave_status = '1' then 'off_job' else 'part_time' end as mode,
        classes.institution_id,
        coalesce(institutions.is_recognized, false) as is_recognized,
        classes.organizer_unit_code,
        classes.theme_code,
        'theme' as theme_kind,
        classes.theme_code as theme_key,
        classes.is_main_class,
        classes.start_date,
        classes.end_date,
        classes.planned_hours,
        classes.planned_seats,
        classes.status
    from {{ ref('stg_academic__training_class') }} as classes
    left join institutions on classes.institution_id = institutions.institution_id
    where not classes.is_deleted

),

backfill_classes as (

    select
        classes.class_key as class_id,
        'academic' as source,
        'backfill' as evidence_grade,
        classes.class_name,
        class_types.class_type,
        case when classes.is_off_job then 'off_job' else 'part_time' end as mode,
        named_institutions.institution_id,
        coalesce(institutions.is_recognized, false) as is_recognized,
        cast(null as varchar) as organizer_unit_code,
        theme.theme_code,
        'backfill' as theme_kind,
        classes.theme_text as theme_key,
        cast(null as boolean) as is_main_class,
        classes.start_date,
        classes.end_date,
        classes.hours as planned_hours,
        classes.headcount as planned_seats,
        'finished' as status
    from {{ ref('int_backfill_class') }} as classes
    left join class_types on classes.class_type_text = class_types.class_type_name
    left join named_institutions on classes.organizer_name = named_institutions.institution_name
    left join institutions on named_institutions.institution_id = institutions.institution_id
    left join (
        select theme_name, min(theme_code) as theme_code
        from {{ ref('stg_academic__theme') }}
        where not is_deleted
        group by theme_name
    ) as theme on classes.theme_text = theme.theme_name
    where classes.counts

),

academy_classes as (

    select
        classes.class_id,
        'academy' as source,
        'system' as evidence_grade,
        classes.class_name,
        cast(null as varchar) as class_type,
        'online_class' as mode,
        cast(null as varchar) as institution_id,
        false as is_recognized,
        classes.organizer_unit_code,
        classes.theme_code,
        'theme' as theme_kind,
        classes.theme_code as theme_key,
        cast(null as boolean) as is_main_class,
        classes.start_date,
        classes.end_date,
        classes.required_hours as planned_hours,
        cast(null as bigint) as planned_seats,
        cast(null as varchar) as status
    from {{ ref('stg_academy__classes') }} as classes

),

unioned as (

    select * from database_classes
    union all
    select * from backfill_classes
    union all
    select * from academy_classes

)

select
    unioned.*,
    themes.topic_code,
    {{ days_between('unioned.start_date', 'unioned.end_date') }} + 1 as class_days
from unioned
left join {{ ref('int_theme_topic') }} as themes
    on unioned.theme_kind = themes.kind and unioned.theme_key = themes.text_key
