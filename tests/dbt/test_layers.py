"""The bans between the layers of the dbt project, each with where the code belongs instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.dbt.built import Built


def find_breaches(manifest: dict[str, Any]) -> Iterable[str]:
    """Sentences about models that depend on what their layer must not use."""
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    readers: dict[str, list[str]] = {name: [] for name in manifest["sources"]}
    for node in models.values():
        layer, folder = node["fqn"][1], node["fqn"][2]
        for parent in node["depends_on"]["nodes"]:
            if parent in readers:
                readers[parent].append(node["name"])
                if layer != "staging":
                    yield f"{node['name']} reads a raw table: only staging does; ref the staging model"
                elif manifest["sources"][parent]["source_name"] != folder:
                    yield f"{node['name']} reads another source's table: it belongs into that folder"
            elif layer == "staging":
                yield f"{node['name']} refs {parent}: joins and rules belong into intermediate"
            elif layer == "intermediate" and parent in models and models[parent]["fqn"][1] == "marts":
                yield f"{node['name']} refs a mart: what both need belongs into intermediate"
        if layer == "staging" and not node["name"].startswith(f"stg_{folder}__"):
            yield f"{node['name']} is not named after its source {folder}"
        if layer == "intermediate" and not node["name"].startswith("int_"):
            yield f"{node['name']} is not named int_"
    for source, names in readers.items():
        if len(names) != 1:
            yield f"{source} has {len(names)} staging models: each raw table has one"


def test_no_layer_uses_what_is_not_its_own(built: Built) -> None:
    assert list(find_breaches(built.manifest())) == []


def test_each_breach_of_a_layer_is_noticed(built: Built) -> None:
    def breaches_after(model: str, parent: str) -> str:
        manifest = built.manifest()
        manifest["nodes"][f"model.ganxun.{model}"]["depends_on"]["nodes"].append(parent)
        return "\n".join(find_breaches(manifest))

    person = "source.ganxun.cadre.person"
    assert "only staging does" in breaches_after("mart_cadre_coverage", person)
    assert "only staging does" in breaches_after("int_cadre_snapshot", person)
    assert "another source's table" in breaches_after("stg_academy__users", person)
    assert "joins and rules" in breaches_after("stg_academy__users", "model.ganxun.stg_academy__classes")
    assert "refs a mart" in breaches_after("int_cadre_snapshot", "model.ganxun.dim_cadre")
    assert "has 2 staging models" in breaches_after("stg_cadre__post", person)


def test_a_raw_table_without_a_staging_model_is_noticed(built: Built) -> None:
    manifest = built.manifest()
    del manifest["nodes"]["model.ganxun.stg_academy__ratings"]
    assert list(find_breaches(manifest)) == [
        "source.ganxun.academy.ratings has 0 staging models: each raw table has one"
    ]
