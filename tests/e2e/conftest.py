"""Superset's server setup for the live tests: started once, with PostgreSQL, Redis and Celery."""

from __future__ import annotations

import csv
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dashboards.instance.server_setup.trial import Trial
from tests.dashboards.sample_warehouse import write_sample_warehouse
from tests.e2e.superset_client import Reader

EAST, WEST = "001.006", "001.007"
ENTITLEMENTS = f"""user,role,unit_code,scope
dongshan,unit_manager,{EAST},subtree
xihe,unit_manager,{WEST},subtree
fenxi,analyst,,
"""
# Codes and names that a spreadsheet would take for numbers, days and formulas.
TOPICS = [
    ("007", "=1+1"),
    ("110101199003070010", "@SUM(A1)"),
    ("3-5", "-待定"),
    ("1E5", "+86"),
    ("D01", "党的创新理论"),
]
# Tables that unit rules read, where the sample lacks them, and a restricted file with an invented name.
UNITS = """
create table if not exists marts.dim_unit as select distinct unit_code, unit_label from marts.mart_unit_board;
create table if not exists marts.dim_unit_closure as
select a.unit_code as ancestor_code, d.unit_code as descendant_code from marts.dim_unit as a
join marts.dim_unit as d on d.unit_code = a.unit_code or d.unit_code like a.unit_code || '.%';
create table if not exists ops.ops_run as select 'sample' as run_id, date '2026-06-30' as business_date;
"""
NAME = "欧阳测试甲"
RESTRICTED = f"""
create schema restricted;
create table restricted.cadre_identity as
select 'k1' as cadre_key, '{NAME}' as name, '001.006' as unit_code;
"""


@dataclass(frozen=True)
class Server:
    """The running server setup and a way in for each of its users."""

    trial: Trial
    mailbox: int

    def reader(self, user: str) -> Reader:
        """A fresh session of this user."""
        home = self.trial.home
        if user == "admin":
            return Reader(self.trial.url, user, home.admin_password())
        with home.first_passwords.open(encoding="utf-8") as file:
            passwords = {row["user"]: row["password"] for row in csv.DictReader(file)}
        return Reader(self.trial.url, user, passwords[user])

    def query(self, sql: str) -> list[tuple]:
        """Rows of the published warehouse."""
        with duckdb.connect(str(self.trial.home.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def add_units(version: Path) -> None:
    """Put what unit rules need into a sample version."""
    with duckdb.connect(str(version)) as connection:
        connection.execute(UNITS)
        connection.execute("create or replace table marts.dim_topic (topic_code text, topic_name text)")
        connection.executemany("insert into marts.dim_topic values (?, ?)", TOPICS)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server setup on the sample warehouse; ended with all that it started."""
    data_dir = tmp_path_factory.mktemp("server-setup")
    add_units(write_sample_warehouse(data_dir))
    restricted = data_dir / "published" / "versions" / "restricted-one.duckdb"
    with duckdb.connect(str(restricted)) as connection:
        connection.execute(RESTRICTED)
    (data_dir / "published" / "warehouse_restricted.duckdb").symlink_to(restricted)
    entitlements = data_dir / "access" / "entitlements.csv"
    entitlements.parent.mkdir(mode=0o700)
    entitlements.write_text(ENTITLEMENTS, encoding="utf-8")
    entitlements.chmod(0o600)
    mailbox = find_free_port()
    settings = {
        "GANXUN_REPORT_RECIPIENTS": "zuzhibu@example.test",
        "GANXUN_SMTP_PORT": str(mailbox),
        "GANXUN_SMTP_STARTTLS": "no",
    }
    trial = Trial(data_dir, find_free_port(), settings)
    try:
        trial.up()
        yield Server(trial, mailbox)
    finally:
        trial.down()
