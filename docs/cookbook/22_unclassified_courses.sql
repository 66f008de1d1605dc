-- title_zh: 待归类的课程
-- title_en: Courses to map to a topic
-- question_zh: 哪些课程没有归入任何专题，涉及多少学时？
-- question_en: Which courses belong to no topic, and how many credited hours hang on them?
-- watch_zh: 归类写进种子表 topic_mapping 或 topic_keyword，可指定生效日；归类后次夜各表自动改变。
-- watch_en: Map them in the seeds topic_mapping or topic_keyword, from a day on; the next night changes
--   every table.
-- empty: Every course with credited hours has a topic.
select
    training.course_key,
    course.title,
    course.sources,
    course.mapped_by,
    count(*) as records,
    count(distinct training.cadre_key) as cadres,
    round(sum(training.credited_hours), 1) as credited_hours,
    max(training.activity_date) as last_on
from fct_training as training
left join dim_course as course on training.course_key = course.course_key
where training.topic_code = 'U00' and training.credited_hours > 0
group by training.course_key, course.title, course.sources, course.mapped_by
order by credited_hours desc, training.course_key asc
