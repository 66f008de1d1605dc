"""Where messages and failures are remembered: `alerts/` in the data directory, for its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE, fsync_path
from ganxun.settings import Settings


def alert_folder(settings: Settings) -> Path:
    """Where messages are remembered: `alerts/` in the data directory."""
    return settings.data_dir / "alerts"


def make_folder(settings: Settings) -> Path:
    """Make that folder, owner-only."""
    folder = alert_folder(settings)
    folder.mkdir(mode=OWNER_ONLY_DIR, parents=True, exist_ok=True)
    return folder


def write_owner_only(path: Path, text: str) -> None:
    """Replace a file in one rename; a reader sees the old text or the new one. Raises OSError."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        fsync_path(path.parent)
    finally:
        new.unlink(missing_ok=True)
