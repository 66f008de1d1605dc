-- What rule 6 makes of its pairs: one cadre surely and clearly ahead is linked, else from 0.50 a person
-- decides (rules.md, identity). However sure the model is, a link needs support beyond a name: a number that
-- agrees, or a shared unit or month of birth that nothing contradicts.
with

allowed as (

    select pairs.*
    from {{ ref('int_identity_pair') }} as pairs
    left join {{ ref('int_identity_decision') }} as decision
        on
            pairs.source = decision.source
            and pairs.source_person_id = decision.source_person_id
            and pairs.person_code = decision.person_code
    where decision.person_code is null

),

agreeing as (

    select
        *,
        coalesce(name_level in ('exact', 'same_characters', 'one_character'), false) as is_name_alike,
        coalesce(name_level in ('exact', 'same_characters', 'one_character', 'half'), false) as is_name_akin,
        coalesce(number_level in ('equal', 'masked', 'near'), false) as is_number_alike,
        coalesce(unit_level = 'shared', false)
        or coalesce(birth_level = 'month', false) as is_place_or_birth_equal,
        coalesce(birth_level = 'different', false)
        or coalesce(sex_level = 'different', false)
        or coalesce(number_level = 'different', false) as is_contradicted
    from allowed

),

ranked as (

    select
        *,
        (is_name_alike and (is_number_alike or (is_place_or_birth_equal and not is_contradicted)))
        or (is_name_akin and is_number_alike and is_place_or_birth_equal) as is_supported,
        row_number() over (
            partition by source, source_person_id
            order by score desc, person_code asc
        ) as place,
        coalesce(
            lead(score) over (
                partition by source, source_person_id
                order by score desc, person_code asc
            ),
            0.0
        ) as next_score
    from agreeing

),

judged as (

    select
        *,
        place = 1
        and score >= {{ policy('probabilistic_link_min') }}
        and is_supported
        and round(score - next_score, 4) >= {{ policy('probabilistic_lead_min') }} as is_link
    from ranked

),

linked_people as (

    select source, source_person_id
    from judged
    where is_link

)

select
    judged.source,
    judged.source_person_id,
    judged.person_code,
    judged.score,
    case
        when judged.is_link then 'link'
        when judged.score < {{ policy('probabilistic_link_min') }} then 'unsure'
        when not judged.is_supported then 'unsupported'
        else 'several'
    end as verdict,
    judged.name_level,
    judged.birth_level,
    judged.sex_level,
    judged.unit_level,
    judged.number_level
from judged
left join linked_people
    on judged.source = linked_people.source and judged.source_person_id = linked_people.source_person_id
where
    judged.is_link
    or (linked_people.source_person_id is null and judged.score >= {{ policy('probabilistic_review_min') }})
