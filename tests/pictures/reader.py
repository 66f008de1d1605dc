"""A dashboard as a reader has it open: its charts by their keys, what they asked for and what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from dashboards.compiler.compile_dataset import DATABASE_OF_SCHEMA
from words.published_tables import english_twin

from .clicks import find_chart, list_cells, press, press_bars
from .deployment import DASHBOARDS, Deployment, find_format, list_addresses, localise
from .expected_chart import Answer, as_shown, difference, find_schema, read_expected
from .screen import Visit, visit


class Reader:
    """A dashboard open in a language on a screen, and what its charts showed at first."""

    def __init__(
        self, deployment: Deployment, page: Page, role: str, name: str, locale: str, screen: str
    ) -> None:
        self.deployment, self.page, self.name, self.locale = deployment, page, name, locale
        self.by_touch = screen == "phone"
        self.charts: dict[str, dict[str, Any]] = DASHBOARDS[name]["charts"]
        # The last address of a name: a profile needs a chosen cadre.
        address = dict(list_addresses(deployment, role, locale))[name]
        self.first: Visit = visit(page, deployment.superset.url + address)
        self.answers: dict[str, Answer] = {}

    def title(self, key: str) -> str:
        return str(
            self.deployment.published.sources.catalogue[self.name]["charts"][key]["title"][self.locale]
        )

    def column(self, key: str, column: str) -> str:
        """The column of a chart's table in the reader's language."""
        if self.locale == "zh":
            return column
        return english_twin(column, self.deployment.published.sources.tables[self.charts[key]["table"]])

    def texts(self) -> dict[str, str]:
        """What stands in words and numbers on each chart's card."""
        found = {}
        for key in self.charts:
            card = find_chart(self.page, self.title(key))
            body = card.locator(".slice_container")
            text = body.inner_text() if body.count() and not card.locator("canvas").count() else ""
            if self.charts[key]["kind"] == "counts":
                # Superset orders counts by the number alone: rows with equal ones come in any order.
                text = "\n".join(sorted(card.locator("tbody tr").all_inner_texts()))
            found[key] = text
        return found

    def click(self, key: str, column: str) -> str:
        """Click a value of the column on the chart for which listeners have rows; returns the value."""
        chart = self.charts[key]
        card = find_chart(self.page, self.title(key))
        if chart["kind"] == "bars":
            chips = press_bars(self.page, card, self.by_touch)
            assert chips, f"{key}: no bar became a filter"
            (value,) = [word for word in self.words(key, column) if chips[0].endswith(word)]
            return value
        shown = [chart["x"]] if chart["kind"] == "counts" else list(chart["columns"])
        cells = list_cells(card, shown.index(column) + 1)
        known = set.intersection(*(self.words(other, column) for other in chart["emits"]["charts"]))
        (cell, *_) = [cell for cell in cells if cell.inner_text().strip() in known] or cells
        value = cell.inner_text().strip()
        press(self.page, cell, 0.2, 0.5, self.by_touch)
        return value

    def words(self, key: str, column: str) -> set[str]:
        """Values of the column that the chart's table has."""
        table = self.charts[key]["table"]
        schema = find_schema(self.deployment.published, table)
        spoken = self.column(key, column)
        rows = self.deployment.published.query(
            DATABASE_OF_SCHEMA[schema], f'select distinct "{spoken}" from {schema}.{table}'
        )
        return {str(value) for (value,) in rows if value is not None}

    def faults(self, key: str, narrowed: tuple[str, str] | None) -> Iterator[str]:
        """How a listening chart's answer differs from the published file under the filters that must hold."""
        title = self.title(key)
        answer = self.answers.get(title)
        if answer is None:
            yield f"{key}: asked for nothing"
            return
        filters = list(self.first.answers[title].filters)
        if narrowed:
            filters.append({"col": narrowed[0], "op": "IN", "val": [narrowed[1]]})
        chart = localise(self.charts[key], self.locale, self.deployment.published.sources)
        expected = read_expected(self.deployment.published, chart, Answer(filters, []))
        if fault := difference(chart, expected, answer):
            yield f"{key}: {fault}"
        if chart["kind"] == "number" and expected[0][0] is not None:
            right = as_shown(expected[0][0], find_format(chart, self.deployment.published.sources))
            shown = find_chart(self.page, title).locator(".header-line").inner_text().strip()
            if shown != right:
                yield f"{key}: shows {shown}, not {right}"
