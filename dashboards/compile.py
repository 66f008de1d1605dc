"""Definitions and catalogue become Superset's assets, once for each language.

`python -m dashboards.compile --out DIR` writes them for reading; the bootstrap imports the same. Each
language has its own charts and dashboards, because Superset keeps one title for each: the Chinese dashboard
is at `/superset/dashboard/<slug>/`, its English twin at `…/<slug>-en/`. Datasets are shared (Superset's
metadata in SQLite knows a table once): a metric has an English twin `<name>_en`, and where the table has a
column `<name>_en`, English charts show that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from dashboards import palette
from dashboards.chart_kinds import Chart, KindError, make_filters, make_params
from dashboards.sources import LOCALES, Column, DefinitionError, Sources, english_twin, read_sources

Files = dict[str, dict[str, Any]]
Types = Mapping[str, Mapping[str, str]]

NAMESPACE = UUID("6659866f-5fae-559a-8484-f55f9e61a0fb")
VERSION = "1.0.0"
GRID_COLUMNS = 12
# Which published file a schema is in: names stand only in the restricted one.
DATABASES = {"warehouse": "干训数据仓库", "restricted": "干训数据仓库（含姓名，限组织部门）"}
DATABASE_OF_SCHEMA = {"marts": "warehouse", "ops": "warehouse", "restricted": "restricted"}
AGGREGATES = {"max": "MAX({0})", "min": "MIN({0})", "sum": "SUM({0})", "at_max": "ARG_MAX({0}, {1})"}


def make_uuid(kind: str, name: str) -> str:
    """The lasting name of an object: the same in every deployment."""
    return str(uuid5(NAMESPACE, f"{kind}/{name}"))


def compile_files(sources: Sources, types: Types | None = None) -> Files:
    """Every asset of every language by its path in the bundle. Raises `DefinitionError`.

    `types` has the SQL type of published columns, by table and column; without it dates are told by name.
    """
    types = types or {}
    files: Files = {
        "metadata.yaml": {"version": VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
    }
    for name in DATABASES:
        files[f"databases/{name}.yaml"] = _database(name)
    for table in sources.datasets:
        files[f"datasets/ganxun/{table}.yaml"] = _dataset(sources, table, types.get(table, {}))
    for locale in LOCALES:
        for name in sources.dashboards:
            compiler = _DashboardCompiler(sources, name, locale)
            files |= compiler.files()
    return files


def _database(name: str) -> dict[str, Any]:
    return {
        "database_name": DATABASES[name],
        "sqlalchemy_uri": f"duckdb:///{{{{ {name} }}}}?access_mode=read_only",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {
            "allows_virtual_table_explore": False,
            "engine_params": {
                "connect_args": {
                    "read_only": True,
                    "config": {
                        "enable_external_access": False,
                        "lock_configuration": True,
                        "memory_limit": "1GB",
                        "threads": 2,
                    },
                }
            },
            "metadata_params": {},
            "schemas_allowed_for_csv_upload": [],
        },
        "impersonate_user": False,
        "configuration_method": "sqlalchemy_form",
        "uuid": make_uuid("database", name),
        "version": VERSION,
    }


def _dataset(sources: Sources, table: str, types: Mapping[str, str]) -> dict[str, Any]:
    definition = sources.datasets[table]
    columns = sources.tables.get(table)
    if columns is None:
        raise DefinitionError(f"datasets/{table}: no published table of that name is described in dbt")
    schema = definition.get("schema", "marts")
    shown: list[dict[str, Any]] = [
        {
            "column_name": column.name,
            "verbose_name": column.label["en" if column.name.endswith("_en") else "zh"],
            "description": column.description,
            "is_dttm": _is_time(column.name, types.get(column.name)),
            "type": types.get(column.name),
        }
        for column in columns.values()
    ]
    for name, link in (definition.get("links") or {}).items():
        shown += [
            {
                "column_name": name + ("" if locale == "zh" else f"_{locale}"),
                "is_dttm": False,
                "type": "VARCHAR",
                "expression": _make_link(sources, link, locale),
            }
            for locale in LOCALES
        ]
    always: dict[str, Any] = {"is_active": True, "groupby": True, "filterable": True}
    return {
        "table_name": table,
        "description": f"{sources.table_texts[table]['zh']}。{sources.table_texts[table]['en']}",
        "offset": 0,
        "schema": schema,
        "filter_select_enabled": True,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": make_uuid("dataset", table),
        "metrics": sorted(
            _metrics(table, definition, columns), key=lambda metric: str(metric["metric_name"])
        ),
        "columns": sorted(
            [{key: value for key, value in column.items() if value is not None} | always for column in shown],
            key=lambda column: str(column["column_name"]),
        ),
        "version": VERSION,
        "database_uuid": make_uuid("database", DATABASE_OF_SCHEMA[schema]),
    }


def _metrics(
    table: str, definition: dict[str, Any], columns: Mapping[str, Column]
) -> Iterator[dict[str, Any]]:
    """Each figure in both languages: one aggregate of published columns, never a computation."""
    for name, metric in (definition.get("metrics") or {}).items():
        words = [word for word in AGGREGATES if word in metric]
        if len(words) != 1:
            raise DefinitionError(f"datasets/{table}: metric {name} needs one of {', '.join(AGGREGATES)}")
        read = metric[words[0]]
        names = read if isinstance(read, list) else [read]
        missing = [column for column in names if column not in columns]
        if missing:
            raise DefinitionError(f"datasets/{table}: metric {name} reads the missing column {missing[0]}")
        for locale in LOCALES:
            label = metric.get("label") or columns[names[0]].label
            yield {
                "metric_name": name + ("" if locale == "zh" else f"_{locale}"),
                "verbose_name": label[locale],
                "expression": AGGREGATES[words[0]].format(*names),
                "description": columns[names[0]].description,
                **({"d3format": metric["format"]} if "format" in metric else {}),
            }


def _is_time(name: str, sql_type: str | None) -> bool:
    if sql_type is not None:
        return sql_type.startswith(("DATE", "TIMESTAMP"))
    return name.endswith(("_on", "_date", "_at")) or name in ("as_of", "date_day", "valid_from", "valid_to")


def _make_link(sources: Sources, link: dict[str, Any], locale: str) -> str:
    """SQL of a cell that opens a dashboard with a filter set: the only SQL that is made here."""
    slug = make_slug(sources.dashboards[link["dashboard"]], locale)
    ways = []
    for way in link["ways"]:
        value = "''' || url_encode({}) || '''".format(way["value"])
        filtered = (
            f"(extraFormData:(filters:!((col:{link['column']},op:IN,val:!({value})))),"
            f"filterState:(label:{value},value:!({value})),"
            f"id:NATIVE_FILTER-{link['filter']},ownState:())"
        )
        address = f"/superset/dashboard/{slug}/?native_filters=(NATIVE_FILTER-{link['filter']}:{filtered})"
        text = sources.catalogue["links"][way["text"]][locale]
        ways.append(f"WHEN {way['when']} THEN '<a href=\"{address}\">' || '{text}</a>'")
    return f"CASE {' '.join(ways)} ELSE '' END"


def make_slug(definition: dict[str, Any], locale: str) -> str:
    """The dashboard's address in a language."""
    return str(definition["slug"]) + ("" if locale == "zh" else f"-{locale}")


class _DashboardCompiler:
    """One dashboard in one language."""

    def __init__(self, sources: Sources, name: str, locale: str) -> None:
        self._sources, self._name, self._locale = sources, name, locale
        self._definition = sources.dashboards[name]
        self._texts = sources.catalogue.get(name, {})
        self._charts: dict[str, dict[str, Any]] = self._definition["charts"]

    def files(self) -> Files:
        folder = f"{self._name}_{self._locale}"
        found = {f"charts/{folder}/{key}.yaml": self._chart(key) for key in self._charts}
        return found | {f"dashboards/{folder}.yaml": self._dashboard()}

    def _text(self, *path: str) -> str:
        """A text of the catalogue; every text exists in every language."""
        found: Any = self._texts
        for part in path:
            found = (found or {}).get(part)
        if not isinstance(found, dict) or not found.get(self._locale):
            raise DefinitionError(f"catalogue/{self._name}: {'.'.join(path)} has no {self._locale}")
        return str(found[self._locale])

    def _localised(self, value: Any, table: str) -> Any:
        """Columns, metrics and links by their twin in the language, wherever a chart names one."""
        if self._locale == "zh":
            return value
        if isinstance(value, dict):
            return {self._localised(key, table): item for key, item in value.items()}
        if isinstance(value, list):
            return [self._localised(item, table) for item in value]
        definition = self._sources.datasets[table]
        if value in (definition.get("links") or {}):
            return f"{value}_{self._locale}"
        columns = self._sources.tables[table]
        return english_twin(value, columns) if value in columns else value

    def _metric(self, value: Any) -> Any:
        if self._locale == "zh":
            return value
        return [f"{name}_{self._locale}" for name in value] if isinstance(value, list) else f"{value}_en"

    def _chart(self, key: str) -> dict[str, Any]:
        chart = dict(self._charts[key])
        where = f"dashboards/{self._name}: chart {key}"
        table = chart["table"]
        if table not in self._sources.datasets:
            raise DefinitionError(f"{where}: no dataset is defined for {table}")
        for part in ("x", "y", "by", "columns"):
            if part in chart:
                chart[part] = self._localised(chart[part], table)
        for part in ("metric", "metrics", "sort"):
            if part in chart:
                chart[part] = self._metric(chart[part])
        texts = self._texts.get("charts", {}).get(key, {})
        for part in ("subtitle", "y_title"):
            if part in texts:
                chart[part] = self._text("charts", key, part)
        if chart["kind"] == "table":
            chart["columns"] = self._headings(key, chart, table)
        metrics = self._sources.datasets[table].get("metrics") or {}
        formats = {
            name + suffix: metric["format"]
            for name, metric in metrics.items()
            for suffix in ("", "_en")
            if "format" in metric
        }
        formats |= self._sources.datasets[table].get("formats") or {}
        try:
            viz_type, params = make_params(chart, formats)
        except (KindError, KeyError) as error:
            raise DefinitionError(f"{where}: {error}") from error
        return {
            "slice_name": self._text("charts", key, "title"),
            "description": self._text("charts", key, "description"),
            "viz_type": viz_type,
            "params": params,
            "uuid": self._chart_uuid(key),
            "version": VERSION,
            "dataset_uuid": make_uuid("dataset", table),
        }

    def _headings(self, key: str, chart: Chart, table: str) -> dict[str, Any]:
        """Columns of a table with their headings: the catalogue's, else the label of the column."""
        texts = self._texts["charts"][key].get("headings", {})
        labels = self._sources.tables[table]
        given = self._charts[key]["columns"]
        looks = given if isinstance(given, dict) else dict.fromkeys(given)
        unknown = texts.keys() - looks.keys()
        if unknown:
            raise DefinitionError(f"catalogue/{self._name}: {key} has no column {', '.join(unknown)}")
        columns = {}
        for column, look in looks.items():
            title = labels[column].label[self._locale] if column in labels else column
            if column in texts:
                title = self._text("charts", key, "headings", column)
            columns[self._localised(column, table)] = {**(look or {}), "title": title}
        return columns

    def _chart_uuid(self, key: str) -> str:
        return make_uuid("chart", f"{self._name}/{key}/{self._locale}")

    def _dashboard(self) -> dict[str, Any]:
        definition = self._definition
        return {
            "dashboard_title": self._text("title"),
            "description": self._text("description"),
            "css": "",
            "slug": make_slug(definition, self._locale),
            "published": True,
            "uuid": make_uuid("dashboard", f"{self._name}/{self._locale}"),
            "position": self._position(),
            "metadata": {
                "color_scheme": "ganxun",
                "cross_filters_enabled": definition.get("cross_filters", False),
                "filter_bar_orientation": "HORIZONTAL",
                "label_colors": dict(sorted(palette.LABELS[self._locale].items())),
                "native_filter_configuration": list(self._filters()),
                "refresh_frequency": 0,
            },
            "version": VERSION,
        }

    def _position(self) -> dict[str, Any]:
        position: dict[str, Any] = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
            "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
            "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": self._text("title")}},
        }
        for number, row in enumerate(self._definition["rows"]):
            key = f"ROW-{number}"
            position["GRID_ID"]["children"].append(key)
            parents = ["ROOT_ID", "GRID_ID"]
            position[key] = {
                "id": key,
                "type": "ROW",
                "children": [],
                "meta": {"background": "BACKGROUND_TRANSPARENT"},
                "parents": parents,
            }
            self._place(position, key, [*parents, key], row["items"], row["height"], f"{number}")
        return position

    def _place(
        self,
        position: dict[str, Any],
        parent: str,
        parents: list[str],
        items: list[Any],
        height: int,
        path: str,
    ) -> None:
        """Items of a row: `chart 4` (width), or `{width: 4, stack: [[chart, 20], [note, 10]]}`."""
        total = 0
        for number, item in enumerate(items):
            if isinstance(item, str):
                name, _, width = item.partition(" ")
                total += int(width)
                self._place_block(position, parent, parents, name, int(width), height)
                continue
            key = f"COLUMN-{path}-{number}"
            total += item["width"]
            position[parent]["children"].append(key)
            position[key] = {
                "id": key,
                "type": "COLUMN",
                "children": [],
                "meta": {"background": "BACKGROUND_TRANSPARENT", "width": item["width"]},
                "parents": parents,
            }
            for name, own_height in item["stack"]:
                self._place_block(position, key, [*parents, key], name, item["width"], own_height)
        if total > GRID_COLUMNS:
            raise DefinitionError(f"dashboards/{self._name}: row {path} is {total} columns wide, not 12")

    def _place_block(
        self, position: dict[str, Any], parent: str, parents: list[str], name: str, width: int, height: int
    ) -> None:
        if name in self._charts:
            key = f"CHART-{name}"
            meta: dict[str, Any] = {
                "height": height,
                "width": width,
                "sliceName": self._text("charts", name, "title"),
                "uuid": self._chart_uuid(name),
            }
        elif name in self._texts.get("notes", {}):
            key = f"MARKDOWN-{name}"
            meta = {"height": height, "width": width, "code": self._text("notes", name)}
        else:
            raise DefinitionError(f"dashboards/{self._name}: {name} is neither a chart nor a note")
        position[parent]["children"].append(key)
        position[key] = {
            "id": key,
            "type": key.split("-", 1)[0],
            "children": [],
            "meta": meta,
            "parents": parents,
        }

    def _filters(self) -> Iterator[dict[str, Any]]:
        for native in self._definition.get("filters", []):
            key, table = native["id"], native["table"]
            is_required = native.get("required", False)
            acts_on = set(native.get("only", self._charts)) - set(native.get("except", []))
            unknown = (set(native.get("only", [])) | set(native.get("except", []))) - set(self._charts)
            if unknown:
                raise DefinitionError(f"dashboards/{self._name}: filter {key} names no chart {unknown}")
            made: dict[str, Any] = {
                "id": f"NATIVE_FILTER-{key}",
                "name": self._text("filters", key, "name"),
                "description": self._text("filters", key, "description"),
                "type": "NATIVE_FILTER",
                "filterType": "filter_select",
                "cascadeParentIds": [f"NATIVE_FILTER-{parent}" for parent in native.get("within", [])],
                "controlValues": {
                    "defaultToFirstItem": is_required,
                    "enableEmptyFilter": is_required,
                    "inverseSelection": False,
                    "multiSelect": native.get("multiple", not is_required),
                    "searchAllOptions": native.get("search", False),
                    "sortAscending": native.get("ascending", True),
                },
                "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
                "scope": {
                    "rootPath": ["ROOT_ID"],
                    "excluded": sorted(self._chart_uuid(chart) for chart in set(self._charts) - acts_on),
                },
                "targets": [
                    {
                        "column": {"name": self._localised(native["column"], table)},
                        "datasetUuid": make_uuid("dataset", table),
                    }
                ],
            }
            if is_required:
                made["requiredFirst"] = True
            if "where" in native:
                made["adhoc_filters"] = make_filters(native["where"])
            if "sort" in native:
                made["sortMetric"] = native["sort"]
            yield made


def main() -> int:
    """Command line: `python -m dashboards.compile --out DIR`."""
    parser = argparse.ArgumentParser(description="Write the assets that an import would bring into Superset")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    for name, content in compile_files(read_sources()).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
