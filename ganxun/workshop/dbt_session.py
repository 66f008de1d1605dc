"""dbt for a developer: one process, the project read once, the profile's own work file.

A warm start costs what importing dbt and loading what it has read cost: dbt keeps that in `target/`, where
its command line finds it too, because both run with the same profile, variables and folders.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ganxun.steps.dbt_build import close_database

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# A night's own variables: with one of them set, dbt would read and build something else.
_OF_A_NIGHT = ("GANXUN_WORK_FILE", "GANXUN_TEMP_DIR", "GANXUN_IDENTITY_MODEL")


class ProjectBroken(RuntimeError):
    """dbt cannot read the project; it has said on the screen why."""


@dataclass(frozen=True)
class Outcome:
    """What a build ended with, and the names of the nodes that were built and of those that were not."""

    success: bool
    built: frozenset[str]
    failed: frozenset[str]


class DbtSession:
    """dbt on one project."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.target = project / "target"

    def models(self) -> dict[str, str]:
        """Models and seeds of the project as it stands: name > the table that each becomes."""
        return {
            node.name: f'"{node.schema}"."{node.alias}"'
            for node in self._manifest.nodes.values()
            if node.resource_type in ("model", "seed")
        }

    def list_modified(self, state: Path) -> list[str]:
        """Models and seeds that differ from a kept manifest, in their text, macros or settings."""
        found = self._invoke(
            *("--quiet", "--no-write-json", "ls", "--select", "state:modified", "--state", str(state)),
            *("--resource-type", "model", "--resource-type", "seed", "--output", "name"),
        )
        return list(found.result)

    def find_before(self, names: Collection[str]) -> set[str]:
        """The models and seeds named and all that they are made of."""
        waiting, found = list(names), set()
        while waiting:
            if (name := waiting.pop()) not in found:
                found.add(name)
                waiting += self._parents[name]
        return found

    def find_affected(self, changed: Collection[str], names: Collection[str]) -> set[str]:
        """Of the models named and those before them: what is changed, and what comes after that."""

        @cache
        def is_affected(name: str) -> bool:
            return name in changed or any([is_affected(parent) for parent in self._parents[name]])

        return {name for name in self.find_before(names) if is_affected(name)}

    @cached_property
    def _parents(self) -> dict[str, set[str]]:
        nodes = self._manifest.nodes
        return {
            node.name: {nodes[parent].name for parent in node.depends_on_nodes if parent in nodes}
            for node in nodes.values()
            if node.resource_type in ("model", "seed")
        }

    def build(self, selected: Sequence[str], *, tests: bool) -> Outcome:
        """`dbt build` of the selections (none: everything), with the laws and unit tests or with none.

        Tests of columns are left to `ganxun.steps.column_tests`, which asks all of a table at once.
        """
        arguments = ["build", "--exclude", "test_type:generic" if tests else "test_type:data"]
        if not tests:
            arguments += ["--exclude-resource-type", "unit_test"]
        if selected:
            arguments += ["--select", *selected]
        result = self._invoke(*arguments)
        nodes = getattr(result.result, "results", [])
        built = frozenset(node.node.name for node in nodes if node.status == "success")
        return Outcome(result.success, built, frozenset(node.node.name for node in nodes) - built)

    @cached_property
    def _manifest(self) -> Manifest:
        result = self._invoke_on(None, "--quiet", "parse", "--no-write-json")
        if not result.success:
            raise ProjectBroken(str(result.exception))
        manifest: Manifest = result.result
        return manifest

    def _invoke(self, *arguments: str):  # type: ignore[no-untyped-def]
        return self._invoke_on(self._manifest, *arguments)

    def _invoke_on(self, manifest: Manifest | None, *arguments: str):  # type: ignore[no-untyped-def]
        from dbt.cli.main import dbtRunner  # seconds to import

        with contextlib.chdir(self.project), _without(*_OF_A_NIGHT):
            try:
                return dbtRunner(manifest=manifest).invoke(list(arguments))
            finally:
                close_database()


@contextlib.contextmanager
def _without(*names: str) -> Iterator[None]:
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)
