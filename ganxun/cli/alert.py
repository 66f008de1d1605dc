"""The part of the command line that tells people about a night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganxun.cli.options import AsJson, DataDir, read_day, read_settings
from ganxun.cli.terminal import print_json, remark, say

if TYPE_CHECKING:
    from ganxun.alerts.alert_settings import AlertSettings
    from ganxun.night import NightReport
    from ganxun.settings import Settings

app = typer.Typer()


@app.command()
def alert(
    business_date: Annotated[
        str | None, typer.Option("--date", help="Night of this business date; default: the last night.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the night's message, told or not; send nothing.")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="Send a test message by every channel.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell people what they have not been told of a night: mail and webhook, one message a night.

    Exit 0: told, or nothing to tell. 1: a message could not be sent. 2: wrong or missing settings.
    """
    from ganxun.alerts.tell import find_last_night, tell_night

    settings, alerts = read_settings(data_dir), read_alert_settings()
    if alerts is None or (test and not alerts.channels):
        if alerts is not None:
            _complain("nobody to tell: set GANXUN_ALERT_MAIL_TO or GANXUN_ALERT_WEBHOOK_URL")
        raise typer.Exit(2)
    night = read_day(business_date) if business_date else find_last_night(settings)
    if test:
        _send_test(settings, alerts, as_json)
    elif dry_run:
        _preview(settings, alerts, night.isoformat(), as_json)
    else:
        told = tell_night(settings, alerts, night)
        _print_told(told.describe(), vars(told), as_json)
        if told.failed:
            raise typer.Exit(1)


def tell_after_run(settings: Settings, report: NightReport) -> None:
    """Tell people about a night that `ganxun run` has ended; its exit code stands, whatever happens here."""
    from ganxun.alerts.notes import clear_notes, write_note
    from ganxun.alerts.tell import tell_night

    alerts = read_alert_settings()
    if alerts is None:
        return
    night = report.business_date
    clear_notes(settings, night)
    for source, failure in report.not_landed.items():
        write_note(settings, night, f"land_{source}", failure)
    if report.cause is not None:
        write_note(settings, night, "build", report.cause)
    remark(tell_night(settings, alerts, night, build_ended=True).describe())


def read_alert_settings() -> AlertSettings | None:
    """The settings of messages; None, and a complaint, where they are wrong (values are not repeated)."""
    from pydantic import ValidationError

    from ganxun.alerts.alert_settings import AlertSettings

    try:
        return AlertSettings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_context=False, include_url=False):
            name = "".join(f"GANXUN_{part}".upper() for part in fault["loc"])
            _complain(f"{name}: {fault['msg']}" if name else fault["msg"])
        return None


def _send_test(settings: Settings, alerts: AlertSettings, as_json: bool) -> None:
    from ganxun.alerts.tell import send_test

    results = send_test(settings, alerts)
    text = "; ".join(f"{channel}: {reason or 'sent'}" for channel, reason in results.items())
    _print_told(text, {str(channel): reason for channel, reason in results.items()}, as_json)
    if any(results.values()):
        raise typer.Exit(1)


def _preview(settings: Settings, alerts: AlertSettings, night: str, as_json: bool) -> None:
    from ganxun.alerts.tell import preview_night

    _, message = preview_night(settings, alerts, read_day(night))
    if as_json:
        print_json({"subject": message.subject, "text": message.render_text(), **message.event})
        return
    say(f"Subject: {message.subject}\n", "bold")
    say(message.render_text())


def _print_told(text: str, values: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(values)
    else:
        say(text)


def _complain(text: str) -> None:
    remark(text, "red")
