-- People as the learning systems name them: academic students, back-fill rows, academy users; one row each,
-- normalised. A blank or a placeholder is null: nobody is tied by what nobody wrote.
with

observed as (

    select
        'academic' as source,
        student_id as source_person_id,
        name_nfkc,
        sex,
        birth_date,
        id_number,
        staff_no,
        unit_code,
        unit_name_nfkc
    from {{ ref('stg_academic__student') }}
    where not is_deleted

    union all

    select
        'backfill' as source,
        enrollment_id as source_person_id,
        name_nfkc,
        sex,
        cast(null as date) as birth_date,
        -- a number that a spreadsheet stored as a number has lost digits
        case when id_number_is_text then id_number end as id_number,
        cast(null as varchar) as staff_no,
        unit_code,
        cast(null as varchar) as unit_name_nfkc
    from {{ ref('int_backfill_enrollment') }}

    union all

    select
        'academy' as source,
        user_id as source_person_id,
        name_nfkc,
        sex,
        birth_date,
        id_number,
        staff_no,
        org_code as unit_code,
        org_name_nfkc as unit_name_nfkc
    from {{ ref('stg_academy__users') }}

),

numbers as (

    select *, {{ normalised_id_number('id_number') }} as typed_number
    from observed

),

written as (

    select
        numbers.*,
        case when name_placeholder.value is null then nullif(numbers.name_nfkc, '') end as person_name,
        case
            when number_placeholder.value is null and {{ not_one_character('numbers.typed_number') }}
                then numbers.typed_number
        end as id_number_text
    from numbers
    left join {{ ref('identity_placeholder') }} as name_placeholder
        on name_placeholder.kind = 'name' and numbers.name_nfkc = name_placeholder.value
    left join {{ ref('identity_placeholder') }} as number_placeholder
        on number_placeholder.kind = 'number' and numbers.typed_number = number_placeholder.value

),

lengthened as (

    select *, {{ id_number_18('id_number_text') }} as id_number_18
    from written

),

valid as (

    select *, {{ valid_id_number('id_number_18') }} as valid_number
    from lengthened

)

select
    source,
    source_person_id,
    person_name,
    case when sex in ('1', '2') then sex end as sex,
    coalesce({{ year_month('birth_date') }}, {{ year_month(id_birth_date('valid_number')) }}) as birth_month,
    valid_number,
    coalesce(id_number_18, id_number_text) as number_text,
    -- visible digits of a masked number, as a LIKE pattern
    case
        when {{ regexp_found('id_number_text', '^[0-9X*]{18}$') }}
            and {{ regexp_found('id_number_text', '[*]') }}
            then replace(id_number_text, '*', '_')
    end as masked_pattern,
    nullif(upper(trim(staff_no)), '') as staff_no,
    nullif(trim(unit_code), '') as unit_code,
    nullif(unit_name_nfkc, '') as unit_name
from valid
