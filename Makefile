# Everything a person does with this checkout; `make` alone lists it.
.DEFAULT_GOAL := help
PYTHON = $$(readlink -f .venv)/bin/python

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: install
install: ## Install what is missing (packages, Python environment, front-end files)
	@tools/install

.PHONY: run
run: install ## Start the whole platform on loopback with a demo domain, and print where to log in
	@$(PYTHON) tools/demo-config && ./mailcenter up && ./mailcenter demo show

.PHONY: stop
stop: ## Stop the platform that `make run` started
	@./mailcenter down

.PHONY: install-test
install-test:
	@tools/install test

.PHONY: test
test: install-test ## All checks and all tests, through the real daemons
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest

.PHONY: check
check: install-test ## Format, lint, types, layers, translations, generated pages
	@tools/check

.PHONY: format
format: ## Format the code and mend what lint can mend
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: generate
generate: ## Write the generated pages anew (settings reference, rules, replies, API)
	@$(PYTHON) tools/generate

.PHONY: lock
lock: ## Pin the Python packages anew
	@tools/lock

.PHONY: bench
bench: install-test ## Measure us beside a stock peer, in one run; writes docs/benchmarks.md
	@$(PYTHON) -m bench
	@$(PYTHON) -m bench.flood
	@$(PYTHON) -m bench.guessing
	@$(PYTHON) -m bench.logins
	@$(PYTHON) -m bench.lists

.PHONY: fuzz
fuzz: install-test ## Fuzz what takes bytes from strangers, a minute for each target
	@$(PYTHON) -m pip install --quiet --require-hashes -r requirements/fuzz.lock
	@$(PYTHON) -m tests.fuzz
