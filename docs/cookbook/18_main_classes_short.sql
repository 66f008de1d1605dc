-- title_zh: 主体班次课程比例不足
-- title_en: Main classes short of their shares
-- question_zh: 哪些主体班次的理论与党性课、党性课或领导授课比例不足？
-- question_en: Which main classes fall short in theory and party hours, party hours or leaders' lectures?
-- watch_zh: 一行为一个主体班次，按排课学时；未分类课程（unclassified_hours）多时比例偏低，先归类再下结论。
-- watch_en: A row is a main class, by scheduled lesson hours. Many unclassified_hours make the shares look
--   low: map those courses first.
-- empty: Every main class meets its shares.
select
    mix.class_id,
    mix.class_name,
    institution.name as institution_name,
    mix.start_date,
    mix.lesson_hours,
    mix.unclassified_hours,
    round(mix.theory_party_share, 4) as theory_party_share,
    mix.theory_party_target,
    round(mix.party_share, 4) as party_share,
    mix.party_target,
    round(mix.leader_share, 4) as leader_share,
    mix.leader_target
from mart_class_mix as mix
left join dim_institution as institution on mix.institution_id = institution.institution_id
where not mix.meets_theory_party or not mix.meets_party or not mix.meets_leader
order by mix.start_date desc, mix.class_id asc
