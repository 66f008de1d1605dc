"""Where SQL Lab's answers wait to be fetched: Redis, but never an answer that must not be kept."""

from __future__ import annotations

from typing import Any

from cachelib.redis import RedisCache


class ResultsBackend(RedisCache):
    """Redis without the answers of databases whose `cache_timeout` is below 0: they hold names.

    Superset runs a query in a worker whenever a client says `runAsync`, also where the database says that it
    may not, and hands its answer here with that time. Redis would keep it for ever.
    """

    def set(self, key: str, value: Any, timeout: Any = None) -> Any:
        """False for what is not kept: Superset then answers directly, or calls the worker's query failed."""
        if isinstance(timeout, int) and timeout < 0:
            return False
        return super().set(key, value, timeout)
