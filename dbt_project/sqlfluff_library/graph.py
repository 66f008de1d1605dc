"""What sqlfluff's Jinja templater lacks of dbt: `graph.nodes`. Only the linter imports this module."""

from __future__ import annotations

from typing import Any

nodes: dict[str, Any] = {}
