"""A running Superset: where its state lies, how it is filled, started, guarded and looked at.

Takes what dashboards/compiler makes; `access` says who may see what, `server_setup` serves an organisation.
"""
