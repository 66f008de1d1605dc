"""What a release cannot do, in words for the person who asked; never with a value of a row."""

from __future__ import annotations

import unicodedata
from typing import Any, NoReturn

from connectors.contract import EntityContract


class Refused(ValueError):
    """A decision that cannot be kept; the message says why and what to do."""


def read_corrections(entity: EntityContract, given: list[str], *, every: bool) -> dict[str, str | None]:
    """`field=value` by field of the contract; an empty value empties the field.

    A field goes by its name in the contract or in the export. Raises `Refused`.
    """
    names = {
        unicodedata.normalize("NFKC", alias).strip().upper(): name
        for name, field in entity.fields.items()
        if not field.computed
        for alias in (name, *entity.column_names(name))
    }
    found: dict[str, str | None] = {}
    for text in given:
        alias, separator, value = text.partition("=")
        name = names.get(unicodedata.normalize("NFKC", alias).strip().upper())
        if not separator:
            raise Refused("a correction is written --set field=value")
        if name is None:
            raise Refused(
                f"{entity.name} has no field {alias!r}; it has {', '.join(sorted(set(names.values())))}"
            )
        if name in found:
            raise Refused(f"{name} is corrected twice")
        if every and name in entity.key:
            raise Refused(f"{name} tells rows apart: correct it one row at a time, not with --all")
        found[name] = value or None
    return found


def refuse_faults(faults: list[dict[str, Any]], rows: int, given: dict[str, str | None]) -> NoReturn:
    """Say which rules the rows would still break, and what would help. Raises `Refused`.

    A fault has the `field`, the `Reason` and how many `rows` break it.
    """
    lines = [
        _say(one, given) + (f" ({one['rows']:,} of {rows:,} rows)" if rows > 1 else "") for one in faults
    ]
    raise Refused("cannot be released like this: " + "; ".join(lines))


def _say(fault: dict[str, Any], given: dict[str, str | None]) -> str:
    name, reason = fault["field"], fault["reason"]
    if given.get(name):
        return (
            f"{name}: the correction is {reason}" if reason.code.startswith("not_") else f"{name}: {reason}"
        )
    if reason.code == "wrong_order":
        return (
            f"{name}: {reason}: one of the two is wrong; give the right one with "
            f"--set {reason.parameters['start']}=… or --set {name}=…"
        )
    return f"{name}: {reason}: a row needs it; give it with --set {name}=…"
