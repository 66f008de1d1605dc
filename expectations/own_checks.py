"""This project's own checks, by the name a suite gives them (`type: check_…`).

Only what Great Expectations has no word for: sums across tables, and the search of every published
text for personal data. Each takes the rule's `kwargs` and raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from expectations import marts, privacy
from expectations.suites import Rule
from expectations.verdicts import Finding, Verdict

Check = Callable[..., Verdict]

# Given all tables; `columns_read` says which columns of which.
CHECKS_OF_TABLES: Mapping[str, Check] = {
    "check_root_counts_every_due_cadre": marts.check_root_counts_every_due_cadre,
    "check_one_as_of": marts.check_one_as_of,
}
# Given what is published: names of columns, and all texts.
CHECKS_OF_TEXTS: Mapping[str, Check] = {
    "check_no_personal_columns": privacy.check_no_personal_columns,
    "check_no_id_numbers": privacy.check_no_id_numbers,
    "check_no_phone_numbers": privacy.check_no_phone_numbers,
    "check_no_names": privacy.check_no_names,
}


def run(rule: Rule, tables: Mapping[str, pa.Table], published: privacy.Published) -> Verdict:
    """Judge one rule. A table or column that the check needs and is not given: failed, not judged."""
    kwargs: dict[str, Any] = dict(rule.kwargs)
    try:
        if rule.type in CHECKS_OF_TEXTS:
            return CHECKS_OF_TEXTS[rule.type](published, **kwargs)
        return CHECKS_OF_TABLES[rule.type](tables, **kwargs)
    except KeyError as error:
        return Verdict.not_judged(Finding("missing_input", {"names": [f"{error.args[0]!s:.60}"]}))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return Verdict.not_judged()


def columns_read(rule: Rule) -> dict[str, set[str]]:
    """The columns that a check reads, by table; of texts only where the names of people stand."""
    if rule.type == "check_one_as_of":
        return {table: {"as_of"} for table in rule.kwargs["tables_with_as_of"]}
    if rule.type in CHECKS_OF_TEXTS:
        return {table: {"name"} for table in privacy.PEOPLE_IN}
    return {table: set(columns) for table, columns in marts.ROOT_READS.items()}
