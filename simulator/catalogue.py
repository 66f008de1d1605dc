"""Dimensions of training: institutions, bases, teachers, staff, themes, courses, micro-courses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator import topics
from simulator import vocabulary as words
from simulator.plan import Bools, Floats, Ints, SimulationPlan
from simulator.text_columns import concat, day_text, digits
from simulator.units import CITY_REGION, PROFILES, Units

TOPICS = len(topics.TOPICS)
GROUPS = np.array([topic.group for topic in topics.TOPICS])
THEORY_PARTY = np.isin(GROUPS, ("theory", "party"))
METHODS = ("lecture", "discussion", "case", "simulation", "field", "experience")
SETUP_DAYS = 29  # the systems were filled so many days before the first day of activity
NO_DAY = -1


@dataclass
class Catalogue:
    """What can be taught, where and by whom. Small tables; courses are sorted by topic.

    topic_first and topic_count give a topic's courses in each list. appetite: profile x topic shares.
    """

    tables: dict[str, pa.Table]
    school_area: Ints
    theme_topic: Ints
    teacher_is_leader: Bools
    course_topic: Ints
    online: OnlineCourses
    micro_title: list[str]
    micro_category: list[str | None]
    micro_topic: Ints
    appetite: Floats


@dataclass
class OnlineCourses:
    """The academy's courses, sorted by topic. hours: NaN where none are stated; retired: NO_DAY if not.

    shelved: on offer and never opened by anybody.
    """

    course_no: pa.Array
    title: pa.Array
    category: pa.Array
    topic: Ints
    hours: Floats
    seconds: Ints
    exam: Bools
    provider: Ints
    is_local: Bools
    published: Ints
    retired: Ints
    shelved: Bools

    def __len__(self) -> int:
        return len(self.topic)

    def opened(self, course: Ints) -> Ints:
        """The courses, the popular one of the topic in place of a shelved one."""
        first, _ = topic_ranges(self.topic)
        return np.where(self.shelved[course], first[self.topic[course]], course)


def build_catalogue(plan: SimulationPlan, units: Units) -> Catalogue:
    """Every dimension table; sizes grow slowly with the city."""
    rng = plan.rng("catalogue")
    counties = [(k, n) for k, n in enumerate(words.COUNTIES[: int(units.area.max())], start=1)]
    schools = [(*school, 1) for school in words.RECOGNIZED_SCHOOLS]
    schools += [(name, "other", level, 0) for name, level in words.OTHER_SCHOOLS]
    school_area = np.array([0] * len(schools) + [k for k, _ in counties])
    schools += [(f"中共{name}委党校", "party_school", "county", 1) for _, name in counties]
    institution = pa.table(
        {
            "institution_id": digits(np.arange(1, len(schools) + 1), 3, "JG"),
            "name": [s[0] for s in schools],
            "kind": [s[1] for s in schools],
            "level": [s[2] for s in schools],
            "recognized": pa.array([s[3] for s in schools], pa.int64()),
        }
    )
    regions = CITY_REGION + rng.integers(1, 11, len(words.BASES))
    base = pa.table(
        {
            "base_id": digits(np.arange(1, len(words.BASES) + 1), 2, "JD"),
            "name": [b[0] for b in words.BASES],
            "region_code": [str(r) for r in regions],
            "theme": [b[1] for b in words.BASES],
        }
    )
    themes = [(text, k) for k, topic in enumerate(topics.TOPICS) for text in topic.academic]
    theme = pa.table(
        {
            "theme_code": [f"ZT{k:03d}" for k in range(1, len(themes) + 1)] + [words.UNMAPPED_THEME[0]],
            "name": [f"{text}专题" for text, _ in themes] + [words.UNMAPPED_THEME[1]],
            "topic_text": [text for text, _ in themes] + [words.UNMAPPED_THEME[2]],
        }
    )
    teacher, is_leader = _teachers(plan, rng)
    course, course_topic, shared = _courses(plan, rng)
    micro_topic = np.arange(int(np.clip(50 + plan.cadres // 200, 50, 230))) % TOPICS
    micro_mapped = rng.random(len(micro_topic)) < 0.8
    return Catalogue(
        tables={
            "institution": institution,
            "base": base,
            "teacher": teacher,
            "staff": _staff(plan, rng),
            "theme": theme,
            "course": course,
        },
        school_area=school_area,
        theme_topic=np.array([k for _, k in themes] + [-1]),
        teacher_is_leader=is_leader,
        course_topic=course_topic,
        online=_online_courses(plan, rng, shared),
        micro_title=[_title(int(t), 4 * (k // TOPICS) + 1) + "微课" for k, t in enumerate(micro_topic)],
        micro_category=[
            topics.TOPICS[t].mobile if mapped else (None if k % 3 else words.UNMAPPED_MOBILE[k % 2])
            for k, (t, mapped) in enumerate(zip(micro_topic, micro_mapped, strict=True))
        ],
        micro_topic=micro_topic,
        appetite=_appetite(rng),
    )


def topic_ranges(topic: Ints) -> tuple[Ints, Ints]:
    """First position and number of each topic's entries in a column sorted by topic."""
    count = np.bincount(topic, minlength=TOPICS)
    return np.cumsum(count) - count, count


def online_course_ids(positions: Ints) -> pa.Array:
    """course_id of the academy's courses."""
    return digits(positions + 1, 4, "WK")


def draw_topics(rng: np.random.Generator, shares: Floats, row: Ints) -> Ints:
    """A topic for each entry of `row`, by the shares in that row of `shares`."""
    edges = np.cumsum(shares, axis=1)
    edges /= edges[:, -1:]
    # One sorted axis for all rows of shares: row k occupies [k, k + 1).
    flat = (edges + np.arange(len(shares))[:, None]).ravel()
    drawn = np.searchsorted(flat, row + rng.random(len(row)), side="right")
    return np.minimum(drawn - row * shares.shape[1], shares.shape[1] - 1)


def draw_courses(rng: np.random.Generator, drawn_topic: Ints, topic: Ints) -> Ints:
    """A course of each drawn topic; the first ones of a topic are the popular ones."""
    first, count = topic_ranges(topic)
    return first[drawn_topic] + (count[drawn_topic] * rng.random(len(drawn_topic)) ** 1.35).astype(np.int64)


def _appetite(rng: np.random.Generator) -> Floats:
    """Shares of topics by profile; each profile hardly meets three or four topics. Row 0 is balanced."""
    popular = rng.gamma(8.0, 1 / 8.0, TOPICS)
    appetite = popular * np.exp(rng.normal(0, 0.45, (PROFILES, TOPICS)))
    for row in appetite[1:]:
        row[rng.choice(TOPICS, rng.integers(3, 6), replace=False)] *= 0.05
    appetite[0] = popular
    return appetite / appetite.sum(axis=1, keepdims=True)


def _title(topic: int, number: int) -> str:
    titles = topics.TOPICS[topic].titles
    ending = words.TITLE_ENDINGS[number // len(titles) % len(words.TITLE_ENDINGS)]
    volume = number // (len(titles) * len(words.TITLE_ENDINGS))
    return titles[number % len(titles)] + ending + (f"第{volume + 1}讲" if volume else "")


def _teachers(plan: SimulationPlan, rng: np.random.Generator) -> tuple[pa.Table, Bools]:
    n = int(np.clip(40 + plan.cadres // 100, 40, 600))
    kind = rng.choice(4, n, p=[0.42, 0.32, 0.1, 0.16])
    kind[:4] = [0, 1, 2, 3]
    titles = (("教授", "副教授", "讲师"), ("副教授", "高级工程师"), ("局长", "市领导"), ("研究员", "教授"))
    homes = (
        (f"{words.CITY}委党校",),
        (f"{words.CITY_SHORT}大学", f"{words.PROVINCE_TOWN}大学"),
        (f"{words.CITY}财政局", f"{words.CITY}发展和改革局"),
        ("省社科院", f"{words.CITY_SHORT}大学"),
    )
    joined = rng.integers(plan.start_day - 14 * 365, plan.end_day - 400, n)
    leaves = (kind == 0) & (rng.random(n) < 0.18)
    left = np.maximum(joined + 200, rng.integers(plan.start_day, plan.end_day, n))
    table = pa.table(
        {
            "teacher_id": digits(np.arange(1, n + 1), 4, "T"),
            "name": _people_names(rng, n),
            "kind": [("full_time", "part_time", "leader", "expert")[k] for k in kind],
            "title": [titles[k][rng.integers(len(titles[k]))] for k in kind],
            "unit_name": [homes[k][rng.integers(len(homes[k]))] for k in kind],
            "joined_on": day_text(joined),
            "left_on": day_text(np.minimum(left, plan.end_day), ~leaves),
        }
    )
    return table, kind == 2


def _staff(plan: SimulationPlan, rng: np.random.Generator) -> pa.Table:
    n = int(np.clip(12 + plan.cadres // 500, 12, 120))
    return pa.table(
        {
            "staff_id": digits(np.arange(1, n + 1), 3, "S"),
            "name": _people_names(rng, n),
            "role": [("head_teacher", "liaison", "assistant")[k] for k in np.arange(n) % 5 // 2],
            "background": [
                ("党校教务处", "组织部干部教育科", "外聘")[k] for k in rng.choice(3, n, p=[0.5, 0.4, 0.1])
            ],
        }
    )


def _courses(plan: SimulationPlan, rng: np.random.Generator) -> tuple[pa.Table, Ints, list[tuple[str, int]]]:
    """Academic courses by topic, and (course number, topic) of those that the academy offers too."""
    n = int(np.clip(115 + plan.cadres // 50, 115, 1800)) // TOPICS * TOPICS
    topic = np.repeat(np.arange(TOPICS), n // TOPICS)
    number = np.arange(n) % (n // TOPICS)
    title = [_title(int(t), int(k)) for t, k in zip(topic, number, strict=True)]
    has_number = rng.random(n) < 0.6
    mapped = rng.random(n)
    category = [
        None
        if m > 0.96
        else words.UNMAPPED_CATEGORIES[int(m * 1000) % 5]
        if m > 0.85
        else topics.TOPICS[t].academic[int(m * 1000) % len(topics.TOPICS[t].academic)]
        for t, m in zip(topic, mapped, strict=True)
    ]
    course_no = [f"GK{10_000 + 3 * k:05d}" if has else None for k, has in enumerate(has_number, start=1)]
    table = pa.table(
        {
            "course_id": digits(np.arange(1, n + 1), 4, "KC"),
            "course_no": pa.array(course_no, pa.string()),
            "title": title,
            "category_text": pa.array(category, pa.string()),
            "hours": rng.choice([2.0, 4.0, 8.0, 12.0], n, p=[0.14, 0.46, 0.25, 0.15]),
            "method": [METHODS[k] for k in rng.choice(6, n, p=[0.55, 0.17, 0.12, 0.06, 0.06, 0.04])],
            "is_local": (rng.random(n) < 0.35).astype(np.int64),
            "developed_on": day_text(rng.integers(plan.start_day - 1500, plan.end_day - 100, n)),
        }
    )
    shared = [(no, int(t)) for no, t in zip(course_no, topic, strict=True) if no and rng.random() < 0.15]
    return table, topic, shared


def _online_courses(
    plan: SimulationPlan, rng: np.random.Generator, shared: list[tuple[str, int]]
) -> OnlineCourses:
    """The academy's courses; some carry an academic course's number, some only its title."""
    per_topic = int(np.clip(7 + plan.cadres // 1500, 7, 80))
    n = per_topic * TOPICS
    topic = np.repeat(np.arange(TOPICS), per_topic)
    title = [_title(int(t), 3 * (k % per_topic)) for k, t in enumerate(topic)]
    number: list[str | None] = [
        f"WL{20_000 + 7 * k}" if r < 0.5 else None for k, r in enumerate(rng.random(n), 1)
    ]
    for no, shared_topic in shared:
        number[shared_topic * per_topic + int(rng.integers(per_topic))] = no
    category = [
        None
        if r > 0.985
        else words.UNMAPPED_ONLINE[int(r * 1000) % 3]
        if r > 0.9
        else topics.TOPICS[t].academy
        for t, r in zip(topic, rng.random(n), strict=True)
    ]
    stated = rng.choice([0.5, 1.0, 1.5, 2.0, 3.0, 4.0], n, p=[0.12, 0.15, 0.18, 0.28, 0.18, 0.09])
    old = np.arange(n) % per_topic < max(2, per_topic // 2)
    published = np.where(
        old, plan.start_day - rng.integers(300, 900, n), rng.integers(plan.start_day, plan.end_day - 60, n)
    )
    retires = ~old & (rng.random(n) < 0.1)
    return OnlineCourses(
        course_no=pa.array(number, pa.string()),
        title=pa.array(title, pa.string()),
        category=pa.array(category, pa.string()),
        topic=topic,
        hours=np.where(rng.random(n) < 0.07, np.nan, stated),
        seconds=(stated * 2700 * rng.uniform(0.9, 1.1, n)).astype(np.int64),
        exam=rng.random(n) < 0.38,
        provider=rng.integers(0, 3, n),
        is_local=rng.random(n) < 0.1,
        published=published,
        retired=np.where(retires, np.minimum(published + 900, plan.end_day - 30), NO_DAY),
        # the last course of every sixth topic, unless it was taken down
        shelved=(np.arange(n) % per_topic == per_topic - 1) & (topic % 6 == 3) & ~retires,
    )


def _people_names(rng: np.random.Generator, n: int) -> pa.Array:
    surname = pa.array(list(words.SURNAMES)).take(pa.array(rng.integers(0, 60, n)))
    given = pa.array(list(words.GIVEN_CHARACTERS))
    return concat(
        surname, given.take(pa.array(rng.integers(0, 60, n))), given.take(pa.array(rng.integers(0, 60, n)))
    )
