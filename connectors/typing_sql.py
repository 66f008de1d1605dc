"""SQL that types the text columns of one entity as its contract says, and finds every fault set-based.

The generated statement reads a relation with `_source_row`, `_fault` (null, or the code of why the whole row
could not be read) and one VARCHAR column a field, and gives the same columns typed, with `_faults`: a bit
mask of the rules that the row breaks. `Rule` says what each bit means. No value ever enters a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.contract import SQL_TYPES, Action, EntityContract, FieldContract
from connectors.reasons import Reason

# A value that the reader saw but could not take (a nested JSON document, a workbook number in a text column):
# a Unicode noncharacter, which no text may hold.
UNREADABLE = "\ufdd1"
_BLANKS = " \t\r\n\u3000\ufeff"
# Bits of an UBIGINT.
_MAX_RULES = 64

_DATE_FORMATS = {
    "YYYYMMDD": (r"\d{8}", "%Y%m%d"),
    "YYYYMM": (r"\d{6}", "%Y%m"),
    "YYYY.MM": (r"\d{4}\.\d{2}", "%Y.%m"),
    "YYYY.MM.DD": (r"\d{4}\.\d{1,2}\.\d{1,2}", "%Y.%m.%d"),
    "YYYY-MM-DD": (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
    "YYYY/MM/DD": (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    "YYYY年MM月DD日": (r"\d{4}年\d{1,2}月\d{1,2}日", "%Y年%m月%d日"),
}
_INSTANT = r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}([.]\d+)?([Zz]|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_NUMBER = r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d{1,3})?"
_QUANTITY = r"\d+([.]\d+)?"
# ISO 8601 without years and months, which have no fixed length; at least one part.
_DURATION = rf"-?P({_QUANTITY}W)?({_QUANTITY}D)?(T({_QUANTITY}H)?({_QUANTITY}M)?({_QUANTITY}S)?)?"
_DURATION_PARTS = (("W", 604800), ("D", 86400), ("H", 3600), ("M", 60), ("S", 1))

_NOT_OF_TYPE = {
    "text": "not_a_text",
    "code": "not_a_text",
    "integer": "not_a_whole_number",
    "number": "not_a_number",
    "boolean": "not_a_yes_or_no",
    "time": "not_a_time",
    "instant": "not_an_instant",
    "duration": "not_a_duration",
}


@dataclass(frozen=True)
class Rule:
    """One way to break the contract: its bit in `_faults`, the field blamed, what happens, why."""

    mask: int
    field: str
    action: Action
    reason: Reason
    condition: str


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _delivered(name: str, field: FieldContract) -> str:
    """The delivered text with blank as null, translated; text itself stays as it came."""
    column = identifier(name)
    trimmed = f"nullif(trim({column}, {quote(_BLANKS)}), '')"
    if field.values:
        cases = " ".join(f"WHEN {quote(k)} THEN {quote(v)}" for k, v in field.values.items())
        trimmed = f"CASE {trimmed} {cases} ELSE {trimmed} END"
    elif field.type == "text":
        trimmed = f"CASE WHEN {trimmed} IS NOT NULL THEN {column} END"
    return f"coalesce({trimmed}, {quote(field.default)})" if field.default is not None else trimmed


def _typed(field: FieldContract, column: str) -> str:
    """The typed value, null where the text is not of the type."""
    return _TYPING[field.type](field, column)


def _type_text(_: FieldContract, column: str) -> str:
    return f"CASE WHEN {column} <> {quote(UNREADABLE)} THEN {column} END"


def _type_integer(_: FieldContract, column: str) -> str:
    value = f"TRY_CAST(split_part({column}, '.', 1) AS BIGINT)"
    return rf"CASE WHEN regexp_full_match({column}, '[+-]?\d+([.]0*)?') THEN {value} END"


def _type_number(_: FieldContract, column: str) -> str:
    value = f"TRY_CAST({column} AS DOUBLE)"
    return f"CASE WHEN regexp_full_match({column}, '{_NUMBER}') AND isfinite({value}) THEN {value} END"


def _type_boolean(_: FieldContract, column: str) -> str:
    lower = f"lower({column})"
    return (
        f"CASE WHEN {lower} IN ('1', 'true', '1.0') THEN true "
        f"WHEN {lower} IN ('0', 'false', '0.0') THEN false END"
    )


def _type_date(field: FieldContract, column: str) -> str:
    # The pattern first: strptime alone would take 1985071 for the first of July.
    cases = " ".join(
        f"WHEN regexp_full_match({column}, {quote(pattern)}) THEN try_strptime({column}, {quote(layout)})"
        for pattern, layout in (_DATE_FORMATS[name] for name in field.formats)
    )
    return f"CAST(CASE {cases} END AS DATE)"


def _type_time(_: FieldContract, column: str) -> str:
    return rf"CASE WHEN regexp_full_match({column}, '([01]\d|2[0-3]):[0-5]\d') THEN {column} END"


def _type_instant(_: FieldContract, column: str) -> str:
    value = f"TRY_CAST(upper({column}) AS TIMESTAMPTZ)"
    return f"CASE WHEN regexp_full_match({column}, '{_INSTANT}') THEN {value} END"


def _type_duration(_: FieldContract, column: str) -> str:
    # M can only stand for minutes: the pattern knows no months.
    seconds = " + ".join(
        f"{factor} * coalesce(TRY_CAST(nullif(regexp_extract({column}, '({_QUANTITY}){letter}', 1), '') "
        "AS DOUBLE), 0)"
        for letter, factor in _DURATION_PARTS
    )
    sign = f"CASE WHEN {column} LIKE '-%' THEN -1 ELSE 1 END"
    whole = rf"regexp_full_match({column}, '{_DURATION}') AND regexp_matches({column}, '\d[WDHMS]$')"
    return f"CASE WHEN {whole} THEN {sign} * ({seconds}) END"


_TYPING: dict[str, Callable[[FieldContract, str], str]] = {
    "text": _type_text,
    "code": _type_text,
    "integer": _type_integer,
    "number": _type_number,
    "boolean": _type_boolean,
    "date": _type_date,
    "time": _type_time,
    "instant": _type_instant,
    "duration": _type_duration,
}


def _out_of_range(field: FieldContract) -> Reason | None:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return Reason("outside_range", {"minimum": low, "maximum": high})
    if low is not None:
        return Reason("below_minimum", {"minimum": low})
    return None if high is None else Reason("above_maximum", {"maximum": high})


def _not_of_type(field: FieldContract) -> Reason:
    if field.type == "date":
        return Reason("not_a_date", {"formats": ", ".join(field.formats)})
    return Reason(_NOT_OF_TYPE[field.type])


def rules_of(entity: EntityContract) -> list[Rule]:
    """Every rule of an entity, each with its own bit. Raises ValueError if there are more than 64."""
    found: list[tuple[str, Action, Reason, str]] = []
    for name, field in entity.fields.items():
        raw, value = identifier("r_" + name), identifier("v_" + name)
        action: Action = "quarantined" if field.required else "nulled"
        if field.required:
            found.append((name, "quarantined", Reason("required_missing"), f"{raw} IS NULL"))
        found.append((name, action, _not_of_type(field), f"{raw} IS NOT NULL AND {value} IS NULL"))
        if field.codes is not None:
            codes = ", ".join(quote(code) for code in field.codes)
            found.append((name, action, Reason("not_in_code_list"), f"{value} NOT IN ({codes})"))
        if limits := _out_of_range(field):
            broken = " OR ".join(
                f"{value} {sign} {limit!r}"
                for sign, limit in (("<", field.minimum), (">", field.maximum))
                if limit is not None
            )
            found.append((name, field.out_of_range, limits, f"({broken})"))
    for interval in entity.intervals:
        start, end = identifier("v_" + interval.start), identifier("v_" + interval.end)
        reason = Reason("wrong_order", {"end": interval.end, "start": interval.start})
        found.append((interval.end, "quarantined", reason, f"{end} < {start}"))
    if len(found) > _MAX_RULES:
        raise ValueError(f"{entity.name}: {len(found)} rules, {_MAX_RULES} fit")
    return [
        Rule(1 << bit, field, action, reason, condition)
        for bit, (field, action, reason, condition) in enumerate(found)
    ]


def select_typed(entity: EntityContract, relation: str) -> str:
    """The SELECT: `_source_row`, `_fault`, `_faults` (UBIGINT) and the fields, typed, bad ones null.

    `_delivered` holds, of faulty rows only, the delivered texts of all fields as one JSON object.
    """
    rules = rules_of(entity)
    delivered = ", ".join(
        f"{_delivered(name, field)} AS {identifier('r_' + name)}" for name, field in entity.fields.items()
    )
    typed = ", ".join(
        f"{_typed(field, identifier('r_' + name))} AS {identifier('v_' + name)}"
        for name, field in entity.fields.items()
    )
    mask = " | ".join(
        f"CASE WHEN {rule.condition} THEN {rule.mask}::UBIGINT ELSE 0::UBIGINT END" for rule in rules
    )
    values = []
    for name, field in entity.fields.items():
        # A value that is of the type but not allowed must not stay in a row that is loaded.
        nulling = [
            r.condition
            for r in rules
            if r.field == name and r.action == "nulled" and " IS NULL" not in r.condition
        ]
        value = identifier("v_" + name)
        if nulling:
            value = f"CASE WHEN {' OR '.join(nulling)} THEN NULL ELSE {value} END"
        values.append(f"CAST({value} AS {SQL_TYPES[field.type]}) AS {identifier(name)}")
    texts = ", ".join(f"{identifier(name)} := {identifier(name)}" for name in entity.fields)
    # One text, made for faulty rows only: a copy of every field of every row would double a batch's memory.
    return f"""
        SELECT * REPLACE (CASE WHEN _fault IS NOT NULL OR _faults <> 0
                               THEN CAST(to_json(_delivered) AS VARCHAR) END AS _delivered)
        FROM (
            SELECT _source_row, _fault,
                   CASE WHEN _fault IS NULL THEN {mask} ELSE 0::UBIGINT END AS _faults,
                   _delivered, {", ".join(values)}
            FROM (SELECT *, {typed} FROM (SELECT _source_row, _fault, struct_pack({texts}) AS _delivered,
                                                 {delivered} FROM {relation})))"""
