-- title_zh: 网络学习异常
-- title_en: Online integrity by unit
-- question_zh: 今年各单位网络学习人员中，有多少人出现异常提示，各是哪一类？
-- question_en: This year, how many of each unit's online learners were flagged, and for what?
-- watch_zh: 异常是提示，不是结论，须由人核对 mart_online_flag.evidence。单位为现任单位，含下级（subtree），二级。
-- watch_en: A flag is a hint for people, no verdict: read mart_online_flag.evidence. Today's units,
--   subtree, level 2.
with this_year as (
    select year(max(as_of)) as in_year from mart_cadre_coverage
),

learners as (
    select distinct
        closure.ancestor_code as unit_code,
        training.cadre_key
    from fct_training as training
    inner join this_year on year(training.activity_date) = this_year.in_year
    inner join dim_cadre as cadre on training.cadre_key = cadre.cadre_key
    inner join dim_unit_closure as closure on cadre.unit_code = closure.descendant_code
    where training.mode in ('online_class', 'online_elective', 'mobile')
),

flags as (
    select
        flag.cadre_key,
        flag.kind
    from mart_online_flag as flag
    inner join this_year on year(flag.on_date) = this_year.in_year
)

select
    unit.unit_name,
    count(distinct learners.cadre_key) as learners,
    count(distinct flags.cadre_key) as flagged,
    round(count(distinct flags.cadre_key) / count(distinct learners.cadre_key), 4) as flagged_share,
    count(distinct case when flags.kind = 'parallel' then flags.cadre_key end) as parallel,
    count(distinct case when flags.kind = 'too_fast' then flags.cadre_key end) as too_fast,
    count(distinct case when flags.kind = 'marathon' then flags.cadre_key end) as marathon,
    count(distinct case when flags.kind = 'during_class' then flags.cadre_key end) as during_class,
    count(distinct case when flags.kind = 'cramming' then flags.cadre_key end) as cramming
from learners
inner join dim_unit as unit on learners.unit_code = unit.unit_code
left join flags on learners.cadre_key = flags.cadre_key
where unit.level = 2
group by unit.unit_name
order by flagged_share desc, unit.unit_name asc
