"""The very commands and addresses of this deployment, to be copied from a message."""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from ganxun.alerts.alert_settings import AlertSettings
from ganxun.settings import Settings

OPERATIONS = "ganxun-operations"
AIRFLOW_VARIABLE = "AIRFLOW__API__BASE_URL"


@dataclass(frozen=True)
class Commands:
    """Commands of one night, with whole paths: they work from any folder."""

    settings: Settings
    business_date: date

    def run(self) -> str:
        """The night again, and a message when it is published."""
        date_text = self.business_date.isoformat()
        return self._write("run", "--drop", _hide_secrets(self.settings.drop), "--date", date_text, "--alert")

    def accept(self, path: str) -> str:
        """Let a held file pass."""
        return self._write("accept", path, "--why", "…")

    def mend(self, code: str) -> list[str]:
        """What to type after a failure of this code."""
        if code == "running":
            return []
        if code == "checks":
            return [self._write("status"), self.run()]
        if code == "never_started":
            return [self._write("up"), self.run()]
        if code == "rolled_back":
            return [self._write("rollback", "--list"), self._write("rollback", "RUN")]
        return [self.run()]

    def _write(self, command: str, *arguments: str) -> str:
        program = str(Path(sys.executable).with_name("ganxun"))
        words = [program, command, *arguments, "--data-dir", str(self.settings.data_dir)]
        return " ".join(word if word == _DROP_VARIABLE else shlex.quote(word) for word in words)


_DROP_VARIABLE = '"$GANXUN_DROP"'


def _hide_secrets(drop: str) -> str:
    """A drop as it may stand in a mail: an address that could hold a password is left to the environment."""
    parts = urlsplit(drop)
    if not drop or "@" in parts.netloc or parts.query:
        return _DROP_VARIABLE
    return drop


@dataclass(frozen=True)
class Links:
    """Where to look: Superset's operations dashboard, and Airflow (a run of it, where one is known)."""

    superset_url: str
    airflow: str

    def dashboard(self, lang: str) -> str:
        """The operations dashboard in a language."""
        return f"{self.superset_url}/superset/dashboard/{OPERATIONS}{'' if lang == 'zh' else '-en'}/"


def find_links(settings: Settings, alerts: AlertSettings, airflow_path: str = "") -> Links:
    """Addresses as set, or as `ganxun up` has them. `airflow_path` is that of a run, from Airflow itself."""
    airflow = alerts.airflow_url or os.environ.get(AIRFLOW_VARIABLE, "") or _find_own_airflow(settings)
    path = airflow_path or "/dags/build_warehouse"
    return Links(alerts.superset_url.rstrip("/"), airflow.rstrip("/") + path)


def _find_own_airflow(settings: Settings) -> str:
    port = 8080
    with suppress(OSError, ValueError, TypeError):
        ports = json.loads((settings.data_dir / "run" / "ports.json").read_text(encoding="utf-8"))
        port = int(ports.get("airflow", port))
    return f"http://127.0.0.1:{port}"
