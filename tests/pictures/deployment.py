"""A running Superset with a user of each role, and the addresses and charts that they see there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboards.compiler.compile_dataset import make_dataset
from dashboards.compiler.naming import make_slug
from dashboards.compiler.roles import read_roles
from dashboards.compiler.sources import Sources, read_sources
from dashboards.instance.server import RunningSuperset
from words.published_tables import english_twin

from .expected_chart import Published

ROLES = read_roles().roles
DASHBOARDS = read_sources().dashboards


@dataclass(frozen=True)
class Deployment:
    """A running Superset with a user of each role."""

    superset: RunningSuperset
    published: Published
    passwords: dict[str, str]
    unit_code: str

    def visible(self, role: str, table: str) -> str:
        """The condition on rows that a role may see."""
        if ROLES[role].sees_all_rows or "unit_code" not in self.published.sources.tables[table]:
            return "true"
        return (
            "unit_code in (select descendant_code from marts.dim_unit_closure "
            f"where ancestor_code = '{self.unit_code}')"
        )


def list_addresses(deployment: Deployment, role: str, locale: str) -> Iterator[tuple[str, str]]:
    """Every dashboard of a role, and a profile by the link of the last yellow on the call-up list."""
    for name in ROLES[role].dashboards:
        yield name, f"/superset/dashboard/{make_slug(DASHBOARDS[name], locale)}/"
    if "call_up" in ROLES[role].dashboards:
        made = make_dataset(deployment.published.sources, "call_up_list", {})["columns"]
        name = "open_link" if locale == "zh" else f"open_link_{locale}"
        (link,) = (column["expression"] for column in made if column["column_name"] == name)
        ((cell,),) = deployment.published.query(
            "restricted",
            f"""select {link} from restricted.call_up_list
            where light = 'yellow' order by priority desc limit 1""",
        )
        yield "cadre_profile", cell.split('href="', 1)[1].split('"', 1)[0]


def localise(chart: dict[str, Any], locale: str, sources: Sources) -> dict[str, Any]:
    """The chart with the columns that its readers see in this language."""
    if locale == "zh":
        return chart
    columns = sources.tables[chart["table"]]

    def twin(value: Any) -> Any:
        if isinstance(value, dict):
            return {twin(key): item for key, item in value.items()}
        if isinstance(value, list):
            return [twin(item) for item in value]
        return english_twin(value, columns) if value in columns else value

    return {**chart, **{part: twin(chart[part]) for part in ("x", "y", "by", "columns") if part in chart}}


def find_format(chart: dict[str, Any], sources: Sources) -> str:
    """How a chart's numbers are written: by its own format, or that of its (first) figure."""
    metrics = sources.datasets[chart["table"]]["metrics"]
    (name, *_) = chart.get("metrics") or [chart["metric"]]
    return str(chart.get("format") or metrics[name].get("format") or ",d")
