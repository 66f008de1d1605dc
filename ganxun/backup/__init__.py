"""Back up and restore a data directory (docs/reliability.md)."""
