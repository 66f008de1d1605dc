"""The colours of all dashboards: fixed meaning, and told apart by people who do not see red and green alike.

The three lights differ in lightness as well as in hue (vermilion, amber, bluish green after Okabe and Ito),
so that a bar reads on a grey print too.
"""

from __future__ import annotations

from urllib.parse import quote

RED = "#C4452D"
YELLOW = "#F0B93A"
GREEN = "#1B7F6B"
INK_BLUE = "#1F4E79"

BROWN = "#B07D3C"
GREY = "#8C8C8C"
SCHEDULE = "#5F6368"

# A mode is of one colour on every dashboard.
MODES = (INK_BLUE, "#5B8DB8", "#7A6A8E", BROWN, "#3E7C7B")

# Series by name, in both languages: a light is never drawn in another colour.
_SERIES = {
    "hours_per_head": INK_BLUE,
    "schedule": SCHEDULE,
    "red_light": RED,
    "yellow_light": YELLOW,
    "green_light": GREEN,
    "participation_rate": INK_BLUE,
    "nominal_coverage": BROWN,
    "effective_coverage": GREEN,
}
# Outcomes of a night's run, and the sources, by their labels in both languages.
_NAMED = {
    ("已发布", "Published"): INK_BLUE,
    ("检查未过（未发布）", "Stopped by a check"): BROWN,
    ("运行失败（未发布）", "Failed"): BROWN,
    ("仅供比对", "Built to compare"): GREY,
    ("干部管理系统", "Cadre management"): INK_BLUE,
    ("教务管理系统", "Academic affairs"): "#5B8DB8",
    ("干部网络学院", "Online academy"): BROWN,
    ("掌上学堂", "Mobile app"): "#7A6A8E",
}
LABELS = {
    "zh": _SERIES
    | {zh: colour for (zh, _), colour in _NAMED.items()}
    | {"■ 红灯": RED, "◆ 黄灯": YELLOW, "● 绿灯": GREEN, "本人": INK_BLUE, "同职级组平均": GREY}
    | dict(zip(("脱产培训", "非全脱产培训", "专题网络培训", "网络自主选学", "移动学习"), MODES, strict=True))
    | {"五年轮训": INK_BLUE, "县处级任务": BROWN, "时序进度": SCHEDULE},
    "en": {f"{name}_en": colour for name, colour in _SERIES.items()}
    | {en: colour for (_, en), colour in _NAMED.items()}
    | {"■ Red": RED, "◆ Yellow": YELLOW, "● Green": GREEN}
    | {"This cadre": INK_BLUE, "Mean of the rank group": GREY}
    | dict(
        zip(
            (
                "Off-job training",
                "Part-time training",
                "Thematic online class",
                "Elective online learning",
                "Mobile learning",
            ),
            MODES,
            strict=True,
        )
    )
    | {"Rotation": INK_BLUE, "County level": BROWN, "Schedule": SCHEDULE},
}
# Numerals in a light's colour: amber itself is too pale on white.
INKS = {"red": RED, "yellow": "#8A6410", "green": GREEN}
# Grounds of cells: light enough for black text on them.
TINTS = {"red": "#E7A597", "yellow": "#F6DDA1", "green": "#A9D3C9"}
CATEGORIES = [INK_BLUE, "#5B8DB8", "#A9B8C6", "#B07D3C", "#7A6A8E", "#3E7C7B", "#8C8C8C", "#C08A8A"]
HOURS = ["#F4F7FA", "#CFDFEC", "#9BBFDB", "#5B93C0", "#2B669B", "#123F6B"]
FONTS = "Inter, 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


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
