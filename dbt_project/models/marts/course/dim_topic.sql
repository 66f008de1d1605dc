select topic_code, topic_name, topic_name_en, group_code, group_name, group_name_en
from {{ ref('topic') }}
