"""The real quarter as a Word document says what its folder says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest
from seed import seed_tables

from cchc_stats import check, read_report
from cchc_stats.forms import FORMS
from cchc_stats.reading.files.opening import read_document

DATA = Path(__file__).parents[2] / "data"
DOCUMENT = DATA / "binh-dinh-skhcn-2020q3.docx"
# Printed in a table or told in prose, but for the decision behind a cut, which no sentence names.
UNTOLD = ("decision", "decided_on", "source")


@pytest.fixture(scope="module")
def document():
    return read_report(DOCUMENT)


@pytest.fixture(scope="module")
def folder():
    return read_report(DATA / "binh-dinh-skhcn-2020q3")


def test_the_script_writes_the_file_that_is_there(tmp_path: Path):
    written = runpy.run_path(str(DATA / "write_document.py"))
    written["document"]().save(str(tmp_path / DOCUMENT.name))
    again, kept = read_document(tmp_path / DOCUMENT.name), read_document(DOCUMENT)
    assert [getattr(block, "cells", block) for block in again.blocks] == [
        getattr(block, "cells", block) for block in kept.blocks
    ]


def test_the_head_is_that_of_the_folder(document, folder):
    for name in ("agency", "number", "signed_on", "period", "window"):
        assert getattr(document, name) == getattr(folder, name)


THERE = [form for form in FORMS if form.code in seed_tables()]


@pytest.mark.parametrize("form", THERE, ids=lambda form: form.code)
def test_every_table_is_that_of_the_folder(document, folder, form):
    wanted = folder.tables[form.code]
    columns = [name for name in wanted.columns if name not in UNTOLD]
    read, wanted = (
        table[columns].sort_values([*form.key]).reset_index(drop=True)
        for table in (document.tables[form.code], wanted)
    )
    pd.testing.assert_frame_equal(read, wanted)


def test_what_has_no_place_is_told(document):
    texts = document.unplaced["text"].tolist()
    assert "06 0 03 0 14 0 37 0 01 01" in texts
    assert "Số liệu tính đến tháng 6/2020" in texts


def test_the_figures_of_its_prose_are_those_of_the_folder(document, folder):
    names = ["value", "denominator", "unit", "indicator"]
    # Of what is told in words alone, the document states what its tables can be held against.
    words = (folder.claims["unit"] == "qualitative") & (
        folder.claims["indicator"] != "online_share"
    )
    told = folder.claims[~words]
    # Notes in tables are no prose; they come back as figures, or in `unplaced`.
    told = told[~told["place"].str.contains("cột Ghi chú")]
    assert sorted(map(str, document.claims[names].to_numpy().tolist())) == sorted(
        map(str, told[names].to_numpy().tolist())
    )


def test_what_disagrees_in_print_is_found(document):
    found = check(document)
    rules = found.loc[found["severity"] != "note", "rule"].tolist()
    assert rules.count("claim_differs") == 2
    assert set(rules) == {
        "claim_differs",
        "words_contradict",
        "trained_and_turns",
        "units_and_positions",
        "planned_and_agencies",
        "percent_of_time",
        "signed_early",
        "number_twice",
        "symbol_spellings",
    }
    errors = found[found["severity"] == "error"]
    assert errors["found"].tolist() == ["các cơ quan nhà nước: 99%"] * 2
    spelled = found.loc[found["rule"] == "symbol_spellings", "found"].iloc[0]
    assert set(spelled.split("; ")) == {"SKHCCN", "SKHHCN", "SKHCN", "SKHCHN"}
