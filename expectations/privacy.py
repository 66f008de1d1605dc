"""Nothing personal in what is published: names, ID numbers and phone numbers are looked for in every text.

The de-identified file shows a cadre as a keyed hash only (warehouse.md). All checks together read each text
column of each published table once, distinct values only. What they find is told as table and column with
a count, never as the text itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from expectations.verdicts import Finding, Verdict

Texts = Iterable[tuple[str, pa.Array]]

PUBLISHED = re.compile(r"(dim|fct|mart|ops)_\w+")
# Restricted tables that say who is a person: their column `name`.
PEOPLE_IN = ("cadre_identity", "teacher_identity")
SHOWN_PLACES = 5
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


class Published:
    """What readers will see: the columns of each published table, and a way to read their texts once.

    `read_texts` yields distinct values as (`table.column`, array), a column in as many parts as it likes;
    `people` are the names to look for (`gather_people`).
    """

    def __init__(
        self, columns: Mapping[str, Collection[str]], read_texts: Callable[[], Texts], people: pa.Array | None
    ) -> None:
        """Keep what is given; nothing is read before the first search."""
        self.columns = {table: names for table, names in columns.items() if PUBLISHED.fullmatch(table)}
        self.people = people
        self._read_texts = read_texts
        self._found: dict[str, TextFinding] | None = None

    def search(self) -> Collection[TextFinding]:
        """What the texts of each column hold; read once, whoever asks first."""
        if self._found is None:
            counts: dict[str, Counter[str]] = {}
            for place, values in self._read_texts():
                if PUBLISHED.fullmatch(place.split(".")[0]):
                    counts.setdefault(place, Counter()).update(self._count(values))
            self._found = {place: TextFinding(place, **count) for place, count in counts.items()}
        return self._found.values()

    def _count(self, values: pa.Array) -> dict[str, int]:
        known = values.cast(pa.string()).drop_null()
        hits = {
            "id_numbers": pc.match_substring_regex(known, ID_NUMBER),
            "phone_numbers": pc.match_substring_regex(known, PHONE_NUMBER),
        }
        if self.people is not None:
            hits["names"] = pc.is_in(known, value_set=self.people)
        return {"values": len(known)} | {what: pc.sum(hit).as_py() or 0 for what, hit in hits.items()}


@dataclass(frozen=True)
class TextFinding:
    """How many of a column's distinct texts read as personal data."""

    place: str
    values: int = 0
    id_numbers: int = 0
    phone_numbers: int = 0
    names: int = 0


def describe_tables(tables: Mapping[str, pa.Table]) -> Published:
    """What is published of tables that are at hand."""
    columns = {name: table.column_names for name, table in tables.items()}
    return Published(columns, partial(_distinct_texts, tables), gather_people(tables))


def gather_people(tables: Mapping[str, pa.Table]) -> pa.Array | None:
    """All names of cadres and teachers; None where a table that has them is missing."""
    parts = [tables[table] for table in PEOPLE_IN if table in tables]
    if len(parts) < len(PEOPLE_IN) or not all("name" in part.column_names for part in parts):
        return None
    return pa.concat_arrays([part["name"].cast(pa.string()).unique() for part in parts]).unique().drop_null()


def check_no_personal_columns(published: Published, exempt: list[str]) -> Verdict:
    """No published table has a column whose name says that it holds personal data.

    `exempt` are `table.column` names of things, such as an institution's name.
    """
    found = [
        f"{table}.{column}"
        for table, columns in published.columns.items()
        for column in columns
        if PERSONAL_COLUMN.fullmatch(column) and f"{table}.{column}" not in exempt
    ]
    return _verdict(len(found), found)


def check_no_id_numbers(published: Published, key_share: float) -> Verdict:
    """No text holds what reads as a citizen ID number (18 or 15 digits with a day that can exist).

    Long numeric keys of other systems meet that by chance (7 in 10,000): in a key column a share up to
    `key_share` of the distinct values is no finding. A column full of ID numbers exceeds it by far.
    """
    return _judge(published, "id_numbers", key_share)


def check_no_phone_numbers(published: Published, key_share: float) -> Verdict:
    """No text holds what reads as a mobile phone number; key columns as in `check_no_id_numbers`."""
    return _judge(published, "phone_numbers", key_share)


def check_no_names(published: Published, share: float) -> Verdict:
    """No text cell is exactly the name of a cadre or a teacher, as the restricted tables have them.

    A short title can be somebody's name by chance: a column counts as leaking when more than `share` of its
    distinct values are names. Without the names nothing is judged.
    """
    if published.people is None:
        return Verdict.not_judged(Finding("missing_names"))
    leaking = [found for found in published.search() if found.names > share * found.values]
    return _verdict(sum(found.names for found in leaking), [found.place for found in leaking])


def _judge(published: Published, what: str, key_share: float) -> Verdict:
    leaking, count = [], 0
    for found in published.search():
        hits = getattr(found, what)
        allowed = key_share * found.values if KEY_COLUMN.fullmatch(found.place.split(".")[1]) else 0
        if hits > allowed:
            leaking.append(found.place)
            count += hits
    return _verdict(count, leaking)


def _verdict(count: int, places: list[str]) -> Verdict:
    if not places:
        return Verdict(True, Finding("none_found"), count)
    code = "personal_texts" if len(places) <= SHOWN_PLACES else "personal_texts_in_many"
    return Verdict(False, Finding(code, {"values": count, "places": places[:SHOWN_PLACES]}), count)


def _distinct_texts(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, pa.Array]]:
    """Each text column's distinct values, lists of texts opened up, as (`table.column`, values)."""
    for name, table in tables.items():
        for field in table.schema:
            column = table[field.name]
            while pa.types.is_list(column.type):
                column = pc.list_flatten(column)
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                yield f"{name}.{field.name}", column.unique()
