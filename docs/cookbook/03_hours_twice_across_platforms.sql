-- title_zh: 跨平台重复学习
-- title_en: Hours learnt twice across platforms
-- question_zh: 同一课程在多个平台学过，有多少学时本会被重复计算？
-- question_en: How many hours would count twice because a course was learnt on more than one platform?
-- watch_zh: 一行为一年×重复一方×计入一方。按自然年认定，跨年重学两次都算；先完成者计入。同一平台内重学的 is_across_platforms 为假。
-- watch_en: A row is a year x the record that does not count x the one that does. Recognition is by
--   calendar year: the same course in two years counts in both. The one completed first counts.
--   Repeats within one platform have is_across_platforms false.
with counted as (
    select
        cadre_key,
        course_key,
        source,
        mode,
        year(activity_date) as in_year
    from fct_training
    where
        credit_status in ('credited', 'over_daily_cap')
        and mode in ('online_class', 'online_elective', 'mobile')
)

select
    counted.in_year,
    again.mode as repeated_on,
    counted.mode as counted_on,
    again.source <> counted.source as is_across_platforms,
    count(*) as records,
    count(distinct again.cadre_key) as cadres,
    round(sum(again.raw_hours), 1) as hours_not_counted_twice
from fct_training as again
inner join counted
    on
        again.cadre_key = counted.cadre_key
        and again.course_key = counted.course_key
        and year(again.activity_date) = counted.in_year
where again.credit_status = 'duplicate'
group by counted.in_year, again.mode, counted.mode, again.source <> counted.source
order by counted.in_year desc, hours_not_counted_twice desc
