"""What developers work with: a small built city that is kept, and one model's way from change to proof.

`make workbench` and `make model` (CONTRIBUTING.md). No night, service or command of a deployment uses it.
"""
