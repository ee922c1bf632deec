"""A record is all that an indicator is: its function, stub and lines in tables are made from it."""

import doctest
import importlib.util
import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cchc_stats import indicators
from cchc_stats.forms import find_form
from cchc_stats.indicators import FUNCTIONS, INDICATORS
from cchc_stats.indicators.records import _record
from cchc_stats.words.errors import ValuesError

ROOT = Path(__file__).parents[2]
MADE_UP = """\
form = "documents"
source = "made up"

[[indicators]]
code = "paper_documents_share"
label_vi = "Tỷ lệ văn bản giấy"
label_en = "Paper share, of documents sent"
unit = "percent"
better = "lower"
kind = "events"
formula = "sent_paper / sent_total"
meaning = "the share of documents sent on paper (văn bản giấy)"
example = { sent_paper = [1, 0], sent_total = [3, 0] }
gives = [33.33, nan]
"""
USE_OF_IT = """
import doctest
import pandas as pd
import cchc_stats as cchc
frame = cchc.validate(pd.DataFrame({"agency": ["A"], "period": ["2020Q3"], "sent_total": [4],
                                    "sent_paper": [1], "sent_electronic": [3]}), "documents")
values = cchc.measure({"documents": frame})
print(values.loc[values["indicator"] == "paper_documents_share", "value"].tolist())
share = cchc.paper_documents_share
print(share(frame).tolist(), cchc.find_indicator("paper_documents_share").label_vi)
doctest.run_docstring_examples(share, {"paper_documents_share": share})
"""


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_made_from_the_records_is_fresh(generate: ModuleType) -> None:
    stale = [
        path.name
        for path, text in generate.generated().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make generated`"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_function_runs(name: str) -> None:
    function = getattr(indicators, name)
    (test,) = doctest.DocTestFinder(recurse=False).find(
        function, name, module=False, globs={name: function}
    )
    assert len(test.examples) > 1
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_what_its_record_says(name: str) -> None:
    function, first = getattr(indicators, name), FUNCTIONS[name][0]
    parameters = inspect.signature(function).parameters
    option = [first.choice.option] if first.choice else []
    assert [*parameters] == [first.form, *first.needs, *option]
    assert function.__name__ == name and function.__module__ == "cchc_stats.indicators"
    assert all(len(line) <= 96 for line in function.__doc__.splitlines())
    with pytest.raises(TypeError, match="missing a required argument"):
        function()


def test_every_record_is_in_one_function() -> None:
    assert sorted(one.code for records in FUNCTIONS.values() for one in records) == sorted(
        record.code for record in INDICATORS
    )


@pytest.mark.parametrize(
    "record", [one for one in INDICATORS if one.parts], ids=lambda one: one.code
)
def test_the_rows_that_make_a_sum_are_rows_of_the_form(record: indicators.Indicator) -> None:
    assert set(record.parts) <= set(find_form(record.form).rows)


def test_an_indicator_is_one_file(tmp_path: Path) -> None:
    """A made-up file in the folder of records: measured, called, labelled, listed."""
    for folder in ("src", "docs/reference"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("docs/generate.py", "METHODS.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    records = tmp_path / "src" / "cchc_stats" / "indicators" / "records"
    (records / "made_up.toml").write_text(MADE_UP, encoding="utf-8")

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            env={"PYTHONPATH": str(tmp_path / "src"), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    changed = run(str(tmp_path / "docs" / "generate.py")).split()
    assert len(changed) == 4
    for path in changed:
        assert "paper_documents_share" in (tmp_path / path).read_text(encoding="utf-8")
    assert run("-c", USE_OF_IT) == "[25.0]\n[25.0] Tỷ lệ văn bản giấy\n"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"formular": "a"}, "unexpected keyword argument 'formular'"),
        ({"prepare": "nothing"}, "'nothing'"),
        ({"beside": {"column": "x", "indicator": "nobody"}}, "'nobody'"),
    ],
)
def test_a_record_that_cannot_be_read_is_named(more: dict[str, object], told: str) -> None:
    words = dict.fromkeys(("label_vi", "label_en", "unit", "source"), "x")
    raw = words | {"code": "mine", "better": "none", "kind": "count", "form": "documents"}
    with pytest.raises(ValuesError, match="the record of indicator mine cannot be read") as caught:
        _record(raw | {"formula": "sent_total"} | more, {})
    assert told in str(caught.value)
