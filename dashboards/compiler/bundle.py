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

from dashboards.compiler.naming import Files
from yaml_files import write_yaml

# What the front end works out anew whenever a dashboard is opened, or what only one instance knows.
DERIVED_METADATA = (
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
    text = write_yaml([{name: str(path) for name, path in paths.items()}, files])
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
        filled = _copy_sorted(content)
        if name.startswith("databases/"):
            for placeholder, path in paths.items():
                filled["sqlalchemy_uri"] = filled["sqlalchemy_uri"].replace(
                    f"{{{{ {placeholder} }}}}", str(path)
                )
        elif name.startswith("dashboards/"):
            _number_charts(name, filled, numbers)
        contents[name] = write_yaml(filled, sort_keys=False)
    return contents


def _copy_sorted(value: Any) -> Any:
    """A deep copy with sorted keys: what an import writes does not hang on the order of compiling."""
    if isinstance(value, dict):
        return {key: _copy_sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_copy_sorted(item) for item in value]
    return value


def _number_charts(name: str, dashboard: dict[str, Any], numbers: dict[str, int]) -> None:
    for block in dashboard["position"].values():
        if isinstance(block, dict) and block.get("type") == "CHART":
            uuid = block["meta"]["uuid"]
            if uuid not in numbers:
                raise BundleError(f"{name}: no chart file has the uuid {uuid}")
            block["meta"]["chartId"] = numbers[uuid]
    metadata = dashboard["metadata"]
    for native_filter in metadata.get("native_filter_configuration", []):
        _number_scope(f"{name}: filter {native_filter['name']}", native_filter["scope"], numbers)
    if "global_chart_configuration" in metadata:
        everybody = metadata["global_chart_configuration"]
        everybody["chartsInScope"] = []
        _number_scope(name, everybody["scope"], numbers)
    if "chart_configuration" in metadata:
        numbered = {}
        for uuid, emitter in metadata["chart_configuration"].items():
            _number_scope(f"{name}: emitter {uuid}", emitter["crossFilters"]["scope"], numbers)
            # Who is in scope is worked out by the front end.
            emitter["crossFilters"]["chartsInScope"] = []
            numbered[str(numbers[uuid])] = {"id": numbers[uuid], **emitter}
        metadata["chart_configuration"] = numbered


def _number_scope(where: str, scope: dict[str, Any], numbers: dict[str, int]) -> None:
    unknown = [uuid for uuid in scope["excluded"] if uuid not in numbers]
    if unknown:
        raise BundleError(f"{where} excludes unknown charts {unknown}")
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
        _name_scope(native_filter["scope"], uuids)
    _strip_cross_filters(metadata, uuids)


def _strip_cross_filters(metadata: dict[str, Any], uuids: dict[int, str]) -> None:
    """Who speaks to whom, by lasting names; charts for which nothing of their own is said are left out."""
    if not metadata.get("cross_filters_enabled"):
        metadata.pop("chart_configuration", None)
        metadata.pop("global_chart_configuration", None)
        return
    everybody = metadata["global_chart_configuration"]
    everybody.pop("chartsInScope", None)
    _name_scope(everybody["scope"], uuids)
    named = {}
    for number, emitter in metadata["chart_configuration"].items():
        scope = (emitter.get("crossFilters") or {}).get("scope")
        if int(number) in uuids and isinstance(scope, dict):
            _name_scope(scope, uuids)
            named[uuids[int(number)]] = {"crossFilters": {"scope": scope}}
    metadata["chart_configuration"] = named


def _name_scope(scope: dict[str, Any], uuids: dict[int, str]) -> None:
    scope["excluded"] = sorted(uuids[number] for number in scope["excluded"] if number in uuids)


def without_nulls(value: Any) -> Any:
    """The same without keys that say nothing: Superset reads a missing key as null."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
