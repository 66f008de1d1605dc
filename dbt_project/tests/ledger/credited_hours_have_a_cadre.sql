-- Tests: a row without a cadre is unresolved_person and earns nothing; a row with a cadre is never
-- unresolved_person.
-- Matters: hours of nobody would lift the totals and no one's coverage.
-- Resolve: look at the person in restricted.identity_link.
select ledger_id, cadre_key, credit_status, credited_hours
from {{ ref('fct_training') }}
where (cadre_key is null) <> (credit_status = 'unresolved_person')
    or (cadre_key is null and credited_hours > 0)
