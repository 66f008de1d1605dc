"""Superset's Flask application with this project's configuration; runs in .venv-superset."""

from __future__ import annotations

import os
from typing import Any

from dashboards.instance.home import CONFIGURATION


def create_superset() -> Any:
    """The application, as bootstrap, export and access want it."""
    os.environ.setdefault("SUPERSET_CONFIG_PATH", str(CONFIGURATION))
    from superset.app import create_app

    return create_app()
