"""Where Superset keeps its own state below the data directory: metadata, secrets, process ids, logs.

Only the standard library: both environments (`.venv`, `.venv-superset`) import this module.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ADMIN_USER = "admin"
DATA_DIR_VARIABLE = "GANXUN_DATA_DIR"
METADATA_VARIABLE = "GANXUN_SUPERSET_METADATA_URI"
PROJECT_ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = PROJECT_ROOT / "dashboards" / "instance" / "superset_config.py"


@dataclass(frozen=True)
class SupersetHome:
    """Superset's files of one data directory; folders are owner-only, secrets have mode 0600."""

    data_dir: Path

    @classmethod
    def from_environment(cls) -> SupersetHome:
        """The home that the environment names; without `GANXUN_DATA_DIR` the project's own `data/`."""
        return cls(Path(os.environ.get(DATA_DIR_VARIABLE) or PROJECT_ROOT / "data").resolve())

    @property
    def root(self) -> Path:
        """Superset's own folder."""
        return self.data_dir / "superset"

    @property
    def metadata(self) -> Path:
        """SQLite file of users, roles and imported assets (the demo's; PostgreSQL beyond)."""
        return self.root / "superset.db"

    @property
    def metadata_uri(self) -> str:
        """SQLAlchemy address of the metadata: `GANXUN_SUPERSET_METADATA_URI`, else the SQLite file."""
        return os.environ.get(METADATA_VARIABLE) or f"sqlite:///{self.metadata}?timeout=30"

    @property
    def imported(self) -> Path:
        """JSON: fingerprint of the last import (unchanged: not repeated) and the uuids that came with it."""
        return self.root / "imported.json"

    @property
    def first_start(self) -> Path:
        """There as long as the metadata (SQLite) has not been laid out and filled for the first time."""
        return self.root / "first_start"

    @property
    def entitlements(self) -> Path:
        """Who is entitled to what (docs/access.md); owner-only, written by people."""
        return self.data_dir / "access" / "entitlements.csv"

    @property
    def first_passwords(self) -> Path:
        """Generated first passwords of the users that a sync created; owner-only."""
        return self.data_dir / "access" / "first_passwords.csv"

    @property
    def state_file(self) -> Path:
        """Which process is the running server (ganxun.background)."""
        return self.data_dir / "run" / "superset.json"

    @property
    def bootstrap_state_file(self) -> Path:
        """Which process is the running bootstrap."""
        return self.data_dir / "run" / "superset-bootstrap.json"

    @property
    def step(self) -> Path:
        """What the bootstrap is doing, or why it failed, for whoever waits for it."""
        return self.data_dir / "run" / "superset.step"

    @property
    def port_file(self) -> Path:
        """Port of the running server."""
        return self.data_dir / "run" / "superset.port"

    @property
    def log(self) -> Path:
        """What the server and the bootstrap say."""
        return self.data_dir / "logs" / "superset.log"

    @property
    def warehouse(self) -> Path:
        """The published symlink; never resolved, so that a swap is seen by the next connection."""
        return self.data_dir / "published" / "warehouse.duckdb"

    @property
    def restricted(self) -> Path:
        """The published symlink of the file with names (owner-only)."""
        return self.data_dir / "published" / "warehouse_restricted.duckdb"

    @property
    def databases(self) -> dict[str, Path]:
        """Published files by the placeholder that the assets use for them."""
        return {"warehouse": self.warehouse, "restricted": self.restricted}

    def create(self) -> None:
        """Make the folders, owner-only."""
        for folder in (self.root, self.state_file.parent, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def secret_key(self) -> str:
        """The key that signs sessions and encrypts stored passwords: made at the first start, then kept."""
        return self._kept_secret("secret_key")

    def admin_password(self) -> str:
        """The administrator's generated first password; a change in the interface is not written back."""
        return self._kept_secret("admin_password")

    def _kept_secret(self, name: str) -> str:
        path = self.root / name
        self.create()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        return path.read_text(encoding="ascii").strip()
