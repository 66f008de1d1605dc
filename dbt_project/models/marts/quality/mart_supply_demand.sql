-- What was asked for against what was taught: of a year and rank group the share of each topic in the stated
-- needs and in the credited hours.
with

due as (

    select
        coalesce(members.unit_code, cadres.unit_code) as unit_code,
        cadres.rank_group,
        count(*) as due
    from {{ ref('dim_cadre') }} as cadres
    left join {{ ref('int_unit_member') }} as members
        on cadres.unit_code = members.member_code and members.scope = 'subtree'
    where cadres.is_due
    group by coalesce(members.unit_code, cadres.unit_code), cadres.rank_group

),

unit_shares as (

    select
        unit_code,
        rank_group,
        {{ rate('due', 'sum(due) over (partition by unit_code)') }} as share
    from due

),

-- where a unit has nobody due (revoked, or unknown) its need is spread like the whole due population
all_shares as (

    select
        rank_group,
        {{ rate('count(*)', 'sum(count(*)) over ()') }} as share
    from {{ ref('dim_cadre') }}
    where is_due
    group by rank_group

),

needs as (

    select
        needs.*,
        -- the rank group of the survey's day, as the ledger has that of the activity's day
        coalesce(spans.rank_group, cadres.rank_group) as rank_group,
        units.unit_code as peopled_unit_code
    from {{ ref('int_need') }} as needs
    left join {{ ref('dim_cadre') }} as cadres on needs.cadre_key = cadres.cadre_key
    left join {{ ref('dim_cadre_history') }} as spans
        on
            needs.cadre_key = spans.cadre_key
            and {{ in_force_on('spans', 'needs.survey_date') }}
    left join (select distinct unit_code from unit_shares) as units on needs.unit_code = units.unit_code

),

split as (

    select survey_year, topic_code, need_kind, rank_group, weight
    from needs
    where rank_group is not null

    union all

    select
        needs.survey_year,
        needs.topic_code,
        needs.need_kind,
        shares.rank_group,
        needs.weight * shares.share as weight
    from needs
    inner join unit_shares as shares on needs.peopled_unit_code = shares.unit_code
    where needs.rank_group is null

    union all

    select
        needs.survey_year,
        needs.topic_code,
        needs.need_kind,
        shares.rank_group,
        needs.weight * shares.share as weight
    from needs
    cross join all_shares as shares
    where needs.rank_group is null and needs.peopled_unit_code is null

),

demand as (

    select
        survey_year as year,
        topic_code,
        rank_group,
        -- rounded, so that the order of adding does not show
        round(sum(weight), 6) as demand_weight,
        round(sum(case when need_kind = 'organization' then weight else 0 end), 6) as organization_weight,
        round(sum(case when need_kind = 'post' then weight else 0 end), 6) as post_weight,
        round(sum(case when need_kind = 'personal' then weight else 0 end), 6) as personal_weight
    from split
    group by survey_year, topic_code, rank_group

),

supply as (

    select
        {{ year_of('activity_date') }} as year,
        topic_code,
        rank_group_then as rank_group,
        round(sum(credited_hours), 1) as supplied_hours
    from {{ ref('fct_training') }}
    where cadre_key is not null and credited_hours > 0
    group by {{ year_of('activity_date') }}, topic_code, rank_group_then

),

cells as (

    select year, topic_code, rank_group from demand
    union
    select year, topic_code, rank_group from supply

),

totals as (

    select
        cells.year,
        cells.topic_code,
        cells.rank_group,
        coalesce(demand.demand_weight, 0) as demand_weight,
        coalesce(demand.organization_weight, 0) as organization_weight,
        coalesce(demand.post_weight, 0) as post_weight,
        coalesce(demand.personal_weight, 0) as personal_weight,
        coalesce(supply.supplied_hours, 0) as supplied_hours,
        sum(demand.demand_weight) over (partition by cells.year, cells.rank_group) as demand_total,
        sum(supply.supplied_hours) over (partition by cells.year, cells.rank_group) as supply_total
    from cells
    left join demand
        on
            cells.year = demand.year
            and cells.topic_code = demand.topic_code
            and cells.rank_group = demand.rank_group
    left join supply
        on
            cells.year = supply.year
            and cells.topic_code = supply.topic_code
            and cells.rank_group = supply.rank_group

),

shares as (

    select
        *,
        round({{ rate('demand_weight', 'demand_total') }}, 9) as demand_share,
        round({{ rate('supplied_hours', 'supply_total') }}, 9) as supply_share
    from totals

)

select
    shares.year,
    shares.topic_code,
    topics.topic_name,
    topics.group_code,
    topics.group_name,
    shares.rank_group,
    rank_groups.label_zh as rank_group_name,
    shares.demand_weight,
    shares.organization_weight,
    shares.post_weight,
    shares.personal_weight,
    shares.demand_share,
    shares.supplied_hours,
    shares.supply_share,
    round(shares.demand_share - shares.supply_share, 9) as gap
from shares
left join {{ ref('dim_topic') }} as topics on shares.topic_code = topics.topic_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and shares.rank_group = rank_groups.code
