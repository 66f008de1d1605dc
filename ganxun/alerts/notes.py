"""Notes of failed steps: the ledger knows that a run failed, `alerts/notes/<date>/<step>.json` knows why.

A killed process leaves none; then the ledger's run that never ended is what there is to tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import structlog

from connectors.zones import OWNER_ONLY_DIR
from ganxun.alerts.folder import alert_folder, make_folder, write_owner_only
from ganxun.settings import Settings
from ganxun.steps.failures import Failure, explain_error

_STEPS = ("build", "check", "publish")
log = structlog.get_logger()


@contextmanager
def note_failure(settings: Settings, business_date: date, step: str) -> Iterator[None]:
    """Keep the reason of a step that fails for the night's message.

    `step` is `build`, `check`, `publish` or `land_<source>`. What an earlier try left of it, and of the steps
    after it, is forgotten first: a try that is killed must not be told with the reason of another. A note
    that cannot be written (a full disk) changes nothing about the step.
    """
    later = _STEPS[_STEPS.index(step) :] if step in _STEPS else (step,)
    with suppress(OSError):
        for each in later:
            _note_file(settings, business_date, each).unlink(missing_ok=True)
    try:
        yield
    except BaseException as error:
        write_note(settings, business_date, step, explain_error(error))
        raise


def write_note(settings: Settings, business_date: date, step: str, failure: Failure) -> None:
    """Write the reason of one step of a night; errors of the disk are logged, not raised."""
    path = _note_file(settings, business_date, step)
    try:
        make_folder(settings)
        for folder in (path.parent.parent, path.parent):  # with `parents`, the upper one gets another mode
            folder.mkdir(mode=OWNER_ONLY_DIR, exist_ok=True)
        write_owner_only(path, json.dumps({"code": failure.code, "names": failure.names}))
    except OSError as error:
        log.warning("failure not noted", step=step, error=type(error).__name__)


def read_notes(settings: Settings, business_date: date) -> dict[str, Failure]:
    """Reasons of the failed steps of a night, by step; one that cannot be read is left out."""
    notes = {}
    with suppress(OSError):
        for path in sorted(_note_folder(settings, business_date).glob("*.json")):
            with suppress(OSError, ValueError, KeyError, TypeError):
                found = json.loads(path.read_text(encoding="utf-8"))
                notes[path.stem] = Failure(str(found["code"]), tuple(map(str, found["names"])))
    return notes


def clear_notes(settings: Settings, business_date: date) -> None:
    """Forget what failed in a night before it is run again as a whole."""
    with suppress(OSError):
        for path in _note_folder(settings, business_date).glob("*.json"):
            path.unlink(missing_ok=True)


def forget_notes(settings: Settings, nights: int) -> None:
    """Remove the notes of all but the last nights."""
    with suppress(OSError):
        for folder in sorted((alert_folder(settings) / "notes").iterdir())[:-nights]:
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            folder.rmdir()


def _note_folder(settings: Settings, business_date: date) -> Path:
    return alert_folder(settings) / "notes" / business_date.isoformat()


def _note_file(settings: Settings, business_date: date, step: str) -> Path:
    return _note_folder(settings, business_date) / f"{step}.json"
