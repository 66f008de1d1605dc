"""Reports and alerts in Superset as the definitions say.

Runs in .venv-superset, inside an application context. Without recipients (`GANXUN_REPORT_RECIPIENTS`) they
are there, but switched off. Reports that people made in Superset are left alone.
"""

from __future__ import annotations

import json
from typing import Any

from dashboards.compiler.naming import make_slug
from dashboards.compiler.reports import Report
from dashboards.compiler.sources import Sources
from dashboards.instance.server_setup.environment import ServerSetup

# Marks the reports of the definitions among those that people made.
MARK = "ganxun_report"
TIMEZONE = "Asia/Shanghai"
WORKING_SECONDS = 600
KEPT_DAYS = 365
# A picture of a dashboard on a desk: one_screen dashboards are drawn for this width.
PICTURE_WIDTH = 1440
# Chromium's window has a frame also where nobody sees it: what it takes from the page's height.
FRAME_HEIGHT = 143


def write_schedules(setup: ServerSetup, sources: Sources, reports: list[Report], admin: Any) -> list[str]:
    """Write every report and remove those that left the definitions; returns the names of the active ones."""
    from superset import db
    from superset.reports.models import ReportSchedule

    held = {
        schedule.extra[MARK]: schedule
        for schedule in db.session.query(ReportSchedule).all()
        if MARK in schedule.extra
    }
    for report in reports:
        schedule = held.pop(report.key, None)
        if schedule is None:
            schedule = ReportSchedule()
            db.session.add(schedule)
        _write(schedule, report, setup, sources, admin)
    for gone in held.values():
        db.session.delete(gone)
    db.session.commit()
    return [report.name for report in reports] if setup.recipients else []


def _write(schedule: Any, report: Report, setup: ServerSetup, sources: Sources, admin: Any) -> None:
    from superset import db
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice
    from superset.reports.models import ReportRecipients, ReportRecipientType

    schedule.type = "Alert" if report.sql else "Report"
    schedule.name = schedule.email_subject = report.name
    schedule.description = report.description.strip()
    schedule.crontab, schedule.timezone = report.schedule, TIMEZONE
    schedule.report_format = report.format
    schedule.active = bool(setup.recipients)
    schedule.creation_method = "alerts_reports"
    schedule.owners = [admin]
    schedule.working_timeout, schedule.log_retention = WORKING_SECONDS, KEPT_DAYS
    # Not a word for four hours would hide the second alert of a day; there is one look a day.
    schedule.grace_period = 60
    schedule.force_screenshot, schedule.custom_width = False, PICTURE_WIDTH
    schedule.custom_height = report.height + FRAME_HEIGHT if report.height else None
    schedule.extra = {MARK: report.key}
    chart = dashboard = None
    if report.dashboard:
        slug = make_slug(sources.dashboards[report.dashboard], "zh")
        dashboard = db.session.query(Dashboard).filter_by(slug=slug).one()
    else:
        chart = db.session.query(Slice).filter_by(uuid=report.chart_uuid).one()
    schedule.chart, schedule.dashboard = chart, dashboard
    if report.sql:
        schedule.sql = report.sql
        schedule.database = _find_warehouse()
        schedule.validator_type = "operator"
        schedule.validator_config_json = json.dumps({"op": ">", "threshold": report.above})
    schedule.recipients = [
        ReportRecipients(
            type=ReportRecipientType.EMAIL,
            recipient_config_json=json.dumps({"target": ",".join(setup.recipients)}),
        )
    ]


def _find_warehouse() -> Any:
    from superset import db
    from superset.models.core import Database

    from dashboards.compiler.naming import make_uuid

    return db.session.query(Database).filter_by(uuid=make_uuid("database", "warehouse")).one()
