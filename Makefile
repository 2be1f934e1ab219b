# Every target is one line; the work is in `lachan` and in scripts with names.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test check bench lock

setup: .venv/.ready  ## install what is needed into .venv, from the lock file with hashes

.venv/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m lachan.platform.translations
	touch $@

demo: setup  ## a synthetic province on http://127.0.0.1:8000
	$(BIN)/lachan demo

test: setup  ## every test, on a real PostgreSQL and a real browser
	$(BIN)/python -m pytest

check: setup  ## style, types, layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup  ## the figures of the closing notes
	$(BIN)/python benchmarks/loop.py

lock:  ## refresh both lock files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.txt
