# A fresh machine needs Python (3.10 or newer, with pip) and make.
# Each target creates .venv, installs what it needs into it once, and runs.
#
#   make music       one new tune, in tunes/
#   make test        the tests; with SLOW=1 those that take long, too
#   make test-versions   the oldest and the newest TensorFlow and Keras that
#                    setup.cfg allows, on Python 3.10 and 3.13
#   make lint        ruff: rules and format
#   make audit       bandit over mitseq/, pip-audit over requirements.txt
#   make mutants     what the tests see of changed meters, equations, masks
#   make notebooks   labs/*.py as notebooks, run, in docs/notebooks/;
#                    LAB=07 for one of them
#   make figures     every figure of the lecture, in docs/images/slides/
#   make slides      the tables of docs/slides.md, from mitseq/slides/
#   make docs        the documentation as a site, build/site/index.html
#   make wheel       dist/mitseq-*.whl
#   make clean       removes .venv and what a wheel leaves

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
BIN := $(VENV)/bin
PACKAGING := setup.cfg pyproject.toml requirements.txt

.PHONY: help music test test-versions lint audit mutants format notebooks \
  figures slides docs wheel clean

help:
	@sed -n 's/^#   //p' Makefile

music: $(VENV)/installed
	$(BIN)/mitseq music

test: $(VENV)/installed-test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

test-versions:
	benchmarks/versions.sh

# Tools of their own environment: the package needs none of them.
audit: $(BIN)/python
	$(BIN)/python -m pip install --quiet "bandit==1.9.4" "pip-audit==2.10.1"
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive mitseq
	$(BIN)/pip-audit --requirement requirements.txt --no-deps --disable-pip

mutants: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet "mutmut==3.8.1"
	$(BIN)/python benchmarks/mutants.py

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: $(VENV)/installed-test
	$(BIN)/python -m mitseq.slides.notebooks labs docs/notebooks $(LAB)

figures: $(VENV)/installed-test
	$(BIN)/python -m mitseq.slides.gallery docs

slides: $(VENV)/installed
	$(BIN)/python -m mitseq.slides.page docs/slides.md

docs: $(VENV)/installed-docs
	$(BIN)/python docs/site/build.py build/site

wheel: $(VENV)/installed-test
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist *.egg-info

# The virtual environment. Some systems ship a Python without ensurepip; there
# the pip that installed Python packages so far puts a pip into it.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "mitseq needs Python 3.10 or newer: make PYTHON=/path/to/python" \
	    >&2; exit 2; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  $(PYTHON) -m venv $(VENV); \
	else \
	  echo "this Python has no ensurepip; taking pip from $(PYTHON) -m pip"; \
	  $(PYTHON) -m venv --without-pip $(VENV) && \
	  $(PYTHON) -m pip install --quiet pip --target \
	    "$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')"; \
	fi || { rm -rf $(VENV); \
	  echo "could not create $(VENV): install Python's venv module" \
	    "(Debian, Ubuntu: apt install python3-venv) and try again" >&2; \
	  exit 2; }

$(VENV)/installed: $(BIN)/python $(PACKAGING)
	$(BIN)/python -m pip install --quiet --constraint requirements.txt \
	  --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint requirements.txt \
	  --editable ".[test]"
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint requirements.txt \
	  --editable ".[docs]"
	@touch $@
