"""`ganxun explain`: why a published number is what it is, from the published files alone.

`cadre` and `unit` read and judge, `show_cadre` and `show_unit` print for people; machines get the dataclasses
as JSON. No name leaves the restricted file but onto the screen of its owner.
"""
