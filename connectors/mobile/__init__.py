"""Connector of the mobile app (掌上学堂)."""
