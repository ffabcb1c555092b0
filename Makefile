# Needs make and Python 3.11 or newer. `make` alone lists what there is.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-main test-3.13 check docs messages bench fault clean

IS_NEW := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p $(IS_NEW) 2>/dev/null && { echo $$p; break; }; done)
PYTHON313 ?= python3.13
PYTEST_ARGS ?= -n 2
BIN := .venv/bin

help: ## list the targets
	@sed -n 's/^\([a-z][a-z0-9.-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: .venv/installed ## project the example plan over its forty years
	$(BIN)/coopledger project examples/laohushan.toml

test: test-main ## run the tests; where there is Python 3.13, most of them on that as well
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))'; then :; \
	elif $(PYTHON313) --version >/dev/null 2>&1; then $(MAKE) --no-print-directory test-3.13; \
	else echo "No Python 3.13 here ($(PYTHON313)): the tests ran on one Python only."; fi

test-main: .venv/installed-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# Every module's examples, every public verb, the stores and the files; what is built on them is the same on both.
test-3.13: .venv-3.13/installed-test
	.venv-3.13/bin/python -m pytest $(PYTEST_ARGS) src tests/store tests/files tests/test_book.py tests/test_books.py

check: .venv/installed-check ## lint, format, types and import arrows; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/installed-docs ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -E -W --keep-going -n -d docs/_build/doctrees docs docs/_build/html

messages: .venv/installed-test ## bring the catalogues of translations up to date, and compile them
	$(BIN)/python -m tests.messages

bench: .venv/installed-test ## measure speed, as ratios to named baselines
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/bench_others.py

fault: .venv/installed-test ## try every fault as often as its target says: takes hours
	COOPLEDGER_FAULTS=full COOPLEDGER_SEQUENCES=10000 $(BIN)/python -m pytest -s tests/faults tests/store/test_in_step.py

clean: ## remove what was built; the .venv folders stay
	rm -rf build dist docs/_build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests docs migrations -name __pycache__ -type d -exec rm -rf {} +

# ---- Environments. An empty file marks what each one holds, so that the demo does not wait for Sphinx.
MAIN := .venv/installed .venv/installed-test .venv/installed-check .venv/installed-docs
$(MAIN): | .venv/bin/python
.venv-3.13/installed-test: | .venv-3.13/bin/python

$(MAIN) .venv-3.13/installed-test: pyproject.toml constraints.txt
	@echo "Installing coopledger$(EXTRA) into $(@D) ..."
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.$(EXTRA)'
	@touch $@
EXTRA = $(patsubst -%,[%],$(subst installed,,$(@F)))

.venv/bin/python: CREATOR = $(PYTHON)
.venv-3.13/bin/python: CREATOR = $(PYTHON313)
.venv/bin/python .venv-3.13/bin/python:
	@test -n "$(CREATOR)" || { echo "No Python 3.11 or newer found. Install one, or say: make PYTHON=/path/to/python3"; exit 1; }
	@$(CREATOR) $(IS_NEW) || { echo "$(CREATOR) does not run, or is older than Python 3.11."; exit 1; }
	@$(CREATOR) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(CREATOR) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(CREATOR) -m venv $(@D:/bin=)
