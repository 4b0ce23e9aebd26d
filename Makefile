PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/ready-to-run
WORK   := $(VENV)/ready-to-work
NODE   := clients/typescript/node_modules/.package-lock.json
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install
TESTS  ?= tests
AT_ONCE ?= -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run demo reset secrets test check format generate bench lock

help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo

##@ Use
run: $(RUN) ## Start everything on this machine and say how to reach it; Ctrl-C stops it
	@$(BIN)/python -m deploy.local

demo: $(RUN) ## The same with the whole programme: 102,000 people, jobs, grants, results
	@URAMOST_DEMO=programme $(BIN)/python -m deploy.local

reset: ## Forget the local installation: its data, its keys, its logs
	@$(PYTHON) -m deploy.state reset

secrets: $(RUN) ## Make the secrets that docker-compose.yml names; reset leaves them alone
	@$(BIN)/python -m deploy.secrets .state/compose

##@ Work
test: $(WORK) $(NODE) ## Run the tests; TESTS=tests/gateway runs some
	@$(BIN)/python -m pytest $(AT_ONCE) $(TESTS)

check: $(WORK) $(NODE) ## All that CI asks for: format, lint, types, contracts, tests, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m pytest $(AT_ONCE) $(TESTS)

format: $(WORK) ## Format the sources and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

generate: $(RUN) ## Write again what is written from the code: OpenAPI, docs/access.md
	@$(BIN)/python -m docs.generate

bench: $(WORK) ## Measure: linkage held against a published truth
	@$(BIN)/python -m bench

lock: ## Resolve the dependencies anew (needs uv)
	@command -v uv > /dev/null || { echo "Please install uv first: it writes the lock."; exit 1; }
	uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-header \
	  pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-header \
	  pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what requirements.lock names into $(VENV)."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(WORK): requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what requirements-dev.lock names into $(VENV)."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(RUN) $@

$(NODE): clients/typescript/package-lock.json | $(WORK)
	@echo "Installing what clients/typescript/package-lock.json names."
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --ignore-scripts --prefix clients/typescript
	@touch $@
