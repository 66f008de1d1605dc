-- title_zh: 薄弱专题始于何时
-- title_en: Weak topics, and since when
-- question_zh: 哪些单位在哪些专题上落后于全市，从什么时候起？
-- question_en: Which units lag behind in which topics, and since when?
-- watch_zh: 单位含全部下级（subtree）。“始于”按今天的应训人员回算各年末：人员调动不回溯，未入库的早年记录会使年末偏低。
--   last_not_weak_on 为空表示所看的各年末都薄弱，实际可能更早。
-- watch_en: Units with all units below (subtree). "Since" works out past year ends for today's due cadres:
--   transfers are not undone, and early years that nobody entered make old year ends look worse. No
--   last_not_weak_on: weak at every year end that was looked at, maybe longer.
with rules as (
    select
        max(case when rule_code = 'weak_gap' then cast(value as double) end) as weak_gap,
        max(case when rule_code = 'reach_min_hours' then cast(value as double) end) as reach_min_hours
    from ops_rule
    where rule_kind = 'parameter' and is_in_force
),

weak as (
    select * from mart_unit_weak_spot
    where severity <> 'none'
),

today as (
    select max(as_of) as as_of from mart_cadre_coverage
),

days as (
    select as_of as on_day from today
    union
    select dim_date.date_day
    from dim_date
    cross join today
    where
        month(dim_date.date_day) = 12 and day(dim_date.date_day) = 31
        and dim_date.date_day < today.as_of and dim_date.date_day > today.as_of - interval 5 year
),

reached as (
    select
        days.on_day,
        training.topic_code,
        training.cadre_key
    from fct_training as training
    inner join mart_cadre_coverage as due on training.cadre_key = due.cadre_key
    inner join days
        on
            training.activity_date <= days.on_day
            and training.activity_date > days.on_day - interval 5 year
    cross join rules
    where training.credited_hours > 0
    group by days.on_day, training.topic_code, training.cadre_key, rules.reach_min_hours
    having round(sum(training.credited_hours), 1) >= rules.reach_min_hours
),

benchmark as (
    select
        on_day,
        topic_code,
        count(*) / (select count(*) from mart_cadre_coverage) as share
    from reached
    group by on_day, topic_code
),

of_units as (
    select
        closure.ancestor_code as unit_code,
        reached.on_day,
        reached.topic_code,
        count(*) as cadres
    from reached
    inner join mart_cadre_coverage as due on reached.cadre_key = due.cadre_key
    inner join dim_unit_closure as closure on due.unit_code = closure.descendant_code
    group by closure.ancestor_code, reached.on_day, reached.topic_code
),

gaps as (
    select
        weak.unit_code,
        weak.topic_code,
        days.on_day,
        coalesce(benchmark.share, 0) - coalesce(of_units.cadres, 0) / weak.due as gap
    from weak
    cross join days
    left join benchmark on weak.topic_code = benchmark.topic_code and days.on_day = benchmark.on_day
    left join of_units
        on
            weak.unit_code = of_units.unit_code
            and weak.topic_code = of_units.topic_code
            and days.on_day = of_units.on_day
),

last_good as (
    select
        gaps.unit_code,
        gaps.topic_code,
        max(case when round(gaps.gap, 9) < rules.weak_gap then gaps.on_day end) as on_day
    from gaps
    cross join rules
    group by gaps.unit_code, gaps.topic_code
)

select
    weak.unit_label,
    weak.topic_name,
    weak.severity_name,
    weak.due,
    weak.reached,
    round(weak.reach, 3) as reach,
    round(weak.benchmark, 3) as benchmark,
    round(weak.gap, 3) as gap,
    min(gaps.on_day) as weak_since,
    any_value(last_good.on_day) as last_not_weak_on
from weak
inner join gaps on weak.unit_code = gaps.unit_code and weak.topic_code = gaps.topic_code
inner join last_good on weak.unit_code = last_good.unit_code and weak.topic_code = last_good.topic_code
where last_good.on_day is null or gaps.on_day > last_good.on_day
group by all
order by gap desc, weak.unit_label asc, weak.topic_name asc
