-- Every course of every source with its canonical key and its own topic (category, else keyword in the title)
-- by the maps in force at the business date; a ledger row takes the version of its own day.
select
    items.source,
    items.source_order,
    items.source_course_id,
    items.course_key,
    items.course_no,
    items.title,
    topics.topic_code,
    topics.mapped_by
from {{ ref('int_course_item') }} as items
left join {{ ref('int_course_topic') }} as topics
    on
        items.source = topics.source
        and items.source_course_id = topics.source_course_id
        and {{ in_force_on('topics', as_of()) }}
