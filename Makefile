# A thin face of tasks.py, where every task is explained. Windows: py tasks.py NAME does the same without make.
# Arguments go through ARGS: make demo ARGS="--sheets 100000"

PYTHON ?= python3
TASK = $(PYTHON) tasks.py $@ $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help site serve test check lint setup lock golden messages demo schema bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: ## build the site into output/
	@$(TASK)

serve: ## build the site, serve it on this machine, rebuild on every change
	@$(TASK)

test: ## run every check and every test
	@$(TASK)

check: ## check the register in registry_data/ and print its problems
	@$(TASK)

lint: ## run ruff, mypy, the import floors and tsc
	@$(TASK)

setup: ## set up everything: Python, Node.js packages, Chromium
	@$(TASK)

lock: ## renew the lock files; ARGS=--upgrade takes the newest releases
	@$(TASK)

golden: ## accept the golden site as it is built now; read the diff first
	@$(TASK)

messages: ## bring the translation catalogues up to date with what templates and views say
	@$(TASK)

demo: ## write the demonstration register into registry_data/
	@$(TASK)

schema: ## write the JSON Schemas of the register's files
	@$(TASK)

bench: ## measure a clean build and write its figures into the README
	@$(TASK)

clean: ## remove what builds and tests leave behind; ARGS=--all removes the set-up too
	@$(TASK)
