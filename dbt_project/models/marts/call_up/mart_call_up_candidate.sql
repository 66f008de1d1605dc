-- The list that the organization department works through in the morning: who is to be called up, in order,
-- why, for which topics, to which class, and what stands against it.
with

candidates as (

    select * from {{ ref('int_call_up_candidate') }}

),

offers as (

    select
        *,
        -- the class that comes free first
        row_number() over (partition by cadre_key order by barred_until, preference) as bar_rank
    from {{ ref('int_call_up_offer') }}

),

proposed as (

    select
        assignments.cadre_key,
        classes.class_id,
        classes.class_name,
        classes.theme_code,
        classes.start_date,
        classes.end_date
    from {{ ref('int_call_up_assignment') }} as assignments
    inner join {{ ref('int_call_up_class') }} as classes on assignments.class_id = classes.class_id

),

attendable as (

    select cadre_key, count(*) as attendable_classes
    from offers
    where is_attendable
    group by cadre_key

),

-- why the cadre is on the list
reason_codes as (

    select distinct cadre_key, kind as reason from {{ ref('mart_alert') }}
    union
    select cadre_key, 'five_year_shortfall' as reason from candidates where not meets_five_year

),

reasons as (

    select
        reason_codes.cadre_key,
        {{ joined_texts('reason_codes.reason', ' ', 'labels.sort_order') }} as reasons,
        {{ joined_texts('labels.label_zh', '；', 'labels.sort_order') }} as reasons_zh,
        {{ joined_texts('labels.label_en', '; ', 'labels.sort_order') }} as reasons_en
    from reason_codes
    inner join {{ ref('code_label') }} as labels
        on labels.code_list = 'call_up_reason' and reason_codes.reason = labels.code
    group by reason_codes.cadre_key

),

-- Limits that keep the cadre from going now. A long class or a theme bars one class, not the cadre: it stands
-- here only where every open class on the weakest topics is barred.
block_codes as (

    select cadre_key, 'overlap' as block, overlap_until as until_date
    from candidates
    where overlap_until is not null

    union

    select cadre_key, 'unit_overdraw' as block, unit_full_until as until_date
    from candidates
    where unit_full_until is not null

    union

    select barred.cadre_key, limits.code as block, barred.barred_until as until_date
    from offers as barred
    inner join {{ ref('code_label') }} as limits
        on
            limits.code_list = 'call_up_block'
            and (
                (limits.code = 'long_class' and barred.long_class_until is not null)
                or (limits.code = 'same_theme' and barred.same_theme_until is not null)
                or (limits.code = 'unit_overdraw' and barred.unit_full_until is not null)
            )
    left join attendable on barred.cadre_key = attendable.cadre_key
    where barred.bar_rank = 1 and attendable.cadre_key is null

),

block_ends as (

    select cadre_key, block, max(until_date) as until_date
    from block_codes
    group by cadre_key, block

),

blocks as (

    select
        block_ends.cadre_key,
        max(block_ends.until_date) as blocked_until,
        {{ joined_texts('block_ends.block', ' ', 'labels.sort_order') }} as blocked_by,
        {{ joined_texts('labels.label_zh', '；', 'labels.sort_order') }} as blocked_by_zh,
        {{ joined_texts('labels.label_en', '; ', 'labels.sort_order') }} as blocked_by_en
    from block_ends
    inner join {{ ref('code_label') }} as labels
        on labels.code_list = 'call_up_block' and block_ends.block = labels.code
    group by block_ends.cadre_key

),

weakest as (

    select
        cadre_key,
        {{ joined_texts('topic_code', ' ', 'weakness') }} as weakest_topics,
        {{ joined_texts('topic_name', '、', 'weakness') }} as weakest_topics_zh,
        {{ joined_texts('topic_name_en', '; ', 'weakness') }} as weakest_topics_en
    from {{ ref('int_call_up_topic') }}
    where is_weakest
    group by cadre_key

),

themes as (

    select themes.theme_code, themes.theme_name, topics.topic_code
    from {{ ref('stg_academic__theme') }} as themes
    inner join {{ ref('int_theme_topic') }} as topics
        on topics.kind = 'theme' and themes.theme_code = topics.text_key
    where not themes.is_deleted

),

themes_attended as (

    select cadre_key, theme_code
    from {{ ref('int_call_up_enrollment') }}
    where start_year = {{ year_of(as_of()) }} and theme_code is not null
    group by cadre_key, theme_code
    having count(*) >= {{ policy('same_theme_max') }}

),

-- without a class: the theme to ask an institution for
theme_choices as (

    select
        topics.cadre_key,
        themes.theme_code,
        row_number() over (
            partition by topics.cadre_key order by topics.weakness, themes.theme_code
        ) as choice
    from {{ ref('int_call_up_topic') }} as topics
    inner join themes on topics.topic_code = themes.topic_code
    left join themes_attended
        on topics.cadre_key = themes_attended.cadre_key and themes.theme_code = themes_attended.theme_code
    where topics.is_called_for and topics.reserve < 100 and themes_attended.cadre_key is null

),

suggested as (

    select
        candidates.*,
        proposed.class_id as suggested_class_id,
        proposed.class_name as suggested_class_name,
        proposed.start_date as suggested_start_date,
        proposed.end_date as suggested_end_date,
        coalesce(proposed.theme_code, theme_choices.theme_code) as suggested_theme
    from candidates
    left join proposed on candidates.cadre_key = proposed.cadre_key
    left join theme_choices on candidates.cadre_key = theme_choices.cadre_key and theme_choices.choice = 1

)

select
    suggested.as_of,
    suggested.cadre_key,
    suggested.unit_code,
    units.unit_name,
    suggested.rank_group,
    rank_groups.label_zh as rank_group_name,
    suggested.light,
    lights.label_zh as light_name,
    suggested.priority,
    reasons.reasons,
    reasons.reasons_zh,
    reasons.reasons_en,
    suggested.missing_hours,
    suggested.missing_days,
    suggested.missing_systematic_hours,
    suggested.last_trained_on,
    weakest.weakest_topics,
    weakest.weakest_topics_zh,
    weakest.weakest_topics_en,
    blocks.blocked_until,
    blocks.blocked_by,
    blocks.blocked_by_zh,
    blocks.blocked_by_en,
    suggested.long_class_until,
    suggested.suggested_theme,
    themes.theme_name as suggested_theme_name,
    themes.topic_code as suggested_topic,
    suggested_topics.topic_name as suggested_topic_name,
    suggested_topics.reserve as suggested_topic_reserve,
    suggested.suggested_class_id,
    suggested.suggested_class_name,
    suggested.suggested_start_date,
    suggested.suggested_end_date,
    cast(coalesce(attendable.attendable_classes, 0) as bigint) as attendable_classes
from suggested
left join reasons on suggested.cadre_key = reasons.cadre_key
left join weakest on suggested.cadre_key = weakest.cadre_key
left join blocks on suggested.cadre_key = blocks.cadre_key
left join attendable on suggested.cadre_key = attendable.cadre_key
left join themes on suggested.suggested_theme = themes.theme_code
left join {{ ref('int_call_up_topic') }} as suggested_topics
    on suggested.cadre_key = suggested_topics.cadre_key and themes.topic_code = suggested_topics.topic_code
left join {{ ref('int_unit_current') }} as units on suggested.unit_code = units.unit_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and suggested.rank_group = rank_groups.code
left join {{ ref('code_label') }} as lights on lights.code_list = 'light' and suggested.light = lights.code
