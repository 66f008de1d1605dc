"""Which tests a change in a folder can break (tests/which.yml): `python -m tests.which connectors dags`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from yaml_files import read_yaml

TABLE = Path(__file__).with_suffix(".yml")


class NoEntry(KeyError):
    """A path that no entry of the table holds."""


def read_table() -> dict[str, list[str]]:
    """The table: a folder of the repository > files and folders of tests."""
    table: dict[str, list[str]] = read_yaml(TABLE)
    return table


def find_tests(paths: Iterable[str], table: Mapping[str, list[str]]) -> list[str]:
    """Tests for the paths, each once; a path within `tests` stands for itself. Raises `NoEntry`."""
    found: set[str] = set()
    for path in paths:
        place = PurePosixPath(path.rstrip("/"))
        if place.parts[0] == "tests":
            found.add(str(place))
            continue
        entry = next((str(one) for one in (place, *place.parents) if str(one) in table), None)
        if entry is None:
            raise NoEntry(f"no entry of tests/which.yml holds {path}")
        found |= set(table[entry])
    return sorted(test for test in found if not any(str(up) in found for up in PurePosixPath(test).parents))


def main() -> None:
    """Print the tests for the paths given, one a line; exit 2 with a sentence where there are none."""
    try:
        tests = find_tests(sys.argv[1:], read_table())
    except NoEntry as error:
        sys.exit(str(error.args[0]))
    if not tests:
        sys.exit("no test can be broken by that (or no path was given: make test-of P=connectors)")
    print("\n".join(tests))


if __name__ == "__main__":
    main()
