"""Gunicorn's settings for Superset's server setup; each can be set in /etc/ganxun/superset.env."""

import os

bind = os.environ.get("GANXUN_SUPERSET_BIND", "127.0.0.1:8088")
workers = int(os.environ.get("GANXUN_SUPERSET_WORKERS", "2"))
threads = int(os.environ.get("GANXUN_SUPERSET_THREADS", "8"))
worker_class = "gthread"
timeout = 120
graceful_timeout = 30
# A new worker after this many requests: slow leaks of long-running Python never matter.
max_requests = 5000
max_requests_jitter = 500
# Explore's addresses are long.
limit_request_line = 0
# Never true: with a PostgreSQL metadata database the forked workers would share one connection.
preload_app = False
control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 the heartbeat file must not lie on a slow disk
# TLS without a proxy in front; both or none.
certfile = os.environ.get("GANXUN_TLS_CERTIFICATE") or None
keyfile = os.environ.get("GANXUN_TLS_KEY") or None
