# Two commands do everything on a fresh machine with Python, pip and make:
#   make report   the real quarter, from the document to page, workbook and form, in build/report
#   make test     runs all tests
PYTHON ?= python3
BIN := .venv/bin

.PHONY: report generated test test-cluster test-engines test-versions lint bench bench-large load coverage fuzz kill mutate package docs clean

report: .venv/installed
	$(BIN)/cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report \
		--scheme example-department --answers data/binh-dinh-skhcn-2020q3/answers.csv

test: .venv/installed lint
	$(BIN)/python -m pytest -n 2 --dist worksteal --no-skips --ignore tests/cluster

# Spark with two executors on this machine; it needs Java 17. An environment of its own: pandera loads
# PySpark wherever it finds it, and PySpark warns of pandas 3.
test-cluster: .venv-cluster/installed
	PYTHONPATH=tests .venv-cluster/bin/python -m pytest tests/cluster \
		-W "ignore:PySpark does not yet fully support pandas:FutureWarning"

# A ledger on polars, Dask, Ibis and pyarrow, in an environment of its own: pandas keeps its texts
# otherwise where pyarrow is there.
test-engines: .venv-engines/installed
	.venv-engines/bin/python -m pytest tests/ledger/test_engines.py \
		-W "ignore:Dask support is moving:FutureWarning" \
		-W "ignore:The 'future.infer_string' option:FutureWarning" \
		-W "ignore:The 'future.infer_string' option:DeprecationWarning"

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# After a record or a form has changed: stubs, tables of METHODS.md, list of public names.
generated: .venv/installed
	$(BIN)/python docs/generate.py

bench: .venv/installed
	$(BIN)/python benchmarks/run.py

# Simulated coverage, false alarms and power of the statistics: the tables of METHODS.md, in minutes.
coverage: .venv/installed
	$(BIN)/python benchmarks/coverage.py

# Much at once: seconds and memory of a thousand documents, large pages, 10,000 agencies, threads.
load: .venv/installed
	$(BIN)/python benchmarks/load.py

# A hundred million dossiers: some 3 GB on disk while it runs.
bench-large: .venv/installed
	$(BIN)/python benchmarks/tallying.py large

# The tests on each other Python that is here, with the oldest pandas of the range and the pinned one.
test-versions:
	.ci/versions

# Damaged documents: each must end in a result or a refusal.
fuzz: .venv/installed
	PYTHONPATH=tests $(BIN)/python tests/fuzz/fuzz.py

# What would be handed on: source and wheel, the wheel in an environment of its own without extras,
# and there the examples of README.
package: .venv/installed
	rm -rf build/package
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m build --outdir build/package .
	$(PYTHON) -m venv build/package/env
	build/package/env/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt build/package/*.whl
	build/package/env/bin/python -m pip check
	mkdir build/package/source
	tar -xf build/package/*.tar.gz -C build/package/source --strip-components 1
	cd build/package/source && MPLBACKEND=Agg ../env/bin/python -m doctest \
		-o NORMALIZE_WHITESPACE -o ELLIPSIS README.md README.vi.md

# Writers killed at any moment: the file is the old one or the new one.
kill: .venv/installed
	PYTHONPATH=tests $(BIN)/python tests/fuzz/kill.py

# Mutants of the modules whose figures are published: killed by a test, or listed with why they are
# alike. Hours; some with `make mutate TARGETS="ratios rounding"`.
mutate: .venv-mutate/installed
	HYPOTHESIS_PROFILE=ci .venv-mutate/bin/python tests/fuzz/mutate.py $(TARGETS)

# Guide, notebooks, gallery, reference and methods as a site: build/docs/index.html
docs: .venv/installed
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

.venv-cluster/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-cluster
	.venv-cluster/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,cluster]'
	touch $@

.venv-engines/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-engines
	.venv-engines/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,engines]'
	touch $@

.venv-mutate/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-mutate
	.venv-mutate/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev,mutate]'
	touch $@

clean:
	rm -rf .venv .venv-cluster .venv-engines .venv-mutate .venv-versions build
