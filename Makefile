# `make run` starts ProxyCast and `make test` checks it. Both first install what is missing; `make help` lists the rest.

BIN := .venv/bin
COMPILED := .venv/compiled
CLIENTS := .venv/clients
FUZZ := .venv/fuzz
PREPARE := sh packaging/prepare.sh
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --annotation-style line --custom-compile-command 'make lock'
TRANSLATIONS := resources/translations
LANGUAGES := zh_CN

define LINT
$(BIN)/ruff check
$(BIN)/ruff format --check
$(BIN)/mypy
$(BIN)/lint-imports --no-logo
endef

.PHONY: help run test compiled test-clients bench soak fuzz mutations audit lint format lock messages dist clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

run: ## start ProxyCast; ARGS="list --json" passes arguments
	@$(PREPARE) run
	@$(BIN)/python packaging/start.py $(ARGS)

# Without these variables, no test reaches the keyring or the screen of the person who runs it.
PYTEST := env -u DBUS_SESSION_BUS_ADDRESS -u DISPLAY -u WAYLAND_DISPLAY $(BIN)/pytest

test: ## everything that CI runs; ARGS="tests/store -k vault" narrows pytest
	@$(PREPARE) test
	$(LINT)
	@$(BIN)/python packaging/compiled.py unpack
	$(PYTEST) $(ARGS)
	@echo "Once more, what concerns the data path, against the compiled one in $(COMPILED):"
	$(PYTEST) -o pythonpath="$(COMPILED) . packaging" --compiled $(ARGS)

compiled: ## ProxyCast with its data path compiled, into .venv/compiled; needs a C compiler
	@$(PREPARE) develop
	@$(BIN)/python packaging/compiled.py unpack

test-clients: ## the SDKs and Claude Code as people install them, against the proxy; needs npm
	@$(PREPARE) test
	@$(MAKE) --no-print-directory $(CLIENTS)/requirements.txt tests/clients/node_modules/.package-lock.json
	$(BIN)/pytest -m clients tests/clients $(ARGS)

bench: ## what the compiled proxy costs beside nginx; ARGS=--source, --short (one round), --peers (others, too)
	@$(PREPARE) test
	$(BIN)/python -m tests.bench $(ARGS)

soak: ## an hour of all kinds of traffic; ARGS="--seconds 600" makes it shorter
	@$(PREPARE) test
	PYTHONPATH=app:. $(BIN)/python -m tests.faults.soak $(ARGS)

fuzz: ## ten minutes of damaged requests, answers and files; ARGS="--seconds 60" makes it shorter
	@$(PREPARE) test
	@$(MAKE) --no-print-directory $(FUZZ)/requirements.txt || echo "atheris does not install here."
	PYTHONPATH=app:.:packaging:$(FUZZ) $(BIN)/python -m tests.fuzz $(ARGS)

$(FUZZ)/requirements.txt: tests/fuzz/requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --target $(FUZZ) --only-binary :all: --require-hashes -r $<
	cp $< $@

$(CLIENTS)/requirements.txt: tests/clients/requirements.txt
	$(BIN)/uv venv --quiet --clear $(CLIENTS)
	$(BIN)/uv pip sync --quiet --require-hashes --python $(CLIENTS) $<
	cp $< $@

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund
	touch $@

lint: ## ruff, mypy and the import rules
	@$(PREPARE) develop
	$(LINT)

format: ## let ruff repair what it can
	@$(PREPARE) develop
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## write the lock files anew; ARGS=--upgrade takes newer versions
	@$(PREPARE) develop
	$(LOCK) pyproject.toml --group build --output-file packaging/lock/runtime.txt $(ARGS)
	$(LOCK) pyproject.toml --group dev --constraints packaging/lock/runtime.txt --output-file packaging/lock/develop.txt $(ARGS)
	$(LOCK) tests/clients/requirements.in --output-file tests/clients/requirements.txt $(ARGS)
	$(LOCK) tests/fuzz/requirements.in --output-file tests/fuzz/requirements.txt $(ARGS)

mutations: ## take every defence out once, and see its test fail; ARGS="T11 R8" tries these rows
	@$(PREPARE) test
	PYTHONPATH=app:. $(BIN)/python -m tests.security.mutations $(ARGS)

audit: ## known vulnerabilities, versions against the lock, licences
	@$(PREPARE) develop
	$(BIN)/python packaging/audit.py

messages: ## collect the sentences to translate and compile the translations
	@$(PREPARE) develop
	$(BIN)/pybabel -q extract --keywords=Text:1 --no-location --sort-output --project=ProxyCast \
		--copyright-holder='The ProxyCast authors' --output-file=.venv/proxycast.pot \
		app/proxycast $$($(BIN)/python -c 'import click; print(*click.__path__)')
	for language in $(LANGUAGES); do \
		$(BIN)/pybabel -q update --domain=proxycast --input-file=.venv/proxycast.pot --output-dir=$(TRANSLATIONS) \
			--locale=$$language --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; \
	done
	$(BIN)/pybabel -q compile --domain=proxycast --directory=$(TRANSLATIONS)
	$(BIN)/python packaging/translate.py

dist: ## build the wheel, the source archive and, with a C compiler, the compiled wheel into dist/
	@$(PREPARE) develop
	$(BIN)/hatchling build
	@$(BIN)/python packaging/compiled.py dist

clean: ## remove what the other targets made
	rm -rf .venv tests/clients/node_modules dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
