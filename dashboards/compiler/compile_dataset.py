"""Databases and datasets as Superset's assets: published tables, their labels, and figures that may be shown.

Datasets are shared by both languages (Superset's metadata in SQLite knows a table once): a metric `x` has an
English twin `x_en`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.compiler import palette
from dashboards.compiler.naming import VERSION, make_slug, make_uuid, name_metric
from dashboards.compiler.sources import DefinitionError, Sources
from words import LOCALES
from words.published_tables import Column

# Which published file a schema is in: names stand only in the restricted one.
DATABASES = {"warehouse": "干训数据仓库", "restricted": "干训数据仓库（含姓名，限组织部门）"}
UNCACHED_DATABASES = {"restricted"}
DATABASE_OF_SCHEMA = {"marts": "warehouse", "ops": "warehouse", "restricted": "restricted"}
AGGREGATES = {
    "max": "MAX({0})",
    "min": "MIN({0})",
    "sum": "SUM({0})",
    "at_max": "ARG_MAX({0}, {1})",
    # the figure of one person or thing, and none where the rows are of several
    "only": "CASE WHEN MIN({1}) = MAX({1}) THEN MAX({0}) END",
}


def make_database(name: str, has_workers: bool = False) -> dict[str, Any]:
    """The read-only connection to a published file; SQL can neither write nor read other files.

    Where Celery workers run, SQL Lab hands them long queries, and Redis keeps the answers: never those of the
    restricted file, whose rows with names stay out of every cache.
    """
    return {
        "database_name": DATABASES[name],
        "sqlalchemy_uri": f"duckdb:///{{{{ {name} }}}}?access_mode=read_only",
        "expose_in_sqllab": True,
        "allow_run_async": has_workers and name not in UNCACHED_DATABASES,
        # -1: no cache keeps an answer of this database.
        **({"cache_timeout": -1} if name in UNCACHED_DATABASES else {}),
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


def make_dataset(sources: Sources, table: str, types: Mapping[str, str]) -> dict[str, Any]:
    """A published table with its labels and the figures of its definition. Raises `DefinitionError`."""
    definition = sources.datasets.get(table) or {}
    columns = sources.tables.get(table)
    if columns is None:
        raise DefinitionError(f"datasets/{table}: no published table of that name is described in dbt")
    unknown = definition.keys() - {"schema", "metrics", "links"}
    if unknown:
        raise DefinitionError(f"datasets/{table}: unknown keys {', '.join(sorted(unknown))}")
    schema = definition.get("schema") or sources.schemas[table]
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
        # As its database says: Superset's export repeats it here.
        **({"cache_timeout": -1} if DATABASE_OF_SCHEMA[schema] in UNCACHED_DATABASES else {}),
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
        label = _label(f"datasets/{table}: metric {name}", metric, columns[names[0]])
        for locale in LOCALES:
            yield {
                "metric_name": name_metric(name, metric, locale),
                "verbose_name": label[locale],
                "expression": AGGREGATES[words[0]].format(*names),
                "description": columns[names[0]].description,
                **({"d3format": metric["format"]} if "format" in metric else {}),
            }


def _label(where: str, metric: dict[str, Any], column: Column) -> Mapping[str, str]:
    """A figure's label: that of its light, its column's, or its own in either language or both.

    One that is named by its label has its own in both: a column that is called otherwise must not rename it.
    """
    if "light" in metric:
        if metric["light"] not in palette.LIGHTS:
            raise DefinitionError(f"{where} is of no light: {metric['light']}")
        return palette.name_light(metric["light"])
    own: dict[str, str] = metric.get("label", {})
    if rest := own.keys() - set(LOCALES):
        # an unquoted comma ends a text of YAML's {zh: ..., en: ...}
        raise DefinitionError(f"{where}: its label is cut before {rest.pop()!r}")
    if metric.get("named"):
        if missing := [locale for locale in LOCALES if not own.get(locale)]:
            raise DefinitionError(f"{where} needs a label in {missing[0]}")
        return own
    if again := [word for locale, word in own.items() if word == column.label[locale]]:
        raise DefinitionError(f"{where} says its column's label again: {again[0]}")
    return {**column.label, **own}


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
