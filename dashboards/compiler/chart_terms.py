"""What all kinds of chart share: a definition's chart, Superset's parameters, formats of numbers."""

from __future__ import annotations

from typing import Any

Chart = dict[str, Any]
Params = dict[str, Any]

COUNT_FORMAT = ",d"


class KindError(ValueError):
    """A definition asks for what no kind of chart can show; the message says what."""
