"""Are the dashboards whole, without starting Superset? Dashboard > chart > dataset > published columns.

`python -m dashboards.compiler.offline_check` prints every fault and exits with 1 if there is one. What is
checked: every text is there in both languages (each chart has a description), charts exist, datasets are
plain published tables (no SQL of their own), every column and metric that a chart or filter names is in its
dataset, every dataset column is in the dbt YAML of its table, dbt has an exposure for each dashboard with
just the tables it reads, roles.yaml grants no role what its rows do not allow, and no chart that knows a
unit is left out of the unit filter (it would add up the same hours at every level of the tree).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards.compiler.bundle import INSTANCE_PARAMETERS
from dashboards.compiler.compile import compile_files
from dashboards.compiler.naming import Files
from dashboards.compiler.roles import RolesError, read_roles, role_faults
from dashboards.compiler.sources import DefinitionError, Sources, read_sources
from words.published_tables import DBT_MODELS
from yaml_files import read_yaml, write_yaml

COLUMN_PARAMETERS = ("x_axis", "groupby", "all_columns", "columns", "column_config")
METRIC_PARAMETERS = ("metric", "metrics")
# One aggregate of published columns: a rate is read, never computed here.
AGGREGATE = re.compile(
    r"(?:MAX|MIN|SUM)\((\w+)\)|ARG_MAX\((\w+), (\w+)\)"
    r"|CASE WHEN MIN\((\w+)\) = MAX\(\4\) THEN MAX\((\w+)\) END"
)
LINK = re.compile(r"CASE WHEN [^;]*'<a href=\"/superset/dashboard/")
ABSOLUTE_PATH = re.compile(r"(?<![\w.])/(?:home|work|tmp|root|var|srv|opt|Users|mnt|data)/")
REF = re.compile(r"ref\('(\w+)'\)")
UNIT_COLUMN = "unit_label"


def faults(files: Files, models: dict[str, set[str]]) -> list[str]:
    """Every fault of the bundle as a sentence that begins with the file's name; empty: the bundle is whole.

    `models` has the columns of each dbt model (`dbt_columns`); if it is empty, tables are not compared.
    """
    datasets = {content["uuid"]: content for name, content in files.items() if name.startswith("datasets/")}
    charts = {content["uuid"]: content for name, content in files.items() if name.startswith("charts/")}
    found: list[str] = []
    for name, content in files.items():
        kind = name.split("/", 1)[0]
        found += [f"{name}: absolute path near {hit!r}" for hit in ABSOLUTE_PATH.findall(write_yaml(content))]
        if kind == "databases":
            found += _database_faults(name, content)
        elif kind == "datasets":
            found += _dataset_faults(name, content, models)
        elif kind == "charts":
            found += _chart_faults(name, content, datasets)
        elif kind == "dashboards":
            found += _dashboard_faults(name, content, charts, datasets)
    return found


def dbt_columns(models: Path = DBT_MODELS) -> dict[str, set[str]]:
    """Columns of every model that the dbt YAML describes, by model name."""
    described: dict[str, set[str]] = {}
    for path in models.rglob("*.yml"):
        for model in (read_yaml(path) or {}).get("models", []):
            described[model["name"]] = {column["name"] for column in model.get("columns", [])}
    return described


def exposure_faults(sources: Sources, models: Path = DBT_MODELS) -> Iterator[str]:
    """Dashboards without an exposure in dbt, or with one that names other tables than the dashboard reads."""
    exposures = {
        exposure["name"]: {match for ref in exposure["depends_on"] for match in REF.findall(ref)}
        for exposure in read_yaml(models / "exposures.yml")["exposures"]
    }
    for name, dashboard in sources.dashboards.items():
        read = {chart["table"] for chart in dashboard["charts"].values()}
        read |= {native["table"] for native in dashboard.get("filters", [])}
        if name not in exposures:
            yield f"dashboards/{name}: exposures.yml has no exposure of that name"
        elif exposures[name] != read:
            yield f"dashboards/{name}: exposure and charts differ in {sorted(exposures[name] ^ read)}"
    yield from (
        f"exposures.yml: {name} is no dashboard" for name in sorted(exposures.keys() - sources.dashboards)
    )


def format_faults(sources: Sources) -> Iterator[str]:
    """Formats of columns that are not published: whoever renames a column would lose its format unseen."""
    for table, formats in sources.formats.items():
        for column in sorted(formats.keys() - sources.tables.get(table, {}).keys()):
            yield f"words/formats.yaml: {table} has no column {column}"


def _database_faults(name: str, database: dict[str, Any]) -> Iterator[str]:
    engine = database["extra"]["engine_params"]["connect_args"]
    if "access_mode=read_only" not in database["sqlalchemy_uri"] or not engine["read_only"]:
        yield f"{name}: the warehouse must be opened read-only"
    if engine["config"].get("enable_external_access") is not False or not engine["config"].get(
        "lock_configuration"
    ):
        yield f"{name}: local files must stay out of reach (enable_external_access, lock_configuration)"


def _dataset_faults(name: str, dataset: dict[str, Any], models: dict[str, set[str]]) -> Iterator[str]:
    if dataset.get("sql"):
        yield f"{name}: a virtual dataset holds SQL; the table belongs into dbt_project/models/marts"
    published = {column["column_name"] for column in dataset["columns"] if not column.get("expression")}
    for column in dataset["columns"]:
        if column.get("expression") and not LINK.match(column["expression"]):
            yield f"{name}: column {column['column_name']} computes; only links may be made here"
    for metric in dataset["metrics"]:
        match = AGGREGATE.fullmatch(metric["expression"])
        if match is None:
            yield f"{name}: metric {metric['metric_name']} is more than one aggregate"
        else:
            unknown = {column for column in match.groups() if column} - published
            yield from (
                f"{name}: metric {metric['metric_name']} reads the missing column {c}"
                for c in sorted(unknown)
            )
    if not models:
        return
    if dataset["table_name"] not in models:
        yield f"{name}: no dbt model {dataset['table_name']}"
        return
    for column in sorted(published - models[dataset["table_name"]]):
        yield f"{name}: column {column} is not in the dbt YAML of {dataset['table_name']}"


def _chart_faults(name: str, chart: dict[str, Any], datasets: Files) -> Iterator[str]:
    dataset = datasets.get(chart["dataset_uuid"])
    if dataset is None:
        yield f"{name}: no dataset has the uuid {chart['dataset_uuid']}"
        return
    params = chart["params"]
    yield from (f"{name}: {key} belongs to one instance" for key in INSTANCE_PARAMETERS if key in params)
    columns, metrics = _names(dataset)
    for key in COLUMN_PARAMETERS:
        for column in _as_list(params.get(key)):
            # column_config and x_axis_sort style metrics by name as well
            if column not in columns and not (key == "column_config" and column in metrics):
                yield f"{name}: {key} names the missing column {column}"
    for key in METRIC_PARAMETERS:
        for metric in _as_list(params.get(key)):
            if metric not in metrics:
                yield f"{name}: {key} names the missing metric {metric}"
    for adhoc in params.get("adhoc_filters", []):
        if adhoc["expressionType"] != "SIMPLE":
            yield f"{name}: a filter holds SQL"
        elif adhoc["subject"] not in columns:
            yield f"{name}: a filter names the missing column {adhoc['subject']}"
    for formatting in params.get("conditional_formatting", []):
        if formatting["column"] not in columns | metrics:
            yield f"{name}: a colour rule names the missing column {formatting['column']}"


def _dashboard_faults(name: str, dashboard: dict[str, Any], charts: Files, datasets: Files) -> Iterator[str]:
    blocks = [block for block in dashboard["position"].values() if isinstance(block, dict)]
    shown = {block["meta"]["uuid"] for block in blocks if block["type"] == "CHART"}
    if any("chartId" in block.get("meta", {}) for block in blocks):
        yield f"{name}: chartId belongs to one instance"
    yield from (f"{name}: no chart file has the uuid {uuid}" for uuid in sorted(shown - set(charts)))
    for speaking, emitter in dashboard["metadata"].get("chart_configuration", {}).items():
        silent = emitter["crossFilters"]["scope"]["excluded"]
        if speaking not in shown or speaking not in silent or not set(silent) < shown:
            yield f"{name}: {speaking} speaks to itself, to nobody, or to charts that are not shown"
    filtered: set[str] = set()
    for native in dashboard["metadata"]["native_filter_configuration"]:
        label = f"{name}: filter {native['name']}"
        targets = []
        for target in native["targets"]:
            dataset = datasets.get(target["datasetUuid"])
            columns, metrics = _names(dataset) if dataset else (set(), set())
            targets.append(target["column"]["name"])
            if targets[-1] not in columns:
                yield f"{label} names the missing column {targets[-1]}"
            if native.get("sortMetric") and native["sortMetric"] not in metrics:
                yield f"{label} sorts by the missing metric {native['sortMetric']}"
        scope = shown - set(native["scope"]["excluded"])
        if any(not isinstance(uuid, str) for uuid in native["scope"]["excluded"]):
            yield f"{label} excludes charts by an instance's number"
        control = native["controlValues"]
        if targets == [UNIT_COLUMN] and control["enableEmptyFilter"] and not control["multiSelect"]:
            filtered |= scope
    for uuid in sorted(shown & set(charts) - filtered):
        chart = charts[uuid]
        reads_units = (
            UNIT_COLUMN in _names(datasets.get(chart["dataset_uuid"], {"columns": [], "metrics": []}))[0]
        )
        # The newest date is the same for every unit.
        if reads_units and chart["params"].get("metric") not in ("as_of_latest", "as_of_latest_en"):
            yield f"{name}: chart {chart['slice_name']} escapes the required filter on {UNIT_COLUMN}"


def _names(dataset: dict[str, Any]) -> tuple[set[str], set[str]]:
    columns = {column["column_name"] for column in dataset["columns"]}
    return columns, {metric["metric_name"] for metric in dataset["metrics"]}


def _as_list(value: Any) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def main() -> int:
    """Command line: prints the faults; 0 if there is none."""
    sources = read_sources()
    try:
        found = faults(compile_files(sources), dbt_columns())
    except DefinitionError as error:
        found = [str(error)]
    found += exposure_faults(sources)
    found += format_faults(sources)
    try:
        found += role_faults(read_roles(), sources)
    except RolesError as error:
        found.append(str(error))
    print("\n".join(found) or "dashboards: the definitions are whole")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
