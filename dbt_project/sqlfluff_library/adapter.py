"""What sqlfluff's Jinja templater does not know of dbt: `adapter.dispatch` and `adapter.quote`.

Only the linter imports this module (library_path in .sqlfluff): models are linted as DuckDB would see them,
from the real macros, without a database or a manifest.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, macro_name: str, macro_namespace: str) -> Callable[..., str]:
    """The default (DuckDB) implementation of a macro; raises where there is none."""
    return context[f"default__{macro_name}"]


def quote(identifier: str) -> str:
    """An identifier in double quotes."""
    return f'"{identifier}"'
