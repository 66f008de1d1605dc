"""Which room imports which: a drawing and a table in docs/architecture.md, read from the sources."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ganxun.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from grimp import ImportGraph

PACKAGES = (
    "dags",
    "dbt_project",
    "ganxun",
    "dashboards",
    "expectations",
    "connectors",
    "words",
    "yaml_files",
    "simulator",
)
# Each module or package in them is a room of its own.
HOUSES = ("ganxun", "dashboards")
BEGIN = "<!-- rooms: written by `.venv/bin/python -m ganxun.docs rooms` -->"
END = "<!-- rooms end -->"


def read_imports(*packages: str, external: bool = False) -> ImportGraph:
    """Which module imports which, inside functions and for types too; nothing is imported to know it."""
    import grimp

    with _folders_importable():
        return grimp.build_graph(*packages, include_external_packages=external, cache_dir=None)


def find_arrows(graph: ImportGraph) -> dict[str, set[str]]:
    """Each room with the other rooms that its modules import."""
    arrows: dict[str, set[str]] = {}
    for module in graph.modules:
        room = _room_of(module)
        if room in HOUSES:
            continue
        imported = {_room_of(one) for one in graph.find_modules_directly_imported_by(module)}
        arrows.setdefault(room, set()).update(imported - {room, *HOUSES})
    return arrows


def write_rooms(arrows: Mapping[str, set[str]]) -> str:
    """The drawing, without arrows that a longer way shows already, and the table of all of them."""
    rooms = sorted(arrows, key=lambda room: (PACKAGES.index(room.split(".")[0]), room))
    drawn = [
        f"{_node(room)} --> {_node(to)}" for room in rooms for to in sorted(_without_detours(arrows, room))
    ]
    alone = [_box(room) for room in rooms if not room.startswith(HOUSES)]
    housed = [
        line
        for house in HOUSES
        for line in (
            f"subgraph {house}",
            *(f"    {_box(room)}" for room in rooms if room.startswith(f"{house}.")),
            "end",
        )
    ]
    drawing = "\n".join(f"    {line}" for line in (*alone, *housed, *drawn))
    lines = "\n".join(
        f"| `{room}` | {_list(arrows[room])} | {_list(one for one in rooms if room in arrows[one])} |"
        for room in rooms
    )
    return (
        f"```mermaid\nflowchart TB\n{drawing}\n```\n\n"
        f"| room | imports | imported by |\n|---|---|---|\n{lines}\n"
    )


def put_rooms(page: str, rooms: str) -> str:
    """The page with the text between its two marks replaced."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{rooms}{END}{rest.split(END)[1]}"


def draw_rooms() -> str:
    """The rooms as the sources stand."""
    return write_rooms(find_arrows(read_imports(*PACKAGES)))


@contextmanager
def _folders_importable() -> Iterator[None]:
    """`dags` and `dbt_project` are installed nowhere."""
    sys.path.insert(0, str(PROJECT_ROOT))
    try:
        yield
    finally:
        sys.path.remove(str(PROJECT_ROOT))


def _room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] in HOUSES else 1])


def _without_detours(arrows: Mapping[str, set[str]], room: str) -> set[str]:
    """Rooms that only a direct import leads to."""
    beyond: set[str] = set()
    waiting = [further for to in arrows[room] for further in arrows[to]]
    while waiting:
        one = waiting.pop()
        if one not in beyond:
            beyond.add(one)
            waiting += arrows[one]
    return arrows[room] - beyond


def _node(room: str) -> str:
    return room.replace(".", "_")


def _box(room: str) -> str:
    return f'{_node(room)}["{room}"]'


def _list(rooms: Iterator[str] | set[str]) -> str:
    return ", ".join(f"`{room}`" for room in sorted(rooms)) or "nothing"
