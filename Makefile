# Two commands do everything on a fresh machine with Python, pip and make:
#   make report   measures, checks, compares, scores and plots the real quarter into build/report
#   make test     runs all tests
PYTHON ?= python3
BIN := .venv/bin

.PHONY: report test lint bench fuzz clean

report: .venv/installed
	$(BIN)/cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report \
		--scheme example-department --answers data/binh-dinh-skhcn-2020q3/answers.csv

test: .venv/installed lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python benchmarks/run.py

# Damaged documents: each must end in a result or a refusal.
fuzz: .venv/installed
	PYTHONPATH=tests $(BIN)/python tests/fuzz/fuzz.py

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build
