"""The project makes tables and views in fewer steps than dbt's own way, which does more than is used here.

Matters because what `dbt_project/macros/materializations.sql` leaves out would be asked for and not be done.
To mend a failure: do it there, too.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.dbt.built import Built

LEFT_OUT = ("pre-hook", "post-hook", "grants", "indexes", "partitioned_by", "sorted_by")


def find_unserved(manifest: dict[str, Any]) -> list[str]:
    """Models whose configuration asks for what the project's materializations leave out."""
    return sorted(
        f"{node['name']}: {asked}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for asked in (
            *(name for name in LEFT_OUT if node["config"].get(name)),
            *(name for name, wanted in (node["config"].get("persist_docs") or {}).items() if wanted),
        )
    )


def test_no_model_asks_for_what_is_not_done(built: Built) -> None:
    assert find_unserved(built.manifest()) == []


@pytest.mark.parametrize("asked", [*LEFT_OUT, "persist_docs"])
def test_a_model_that_asks_for_it_is_named(built: Built, asked: str) -> None:
    manifest = built.manifest()
    config = manifest["nodes"]["model.ganxun.dim_unit"]["config"]
    config[asked] = {"relation": True} if asked == "persist_docs" else ["anything"]
    assert find_unserved(manifest) == [f"dim_unit: {'relation' if asked == 'persist_docs' else asked}"]
