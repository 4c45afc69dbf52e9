# make serve | site | test | exhaustive | mutants | gates | forks | check | bench | dist | audit | lock | clean
# Needs git, make and Python 3.11 or newer; everything else is installed into .venv from requirements.lock.

PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000

BIN := .venv/bin
BENCH := .venv-bench/bin
READY := .venv/.ready
BENCH_READY := .venv-bench/.ready
PIP := -m pip -qq --disable-pip-version-check

export NO_MKDOCS_2_WARNING := 1

.DELETE_ON_ERROR:
FORKS := .cache/forks/bin

.PHONY: help serve site test exhaustive mutants gates forks check bench dist audit lock clean python

help:
	@echo 'make serve       check everything, build the site and serve it at http://$(ADDRESS)'
	@echo 'make site        the same once, into site/'
	@echo 'make test        run all tests that need neither the whole site nor a browser'
	@echo 'make exhaustive  run the statistical ones among them in full, for an hour or so'
	@echo 'make mutants     change the code in 400 places, one at a time, and see that a test notices, for an hour'
	@echo 'make gates       build the site, read its files, every page in Chromium, and run cells in Firefox'
	@echo 'make forks       build the same site with the maintained forks of MkDocs and its theme'
	@echo 'make check       run the symbolic and numeric checks alone'
	@echo 'make bench       measure speed, memory and accuracy, next to other libraries, and the site'
	@echo 'make dist        build what a release has, into dist/: wheel, source archive, site, PDF, bill of materials'
	@echo 'make audit       ask whether the pinned packages have known faults'
	@echo 'make lock        renew requirements.lock from pyproject.toml'
	@echo 'make clean       remove all that make has made'

serve: $(READY)
	@echo 'Checking, building and serving the site at http://$(ADDRESS) (Ctrl-C ends it) ...'
	@$(BIN)/mkdocs serve --strict --dev-addr $(ADDRESS)

site: $(READY)
	@echo 'Checking and building the site ...'
	@$(BIN)/mkdocs build --strict
	@echo 'The site is built: site/index.html'

test: $(READY)
	@echo 'Running the tests ...'
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup --ignore tests/publishing/built \
	    --ignore tests/publishing/browser

exhaustive: $(READY)
	@echo 'Running the statistical tests in full; this takes an hour or so ...'
	@EXHAUSTIVE=1 $(BIN)/python -m pytest tests/derivations tests/netcode tests/test_benchmarks.py \
	    --numprocesses auto --dist loadgroup

mutants: $(READY)
	@echo 'Making mistakes and trying the nearest tests on each; this takes an hour or so ...'
	@$(BIN)/python -m tests.mutants $(MUTANTS)

gates: site
	@echo 'Reading every page in a real browser ...'
	@$(BIN)/python -m pytest tests/publishing/built tests/publishing/browser --numprocesses 2 --dist loadgroup

# INHERIT must stand beside mkdocs.yml, since folders are seen from there. The fork's other search has an index of its own.
forks: $(READY)
	@$(PYTHON) -m venv .cache/forks
	@$(FORKS)/python $(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(FORKS)/python $(PIP) uninstall --yes mkdocs-material
	@$(FORKS)/python $(PIP) install properdocs==1.6.7 mkdocs-materialx==10.2.2
	@$(FORKS)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@trap 'rm -f forks.yml' EXIT; \
	    printf '%s\n' 'INHERIT: mkdocs.yml' 'theme: {name: materialx}' 'plugins: {search: {provider: lunr}}' > forks.yml; \
	    $(FORKS)/properdocs build --strict --config-file forks.yml --site-dir .cache/forks-site
	@echo 'The same site is built: .cache/forks-site/index.html'

check: $(READY)
	@echo 'Checking every claim ...'
	@$(BIN)/python -m derivations check

bench: $(BENCH_READY)
	@echo 'Measuring for some minutes; leave the machine alone for as long as this runs ...'
	@$(BENCH)/python -m benchmarks

python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and \
	    "Python 3.11 or newer is needed, $(PYTHON) is %d.%d: name another with make PYTHON=..." % v[:2])'

$(READY): requirements.lock pyproject.toml | python
	@echo 'Installing the pinned packages into .venv ...'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python $(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'from publishing.formulas import katex; katex.assets()'
	@touch $@

# Its own environment, because the libraries to compare with are large. What can't be installed is left out.
$(BENCH_READY): requirements.lock pyproject.toml | $(READY)
	@echo 'Installing the libraries to compare with into .venv-bench ...'
	@$(PYTHON) -m venv .venv-bench
	@$(BIN)/python $(PIP) freeze --exclude-editable > .venv-bench/pinned.txt
	@$(BENCH)/python $(PIP) install --constraint .venv-bench/pinned.txt --editable '.[site,dask]' playwright
	@$(BIN)/python -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	    print(*project["optional-dependencies"]["bench"], sep="\n")' | while read -r library; do \
	        $(BENCH)/python $(PIP) install --constraint .venv-bench/pinned.txt "$$library" 2>/dev/null \
	            || echo "Left out, because it can't be installed here: $$library"; done
	@touch $@

# TAG, if given, must be the version's. The site's archive holds Python too, so that all of it works without a network.
dist: $(READY)
	@$(BIN)/python -c 'import sys, tomllib; version = tomllib.load(open("pyproject.toml", "rb"))["project"]["version"]; \
	    sys.exit("$(TAG)" not in ("", f"v{version}") and f"the tag is $(TAG), but pyproject.toml has {version}")'
	@rm -rf dist
	@$(BIN)/python -m hatchling build --directory dist
	@PYODIDE=self-hosted $(BIN)/mkdocs build --strict --site-dir .cache/dist/checked-backprop
	@$(BIN)/python -m zipfile -c dist/checked-backprop-site.zip .cache/dist/checked-backprop
	@$(BIN)/python -m publishing.printed .cache/dist/checked-backprop dist/checked-backprop-chapters.pdf --home "$(SITE_URL)"
	@$(PYTHON) -m venv .cache/sbom
	@.cache/sbom/bin/python $(PIP) install cyclonedx-bom==7.5.0
	@.cache/sbom/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
	    --output-file dist/checked-backprop.cdx.json requirements.lock
	@echo 'Built: dist/'

audit: $(READY)
	@echo 'Asking for known faults of the pinned packages ...'
	@$(PYTHON) -m venv .cache/audit
	@.cache/audit/bin/python $(PIP) install pip-audit
	@.cache/audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip
	@cd publishing && ../$(BIN)/npm audit
	@cd publishing/gates && ../../$(BIN)/npm audit

# The lock serves Python 3.11 to 3.14 on every system at once, and names no index.
lock: | python
	@echo 'Renewing requirements.lock ...'
	@$(PYTHON) -m venv .cache/uv
	@.cache/uv/bin/python $(PIP) install uv
	@.cache/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --only-binary :all: \
	    --extra test --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	    --no-config pyproject.toml --output-file requirements.lock

clean:
	@rm -rf .venv .venv-bench .cache site dist publishing/node_modules benchmarks.json
	@rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'All that make has made is removed.'
