"""Results of SQL Lab are given again to whoever asked, and to nobody else.

Superset exports a query's rows to anybody who knows its random number and may read its tables, and runs the
kept SQL as it is: with the row rules of the person who ran it, or without any. So an export or a kept result
is answered only to its owner, and the guard looks at the kept SQL with the owner's rights of today.
"""

from __future__ import annotations

import re
from typing import Any

from dashboards.instance.access.guard import guard_sql

EXPORT = re.compile(r"/api/v1/sqllab/export/([^/]+)/?")
STREAMING = re.compile(r"/api/v1/sqllab/export_streaming/?")
RESULTS = re.compile(r"/api/v1/sqllab/results/?")
KEY = re.compile(r"key:'?([\w-]+)")


def install(app: Any) -> None:
    """Ask before every request for rows of an earlier query."""

    def refuse_others() -> Any:
        from flask import jsonify, request
        from flask_login import current_user

        asked = _asked_for(request)
        if asked is None or not current_user.is_authenticated:
            return None
        from superset import db, security_manager
        from superset.exceptions import SupersetSecurityException
        from superset.models.sql_lab import Query

        # A number that is no query's says what somebody else's query says.
        query = db.session.query(Query).filter_by(**asked).one_or_none()
        refused = query is None or (query.user_id != current_user.id and not security_manager.is_admin())
        if not refused:
            try:
                guard_sql(query.select_sql or query.executed_sql or "", security_manager, query.database)
            except SupersetSecurityException:
                refused = True
        return (jsonify(message="Forbidden"), 403) if refused else None

    app.before_request(refuse_others)


def _asked_for(request: Any) -> dict[str, str] | None:
    """The column and value by which a request names an earlier query; None for all other requests."""
    if match := EXPORT.fullmatch(request.path):
        return {"client_id": match[1]}
    if STREAMING.fullmatch(request.path):
        return {"client_id": str(request.form.get("client_id", ""))}
    if RESULTS.fullmatch(request.path):
        key = KEY.search(request.args.get("q", ""))
        return {"results_key": key[1] if key else ""}
    return None
