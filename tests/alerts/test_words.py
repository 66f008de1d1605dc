"""What a tired person reads: the first line, what is missing and why, what to do, where to look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from connectors.falls import Fall, describe_falls
from connectors.reasons import Reason
from ganxun.alerts.notes import write_note
from ganxun.alerts.tell import tell_night
from ganxun.steps.failures import Failure, StepFailed
from tests.alerts.conftest import lead_to
from tests.alerts.planted import DAY_BEFORE, NIGHT, City
from tests.alerts.servers import MailServer

CUT = Reason("gzip_damaged", {"error": "EOFError"})
FALLS = [Fall("person", 1234, 5678, 1, 0.3), Fall("post", 2000, 9000, 7, 0.3)]
# What a ledger of an older version has of the same, and nothing else.
FELL = (
    "held at the gate: person 1,234 rows, 5,678 before (down 78.3%, limit 30%);"
    " post 2,000 rows, 9,000 in the median of 7 nights (down 77.8%, limit 30%)"
)


@pytest.mark.parametrize("reason", [CUT, str(CUT)], ids=["today", "older"])
def test_a_damaged_file_of_the_academy_is_told_with_its_effect_its_cause_and_its_cure(
    city: City, mail_server: MailServer, reason: Reason | str
) -> None:
    path = city.deliver("academy", NIGHT, "rejected", reason)
    city.deliver_as("academy", path.replace("sessions", "records"), NIGHT, "loaded")
    city.deliver_all(NIGHT, "academy")
    city.publish(NIGHT, rejected={"academy": 1})
    alerts = lead_to(
        mail_server, superset_url="https://kanban.example.test", airflow_url="https://af.example.test"
    )
    tell_night(city.settings, alerts, NIGHT, build_ended=True, airflow_path="/dags/build_warehouse/runs/r1")
    zh, en = mail_server.box.text().split("-" * 60)
    assert zh.splitlines() == [
        "今早看板显示的是 6月30日 的数据，但不完整：缺干部网络学院（一部分）。",
        "",
        "缺什么",
        "  · 干部网络学院：6月30日 的一部分没有读入，其余正常。",
        f"    原因：压缩文件损坏或不完整（{path}）",
        "    影响：这些天的网络学习没有计入，有的灯可能比实际差。",
        "",
        "怎么办",
        "  1. 干部网络学院：请来源系统重新传送该文件。",
        "  2. 文件补到后，下一夜会自动补上；想今天就看到，运行（可以重复运行）：",
        f"    {RUN.format(city=city)}",
        "",
        "到哪里看",
        "  数据质量与运行看板: https://kanban.example.test/superset/dashboard/ganxun-operations/",
        "  Airflow 运行记录: https://af.example.test/dags/build_warehouse/runs/r1",
        "",
    ]
    assert en.strip().splitlines()[:6] == [
        "This morning's dashboards show 30 June, but without part of Online academy.",
        "",
        "What is missing",
        "  - Online academy: a part of 30 June was not read; the rest was.",
        f"    Why: The compressed file is damaged or cut ({path})",
        "    Effect: online learning of these days is not counted: some lights may look worse than they are.",
    ]
    assert "ganxun-operations-en/" in en


RUN = "{city.program} run --drop /srv/exports --date 2026-06-30 --alert --data-dir {city.settings.data_dir}"


def test_a_source_that_is_away_for_three_nights_is_told_with_the_first_of_them(
    city: City, mail_server: MailServer
) -> None:
    city.deliver_all(NIGHT, "mobile")
    city.deliver("mobile", NIGHT - timedelta(days=3))
    city.publish(NIGHT, {"mobile": NIGHT - timedelta(days=3)})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert "· 掌上学堂：从 6月28日 起缺，共 3 天（最近一次收到的是 6月27日 的）。" in text
    assert "- Mobile app: missing since 28 June, 3 days (the newest is of 27 June)." in text
    assert "请联系掌上学堂的管理员补送导出文件" in text


def test_a_source_that_never_came_is_not_given_a_date(city: City, mail_server: MailServer) -> None:
    city.deliver_all(NIGHT, "academic")
    city.publish(NIGHT, {"academic": None})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    assert "· 教务管理系统：从来没有送来过。" in mail_server.box.text()


def test_an_export_that_has_come_since_is_not_asked_for_again(city: City, mail_server: MailServer) -> None:
    city.deliver_all(NIGHT)
    city.publish(NIGHT, {"cadre": DAY_BEFORE})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert "文件现在已经到了" in text and "补送" not in text


def test_a_held_export_is_told_with_its_numbers_and_the_command_that_lets_it_pass(
    city: City, mail_server: MailServer
) -> None:
    city.deliver_all(NIGHT, "cadre")
    city.deliver("cadre", DAY_BEFORE)
    path = city.hold("cadre", NIGHT, FALLS, Reason("held", {"falls": "in other words than these"}))
    city.publish(NIGHT, {"cadre": DAY_BEFORE})
    told = tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    assert told.state == "degraded"
    text = mail_server.box.text()
    assert f"原因：行数骤减，待人工确认（{path}）" in text
    assert [line in text for line in NUMBERS] == [True] * len(NUMBERS)
    assert f"{city.program} accept {path} --why '…' --data-dir {city.settings.data_dir}\n" in text


NUMBERS = (
    "干部只有 1,234 行，上一次 5,678 行，少了 78.3%（限 30%）",
    "任职只有 2,000 行，前 7 夜中位数 9,000 行，少了 77.8%（限 30%）",
    "Cadres: 1,234 rows, before: 5,678, down 78.3% (limit 30%)",
    "Posts: 2,000 rows, the median of 7 nights was 9,000, down 77.8% (limit 30%)",
)


def test_a_file_that_an_older_version_held_is_told_with_its_numbers_too(
    city: City, mail_server: MailServer
) -> None:
    assert str(describe_falls(FALLS)) == FELL
    city.deliver_all(NIGHT, "cadre")
    city.deliver("cadre", DAY_BEFORE)
    city.deliver("cadre", NIGHT, "held", FELL)
    city.publish(NIGHT, {"cadre": DAY_BEFORE})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert [line in text for line in NUMBERS] == [True] * len(NUMBERS)


def test_a_held_correction_of_a_night_that_is_there_waits_for_a_person_too(
    city: City, mail_server: MailServer
) -> None:
    city.deliver_all(NIGHT)
    city.deliver_as("cadre", "cadre/GBGL_20260630_r2.zip", NIGHT, "held", FELL)
    city.publish(NIGHT)
    assert tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True).state == "degraded"
    assert "· 干部管理系统：6月30日 的更正等人确认，暂用先到的那份。" in mail_server.box.text()
    # Once a whole one has been loaded after it, nobody has to decide anything.
    city.deliver_as("cadre", "cadre/GBGL_20260630_r3.zip", NIGHT, "loaded")
    assert tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True).state == "good"


def test_a_damaged_file_that_came_again_whole_is_not_told(city: City, mail_server: MailServer) -> None:
    city.deliver("academy", NIGHT, "rejected", CUT)
    city.deliver_as("academy", "academy/20260630/sessions-0001_r2.ndjson.gz", NIGHT, "loaded")
    city.deliver("cadre", DAY_BEFORE, "rejected", Reason("zip_damaged", {"error": "BadZipFile"}))
    city.deliver_all(NIGHT, "academy")
    city.publish(NIGHT)
    assert tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True).state == "good"


def test_failed_checks_are_named_and_the_figures_shown_are_said_to_be_good(
    city: City, mail_server: MailServer
) -> None:
    from connectors.ledger import Ledger
    from expectations.results import CheckResult

    city.publish(DAY_BEFORE)
    city.deliver_all(NIGHT)
    run_id = city.start_run()
    failed = CheckResult(
        "marts",
        "mart_unit_coverage",
        "due_is_not_halved",
        None,
        "critical",
        False,
        "row_count",
        {"rows": 1},
        "1",
        1,
        "1 of 2",
    )
    with Ledger(city.settings.zones) as ledger:
        ledger.record_checks(run_id, "marts", "marts", [failed])
    city.end_run(run_id, "rejected")
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert text.startswith("今早看板显示的仍是 6月29日 的数据：6月30日 的没有发布（数据质量检查未通过）。")
    assert "没有通过的是：mart_unit_coverage.due_is_not_halved。" in text
    assert "看板上的数字是检查过的，只是旧了 1 天，可以照常使用。" in text
    assert f"{city.program} status --data-dir" in text
    assert "缺什么" not in text


def test_a_killed_build_is_not_told_as_still_running(city: City, mail_server: MailServer) -> None:
    city.publish(DAY_BEFORE)
    city.deliver_all(NIGHT)
    city.start_run()
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    assert "处理中途被强行终止" in mail_server.box.text()


def test_sources_that_lack_the_same_are_one_line_in_a_failed_night(
    city: City, mail_server: MailServer
) -> None:
    city.publish(DAY_BEFORE)
    city.deliver_all(DAY_BEFORE)
    city.deliver("cadre", NIGHT)
    write_note(city.settings, NIGHT, "build", Failure("memory"))
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert "· 教务管理系统、干部网络学院、掌上学堂：从 6月30日 起缺" in text
    assert "- Academic affairs, Online academy and Mobile app: missing since 30 June, 1 day" in text
    assert "GANXUN_MEMORY_LIMIT" in text


def test_a_roll_back_that_nobody_meant_is_seen_in_the_morning(city: City, mail_server: MailServer) -> None:
    city.deliver_all(NIGHT)
    city.publish(NIGHT)
    city.publish(DAY_BEFORE)
    tell_night(city.settings, lead_to(mail_server), NIGHT)
    assert "有人回滚" in mail_server.box.text() and "rollback --list" in mail_server.box.text()


def test_the_very_first_night_does_not_speak_of_figures_that_nobody_has(
    city: City, mail_server: MailServer
) -> None:
    run_id = city.start_run()
    city.end_run(run_id, "failed")
    write_note(city.settings, NIGHT, "build", Failure("no_people"))
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert text.startswith(
        "今早看板还没有任何数据：6月30日 的没有发布（没有可用的干部管理系统数据，无从计算）。"
    )
    assert "检查过的" not in text


def test_a_drop_address_with_a_password_is_not_written_into_a_mail(
    city: City, mail_server: MailServer
) -> None:
    settings = city.settings.model_copy(update={"drop": "sftp://ganxun:geheim@files.example.test/out"})
    tell_night(settings, lead_to(mail_server), NIGHT)
    text = mail_server.box.text()
    assert "geheim" not in text and '--drop "$GANXUN_DROP" --date' in text


class Texts(HTMLParser):
    """The visible text of a page, its links and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.links, self.loads = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"])
        self.loads += [values[name] for name in ("src", "background") if name in values]
        if tag in ("link", "script", "iframe", "img"):
            self.loads.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_says_the_same_and_loads_nothing(city: City, mail_server: MailServer) -> None:
    path = "academic/backfill/<b>2020&年.xlsx"
    city.deliver_as("academic", path, NIGHT, "rejected", "the workbook is damaged (BadZipFile)")
    city.deliver_all(NIGHT, "mobile")
    city.publish(NIGHT, {"mobile": DAY_BEFORE})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    page = Texts()
    page.feed(mail_server.box.html())
    assert page.loads == []
    for line in mail_server.box.text().splitlines():
        if line.strip() and not line.startswith("-----"):
            assert line.strip() in page.text
    assert len(page.links) == 4 and path in page.text


def find_kinds(kind: type[StepFailed]) -> Iterator[type[StepFailed]]:
    """A class of errors with all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from find_kinds(below)


def test_every_failure_and_every_kind_of_trouble_has_words_in_both_languages() -> None:
    from ganxun.alerts import wording
    from ganxun.steps import build, check, failures, lock, machine_faults, publish, raw_schema  # noqa: F401

    codes = {kind.code for kind in find_kinds(failures.StepFailed)} | set(failures._CLASSES.values())
    codes |= {lack.code for lack in vars(machine_faults).values() if isinstance(lack, machine_faults.Lack)}
    codes |= {"dbt", "model", "quarantine_decisions", "drop"}  # given where they are raised
    codes |= {"killed", "running", "never_started", "rolled_back"}
    assert codes == set(wording.FAILURES)
    assert set(wording.ADVICE) - {""} <= codes
    for words in [*wording.FAILURES.values(), *wording.ADVICE.values(), *wording.EFFECTS.values()]:
        assert any("一" <= character <= "龥" for character in words.zh)
        assert words.en.isascii()


@pytest.mark.parametrize("form", [lambda reason: reason, str], ids=["today", "older"])
def test_a_file_that_failed_its_checks_is_told_as_that(city: City, mail_server: MailServer, form) -> None:
    reason = Reason("checks_failed", {"checks": "unit: units_are_delivered"})
    city.deliver("cadre", NIGHT, "rejected", form(reason))
    city.deliver("cadre", DAY_BEFORE)
    city.deliver_all(NIGHT, "cadre")
    city.publish(NIGHT, {"cadre": DAY_BEFORE})
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    text = mail_server.box.text()
    assert "原因：内容检查未通过" in text and "干部管理系统：请来源系统核对导出程序。" in text
    assert "Why: Its content failed the checks" in text
