# Two commands on a fresh machine: `make run` and `make test`. Everything else is for developers.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .tools/bin/uv
VENV := .venv/bin
export UV_LINK_MODE ?= copy
# Where Python may not write byte code, every command would compile its libraries again: two thirds of its time.
export UV_COMPILE_BYTECODE ?= 1

.PHONY: help
help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv

.venv/.installed: requirements/pipeline.txt pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing --python 3.11 .venv
	$(UV) pip sync --quiet --require-hashes -p $(VENV)/python requirements/pipeline.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -p $(VENV)/python -e .
	@touch $@

.venv-superset/.installed: requirements/superset.txt | $(UV)
	$(UV) venv --quiet --allow-existing --python 3.11 .venv-superset
	$(UV) pip sync --quiet --require-hashes -p .venv-superset/bin/python requirements/superset.txt
	@touch $@

.PHONY: lock
lock: $(UV) ## compile requirements/*.in into locks with hashes
	for e in pipeline superset; do $(UV) pip compile --quiet --generate-hashes --no-emit-index-url \
	  --python-version 3.11 --custom-compile-command "make lock" requirements/$$e.in -o requirements/$$e.txt; done

# Chromium and Chinese fonts for the dashboards' pictures and browser tests; nothing to do where they are there.
.tools/.system:
	@mkdir -p .tools
	@if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi 'Noto Sans CJK'; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-noto-cjk fontconfig >/dev/null; fi
	@touch $@

# PostgreSQL, Redis and the browser's driver for Superset's server setup. The trial and the tests start servers
# of their own on free ports, whatever Debian starts.
.tools/.server:
	@mkdir -p .tools
	@if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || ! command -v redis-server >/dev/null \
	  || ! command -v chromedriver >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    postgresql redis-server chromium chromium-driver >/dev/null; fi
	@touch $@

.PHONY: server-packages
server-packages: .tools/.server ## Debian's PostgreSQL, Redis and chromedriver, for server-up and the live tests

.PHONY: server-up
server-up: setup server-packages ## try Superset's server setup here: PostgreSQL, Redis, Celery, gunicorn
	$(VENV)/python -m dashboards.instance.server_setup.trial up

.PHONY: server-down
server-down: ## end it; its users and own charts are thrown away
	$(VENV)/python -m dashboards.instance.server_setup.trial down

.PHONY: setup
setup: .venv/.installed .venv-superset/.installed .tools/.system ## both environments and what browser tests need

DEMO_DATE := 2026-06-30
DEMO_DROP := data/samples/city-2000

# Written again when the simulator changes; the marker lies beside the drop, where no connector looks.
$(DEMO_DROP).written: .venv/.installed $(wildcard simulator/*.py)
	rm -rf $(DEMO_DROP) $(DEMO_DROP).truth
	$(VENV)/ganxun simulate --out $(DEMO_DROP) --cadres 2000 --from 2021-01-01 --to $(DEMO_DATE) --seed 7 --nights 2
	@touch $@

.PHONY: run
run: .venv/.installed $(DEMO_DROP).written ## a whole night on a made-up city, to a published warehouse
	$(VENV)/ganxun run --drop $(DEMO_DROP) --date $(DEMO_DATE)

# Byte code of our own modules is written where the machine would not: each of the tests' processes would compile them.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(VENV)/python -m pytest -n 2 --dist worksteal --durations 10

.PHONY: quick
quick: .venv/.installed ## lint, types and every test without a dbt build, Superset, browser or server: minutes
	@$(MAKE) --no-print-directory -j 2 lint quick-tests

.PHONY: quick-tests
quick-tests: .venv/.installed
	GANXUN_TESTS_QUICK=1 $(PYTEST)

P ?=

.PHONY: test-of
test-of: setup ## P="connectors ganxun/diff": what a change there can break (tests/which.yml)
	tests=$$($(VENV)/python -m tests.which $(P)) && $(PYTEST) -m "not live and not pictures" $$tests

.PHONY: test
test: setup lint ## every test but the slowest, on two cores, after set-up without network
	$(PYTEST) -m "not live and not pictures"

.PHONY: test-live
test-live: setup server-packages ## tests that keep real servers running for minutes: Airflow, the server setup
	$(VENV)/python -m pytest -m live

.PHONY: test-pictures
test-pictures: setup ## every dashboard as every role, in both languages, on a desk's screen and a phone
	$(VENV)/python -m pytest -m pictures -n 2 --dist worksteal --durations 10

SEED ?= 1
MINUTES ?= 30

.PHONY: soak
soak: .venv/.installed ## deliveries in any order and kills at random, for MINUTES from SEED: always the same warehouse
	$(VENV)/python -m tests.faults.soak --seed $(SEED) --minutes $(MINUTES)

.PHONY: lint
lint: .venv/.installed layers ## ruff, layers, mypy, sqlfluff
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 types lint-sql

.PHONY: layers
layers: .venv/.installed ## who may import whom (the contracts in pyproject.toml): a second
	$(VENV)/lint-imports --no-logo --no-cache

.PHONY: types
types: .venv/.installed
	$(VENV)/mypy

.PHONY: lint-sql
lint-sql: .venv/.installed
	$(VENV)/sqlfluff lint dbt_project/models dbt_project/tests docs/cookbook --disable-progress-bar

.PHONY: workbench
workbench: .venv/.installed ## a small built city for `make model` and for dbt in dbt_project/; kept, made anew when out of date
	$(VENV)/python -m ganxun.workshop bench

.PHONY: model
model: .venv/.installed ## M="NAME ..." (+NAME: all before it, too): build and test models on the workbench, show ten rows
	$(VENV)/python -m ganxun.workshop model $(M)

.PHONY: up
up: setup ## start Airflow and Superset; prints addresses and passwords (GANXUN_DROP: your exports)
	if [ -n "$$GANXUN_DROP" ]; then $(VENV)/ganxun up; else GANXUN_DROP=$(DEMO_DROP) $(VENV)/ganxun up --demo; fi

.PHONY: down
down: ## end them
	$(VENV)/ganxun down

DOCS_PORT ?= 8090

.PHONY: docs
docs: .venv/.installed ## data dictionary, ER diagram, cookbook, rooms; dbt's site, served on loopback (DOCS_PORT)
	$(VENV)/python -m ganxun.docs rooms
	$(VENV)/python -m ganxun.docs pages
	$(VENV)/python -m ganxun.docs site --serve $(DOCS_PORT)

.PHONY: bench
bench: .venv/.installed ## ratios against named alternatives (benchmarks/README.md)
	$(VENV)/python benchmarks/land.py
	$(VENV)/python benchmarks/simulate.py

.PHONY: bench-charts
bench-charts: setup run ## each chart's data request at 2,000 and at 300,000 cadres, cold and warm
	$(VENV)/python benchmarks/charts.py
