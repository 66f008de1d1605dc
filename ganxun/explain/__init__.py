"""`ganxun explain`: why a published number is what it is, from the published files alone.

`cadre` and `unit` read and judge; the command line prints their dataclasses for people or as JSON. No name
leaves the restricted file but onto the screen of its owner.
"""
