# Needs GNU make and Python 3.11 or newer with its venv module; everything else is fetched into
# .venv at the versions and hashes of requirements/.

VENV := .venv
PYTHON := $(CURDIR)/$(VENV)/bin/python
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

# A stamp says: this environment holds what that lock names. `clean` or a newer lock undoes it.
RUNS := $(VENV)/.runs
CHECKS := $(VENV)/.checks

# A database of one's own must not leak into the tests.
ON_SQLITE := DATABASE_URL=sqlite://:memory:
ON_POSTGRESQL := $(PYTHON) -m tests.postgres
# 77: no PostgreSQL on this machine, already said aloud. With CI=true it is 1 instead.
OR_SKIPPED := || test $$? -eq 77

TEMPLATES = find templates -name '*.html' -print0

# Compiled once for the hundreds of processes of a run, beside the environment and not in the tree.
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/$(VENV)/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help calendar-clients environment demo demo-reset test lint prove bench bench-search lock clean

help:
	@echo 'make demo         try it: fills a demonstration under var/ and serves it (PORT=8000)'
	@echo 'make demo-reset   the same, from the beginning'
	@echo 'make test         all tests, on SQLite and on PostgreSQL'
	@echo 'make lint         style, types, layers, templates, migrations, translations'
	@echo 'make prove        the long campaigns: races, kills, mutation, state machines'
	@echo 'make bench        load and latency figures'
	@echo 'make bench-search how well and how fast the archive is searched, on both engines'
	@echo 'make environment  .venv with what runs; make lock: lock the requirements again'
	@echo 'make clean        take away .venv and the caches; var/ stays'

# -- The environment ---------------------------------------------------------------------------

environment: $(RUNS)

# Made anew whenever the lock changes, so that nothing stays which the lock no longer names.
$(RUNS): requirements/base.txt
	@for name in $(or $(PYTHON3),python3 python3.13 python3.12 python3.11); do \
	    if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	        >/dev/null 2>&1; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo 'No Python 3.11 or newer with its venv module was found (tried python3,' >&2; \
	    echo 'python3.13, python3.12, python3.11). Debian: apt-get install python3-venv.' >&2; \
	    echo 'Elsewhere: make PYTHON3=/path/to/python3 ...' >&2; \
	    exit 1; \
	fi; \
	echo "Building $(VENV) with $$found ..."; \
	"$$found" -m venv --clear $(VENV)
	@$(INSTALL) -r requirements/base.txt
	@touch $@

$(CHECKS): requirements/dev.txt $(RUNS)
	@echo 'Adding what tests and checks to $(VENV) ...'
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

# The calendar programs that a journey subscribes with; elsewhere it is skipped by name.
calendar-clients: var/calendar-clients/.made
var/calendar-clients/.made: requirements/clients.txt
	@mkdir -p var; $(or $(PYTHON3),python3) -m venv var/calendar-clients
	@var/calendar-clients/bin/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes -r requirements/clients.txt
	@touch $@

# The locks name no index and no address (uv, from PATH or in a folder thrown away afterwards).
lock:
	@set -e; uv=$$(command -v uv || true); \
	if [ -z "$$uv" ]; then \
	    away=$$(mktemp -d); trap 'rm -rf "$$away"' EXIT; \
	    $(or $(PYTHON3),python3) -m venv "$$away"; \
	    "$$away/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	    uv="$$away/bin/uv"; \
	fi; \
	compile="$$uv pip compile --quiet --universal --generate-hashes --no-emit-index-url"; \
	compile="$$compile --no-header --python-version 3.11"; \
	$$compile requirements/base.in -o requirements/base.txt; \
	$$compile requirements/dev.in -c requirements/base.txt -o requirements/dev.txt; \
	$$compile requirements/clients.in -o requirements/clients.txt

# -- Trying it ---------------------------------------------------------------------------------

demo demo-reset: export DJANGO_SETTINGS_MODULE = intranet.settings.dev
demo demo-reset: export DEMO = 1
demo demo-reset: export DEMO_DAY = 2016-06-06
demo demo-reset: export DATABASE_URL = sqlite:///$(CURDIR)/var/demo.sqlite3
demo demo-reset: export FILES_DIR = $(CURDIR)/var/demo-files
demo demo-reset: export MEDIA_DIR = $(CURDIR)/var/demo-media
demo demo-reset: export SEARCH_DIR = $(CURDIR)/var/demo-search
# Mails of the demonstration go nowhere: each is a file that one may read.
demo demo-reset: export EMAIL_URL = filemail:///$(CURDIR)/var/demo-mail

# `exec`: a signal sent to the recipe reaches the command itself.
demo: $(RUNS)
	@exec $(PYTHON) manage.py demo $(if $(PORT),--port $(PORT))

demo-reset: $(RUNS)
	@exec $(PYTHON) manage.py demo --afresh $(if $(PORT),--port $(PORT))

# -- Checking it -------------------------------------------------------------------------------

test: $(CHECKS)
	@exec $(PYTHON) -m tests.whole

lint: export DJANGO_SETTINGS_MODULE = intranet.settings.test
lint: export DATABASE_URL = sqlite://:memory:
lint: $(CHECKS)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	@echo 'djhtml --check'; $(TEMPLATES) | xargs -0 $(VENV)/bin/djhtml --tabwidth 2 --check
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py translations check
	$(PYTHON) -m pytest -q tests/project/test_scope.py

prove: $(CHECKS)
	@echo '== SQLite'
	@$(ON_SQLITE) $(PYTHON) -m tests.prove
	@echo '== PostgreSQL'
	@$(ON_POSTGRESQL) $(PYTHON) -m tests.prove $(OR_SKIPPED)

bench: $(CHECKS)
	@$(ON_POSTGRESQL) $(PYTHON) -m tests.bench

bench-search: $(CHECKS)
	@DJANGO_SETTINGS_MODULE=intranet.settings.test $(ON_SQLITE) \
	    $(PYTHON) -m tests.bench.search_quality $(if $(SYNTHETIC),--synthetic $(SYNTHETIC))

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find intranet/locale -name '*.mo' -delete
