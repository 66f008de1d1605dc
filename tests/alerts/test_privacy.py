"""What may leave the machine of a failure: codes and names of models, never what an error quotes."""

from __future__ import annotations

import errno
import sqlite3
from datetime import date

import pytest

from ganxun.alerts.notes import note_failure, read_notes
from ganxun.alerts.tell import tell_night
from ganxun.settings import Settings
from ganxun.steps.build import BuildFailed
from ganxun.steps.failures import Failure, explain_error, explain_landing
from ganxun.steps.lock import WarehouseBusy
from ganxun.steps.machine_faults import READ_ONLY, MachineFault
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
        raise BuildFailed(QUOTING, "dim_cadre", "not_null_fct_training_cadre_key", code="model")
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
        (BuildFailed("dbt could not run: x", code="dbt"), Failure("dbt")),
        (WarehouseBusy("another run is building or publishing in /data"), Failure("busy")),
        (
            PublishFailed("columns that may not be published: …", "marts.dim_unit.name"),
            Failure("publish", ("marts.dim_unit.name",)),
        ),
        (
            BuildFailed(f"identity_decision.csv row 7: decided_on is not {NAME}", "row 7", code="decisions"),
            Failure("decisions", ("row 7",)),
        ),
        (KeyError(NAME), Failure("unexpected", ("KeyError",))),
        (sqlite3.OperationalError("database or disk is full"), Failure("disk_full")),
    ],
)
def test_a_failure_is_told_by_its_kind(error: BaseException, failure: Failure) -> None:
    assert explain_error(error) == failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (MachineFault(READ_ONLY), Failure("read_only")),
        (FileNotFoundError(f"no folder /srv/{NAME}"), Failure("drop")),
    ],
)
def test_a_source_that_could_not_be_landed_is_told_by_its_kind(error: OSError, failure: Failure) -> None:
    assert explain_landing(error) == failure


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
