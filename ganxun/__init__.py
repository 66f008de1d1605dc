"""Ganxun: the nightly consolidation of officials' education and training into one warehouse."""

__version__ = "0.1.0"
