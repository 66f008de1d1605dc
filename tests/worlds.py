"""Worlds: what is dear to make and only looked at (a made-up city's drop, a night that was run on it).

A world is made once per content of all that it depends on, and kept in `.cache/worlds` beside the project:
the workers of a run share it, and the next run of the same tree starts from it. What it depends on is found,
not listed: the modules of this repository that the function's own module imports, directly or not, wherever
the import stands; the files beside them that are no Python (contracts, suites, catalogues); the dbt project
where a build is among them; the lock of the environment; and Python itself.

Nobody may change what lies in a world: a test that writes takes a copy. What changed all the same is told by
`find_touched`, which the end of each run asks.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import pickle
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from ganxun.settings import PROJECT_ROOT

Made = TypeVar("Made")

CACHE = PROJECT_ROOT / ".cache" / "worlds"
KEPT_OF_A_NAME = 2  # of a world: the newest, and the one that a branch left behind
LOCK = "requirements/pipeline.txt"
# What is looked up by name or run as a program, so that no import statement leads to it.
BY_NAME = {
    "connectors.registry": "connectors",
    "expectations.suites": "expectations",
    "tests.faults.nights": "ganxun",
}
DBT_PROJECT, RUNS_DBT = "dbt_project", "ganxun.steps.dbt_build"
NOT_OF_DBT = {"target", "logs"}
# Commands that look at a world write their log; DuckDB and SQLite leave locks.
MAY_CHANGE = ("/logs/", ".lock", "-shm", "-wal")


def make_world(name: str, make: Callable[[Path], Made], *inputs: Path) -> Made:
    """What `make(folder)` gives; what was kept of it, where nothing that it depends on has changed.

    It must be picklable and may name files below `folder`. Who comes first makes it; others wait. A failure
    is not kept: the next one that needs it meets it, too, and tells it. `inputs` are files and folders read.
    """
    maker = make.func if isinstance(make, partial) else make
    digest = hashlib.sha256(digest_dependencies(maker.__module__).encode())
    for path in sorted(path for read in inputs for path in [read, *read.rglob("*")] if path.is_file()):
        digest.update(f"{path}\0{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    folder = CACHE / f"{name}-{digest.hexdigest()[:16]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    result = folder.with_suffix(".pickle")
    with (CACHE / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not result.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            made = make(folder)
            folder.with_suffix(".files").write_bytes(pickle.dumps(_list_files(folder)))
            result.write_bytes(pickle.dumps(made))
            _forget_old(name)
        result.touch()
        found: Made = pickle.loads(result.read_bytes())
    return found


def find_touched() -> dict[str, list[str]]:
    """Files of kept worlds that are not as they were made, by world; such a world is put away."""
    touched = {}
    for listed in sorted(CACHE.glob("*.files")):
        folder = listed.with_suffix("")
        before, now = pickle.loads(listed.read_bytes()), _list_files(folder)
        changed = sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
        if changed:
            touched[folder.name] = changed
            _put_away(folder)
    return touched


def _list_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file, by its path in the folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not any(part in str(path) for part in MAY_CHANGE)
    }


def _forget_old(name: str) -> None:
    """Keep the newest worlds of a name; a world's name may begin another's."""
    kept = [path for path in CACHE.glob(f"{name}-*.pickle") if path.stem.rpartition("-")[0] == name]
    for old in sorted(kept, key=lambda path: -path.stat().st_mtime)[KEPT_OF_A_NAME:]:
        _put_away(old.with_suffix(""))


def _put_away(folder: Path) -> None:
    for suffix in (".pickle", ".files"):
        folder.with_suffix(suffix).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


@cache
def digest_dependencies(module: str, root: Path = PROJECT_ROOT, python: str = sys.version) -> str:
    """SHA-256 over everything that a world made by a function of this module depends on, and its place."""
    digest = hashlib.sha256(f"{python}\0{root}".encode())
    for path in sorted(find_dependencies(module, root)):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def find_dependencies(module: str, root: Path = PROJECT_ROOT) -> set[Path]:
    """Files that a module of this repository depends on (see above)."""
    modules = _close_over_imports(module, root)
    found = set(modules.values())
    for folder in {path.parent for path in modules.values()}:
        if folder.relative_to(root).parts[0] != "tests":
            found |= {path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml", ".csv", ".json")}
    if RUNS_DBT in modules:
        project = root / DBT_PROJECT
        found |= {
            path
            for path in project.rglob("*")
            if path.is_file() and not NOT_OF_DBT.intersection(path.relative_to(project).parts)
        }
    return found | {root / LOCK}


def _close_over_imports(module: str, root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _find_file(name, root)
        if name in found or path is None:
            continue
        found[name] = path
        waiting += _read_imports(path, name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        if name in BY_NAME:
            waiting += _list_modules(root / BY_NAME[name], root)
    return found


def _find_file(name: str, root: Path) -> Path | None:
    path = root.joinpath(*name.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


def _list_modules(package: Path, root: Path) -> Iterator[str]:
    for path in package.rglob("*.py"):
        yield ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


@cache
def _read_imports(path: Path, name: str) -> Iterable[str]:
    """Names that a module's import statements may lead to; those of other packages find no file."""
    found = []
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                parts = package.split(".")
                above = parts[: len(parts) - node.level + 1]
                origin = ".".join([*above, *([origin] if origin else [])])
            found += [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    return found
