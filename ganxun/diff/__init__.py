"""`ganxun diff`: what changed between the builds of two dates, and which cadres changed light and why.

`versions` finds or makes the two files, `tables` compares table by table, `lights` finds the reasons; the
command line prints. All of it reads de-identified files only.
"""
