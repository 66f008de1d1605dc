"""Ganxun: the nightly consolidation of officials' education and training into one warehouse."""

__version__ = "0.2.0"
