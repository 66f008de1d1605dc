"""The bundle: compiled assets as Superset's import wants them, and Superset's export as they were compiled.

Compiled assets hold no instance ids: charts are named by uuid. Superset's importer maps ids, so each chart
gets a number that lives from compiling to the end of the import. Both environments import this module
(PyYAML only).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dashboards.naming import Files

# What the front end works out anew whenever a dashboard is opened, or what only one instance knows.
DERIVED_METADATA = (
    "chart_configuration",
    "global_chart_configuration",
    "default_filters",
    "expanded_slices",
    "color_scheme_domain",
    "map_label_colors",
    "shared_label_colors",
    "timed_refresh_immune_slices",
    "filter_scopes",
)
INSTANCE_PARAMETERS = ("datasource", "slice_id", "dashboards", "dashboardId", "url_params")


class BundleError(ValueError):
    """The bundle contradicts itself; the message names the file."""


def fingerprint(files: Files, paths: Mapping[str, Path]) -> str:
    """SHA-256 of all that an import would write: the assets and the paths of the published files."""
    text = yaml.safe_dump([{name: str(path) for name, path in paths.items()}, files], allow_unicode=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def contents_for_import(files: Files, paths: Mapping[str, Path]) -> dict[str, str]:
    """The bundle as `ImportAssetsCommand` takes it: name to YAML text, with numbers and database paths.

    `paths`: published file of each database's placeholder (`warehouse`, `restricted`). Raises `BundleError`
    where a dashboard shows a chart that no file defines.
    """
    charts = {content["uuid"]: name for name, content in files.items() if name.startswith("charts/")}
    numbers = {uuid: number for number, uuid in enumerate(sorted(charts), start=1)}
    contents: dict[str, str] = {}
    for name, content in files.items():
        filled = yaml.safe_load(yaml.safe_dump(content))
        if name.startswith("databases/"):
            for placeholder, path in paths.items():
                filled["sqlalchemy_uri"] = filled["sqlalchemy_uri"].replace(
                    f"{{{{ {placeholder} }}}}", str(path)
                )
        elif name.startswith("dashboards/"):
            _number_charts(name, filled, numbers)
        contents[name] = yaml.safe_dump(filled, allow_unicode=True, sort_keys=False)
    return contents


def _number_charts(name: str, dashboard: dict[str, Any], numbers: dict[str, int]) -> None:
    for block in dashboard["position"].values():
        if isinstance(block, dict) and block.get("type") == "CHART":
            uuid = block["meta"]["uuid"]
            if uuid not in numbers:
                raise BundleError(f"{name}: no chart file has the uuid {uuid}")
            block["meta"]["chartId"] = numbers[uuid]
    for native_filter in dashboard["metadata"].get("native_filter_configuration", []):
        scope = native_filter["scope"]
        unknown = [uuid for uuid in scope["excluded"] if uuid not in numbers]
        if unknown:
            raise BundleError(f"{name}: filter {native_filter['name']} excludes unknown charts {unknown}")
        scope["excluded"] = [numbers[uuid] for uuid in scope["excluded"]]


def strip_export(exported: Files, known: Files, paths: Mapping[str, Path]) -> Files:
    """An export of Superset without what belongs to one instance, under the names of the compiled assets.

    Objects that were not compiled (people's own) are left out.
    """
    names = {content["uuid"]: name for name, content in known.items() if "uuid" in content}
    stripped: Files = {}
    for exported_name, content in exported.items():
        if content.get("uuid") not in names:
            continue
        kind = exported_name.split("/", 1)[0]
        if kind == "databases":
            for placeholder, path in paths.items():
                content["sqlalchemy_uri"] = content["sqlalchemy_uri"].replace(
                    str(path), f"{{{{ {placeholder} }}}}"
                )
        elif kind == "datasets":
            _strip_dataset(content)
        elif kind == "charts":
            content["query_context"] = None
            for key in INSTANCE_PARAMETERS:
                content["params"].pop(key, None)
        elif kind == "dashboards":
            _strip_dashboard(content)
        stripped[names[content["uuid"]]] = without_nulls(content)
    return dict(sorted(stripped.items()))


def _strip_dataset(dataset: dict[str, Any]) -> None:
    # The catalog of a DuckDB file is its file name: the connection's own default is always right.
    dataset["catalog"] = None
    dataset["columns"] = sorted(dataset["columns"], key=lambda column: column["column_name"])
    dataset["metrics"] = sorted(dataset["metrics"], key=lambda metric: metric["metric_name"])


def _strip_dashboard(dashboard: dict[str, Any]) -> None:
    uuids = {
        block["meta"].pop("chartId"): block["meta"]["uuid"]
        for block in dashboard["position"].values()
        if isinstance(block, dict) and block.get("type") == "CHART"
    }
    metadata = dashboard["metadata"]
    for key in DERIVED_METADATA:
        metadata.pop(key, None)
    for native_filter in metadata.get("native_filter_configuration", []):
        native_filter.pop("chartsInScope", None)
        native_filter.pop("tabsInScope", None)
        native_filter["scope"]["excluded"] = sorted(
            uuids[number] for number in native_filter["scope"]["excluded"] if number in uuids
        )


def without_nulls(value: Any) -> Any:
    """The same without keys that say nothing: Superset reads a missing key as null."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
