"""Connectors: from an export file to typed raw Parquet, with everything unreadable in quarantine."""
