"""The rooms of the dashboards: what is compiled needs neither a server nor what stands above it."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import dashboards.compiler
import words
from ganxun.settings import PROJECT_ROOT

# What neither the compiler nor the words may pull in, by whatever way.
ABOVE = {
    "superset",
    "flask",
    "duckdb",
    "httpx",
    "sqlalchemy",
    "playwright",
    "ganxun",
    "connectors",
    "airflow",
}


def modules_of(package) -> list[str]:
    return [name for _, name, _ in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]


def pulled_in_by(modules: list[str]) -> set[str]:
    """Every module that a fresh Python has loaded after importing these."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )
    return set(done.stdout.split())


def test_the_compiler_needs_no_superset_no_server_and_no_data_directory() -> None:
    modules = modules_of(dashboards.compiler)
    assert len(modules) > 10
    loaded = pulled_in_by(modules)
    assert {name for name in loaded if name.split(".")[0] in ABOVE} == set()
    assert {name for name in loaded if name.startswith("dashboards.instance")} == set()


def test_words_lie_below_the_dashboards_and_below_exported_files() -> None:
    loaded = pulled_in_by(modules_of(words))
    assert {name for name in loaded if name.split(".")[0] in ABOVE | {"dashboards"}} == set()
    assert {
        name for name in pulled_in_by(["ganxun.downloads.write"]) if name.startswith("dashboards")
    } == set()


def imports_of(path: Path) -> set[str]:
    """Modules of the project that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("dashboards.")}


def test_no_two_modules_of_the_dashboards_import_each_other_in_a_circle() -> None:
    files = {
        ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts): path
        for path in (PROJECT_ROOT / "dashboards").rglob("*.py")
        if path.name != "__init__.py"
    }
    arrows = {name: imports_of(path) & files.keys() for name, path in files.items()}
    assert sum(map(len, arrows.values())) > 50
    while arrows:
        lowest = {name for name, below in arrows.items() if not below & arrows.keys()}
        assert lowest, f"a circle among {', '.join(sorted(arrows))}"
        arrows = {name: below for name, below in arrows.items() if name not in lowest}
