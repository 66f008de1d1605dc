"""What breaks each law: the smallest damage that it exists to notice. Of several statements each breaks it.

One module a folder of dbt_project/tests, each with `BREACHES`: law > SQL statements on a built work file.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

BREACHES: dict[str, list[str]] = {}
for _module in pkgutil.iter_modules(__path__):
    _of_subject = import_module(f"{__name__}.{_module.name}").BREACHES
    if doubled := BREACHES.keys() & _of_subject.keys():
        raise ValueError(
            f"two subjects have a breach of {', '.join(sorted(doubled))}: one would hide the other"
        )
    BREACHES |= _of_subject
