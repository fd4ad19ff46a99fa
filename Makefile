# The course and its tests. Nothing is installed outside .venv.
#
#   make course             open the course        PORT=8890  BROWSER=none  FOLDER=~/mapt-course
#   make joint-day          the same, with what the live room of a joint day needs
#   make test               install what the tests need and run all of them      TESTS=tests/unit
#   make build              lessons, pictures and checks from their sources
#   make constraints        pin the newest versions that fit together
#   make clean              remove .venv and what tools left behind

ifndef PYTHON
PYTHON := $(shell for each in python3 python3.13 python3.12 python3.11 python; do \
  if $$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
  then echo $$each; break; fi; done)
endif

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check install --constraint constraints.txt
STAMP := .venv/.mapt
TESTS ?= tests

# A .venv of another place or of a Python that is gone is made anew.
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(STAMP)-here 2>/dev/null),$(CURDIR))
ANEW := anew
endif

.PHONY: course joint-day test build constraints clean anew
.DEFAULT_GOAL := course

course: $(STAMP)-course
joint-day: $(STAMP)-room
course joint-day:
	@$(BIN)/python -m mapt_course.cli start $(if $(PORT),--port '$(PORT)') \
	  $(if $(BROWSER),--browser '$(BROWSER)') $(if $(FOLDER),'$(FOLDER)')

test: $(STAMP)-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/codespell
	$(BIN)/python -m mapt_course.cli build --check
	$(BIN)/python -m mapt_course.cli check
	@MAPT_CHROMIUM="$$($(BIN)/python tests/support/chromium.py)" $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(TESTS)

build: $(STAMP)-test
	@$(BIN)/python -m mapt_course.cli build

constraints:
	@$(PYTHON) tools/constraints.py

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis test-results
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP)-here: $(ANEW)
	@if [ -z '$(PYTHON)' ]; then \
	  echo 'The course needs Python 3.11, 3.12 or 3.13. Install one, or name it: make course PYTHON=…' >&2; \
	  exit 1; fi
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; \
	  echo 'Python could not make its environment. On Debian and Ubuntu, install python3-venv first.' >&2; \
	  exit 1; }
	@echo '$(CURDIR)' > $@

$(STAMP)-course: $(STAMP)-here pyproject.toml constraints.txt
	@echo 'Installing JupyterLab and the course, about two minutes the first time …'
	@$(PIP) --editable . || { \
	  echo 'That did not work; the reason stands above. The first time, this computer must be online.' >&2; exit 1; }
	@touch $@

$(STAMP)-room: $(STAMP)-here pyproject.toml constraints.txt
	@echo 'Installing the course and what the live room needs, about two minutes the first time …'
	@$(PIP) --editable '.[room]' || { \
	  echo 'That did not work; the reason stands above. The first time, this computer must be online.' >&2; exit 1; }
	@touch $(STAMP)-course $@

$(STAMP)-test: $(STAMP)-here pyproject.toml constraints.txt
	@echo 'Installing what the tests need, a few minutes the first time …'
	@$(PIP) --editable '.[test]' || { \
	  echo 'That did not work; the reason stands above. The first time, this computer must be online.' >&2; exit 1; }
	@touch $(STAMP)-course $(STAMP)-room $@
