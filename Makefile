# Two commands on a fresh Debian: make run, make test. Everything is installed into .venv, nothing else is touched.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test lint types layers pytest browser bench bench-city test-faults test-long messages lock clean

run: $(VENV)/.run
	$(PY) run.py

test: $(VENV)/.test browser
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test
	$(VENV)/bin/ruff check .

types: $(VENV)/.test
	$(VENV)/bin/mypy

layers: $(VENV)/.test
	$(VENV)/bin/lint-imports

pytest: $(VENV)/.test
	$(PY) -m pytest

# Chromium for the browser tests: Debian's where it can be installed, else Playwright's own.
browser: $(VENV)/.test
	sh tests/browser/install.sh $(PY)

# What a request of each path costs beside a Flask hello (bench/README.md); wants wrk and two cores, some 20 minutes.
# ENGINE=sqlite measures one engine; more options: BENCH="--paths save --pairs 1".
bench: $(VENV)/.test
	$(PY) -m bench.paths $(if $(ENGINE),--engine $(ENGINE)) $(BENCH)

# A whole city in ten minutes: SCALE=0.1 for a tenth of it, ENGINE=postgresql for the other engine.
bench-city: $(VENV)/.test
	$(PY) -m bench.city

# What make test leaves out because it takes minutes.
test-long: $(VENV)/.test browser
	$(PY) -m pytest -m long -s

# Everything that can break, broken on purpose; the short form is in make test.
test-faults: $(VENV)/.test browser
	$(PY) -m pytest tests/faults -m "long or not long" -s

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Thiếu python3-venv: hãy cài bằng apt install python3-venv."; exit 1; }

$(VENV)/.run: requirements/run.txt requirements/fonts.txt | $(VENV)/bin/python
	$(PIP) -r requirements/run.txt
	$(PIP) --no-deps -r requirements/fonts.txt
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP) -r requirements/test.txt
	touch $@

# The catalogue of all screen texts, for a translation: translations/messages.pot.
messages: $(VENV)/.run
	mkdir -p translations
	$(VENV)/bin/pybabel --quiet extract -F babel.cfg -k _l -o translations/messages.pot .

# New exact versions: needs uv on the path.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q requirements/run.in -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q requirements/test.in -o requirements/test.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-deps --upgrade -q requirements/fonts.in -o requirements/fonts.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
