"""Damages to the modelled tables: one module a subject, each with `DAMAGES`, as the suite has its files."""

from __future__ import annotations

import pkgutil
from importlib import import_module

MARTS: dict[str, str] = {}
for _module in pkgutil.iter_modules(__path__):
    MARTS |= import_module(f"{__name__}.{_module.name}").DAMAGES
