-- Every reason that landing gave, or the build for a unit, in words: those of its code. A reason without a
-- code, or with one that the seed has no words for, is shown as it is, never dropped.
with

given as (

    select
        reason,
        reason_code
    from {{ ref('stg_ops__quarantine') }}

    union all

    select
        reason,
        reason_code
    from {{ ref('stg_ops__batch') }}
    where reason is not null

    union all

    select
        reparented_reason as reason,
        reparented_code as reason_code
    from {{ ref('int_unit_current') }}
    where reparented_reason is not null

),

reasons as (

    -- One sentence has one code, as landing writes it.
    select
        reason,
        max(reason_code) as reason_code
    from given
    group by reason

)

select
    reasons.reason,
    coalesce(texts.text_zh, reasons.reason) as reason_name,
    coalesce(texts.text_en, reasons.reason) as reason_name_en,
    texts.advice_zh as advice,
    texts.advice_en
from reasons
left join {{ ref('fault_text') }} as texts on reasons.reason_code = texts.code
