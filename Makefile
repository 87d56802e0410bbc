# What one can do here. Every target sets up what it needs in .venv; Python and make are enough.
PYTHON ?= python3
BIN := .venv/bin
# Where this is set, every engine and every `aws` that a test starts is compiled anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test tests soak lint types contracts check bench format clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# --no-compile: Python compiles what it imports, a small part of the thousands of files that come with awscli.
# --upgrade-deps: a new pip resolves these requirements in half the processor's time of Python 3.11's own.
.venv/run: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv --upgrade-deps .venv
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -e .
	@touch $@

.venv/dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv --upgrade-deps .venv
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/run

demo: .venv/run  ## a primary dies, visitors reach the backup, the primary returns: about a minute
	@$(BIN)/stillup demo $(ARGS)

# The type checker keeps one processor busy for twenty seconds; the tests have use for the other one meanwhile.
test: .venv/dev  ## formatting, lint, types, import contracts and every test
	@$(MAKE) --no-print-directory --jobs 2 check tests

# Three at once are for two processors: one of them mostly waits for a clock.
tests: .venv/dev
	$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

soak: .venv/dev  ## the long drills: a minute of hostile traffic, five hundred kills, half an hour in all
	STILLUP_SOAK_SECONDS=60 STILLUP_KILLS=500 $(BIN)/python -m pytest -m soak $(ARGS)

check: lint types contracts

lint: .venv/dev  ## formatting, lint and spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell src tests docs benchmarks *.md

types: .venv/dev  ## mypy, strict
	$(BIN)/mypy

contracts: .venv/dev  ## who may import whom
	$(BIN)/lint-imports --no-cache

format: .venv/dev  ## put the formatting right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev  ## queries, probes, changes and the failover itself, measured here
	$(BIN)/python -m benchmarks

clean:  ## forget the environment and the caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
