"""Quarantine worked by people: what is left out, what was decided about it, and loading what was released."""
