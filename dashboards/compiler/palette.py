"""The colours of all dashboards: fixed meaning, and told apart by people who do not see red and green alike.

The three lights differ in lightness as well as in hue (vermilion, amber, bluish green after Okabe and Ito),
so that a bar reads on a grey print too.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from words.codes import name_code, read_codes

# The lights by their code, each with a shape for who does not tell red from green.
LIGHTS = {"red": "#C4452D", "yellow": "#F0B93A", "green": "#1B7F6B"}
SHAPES = {"red": "■", "yellow": "◆", "green": "●"}
# Numerals in a light's colour: amber itself is too pale on white.
INKS = LIGHTS | {"yellow": "#8A6410"}
# Grounds of cells: light enough for black text on them.
TINTS = {"red": "#E7A597", "yellow": "#F6DDA1", "green": "#A9D3C9"}
INK_BLUE = "#1F4E79"
SKY_BLUE = "#5B8DB8"
MAUVE = "#7A6A8E"
BROWN = "#B07D3C"
TEAL = "#3E7C7B"
GREY = "#8C8C8C"
SCHEDULE = "#5F6368"

# Figures by name: a light is never drawn in another colour.
_FIGURES = {
    "hours_per_head": INK_BLUE,
    "schedule": SCHEDULE,
    "participation_rate": INK_BLUE,
    "nominal_coverage": BROWN,
    "effective_coverage": LIGHTS["green"],
} | {f"{code}_light": colour for code, colour in LIGHTS.items()}
# What series tell apart, by code list and code: of one colour on every dashboard. The words are the seed's.
CODES = {
    "run_status": {"published": INK_BLUE, "rejected": BROWN, "failed": BROWN, "aside": GREY},
    "source": {"cadre": INK_BLUE, "academic": SKY_BLUE, "academy": BROWN, "mobile": MAUVE},
    "mode": {
        "off_job": INK_BLUE,
        "part_time": SKY_BLUE,
        "online_class": MAUVE,
        "online_elective": BROWN,
        "mobile": TEAL,
    },
    "reserve_series": {"self": INK_BLUE, "rank_group_mean": GREY},
    "plan_line": {"rotation_completion": INK_BLUE, "county_plus_completion": BROWN, "schedule": SCHEDULE},
}
# The light that a cell with a code is shown in.
CELLS = {
    "light": {"red": "red", "yellow": "yellow", "green": "green"},
    "requirement_state": {"open": "yellow", "met": "green", "met_by_other": "green"},
    "deadline_state": {"overdue": "red", "this_month": "yellow"},
}
CATEGORIES = [INK_BLUE, SKY_BLUE, "#A9B8C6", BROWN, MAUVE, TEAL, GREY, "#C08A8A"]
HOURS = ["#F4F7FA", "#CFDFEC", "#9BBFDB", "#5B93C0", "#2B669B", "#123F6B"]
FONTS = "Inter, 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


def name_light(code: str) -> dict[str, str]:
    """A light's shape and word in both languages. Raises `KeyError` for no light.

    Superset draws series in the order of their labels' letters: with the shapes it is that of the lights.
    """
    return {locale: f"{SHAPES[code]} {word}" for locale, word in name_code("light", code).items()}


def colour_series(locale: str) -> dict[str, str]:
    """The colour of each series by what Superset calls it in the language.

    Raises `KeyError` for a code without words.
    """
    words = read_codes()
    return (
        {name + ("" if locale == "zh" else f"_{locale}"): colour for name, colour in _FIGURES.items()}
        | {name_light(code)[locale]: colour for code, colour in LIGHTS.items()}
        | {
            words[code_list, code][locale]: colour
            for code_list, colours in CODES.items()
            for code, colour in colours.items()
        }
    )


def colour_cells(codes: Mapping[str, list[str]], locale: str) -> list[dict[str, str]]:
    """Rules `{equals: word, colour: light}` of a table's cells for codes of a list, `{light: [red, yellow]}`.

    Raises `KeyError` for a code without a light or without words.
    """
    return [
        {"equals": read_codes()[code_list, code][locale], "colour": CELLS[code_list][code]}
        for code_list, chosen in codes.items()
        for code in chosen
    ]


def wordmark(name: str) -> str:
    """The application's name as a picture (SVG data address) for the head of every page."""
    width = 22 * len(name)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="24" viewBox="0 0 {width} 24">'
        f'<text x="0" y="19" font-size="20" font-weight="600" fill="{INK_BLUE}" font-family="{FONTS}">'
        f"{name}</text>"
        "</svg>"
    )
    return "data:image/svg+xml;utf8," + quote(svg)
