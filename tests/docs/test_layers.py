"""Who may import whom: a contract that nothing can break would let the layers run into each other unseen."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.protected import ProtectedContract

from ganxun.docs.rooms import read_imports
from ganxun.settings import PROJECT_ROOT
from tests.test_which import list_tracked

KINDS: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "protected": ProtectedContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}
CONFIGURATION = read_configuration(str(PROJECT_ROOT / "pyproject.toml"))
CONTRACTS: dict[str, dict[str, Any]] = {one["id"]: one for one in CONFIGURATION["contracts_options"]}
# Read by gunicorn, which imports nothing of ours.
NO_MODULE = {"deploy/gunicorn.conf.py"}

# contract, a module of the repository, what it must not import
BREACHES = [
    *(
        ("connectors", "connectors.staging", module)
        for module in (
            *("ganxun.steps.land", "ganxun.settings", "expectations.runner", "dashboards.compiler.naming"),
            *("words.titles", "dags.night", "airflow", "dbt", "great_expectations", "superset"),
        )
    ),
    *(
        ("expectations", "expectations.runner", module)
        for module in (
            "connectors.ledger",
            "ganxun.steps.check",
            "dashboards.instance.home",
            "airflow",
            "dbt",
        )
    ),
    *(
        ("night", importer, module)
        for importer in ("ganxun.night", "ganxun.steps.publish")
        for module in (
            *("ganxun.cli.progress", "ganxun.workshop.bench", "simulator.plan", "ganxun.alerts.tell"),
            *("ganxun.servers", "ganxun.downloads.write", "ganxun.diff.lights", "ganxun.explain.cadre"),
            *("dashboards.instance.bootstrap", "dashboards.compiler.compile", "dags.night"),
        )
    ),
    # by a detour: a step > quarantine > alerts
    ("night", "ganxun.quarantine.apply", "ganxun.alerts.tell"),
    ("simulator", "simulator.ndjson", "connectors.ndjson"),
    ("simulator", "simulator.plan", "ganxun.settings"),
    ("simulator", "simulator.plan", "ganxun.steps.land"),
    ("identity", "ganxun.identity.linkage", "ganxun.steps.build"),
    ("identity", "ganxun.identity.features", "connectors.columns"),
    *(
        ("dags", "dags.build_warehouse", module)
        for module in (
            *("connectors.ledger", "expectations.runner", "dashboards.instance.bootstrap", "yaml_files"),
            *("duckdb", "pyarrow", "pandas", "yaml", "dbt", "great_expectations", "superset"),
        )
    ),
    *(
        ("models", "dbt_project.models.intermediate.identity.int_identity_pair", module)
        for module in ("connectors.columns", "ganxun.settings", "ganxun.steps.identity_inputs")
    ),
    *(
        ("compiler", "dashboards.compiler.sources", module)
        for module in (
            *("dashboards.instance.home", "ganxun.settings", "ganxun.steps.publish", "connectors.zones"),
            *("superset", "flask", "duckdb", "httpx", "sqlalchemy"),
        )
    ),
    *(
        ("instance", "dashboards.instance.published", module)
        for module in ("ganxun.steps.publish", "ganxun.night", "ganxun.cli.servers", "simulator.plan")
    ),
    *(
        ("words", "words.titles", module)
        for module in (
            *("dashboards.compiler.naming", "ganxun.downloads.write", "connectors.contract"),
            *("expectations.words", "ganxun.settings"),
        )
    ),
    *(
        ("yaml-files", "yaml_files", module)
        for module in ("words.titles", "connectors.contract", "expectations.suites", "ganxun.settings")
    ),
    ("terminal", "ganxun.steps.land", "ganxun.cli.progress"),
    ("terminal", "ganxun.diff.report", "ganxun.cli.tables"),
    ("terminal", "dashboards.instance.server", "ganxun.cli.waiting"),
    ("workshop", "ganxun.cli.status", "ganxun.workshop.bench"),
    ("workshop", "ganxun.explain.cadre", "ganxun.docs.models"),
    ("workshop", "simulator.plan", "tests.drops"),
    ("workshop", "ganxun.diff.report", "benchmarks.land"),
    ("airflow", "ganxun.steps.land", "airflow"),
    ("airflow", "tests.steps.test_land", "airflow"),
    ("dbt", "ganxun.steps.check", "dbt"),
    ("dbt", "ganxun.docs.models", "dbt"),
    ("dbt", "ganxun.workshop.bench", "dbt_common"),
    ("great-expectations", "expectations.runner", "great_expectations"),
    ("great-expectations", "ganxun.steps.check", "great_expectations"),
    ("superset", "dashboards.compiler.compile", "superset"),
    ("superset", "ganxun.servers", "superset"),
    ("splink", "ganxun.steps.build", "splink"),
    ("yaml", "connectors.contract", "yaml"),
    ("yaml", "tests.dashboards.test_offline_check", "yaml"),
    ("circles", "connectors.columns", "connectors.academic.reader"),
    ("circles", "dashboards.instance.home", "dashboards.instance.bootstrap"),
    ("circles", "ganxun.settings", "ganxun.steps.lock"),
    ("circles", "ganxun.alerts.not_sent", "ganxun.alerts.mail"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return read_imports(*CONFIGURATION["session_options"]["root_packages"], external=True)


def is_kept(contract: str, graph: grimp.ImportGraph) -> bool:
    options = CONTRACTS[contract]
    made = KINDS[options["type"]](options["name"], CONFIGURATION["session_options"], options)
    return made.check(deepcopy(graph), verbose=False).kept


def test_no_file_of_python_is_out_of_the_contracts_sight(graph: grimp.ImportGraph) -> None:
    files = {str(path) for path in list_tracked() if path.suffix == ".py"} - NO_MODULE
    unseen = {
        file for file in files if file[:-3].replace("/", ".").removesuffix(".__init__") not in graph.modules
    }
    assert len(files) > 400 and unseen == set()
    (configured,) = NO_MODULE
    nodes = ast.walk(ast.parse((PROJECT_ROOT / configured).read_bytes()))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    }
    assert imported == {"os"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_layers_are_kept(contract: str, graph: grimp.ImportGraph) -> None:
    assert is_kept(contract, graph), "`make layers` says where and what to do"


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_an_import_across_the_layers_is_caught(
    contract: str, importer: str, imported: str, graph: grimp.ImportGraph
) -> None:
    assert importer in graph.modules
    assert imported in graph.modules or "." not in imported, "a breach of what is not there shows nothing"
    broken = deepcopy(graph)
    if imported not in broken.modules:
        broken.add_module(imported, is_squashed=True)
    broken.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    assert not is_kept(contract, broken)


def test_every_contract_has_been_seen_failing_and_says_where_the_code_belongs() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)
    for contract, options in CONTRACTS.items():
        assert len(options["broken_contract_guidance"]) > 30, contract


def test_make_layers_reads_the_files_and_tells_where_the_code_belongs(tmp_path: Path) -> None:
    """The same command on a copy of the sources, with an import inside a function of one of them."""
    for path in list_tracked():
        if path.suffix == ".py" or path.name == "pyproject.toml":
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT_ROOT / path, tmp_path / path)
    with (tmp_path / "connectors" / "falls.py").open("a", encoding="utf-8") as module:
        module.write("\n\ndef judge() -> None:\n    from expectations.runner import run_suite\n")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert f"Contracts: {len(CONTRACTS) - 1} kept, 1 broken." in said
    assert "connectors.falls -> expectations.runner" in said
    assert CONTRACTS["connectors"]["broken_contract_guidance"] in said
