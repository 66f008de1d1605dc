"""What analysts read of the tables is what the models say; the site shows nothing that is not public."""

from __future__ import annotations

import copy
import queue
import re
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from ganxun.docs.dictionary import write_dictionary
from ganxun.docs.er_diagram import write_er_diagram
from ganxun.docs.models import SCHEMAS, Table, parse_project, read_tables
from ganxun.docs.site import SiteLeaks, build_site, find_leaks, serve_site, write_site
from ganxun.settings import PROJECT_ROOT, Settings
from tests.nights import Night

pytestmark = pytest.mark.dbt

DOCS = PROJECT_ROOT / "docs"
STALE = "`.venv/bin/python -m ganxun.docs pages` writes the page"


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    return parse_project()


@pytest.fixture(scope="session")
def tables(manifest: dict[str, Any]) -> list[Table]:
    return read_tables(manifest)


def test_the_data_dictionary_says_what_the_models_say(tables: list[Table]) -> None:
    assert (DOCS / "data-dictionary.md").read_text(encoding="utf-8") == write_dictionary(tables), STALE


def test_the_er_diagram_shows_what_the_models_test(tables: list[Table]) -> None:
    assert (DOCS / "er-diagram.md").read_text(encoding="utf-8") == write_er_diagram(tables), STALE


def test_no_published_table_or_column_is_missing_from_the_dictionary(
    simulated_night: Night, tables: list[Table]
) -> None:
    """Held against the files that were published, not against the YAML."""
    published: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in simulated_night.query(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where schema_name in ('marts', 'ops', 'restricted')"
    ):
        published.setdefault((schema, table), set()).add(column)
    assert len(published) > 50
    described = {(table.schema, table.name): {column.name for column in table.columns} for table in tables}
    assert described == published


def test_the_keys_are_those_by_which_nights_are_compared(simulated_night: Night, tables: list[Table]) -> None:
    listed = simulated_night.query("select schema_name, table_name, key_columns from ops.ops_table")
    assert {(schema, table): key for schema, table, key in listed} == {
        (table.schema, table.name): ", ".join(table.key) or None for table in tables
    }


def test_every_column_has_a_line_in_both_languages(tables: list[Table]) -> None:
    page = write_dictionary(tables)
    for table in tables:
        section = page.split(f'<a id="{table.schema}-{table.name}"></a>')[1].split("<a id=")[0]
        for column in table.columns:
            cells = re.search(rf"^\| `{column.name}` \| (.+?) \| (.+?) \|$", section, re.M)
            assert cells is not None, f"{table.name}.{column.name}"
            assert re.search("[一-鿿]", cells[1]) and re.search("[A-Za-z]", cells[2])


def test_a_new_reference_and_a_new_column_change_the_pages(manifest: dict[str, Any]) -> None:
    """Otherwise the comparisons above could pass on anything."""
    before = read_tables(manifest)
    changed = copy.deepcopy(manifest)
    node = changed["nodes"]["model.ganxun.mart_unit_weak_spot"]
    node["columns"]["mystery"] = {
        "description": "A new column.",
        "config": {"meta": {"label_zh": "新列"}},
    }
    changed["nodes"] = {
        name: test
        for name, test in changed["nodes"].items()
        if not (
            (test.get("test_metadata") or {}).get("name") == "relationships"
            and test["attached_node"] == "model.ganxun.mart_unit_weak_spot"
            and test["column_name"] == "topic_code"
        )
    }
    after = read_tables(changed)
    assert "| `mystery` | 新列 | A new column. |" in write_dictionary(after)
    line = '    dim_topic ||--o{ mart_unit_weak_spot : "topic_code"'
    assert line in write_er_diagram(before).splitlines()
    assert line not in write_er_diagram(after).splitlines()


def test_every_line_of_the_diagram_joins_published_tables(tables: list[Table]) -> None:
    names = {table.name for table in tables}
    page = write_er_diagram(tables)
    lines = re.findall(r"^    (\w+) (?:\|\||\|o)--(?:o\{|o\|) (\w+) : \"(\w+)\"$", page, re.M)
    assert len(lines) > 40
    assert {name for line in lines for name in line[:2]} <= names
    for schema in SCHEMAS:
        assert all(f'    {table.name}["' in page for table in tables if table.schema == schema)


def test_the_site_shows_no_person_no_secret_and_nothing_of_this_machine(
    simulated_night: Night, manifest: dict[str, Any], tmp_path: Path
) -> None:
    settings = simulated_night.settings
    out = tmp_path / "site" / "index.html"
    build_site(manifest, settings, out)
    page = out.read_text(encoding="utf-8")
    assert "mart_unit_weak_spot" in page and "单位薄弱点" in page and '"type": "BOOLEAN"' in page
    assert "单位编码 · Code of the unit" in page
    people = simulated_night.query(
        "select person_code, masked_number from r.restricted.cadre_identity union all "
        "select cadre_key, null from marts.dim_cadre"
    )
    assert len(people) > 300
    # never printed: a failure must not show them
    assert sum(value in page for person in people for value in person if value) == 0
    assert str(PROJECT_ROOT) not in page and str(settings.data_dir) not in page
    assert manifest["metadata"]["invocation_id"] not in page
    assert "connect-src 'none'" in page


@pytest.mark.parametrize("leak", ["path", "secret", "data_dir"])
def test_a_site_that_tells_too_much_is_not_written(
    manifest: dict[str, Any], tmp_path: Path, leak: str
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.zones.create()
    (settings.zones.keys / "cadre_key").write_text("5ec2e7" * 10)
    text = {"path": str(PROJECT_ROOT), "secret": "5ec2e7" * 10, "data_dir": str(settings.data_dir)}[leak]
    told = copy.deepcopy(manifest)
    told["nodes"]["model.ganxun.dim_unit"]["description"] = f"One row per unit, see {text}."
    with pytest.raises(SiteLeaks) as refused:
        build_site(told, settings, tmp_path / "index.html")
    assert text not in str(refused.value)
    assert not (tmp_path / "index.html").exists()
    assert find_leaks(write_site(manifest, None), settings) == []


def test_the_site_is_served_on_loopback_and_nothing_beside_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("the site")
    (tmp_path / "beside.txt").write_text("not to be seen")
    said: queue.Queue[str] = queue.Queue()
    threading.Thread(target=serve_site, args=(site / "index.html", 0, said.put), daemon=True).start()
    address = said.get(timeout=20)
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.read() == b"the site"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address.replace("index.html", "../beside.txt"), timeout=20)
