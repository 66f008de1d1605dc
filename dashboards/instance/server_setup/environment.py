"""What the environment says about the server setup, as Superset's configuration (docs/server-setup.md).

The setup is on where `GANXUN_REDIS_URL` is set; without it nothing here changes anything. Only the standard
library at the top: the health check and the tests read the settings without loading Superset.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboards.instance.home import METADATA_VARIABLE

REDIS_VARIABLE = "GANXUN_REDIS_URL"
CACHE_PREFIX = "ganxun_data_"
RESULTS_PREFIX = "ganxun_results_"
HEARTBEAT_KEY = "ganxun_heartbeat"
# Keys carry the published version, so entries of yesterday are never asked for again: this only frees memory.
DATA_SECONDS = int(timedelta(hours=26).total_seconds())
RESULTS_SECONDS = int(timedelta(hours=6).total_seconds())
CHROMIUM_ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                      "--disable-background-networking", "--disable-component-update", "--disable-sync",
                      "--no-first-run", "--hide-scrollbars", "--lang=zh-CN")  # fmt: skip
CHROMEDRIVER = "/usr/bin/chromedriver"


class SetupError(ValueError):
    """The environment asks for a server setup that cannot work; the message names the variable."""


@dataclass(frozen=True)
class ServerSetup:
    """The settings of the server setup; passwords stay out of the repr."""

    redis_url: str = field(repr=False)
    metadata_uri: str = field(repr=False)
    public_url: str
    internal_url: str
    recipients: tuple[str, ...]
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_starttls: bool
    smtp_from: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> ServerSetup | None:
        """The setup that the environment describes, or None for the demo. Raises `SetupError`."""
        redis_url = environment.get(REDIS_VARIABLE, "")
        if not redis_url:
            return None
        metadata_uri = environment.get(METADATA_VARIABLE, "")
        if not metadata_uri.startswith("postgresql"):
            raise SetupError(
                f"{REDIS_VARIABLE} is set, but {METADATA_VARIABLE} is no PostgreSQL address: "
                "several processes do not share a SQLite file"
            )
        public_url = environment.get("GANXUN_SUPERSET_URL", "http://127.0.0.1:8088").rstrip("/")
        return cls(
            redis_url=redis_url,
            metadata_uri=metadata_uri,
            public_url=public_url,
            internal_url=environment.get("GANXUN_SUPERSET_INTERNAL_URL", public_url).rstrip("/"),
            recipients=_addresses(environment.get("GANXUN_REPORT_RECIPIENTS", "")),
            smtp_host=environment.get("GANXUN_SMTP_HOST", "127.0.0.1"),
            smtp_port=_number(environment, "GANXUN_SMTP_PORT", 25),
            smtp_user=environment.get("GANXUN_SMTP_USER", ""),
            smtp_password=_read_secret(environment, "GANXUN_SMTP_PASSWORD_FILE"),
            smtp_starttls=environment.get("GANXUN_SMTP_STARTTLS", "yes") != "no",
            smtp_from=environment.get("GANXUN_SMTP_FROM", "ganxun@localhost.localdomain"),
        )

    @property
    def is_https(self) -> bool:
        """Whether people open Superset over TLS."""
        return urlsplit(self.public_url).scheme == "https"

    def configuration(self, demo: Mapping[str, Any]) -> dict[str, Any]:
        """Superset's settings of this setup, to be laid over those of the demo setup."""
        return {
            **self._caches(),
            "CELERY_CONFIG": self.celery_configuration(),
            "FEATURE_FLAGS": demo["FEATURE_FLAGS"] | {"ALERT_REPORTS": True},
            "TALISMAN_CONFIG": demo["TALISMAN_CONFIG"] | {"session_cookie_secure": self.is_https},
            "SESSION_COOKIE_SECURE": self.is_https,
            "RATELIMIT_STORAGE_URI": self.redis_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "pool_recycle": 1800},
            "SQLLAB_ASYNC_TIME_LIMIT_SEC": 600,
            **self._mail(),
        }

    def _caches(self) -> dict[str, Any]:
        from redis import Redis

        from dashboards.instance.server_setup.results import ResultsBackend

        return {
            # Never CACHE_CONFIG: `explore_json` keeps whole answers there by address alone, before it
            # asks who calls, so one unit's rows would go to another's manager.
            "DATA_CACHE_CONFIG": {
                "CACHE_TYPE": "RedisCache",
                "CACHE_REDIS_URL": self.redis_url,
                "CACHE_KEY_PREFIX": CACHE_PREFIX,
                "CACHE_DEFAULT_TIMEOUT": DATA_SECONDS,
            },
            "RESULTS_BACKEND": ResultsBackend(
                host=Redis.from_url(self.redis_url),
                key_prefix=RESULTS_PREFIX,
                default_timeout=RESULTS_SECONDS,
            ),
            "RESULTS_BACKEND_USE_MSGPACK": True,
        }

    def celery_configuration(self) -> type:
        """Celery's settings: broker and results in Redis, the minute's look at due reports, a heartbeat."""
        from celery.schedules import crontab

        redis_url = self.redis_url

        class CeleryConfig:
            """Read by Superset's Celery application."""

            broker_url = redis_url
            result_backend = redis_url
            broker_connection_retry_on_startup = True
            # A task that a dying worker held goes to another one after this time.
            broker_transport_options = {"visibility_timeout": 3600}  # noqa: RUF012
            imports = (
                "superset.sql_lab",
                "superset.tasks.scheduler",
                "superset.tasks.cache",
                "dashboards.instance.server_setup.tasks",
            )
            worker_prefetch_multiplier = 1
            worker_max_tasks_per_child = 200
            result_expires = 3600
            timezone = "Asia/Shanghai"
            beat_schedule = {  # noqa: RUF012
                "reports.scheduler": {
                    "task": "reports.scheduler",
                    "schedule": crontab(minute="*"),
                    "options": {"expires": int(timedelta(weeks=1).total_seconds())},
                },
                "reports.prune_log": {"task": "reports.prune_log", "schedule": crontab(minute=10, hour=0)},
                "ganxun.heartbeat": {
                    "task": "ganxun.heartbeat",
                    "schedule": 30.0,
                    "options": {"expires": 30},
                },
            }

        return CeleryConfig

    def _mail(self) -> dict[str, Any]:
        return {
            "SMTP_HOST": self.smtp_host,
            "SMTP_PORT": self.smtp_port,
            "SMTP_USER": self.smtp_user,
            "SMTP_PASSWORD": self.smtp_password,
            "SMTP_STARTTLS": self.smtp_starttls,
            "SMTP_SSL_SERVER_AUTH": self.smtp_starttls,
            "SMTP_MAIL_FROM": self.smtp_from,
            "EMAIL_HEADER_MUTATOR": name_attachments,
            "EMAIL_REPORTS_SUBJECT_PREFIX": "[干训]",
            "EMAIL_REPORTS_CTA": "在干训数据平台中查看",
            "WEBDRIVER_BASEURL": f"{self.internal_url}/",
            "WEBDRIVER_BASEURL_USER_FRIENDLY": f"{self.public_url}/",
            "WEBDRIVER_TYPE": "chrome",
            "WEBDRIVER_OPTION_ARGS": list(CHROMIUM_ARGUMENTS),
            "WEBDRIVER_CONFIGURATION": {
                "options": {"capabilities": {}, "preferences": {}},
                "service": {"executable_path": CHROMEDRIVER, "log_output": os.devnull},
            },
            "WEBDRIVER_WINDOW": {"dashboard": (1440, 2000), "slice": (1440, 900), "pixel_density": 1},
            # Superset gives a page ten seconds to begin: a busy night's machine needs more.
            "SCREENSHOT_LOCATE_WAIT": 60,
            "SCREENSHOT_LOAD_WAIT": 120,
            "ALERT_REPORTS_QUERY_EXECUTION_MAX_TRIES": 2,
        }


def name_attachments(message: Message, **_: Any) -> Message:
    """Say in each attachment's header that it is one, and its name.

    Superset 6.1 writes the disposition into the content type: some readers then show no attachment, others
    one without a name or an ending.
    """
    for part in message.walk():
        if part.get_content_maintype() == "application" and "Content-Disposition" not in part:
            name = collapse_rfc2231_value(part.get_param("name") or "report")
            kind = "text/csv" if name.endswith(".csv") else part.get_content_type()
            del part["Content-Type"]
            part.add_header("Content-Type", kind, name=("utf-8", "", name))
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return message


def _addresses(text: str) -> tuple[str, ...]:
    addresses = tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())
    for address in addresses:
        if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
            raise SetupError(f"GANXUN_REPORT_RECIPIENTS: {address!r} is no mail address")
    return addresses


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isdigit():
        raise SetupError(f"{name} is {text!r}, not a number")
    return int(text)


def _read_secret(environment: Mapping[str, str], name: str) -> str:
    path = environment.get(name, "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetupError(f"{name}: {error.strerror or error}") from None
