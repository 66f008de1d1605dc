"""The tables of the ledger. What is new is added when an older ledger is opened; nothing is ever dropped."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    file_id INTEGER PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL, fingerprint TEXT NOT NULL, business_date TEXT NOT NULL, revision INTEGER NOT NULL,
    is_dated INTEGER NOT NULL, keep TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, contract TEXT NOT NULL,
    landed_at TEXT NOT NULL, counts_from TEXT NOT NULL, reason_code TEXT,
    UNIQUE (source, path, sha256));
CREATE INDEX IF NOT EXISTS file_content ON file (source, sha256);
CREATE INDEX IF NOT EXISTS file_night ON file (source, business_date);
CREATE TABLE IF NOT EXISTS batch (
    batch_id TEXT PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES file, source TEXT NOT NULL,
    entity TEXT NOT NULL, business_date TEXT NOT NULL, revision INTEGER NOT NULL, source_file TEXT NOT NULL,
    sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, rows_read INTEGER NOT NULL, rows_loaded INTEGER NOT NULL,
    rows_quarantined INTEGER NOT NULL, rows_superseded INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT,
    landed_at TEXT NOT NULL, reason_code TEXT,
    CHECK (rows_read = rows_loaded + rows_quarantined + rows_superseded));
CREATE INDEX IF NOT EXISTS batch_file ON batch (file_id);
CREATE TABLE IF NOT EXISTS held_rows (
    file_id INTEGER NOT NULL REFERENCES file, entity TEXT NOT NULL, rows_now INTEGER NOT NULL,
    rows_compared INTEGER, rows_before INTEGER, nights_before INTEGER, fall_limit REAL,
    PRIMARY KEY (file_id, entity));
CREATE TABLE IF NOT EXISTS acceptance (
    source TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, accepted_at TEXT NOT NULL,
    accepted_by TEXT NOT NULL, reason TEXT NOT NULL, numbers TEXT NOT NULL,
    PRIMARY KEY (source, path, sha256));
CREATE TABLE IF NOT EXISTS check_result (
    run_id TEXT NOT NULL, stage TEXT NOT NULL, suite TEXT NOT NULL, table_name TEXT NOT NULL,
    expectation TEXT NOT NULL, column_name TEXT, severity TEXT NOT NULL, success INTEGER NOT NULL,
    observed TEXT, unexpected_count INTEGER, message TEXT NOT NULL, checked_at TEXT NOT NULL,
    code TEXT, facts TEXT);
CREATE TABLE IF NOT EXISTS run (
    run_id TEXT PRIMARY KEY, business_date TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
    status TEXT NOT NULL, rule_version TEXT, code_version TEXT);
"""

# Columns that an older ledger lacks: its rows have null there. They stand last in their tables.
ADDED = (
    ("check_result", "code", "TEXT"),
    ("check_result", "facts", "TEXT"),
    ("file", "reason_code", "TEXT"),
    ("batch", "reason_code", "TEXT"),
)


def insert_into(table: str, *columns: str) -> str:
    """The statement that adds a row. Columns by name: a newer version may have added some meanwhile."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
