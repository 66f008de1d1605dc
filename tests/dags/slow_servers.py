"""Airflow and Superset as slow as on a busy machine: real processes that take seconds for what they do."""

from __future__ import annotations

import sys
from pathlib import Path

AIRFLOW = """
import json, os, pathlib, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

what = sys.argv[1]
done = pathlib.Path(os.environ["AIRFLOW_HOME"]) / f"done-{what}"
if not done.exists():
    time.sleep(float(os.environ.get("SLOW", "1.5")))
if what == os.environ.get("BROKEN"):
    sys.exit("no space left on device")
if what in ("db", "pools"):
    done.touch()  # nothing is left to do
elif what == "api-server":
    began = time.monotonic()

    class Health(BaseHTTPRequestHandler):
        def do_GET(self):
            state = {"status": "healthy"}
            late = state if time.monotonic() - began > 2 else {"status": "unhealthy"}
            body = json.dumps({"metadatabase": state, "scheduler": late, "dag_processor": late}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    HTTPServer(("127.0.0.1", int(os.environ["AIRFLOW__API__PORT"])), Health).serve_forever()
elif what in ("scheduler", "dag-processor"):
    time.sleep(600)
"""

# `python -m …bootstrap`: writes its steps, and how often it was begun and ended.
BOOTSTRAP = """
import os, pathlib, sys, time

run = pathlib.Path(os.environ["GANXUN_DATA_DIR"]) / "run"

def note(word):
    with (run / "bootstraps").open("a") as notes:
        notes.write(word)

note("(")
password = run.parent / "superset" / "admin_password"
for step in ("loading Superset", "importing 404 dashboards, charts and datasets"):
    (run / "superset.step").write_text(step)
    if not password.exists():
        time.sleep(float(os.environ.get("SLOW", "1.5")))
note(")")
if os.environ.get("BROKEN") == "bootstrap":
    sys.exit("Traceback: what only the log may hold")
password.write_text("secret")
"""

GUNICORN = """
import os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_):
        pass

time.sleep(float(os.environ.get("SLOW", "1.5")))
if os.environ.get("BROKEN") == "gunicorn":
    sys.exit("address in use")
host, port = sys.argv[sys.argv.index("--bind") + 1].split(":")
HTTPServer((host, int(port)), Health).serve_forever()
"""


def write_slow_servers(folder: Path) -> tuple[Path, Path]:
    """The programme `airflow`, and the folder with Superset's `python` and `gunicorn`."""
    folder.mkdir(parents=True)
    for name, text in {"airflow": AIRFLOW, "python": BOOTSTRAP, "gunicorn": GUNICORN}.items():
        (folder / name).write_text(f"#!{sys.executable}\n{text}")
        (folder / name).chmod(0o700)
    return folder / "airflow", folder
