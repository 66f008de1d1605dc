"""Nothing personal in what is published: names, ID numbers and phone numbers are looked for in every text.

The de-identified file shows a cadre as a keyed hash only (warehouse.md). These checks read each text
column of each published table once, distinct values first. What they find is told as table and column with a
count, never as the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from expectations.verdicts import Verdict

PUBLISHED = re.compile(r"(dim|fct|mart|ops)_\w+")
KEY_COLUMN = re.compile(r"\w+_(id|key|code|digest)|sha256|key")
PERSONAL_COLUMN = re.compile(
    r"(real_)?name|(real_)?name_nfkc|person_(code|name)|\w*id_number\w*|masked_number|staff_no|post_title"
    r"|birth|birth_(date|day|month)|birthday|date_of_birth|\w*phone\w*|\w*comment\w*|a0000|a0101|a0107|a0184|a0192a"
)
# Letters and digits on either side mean a longer key, not a number of a person.
EDGE = "[^0-9A-Za-z]"
DAY_PATTERN = r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
ID_NUMBER = (
    rf"(?:^|{EDGE})([1-9]\d{{5}}(19|20)\d{{2}}{DAY_PATTERN}\d{{3}}[\dXx]"
    rf"|[1-9]\d{{5}}\d{{2}}{DAY_PATTERN}\d{{3}})(?:$|{EDGE})"
)
PHONE_NUMBER = rf"(?:^|{EDGE})1[3-9]\d{{9}}(?:$|{EDGE})"


def check_no_personal_columns(tables: Mapping[str, pa.Table], exempt: list[str]) -> Verdict:
    """No published table has a column whose name says that it holds personal data.

    `exempt` are `table.column` names of things, such as an institution's name.
    """
    found = [
        f"{table}.{column}"
        for table, content in _published(tables)
        for column in content.column_names
        if PERSONAL_COLUMN.fullmatch(column) and f"{table}.{column}" not in exempt
    ]
    return _verdict(len(found), found)


def check_no_id_numbers(tables: Mapping[str, pa.Table], key_share: float) -> Verdict:
    """No text holds what reads as a citizen ID number (18 or 15 digits with a day that can exist).

    Long numeric keys of other systems meet that by chance (7 in 10,000): in a key column a share up to
    `key_share` of the distinct values is no finding. A column full of ID numbers exceeds it by far.
    """
    return _search(tables, ID_NUMBER, key_share)


def check_no_phone_numbers(tables: Mapping[str, pa.Table], key_share: float) -> Verdict:
    """No text holds what reads as a mobile phone number; key columns as in `check_no_id_numbers`."""
    return _search(tables, PHONE_NUMBER, key_share)


def check_no_names(tables: Mapping[str, pa.Table], exempt: list[str], share: float) -> Verdict:
    """No text cell is exactly a cadre's name, as `cadre_identity` (restricted) has them.

    A short title can be somebody's name by chance: a column counts as leaking when more than `share` of its
    distinct values are names. `exempt` columns name teachers, who are published under their names.
    """
    names = tables["cadre_identity"]["name"].unique().drop_null().cast(pa.string())
    found, count = [], 0
    for place, values in _distinct_texts(tables):
        hits = pc.sum(pc.is_in(values, value_set=names)).as_py() or 0
        if place not in exempt and hits > share * len(values):
            found.append(place)
            count += hits
    return _verdict(count, found)


def _search(tables: Mapping[str, pa.Table], pattern: str, key_share: float) -> Verdict:
    found, count = [], 0
    for place, values in _distinct_texts(tables):
        hits = pc.sum(pc.match_substring_regex(values, pattern)).as_py() or 0
        allowed = key_share * len(values) if KEY_COLUMN.fullmatch(place.split(".")[1]) else 0
        if hits > allowed:
            found.append(place)
            count += hits
    return _verdict(count, found)


def _verdict(count: int, places: list[str]) -> Verdict:
    shown = ", ".join(places[:5]) + (" and more" if len(places) > 5 else "")
    return Verdict(not places, f"{count:,} values in {shown}" if places else "none found", count)


def _published(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, pa.Table]]:
    return ((name, table) for name, table in tables.items() if PUBLISHED.fullmatch(name))


def _distinct_texts(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, pa.Array]]:
    """Each text column's distinct values, lists of texts opened up, as (`table.column`, values)."""
    for name, table in _published(tables):
        for field in table.schema:
            column = table[field.name]
            while pa.types.is_list(column.type):
                column = pc.list_flatten(column)
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                yield f"{name}.{field.name}", column.unique().drop_null().cast(pa.string())
