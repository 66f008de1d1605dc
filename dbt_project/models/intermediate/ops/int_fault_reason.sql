-- Every reason that landing gave, or the build for a unit, in words: the first pattern of the seed that fits.
-- A reason that no pattern knows is shown as it is, never dropped.
with

given as (

    select reason from {{ ref('stg_ops__quarantine') }}
    union
    select reason from {{ ref('stg_ops__batch') }} where reason is not null
    union
    select reparented_reason as reason from {{ ref('int_unit_current') }} where reparented_reason is not null

),

fitting as (

    select
        given.reason,
        texts.text_zh,
        texts.text_en,
        texts.advice_zh,
        texts.advice_en,
        row_number() over (partition by given.reason order by texts.sort_order) as choice
    from given
    left join {{ ref('fault_text') }} as texts on given.reason like texts.pattern

)

select
    reason,
    coalesce(text_zh, reason) as reason_name,
    coalesce(text_en, reason) as reason_name_en,
    advice_zh as advice,
    advice_en
from fitting
where choice = 1
