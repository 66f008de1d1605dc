-- title_zh: 教师评价排名
-- title_en: Teachers in the order of their ratings
-- question_zh: 教师评价如何排序，评价人次少的教师会不会被偶然的高分抬高？
-- question_en: How do teachers rank, and whom would a few lucky ratings have lifted?
-- watch_zh: 排名用调整分（向总体均值收缩）。position_by_mean 是不调整时的名次；两者差距大说明评价人次少。
-- watch_en: The order is of the adjusted score (drawn to the overall mean). position_by_mean is the order
--   without it; a wide difference means few ratings.
with ranked as (
    select
        *,
        rank() over (order by mean_score desc) as position_by_mean
    from mart_teacher_rating
    where ratings > 0
)

select
    position,
    position_by_mean,
    teacher_id,
    teacher_kind,
    is_serving,
    classes,
    lesson_hours,
    ratings,
    round(mean_score, 3) as mean_score,
    round(adjusted_score, 3) as adjusted_score
from ranked
order by position, teacher_id
