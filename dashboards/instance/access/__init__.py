"""Who may see what in Superset: roles, entitlements, row rules, and the guard on SQL (docs/access.md)."""
