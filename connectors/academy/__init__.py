"""Connector of the online academy (干部网络学院)."""
