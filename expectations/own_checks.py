"""This project's own checks, by the name a suite gives them (`type: check_…`).

Only what Great Expectations has no word for: sums across tables, and the search of every published
text for personal data. Each takes the rule's `kwargs` and all tables, and raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from expectations import marts, privacy
from expectations.suites import Rule
from expectations.verdicts import Verdict

Check = Callable[..., Verdict]

CHECKS: Mapping[str, Check] = {
    "check_root_counts_every_due_cadre": marts.check_root_counts_every_due_cadre,
    "check_one_as_of": marts.check_one_as_of,
    "check_no_personal_columns": privacy.check_no_personal_columns,
    "check_no_id_numbers": privacy.check_no_id_numbers,
    "check_no_phone_numbers": privacy.check_no_phone_numbers,
    "check_no_names": privacy.check_no_names,
}


def run(rule: Rule, tables: Mapping[str, pa.Table]) -> Verdict:
    """Judge one rule. A table or column that the check needs and is not given: failed, not judged."""
    kwargs: dict[str, Any] = dict(rule.kwargs)
    try:
        return CHECKS[rule.type](tables, **kwargs)
    except KeyError as error:
        return Verdict.not_judged(f"column or table missing: {error.args[0]!s:.60}")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return Verdict.not_judged()
