"""Superset's configuration (SUPERSET_CONFIG_PATH points here). Runs in .venv-superset."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("SCARF_ANALYTICS", "false")

from dashboards.compiler import palette
from dashboards.instance.access import doors, own_results
from dashboards.instance.access.guard import guard_sql
from dashboards.instance.downloads import install_exports
from dashboards.instance.home import SupersetHome
from dashboards.instance.pages import correct_words, keep_colours_of_files, use_own_templates
from dashboards.instance.server_setup.environment import ServerSetup

_home = SupersetHome.from_environment()
_home.create()

DATA_DIR = str(_home.root)
SECRET_KEY = _home.secret_key()
SQLALCHEMY_DATABASE_URI = _home.metadata_uri

# Officials read Chinese; an English reader switches in the menu.
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {
    "zh": {"flag": "cn", "name": "简体中文"},
    "en": {"flag": "us", "name": "English"},
}
APP_NAME = "干训数据平台"
THEME_DEFAULT = {
    "token": {
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": palette.wordmark(APP_NAME),
        "brandLogoMargin": "18px 0",
        "brandLogoHref": "/",
        "brandLogoHeight": "24px",
        "colorPrimary": palette.INK_BLUE,
        "colorLink": palette.INK_BLUE,
        "fontFamily": palette.FONTS,
    },
    "algorithm": "default",
    # no buttons "all" and "inverse" beside legends of three words: they take the words' room
    "echartsOptionsOverridesByChartType": {
        kind: {"legend": {"selector": False}}
        for kind in ("echarts_timeseries_line", "echarts_timeseries_bar")
    }
    # room around a radar for the names of its axes and the legend above
    | {"radar": {"legend": {"selector": False}, "radar": {"radius": "57%", "center": ["50%", "56%"]}}},
}
# One look for everybody: the lights' tones are chosen for a white ground.
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "ganxun",
        "description": "干部教育培训",
        "label": "干训",
        "isDefault": True,
        "colors": palette.CATEGORIES,
    }
]
EXTRA_SEQUENTIAL_COLOR_SCHEMES = [
    {
        "id": "ganxun_hours",
        "description": "学时由少到多",
        "label": "学时",
        "isDiverging": False,
        "isDefault": True,
        "colors": palette.HOURS,
    }
]

FEATURE_FLAGS = {
    # Filters on rows hold in SQL Lab too, so that a unit's manager cannot go round them.
    "RLS_IN_SQLLAB": True,
    # A dashboard is open to the roles that roles.yaml names for it, whatever tables they may read.
    "DASHBOARD_RBAC": True,
    # No sub-query in a chart's own expressions: a table would be read past its dataset.
    "ALLOW_ADHOC_SUBQUERY": False,
    "DRILL_TO_DETAIL": True,
    "DRILL_BY": True,
    "ALERT_REPORTS": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "EMBEDDED_SUPERSET": False,
}

# DuckDB's own parser has the last word on what a limited reader's query reads (access/guard.py).
SQL_QUERY_MUTATOR = guard_sql


def FLASK_APP_MUTATOR(app: Any) -> None:
    """Phones get the phone's arrangement; after log-in everybody sees his role's first dashboard."""
    doors.install(app)
    own_results.install(app)
    use_own_templates(app)
    correct_words(app)
    keep_colours_of_files(app, "ganxun-")
    # Files that spreadsheets open rightly: docs/downloads.md.
    install_exports(app)


# Users come from the entitlements; nobody makes himself one.
AUTH_USER_REGISTRATION = False

# A large city has thousands of units: all of them must be in the filter's list.
NATIVE_FILTER_DEFAULT_ROW_LIMIT = 10_000
FILTER_SELECT_ROW_LIMIT = 10_000
DEFAULT_TIME_FILTER = "No filter"
# With a byte order mark Excel opens Chinese CSV files as they are.
CSV_EXPORT = {"encoding": "utf-8-sig"}

# No result cache in the demo: the published file changes once a night, and a chart answers in well below
# a second. CACHE_CONFIG stays off in the server setup too (server_setup/environment.py says why).
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# Nothing leaves the machine: neither the maker's counting pixel nor map tiles, fonts or pictures of others.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
ENABLE_CORS = False
PUBLIC_ROLE_LIKE = None
WTF_CSRF_ENABLED = True
SESSION_COOKIE_SAMESITE = "Lax"

# Reports read a CSV back before they send it: only an empty field is missing, `NA` and `None` are texts.
REPORTS_CSV_NA_NAMES = [""]

# Keep this at the end: the server setup (docs/server-setup.md) lies over what stands above.
_setup = ServerSetup.from_environment()
if _setup is not None:
    from dashboards.instance.server_setup.cache_keys import with_published_keys

    globals().update(_setup.configuration(globals()))
    CUSTOM_SECURITY_MANAGER = with_published_keys(
        (_home.warehouse, _home.restricted), globals().get("CUSTOM_SECURITY_MANAGER")
    )
