"""The files of deploy/: units that systemd takes, a compose file of the specification, a clean Dockerfile.

compose-spec.json is the Compose Specification's own schema (compose-spec/compose-spec, Apache-2.0).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from dashboards.compiler.reports import compile_reports, read_reports
from dashboards.compiler.sources import DefinitionError, read_sources
from dashboards.instance.home import METADATA_VARIABLE, PROJECT_ROOT
from dashboards.instance.server_setup.cache_keys import identify_version
from dashboards.instance.server_setup.environment import REDIS_VARIABLE, ServerSetup, SetupError
from dashboards.instance.server_setup.units import (
    INSTALLED_DATA,
    INSTALLED_PROJECT,
    UNITS,
    read_unit,
    read_values,
)
from yaml_files import read_yaml

DEPLOY = PROJECT_ROOT / "deploy"
SCHEMA = json.loads(Path(__file__).with_name("compose-spec.json").read_text(encoding="utf-8"))
SERVICES = sorted(path.stem for path in UNITS.glob("*.service"))
METADATA = "postgresql+psycopg2://superset:geheim@db/superset"
REDIS = "redis://:geheim@cache:6379/0"


def read_compose() -> dict:
    return read_yaml(DEPLOY / "compose.yaml")


def read_example_settings() -> dict[str, str]:
    lines = (DEPLOY / "superset.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed here")
    for path in UNITS.glob("ganxun*.*"):
        if path.suffix in (".service", ".timer", ".target"):
            text = path.read_text(encoding="utf-8").replace(INSTALLED_PROJECT, str(PROJECT_ROOT))
            # The environments are made by `make setup`; what is looked at here is the unit.
            text = text.replace(f"{PROJECT_ROOT}/.venv-superset/bin/", "/usr/bin/env ")
            (tmp_path / path.name).write_text(text.replace("User=ganxun\nGroup=ganxun\n", ""))
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "ganxun" in line] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_writes_beyond_its_folders_or_runs_as_root(name: str) -> None:
    values = read_values((UNITS / f"{name}.service").read_text(encoding="utf-8"))
    assert values["User"] == ["ganxun"] and values["NoNewPrivileges"] == ["yes"]
    assert values["ProtectSystem"] == ["strict"] and values["UMask"] == ["0077"]
    assert all(path.startswith(INSTALLED_DATA + "/") for path in values["ReadWritePaths"][0].split())
    unit = read_unit(name, Path("/data"))
    assert not any(INSTALLED_PROJECT in text or INSTALLED_DATA in text for text in unit.command)


def test_the_compose_file_is_one_of_the_specification() -> None:
    compose = read_compose()
    faults = [fault.message for fault in jsonschema.Draft7Validator(SCHEMA).iter_errors(compose)]
    assert faults == []
    compose["services"]["web"]["portz"] = []
    assert list(jsonschema.Draft7Validator(SCHEMA).iter_errors(compose)), "the schema sees a slip"


def test_containers_start_what_the_units_start() -> None:
    services = read_compose()["services"]
    for service, unit in (
        ("bootstrap", "ganxun-superset-bootstrap"),
        ("worker", "ganxun-superset-worker"),
        ("beat", "ganxun-superset-beat"),
    ):
        (command,) = read_values((UNITS / f"{unit}.service").read_text(encoding="utf-8"))["ExecStart"]
        words = command.replace("--hostname worker@%H", "").split()
        assert services[service]["command"] == words, service
    (web,) = read_values((UNITS / "ganxun-superset.service").read_text(encoding="utf-8"))["ExecStart"]
    last = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").rstrip().splitlines()[-1]
    assert json.loads(last.removeprefix("CMD ")) == web.split()


def test_what_the_image_copies_is_sent_to_its_build() -> None:
    """A line of COPY without its exception in the ignore file ends the build."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ")}
    sent = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied == {line.removeprefix("!") for line in sent if line.startswith("!")}


@pytest.mark.e2e
def test_the_image_lacks_nothing_that_superset_imports(tmp_path: Path) -> None:
    for line in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY "):
            _, source, target = line.split()
            copied = tmp_path / Path(target).relative_to(INSTALLED_PROJECT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            if (PROJECT_ROOT / source).is_dir():
                shutil.copytree(PROJECT_ROOT / source, copied)
            else:
                shutil.copy(PROJECT_ROOT / source, copied)
    program = (
        "import dashboards.instance.bootstrap, dashboards.instance.access.sync;"
        "import dashboards.instance.downloads, dashboards.instance.server_setup.health;"
        "from dashboards.compiler.compile import compile_files;"
        "from dashboards.compiler.sources import read_sources;"
        "from ganxun.cookbook import load_examples;"
        "assert compile_files(read_sources()) and load_examples()"
    )
    done = subprocess.run(
        [str(PROJECT_ROOT / ".venv-superset/bin/python"), "-c", program],
        env={"PYTHONPATH": str(tmp_path), "GANXUN_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_superset_in_containers_cannot_write_what_is_published() -> None:
    for name, service in read_compose()["services"].items():
        if name not in ("postgres", "redis"):
            published = [volume for volume in service["volumes"] if "/published" in volume]
            assert published and all(volume.endswith(":ro") for volume in published), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_the_dockerfile_has_no_fault_that_hadolint_knows(tmp_path: Path) -> None:
    hadolint = str(Path(sys.executable).with_name("hadolint"))
    done = subprocess.run([hadolint, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian:latest\nRUN cd /tmp && sudo apt-get install curl\n")
    assert subprocess.run([hadolint, str(bad)], capture_output=True, check=False).returncode == 1


def test_every_setting_of_the_server_setup_stands_in_the_example_and_in_the_docs() -> None:
    source = (PROJECT_ROOT / "dashboards/instance/server_setup/environment.py").read_text(encoding="utf-8")
    source += (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    used = set(re.findall(r'"(GANXUN_[A-Z_]+)"', source))
    example = read_example_settings()
    page = (PROJECT_ROOT / "docs" / "server-setup.md").read_text(encoding="utf-8")
    used -= {"GANXUN_SUPERSET_INTERNAL_URL"}
    assert used <= example.keys()
    assert [name for name in used | example.keys() if f"`{name}`" not in page] == []


def test_the_demo_is_not_turned_into_a_server_by_half_a_setting() -> None:
    assert ServerSetup.from_environment({}) is None
    assert ServerSetup.from_environment({METADATA_VARIABLE: METADATA}) is None
    with pytest.raises(SetupError, match="SQLite"):
        ServerSetup.from_environment({REDIS_VARIABLE: REDIS})
    example = ServerSetup.from_environment(read_example_settings())
    assert example is not None and example.recipients == () and not example.is_https


def test_no_password_is_shown_where_settings_are() -> None:
    setup = ServerSetup.from_environment({REDIS_VARIABLE: REDIS, METADATA_VARIABLE: METADATA})
    assert "geheim" not in repr(setup)


@pytest.mark.parametrize("text", ["zuzhibu", "a@b@c", "@b", "a@"])
def test_a_mistyped_recipient_stops_the_start_and_not_the_mail(text: str) -> None:
    settings = {REDIS_VARIABLE: REDIS, METADATA_VARIABLE: METADATA, "GANXUN_REPORT_RECIPIENTS": text}
    with pytest.raises(SetupError, match="no mail address"):
        ServerSetup.from_environment(settings)


def test_a_version_published_again_is_another_publication(tmp_path: Path) -> None:
    link = tmp_path / "warehouse.duckdb"
    assert identify_version([link]) == ["current: none", "warehouse.duckdb: none"]
    link.symlink_to(Path("current") / link.name)
    for swapped in (tmp_path / "current", link):  # as it is now, and one link a file, as it was at first
        seen = []
        for target in ("one", "two", "one"):
            new = tmp_path / "new"
            new.symlink_to(target)
            new.rename(swapped)
            seen.append(tuple(identify_version([link])))
        assert len(set(seen)) == 3


def test_reports_send_published_columns_only(tmp_path: Path) -> None:
    reports, sources = read_reports(), read_sources()
    assert reports and compile_reports(sources, reports)
    for report in reports:
        assert report.dashboard is None or report.dashboard in sources.dashboards
        assert report.table is None or sources.schemas[report.table] != "restricted", "mails hold no names"
    written = (PROJECT_ROOT / "dashboards/compiler/definitions/reports/monthly_units.yaml").read_text(
        encoding="utf-8"
    )
    for slip, message in (
        (("format: CSV", "format: PNG"), "cannot be sent"),
        (("member_code", "no_code"), "no_code"),
    ):
        (tmp_path / "slip.yaml").write_text(written.replace(*slip), encoding="utf-8")
        with pytest.raises(DefinitionError, match=message):
            compile_reports(sources, read_reports(tmp_path))
