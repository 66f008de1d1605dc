-- Tests: every row of the ledger names a credit rule that is in force on its day, is for its source and
-- gives its status.
-- Matters: the officer who asks why a record earned nothing is shown the text of this rule.
-- Resolve: add or correct the rule in the seed credit_rule, or rule_code in the ledger model of the source.
select
    ledger.ledger_id,
    ledger.rule_code,
    ledger.credit_status
from {{ ref('fct_training') }} as ledger
left join {{ ref('credit_rule') }} as rules
    on ledger.rule_code = rules.rule_code and {{ in_force_on('rules', 'ledger.activity_date') }}
where
    rules.rule_code is null
    or rules.credit_status <> ledger.credit_status
    or not (
        rules.scope in ('all', ledger.source)
        or (rules.scope = 'online' and ledger.source in ('academy', 'mobile'))
    )
