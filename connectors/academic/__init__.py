"""Connector of the academic-affairs system (教务管理系统) and its back-fill workbooks."""
