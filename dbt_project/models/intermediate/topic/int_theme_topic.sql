-- Topic of each theme text by the maps in force at the business date; what counts on a day of its own takes
-- that day's version.
select
    versions.kind,
    versions.text_key,
    versions.topic_code
from {{ ref('int_theme_topic_version') }} as versions
where {{ in_force_on('versions', as_of()) }}
