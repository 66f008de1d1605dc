-- Topic of each theme text by the maps of each period (rules.md, topic of a ledger row): its text mapped as
-- an academic category, else equal to a topic's name, else the first keyword found in it. Back-fill texts: a
-- theme's name, or a back-fill category.
with

texts as (

    select 'theme' as kind, theme_code as text_key, topic_text as text
    from {{ ref('stg_academic__theme') }}
    where not is_deleted

    union all

    select distinct 'backfill' as kind, theme_text as text_key, theme_text as text
    from {{ ref('stg_academic__backfill_class') }}
    where theme_text is not null

),

periods as (

    select * from {{ ref('int_topic_period') }}

),

keywords as (

    select
        texts.kind,
        texts.text_key,
        periods.valid_from,
        min_by(keyword.topic_code, keyword.priority) as topic_code
    from texts
    inner join {{ ref('topic_keyword') }} as keyword on instr(texts.text, keyword.keyword) > 0
    inner join periods on {{ in_force_on('keyword', 'periods.valid_from') }}
    group by texts.kind, texts.text_key, periods.valid_from

),

themes as (

    select
        texts.kind,
        texts.text_key,
        texts.text,
        coalesce(mapping.topic_code, topic.topic_code, keywords.topic_code) as topic_code,
        periods.valid_from,
        periods.valid_to
    from texts
    cross join periods
    left join {{ ref('topic_mapping') }} as mapping
        on
            mapping.source = case texts.kind when 'theme' then 'academic' else 'backfill' end
            and texts.text = mapping.category_text
            and {{ in_force_on('mapping', 'periods.valid_from') }}
    left join {{ ref('topic') }} as topic on texts.text = topic.topic_name
    left join keywords
        on
            texts.kind = keywords.kind
            and texts.text_key = keywords.text_key
            and periods.valid_from = keywords.valid_from

),

named_themes as (

    select theme.theme_name, themes.valid_from, min(themes.topic_code) as topic_code
    from {{ ref('stg_academic__theme') }} as theme
    inner join themes on themes.kind = 'theme' and theme.theme_code = themes.text_key
    where not theme.is_deleted
    group by theme.theme_name, themes.valid_from

)

select
    themes.kind,
    themes.text_key,
    case
        when themes.kind = 'backfill' then coalesce(named_themes.topic_code, themes.topic_code)
        else themes.topic_code
    end as topic_code,
    themes.valid_from,
    themes.valid_to
from themes
left join named_themes
    on
        themes.kind = 'backfill'
        and themes.text = named_themes.theme_name
        and themes.valid_from = named_themes.valid_from
