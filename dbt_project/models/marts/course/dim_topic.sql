select topic_code, topic_name, group_code, group_name
from {{ ref('topic') }}
