"""For each dbt unit test a file and the smallest edit of it that breaks the rule which the test is there for.

One module a subject, each with `BREACHES`: unit test > (file below dbt_project, text, text in its place).
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

BREACHES: dict[str, tuple[str, str, str]] = {}
for _module in pkgutil.iter_modules(__path__):
    _of_subject = import_module(f"{__name__}.{_module.name}").BREACHES
    if doubled := BREACHES.keys() & _of_subject.keys():
        raise ValueError(
            f"two subjects have a breach of {', '.join(sorted(doubled))}: one would hide the other"
        )
    BREACHES |= _of_subject
