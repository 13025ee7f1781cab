# Everything here works on a fresh machine that has make and Python 3.11 or newer.
# Another interpreter: make test PYTHON=/path/to/python

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

# A candidate counts only if it runs: a version manager may leave a python3.13 that does nothing.
CANDIDATES := python3 python3.13 python3.12 python3.11
RUNS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.PHONY: help demo test verify bench lint clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY)  ## simulate the founding study into results/demo
	@$(BIN)/egocohort simulate founding-study --seed 104 --out results/demo --force

test: $(READY)  ## run the tests (WORKERS=2)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope --no-loadscope-reorder

verify: $(READY)  ## run the statistical checks of the world (minutes)
	@$(BIN)/python -m pytest -m verify
	@$(BIN)/egocohort evidence --seed 1

bench: $(READY)  ## measure the speed of kernel, tables, measures, estimators, plans, comparisons, stress tests
	@$(BIN)/python tests/bench/run.py
	@$(BIN)/python tests/bench/tables.py
	@$(BIN)/python tests/bench/measures.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,bench]'
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/estimators.py
	@$(BIN)/python tests/bench/planning.py
	@$(BIN)/python tests/bench/comparing.py
	@$(BIN)/python tests/bench/stressing.py

lint: $(READY)  ## check style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

clean:  ## remove the environment and the caches, keep results
	@rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@python=; \
	for name in $(or $(PYTHON),$(CANDIDATES)); do \
		if "$$name" -c '$(RUNS)' >/dev/null 2>&1; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Found no Python 3.11 or newer that can make a virtual environment (tried: $(or $(PYTHON),$(CANDIDATES)))." >&2; \
		echo "Install one (on Debian also python3-venv), or name it: make PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$python" --version); the first time takes a minute or two."; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV) \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check \
			--constraint constraints.txt --editable '.[dev]'
	@touch $@
	@echo "Ready."
