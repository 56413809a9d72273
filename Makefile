# OpenMTM. `make help` lists the targets.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCES := shared/src services/eligibility/src services/review/src services/documents/src
PROJECTS := pyproject.toml shared/pyproject.toml $(wildcard services/*/pyproject.toml)
CA_BUNDLE ?= $(or $(SSL_CERT_FILE),$(wildcard /etc/ssl/certs/ca-certificates.crt),/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup demo sample up down test check format bench openapi pages quality lock clean

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the locked dependencies and the four packages

$(STAMP): requirements/dev.lock.txt $(PROJECTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "OpenMTM needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  -e shared -e services/eligibility -e services/review -e services/documents
	@touch $(STAMP)

demo: $(STAMP) ## the main job on SQLite, leaving out/index.html (CLAIMS=<folder of RIF files>; KEEP=1 keeps it running; PORTS=a,b,c)
	$(BIN)/python -m deploy.local.demo $(if $(CLAIMS),--claims "$(CLAIMS)") $(if $(KEEP),--keep) $(if $(PORTS),--ports "$(PORTS)")

sample: $(STAMP) ## write a made-up plan (MEMBERS=1000 FORMAT=ndjson|csv|rif|parquet OUT=var/sample SEED=2026 PROCESSES=1 FORCE=1)
	$(BIN)/python -m deploy.local.sample --members "$(or $(MEMBERS),1000)" --format "$(or $(FORMAT),ndjson)" \
	  --out "$(or $(OUT),var/sample)" --seed "$(or $(SEED),2026)" --processes "$(or $(PROCESSES),1)" $(if $(FORCE),--force)

up: ## start PostgreSQL, the three services and their workers with Docker Compose
	CA_BUNDLE="$(CA_BUNDLE)" docker compose up --build --wait

down: ## stop what `make up` started (data is kept; add `-v` by hand to drop it)
	docker compose down

test: $(STAMP) ## run every test; those that need Docker or the reference data say when they are skipped
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

check: $(STAMP) ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES) deploy benchmarks tests

format: $(STAMP) ## put the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## measure: each benchmark prints a ratio against a named peer of the same run
	$(BIN)/python -m benchmarks

openapi: $(STAMP) ## write docs/openapi from the services (a test holds them equal)
	$(BIN)/python -m deploy.local.openapi docs/openapi

pages: $(STAMP) ## write docs/rules from the vocabulary and the rule files (a test holds them equal)
	$(BIN)/python -m mtm_shared.vocabulary.command.pages docs/rules

quality: $(STAMP) ## measure the screens on the labelled cases and write docs/review-quality.md (a test holds it current)
	$(BIN)/python -m benchmarks.review_quality --write

lock: $(STAMP) ## resolve again and write both hashed views of the one resolution
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --no-header --format requirements-txt --no-emit-workspace --all-packages --all-groups \
	  -o requirements/dev.lock.txt
	$(BIN)/uv export --quiet --no-header --format requirements-txt --no-emit-workspace --all-packages --no-dev \
	  -o requirements/runtime.lock.txt

clean: ## remove what the targets made, except the virtual environment
	rm -rf out var build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
