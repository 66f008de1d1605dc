"""Does Superset still hold what the definitions say?

`python -m dashboards.instance.drift` (in .venv-superset) prints, for each object of the bundle that was
changed by hand (or that Superset's importer did not take as it was compiled), which keys differ. A change
worth keeping is carried into `definitions/` or `words/`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from dashboards.compiler.bundle import strip_export, without_nulls
from dashboards.compiler.compile import compile_files
from dashboards.compiler.naming import Files
from dashboards.compiler.reports import compile_reports, read_reports
from dashboards.compiler.sources import read_sources
from dashboards.instance.application import create_superset
from dashboards.instance.home import ADMIN_USER, SupersetHome
from dashboards.instance.published import read_types
from dashboards.instance.server_setup.environment import ServerSetup
from yaml_files import parse_yaml


def exported_files(home: SupersetHome, known: Files) -> Files:
    """Superset's own export of the bundle's objects, without what belongs to one instance."""
    app = create_superset()
    with app.app_context():
        from superset import security_manager
        from superset.commands.export.assets import ExportAssetsCommand
        from superset.utils.core import override_user

        with override_user(security_manager.find_user(username=ADMIN_USER)):
            exported = {name: parse_yaml(content()) for name, content in ExportAssetsCommand().run()}
    return strip_export(exported, known, home.databases)


def find_differences(compiled: Any, held: Any, path: str = "") -> Iterator[str]:
    """Paths of the values that two documents do not have alike, with both values."""
    if isinstance(compiled, dict) and isinstance(held, dict):
        for key in sorted(compiled.keys() | held.keys(), key=str):
            yield from find_differences(
                compiled.get(key), held.get(key), f"{path}.{key}" if path else str(key)
            )
    elif compiled != held:
        yield f"{path}: {compiled!r} is {held!r}"


def main() -> int:
    """Command line: prints what differs; exit code 1 if something does."""
    home = SupersetHome.from_environment()
    has_workers = ServerSetup.from_environment() is not None
    sources = read_sources()
    known = compile_files(sources, read_types(home.databases), has_workers=has_workers)
    if has_workers:
        # The query of a chart that is mailed holds the instance's id of its dataset.
        sent = compile_reports(sources, read_reports())
        known |= {name: chart | {"query_context": None} for name, chart in sent.items()}
    held = exported_files(home, known)
    lines = [
        f"differs: {name}: {difference}"
        for name, content in known.items()
        if "uuid" in content
        for difference in find_differences(without_nulls(content), held.get(name, {}))
    ]
    print("\n".join(lines) or "dashboards: Superset holds what the definitions say")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
