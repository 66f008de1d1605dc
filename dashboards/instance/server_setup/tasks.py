"""Celery tasks of the project itself; loaded by the worker (server_setup/environment.py, `imports`)."""

from __future__ import annotations

import time

from celery.signals import task_postrun
from superset.extensions import celery_app
from superset.tasks.celery_app import teardown

from dashboards.instance.server_setup.environment import HEARTBEAT_KEY, ServerSetup

# Superset 6.1 closes the session once more after a task's application context has gone (which closed it),
# and fails at that: 20 lines of log for every task that runs.
task_postrun.disconnect(teardown)


@celery_app.task(name="ganxun.heartbeat")
def beat() -> None:
    """Leave the time in Redis: it stands there only if beat, broker and worker work together."""
    from redis import Redis

    setup = ServerSetup.from_environment()
    if setup is not None:
        with Redis.from_url(setup.redis_url) as redis:
            redis.set(HEARTBEAT_KEY, str(time.time()), ex=3600)
