"""Explanations of cadres: every number is the mart's, and doing what is missing turns the light."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console

from ganxun.cli.show_cadre import show_cadre
from ganxun.explain.cadre import CadreExplanation, explain_cadre, find_name
from ganxun.explain.ledger_rows import sum_hours
from ganxun.explain.published import Published, UnknownKey, open_published
from ganxun.explain.targets import Measures, Thresholds
from ganxun.settings import PROJECT_ROOT, Settings
from tests.nights import Night
from tests.test_command_line import run_ganxun
from yaml_files import read_yaml

pytestmark = pytest.mark.e2e

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@pytest.fixture(scope="module")
def published(simulated_night: Night) -> Iterator[Published]:
    with open_published(simulated_night.settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def explained(published: Published) -> list[CadreExplanation]:
    """Every due cadre of the simulated night."""
    keys = published.rows("select cadre_key from mart_cadre_coverage order by cadre_key")
    assert len(keys) > 100
    return [explain_cadre(published, row["cadre_key"]) for row in keys]


def pick(explained: list[CadreExplanation], light: str) -> CadreExplanation:
    """A cadre of a light with records that earned nothing and records that leave the window."""
    chosen = [one for one in explained if one.coverage and one.coverage["light"] == light]
    assert chosen, f"the simulated city has nobody on {light}"
    return max(chosen, key=lambda one: (bool(one.without_credit), bool(one.leaving), one.cadre["cadre_key"]))


def read_seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def judge_naively(rank_group: str, systematic: float, hours: float, days: float) -> str:
    """The light by rules.md, straight from the seeds in force."""
    minimum = next(row for row in read_seed("policy_parameter.csv")
                   if row["name"] == "systematic_min_hours" and not row["valid_to"])  # fmt: skip
    target = next(row for row in read_seed("policy_target.csv")
                  if row["rank_group"] == rank_group and row["target_window"] == "rolling_5y"
                  and row["counts"] == "statutory" and not row["valid_to"])  # fmt: skip
    if systematic < float(minimum["value"]):
        return "red"
    enough = hours >= float(target["min_hours"]) or days >= float(target["min_days"])
    return "green" if enough else "yellow"


def print_text(found: CadreExplanation, width: int, lang: str = "zh", name: str | None = None) -> str:
    console = Console(width=width, record=True, file=io.StringIO(), highlight=False)
    show_cadre(found, console, lang, name)  # type: ignore[arg-type]
    return console.export_text()


def test_what_is_explained_adds_up_to_what_is_published(explained: list[CadreExplanation]) -> None:
    for one in explained:
        assert one.coverage is not None
        sums = {
            "credited_hours": sum_hours(one.credited),
            "statutory_hours": sum_hours(row for row in one.credited if row["is_statutory"]),
            "systematic_hours": sum_hours(row for row in one.credited if row["is_systematic"]),
            "statutory_hours_year": sum_hours(
                row for row in one.credited if row["is_statutory"] and row["is_this_year"]
            ),
            "online_hours_year": sum_hours(
                row for row in one.credited if row["is_online"] and row["is_this_year"]
            ),
            "statutory_days": sum(row["class_days"] for row in one.statutory_classes),
        } | {
            f"{mode}_hours": sum_hours(row for row in one.credited if row["mode"] == mode)
            for mode in ("off_job", "part_time", "online_class", "online_elective", "mobile")
        }
        assert sums == {name: one.coverage[name] for name in sums}
        targets = {target.name: target for target in one.targets}
        five_year = targets["five_year_hours"].is_met or targets["five_year_days"].is_met
        annual = targets["annual_hours"].is_met or targets["annual_days"].is_met
        assert (five_year, annual, targets["online_hours"].is_met) == (
            one.coverage["meets_five_year"], one.coverage["meets_annual"], one.coverage["meets_online"],
        )  # fmt: skip


def test_no_record_is_left_out_of_an_explanation(
    explained: list[CadreExplanation], published: Published
) -> None:
    ledger = {
        row["cadre_key"]: row["ids"]
        for row in published.rows(
            "select cadre_key, list(ledger_id order by ledger_id) as ids from fct_training group by all"
        )
    }
    for one in explained:
        told = [*one.credited, *one.without_credit, *one.expired, *one.later]
        assert sorted(row["ledger_id"] for row in told) == ledger.get(one.cadre["cadre_key"], [])


def test_every_record_tells_rule_citation_and_source(explained: list[CadreExplanation]) -> None:
    for one in explained:
        for row in [*one.credited, *one.without_credit, *one.expired, *one.later]:
            for name in ("rule_code", "rule_zh", "rule_en", "citation", "source_file", "source_row"):
                assert row[name] is not None, (row["ledger_id"], name)


def test_what_is_missing_for_green_is_enough_and_not_too_much(explained: list[CadreExplanation]) -> None:
    """Somebody sent to exactly these hours must come back green; a tenth less must not be enough."""
    judged = {"red": 0, "yellow": 0, "green": 0}
    for one in explained:
        assert one.coverage is not None and one.missing is not None
        have, lacks, group = one.coverage, one.missing, one.coverage["rank_group"]
        systematic = round(have["systematic_hours"] + lacks.systematic_hours, 1)
        hours = round(have["statutory_hours"] + lacks.hours, 1)
        days = have["statutory_days"] + lacks.days
        assert judge_naively(group, systematic, hours, have["statutory_days"]) == "green"
        assert judge_naively(group, systematic, have["statutory_hours"], days) == "green"
        if lacks.systematic_hours:
            assert judge_naively(group, round(systematic - 0.1, 1), hours, days) == "red"
        if lacks.hours:
            short = judge_naively(group, systematic, round(hours - 0.1, 1), have["statutory_days"])
            assert short == judge_naively(group, systematic, have["statutory_hours"], days - 1) == "yellow"
        judged[have["light"]] += 1
    assert min(judged.values()) > 0


def test_thresholds_are_met_at_exactly_their_value() -> None:
    thresholds = Thresholds(8, 450, 60)
    assert thresholds.judge(Measures(7.9, 450, 60)) == "red"
    assert thresholds.judge(Measures(8, 449.9, 59)) == "yellow"
    assert thresholds.judge(Measures(8, 450, 0)) == thresholds.judge(Measures(8, 0, 60)) == "green"


def test_what_leaves_the_window_is_what_a_later_night_would_find(
    explained: list[CadreExplanation], published: Published
) -> None:
    """A wrong forecast sends nobody to class in time: each forecast day is counted again from the ledger."""
    checked, turned = 0, 0
    for one in explained:
        for leaving in one.leaving[:: max(1, len(one.leaving) // 3)]:
            again = published.row(
                "select round(coalesce(sum(credited_hours) filter (is_statutory), 0), 1) as hours "
                "from fct_training where cadre_key = $key and activity_date <= $as_of "
                "and activity_date > cast($day::date - interval 5 year as date)",
                {"key": one.cadre["cadre_key"], "as_of": one.as_of, "day": leaving.leaves_on},
            )
            days = published.row(
                "select coalesce(sum(class_days), 0) as days from fct_enrollment where cadre_key = $key "
                "and is_statutory and credited_hours > 0 and end_date <= $as_of "
                "and end_date > cast($day::date - interval 5 year as date)",
                {"key": one.cadre["cadre_key"], "as_of": one.as_of, "day": leaving.leaves_on},
            )
            assert again is not None and days is not None
            assert (again["hours"], days["days"]) == (leaving.hours_left, leaving.days_left)
            assert one.coverage is not None
            assert leaving.light == judge_naively(
                one.coverage["rank_group"], leaving.systematic_left, leaving.hours_left, leaving.days_left
            )
            checked += 1
            turned += leaving.light != one.coverage["light"]
    assert checked > 100 and turned > 0


def test_a_leap_day_leaves_on_the_first_day_that_does_not_hold_it(
    simulated_night: Night, tmp_path: Path
) -> None:
    """28 February five years on still reaches back to it: one day too early would be a wrong warning."""
    data_dir = tmp_path / "data"
    shutil.copytree(simulated_night.settings.data_dir / "published", data_dir / "published", symlinks=True)
    settings = Settings(data_dir=data_dir)
    with duckdb.connect(str(settings.zones.warehouse.resolve())) as connection:
        key, first, second = connection.execute(
            "select cadre_key, min(ledger_id), max(ledger_id) from marts.fct_training "
            "where cadre_key in (select cadre_key from marts.mart_cadre_coverage) "
            "group by 1 having count(*) > 1 order by 1 limit 1"
        ).fetchone()
        for ledger_id, day in ((first, "2024-02-29"), (second, "2024-02-28")):
            connection.execute(
                "update marts.fct_training set activity_date = ? where ledger_id = ?", [day, ledger_id]
            )
    with open_published(settings) as opened:
        found = explain_cadre(opened, key)
    leaves = {row["ledger_id"]: row["leaves_on"] for row in [*found.credited, *found.without_credit]}
    assert (leaves[first], leaves[second]) == (date(2029, 3, 1), date(2029, 2, 28))


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("light", ["red", "yellow", "green"])
def test_the_text_says_why_and_what_to_do(explained: list[CadreExplanation], light: str, width: int) -> None:
    found = pick(explained, light)
    text = print_text(found, width)
    assert found.coverage is not None and found.missing is not None
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert {"red": "红灯", "yellow": "黄灯", "green": "绿灯"}[light] in text.splitlines()[0]
    assert ("变为绿灯还差" in text) == (light != "green")
    flat = "".join(text.split())
    for value in (found.missing.systematic_hours, found.missing.hours):
        if value:
            assert f"{value:.1f}".removesuffix(".0") + "学时" in flat
    shown = [row for row in found.without_credit if row["period"] == "window"]
    for row in found.credited[:3] + shown[:1]:
        assert f"]{row['source_row']}" in flat
    for file in {row["source_file"] for row in found.credited}:
        assert file in flat
    assert "五、各主题知识储备" in text and "六、晋升后补训时限" in text


def test_every_record_without_credit_has_its_line(explained: list[CadreExplanation]) -> None:
    """Also one that is credited with nothing: a micro-course of two minutes comes to 0.0 hours."""
    statuses = set()
    for found in explained:
        shown = [row for row in found.without_credit if row["period"] == "window"]
        lines = print_text(found, 160).split("没有计学时的记录")[1].split("四、")[0]
        # Of a class that earned nothing one line stands for all its courses.
        marks = {f"] {row['source_row']}" for row in shown if row["class_id"] is None}
        assert [mark for mark in marks if mark not in lines] == []
        statuses |= {row["credit_status"] for row in shown}
    assert "credited" in statuses


def test_the_english_text_has_no_chinese_words_of_ours(explained: list[CadreExplanation]) -> None:
    text = print_text(pick(explained, "red"), 160, "en")
    assert "Missing for green" in text and "Red" in text
    words = read_yaml(PROJECT_ROOT / "ganxun/explain/words.yml")
    ours = [word["zh"] for word in words.values() if len(word["zh"]) > 3 and "{" not in word["zh"]]
    assert len(ours) > 30
    assert [word for word in ours if word in text] == []


def test_every_reason_for_no_credit_names_its_facts(explained: list[CadreExplanation]) -> None:
    statuses = set()
    for one in explained:
        for row in one.without_credit:
            statuses.add(row["credit_status"])
            if row["credit_status"] == "excess_leave":
                missed = row["leave_hours"] + row["absent_hours"]
                assert missed / (missed + row["attended_hours"]) > row["absence_limit"]
            if row["credit_status"] == "duplicate":
                assert row["other_date"].year == row["activity_date"].year
                assert row["other_hours"] is not None
    assert {"not_passed", "not_completed", "duplicate", "excess_leave"} <= statuses


def test_an_unknown_key_is_refused_without_repeating_it(published: Published) -> None:
    """Somebody may type a person code or a number: it must not end in a log of the terminal."""
    with pytest.raises(UnknownKey) as refused:
        explain_cadre(published, "519900198507160011")
    assert "519900198507160011" not in str(refused.value)


def test_a_name_is_shown_to_the_owner_only_and_never_logged(simulated_night: Night) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    code, name, key = simulated_night.query(
        "select person_code, name, cadre_key from r.restricted.cadre_identity "
        "semi join marts.mart_cadre_coverage using (cadre_key) order by person_code limit 1"
    )[0]
    plain = run_ganxun("explain", "cadre", key, "--data-dir", data_dir)
    assert plain.returncode == 0 and name not in plain.stdout
    assert run_ganxun("explain", "cadre", code, "--data-dir", data_dir).returncode == 2
    named = run_ganxun("explain", "cadre", code, "--restricted", "--data-dir", data_dir)
    assert named.returncode == 0 and name in named.stdout and code not in named.stdout
    machine = run_ganxun("explain", "cadre", code, "--restricted", "--json", "--data-dir", data_dir)
    assert json.loads(machine.stdout)["cadre"]["cadre_key"] == key
    assert name not in machine.stdout and code not in machine.stdout
    logs = b"".join(
        path.read_bytes() for path in simulated_night.settings.zones.logs.rglob("*") if path.is_file()
    )
    assert logs and name.encode() not in logs and code.encode() not in logs


def test_json_holds_the_whole_explanation(explained: list[CadreExplanation]) -> None:
    found = pick(explained, "yellow")
    told = json.loads(json.dumps(asdict(found), default=str, ensure_ascii=False))
    assert told["coverage"]["light"] == "yellow"
    assert len(told["credited"]) == len(found.credited) > 0
    assert told["targets"][0]["rule"]["citation"]


def test_before_the_first_night_it_says_what_to_do(tmp_path: Path) -> None:
    done = run_ganxun("explain", "cadre", "c0", "--data-dir", str(tmp_path))
    assert done.returncode == 1 and "ganxun run" in done.stderr


def test_somebody_elses_restricted_file_is_refused_in_words(
    simulated_night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError), open_published(simulated_night.settings, restricted=True):
        pass


def test_names_come_from_the_restricted_file_alone(simulated_night: Night, published: Published) -> None:
    key = published.rows("select min(cadre_key) as k from mart_cadre_coverage")[0]["k"]
    assert find_name(published, key) is None
    with open_published(simulated_night.settings, restricted=True) as opened:
        assert find_name(opened, key)
