"""A whole city: build it in memory, write its drops, and keep beside them what a test needs to know."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulator.academic import Academic, build_academic, online_classes_a_year, student_keys
from simulator.academic_export import write_copy
from simulator.academy import OnlineClasses, Study, build_online_classes, build_study
from simulator.academy_export import AcademyExport
from simulator.accounts import Accounts, build_accounts, user_ids
from simulator.backfill_export import write_workbooks
from simulator.cadre_export import CadreExport
from simulator.catalogue import Catalogue, build_catalogue
from simulator.classes import build_classes
from simulator.enrolments import build_enrolments
from simulator.mobile import Statements, build_statements
from simulator.mobile_export import write_statements
from simulator.people import RETIRED, Cadres, build_cadres, choose_faulty_people
from simulator.plan import DAY_SECONDS, Ints, Progress, SimulationPlan, SimulationReport
from simulator.planted_files import plant_files
from simulator.posts import Posts, build_appraisals, build_posts, pass_a_night
from simulator.units import Units, build_units

TRUTH_SUFFIX = ".truth"


@dataclass
class City:
    """Everything that happened in the simulated city, before it is exported."""

    plan: SimulationPlan
    units: Units
    cadres: Cadres
    posts: Posts
    appraisals: tuple[Ints, Ints, Ints]
    catalogue: Catalogue
    academic: Academic
    accounts: Accounts
    online_classes: OnlineClasses
    study: Study
    statements: Statements


def simulate(plan: SimulationPlan, out: Path, progress: Progress | None = None) -> SimulationReport:
    """Write the drops of the four systems into `out`, and the truth into `<out>.truth` beside it.

    out: a folder that does not exist yet or is empty. progress: called with a step's name and the share
    done (0 to 1). Gives files, bytes, rows and planted faults. The same plan gives the same bytes.
    Raises FileExistsError where `out` holds anything.
    """
    tell = progress or (lambda step, share: None)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    out.mkdir(parents=True, exist_ok=True)
    tell("city", 0.0)
    city = build_city(plan)
    report = SimulationReport()
    truth = _write_drops(city, out, report, tell)
    _write_truth(city, out, truth, report)
    files = [path for path in out.rglob("*") if path.is_file()]
    report.files, report.bytes = len(files), sum(path.stat().st_size for path in files)
    tell("done", 1.0)
    return report


def build_city(plan: SimulationPlan) -> City:
    """The city as of its first night (later nights change cadres and posts while they are written)."""
    units = build_units(plan)
    cadres = build_cadres(plan, units)
    posts = build_posts(plan, units, cadres)
    catalogue = build_catalogue(plan, units)
    classes = build_classes(plan, units, catalogue)
    _link_blended(plan, classes.year, classes.online_class)
    enrolments = build_enrolments(plan, units, cadres, classes)
    accounts = build_accounts(plan, units, cadres)
    online_classes = build_online_classes(plan, catalogue, accounts)
    return City(
        plan=plan,
        units=units,
        cadres=cadres,
        posts=posts,
        appraisals=build_appraisals(plan, cadres),
        catalogue=catalogue,
        academic=build_academic(plan, units, cadres, catalogue, classes, enrolments),
        accounts=accounts,
        online_classes=online_classes,
        study=build_study(plan, catalogue, accounts, online_classes),
        statements=build_statements(plan, catalogue, accounts),
    )


def _link_blended(plan: SimulationPlan, year: Ints, online_class: Ints) -> None:
    """A few classes have an online part, a class of the academy in the same year."""
    rng = plan.rng("blended")
    per_year = online_classes_a_year(plan)
    blended = (rng.random(len(year)) < 0.03) & (year <= plan.end.year)
    online_class[blended] = ((year - plan.start.year) * per_year + rng.integers(0, per_year, len(year)))[
        blended
    ]


def _write_drops(
    city: City, out: Path, report: SimulationReport, tell: Progress
) -> list[tuple[str, str | None]]:
    plan = city.plan
    sharing, twice = choose_faulty_people(plan, city.cadres)
    cadre = CadreExport(plan, city.units, city.appraisals, sharing, twice, out, report)
    academy = AcademyExport(
        plan, city.units, city.catalogue, city.accounts, city.online_classes, city.study, out, report
    )
    if plan.dirty:
        person = city.accounts.people.cadre[city.study.user]
        after = (person >= 0) & (city.study.started // DAY_SECONDS > city.cadres.left[np.maximum(person, 0)])
        retired = after & (city.cadres.status[np.maximum(person, 0)] == RETIRED)
        first = f"academy/{plan.business_dates[0]:%Y%m%d}/records-0001.ndjson.gz"
        report.plant(first, "record of a retired cadre", int(retired.sum()))
    tell("back-fill workbooks", 0.2)
    truth = write_workbooks(city.academic, city.cadres, out, report)
    for night in range(plan.nights):
        tell(f"night {plan.business_dates[night]}", 0.3 + 0.5 * night / plan.nights)
        moved = np.empty(0, np.int64)
        if night:
            moved = pass_a_night(plan, city.units, city.cadres, city.posts, plan.first_night_day + night)
        cadre.write_night(night, city.cadres, city.posts)
        write_copy(city.academic, night, out, report)
        academy.write_night(night, moved, city.cadres.unit)
    tell("mobile statements", 0.8)
    write_statements(plan, city.catalogue, city.statements, out, report)
    if plan.dirty:
        plant_files(plan, out, report)
    return truth


def _write_truth(
    city: City, out: Path, backfill: list[tuple[str, str | None]], report: SimulationReport
) -> None:
    """identity.parquet: who each student, user, actor and workbook row is; dirt.parquet: the faults."""
    folder = out.parent / (out.name + TRUTH_SUFFIX)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    students, users = city.academic.students, city.accounts.people
    actors = np.unique(city.statements.user)
    parts = [
        ("academic", student_keys(len(students)), students.cadre),
        ("academy", user_ids(np.arange(len(users))), users.cadre),
        ("mobile", user_ids(actors), users.cadre[actors]),
    ]
    tables = [
        pa.table(
            {
                "source": pa.array([source] * len(keys)),
                "source_person_id": keys,
                "person_code": city.cadres.code.take(pa.array(cadre, mask=cadre < 0)),
            }
        )
        for source, keys, cadre in parts
    ]
    rows, codes = zip(*backfill, strict=True) if backfill else ((), ())
    tables.append(
        pa.table(
            {
                "source": pa.array(["backfill"] * len(rows), pa.string()),
                "source_person_id": pa.array(rows, pa.string()),
                "person_code": pa.array(codes, pa.string()),
            }
        )
    )
    pq.write_table(pa.concat_tables(tables), folder / "identity.parquet")
    planted = [vars(fault) for fault in report.dirt]
    schema = pa.schema(
        [("file", pa.string()), ("kind", pa.string()), ("rows", pa.int64()), ("detail", pa.string())]
    )
    pq.write_table(pa.Table.from_pylist(planted, schema=schema), folder / "dirt.parquet")
    report.count("truth.identity", sum(table.num_rows for table in tables))
    report.count(
        "truth.unknown_people", sum(pc.sum(pc.is_null(t["person_code"])).as_py() or 0 for t in tables)
    )
