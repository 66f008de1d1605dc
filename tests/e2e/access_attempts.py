"""What people try in Superset, each attempt as one function: what did the visitor get to see?

An attempt returns the unit codes that it read (a set, empty: no row), True where it is not about rows and
went through, or None when it was refused. `read_answer` also notes whether a name came along.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

Seen = set[str] | bool | None
UNIT_CODE = re.compile(r"\b001(?:\.\d{3})*(?![\d.])")
FOREIGN, OWN = "001.007", "001.006"
ALL_UNITS_SQL = "(select string_agg(distinct unit_code, ' ') from marts.mart_unit_coverage)"


@dataclass
class Visitor:
    """Somebody at the door: a session (logged in or not) and what the test knows of the inside."""

    name: str
    client: httpx.Client
    ids: dict[str, Any]
    answers: list[str] = field(default_factory=list)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._note(self.client.get(path, **options))

    def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return self._note(self.client.post(path, json=body, **options))

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self._note(self.client.request(method, path, json=body))

    def _note(self, response: httpx.Response) -> httpx.Response:
        self.answers.append(response.text)
        return response


def log_in(url: str, user: str | None, password: str = "", ids: dict[str, Any] | None = None) -> Visitor:
    """A session as a browser has it; `user` None: a visitor who does not log in."""
    client = httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"Referer": url})
    if user is not None:
        token = re.search(r'id="csrf_token"\s+value="([^"]+)"', client.get("/login/").text)
        assert token is not None
        client.post("/login/", data={"username": user, "password": password, "csrf_token": token[1]})
        answer = client.get("/api/v1/security/csrf_token/")
        if answer.status_code == 200:
            client.headers["X-CSRFToken"] = answer.json()["result"]
    return Visitor(user or "visitor", client, ids or {})


def went_through(response: httpx.Response) -> Seen:
    """True for an answer; None for a refusal or for being sent to the log-in."""
    return True if response.status_code < 300 else None


def units_in(text: str) -> set[str]:
    return set(UNIT_CODE.findall(text))


def rows(response: httpx.Response) -> Seen:
    """Unit codes of the rows of a chart, samples or SQL answer, whatever its shape."""
    if response.status_code >= 300:
        return None
    body = response.json()
    results = body.get("result", body)
    parts = results if isinstance(results, list) else [results]
    return units_of([row for part in parts for row in part["data"]])


def units_of(found: list[dict[str, Any]]) -> set[str]:
    """Which units rows are about; where no column says it, every unit code that stands in them."""
    return units_in(
        "\n".join(str(row["unit_code"]) if row.get("unit_code") else json.dumps(row) for row in found)
    )


# Charts' data


def ask(
    visitor: Visitor, table: str = "mart_unit_coverage", form: Any = None, **query: Any
) -> httpx.Response:
    """The chart data API, as the front end calls it, with whatever is smuggled in."""
    body: dict[str, Any] = {
        "datasource": {"id": visitor.ids[table], "type": "table"},
        "result_format": query.pop("result_format", "json"),
        "result_type": query.pop("result_type", "full"),
        "queries": [{"columns": ["unit_code"], "metrics": [], "row_limit": 10_000, **query}],
    }
    return visitor.post("/api/v1/chart/data", body | ({"form_data": form} if form else {}))


def expression(sql: str, label: str = "x") -> dict[str, Any]:
    return {"label": label, "expressionType": "SQL", "sqlExpression": sql}


def exported_csv(response: httpx.Response) -> Seen:
    if response.status_code >= 300:
        return None
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    return units_in("\n".join(line[0] for line in lines[1:] if line))


def exported_excel(response: httpx.Response) -> Seen:
    if response.status_code >= 300:
        return None
    book = zipfile.ZipFile(io.BytesIO(response.content))
    return units_in("\n".join(book.read(name).decode("utf-8") for name in book.namelist() if ".xml" in name))


def stored_chart(visitor: Visitor) -> Seen:
    return rows(visitor.get(f"/api/v1/chart/{visitor.ids['chart']}/data/"))


def native_filter(visitor: Visitor) -> Seen:
    form = {
        "type": "NATIVE_FILTER",
        "native_filter_id": "NATIVE_FILTER-unit",
        "dashboardId": visitor.ids["overview"],
    }
    return rows(ask(visitor, "mart_unit_board", form))


def forged_dashboard(visitor: Visitor) -> Seen:
    """A table that was not granted, said to be asked for by a chart of a dashboard that was."""
    form = {"dashboardId": visitor.ids["overview"], "slice_id": visitor.ids["chart"]}
    return rows(ask(visitor, "mart_cadre_coverage", form))


def forged_drill(visitor: Visitor) -> Seen:
    form = {"dashboardId": visitor.ids["overview"]}
    return rows(ask(visitor, "mart_cadre_coverage", form, result_type="samples"))


def smuggle_each(visitor: Visitor, queries: Iterable[dict[str, Any]]) -> Seen:
    """All of several ways: the union of what they read; None only if each was refused."""
    seen = [rows(ask(visitor, **query)) for query in queries]
    read = [found for found in seen if isinstance(found, set)]
    return set().union(*read) if read else None


SUBQUERIES = [
    ALL_UNITS_SQL,
    "(from marts.mart_unit_coverage select string_agg(unit_code, ' '))",
    "(select unit_code from (table marts.mart_unit_coverage) limit 1 offset 40)",
    "array(select distinct unit_code from marts.mart_unit_coverage)::varchar",
    "(select string_agg(unit_code, ' ') from query_table('marts.mart_unit_coverage'))",
    "(select string_agg(unit_code, ' ') from query('select unit_code from marts.mart_unit_coverage'))",
    "(with t as (from marts.mart_unit_coverage) select string_agg(unit_code, ' ') from t)",
    "(select string_agg(t::varchar, ' ') from (summarize marts.mart_unit_coverage) as t)",
    "case when true then (values ((select max(unit_code) from marts.mart_unit_coverage))) end",
    "/* */ (select/**/string_agg(unit_code, ' ') from marts.mart_unit_coverage)",
    "unit_code) from marts.mart_unit_coverage --",
    "unit_code from marts.mart_unit_coverage union all select unit_code",
]


def as_columns(sql: list[str]) -> list[dict[str, Any]]:
    return [{"columns": [expression(one)]} for one in sql]


def as_metrics(sql: list[str]) -> list[dict[str, Any]]:
    return [{"columns": [], "metrics": [expression(f"max({one})")]} for one in sql]


CLAUSES = [
    "1=1) or (1=1",
    "unit_code = '001.007' or 1=1",
    "1=1 --",
    "1=1) union all (select unit_code from marts.dim_unit",
]
BROKEN_WHERE = [{"extras": {"where": clause}} for clause in CLAUSES]
BROKEN_HAVING = [
    {"metrics": [expression("count(*)")], "extras": {"having": clause}}
    for clause in ["1=1) or (1=1", "1=1 or true"]
]
ORDERED = [{"orderby": [[expression(sql), True]]} for sql in SUBQUERIES[:3]]
RENAMED = [
    {"columns": [expression("'001.006'", "unit_code"), expression("unit_code", "y")], "metrics": []},
    {"columns": [expression("unit_code", "z")], "metrics": [expression("'001.006'", "unit_code")]},
]


def virtual_dataset(visitor: Visitor) -> Seen:
    body = {
        "database": visitor.ids["warehouse"],
        "schema": "marts",
        "table_name": f"virtual of {visitor.name}",
        "sql": "select * from marts.mart_unit_coverage",
    }
    made = visitor.post("/api/v1/dataset/", body)
    if made.status_code >= 300:
        return None
    return rows(
        ask(Visitor(visitor.name, visitor.client, visitor.ids | {"mart_unit_coverage": made.json()["id"]}))
    )


def samples(visitor: Visitor, table: str = "mart_unit_coverage") -> Seen:
    path = f"/datasource/samples?force=false&datasource_type=table&datasource_id={visitor.ids[table]}"
    return rows(visitor.post(path, {}))


def drill_detail(visitor: Visitor) -> Seen:
    body: dict[str, Any] = {
        "datasource": {"id": visitor.ids["mart_unit_coverage"], "type": "table"},
        "result_type": "drill_detail",
        "queries": [{"filters": [{"col": "unit_code", "op": "==", "val": FOREIGN}], "row_limit": 100}],
    }
    return rows(visitor.post("/api/v1/chart/data", body))


def column_values(visitor: Visitor) -> Seen:
    path = f"/api/v1/datasource/table/{visitor.ids['mart_unit_coverage']}/column/unit_code/values/"
    answer = visitor.get(path)
    return units_in(answer.text) if answer.status_code < 300 else None


# SQL Lab


def run_sql(visitor: Visitor, sql: str, database: str = "warehouse", schema: str = "marts") -> httpx.Response:
    body = {"database_id": visitor.ids[database], "sql": sql, "schema": schema, "runAsync": False}
    return visitor.post("/api/v1/sqllab/execute/", body)


def sql_rows(visitor: Visitor, sql: str, database: str = "warehouse", schema: str = "marts") -> Seen:
    answer = run_sql(visitor, sql, database, schema)
    if answer.status_code >= 300 or answer.json().get("status") != "success":
        return None
    data = answer.json()["data"]
    return units_of(data) or bool(data) or set()


def files_by_sql(visitor: Visitor, folder: Path) -> Seen:
    restricted = folder / "published" / "warehouse_restricted.duckdb"
    ways = [
        f"attach '{restricted}' as r (read_only)",
        f"select * from '{restricted}'",
        f"select * from read_text('{folder}/access/first_passwords.csv')",
        f"select * from read_csv('{folder}/access/entitlements.csv')",
        f"select * from read_blob('{folder}/superset/secret_key')",
        f"copy (select 1) to '{folder}/copied.csv'",
        "install httpfs",
        "set enable_external_access = true",
    ]
    seen = [sql_rows(visitor, sql) for sql in ways]
    return any(seen) or None


def metadata_of(visitor: Visitor, database: str, schema: str, table: str) -> Seen:
    base = f"/api/v1/database/{visitor.ids[database]}"
    answers = [
        visitor.get(f"{base}/schemas/"),
        visitor.get(f"{base}/tables/?q=(schema_name:{schema})"),
        visitor.get(f"{base}/table_metadata/?name={table}&schema={schema}"),
        visitor.get(f"{base}/select_star/{table}/{schema}/"),
        visitor.get(f"{base}/connection"),
    ]
    return True if any(answer.status_code < 300 and table in answer.text for answer in answers) else None


# Superset's own house


def any_of(*responses: httpx.Response) -> Seen:
    return True if any(response.status_code < 300 for response in responses) else None


def listed(response: httpx.Response) -> Seen:
    """A list that is refused or empty tells nothing."""
    return True if response.status_code < 300 and response.json().get("count", 1) else None


def give_himself_admin(visitor: Visitor) -> Seen:
    ids = visitor.ids
    return any_of(
        visitor.send("PUT", f"/api/v1/security/users/{ids['own_user']}", {"roles": [ids["admin_role"]]}),
        visitor.post("/api/v1/security/roles/", {"name": f"made by {visitor.name}"}),
        visitor.send("PUT", "/api/v1/me/", {"roles": [ids["admin_role"]]}),
    )


def change_row_rules(visitor: Visitor) -> Seen:
    rule = visitor.ids["rule"]
    return any_of(
        visitor.get("/api/v1/rowlevelsecurity/"),
        visitor.get(f"/api/v1/rowlevelsecurity/{rule}"),
        visitor.send("PUT", f"/api/v1/rowlevelsecurity/{rule}", {"clause": "1 = 1"}),
        visitor.send("DELETE", f"/api/v1/rowlevelsecurity/{rule}"),
    )


def change_dashboard(visitor: Visitor) -> Seen:
    path = f"/api/v1/dashboard/{visitor.ids['overview']}"
    return any_of(
        visitor.send("PUT", path, {"owners": [visitor.ids["own_user"]]}),
        visitor.send("PUT", path, {"published": False}),
        visitor.send("DELETE", path),
        visitor.send("DELETE", f"/api/v1/chart/{visitor.ids['chart']}"),
        visitor.send("PUT", f"/api/v1/dataset/{visitor.ids['mart_unit_coverage']}", {"sql": "select 1"}),
    )


def export_definitions(visitor: Visitor) -> Seen:
    return any_of(
        visitor.get(f"/api/v1/dashboard/export/?q=!({visitor.ids['overview']})"),
        visitor.get(f"/api/v1/chart/export/?q=!({visitor.ids['chart']})"),
        visitor.get(f"/api/v1/database/export/?q=!({visitor.ids['warehouse']})"),
        visitor.get("/api/v1/assets/export/"),
    )


def others_queries(visitor: Visitor) -> Seen:
    """The saved query and the query log of the administrator."""
    return any_of(
        visitor.get(f"/api/v1/saved_query/{visitor.ids['saved_query']}"),
        visitor.get(f"/api/v1/query/{visitor.ids['query']}"),
        visitor.get(f"/api/v1/sqllab/export/{visitor.ids['client']}/"),
    )


def people(visitor: Visitor) -> Seen:
    return any_of(
        visitor.get("/api/v1/security/users/"),
        visitor.get("/api/v1/security/roles/"),
        visitor.get("/api/v1/security/permissions/"),
        visitor.get("/users/list/", follow_redirects=False),
    )


Attempt = Callable[[Visitor], Seen]


def data_attempts(folder: Path) -> dict[str, dict[str, Attempt]]:
    """Every attempt by group and by what it is called in docs/access.md."""
    return {
        "Rows of a chart (`mart_unit_coverage`)": {
            "ask for all rows": lambda v: rows(ask(v)),
            "ask for another unit's rows": lambda v: rows(
                ask(v, filters=[{"col": "unit_code", "op": "==", "val": FOREIGN}])
            ),
            "a WHERE that closes the bracket, `OR 1=1`, comments, UNION": lambda v: smuggle_each(
                v, BROKEN_WHERE
            ),
            "the same in HAVING": lambda v: smuggle_each(v, BROKEN_HAVING),
            "sub-queries as columns (12 ways, `query('…')`, `SUMMARIZE`, FROM first)": lambda v: smuggle_each(
                v, as_columns(SUBQUERIES)
            ),
            "sub-queries in metrics": lambda v: smuggle_each(v, as_metrics(SUBQUERIES)),
            "sub-queries in ORDER BY": lambda v: smuggle_each(v, ORDERED),
            "a column renamed to `unit_code`": lambda v: smuggle_each(v, RENAMED),
            "a chart on a free SQL text (virtual dataset)": virtual_dataset,
            "data of a stored chart": stored_chart,
            "values of the unit filter": native_filter,
            "values of a column": column_values,
            "samples": samples,
            "drill to detail of another unit": drill_detail,
            "export as CSV": lambda v: exported_csv(ask(v, result_format="csv")),
            "export as Excel": lambda v: exported_excel(ask(v, result_format="xlsx")),
        },
        "Tables without a grant": {
            "rows of single cadres (`mart_cadre_coverage`)": lambda v: rows(ask(v, "mart_cadre_coverage")),
            "the same, forged as a chart of an open dashboard": forged_dashboard,
            "the same, forged as a drill": forged_drill,
            "the same, as samples": lambda v: samples(v, "mart_cadre_coverage"),
            "a table without units (`fct_training`)": lambda v: went_through(
                ask(v, "fct_training", columns=["cadre_key"])
            ),
            "keep the state of a chart on it (`Drill by` does)": lambda v: went_through(
                v.post(
                    "/api/v1/explore/form_data",
                    {
                        "datasource_id": v.ids["mart_cadre_coverage"],
                        "datasource_type": "table",
                        "form_data": "{}",
                    },
                )
            ),
            "what a dataset is made of": lambda v: any_of(
                v.get(f"/api/v1/dataset/{v.ids['mart_cadre_coverage']}"),
                v.get(f"/datasource/get/table/{v.ids['mart_cadre_coverage']}"),
                v.get(f"/api/v1/explore/?datasource_type=table&datasource_id={v.ids['mart_cadre_coverage']}"),
                v.get(f"/datasource/external_metadata/table/{v.ids['mart_cadre_coverage']}"),
            ),
        },
        "Names (restricted file)": {
            "a chart on `cadre_identity`": lambda v: went_through(ask(v, "cadre_identity", columns=["name"])),
            "samples of `cadre_identity`": lambda v: samples(v, "cadre_identity"),
            "SQL Lab on the restricted file": lambda v: sql_rows(
                v, "select name, unit_code from restricted.cadre_identity", "restricted", "restricted"
            ),
            "ATTACH and file functions in SQL Lab": lambda v: files_by_sql(v, folder),
        },
        "SQL Lab": {
            "open it": lambda v: went_through(v.get("/sqllab/", follow_redirects=False)),
            "all rows of `mart_unit_coverage`": lambda v: sql_rows(
                v, "select distinct unit_code from marts.mart_unit_coverage"
            ),
            "rows of single cadres": lambda v: sql_rows(v, "select * from marts.mart_cadre_coverage"),
            "the catalogue (`information_schema`, `duckdb_tables()`)": lambda v: (
                any(
                    [
                        sql_rows(v, "select table_name from information_schema.tables"),
                        sql_rows(v, "from duckdb_tables()"),
                    ]
                )
                or None
            ),
            "write (CREATE, UPDATE, DROP)": lambda v: (
                any(
                    [
                        sql_rows(v, "create table marts.planted as select 1"),
                        sql_rows(v, "update marts.mart_unit_coverage set due = 0"),
                        sql_rows(v, "drop table marts.mart_unit_coverage"),
                    ]
                )
                or None
            ),
            "schemas, tables and columns of the warehouse": lambda v: metadata_of(
                v, "warehouse", "marts", "mart_cadre_coverage"
            ),
            "the same of the restricted file": lambda v: metadata_of(
                v, "restricted", "restricted", "cadre_identity"
            ),
        },
        "Superset's own house": {
            "users and roles": people,
            "make himself administrator": give_himself_admin,
            "read or change row rules": change_row_rules,
            "change or delete dashboards, charts, datasets": change_dashboard,
            "export definitions (dashboards, charts, connections)": export_definitions,
            "somebody else's saved queries and query log": others_queries,
            "log of actions": lambda v: went_through(v.get("/api/v1/log/")),
            "alerts and reports": lambda v: listed(v.get("/api/v1/report/")),
            "upload a file, make a connection": lambda v: any_of(
                v.post(
                    "/api/v1/database/",
                    {"database_name": f"of {v.name}", "sqlalchemy_uri": "duckdb:///:memory:"},
                ),
                v.post("/api/v1/database/test_connection/", {"sqlalchemy_uri": "duckdb:///:memory:"}),
            ),
        },
    }
