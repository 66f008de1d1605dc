"""What may leave the machine of a failure: codes and names of models, never what an error quotes."""

from __future__ import annotations

import errno
import sqlite3
from datetime import date

import pytest

from ganxun.alerts.failures import Failure, explain_error, explain_text
from ganxun.alerts.notes import note_failure, read_notes
from ganxun.alerts.tell import tell_night
from ganxun.settings import Settings
from ganxun.steps.build import BuildFailed
from ganxun.steps.lock import WarehouseBusy
from ganxun.steps.machine_faults import DISK_FULL, READ_ONLY
from ganxun.steps.publish import PublishFailed
from tests.alerts.conftest import lead_to
from tests.alerts.planted import DAY_BEFORE, NIGHT, City
from tests.alerts.servers import MailServer, Webhook

NAME, NUMBER, CODE = "欧阳测试", "330102199001011234", "R0001234"
# As dbt-duckdb says it: the value that could not be cast stands in the message, and lines of the table.
QUOTING = (
    f"dbt: dim_cadre (Runtime Error in model dim_cadre: Conversion Error: Could not convert string '{NAME}'"
    f" to INT64; {CODE} (person) {NUMBER}); not_null_fct_training_cadre_key (3 rows fail);"
    f" r0001234 (a code); ouyang_ceshi (a name)"
)


def test_an_error_that_quotes_a_name_sends_only_the_models_it_names(
    city: City, mail_server: MailServer, hook: Webhook
) -> None:
    city.publish(DAY_BEFORE)
    run_id = city.start_run()
    with pytest.raises(BuildFailed), note_failure(city.settings, NIGHT, "build"):
        raise BuildFailed(QUOTING)
    city.end_run(run_id, "failed")
    assert tell_night(city.settings, lead_to(mail_server, hook), NIGHT, build_ended=True).state == "failed"
    kept = "".join(
        path.read_text() for path in (city.settings.data_dir / "alerts").rglob("*") if path.is_file()
    )
    texts = (mail_server.box.text(), mail_server.box.html(), hook.bodies[0].decode(), kept)
    for text in texts:
        assert "dim_cadre" in text or "2026-06-30" in text
        for personal in (NAME, NUMBER, CODE, CODE.lower(), "ouyang"):
            assert personal not in text
    assert "没有通过的是：dim_cadre, not_null_fct_training_cadre_key。" in texts[0]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OSError(errno.ENOSPC, "No space left on device", f"/x/{NAME}"), Failure("disk_full")),
        (OSError(errno.EROFS, "Read-only file system"), Failure("read_only")),
        (MemoryError(), Failure("memory")),
        (BuildFailed("dbt: dim_cadre (Out of Memory Error: failed to pin block)"), Failure("memory")),
        (BuildFailed("dbt could not run: x"), Failure("dbt")),
        (WarehouseBusy("another run is building or publishing in /data"), Failure("busy")),
        (
            PublishFailed("columns that may not be published: marts.dim_unit.name"),
            Failure("publish", ("marts.dim_unit.name",)),
        ),
        (
            BuildFailed(f"identity_decision.csv row 7: decided_on is not {NAME}"),
            Failure("decisions", ("row 7",)),
        ),
        (KeyError(NAME), Failure("unexpected", ("KeyError",))),
        (sqlite3.OperationalError("database or disk is full"), Failure("disk_full")),
    ],
)
def test_a_failure_is_told_by_its_kind(error: BaseException, failure: Failure) -> None:
    assert explain_error(error) == failure


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (f"building: {DISK_FULL}", Failure("disk_full")),
        (f"nothing more could be landed: {READ_ONLY}", Failure("read_only")),
        (f"nothing more could be landed: no folder /srv/{NAME}", Failure("drop")),
        ("building failed unexpectedly (KeyError at /x/y.py:1)", Failure("unexpected", ("KeyError",))),
        (f"something new that quotes {NAME}", Failure("unexpected")),
    ],
)
def test_what_a_night_on_the_command_line_says_is_told_by_its_kind(text: str, failure: Failure) -> None:
    assert explain_text(text) == failure


def test_the_first_night_without_people_is_told_as_that() -> None:
    text = "no readable cadre snapshot up to 2026-06-30: without people there is nothing to build"
    assert explain_text(text) == Failure("no_people")


def test_a_second_build_that_is_killed_is_not_told_with_the_reason_of_the_first(city: City) -> None:
    with pytest.raises(OSError), note_failure(city.settings, NIGHT, "publish"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(MemoryError), note_failure(city.settings, NIGHT, "build"):
        raise MemoryError
    assert read_notes(city.settings, NIGHT) == {"build": Failure("memory")}
    with note_failure(city.settings, NIGHT, "build"):  # kill -9 would leave it here
        assert read_notes(city.settings, NIGHT) == {}


def test_a_step_that_succeeds_at_the_second_try_leaves_no_note(city: City) -> None:
    settings: Settings = city.settings
    with pytest.raises(MemoryError), note_failure(settings, NIGHT, "build"):
        raise MemoryError
    assert read_notes(settings, NIGHT) == {"build": Failure("memory")}
    with note_failure(settings, NIGHT, "build"):
        pass
    assert read_notes(settings, NIGHT) == {}
    assert read_notes(settings, date(2020, 1, 1)) == {}
