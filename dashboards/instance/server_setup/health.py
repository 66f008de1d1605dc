"""Is the server setup well? `python -m dashboards.instance.server_setup.health`, in .venv-superset.

One line a part, exit code 1 if one is not well: for systemd's timer, a container's health check, or a person.
Superset's own `/health` only says that gunicorn answers.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import urllib.request
from collections.abc import Callable

from dashboards.instance.home import SupersetHome
from dashboards.instance.server_setup.environment import HEARTBEAT_KEY, ServerSetup

WAIT_SECONDS = 5
# The heartbeat comes every 30 s.
HEARTBEAT_LATE_SECONDS = 120


class Unwell(RuntimeError):
    """A part is not as it should be; the message says how, without any password."""


def check_web(setup: ServerSetup) -> str:
    """Gunicorn answers at the internal address."""
    with urllib.request.urlopen(f"{setup.internal_url}/health", timeout=WAIT_SECONDS) as answer:  # noqa: S310
        if answer.read().strip() != b"OK":
            raise Unwell("answers something else than OK")
    return "answers"


def check_metadata(setup: ServerSetup) -> str:
    """PostgreSQL answers and holds the dashboards."""
    from sqlalchemy import create_engine, text

    engine = create_engine(setup.metadata_uri, connect_args={"connect_timeout": WAIT_SECONDS})
    with engine.connect() as connection:
        count: int = connection.execute(text("select count(*) from dashboards")).scalar_one()
    engine.dispose()
    if not count:
        raise Unwell("holds no dashboard: the bootstrap has not run")
    return f"{count} dashboards"


def check_redis(setup: ServerSetup) -> str:
    """Redis answers."""
    from redis import Redis

    with Redis.from_url(setup.redis_url, socket_timeout=WAIT_SECONDS) as redis:
        redis.ping()
    return "answers"


def check_worker(setup: ServerSetup) -> str:
    """At least one Celery worker answers."""
    from celery import Celery

    with Celery(broker=setup.redis_url) as app:
        answers = app.control.ping(timeout=WAIT_SECONDS)
    if not answers:
        raise Unwell("no worker answers")
    return f"{len(answers)} workers"


def check_beat(setup: ServerSetup) -> str:
    """A task of the clock was worked on lately."""
    from redis import Redis

    with Redis.from_url(setup.redis_url, socket_timeout=WAIT_SECONDS) as redis:
        last = redis.get(HEARTBEAT_KEY)
    if last is None:
        raise Unwell("no heartbeat yet")
    age = time.time() - float(last)

    if age > HEARTBEAT_LATE_SECONDS:
        raise Unwell(f"last heartbeat {age:.0f} s ago")
    return f"heartbeat {age:.0f} s ago"


def check_published(_: ServerSetup) -> str:
    """The published warehouse can be opened."""
    import duckdb

    warehouse = SupersetHome.from_environment().warehouse
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute("select max(business_date) from ops.ops_run").fetchone()
    return f"as of {row[0] if row else None}"


PARTS: dict[str, Callable[[ServerSetup], str]] = {
    "web": check_web,
    "metadata": check_metadata,
    "redis": check_redis,
    "worker": check_worker,
    "beat": check_beat,
    "published": check_published,
}


def find_faults(setup: ServerSetup, parts: list[str]) -> dict[str, str]:
    """The parts that are not well, each with what is wrong; prints a line for every part."""
    faults = {}
    for part in parts:
        try:
            print(f"{part}: {PARTS[part](setup)}")
        except Exception as error:  # each library has its own errors, and the others must still be looked at
            # Only our own words are shown in full: messages of drivers can hold addresses with passwords.
            faults[part] = str(error) if isinstance(error, Unwell) else type(error).__name__
            print(f"{part}: NOT WELL: {faults[part]}")
    return faults


def main() -> int:
    """Command line; without `--part` all parts are looked at."""
    parser = argparse.ArgumentParser(description="Is the server setup well?")
    parser.add_argument("--part", action="append", choices=sorted(PARTS), help="only this part; repeatable")
    parts = parser.parse_args().part or list(PARTS)
    setup = ServerSetup.from_environment()
    if setup is None:
        print("the server setup is off: GANXUN_REDIS_URL is not set", file=sys.stderr)
        return 2
    os.environ.setdefault("no_proxy", "*")
    return 1 if find_faults(setup, parts) else 0


if __name__ == "__main__":
    sys.exit(main())
