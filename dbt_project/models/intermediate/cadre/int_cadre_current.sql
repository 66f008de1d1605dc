-- People of the newest snapshot up to the business date.
select *
from {{ ref('int_cadre_snapshot') }}
where business_date = (select max(newest.business_date) from {{ ref('int_cadre_snapshot') }} as newest)
