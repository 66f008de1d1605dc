"""Decoding the cadre system's CSVs: GB18030, or UTF-8 where an export was made with the wrong setting."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# Stands where bytes could not be decoded: a Unicode noncharacter, which no text may hold.
UNDECODABLE = "\ufdd0"

# Two-byte codes that Python's codec (GB18030-2000) puts into the private use area, with the characters that
# later editions, ICU and iconv give them. Without this, names with these characters fail to join.
PRIVATE_USE = {
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15,
    0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F, 0xE816: 0x20087,
    0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE,
    0xE864: 0x9FBB,
}  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_PRIVATE = re.compile(f"[{''.join(map(chr, PRIVATE_USE))}]")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # One byte at a time: the byte behind a broken one may be a comma or a line end.
    return UNDECODABLE, error.start + 1


codecs.register_error("ganxun_mark", _mark)


@dataclass(frozen=True)
class Decoded:
    """The text of a CSV; `is_utf8` warns of a wrong encoding, `damaged` says that marks stand in the text."""

    text: str
    is_utf8: bool
    damaged: bool


def decode_csv(data: bytes) -> Decoded:
    """Decode a whole CSV: UTF-8 if the bytes are valid UTF-8 with Chinese in it, else GB18030; no BOM."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        if _HAN.search(text):
            return Decoded(text, is_utf8=True, damaged=False)
    text = data.decode("gb18030", errors="ganxun_mark")
    if _PRIVATE.search(text):
        text = text.translate(PRIVATE_USE)
    return Decoded(text.removeprefix("\ufeff"), is_utf8=False, damaged=UNDECODABLE in text)
