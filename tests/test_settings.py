"""Settings: from the environment or the command line, and a wrong one is named before anything is done."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from ganxun.settings import Settings, WrongSetting
from tests.test_command_line import run_ganxun


def test_the_environment_is_read_and_the_caller_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANXUN_DATA_DIR", "elsewhere")
    monkeypatch.setenv("GANXUN_NIGHT_PUBLISHED_BY", "07:15")
    monkeypatch.setenv("GANXUN_KEEP_LANDING_DAYS", "30")
    settings = Settings(data_dir=tmp_path / "a" / ".." / "b")
    assert settings.data_dir == tmp_path / "b"
    assert settings.night_published_by == time(7, 15)
    assert settings.keep_landing_days == 30
    assert Settings().data_dir == Path.cwd() / "elsewhere"
    assert Settings().keep_versions == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THREADS", "0"), ("THREADS", "two"), ("KEEP_VERSIONS", "1"), ("NIGHT_ENDS_AT", "24"),
        ("KEEP_LANDING_DAYS", "0"), ("NIGHT_PUBLISHED_BY", "half past six"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_by_its_name_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GANXUN_{name}", value)
    with pytest.raises(WrongSetting, match=f"GANXUN_{name}") as raised:
        Settings()
    assert "two" not in str(raised.value) and "half past" not in str(raised.value)


def test_what_a_caller_gives_is_held_to_the_same_limits() -> None:
    with pytest.raises(WrongSetting, match="GANXUN_KEEP_VERSIONS"):
        Settings(keep_versions=1)


def test_a_person_is_told_of_a_wrong_setting_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANXUN_THREADS", "many")
    done = run_ganxun("status", "--data-dir", str(tmp_path))
    assert done.returncode == 2 and done.stdout == ""
    assert "GANXUN_THREADS" in done.stderr and "Traceback" not in done.stderr
