"""What breaks the rules in the training models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "a_record_is_of_the_person_whom_its_own_system_means": (
        f"{INT}/training/int_training_record.sql",
        "unioned.link_source = links.source and ",
        "",
    ),
    "ledger_row_takes_the_unit_and_rank_of_its_day": (
        "models/marts/training/fct_training.sql",
        "in_force_on('spans', 'ledger.activity_date')",
        "in_force_on('spans', 'ledger.activity_date - 1')",
    ),
    "academic_row_earns_hours_only_when_credited": (
        f"{INT}/training/int_training_ledger.sql",
        "case when credit_status = 'credited' then raw_hours else 0 end",
        "raw_hours",
    ),
}
