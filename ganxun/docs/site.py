"""dbt's documentation site as one self-contained file: every model, column, test and lineage, and no data.

dbt's own page with the manifest in it. What tells of this machine is taken out (paths, the run's ids, the
environment), the page may load nothing from any network, and it is not written if a path, the deployment's
secret or its data folder is still in it.
"""

from __future__ import annotations

import functools
import http.server
import importlib.resources
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb

from ganxun.settings import PROJECT_ROOT, Settings
from words.labels import find_label, read_labels

# the page is one file: scripts and styles are in it, and nothing else may be asked for
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: 'self'; font-src data:; connect-src 'none'; form-action 'none'"
)
_KEPT_METADATA = ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")
_DROPPED = ("root_path", "build_path", "compiled_path", "created_at")


class SiteLeaks(RuntimeError):
    """The page would show what is not public; the message says which kind, not what."""


def write_site(manifest: dict[str, Any], published: Path | None) -> str:
    """The page. `published` gives the columns' types; without it they are left out."""
    template = (
        importlib.resources.files("dbt.task").joinpath("docs", "index.html").read_text(encoding="utf-8")
    )
    page = template.replace(
        "<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1
    )
    for placeholder, value in (
        ("MANIFEST", _clean(manifest)),
        ("CATALOG", _read_catalog(manifest, published)),
    ):
        marked = f'"{placeholder}.JSON INLINE DATA"'
        if marked not in page:
            raise ValueError(f"this version of dbt has another page: no place for its {placeholder.lower()}")
        # a text in the data must not end the script that holds it
        page = page.replace(marked, json.dumps(value, ensure_ascii=False).replace("</", "<\\/"), 1)
    return page


def find_leaks(page: str, settings: Settings) -> list[str]:
    """Kinds of things in the page that must not be there."""
    secret = settings.zones.keys / "cadre_key"
    kinds = {
        "a path of this machine": [str(PROJECT_ROOT), str(Path.home()) + "/", str(settings.data_dir)],
        "the secret of the keys": [secret.read_text()] if secret.exists() else [],
    }
    return [kind for kind, texts in kinds.items() if any(text and text in page for text in texts)]


def build_site(manifest: dict[str, Any], settings: Settings, out: Path) -> None:
    """Write the page to a file. Raises `SiteLeaks` before anything is written."""
    warehouse = settings.zones.warehouse
    page = write_site(manifest, warehouse if warehouse.exists() else None)
    if leaks := find_leaks(page, settings):
        raise SiteLeaks(f"the documentation page holds {' and '.join(leaks)}: not written")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")


def serve_site(file: Path, port: int, say: Callable[[str], None]) -> None:
    """Serve the file on loopback until it is interrupted. Only its folder is served."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(file.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        say(f"http://127.0.0.1:{server.server_port}/{file.name}")
        server.serve_forever()


def _clean(manifest: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = _without(manifest, _DROPPED)
    cleaned["metadata"] = {
        **{key: manifest["metadata"][key] for key in _KEPT_METADATA},
        "send_anonymous_usage_stats": False,
    }
    labels = read_labels()
    # the page has no place for labels among a table's columns, nor does its search look at them
    for node in (*cleaned["nodes"].values(), *cleaned["sources"].values()):
        _put_before(node, node.get("config", {}).get("meta", {}).get("label_zh"))
        for name, column in node.get("columns", {}).items():
            _put_before(column, find_label(name, column, labels))
    return cleaned


def _put_before(item: dict[str, Any], label: str | None) -> None:
    if label:
        item["description"] = f"{label} · {item['description']}"


def _without(value: Any, names: Iterable[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, names) for key, item in value.items() if key not in names}
    return [_without(item, names) for item in value] if isinstance(value, list) else value


def _read_catalog(manifest: dict[str, Any], published: Path | None) -> dict[str, Any]:
    types: dict[tuple[str, str], list[tuple[str, str]]] = {}
    if published is not None:
        with duckdb.connect(str(published), read_only=True) as connection:
            for schema, table, column, data_type in connection.execute(
                "select schema_name, table_name, column_name, data_type from duckdb_columns() "
                "where schema_name in ('marts', 'ops') order by all"
            ).fetchall():
                types.setdefault((schema, table), []).append((column, data_type))
    nodes = {
        unique_id: {
            "unique_id": unique_id,
            "metadata": {
                **{"type": "BASE TABLE", "schema": node["schema"], "name": node["name"]},
                **{"database": "warehouse", "comment": None, "owner": None},
            },
            "columns": {
                column: {"name": column, "type": data_type, "index": index, "comment": None}
                for index, (column, data_type) in enumerate(types[node["schema"], node["name"]])
            },
            "stats": {},
        }
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and (node["schema"], node["name"]) in types
    }
    return {"metadata": {}, "nodes": nodes, "sources": {}, "errors": None}
