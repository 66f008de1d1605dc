"""Superset as code: bundle, import and export, server, photographer (dashboards/README.md)."""
