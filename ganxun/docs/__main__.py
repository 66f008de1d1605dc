"""`python -m ganxun.docs pages` writes the generated pages of docs/, `… site` builds dbt's site.

`… rooms` draws in docs/architecture.md which room imports which.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ganxun.cookbook import load_examples, write_page
from ganxun.docs.dictionary import write_dictionary
from ganxun.docs.er_diagram import write_er_diagram
from ganxun.docs.models import ProjectUnreadable, parse_project, read_tables
from ganxun.docs.rooms import draw_rooms, put_rooms
from ganxun.docs.site import SiteLeaks, build_site, serve_site
from ganxun.settings import PROJECT_ROOT, Settings

DOCS = PROJECT_ROOT / "docs"


def main(arguments: list[str]) -> int:
    """Exit 0: written. 1: dbt cannot read the project, or the site would show what is not public."""
    parser = argparse.ArgumentParser(prog="python -m ganxun.docs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("pages", help="cookbook, data dictionary, ER diagram")
    commands.add_parser("rooms", help="docs/architecture.md: which room imports which")
    site = commands.add_parser("site", help="one self-contained index.html")
    site.add_argument("--out", type=Path, help="default: docs-site/index.html in the data directory")
    site.add_argument("--data-dir", type=Path, help="the published file there gives the columns' types")
    site.add_argument("--serve", type=int, metavar="PORT", help="serve it on loopback; 0: any free port")
    chosen = parser.parse_args(arguments)
    if chosen.command == "rooms":
        page = DOCS / "architecture.md"
        page.write_text(put_rooms(page.read_text(encoding="utf-8"), draw_rooms()), encoding="utf-8")
        return 0
    try:
        manifest = parse_project()
        if chosen.command == "pages":
            tables = read_tables(manifest)
            pages = {
                "cookbook.md": write_page(load_examples()),
                "data-dictionary.md": write_dictionary(tables),
                "er-diagram.md": write_er_diagram(tables),
            }
            for name, text in pages.items():
                (DOCS / name).write_text(text, encoding="utf-8")
            return 0
        settings = Settings(data_dir=chosen.data_dir) if chosen.data_dir else Settings()
        out = chosen.out or settings.data_dir / "docs-site" / "index.html"
        build_site(manifest, settings, out)
    except (ProjectUnreadable, SiteLeaks) as error:
        print(error, file=sys.stderr)
        return 1
    print(out)
    if chosen.serve is not None:
        try:
            serve_site(out, chosen.serve, lambda line: print(line, flush=True))
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
