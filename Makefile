# Every routine of the project; each makes the virtual environment that it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
RELEASE := build/release
PROJECTS := . ./ampctl_job ./ampctl_sandbox ./ampctl_worker
# More than one for each core: tests wait for servers and for processes that they start.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2)
QUICK := -m "not slow" -n $(WORKERS) --dist worksteal
# Of two routines that run side by side, the output of one is shown after that of the other.
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync)

.PHONY: help demo test lint types tests coverage docs test-slow bench format clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(INSTALLED) ## Show the job commands at work, against a local Admin API
	@$(BIN)/ampctl sandbox demo

test: lint ## Everything that a change has to pass
	@$(MAKE) --no-print-directory --jobs 2 $(TOGETHER) types docs
	@$(MAKE) --no-print-directory tests
	@echo "Passed: style, types, tests, documentation."

lint: $(INSTALLED) ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/lint-imports --no-cache --no-logo

types: $(INSTALLED) ## Types
	$(BIN)/mypy

tests: $(INSTALLED) ## Tests
	$(BIN)/pytest $(QUICK) $(PYTEST_ARGS)

coverage: $(INSTALLED) ## The same tests, and how much of the code they run; takes half as long again
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest $(QUICK) $(PYTEST_ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --skip-covered --fail-under=98

docs: $(INSTALLED) ## The documentation, in docs/_build/html
	$(BIN)/python -B -m sphinx -q -n -W -b html docs docs/_build/html

.PHONY: pictures
pictures: $(INSTALLED) ## The pictures of the documentation, in docs/pictures
	$(BIN)/python tools/pictures/make.py

.PHONY: screens
screens: $(INSTALLED) ## The screens of the documentation, in docs/screens and README.md
	$(BIN)/python tools/screens/record.py

.PHONY: man
man: $(INSTALLED) ## Manual pages, in docs/_build/man
	$(BIN)/python -B -m sphinx -q -n -W -b man docs docs/_build/man

.PHONY: version
version: $(INSTALLED) ## VERSION=X.Y.Z: set it everywhere, and move the release notes into CHANGELOG.md
	$(BIN)/python tools/release/version.py $(VERSION)
	$(BIN)/towncrier build --yes --version $(VERSION)
	@$(MAKE) --no-print-directory screens

.PHONY: dist
dist: man $(RELEASE)/.installed ## Wheels and sources to release, in dist: built twice, checked and tried
	$(RELEASE)/bin/python tools/release/dist.py dist docs/_build/man

.PHONY: pex
pex: dist ## All of ampctl in one file, dist/ampctl.pex
	$(RELEASE)/bin/python tools/release/pex.py dist

test-slow: $(INSTALLED) ## The tests that take minutes
	$(BIN)/pytest -m slow $(PYTEST_ARGS)

.PHONY: floors
floors: $(INSTALLED) ## The quick tests, on the lowest releases of what ampctl needs
	$(BIN)/tox run -q -e floors -- $(PYTEST_ARGS)

bench: $(INSTALLED) ## Speed, as ratios with bounds; BENCH_ARGS=--quick takes a minute
	$(BIN)/python benchmarks $(BENCH_ARGS)

format: $(INSTALLED) ## Put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was built or installed here
	rm -rf $(VENV) .tox build dist docs/_build .coverage .coverage.* .mypy_cache .ruff_cache
	rm -rf *.egg-info */src/*.egg-info .pytest_cache .hypothesis docs/reference/commands
	find . -name __pycache__ -prune -exec rm -rf {} +

$(INSTALLED): requirements-dev.txt requirements-test.txt setup.cfg $(wildcard ampctl_*/setup.cfg)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ampctl needs Python 3.11 or newer; set PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV), this takes a minute or two the first time ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt $(addprefix -e ,$(PROJECTS))
	@touch $@

$(RELEASE)/.installed: requirements-release.txt
	@test -x $(RELEASE)/bin/python || $(PYTHON) -m venv $(RELEASE)
	@$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-release.txt
	@touch $@
