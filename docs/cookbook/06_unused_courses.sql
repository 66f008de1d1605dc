-- title_zh: 上线未用的网络课程
-- title_en: Online courses published but unused
-- question_zh: 哪些网络课程已上线却没有人学？
-- question_en: Which online courses are published and nobody has learnt them?
-- watch_zh: 一行为学院平台的一门课程，学院和掌上学堂的学习都算使用；已下架的不列。
-- watch_en: A row is a course of the academy; learning on the academy or the mobile app is use. Retired
--   ones are left out.
-- empty: Every published course has had a learner.
select
    course_id,
    title,
    topic_name,
    provider,
    is_local,
    credit_hours,
    published_on,
    date_diff('day', published_on, as_of) as days_unused
from mart_course_use
where is_unused
order by days_unused desc, course_id asc
