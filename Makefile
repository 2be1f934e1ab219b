# Every target is one line; the work is in `lachan` and in scripts with names.
PYTHON ?= python3
BIN := .venv/bin

SECONDS ?= 60

.PHONY: setup demo test slow fuzz mutants check bench lock

setup: .venv/.ready  ## install what is needed into .venv, from the lock file with hashes

.venv/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m lachan.platform.translations
	touch $@

demo: setup  ## a synthetic province on http://127.0.0.1:8000
	$(BIN)/lachan demo

test: setup  ## every test, on a real PostgreSQL and a real browser, one worker a core
	$(BIN)/python -m pytest -n logical --dist loadfile

slow: setup  ## the tests that take minutes: a million altered certificates
	$(BIN)/python -m pytest -m slow

fuzz: setup  ## each layer of the readers of codes, SECONDS=60 each, beside a naive fuzzer
	$(BIN)/python -m fuzz.report --seconds $(SECONDS)

mutants: setup  ## what of the reader of certificates no test would miss: a score, and the mutants that live
	$(BIN)/python -m fuzz.mutants

check: setup  ## style, types, layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup  ## the figures of the closing notes
	$(BIN)/python benchmarks/loop.py
	$(BIN)/python benchmarks/certificates.py
	$(BIN)/python benchmarks/doses.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/situation.py
	$(BIN)/python benchmarks/imports.py

lock:  ## refresh both lock files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.txt
