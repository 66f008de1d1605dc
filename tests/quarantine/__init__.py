"""Quarantine worked by people: list, show, release, discard."""
