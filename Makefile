# A newcomer needs `make run` and `make test`; `make help` lists the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DEMO_DATE ?= 2020-06-19
# The first administrator of `make new`.
ADMINISTRATOR ?= administrator@example.org
# Parallel test processes; one for each core is enough.
JOBS ?= 2
# Random requests of `make contract` for each operation, besides those from the examples.
CASES ?= 50

VENV := .venv
BIN := $(VENV)/bin
MOJ := node_modules/@ministryofjustice/frontend/moj
GOVUK := node_modules/govuk-frontend/dist/govuk
# The lock files name every package with its hashes, so pip resolves nothing.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
# Node from PyPI is in the virtual environment and comes before the machine's own.
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
# The demonstration's settings and keys, and the address in its mails and API. manage.py sets the same day.
AS_DEMO = set -a; . var/demo.env; set +a; export MODE=demo PUBLICATIONS=on DEMO_DATE=$(DEMO_DATE) SITE_ADDRESS=http://$(HOST):$(PORT)
# An empty service's settings: its data is apart from the demonstration's, and it runs on today's date.
AS_NEW = set -a; . var/new/new.env; set +a; export MODE=demo DATA_DIR="$(CURDIR)/var/new" SITE_ADDRESS=http://$(HOST):$(PORT)
# With a worker, so that long imports and mails do not wait.
SERVE = $(BIN)/python -m prevent_tracker.serve --host $(HOST) --port $(PORT) --workers 1 --with-worker
# Checked first, because the server would share the port with another program.
PORT_IS_FREE = $(BIN)/python -m prevent_tracker.port $(HOST) $(PORT)
# For commands that need any settings at all; the test suite sets its own.
BARE := MODE=test SECRET_KEY=for-checks-only DATABASE_URL=sqlite://:memory:

# Many containers forbid Python to store compiled files; here every process would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run new demo jobs sandbox test sqlite service rehearse trial sbom audit outdated lint format types check contract bench statements messages lock assets screenshots dev clean

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /|/' | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

run: | $(BIN)/python ## Install, build, load the demonstration and serve it at http://127.0.0.1:8000
	@$(PORT_IS_FREE)
	@$(MAKE) --no-print-directory demo
	@$(PORT_IS_FREE)
	@$(AS_DEMO); \
	echo "Prevent Tracker is at http://$(HOST):$(PORT)/ - stop it with Ctrl-C."; \
	exec $(SERVE)

new: | $(BIN)/python ## Open an empty service with a first administrator at http://127.0.0.1:8000
	@$(PORT_IS_FREE)
	@$(MAKE) --no-print-directory $(VENV)/.run static/app.css var/new/new.env
	@$(AS_NEW); set -e; \
	$(BIN)/python manage.py migrate --verbosity 0; \
	$(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0; \
	$(BIN)/python manage.py create_administrator --if-none --email "$(ADMINISTRATOR)" --name "Service administrator"; \
	echo "Prevent Tracker is at http://$(HOST):$(PORT)/ - stop it with Ctrl-C. Without EMAIL_URL its mail goes into var/new/mail."; \
	exec $(SERVE)

# Until the first release migrations are written anew; a database that others made would answer with errors.
demo: $(VENV)/.run static/app.css var/demo.env ## Bring the demonstration's database and files up to date
	@$(AS_DEMO); set -e; \
	migrations=$$(cat */migrations/0*.py | cksum); \
	if [ -e var/prevent_tracker.sqlite3 ] && [ "$$(cat var/.migrations 2>/dev/null)" != "$$migrations" ]; then \
	  echo "The demonstration was loaded by other migrations, so it is loaded anew."; rm -rf var/prevent_tracker.sqlite3* var/media; fi; \
	echo "$$migrations" > var/.migrations; \
	$(BIN)/python manage.py migrate --verbosity 0; \
	if [ ! -e var/.static ] || [ static/app.css -nt var/.static ] || [ $(VENV)/.run -nt var/.static ]; then \
	  $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0; touch var/.static; fi; \
	$(BIN)/python manage.py load_demo

jobs: demo ## Run the demonstration's daily jobs; their mail goes into var/mail
	@$(AS_DEMO); set -e; \
	for round in 1 2; do $(BIN)/python manage.py run_schedule; $(BIN)/python manage.py run_worker --batch --no-startup-delay; done

sandbox: demo ## Create a sandbox in the demonstration's database and print its API client
	@$(AS_DEMO); $(BIN)/python manage.py create_sandbox --actor admin@example.org

# The tests of a deployed service wait for timeouts and restarts most of their time, so they run beside the rest.
# They come before it for the processor, since some of what they assert has to happen within seconds.
# In CI the trial is the first of them and lasts its whole minute; the suite then leaves out the short one.
test: | $(BIN)/python ## Run every check, all tests on SQLite, and those that reach SQL on PostgreSQL
	@$(MAKE) --no-print-directory --jobs 3 dev assets
	@$(MAKE) --no-print-directory --jobs 4 sqlite service
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(JOBS) --ignore tests/service

sqlite: check assets ## Run every test on SQLite, after the checks
	TEST_DATABASE=sqlite nice -n 3 $(BIN)/python -m pytest -n $(JOBS)

# Its lines come together at its end, because those of the other tests run beside it.
service: dev assets $(if $(CI),trial) ## Run the tests of a deployed service
	@mkdir -p var; TEST_DATABASE=postgresql $(BIN)/python -m pytest tests/service -n 0 -q $(if $(CI),--deselect tests/service/test_trial.py) \
	> var/service.log 2>&1; result=$$?; cat var/service.log; exit $$result

rehearse: dev assets ## Back up a service with made-up data, restore it elsewhere, verify it and sign in
	TEST_DATABASE=postgresql $(BIN)/python -m pytest tests/service/test_rehearsal.py -n 0 -q -rP

trial: dev assets ## Kill web workers and database processes for a minute while callers save
	TRIAL_SECONDS=60 TEST_DATABASE=postgresql $(BIN)/python -m pytest tests/service/test_trial.py -n 0 -q -rP

sbom: dev assets ## Write the bills of materials in CycloneDX form into sbom/, from the lock files
	@mkdir -p sbom
	$(BIN)/cyclonedx-py requirements requirements.txt --output-reproducible --output-format JSON --output-file sbom/python.cdx.json
	@$(WITH_NODE) npm sbom --sbom-format cyclonedx --package-lock-only > sbom/pages.cdx.json

# Both ask registries about every package, so CI runs them only where it can reach one.
audit: dev ## Look for known faults in the packages of the lock files; fails when there is one
	$(BIN)/pip-audit --requirement requirements.txt --require-hashes --disable-pip --progress-spinner off
	$(BIN)/pip-audit --requirement requirements-dev.txt --require-hashes --disable-pip --progress-spinner off
	@$(WITH_NODE) npm audit --package-lock-only

outdated: dev ## List the packages that have newer releases
	$(BIN)/pip list --outdated
	@$(WITH_NODE) npm outdated || true

check: lint types ## Check style, types, import rules and migrations, without the tests
	$(BIN)/lint-imports
	$(BARE) $(BIN)/python manage.py makemigrations --check --dry-run

lint: dev ## Check the style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: dev ## Check types
	$(BARE) $(BIN)/mypy

contract: dev assets ## Check the API against its description with thousands of made-up requests, CASES for each operation
	CONTRACT_CASES=$(CASES) $(BIN)/python -m pytest tests/api/test_contract.py -n 0

bench: dev ## Compare the speed of the product with simpler code
	$(BIN)/python -m benchmarks

statements: dev assets ## List the tests that send PostgreSQL nothing new, in tests/support/sent_by_others.txt
	@rm -rf var/statements
	STATEMENTS="$(CURDIR)/var/statements" TEST_DATABASE=postgresql $(BIN)/python -m pytest -p tests.support.statements -n $(JOBS) -q --ignore tests/service
	$(BIN)/python -m tests.support.statements var/statements

messages: dev ## Write the catalogue of messages for translation anew, in locale/
	$(BIN)/python -m tests.support.messages

assets: static/app.css ## Build the stylesheet and scripts into static/

screenshots: | $(BIN)/python ## Save pictures of the demonstration's ten main pages in docs/screenshots/
	@$(PORT_IS_FREE)
	@$(MAKE) --no-print-directory dev demo
	@$(PORT_IS_FREE)
	@$(AS_DEMO); \
	LOG_LEVEL=ERROR $(BIN)/python -m prevent_tracker.serve --host $(HOST) --port $(PORT) --workers 1 & \
	server=$$!; trap 'kill $$server' EXIT; \
	$(BIN)/python -m tests.screenshots http://$(HOST):$(PORT) docs/screenshots

dev: $(VENV)/.run $(VENV)/.dev ## Install what the checks and tests need

lock: dev ## Write the lock files from the .in files and package.json
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' requirements-node.in -o requirements-node.txt
	$(WITH_NODE) npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean: ## Remove everything built; var/ (data and keys) stays
	rm -rf $(VENV) node_modules static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --- Files that the targets above need; each is made again only when its sources have changed ---------------------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found. Name another with: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another with: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is incomplete here; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "Installing the application's packages..."
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing the packages for checks and tests..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json requirements-node.txt | $(BIN)/python
	@$(WITH_NODE); command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) >= 24 ? 0 : 1)' 2>/dev/null \
	  || { echo "No Node.js 24 or newer here: installing one from PyPI into $(VENV)..."; $(PIP) --require-hashes -r requirements-node.txt; }
	@echo "Installing the packages for the stylesheet and for checking pages..."
	@$(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# --quiet: MOJ Frontend uses mixins that GOV.UK Frontend has deprecated, and sets the list of silenced warnings itself.
static/app.css: node_modules/.installed $(wildcard assets/*)
	@echo "Building the stylesheet..."
	@rm -rf static.new && mkdir -p static.new/images
	@$(WITH_NODE) node node_modules/sass/sass.js --load-path=. --quiet --style=compressed --no-source-map assets/app.scss static.new/app.css
	@cp $(MOJ)/assets/images/icon-*.svg static.new/images/
	@cp assets/app.js assets/favicon.svg static.new/
	@for script in $(GOVUK)/govuk-frontend.min.js $(MOJ)/moj-frontend.min.js; do \
	  sed 's|//# sourceMappingURL=.*||' $$script > static.new/$$(basename $$script) || exit 1; done
	@rm -rf static && mv static.new static && touch $@

# Made once, so that sessions and signed checkpoints outlive a restart.
var/demo.env var/new/new.env: | $(BIN)/python
	@mkdir -p $(@D)
	@umask 077 && $(BIN)/python -c 'import base64, secrets; print("SECRET_KEY=" + secrets.token_urlsafe(48)); print("LEDGER_SIGNING_KEY=" + base64.b64encode(secrets.token_bytes(32)).decode())' > $@
