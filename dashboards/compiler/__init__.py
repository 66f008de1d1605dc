"""Definitions and words become Superset's assets: a pure compiler.

It knows neither Superset nor a server nor a data directory; files go in, files come out. Both environments
import it (PyYAML only).
"""
