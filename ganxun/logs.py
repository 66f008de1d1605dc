"""Structured logs in `data/logs/ganxun.jsonl`: one JSON object a line, without personal data."""

from __future__ import annotations

import logging
import logging.handlers

import structlog

from connectors.zones import OWNER_ONLY_DIR
from ganxun.settings import Settings

MEGABYTE = 1024 * 1024


def keep_logs(settings: Settings) -> None:
    """Send structlog's events of this process into the data directory's log file (10 MB each, 5 kept).

    Where that cannot be written they go to standard error: the step that fails for the same reason says so.
    """
    folder = settings.zones.logs
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(OWNER_ONLY_DIR)
        handler = logging.handlers.RotatingFileHandler(
            folder / "ganxun.jsonl", maxBytes=10 * MEGABYTE, backupCount=5, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("ganxun")
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: logger,
        cache_logger_on_first_use=False,
    )
