"""The cookbook as saved queries in SQL Lab. Runs in .venv-superset, inside an application context.

Superset shows everybody his own saved queries only, so each person with SQL Lab gets each question. A query
that its owner changed stays as he left it, until the cookbook's own text changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dashboards.compiler.naming import make_uuid
from ganxun.cookbook import Example

READ = re.compile(r"\b(from|join)(\s+)([a-z][a-z0-9_]*)\b(?!\s*[.(])", re.IGNORECASE)


def with_schemas(sql: str, schemas: Mapping[str, str]) -> str:
    """The query with `marts.` or `ops.` before each published table: SQL Lab has no search path."""

    def qualify(found: re.Match[str]) -> str:
        word, space, table = found.groups()
        return f"{word}{space}{schemas[table]}.{table}" if table in schemas else found.group()

    return READ.sub(qualify, sql)


def write_saved_queries(
    examples: list[Example], users: Iterable[Any], database: Any, schemas: Mapping[str, str]
) -> int:
    """Give each user each question; returns how many were written anew or changed."""
    from superset import db
    from superset.models.sql_lab import SavedQuery

    changed = 0
    for user in users:
        for example in examples:
            sql = with_schemas(example.sql, schemas)
            label = f"{example.number:02} {example.title_zh}"
            text = (
                f"{example.question_zh}\n注意：{example.watch_zh}\n\n"
                f"{example.title_en}: {example.question_en}\nWatch out: {example.watch_en}"
            )
            mark = hashlib.sha256("\n".join((label, text, sql)).encode("utf-8")).hexdigest()
            uuid = make_uuid("saved_query", f"{user.username}/{example.name}")
            query = db.session.query(SavedQuery).filter_by(uuid=uuid).one_or_none()
            if query is None:
                query = SavedQuery(uuid=uuid, user_id=user.id)
                db.session.add(query)
            elif json.loads(query.extra_json or "{}").get("cookbook") == mark:
                continue
            # Superset lists what somebody created, not what belongs to him.
            query.created_by_fk = query.changed_by_fk = user.id
            query.user_id, query.db_id, query.schema = user.id, database.id, "marts"
            query.label, query.description, query.sql = label, text, sql
            query.extra_json = json.dumps({"cookbook": mark})
            changed += 1
    return changed
