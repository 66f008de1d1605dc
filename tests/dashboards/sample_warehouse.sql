-- A small published warehouse for the dashboard's tests: invented units and cadres, the tables that the dashboard reads.
-- First three invented tables (unit, cadre_state, training), then the published ones computed from them, so that figures
-- add up as those of the real build do and a doubled number shows.
create temp table unit as
select *, row_number() over (order by unit_code) as unit_order from (values
    ('001', '测试市', null, 1), ('001.001', '测试市委办公室', '001', 2), ('001.002', '测试市教育局', '001', 2),
    ('001.003', '测试市卫生健康委员会', '001', 2), ('001.004', '测试市农业农村和水利水务局', '001', 2),
    ('001.005', '测试市公安局', '001', 2), ('001.006', '东山区', '001', 2), ('001.006.001', '东山区委组织部', '001.006', 3),
    ('001.006.002', '东山区教育局', '001.006', 3), ('001.006.003', '东山区石桥镇', '001.006', 3),
    ('001.007', '西河县', '001', 2), ('001.007.001', '西河县委办公室', '001.007', 3), ('001.007.002', '综合保障中心', '001.007', 3),
    ('001.008', '综合保障中心', '001', 2), ('001.009', '测试市原外事办公室', '001', 2)
) as unit(unit_code, unit_name, parent_code, level);

-- Nobody serves in the root itself or in the dissolved office: every real tree has such units.
create temp table cadre_state as
with cadres as (
    select i as cadre_id, hash(i) as h, units.unit_code
    from range(240) as t(i)
    join (select unit_code, row_number() over (order by unit_code) - 1 as n from unit
          where unit_code not in ('001', '001.009')) as units on hash(i * 7) % 13 = units.n
), dates as (
    select last_day(date '2024-07-31' + to_months(m::int)) as as_of, m as n from range(24) as t(m)
)
select as_of, as_of = date '2026-06-30' as is_current, cadre_id, unit_code,
    case when h % 5 = 0 then 'county_plus' else 'section_below' end as rank_group,
    case when (h >> 8) % 100 < 34 - n then 'red' when (h >> 16) % 100 < 75 - n then 'yellow' else 'green' end as light,
    (h >> 24) % 100 < 80 + n / 2 as participated,
    (h >> 32) % 100 < 30 as met_annual, (h >> 40) % 100 < 45 as met_online,
    1 + (h >> 20) % 6 as final_results, (h >> 20) % 6 + (h >> 48) % 2 as passed_results,
    round(((h >> 12) % 6000) / 10.0, 1) as hours
from cadres cross join dates;

create temp table training as
with topics as (
    select *, row_number() over () - 1 as n from (values
        ('T01', '党的创新理论', 'The Party''s innovative theories', 'theory', '党的理论教育', 'Party theory'),
        ('P01', '理想信念', 'Ideals and convictions', 'party', '党性教育', 'Party spirit'),
        ('P02', '党章党规党纪', 'Party rules and discipline', 'party', '党性教育', 'Party spirit'),
        ('D01', '依法行政', 'Law-based administration', 'duty', '履职能力培训', 'Capability for duty'),
        ('D08', '领导科学与组织人事', 'Leadership and personnel work', 'duty', '履职能力培训', 'Capability for duty'),
        ('K01', '数字素养', 'Digital literacy', 'knowledge', '知识培训', 'Knowledge')
    ) as t(topic_code, topic_name, topic_name_en, group_code, group_name, group_name_en)
), modes as (
    select *, row_number() over () - 1 as n from (values
        ('off_job', '脱产培训', 'Off-job training', 1), ('online_elective', '网络自主选学', 'Elective online learning', 4),
        ('mobile', '移动学习', 'Mobile learning', 5)) as t(mode, mode_name, mode_name_en, mode_order)
)
select state.unit_code, state.cadre_id, 2021 + r % 6 ::bigint as year, topics.* exclude (n), modes.* exclude (n),
    round((hash(state.cadre_id * 100 + r) % 300) / 10.0 + 0.1, 1) as hours
from (select * from cadre_state where is_current) as state
cross join range(8) as t(r)
join topics on topics.n = hash(state.cadre_id * 31 + r) % 6
join modes on modes.n = hash(state.cadre_id * 17 + r) % 3;

-- PUBLISHED: from here on the published tables.
create schema marts;
create schema ops;
create temp table labelled as
select *, case when count(*) over (partition by unit_name) = 1 then unit_name
    else unit_name || '（' || unit_code || '）' end as unit_label from unit;
create temp table member as
select a.unit_code, d.unit_code as member_code, 'subtree' as scope from unit as a
join unit as d on d.unit_code = a.unit_code or d.unit_code like a.unit_code || '.%'
union all select unit_code, unit_code, 'direct' from unit;
create temp table measured as
select as_of, any_value(is_current) as is_current, unit_code, scope, coalesce(rank_group, 'all') as rank_group, count(*) as due,
    count_if(participated)::bigint as participated, count_if(light = 'red')::bigint as red,
    count_if(light = 'yellow')::bigint as yellow, count_if(light = 'green')::bigint as green,
    (sum(passed_results) / sum(final_results))::double as pass_rate,
    count_if(met_annual) / count(*) as annual_attainment, count_if(met_online) / count(*) as online_attainment,
    sum(hours) / count(*) as hours_per_head
from (select s.* exclude (unit_code), m.unit_code, m.scope from cadre_state as s
      join member as m on s.unit_code = m.member_code)
group by grouping sets ((as_of, unit_code, scope, rank_group), (as_of, unit_code, scope));
create temp table line as
select unit_code, 'total' as member_kind, unit_code as member_code, 'subtree' as scope, 0 as member_order from unit
union all select unit_code, 'own', unit_code, 'direct', 1 from unit
union all select parent_code, 'child', unit_code, 'subtree',
    1 + row_number() over (partition by parent_code order by unit_code) from unit where parent_code is not null;
create table marts.mart_unit_board as
with living as (select unit_code, scope, as_of from measured where rank_group = 'all' and is_current),
groups as (select * from (values ('all', '全部职级', 'All ranks', 0), ('county_plus', '县处级及以上', 'County level and above', 1),
    ('section_below', '乡科级及以下', 'Section level and below', 2)) as t(rank_group, rank_group_name, rank_group_name_en, rank_order))
select living.as_of, line.unit_code, u.unit_label, u.unit_order, line.member_kind, line.member_code,
    case line.member_kind when 'own' then '（本级）' when 'total' then '（合计）' else '' end || m.unit_label as member_label,
    case line.member_kind when 'own' then '(own) ' when 'total' then '(all) ' else '' end || m.unit_label as member_label_en,
    line.member_order::bigint as member_order, p.unit_label as parent_label, groups.* replace (rank_order::bigint as rank_order), coalesce(due, 0) as due, coalesce(participated, 0) as participated, coalesce(red, 0) as red,
    coalesce(yellow, 0) as yellow, coalesce(green, 0) as green, participated / due as participation_rate,
    (yellow + green) / due as nominal_coverage, green / due as effective_coverage, pass_rate,
    annual_attainment, online_attainment, hours_per_head
from line join labelled as u using (unit_code) join labelled as m on line.member_code = m.unit_code
left join labelled as p on p.unit_code = u.parent_code
join living on living.unit_code = line.member_code and living.scope = line.scope
cross join groups
left join measured as x on x.unit_code = line.member_code and x.scope = line.scope and x.rank_group = groups.rank_group
    and x.is_current;
create table marts.mart_unit_coverage as
select as_of, year(as_of)::bigint as year, is_current, u.unit_code, u.unit_name, u.unit_label, u.parent_code, u.level::bigint as level, scope, due, participated,
    red, yellow, green, participated / due as participation_rate, (yellow + green) / due as nominal_coverage,
    green / due as effective_coverage, pass_rate, annual_attainment, online_attainment, hours_per_head
from measured join labelled as u using (unit_code) where rank_group = 'all';
create table marts.mart_unit_layout as
select a.*, m.scope, u.unit_code, u.unit_name, u.unit_label, year, topic_code, topic_name, topic_name_en, group_code, group_name,
    group_name_en, mode, mode_name, mode_name_en, mode_order::bigint as mode_order, count(*) as person_times, count(distinct cadre_id) as cadres, round(sum(hours), 1) as credited_hours
from training as t join member as m on t.unit_code = m.member_code join labelled as u on u.unit_code = m.unit_code
cross join (values ('now', '现单位', 'Current unit', 1::bigint), ('then', '参训时单位', 'Unit at the time', 2::bigint))
    as a(attribution, attribution_name, attribution_name_en, attribution_order)
group by all;
create table marts.mart_unit_weak_spot as
with due as (select m.unit_code, count(*) as due from cadre_state as s join member as m on s.unit_code = m.member_code
    where m.scope = 'subtree' and is_current group by all),
topic as (select distinct topic_code, topic_name, topic_name_en from training),
reached as (select m.unit_code, topic_code, count(distinct cadre_id) as reached from training as t
    join member as m on t.unit_code = m.member_code and m.scope = 'subtree' group by all having sum(hours) >= 1),
reach as (select due.unit_code, topic.*, due.due, coalesce(reached, 0) as reached, coalesce(reached, 0) / due.due as reach
    from due cross join topic left join reached using (unit_code, topic_code) where due.due >= 5)
select date '2026-06-30' as as_of, u.unit_code, u.unit_name, u.unit_label, topic_code, topic_name, topic_name_en, due, reached,
    due - reached as unreached, reach, benchmark,
    benchmark - reach as gap,
    case when benchmark - reach >= 0.2 then 'severe' when benchmark - reach >= 0.1 then 'weak' else 'none' end as severity,
    case when benchmark - reach >= 0.2 then '严重薄弱' when benchmark - reach >= 0.1 then '薄弱' else '达到基准' end as severity_name,
    case when benchmark - reach >= 0.2 then 'Severely weak' when benchmark - reach >= 0.1 then 'Weak' else 'On benchmark' end
    as severity_name_en
from reach join (select topic_code, reach as benchmark from reach where unit_code = '001') using (topic_code)
join labelled as u using (unit_code);
create table marts.mart_unit_weak_board as
select spot.as_of, board.unit_code, board.unit_label, member_kind, member_code, member_label, member_label_en, topic_code, topic_name, topic_name_en, spot.due,
    reached, reach, benchmark, gap, severity, severity_name, severity_name_en,
    case severity when 'severe' then 1 when 'weak' then 2 else 3 end::bigint as severity_order
from marts.mart_unit_board as board join marts.mart_unit_weak_spot as spot on board.member_code = spot.unit_code
where board.rank_group = 'all' and member_kind in ('total', 'child');
create table ops.ops_freshness as
select source, source_name_zh, source_name_en, source_order::bigint as source_order, date '2026-06-30' as as_of,
    date '2026-06-30' - lag::int as newest_business_date, case when lag is not null then timestamptz '2026-06-30 22:05:11+08' - to_days(lag::int) end
    as newest_landed_at, lag::bigint as days_behind, date '2026-06-30' - nullif(lag, 0)::int + 1 as missing_since, (lag = 9)::bigint as files_rejected, 0::bigint as files_held,
    case when lag is null then '无数据' when lag = 0 then '最新' else '滞后' end as state_zh,
    case when lag is null then 'No data' when lag = 0 then 'Up to date' else 'Behind' end as state_en,
    case when lag > 0 then '自 ' || (date '2026-06-30' - lag::int + 1) || ' 起未收到导出' end as reason_zh,
    case when lag > 0 then 'No export since ' || (date '2026-06-30' - lag::int) end as reason_en
from (values ('cadre', '干部管理系统', 'Cadre management', 1, 0), ('academic', '教务管理系统', 'Academic affairs', 2, 0),
    ('academy', '干部网络学院', 'Online academy', 3, 1), ('mobile', '掌上学堂', 'Mobile app', 4, 0))
    as t(source, source_name_zh, source_name_en, source_order, lag);
