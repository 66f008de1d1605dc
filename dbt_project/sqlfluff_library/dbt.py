"""Of dbt's own macros those that macros/portable.sql calls. Only the linter imports this module."""

from __future__ import annotations


def dateadd(datepart: str, interval: object, from_date: str) -> str:
    """A date or instant moved."""
    return f"({from_date} + cast({interval} as bigint) * interval 1 {datepart})"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """Whole days, months ... between two dates."""
    return f"(date_diff('{datepart}', {first_date}, {second_date}))"


def last_day(date: str, datepart: str) -> str:
    """Last day of the month (quarter ...) of a date."""
    return f"cast(date_trunc('{datepart}', {date}) as date)"


def listagg(measure: str, delimiter_text: str, order_by_clause: str) -> str:
    """Texts of a group, joined in order."""
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"
