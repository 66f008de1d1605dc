"""One message of trouble and one of recovery a night, whoever calls and however often."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from ganxun.alerts.folder import alert_folder
from ganxun.alerts.memory import read_memory
from ganxun.alerts.notes import write_note
from ganxun.alerts.tell import find_last_night, send_test, tell_night
from ganxun.steps.failures import Failure
from tests.alerts.conftest import lead_to
from tests.alerts.planted import AFTER_THE_HOUR, BEFORE_THE_HOUR, DAY_BEFORE, NIGHT, City
from tests.alerts.servers import MailServer, Webhook


def test_three_failed_tasks_and_a_replay_are_one_mail(city: City, mail_server: MailServer) -> None:
    city.publish(DAY_BEFORE)
    run_id = city.start_run()
    city.end_run(run_id, "failed")
    alerts = lead_to(mail_server)
    for step in ("build", "check", "publish"):
        write_note(city.settings, NIGHT, step, Failure("disk_full"))
        tell_night(city.settings, alerts, NIGHT, build_ended=True)
    tell_night(city.settings, alerts, NIGHT)
    assert mail_server.box.subjects() == [
        "[干训] 6月30日 数据没有发布：磁盘已满 / 30 June is not published: the disk is full"
    ]


def test_a_night_that_never_started_is_told_at_the_hour_and_not_before(
    city: City, mail_server: MailServer, set_clock
) -> None:
    city.publish(DAY_BEFORE)
    set_clock(BEFORE_THE_HOUR)
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).state == "open"
    assert mail_server.box.mails == []
    set_clock(AFTER_THE_HOUR)
    tell_night(city.settings, lead_to(mail_server), NIGHT)
    assert len(mail_server.box.mails) == 1
    assert mail_server.box.text().startswith(
        "今早看板显示的仍是 6月29日 的数据：6月30日 的到 06:30 还没有发布（处理没有开始）。\n"
    )


def test_the_hour_can_be_set(city: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANXUN_NIGHT_PUBLISHED_BY", "06:45")
    late = type(city.settings)(data_dir=city.settings.data_dir)
    assert tell_night(late, lead_to(mail_server), NIGHT).state == "open"


def test_a_build_that_goes_on_past_the_hour_is_told_as_going_on_and_then_as_done(
    city: City, mail_server: MailServer, set_clock
) -> None:
    city.publish(DAY_BEFORE)
    city.deliver_all(NIGHT)
    city.start_run()
    alerts = lead_to(mail_server)
    tell_night(city.settings, alerts, NIGHT)
    city.publish(NIGHT)
    set_clock(AFTER_THE_HOUR + timedelta(minutes=20))
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    tell_night(city.settings, alerts, NIGHT)
    assert mail_server.box.subjects() == [
        "[干训] 6月30日 数据没有发布：还在处理中 / 30 June is not published: it is still being built",
        "[干训] 已恢复：6月30日 数据已发布，四个来源齐全 / recovered: 30 June is published, with all sources",
    ]
    trouble, recovery = mail_server.box.mails
    assert recovery["in-reply-to"] == trouble["message-id"]
    assert "06:31 那条消息不用再管了" in mail_server.box.text()


def test_published_after_all_but_without_a_source_does_not_sound_like_all_is_well(
    city: City, mail_server: MailServer
) -> None:
    city.publish(DAY_BEFORE)
    city.deliver_all(NIGHT, "mobile")
    city.deliver("mobile", DAY_BEFORE)
    alerts = lead_to(mail_server)
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    city.publish(NIGHT, {"mobile": DAY_BEFORE})
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    assert len(mail_server.box.mails) == 2
    text = mail_server.box.text()
    assert text.splitlines()[0] == (
        "已恢复：6月30日 的数据已于 05:40 发布。"
        "今早看板显示的是 6月30日 的数据，但不完整：缺掌上学堂（1 天）。"
    )
    assert "不用再管" not in text


def test_a_good_night_is_silent_unless_people_want_to_hear_of_it(city: City, mail_server: MailServer) -> None:
    city.deliver_all(NIGHT)
    city.publish(NIGHT)
    tell_night(city.settings, lead_to(mail_server), NIGHT, build_ended=True)
    assert mail_server.box.mails == []
    always = lead_to(mail_server, alert_on="always")
    for _ in range(2):
        tell_night(city.settings, always, NIGHT, build_ended=True)
    assert mail_server.box.subjects() == [
        "[干训] 6月30日 数据已发布，四个来源齐全 / 30 June is published, with all sources"
    ]


def test_a_night_without_the_academy_is_told_and_told_again_when_it_is_whole(
    city: City, mail_server: MailServer
) -> None:
    city.deliver_all(NIGHT, "academy")
    city.deliver("academy", DAY_BEFORE)
    city.publish(NIGHT, {"academy": DAY_BEFORE})
    alerts = lead_to(mail_server)
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    city.deliver("academy", NIGHT)
    tell_night(city.settings, alerts, NIGHT)  # it has arrived, but readers do not see it yet
    assert len(mail_server.box.mails) == 1
    city.publish(NIGHT)
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    assert mail_server.box.subjects()[1:] == [
        "[干训] 已恢复：6月30日 数据已发布，四个来源齐全 / recovered: 30 June is published, with all sources"
    ]


def test_a_channel_that_is_down_does_not_cost_the_other_its_message_and_gets_it_later(
    city: City, mail_server: MailServer, hook: Webhook
) -> None:
    mail_server.box.refusals = ["451 later"] * 3
    alerts = lead_to(mail_server, hook)
    told = tell_night(city.settings, alerts, NIGHT, build_ended=True)
    assert told.sent == {"webhook": "trouble"}
    assert told.failed == {"mail": "the mail server answered 451"}
    again = tell_night(city.settings, alerts, NIGHT)
    assert (again.sent, again.failed) == ({"mail": "trouble"}, {})
    assert len(mail_server.box.mails) == len(hook.bodies) == 1


def test_what_could_not_be_told_of_a_night_is_told_in_the_next_one(
    city: City, mail_server: MailServer, set_clock
) -> None:
    city.publish(DAY_BEFORE)
    city.deliver_all(NIGHT)
    tell_night(city.settings, lead_to(None, alert_mail_to="a@b.test", smtp_port=1), NIGHT)
    city.publish(NIGHT)
    the_next = NIGHT + timedelta(days=1)
    city.deliver_all(the_next)
    city.publish(the_next)
    set_clock(AFTER_THE_HOUR + timedelta(days=1))
    for _ in range(2):
        tell_night(city.settings, lead_to(mail_server), the_next, build_ended=True)
    assert mail_server.box.subjects() == ["[干训] 补发 2026-06-30 的消息 / messages not delivered before"]
    assert "2026-06-30: 今早看板显示的仍是 6月29日 的数据" in mail_server.box.text()


def test_what_is_owed_of_a_night_is_part_of_the_next_nights_one_message(
    city: City, mail_server: MailServer, set_clock
) -> None:
    city.publish(DAY_BEFORE)
    tell_night(city.settings, lead_to(None, alert_mail_to="a@b.test", smtp_port=1), NIGHT)
    set_clock(AFTER_THE_HOUR + timedelta(days=1))
    tell_night(city.settings, lead_to(mail_server), NIGHT + timedelta(days=1))
    assert len(mail_server.box.mails) == 1
    text = mail_server.box.text()
    assert text.startswith("今早看板显示的仍是 6月29日 的数据：7月1日 的到 06:30 还没有发布")
    assert "此前没能送达的消息\n  2026-06-30: " in text


def test_a_crash_after_sending_sends_the_same_id_again_so_that_copies_fall_together(
    city: City, mail_server: MailServer
) -> None:
    alerts = lead_to(mail_server)
    tell_night(city.settings, alerts, NIGHT)
    (alert_folder(city.settings) / "told.json").unlink()
    tell_night(city.settings, alerts, NIGHT)
    first, second = mail_server.box.mails
    assert first["message-id"] == second["message-id"] == "<ganxun.2026-06-30.trouble@localhost.localdomain>"


def test_a_memory_that_is_cut_off_does_not_silence_the_night(city: City, mail_server: MailServer) -> None:
    tell_night(city.settings, lead_to(mail_server), DAY_BEFORE)
    path = alert_folder(city.settings) / "told.json"
    path.write_text(path.read_text()[:40])
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).sent == {"mail": "trouble"}


def test_a_full_disk_does_not_silence_the_night(
    city: City, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The folder of the memory is a file: whatever is written there fails, as on a full disk.
    alert_folder(city.settings).write_text("")
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).sent == {"mail": "trouble"}
    write_note(city.settings, NIGHT, "build", Failure("disk_full"))  # and noting it raises nothing


def test_a_broken_ledger_is_told_and_not_silent(city: City, mail_server: MailServer) -> None:
    city.publish(DAY_BEFORE)
    city.settings.zones.ledger.write_bytes(b"no database at all" * 1000)
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).sent == {"mail": "trouble"}
    assert "台账（ledger.sqlite）打不开" in mail_server.box.text()


def test_a_warehouse_that_does_not_open_is_told_and_not_silent(city: City, mail_server: MailServer) -> None:
    city.publish(NIGHT)
    city.settings.zones.warehouse.resolve().write_bytes(b"cut")
    tell_night(city.settings, lead_to(mail_server), NIGHT)
    assert mail_server.box.text().startswith("今早看板打不开：")


def test_a_damaged_workbook_is_named_in_one_night_and_not_in_every_one(
    city: City, mail_server: MailServer, set_clock
) -> None:
    path = "academic/backfill/2020年干部教育培训数据.xlsx"
    city.deliver_as("academic", path, NIGHT, "rejected", "the workbook is damaged (BadZipFile)")
    city.deliver_all(NIGHT)
    city.publish(NIGHT)
    alerts = lead_to(mail_server)
    tell_night(city.settings, alerts, NIGHT, build_ended=True)
    assert f"补录工作簿 {path}：工作簿损坏" in mail_server.box.text()
    the_next = NIGHT + timedelta(days=1)
    city.deliver_all(the_next)
    city.publish(the_next)
    set_clock(AFTER_THE_HOUR + timedelta(days=1))
    assert tell_night(city.settings, alerts, the_next, build_ended=True).state == "good"
    assert len(mail_server.box.mails) == 1


def test_nobody_to_tell_is_no_fault_and_leaves_nothing_behind(city: City) -> None:
    told = tell_night(city.settings, lead_to(), NIGHT)
    assert not told.has_channels and "GANXUN_ALERT_MAIL_TO" in told.describe()
    assert not alert_folder(city.settings).exists()


def test_only_the_owner_can_read_what_is_remembered(city: City, mail_server: MailServer) -> None:
    write_note(city.settings, NIGHT, "build", Failure("memory"))
    tell_night(city.settings, lead_to(mail_server), NIGHT)
    found: list[Path] = [alert_folder(city.settings), *alert_folder(city.settings).rglob("*")]
    assert {path.name for path in found} >= {"told.json", "build.json", ".lock"}
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_memory_does_not_grow_for_ever(city: City, mail_server: MailServer, set_clock) -> None:
    for number in range(33):
        set_clock(AFTER_THE_HOUR + timedelta(days=number))
        tell_night(city.settings, lead_to(mail_server), NIGHT + timedelta(days=number))
    assert len(read_memory(city.settings).nights) == 31
    assert len(mail_server.box.mails) == 33


def test_the_last_night_is_of_the_day_before_in_shanghai(city: City, set_clock) -> None:
    assert find_last_night(city.settings) == NIGHT
    set_clock(BEFORE_THE_HOUR - timedelta(hours=6))  # 23:40 of the 30th: the night to the 30th was last
    assert find_last_night(city.settings) == DAY_BEFORE


def test_a_test_message_is_no_message_of_a_night(city: City, mail_server: MailServer) -> None:
    assert send_test(city.settings, lead_to(mail_server)) == {"mail": ""}
    assert mail_server.box.text().startswith("这是一条测试消息，无需处理")
    assert tell_night(city.settings, lead_to(mail_server), NIGHT).sent == {"mail": "trouble"}
