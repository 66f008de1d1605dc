"""What breaks the rules of knowledge reserve, call-up and warnings."""

from __future__ import annotations

CALL_UP = "models/intermediate/call_up"

BREACHES = {
    "reserve_halves_with_each_half_life_and_ends_at_100": (
        f"{CALL_UP}/int_cadre_knowledge.sql",
        "ledger.activity_date >= due.window_start",
        "ledger.activity_date > due.window_start",
    ),
}
