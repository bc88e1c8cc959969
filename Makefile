# Everything runs in .venv, which run.py makes and keeps in step with uv.lock.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help env spark demo test torture coverage lint types imports docs check bench bench-large pictures format lock

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 13

env:
	@$(PYTHON) run.py env

spark: env ## Install PySpark too (400 MB; Java 17 or later must be there), for torture and bench
	$(BIN)/uv sync --locked --group spark

demo: ## Build the ceasefire ledger and print its matrix at two dates
	@$(PYTHON) run.py demo

test: ## Run the tests; ARGS="-k name" goes to pytest
	@$(PYTHON) run.py test $(ARGS)

torture: env ## Run what takes too long for every day: kills, power cuts, full disks, flipped bits, 870,109 votes
	$(BIN)/pytest -m torture $(ARGS)

coverage: env ## Run the tests and say which lines none of them reaches
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage report

lint: env ## Rules and layout, by ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: env ## Types, by mypy --strict
	$(BIN)/mypy

imports: env ## Imports go down only, by import-linter
	$(BIN)/lint-imports --no-logo

docs: env ## Build the pages into docs/_build/html; a warning is an error
	$(BIN)/sphinx-build --fail-on-warning --keep-going --nitpicky --quiet -b html docs docs/_build/html

check: lint types imports docs test ## All of the above

bench: env ## Print the table of figures; ARGS goes to it
	$(BIN)/python -m benchmarks $(ARGS)

bench-large: env ## The same up to ten million entries: hours, and room under TMPDIR
	$(BIN)/python -m benchmarks --size 100k --size 1M --size 10M $(ARGS)

pictures: env ## Take the pictures of the README anew, with Chromium
	$(BIN)/python -m tests.verbale.web.browser.pictures

format: env ## Lay the code out, and mend what ruff can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: env ## Bring uv.lock in step with pyproject.toml; ARGS="--upgrade" for newer versions
	$(BIN)/uv lock $(ARGS)
