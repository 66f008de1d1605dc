"""Superset as code: a compiler of its assets, and the instance that shows them (dashboards/README.md)."""
