"""Damages that many tables share, as SQL."""

from __future__ import annotations


def orphan(table: str, column: str) -> str:
    """All rows point to a parent that is not there."""
    return f"update {table} set {column} = 'nowhere'"


def empty(table: str) -> str:
    """The table has no rows."""
    return f"delete from {table}"


def double(table: str) -> str:
    """One row stands twice."""
    return f"insert into {table} select * from {table} limit 1"


def replace_value(table: str, column: str, value: str) -> str:
    """All rows have one value (SQL)."""
    return f"update {table} set {column} = {value}"
