"""What every page of Superset gets from this project: templates of our own before Superset's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent / "templates"


def use_own_templates(app: Any) -> None:
    """Let files in `templates/` take the place of Superset's of the same name."""
    from jinja2 import ChoiceLoader, FileSystemLoader

    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), app.jinja_loader])
