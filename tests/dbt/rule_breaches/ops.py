"""What breaks the rules of what the warehouse says of itself."""

from __future__ import annotations

OPS = "models/marts/ops"

BREACHES = {
    "a_fault_is_told_by_its_code_and_an_unknown_one_as_it_is": (
        "models/intermediate/ops/int_fault_reason.sql",
        "group by reason\n",
        "group by reason, reason_code\n",
    ),
    "a_rejected_file_is_mended_by_what_came_since": (
        f"{OPS}/ops_batch.sql",
        "and sound.business_date >= batches.business_date",
        "",
    ),
    "a_fault_that_comes_every_night_counts_once": (
        f"{OPS}/ops_quarantine_reason.sql",
        "count(case when is_in_use then 1 end) as faults",
        "count(*) as faults",
    ),
    "who_is_not_tied_is_missing_in_the_rate_and_in_all": (
        f"{OPS}/ops_identity_source.sql",
        "count(rule) as tied,",
        "count(*) as tied,",
    ),
    "a_held_file_waits_until_something_newer_came": (
        f"{OPS}/ops_batch.sql",
        "or sound.landed_at > batches.landed_at",
        "or true",
    ),
    "a_source_says_since_when_it_stands_still_and_why": (
        f"{OPS}/ops_freshness.sql",
        "or batches.business_date > delivered.newest_business_date",
        "or true",
    ),
    "a_night_counts_its_files_and_what_is_still_missing": (
        f"{OPS}/ops_batch_night.sql",
        "when status = 'rejected' and not is_mended",
        "when status = 'rejected'",
    ),
}
