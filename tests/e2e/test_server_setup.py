"""Superset on PostgreSQL, Redis, gunicorn and Celery as the systemd units start them, on loopback.

One server for all tests of the session, in the order they stand: the last one ends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import time
import zlib

import duckdb
import psutil
import pytest

from dashboards.compiler.compile_dataset import DATABASES
from dashboards.instance.server_setup.environment import CACHE_PREFIX, RESULTS_PREFIX
from dashboards.instance.server_setup.trial import HEALTH, Trial, TrialError
from tests.dashboards.sample_warehouse import publish, write_sample_warehouse
from tests.e2e.conftest import EAST, NAME, WEST, Server, add_units
from tests.e2e.superset_client import Reader

pytestmark = [pytest.mark.e2e, pytest.mark.live]

BOARD = "mart_unit_board"
TOTAL = [
    {"col": "member_kind", "op": "==", "val": "total"},
    {"col": "rank_group", "op": "==", "val": "all"},
]


@pytest.fixture(scope="module")
def admin(server: Server) -> Reader:
    return server.reader("admin")


def due_of(reader: Reader, dataset: int) -> tuple[dict[str, int], bool]:
    """Due cadres by unit as this reader sees them, and whether the answer was cached."""
    rows, is_cached = reader.rows(dataset, columns=["unit_code"], metrics=["due"], filters=TOTAL)
    return {row["unit_code"]: row["due"] for row in rows}, is_cached


def redis_of(trial: Trial, *command: str) -> bytes:
    """What redis-cli answers."""
    password, port = trial.backing.redis_url.removeprefix("redis://:").split("@")
    done = subprocess.run(
        ["redis-cli", "--raw", "-p", port.split(":")[1].split("/")[0], *command],
        env=os.environ | {"REDISCLI_AUTH": password},
        capture_output=True,
        check=True,
    )
    return done.stdout


def read_redis(trial: Trial) -> dict[str, str]:
    """Every text that Redis holds by its key, unpacked."""
    found = {}
    for key in redis_of(trial, "keys", "*").decode().splitlines():
        if redis_of(trial, "type", key).strip() == b"string":
            value = redis_of(trial, "get", key)[:-1].removeprefix(b"!")
            with contextlib.suppress(pickle.UnpicklingError):
                unpacked = pickle.loads(value)
                value = zlib.decompress(unpacked) if isinstance(unpacked, bytes) else value
            found[key] = value.decode("utf-8", "replace")
    return found


def find_databases(reader: Reader) -> dict[str, dict]:
    """The two published files as Superset knows them."""
    found = {item["database_name"]: item for item in reader.http.get("/api/v1/database/").json()["result"]}
    return {name: found[title] for name, title in DATABASES.items()}


def wait_until_well(trial: Trial, seconds: float = 90) -> str:
    """Health of every part, as soon as the first heartbeat has come."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return trial.run(HEALTH)
        except TrialError:
            if time.monotonic() > deadline:
                raise
            time.sleep(3)


def test_a_part_that_is_down_is_not_called_well(server: Server) -> None:
    report = wait_until_well(server.trial)
    assert [line.split(":")[0] for line in report.splitlines()] == [
        *("web", "metadata", "redis", "worker", "beat", "published")
    ]
    server.trial.server("worker").stop()
    with pytest.raises(TrialError, match="worker: NOT WELL: no worker answers"):
        server.trial.run(HEALTH)
    server.trial.start_services()
    assert "NOT WELL" not in wait_until_well(server.trial)


def test_the_second_look_at_a_chart_comes_from_the_cache(server: Server, admin: Reader) -> None:
    dataset = admin.dataset_id(BOARD)
    first, was_cached = due_of(admin, dataset)
    again, is_cached = due_of(admin, dataset)
    expected = server.query(
        "select unit_code, due from marts.mart_unit_board where member_kind = 'total' and rank_group = 'all'"
    )
    assert first == again == dict(expected)
    assert (was_cached, is_cached) == (False, True)
    assert any(CACHE_PREFIX in key for key in read_redis(server.trial))


def test_last_nights_figure_does_not_outlive_the_swap(server: Server, admin: Reader) -> None:
    dataset, data_dir = admin.dataset_id(BOARD), server.trial.data_dir
    old, _ = due_of(admin, dataset)
    first = data_dir / "published" / "versions" / "warehouse-one.duckdb"
    second = write_sample_warehouse(data_dir, "two")
    add_units(second)
    with duckdb.connect(str(second)) as connection:
        connection.execute("update marts.mart_unit_board set due = due + 1000")
    publish(data_dir, first)
    due_of(admin, dataset)
    assert due_of(admin, dataset) == (old, True)
    publish(data_dir, second)
    fresh, is_cached = due_of(admin, dataset)
    assert fresh == {unit: due + 1000 for unit, due in old.items()}
    assert not is_cached
    # Back to the first version, and what was kept of it in the meantime is not believed either.
    publish(data_dir, first)
    back, is_cached = due_of(admin, dataset)
    assert (back, is_cached) == (old, False)


def test_one_units_rows_are_not_handed_to_anothers_manager(server: Server, admin: Reader) -> None:
    dataset = admin.dataset_id(BOARD)
    everything, _ = due_of(admin, dataset)
    for user, unit in (("dongshan", EAST), ("xihe", WEST), ("dongshan", EAST), ("xihe", WEST)):
        seen, is_cached = due_of(server.reader(user), dataset)
        assert seen == {code: due for code, due in everything.items() if code.startswith(unit)}, user
    assert is_cached, "the second look of the same reader is cached"
    assert due_of(admin, dataset) == (everything, True)


def test_no_answer_is_kept_by_its_address_alone(server: Server, admin: Reader) -> None:
    form = {
        "datasource": f"{admin.dataset_id(BOARD)}__table",
        "viz_type": "partition",
        "metrics": ["due"],
        "groupby": ["unit_code"],
        "adhoc_filters": [],
        "row_limit": 100,
    }
    asked = {"form_data": json.dumps(form)}
    first, again = (admin.http.get("/superset/explore_json/", params=asked) for _ in range(2))
    assert first.status_code == 200 and WEST in first.text
    # Figures out of the cache that knows rows and version, not the first answer as it was.
    assert first.json()["cached_dttm"] is None and again.json()["cached_dttm"] is not None
    theirs = server.reader("dongshan").http.get("/superset/explore_json/", params=asked)
    assert theirs.status_code == 403 and WEST not in theirs.text


def test_sql_lab_answers_through_worker_and_results_backend(server: Server, admin: Reader) -> None:
    sql = "select max(due) as due, '东山区' as unit from marts.mart_unit_board"
    started = admin.run_sql(find_databases(admin)["warehouse"]["id"], sql, "live0000001")
    assert started.status_code == 202, started.text
    query = admin.wait_for_sql("live0000001")
    assert query["state"] == "success", query
    answer = admin.http.get("/api/v1/sqllab/results/", params={"q": f"(key:'{query['resultsKey']}')"})
    assert [row["due"] for row in answer.json()["data"]] == list(
        *server.query(sql.replace(", '东山区' as unit", ""))
    )
    assert RESULTS_PREFIX + query["resultsKey"] in read_redis(server.trial)


def test_names_do_not_get_into_redis(server: Server, admin: Reader) -> None:
    restricted = find_databases(admin)["restricted"]
    held = admin.http.get(f"/api/v1/database/{restricted['id']}/connection").json()["result"]
    assert (held["cache_timeout"], held["allow_run_async"]) == (-1, False)
    dataset = admin.dataset_id("cadre_identity")
    for _ in range(2):
        rows, is_cached = admin.rows(dataset, columns=["name"], metrics=[])
        assert ([row["name"] for row in rows], is_cached) == ([NAME], False)
    sql = "select name from restricted.cadre_identity"
    assert (
        NAME in admin.run_sql(restricted["id"], sql, "live0000002", is_async=False).json()["data"][0]["name"]
    )
    admin.run_sql(restricted["id"], sql, "live0000003")
    assert admin.wait_for_sql("live0000003")["state"] == "failed", "a worker asked the file with names"
    held_texts = read_redis(server.trial)
    assert any("东山区" in text for key, text in held_texts.items() if key.startswith(RESULTS_PREFIX))
    assert any("001.006" in text for key, text in held_texts.items() if CACHE_PREFIX in key)
    assert [key for key, text in held_texts.items() if NAME in text] == []


def test_a_restart_loses_nothing(server: Server, admin: Reader) -> None:
    made = admin.http.post("/api/v1/dashboard/", json={"dashboard_title": "自建看板"})
    assert made.status_code == 201, made.text
    server.trial.stop_services()
    server.trial.start_services()
    titles = admin.http.get("/api/v1/dashboard/?q=(page_size:100)").json()["result"]
    assert "自建看板" in [dashboard["dashboard_title"] for dashboard in titles], "the session holds, too"


def test_the_end_leaves_no_process_and_no_folder(server: Server) -> None:
    folder = server.trial.backing.folder
    marks = (str(server.trial.data_dir), str(folder), f":{server.trial.port}")
    assert folder.is_dir() and list_processes(marks)
    server.trial.down()
    assert list_processes(marks) == []
    assert not folder.exists()


def list_processes(marks: tuple[str, ...]) -> list[str]:
    """Living processes that belong to the server setup, by what stands in command line or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
            text = line + " ".join(f"{key}={value}" for key, value in process.environ().items())
            if process.pid != os.getpid() and any(mark in text for mark in marks):
                found.append(line)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found
