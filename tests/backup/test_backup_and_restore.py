"""A lost data folder comes back from its backup and its keys, and gives the same warehouse again."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ganxun.backup.restore import restore
from ganxun.backup.write import LIST, BackupError, back_up
from ganxun.night import run_night
from ganxun.settings import Settings
from ganxun.steps.lock import WarehouseBusy, warehouse_lock
from tests.compare_warehouses import differing, read_tables
from tests.drops import CITY_SMALL_DATE
from tests.nights import Night


@pytest.fixture(scope="module")
def deployment(simulated_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory of its own after a whole night, with a decision and an entitlement of people."""
    folder = tmp_path_factory.mktemp("deployment") / "data"
    shutil.copytree(simulated_night.settings.data_dir, folder, symlinks=True)
    (folder / "decisions" / "note.csv").write_text("decided by a person\n")
    (folder / "access").mkdir(exist_ok=True)
    (folder / "access" / "entitlements.csv").write_text("user,role,unit_code,scope\n")
    return Settings(data_dir=folder)


@pytest.fixture
def backup(deployment: Settings, tmp_path: Path) -> tuple[Path, Path]:
    target, keys = tmp_path / "backup", tmp_path / "keys"
    back_up(deployment, target, keys)
    return target, keys


def test_a_lost_data_folder_gives_the_same_warehouse_again(
    deployment: Settings, backup: tuple[Path, Path], simulated_night: Night, tmp_path: Path
) -> None:
    restored = Settings(data_dir=tmp_path / "restored")
    report = restore(restored, *backup)
    assert report.files > 30
    assert (restored.data_dir / "decisions" / "note.csv").read_text() == "decided by a person\n"
    assert (restored.data_dir / "access" / "entitlements.csv").exists()
    night = run_night(restored, str(simulated_night.drop), CITY_SMALL_DATE)
    # Nothing is landed a second time, and everybody has the key that he had.
    assert [landing.files_landed for landing in night.landings] == [0, 0, 0, 0]
    before = read_tables(deployment.zones.warehouse.resolve().parent)
    assert differing(before, read_tables(restored.zones.warehouse.resolve().parent)) == []
    assert len(before) > 50


def test_a_second_backup_copies_only_what_is_new(deployment: Settings, backup: tuple[Path, Path]) -> None:
    target, keys = backup
    again = back_up(deployment, target, keys)
    assert again.copied == 0 and again.files > 30
    new = deployment.zones.landing / "cadre" / "new"
    new.write_bytes(b"delivered later")
    try:
        assert back_up(deployment, target, keys).copied == 1
    finally:
        new.unlink()
    # What retention removed leaves the backup too.
    assert back_up(deployment, target, keys).files == again.files
    assert not (target / "landing" / "cadre" / "new").exists()


def test_nobody_else_can_read_a_backup_and_the_keys_are_not_in_it(
    deployment: Settings, backup: tuple[Path, Path]
) -> None:
    target, keys = backup
    for path in [*target.rglob("*"), target, *keys.rglob("*"), keys]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    secret = next(deployment.zones.keys.iterdir()).read_bytes()
    assert any(file.read_bytes() == secret for file in keys.iterdir())
    assert not any(secret in file.read_bytes() for file in target.rglob("*") if file.is_file())


def damage_a_byte(backup: Path) -> str:
    file = next(file for file in sorted((backup / "raw").rglob("*.parquet")))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return f"{file.relative_to(backup).as_posix()} is damaged"


def lose_a_file(backup: Path) -> str:
    file = next(file for file in sorted((backup / "landing").rglob("*")) if file.is_file())
    file.unlink()
    return f"{file.relative_to(backup).as_posix()} is missing"


def cut_the_list(backup: Path) -> str:
    (backup / LIST).write_text((backup / LIST).read_text()[:100])
    return f"{LIST} cannot be read"


def lose_the_list(backup: Path) -> str:
    (backup / LIST).unlink()
    return "holds no finished backup"


def write_an_unknown_format(backup: Path) -> str:
    (backup / LIST).write_text(json.dumps({"format": 99, "files": {}}))
    return "unknown format"


@pytest.mark.parametrize(
    "harm", [damage_a_byte, lose_a_file, cut_the_list, lose_the_list, write_an_unknown_format]
)
def test_a_harmed_backup_is_refused_and_writes_nothing(
    backup: tuple[Path, Path], tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    message = harm(backup[0])
    restored = Settings(data_dir=tmp_path / "restored")
    with pytest.raises(BackupError, match=message):
        restore(restored, *backup)
    assert not restored.zones.ledger.exists() and not restored.zones.keys.exists()


def test_without_the_keys_nothing_is_restored(backup: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="holds no keys"):
        restore(Settings(data_dir=tmp_path / "restored"), backup[0], tmp_path / "nowhere")


def test_a_restore_never_writes_over_data(deployment: Settings, backup: tuple[Path, Path]) -> None:
    with pytest.raises(BackupError, match=r"holds data already: ledger\.sqlite, landing, raw, keys"):
        restore(deployment, *backup)


def test_a_backup_that_would_hold_its_own_keys_or_lie_in_the_data_is_refused(
    deployment: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="kept apart"):
        back_up(deployment, tmp_path / "backup", tmp_path / "backup" / "keys")
    with pytest.raises(BackupError, match="lost together"):
        back_up(deployment, deployment.data_dir / "backup", tmp_path / "keys")


def test_no_backup_is_taken_while_a_run_builds(deployment: Settings, tmp_path: Path) -> None:
    with warehouse_lock(deployment), pytest.raises(WarehouseBusy):
        back_up(deployment, tmp_path / "backup", tmp_path / "keys")
