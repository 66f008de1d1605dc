-- Without the rater (a rating is given in confidence) and without the comment (it can hold names).
select
    evaluation_id,
    source,
    target_kind,
    target_id,
    course_key,
    class_id,
    score,
    rated_at
from {{ ref('int_evaluation') }}
