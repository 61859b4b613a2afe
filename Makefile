# From a bare clone: `make run` and `make test` need python3 (3.11 or newer) and nothing else.
PYTHON ?= python3
PORT ?= 8000
export PORT
RUN := .venv/bin/python
PAGES := $(shell find templates portal -name '*.html' 2>/dev/null)

.PHONY: help run test test-long check bench shots lock format
.DELETE_ON_ERROR:

help:
	@echo "make run        everything in one terminal; PORT=8001 make run for another port"
	@echo "make test       the whole suite but what takes minutes"
	@echo "make test-long  what takes minutes"
	@echo "make check      format, lint, types, layers, migrations and docs in step"
	@echo "make format     format code and templates, mend what lint can mend"
	@echo "make bench      how fast it is, beside hand-written SQL"
	@echo "make shots      pictures of every page, at the desk, in dark and on a phone (needs chromium)"
	@echo "make lock       pin the dependencies of pyproject.toml anew"

run: .venv/base.stamp
	@$(RUN) manage.py run

# A worker more than there are cores: each waits now and then for a browser or a server.
test: .venv/develop.stamp
	$(RUN) -m pytest -q -n 3 --dist worksteal

test-long: .venv/develop.stamp
	$(RUN) -m pytest -m long -ra --durations=10

check: .venv/develop.stamp
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djade --target-version 5.2 --check $(PAGES)
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(RUN) manage.py check --database default --fail-level WARNING
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py lifecycle --check

format: .venv/develop.stamp
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	.venv/bin/djade --target-version 5.2 $(PAGES)

bench: .venv/develop.stamp
	$(RUN) -m tests.benchmarks

shots: .venv/develop.stamp
	$(RUN) -m tests.shots

LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
lock: .venv/develop.stamp
	$(LOCK) $(UPGRADE) -o requirements/base.txt
	$(LOCK) $(UPGRADE) -c requirements/base.txt --extra develop -o requirements/develop.txt

# Dependencies are installed when their lock is newer than the last time.
INSTALL := -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Handrail needs Python 3.11 or newer: PYTHON=/path/to/python3 make run"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/base.stamp: requirements/base.txt | .venv/pyvenv.cfg
	@echo "Installing dependencies …"
	@$(RUN) $(INSTALL) -r requirements/base.txt
	@touch $@

.venv/develop.stamp: requirements/develop.txt .venv/base.stamp
	@echo "Installing what tests and checks need …"
	@$(RUN) $(INSTALL) -r requirements/develop.txt
	@touch $@
