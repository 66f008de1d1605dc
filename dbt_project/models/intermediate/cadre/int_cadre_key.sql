-- The pseudonymous key of every person code ever delivered: a keyed hash, nested so that the secret cannot be
-- extended, stable from night to night because the secret is kept beside the data (never in dbt's artefacts).
with

people as (

    select distinct person_code from {{ ref('stg_cadre__person') }}

),

secrets as (

    select secret from {{ ref('stg_ops__secret') }}

)

select
    people.person_code,
    'c'
    || substr(
        {{ sha256_hex("secrets.secret || " ~ sha256_hex("secrets.secret || people.person_code")) }}, 1, 20
    ) as cadre_key
from people
cross join secrets
