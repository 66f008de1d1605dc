"""The page, the example and the settings say the same; a timer outside of Airflow looks at the night."""

from __future__ import annotations

import re

import pytest

from ganxun.alerts.alert_settings import AlertSettings
from ganxun.settings import PROJECT_ROOT

EXAMPLE = (PROJECT_ROOT / "deploy" / "alerts.env.example").read_text(encoding="utf-8")
PAGE = (PROJECT_ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
SETTINGS = {f"GANXUN_{name.upper()}" for name in AlertSettings.model_fields} | {"GANXUN_NIGHT_PUBLISHED_BY"}


def read_example() -> dict[str, str]:
    lines = (line for line in EXAMPLE.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_no_setting_is_left_out_of_the_example_or_the_page() -> None:
    assert set(read_example()) - {"GANXUN_DROP"} == SETTINGS
    assert set(re.findall(r"^\| `(GANXUN_\w+)`", PAGE, re.M)) >= SETTINGS


def test_the_example_as_it_stands_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = AlertSettings()
    for name, value in read_example().items():
        monkeypatch.setenv(name, value)
    assert AlertSettings() == defaults
    assert defaults.channels == ()


def test_the_timer_looks_after_the_hour_of_publishing() -> None:
    timer = (PROJECT_ROOT / "deploy" / "systemd" / "ganxun-alert.timer").read_text(encoding="utf-8")
    first, minute = re.search(r"OnCalendar=\*-\*-\* (\d\d)\.\.\d\d:(\d\d):00 Asia/Shanghai", timer).groups()  # type: ignore[union-attr]
    hour, half = read_example()["GANXUN_NIGHT_PUBLISHED_BY"].split(":")
    assert (first, int(minute)) > (hour, int(half))
