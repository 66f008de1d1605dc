"""Connector of the cadre-management system (干部管理系统)."""
