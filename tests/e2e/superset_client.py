"""A reader of a real Superset over HTTP: log-in, chart data, SQL Lab, and whatever address he tries."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx

SQL_LAB_SECONDS = 60


class Reader:
    """One logged-in user with the session of a browser."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=120, trust_env=False)
        page = self.http.get("/login/").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(
            r'csrf_token"[^>]*value="([^"]+)"', page
        )
        assert token is not None, "the log-in page has no CSRF token"
        form = {"username": user, "password": password, "csrf_token": token[1]}
        self.http.post("/login/", data=form, headers={"Referer": f"{url}/login/"})
        me = self.http.get("/api/v1/me/")
        assert me.status_code == 200, f"{user} cannot log in"
        csrf = self.http.get("/api/v1/security/csrf_token/")
        self.http.headers.update({"X-CSRFToken": csrf.json()["result"], "Referer": url})

    def dataset_id(self, table: str) -> int:
        """Id of the project's dataset of a published table."""
        query = f"(filters:!((col:table_name,opr:eq,value:{table})))"
        (found,) = self.http.get("/api/v1/dataset/", params={"q": query}).json()["result"]
        return int(found["id"])

    def chart_id(self, title: str) -> int:
        """Id of the chart of this title."""
        query = f"(filters:!((col:slice_name,opr:eq,value:'{title}')))"
        return int(self.http.get("/api/v1/chart/", params={"q": query}).json()["result"][0]["id"])

    def ask(self, dataset: int, *, result_format: str = "json", **query: Any) -> httpx.Response:
        """What a chart's data request answers."""
        body = {
            "datasource": {"id": dataset, "type": "table"},
            "force": False,
            "queries": [{"filters": [], "columns": [], "row_limit": 10_000, "orderby": [], **query}],
            "result_format": result_format,
            "result_type": "full",
        }
        return self.http.post("/api/v1/chart/data", json=body)

    def rows(self, dataset: int, **query: Any) -> tuple[list[dict[str, Any]], bool]:
        """Rows of a chart's data request, and whether they came out of the cache."""
        answer = self.ask(dataset, **query)
        assert answer.status_code == 200, answer.text[:2000]
        (result,) = answer.json()["result"]
        return result["data"], bool(result["is_cached"])

    def run_sql(self, database: int, sql: str, client_id: str, *, is_async: bool = True) -> httpx.Response:
        """Hand a query to SQL Lab: to a worker, or at once."""
        body = {
            "database_id": database,
            "sql": sql,
            "client_id": client_id,
            "runAsync": is_async,
            "queryLimit": 1000,
        }
        return self.http.post("/api/v1/sqllab/execute/", json=body)

    def wait_for_sql(self, client_id: str) -> dict[str, Any]:
        """The finished query of this client id. Raises `AssertionError` if it does not end."""
        deadline = time.monotonic() + SQL_LAB_SECONDS
        while time.monotonic() < deadline:
            answer = self.http.get("/api/v1/query/updated_since", params={"q": "(last_updated_ms:0)"})
            found = [query for query in answer.json()["result"] if query["id"] == client_id]
            if found and found[0]["state"] in ("success", "failed", "timed_out"):
                return dict(found[0])
            time.sleep(0.5)
        raise AssertionError("the worker did not finish the query")
