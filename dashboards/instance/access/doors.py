"""Which page a reader is led to: the phone's arrangement on a phone, his role's first dashboard after log-in.

Only addresses are changed here; what a reader may open is decided by roles and row rules.
"""

from __future__ import annotations

import re
from typing import Any

from dashboards.compiler.naming import make_slug
from dashboards.compiler.roles import ROLE_PREFIX, read_roles
from dashboards.compiler.sources import read_dashboards
from words import LOCALES

DASHBOARD = re.compile(r"/superset/dashboard/([\w-]+)/?")
HOMES = ("/", "/superset/welcome/")


def is_phone(user_agent: str, client_hint: str | None) -> bool:
    """Does the browser call itself a phone? The client hint decides where there is one."""
    return client_hint == "?1" if client_hint else "Mobile" in user_agent and "iPad" not in user_agent


def install(app: Any) -> None:
    """Superset's FLASK_APP_MUTATOR: lead each request for a page to the one that fits the reader."""
    from flask import redirect, request, session
    from flask_login import current_user

    definitions = read_dashboards()
    roles = read_roles().roles
    desk_slugs = {make_slug(made, locale) for made in definitions.values() for locale in LOCALES}
    first = {
        role.superset_name: next((name for name in role.dashboards if name in definitions), None)
        for role in roles.values()
    }

    def lead() -> Any:
        if request.method != "GET":
            return None
        phone = is_phone(request.headers.get("User-Agent", ""), request.headers.get("Sec-CH-UA-Mobile"))
        if request.path in HOMES and current_user.is_authenticated:
            mine = sorted(role.name for role in current_user.roles if role.name.startswith(ROLE_PREFIX))
            name = next((first[role] for role in mine if first.get(role)), None)
            if name is not None:
                locale = "en" if session.get("locale") == "en" else "zh"
                slug = make_slug(definitions[name], locale, "phone" if phone else "desk")
                return redirect(f"/superset/dashboard/{slug}/")
        match = DASHBOARD.fullmatch(request.path)
        if match and phone and match[1] in desk_slugs and request.args.get("desk") != "1":
            query = request.query_string.decode("utf-8", "replace")
            return redirect(f"/superset/dashboard/{match[1]}-phone/" + (f"?{query}" if query else ""))
        return None

    app.before_request(lead)
