-- title_zh: 重复调训
-- title_en: Called up repeatedly
-- question_zh: 谁被重复调训：五年内两次以上长班，或同年两次以上同一主题？
-- question_en: Who was called up repeatedly: more than one long class in five years, or of one theme in a
--   year?
-- watch_zh: 一行为一名干部；姓名只在受限文件（restricted.call_up_list 一类）中。长班只算合格的，同主题除退学外都算。
-- watch_en: A row is a cadre; names are in the restricted file only. Long classes count when passed,
--   classes of a theme unless withdrawn.
-- empty: Nobody was called up repeatedly.
select
    issue.cadre_key,
    issue.unit_name,
    coverage.light_name,
    coverage.statutory_days,
    count(*) filter (where issue.kind = 'long_class_repeat') as long_class_findings,
    count(*) filter (where issue.kind = 'same_theme_repeat') as same_theme_findings,
    max(issue.on_date) as latest_on,
    string_agg(issue.evidence, '; ' order by issue.on_date, issue.kind) as classes
from mart_call_up_issue as issue
left join mart_cadre_coverage as coverage on issue.cadre_key = coverage.cadre_key
where issue.kind in ('long_class_repeat', 'same_theme_repeat')
group by issue.cadre_key, issue.unit_name, coverage.light_name, coverage.statutory_days
order by count(*) desc, issue.cadre_key
