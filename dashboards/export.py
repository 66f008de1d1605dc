"""Write what Superset holds back into `assets/`: `python -m dashboards.export` in .venv-superset.

Edit a chart in the browser, export, look at the difference in git, commit. Instance ids, absolute paths and
what the front end derives are taken out (dashboards/bundle.py).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

from dashboards.bootstrap import create_superset
from dashboards.bundle import ASSETS, Files, read_files, strip_export
from dashboards.home import ADMIN_USER, SupersetHome


def exported_files(home: SupersetHome) -> Files:
    """Superset's own export of all assets, stripped, by the path each has (or gets) below `assets/`."""
    app = create_superset()
    with app.app_context():
        from superset import security_manager  # noqa: TID251
        from superset.commands.export.assets import ExportAssetsCommand  # noqa: TID251
        from superset.utils.core import override_user  # noqa: TID251

        with override_user(security_manager.find_user(username=ADMIN_USER)):
            exported = {name: yaml.safe_load(content()) for name, content in ExportAssetsCommand().run()}
    return strip_export(exported, read_files(), home.warehouse)


def write_files(files: Files, assets: Path = ASSETS) -> None:
    """Write the files. Those of objects that are gone are left for git to remove."""
    for name, content in files.items():
        path = assets / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8"
        )


def main() -> int:
    """Command line: `python -m dashboards.export [--check]`; the data directory is `GANXUN_DATA_DIR`.

    With `--check` nothing is written; exit code 1 says that Superset and the files differ.
    """
    parser = argparse.ArgumentParser(description="Write Superset's dashboards back into git")
    parser.add_argument("--check", action="store_true", help="only tell what differs")
    check = parser.parse_args().check
    files, known = exported_files(SupersetHome.from_environment()), read_files()
    differing = {name: content for name, content in files.items() if known.get(name) != content}
    for name in differing:
        print(f"{'differs' if check else 'written'}: {name}")
    if not check:
        write_files(differing)
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
