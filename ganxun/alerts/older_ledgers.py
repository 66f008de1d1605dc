"""What older ledgers say of files in a sentence only; newer ones keep the numbers (`held_rows`).

Nothing is added here: what is written today carries what a message needs.
"""

from __future__ import annotations

import re

from connectors.falls import Fall

_FALL = re.compile(
    r"(?P<entity>\w+) (?P<now>[\d,]+) rows, (?P<before>[\d,]+) "
    r"(?:before|in the median of (?P<nights>\d+) nights) "
    r"\(down [\d.]+%, limit (?P<limit>[\d.]+)%\)"
)


def read_falls(reason: str) -> list[Fall]:
    """The numbers of a held file from its reason, one entity each; none for another reason."""
    return [
        Fall(
            entity=found["entity"],
            rows_now=int(found["now"].replace(",", "")),
            rows_before=int(found["before"].replace(",", "")),
            nights_before=int(found["nights"] or 1),
            limit=float(found["limit"]) / 100,
        )
        for found in _FALL.finditer(reason)
    ]
