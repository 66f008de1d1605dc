"""What breaks the rules of study sessions, online flags and the calendar."""

from __future__ import annotations

DATE = "models/marts/shared/dim_date.sql"

BREACHES = {
    "days_of_the_calendar_and_of_the_plan": (DATE, "date_day <= cast(", "date_day < cast("),
    "the_calendar_ends_with_the_next_year": (DATE, " + 1) || '-12-31'", ") || '-12-31'"),
}
