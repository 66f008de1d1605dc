"""One dashboard in one language as Superset's assets: its charts, its filters and both its arrangements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from dashboards.compiler import palette
from dashboards.compiler.chart_kinds import (
    KINDS_THAT_WRITE_NAMES,
    PHONE_BARS,
    has_phone_twin,
    make_filters,
    make_params,
    make_phone_params,
)
from dashboards.compiler.chart_terms import KindError
from dashboards.compiler.compile_cross_filters import check_cross_filters, make_scopes, write_click_style
from dashboards.compiler.compile_layout import Block, arrange
from dashboards.compiler.naming import SCREENS, VERSION, Files, make_slug, make_uuid, name_metric
from dashboards.compiler.sources import DefinitionError, Sources
from words import LOCALES
from words.published_tables import english_twin

STYLES = Path(__file__).resolve().parent / "styles"


def read_style(screen: str, asked_for: str | None = None) -> str:
    """Rules of looks for a screen: those of all screens first, those that a definition asks for last."""
    files = [STYLES / "shared.css", STYLES / f"{screen}.css"]
    if asked_for:
        files.append(STYLES / f"{asked_for}.css")
    return "".join(file.read_text(encoding="utf-8") for file in files if file.exists())


class DashboardCompiler:
    """One dashboard in one language."""

    def __init__(self, sources: Sources, name: str, locale: str) -> None:
        self._sources, self._name, self._locale = sources, name, locale
        self._definition = sources.dashboards[name]
        self._texts = sources.catalogue.get(name, {})
        self._charts: dict[str, dict[str, Any]] = self._definition["charts"]

    def files(self) -> Files:
        """Charts once, the dashboard once for each screen, by their paths in the bundle."""
        check_cross_filters(self._sources, self._name)
        folder = f"{self._name}_{self._locale}"
        found: Files = {}
        for screen in SCREENS:
            suffix = "" if screen == "desk" else f"_{screen}"
            for key in self._charts:
                if screen == "desk" or self._has_twin(key):
                    found[f"charts/{folder}/{key}{suffix}.yaml"] = self._chart(key, screen)
            found[f"dashboards/{folder}{suffix}.yaml"] = self._dashboard(screen)
        return found

    def _has_twin(self, key: str) -> bool:
        """Whether a phone draws the chart otherwise than the desk."""
        return has_phone_twin(self._charts[key])

    def _text(self, *path: str) -> str:
        """A text of the catalogue; every text exists in every language."""
        found: Any = self._texts
        for part in path:
            found = (found or {}).get(part)
        if not isinstance(found, dict) or not found.get(self._locale):
            raise DefinitionError(f"words/catalogue/{self._name}: {'.'.join(path)} has no {self._locale}")
        if rest := found.keys() - set(LOCALES):
            # an unquoted comma ends a text of YAML's {zh: ..., en: ...}
            raise DefinitionError(
                f"words/catalogue/{self._name}: {'.'.join(path)} is cut before {rest.pop()!r}"
            )
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

    def _tints(self, key: str) -> list[dict[str, Any]]:
        """Colour rules on the columns of the language; one that names codes becomes one for each of them."""
        found = []
        for rule in self._charts[key].get("tint", []):
            column = {"column": self._localised(rule["column"], self._charts[key]["table"])}
            try:
                rules = palette.colour_cells(rule["codes"], self._locale) if "codes" in rule else [rule]
            except KeyError as error:
                where = f"dashboards/{self._name}: chart {key}"
                raise DefinitionError(f"{where}: the palette has no colour of cells for {error}") from error
            found += [each | column for each in rules]
        return found

    def _metric(self, value: Any, table: str) -> Any:
        if isinstance(value, list):
            return [self._metric(name, table) for name in value]
        metric = (self._sources.datasets[table].get("metrics") or {}).get(value) or {}
        return name_metric(value, metric, self._locale)

    def _chart(self, key: str, screen: str) -> dict[str, Any]:
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
                chart[part] = self._metric(chart[part], table)
        chart["tint"] = self._tints(key)
        texts = self._texts.get("charts", {}).get(key, {})
        for part in ("subtitle", "y_title"):
            if part in texts:
                chart[part] = self._text("charts", key, part)
        if chart["kind"] == "table":
            chart["columns"] = self._headings(key, table, self._charts[key]["columns"])
        elif chart["kind"] == "counts":
            chart["columns"] = self._headings(key, table, [self._charts[key]["x"]])
            if screen == "phone":
                chart["bar_width"] = PHONE_BARS // len(chart["metrics"])
        metrics = self._sources.datasets[table].get("metrics") or {}
        self._check_named(key, metrics)
        formats = {
            name_metric(name, metric, locale): metric["format"]
            for name, metric in metrics.items()
            for locale in LOCALES
            if "format" in metric
        }
        formats |= self._sources.formats.get(table, {})
        try:
            viz_type, params = make_params(chart, formats)
        except (KindError, KeyError) as error:
            raise DefinitionError(f"{where}: {error}") from error
        if screen == "phone":
            params |= make_phone_params(chart, params, self._locale)
        return {
            "slice_name": self._text("charts", key, "title"),
            "description": self._text("charts", key, "description"),
            "viz_type": viz_type,
            "params": params,
            "uuid": self._chart_uuid(key, screen),
            "version": VERSION,
            "dataset_uuid": make_uuid("dataset", table),
        }

    def _check_named(self, key: str, metrics: dict[str, Any]) -> None:
        """A kind of chart that writes its figures' names has figures that are named in words."""
        chart = self._charts[key]
        if chart["kind"] in KINDS_THAT_WRITE_NAMES:
            for name in chart.get("metrics") or [chart["metric"]]:
                if not (metrics.get(name) or {}).get("named"):
                    where = f"dashboards/{self._name}: {key}, a {chart['kind']},"
                    raise DefinitionError(f"{where} would show its readers the name {name}")

    def _headings(self, key: str, table: str, given: Any) -> dict[str, Any]:
        """Columns of a table with their headings."""
        texts = self._texts["charts"][key].get("headings", {})
        labels = self._sources.tables[table]
        looks = given if isinstance(given, dict) else dict.fromkeys(given)
        unknown = texts.keys() - looks.keys()
        if unknown:
            raise DefinitionError(f"words/catalogue/{self._name}: {key} has no column {', '.join(unknown)}")
        columns = {}
        for column, look in looks.items():
            label = labels[column].label[self._locale] if column in labels else None
            title = self._head(key, column, label)
            columns[self._localised(column, table)] = {**(look or {}), "title": title}
        return columns

    def _head(self, key: str, column: str, label: str | None) -> str:
        """The heading of a column: its label, or what the catalogue has instead, in either language or both.

        A label that is typed again would not follow when the column is called otherwise.
        """
        typed = self._texts["charts"][key].get("headings", {}).get(column, {})
        if label is not None and self._locale not in typed and typed.keys() <= set(LOCALES):
            return label
        title = self._text("charts", key, "headings", column)
        if title == label:
            where = f"words/catalogue/{self._name}: {key}.headings.{column}"
            raise DefinitionError(f"{where} says the column's label again: {label}")
        return title

    def _chart_uuid(self, key: str, screen: str) -> str:
        twin = "/phone" if screen == "phone" and self._has_twin(key) else ""
        return make_uuid("chart", f"{self._name}/{key}/{self._locale}{twin}")

    def _dashboard(self, screen: str) -> dict[str, Any]:
        definition = self._definition
        mark = {"zh": "（手机版）", "en": " (phone)"}[self._locale] if screen == "phone" else ""
        try:
            position = arrange(self._text("title"), definition["rows"], partial(self._block, screen), screen)
        except DefinitionError as error:
            raise DefinitionError(f"dashboards/{self._name}: {error}") from error
        return {
            "dashboard_title": self._text("title") + mark,
            "description": self._text("description"),
            "css": read_style(screen, definition.get("style"))
            + write_click_style(self._charts, lambda key: self._text("charts", key, "title")),
            "slug": make_slug(definition, self._locale, screen),
            "published": True,
            "uuid": make_uuid(
                "dashboard",
                f"{self._name}/{self._locale}" + ("" if screen == "desk" else f"/{screen}"),
            ),
            "position": position,
            "metadata": {
                "color_scheme": "ganxun",
                "filter_bar_orientation": "HORIZONTAL",
                "label_colors": dict(sorted(palette.colour_series(self._locale).items())),
                "native_filter_configuration": list(self._filters(screen)),
                "refresh_frequency": 0,
                **make_scopes(self._charts, partial(self._chart_uuid, screen=screen)),
            },
            "version": VERSION,
        }

    def _block(self, screen: str, name: str) -> Block:
        """A chart or a note of the arrangement."""
        if name in self._charts:
            meta = {"sliceName": self._text("charts", name, "title"), "uuid": self._chart_uuid(name, screen)}
            return Block(name, self._charts[name]["kind"], meta)
        if name in self._texts.get("notes", {}):
            return Block(name, "note", {"code": self._text("notes", name)})
        raise DefinitionError(f"{name} is neither a chart nor a note")

    def _choose_nothing(self, key: str, native: dict[str, Any]) -> dict[str, Any]:
        """A filter that opens on no value of its column: its box asks to choose, and charts stay empty.

        Superset would draw charts without the filter if it had no value at all, and if it were required as
        well it would wait for ever.
        """
        column = self._localised(native["column"], native["table"])
        ask = [self._text("filters", key, "unset")]
        return {
            "extraFormData": {"filters": [{"col": column, "op": "IN", "val": ask}]},
            "filterState": {"label": ask[0], "value": ask},
            "ownState": {},
        }

    def _filters(self, screen: str) -> Iterator[dict[str, Any]]:
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
                    "defaultToFirstItem": is_required and not native.get("unset", False),
                    "enableEmptyFilter": is_required,
                    "inverseSelection": False,
                    "multiSelect": native.get("multiple", not is_required),
                    "searchAllOptions": native.get("search", False),
                    "sortAscending": native.get("ascending", True),
                },
                "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
                "scope": {
                    "rootPath": ["ROOT_ID"],
                    "excluded": sorted(
                        self._chart_uuid(chart, screen) for chart in set(self._charts) - acts_on
                    ),
                },
                "targets": [
                    {
                        "column": {"name": self._localised(native["column"], table)},
                        "datasetUuid": make_uuid("dataset", table),
                    }
                ],
            }
            if native.get("unset"):
                made["defaultDataMask"] = self._choose_nothing(key, native)
            elif is_required:
                made["requiredFirst"] = True
            if "where" in native:
                made["adhoc_filters"] = make_filters(native["where"])
            if "sort" in native:
                made["sortMetric"] = native["sort"]
            yield made
