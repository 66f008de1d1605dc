"""What a drop can hold without a damaged file: rare characters, wrong clocks, people and units mixed up.

`plant_content` puts it into a simulated city's files, for the city with faults and for the one without alike;
the tests look at what comes of it in the published files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.faults import drop_files as files
from tests.faults.drop_files import Row
from tests.faults.nights import FIRST, LAST

UNIT = "001.004"
CADRE = {FIRST: "cadre/GBGL_20260629.zip", LAST: "cadre/GBGL_20260630.zip"}
ACADEMIC = "academic/JWGL_20260630.sqlite"
ALIAS_WORKBOOK = "academic/backfill/2024年补录.xlsx"
ALIAS_DAYS = 4.0
RESAVED_WORKBOOK = "academic/backfill/2023年补录.xlsx"
STATEMENTS = "mobile/dt=2026-06-30/statements-0002.ndjson.gz"

# The two-byte codes of GB18030 that Python's codec puts into the private use area, each with the character
# that iconv and ICU give; and 𠮷 and 𪚥, which have four bytes.
RARE = (
    ("a6d9", "︐"), ("a6da", "︒"), ("a6db", "︑"), ("a6dc", "︓"), ("a6dd", "︔"), ("a6de", "︕"),
    ("a6df", "︖"), ("a6ec", "︗"), ("a6ed", "︘"), ("a6f3", "︙"), ("a8bc", "ḿ"), ("fe51", "𠂇"),
    ("fe52", "𠂉"), ("fe53", "𠃌"), ("fe59", "龴"), ("fe61", "龵"), ("fe66", "龶"), ("fe67", "龷"),
    ("fe6c", "𡗗"), ("fe6d", "龸"), ("fe76", "𢦏"), ("fe7e", "龹"), ("fe90", "龺"), ("fe91", "𤇾"),
    ("fea0", "龻"), ("9534b235", "𠮷"), ("9835ee37", "𪚥"),
)  # fmt: skip
# Without a number: only name, month of birth and unit can tie these people to their enrolments.
RARE_CODES = [f"ZZ10100{place:02d}" for place in range(len(RARE))]
RARE_HOURS = 7.0

CLOCK, SHARED_A, SHARED_B, TWICE_OLD, TWICE_NEW, IN_CYCLE = (f"ZZ102000{k}" for k in range(1, 7))
CLOCK_USER = "U900001"
CYCLE = ("001.901", "001.902")
SHORT_NAME = '环,"一"\r\n处'
STUDENT_OF_SHARED, STUDENT_OF_TWICE = "XY900101", "XY900102"


@dataclass(frozen=True)
class Moment:
    """A micro-course completed at an instant, as the phone's clock says it, and what must come of it."""

    name: str
    timestamp: str
    stored: str
    activity_date: str

    @property
    def activity(self) -> str:
        """The micro-course's id."""
        return f"https://mobile.example/micro/{self.name}"


_TONIGHT = "2026-06-30T08:00:00+08:00"
MOMENTS = (
    Moment("LATE", "2025-03-05T08:19:00+08:00", _TONIGHT, "2025-03-05"),
    Moment("BEHIND", "2024-06-30T07:59:00+08:00", _TONIGHT, "2024-06-30"),
    Moment("AHEAD", "2026-07-03T09:00:00+08:00", _TONIGHT, "2026-07-03"),
    Moment("EVE", "2025-12-31T23:59:59+08:00", _TONIGHT, "2025-12-31"),
    Moment("NEWYEAR", "2026-01-01T00:00:00+08:00", _TONIGHT, "2026-01-01"),
    Moment("EVEUTC", "2025-12-31T15:59:59Z", _TONIGHT, "2025-12-31"),
    Moment("NEWYEARUTC", "2025-12-31T16:00:00Z", _TONIGHT, "2026-01-01"),
)


def make_number(birth: str, order: int) -> str:
    """A valid ID number (GB 11643) of a made-up place."""
    body = f"519900{birth}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def rare_name(place: int) -> str:
    """The name with a rare character, as every other system writes it."""
    return f"罕{RARE[place][1]}"


def plant_content(drop: Path) -> None:
    """Put all of it into the drop's files, of both nights."""
    for night, package in CADRE.items():
        members = files.read_members(drop / package)
        people = files.read_csv(members["A01.csv"]) + _people()
        units = files.read_csv(members["B01.csv"])
        units += [
            _unit(CYCLE[0], "环一", CYCLE[1]) | {"B0104": SHORT_NAME},
            _unit(CYCLE[1], "环二", CYCLE[0]),
        ]
        members |= {"A01.csv": _encode(people), "B01.csv": files.write_csv(units)}
        files.write_members(drop / package, members, night)
    _plant_students(drop / ACADEMIC)
    users = drop / "academy/20260629/users-0001.ndjson.gz"
    files.write_lines(users, [*files.read_lines(users), _clock_user()])
    files.write_lines(drop / STATEMENTS, [line for moment in MOMENTS for line in _statements(moment)])
    _write_workbooks(drop)


def _people() -> list[Row]:
    shared, twice = make_number("19700315", 21), make_number("19720420", 33)
    rare = [
        # Decoding by the codes gives Python's private-use character, and encoding gives the two bytes back.
        _person(code, "罕" + bytes.fromhex(RARE[place][0]).decode("gb18030"))
        for place, code in enumerate(RARE_CODES)
    ]
    return [
        *rare,
        _person(CLOCK, "钟表", make_number("19800101", 11)),
        _person(SHARED_A, "同号甲", shared),
        _person(SHARED_B, "同号乙", shared),
        _person(TWICE_OLD, "双码", twice, A0163="3"),
        _person(TWICE_NEW, "双码", twice),
        _person(IN_CYCLE, "环中人", A0195=CYCLE[0]),
    ]


def _person(code: str, name: str, number: str = "", **changes: str) -> Row:
    return {
        "A0000": code, "A0101": name, "A0104": "1", "A0107": number[6:14] or "19800101", "A0117": "01",
        "A0134": "20050801", "A0141": "01", "A0163": "1", "A0165": "04", "A0184": number, "A0192A": "科员",
        "A0195": UNIT, "A0221": "1A50", "A0192E": "", "A0288": "20200101",
    } | changes  # fmt: skip


def _encode(people: list[Row]) -> bytes:
    data = files.write_csv(people)
    for code, _ in RARE:
        assert bytes.fromhex(code) in data, "the codes themselves must be delivered"
    return data


def _unit(code: str, name: str, parent: str) -> Row:
    return {
        "B0111": code, "B0101": name, "B0104": name, "B0114": "", "B0117": "519900", "B0121": parent,
        "B0131": "4", "UNIT_STATUS": "1", "SUCCESSOR": "",
    }  # fmt: skip


def _plant_students(copy: Path) -> None:
    students = [
        {
            "student_id": f"XY9000{place:02d}",
            "name": rare_name(place),
            "birth": "1980-01-01",
            "unit_code": UNIT,
        }
        for place in range(len(RARE))
    ]
    students += [
        {"student_id": STUDENT_OF_SHARED, "name": "另一人", "id_number": make_number("19700315", 21)},
        {"student_id": STUDENT_OF_TWICE, "name": "双码", "id_number": make_number("19720420", 33)},
    ]
    files.insert_rows(copy, "student", *students)
    files.insert_rows(
        copy,
        "training_class",
        {
            "class_id": "BCRARE01", "class_name": "罕见字理论班", "class_type": "3", "training_kind": "4",
            "leave_status": "1", "institution_id": "JG001", "organizer_unit_code": UNIT, "is_main_class": 0,
            "start_date": "2025-05-06", "end_date": "2025-05-07", "planned_hours": 40, "planned_seats": 50,
            "status": "finished",
        },
    )  # fmt: skip
    files.insert_rows(
        copy,
        "enrollment",
        *(
            {
                "enrollment_id": f"BM{student['student_id'][2:]}", "class_id": "BCRARE01",
                "student_id": student["student_id"], "result": "passed", "hours": RARE_HOURS,
            }
            for student in students
        ),
    )  # fmt: skip


def _clock_user() -> Row:
    return {
        "user_id": CLOCK_USER, "real_name": "钟表", "id_number": make_number("19800101", 11),
        "status": "active", "updated_at": "2026-06-01T18:00:00+08:00",
    }  # fmt: skip


def make_statement(identity: str, moment: Moment, verb: str, **result: object) -> Row:
    """A statement of the clock's owner on a micro-course."""
    return {
        "id": identity,
        "actor": {"account": {"homePage": "https://academy.example", "name": CLOCK_USER}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {
            "objectType": "Activity",
            "id": moment.activity,
            "definition": {"name": {"zh-CN": f"微课{moment.name}"}},
        },
        "result": result,
        "timestamp": moment.timestamp,
        "stored": moment.stored,
    }


def _statements(moment: Moment) -> list[Row]:
    place = MOMENTS.index(moment)
    return [
        make_statement(f"c10c0000-0000-4000-8000-00000000000{place}", moment, "terminated", duration="PT45M"),
        make_statement(f"c10c0000-0000-4000-8000-00000000001{place}", moment, "completed", completion=True),
    ]


CLASS_COLUMNS = [
    "年度",
    "班次ID",
    "班次名称",
    "班次类别",
    "主办单位",
    "开始时间",
    "结束时间",
    "学时",
    "是否脱产",
]
STUDENT_COLUMNS = ["班次ID", "姓名", "身份证号", "单位编码", "单位及职务", "学时"]


def _write_workbooks(drop: Path) -> None:
    number = make_number("19800101", 11)
    alias = [2024, "2024-901", "别名列班", "培训班", "某学院", "2024-05-06", "2024-05-08", 24, "是"]
    files.write_workbook(
        drop / ALIAS_WORKBOOK,
        {
            "培训班数据": [
                # 学制 is a known name of 学制(天); nobody knows 备注
                [*CLASS_COLUMNS, "学制", "备注"],
                [*alias, ALIAS_DAYS, "无"],
            ],
            "学员培训信息": [STUDENT_COLUMNS, ["2024-901", "钟表", number, UNIT, "科员", 24]],
        },
    )
    write_resaved_workbook(drop, hours=16, saved_by="second")


def write_resaved_workbook(drop: Path, hours: int, saved_by: str) -> None:
    """One class with one person: as it was first sent, or as it was saved again under the same name."""
    number = make_number("19800101", 11)
    classes = [2023, "2023-901", "重存班", "培训班", "某学院", "2023-05-06", "2023-05-08", hours, "是"]
    files.write_workbook(
        drop / RESAVED_WORKBOOK,
        {
            "培训班数据": [CLASS_COLUMNS, classes],
            "学员培训信息": [STUDENT_COLUMNS, ["2023-901", "钟表", number, UNIT, "科员", hours]],
        },
        saved_by,
    )
