"""The store: what is added comes back as it was, once, whatever happens to the process."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from report_copies import SEED, copied, spoiled
from seed import FOLDER

import cchc_stats as cchc
from cchc_stats import CchcError, Report, Store

DOCUMENT = FOLDER.with_suffix(".docx")


@pytest.fixture(scope="module")
def seed() -> Report:
    """Return the real report as its document gives it."""
    return cchc.read_report(DOCUMENT)


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return reports of two agencies and two quarters, and a second edition of one."""
    folder = tmp_path_factory.mktemp("quarters")
    first = copied(folder, "q2", period='"2020Q2"', signed_on="2020-06-10")
    return [
        first,
        copied(folder, "q3", signed_on="2020-09-10"),
        spoiled(copied(folder, "q3-2", signed_on="2020-09-12"), "documents", "1315", "1314"),
        copied(folder, "other", "Sở Y tế tỉnh Bình Định"),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "tinh.duckdb")


def assert_same(one: Report, other: Report) -> None:
    """Fail where two reports differ in a cell, a type, or an absence."""
    for name in (one.name for one in fields(Report)):
        left, right = getattr(one, name), getattr(other, name)
        if name == "tables":
            assert (type(left), [*left]) == (type(right), [*right])
            assert [*getattr(left, "unplaced", ())] == [*getattr(right, "unplaced", ())]
            for code in left:
                pd.testing.assert_frame_equal(left[code], right[code], check_exact=True)
        elif isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right, name


def test_a_report_comes_back_as_it_was(store: Store, seed: Report):
    folder = cchc.read_report(FOLDER)
    assert store.add([seed, folder])["state"].tolist() == ["new", "edition"]
    assert_same(store.report("sở KH&CN Bình Định", "2020Q3", 1), seed)
    assert_same(store.report(SEED, "quý III/2020"), folder)
    assert store.report(SEED, "2020Q3", 1).tables.places[0][0] == SEED


def test_what_is_measured_checked_and_traced_is_the_same(store: Store, seed: Report):
    store.add(seed)
    again = store.report(SEED, "2020Q3")
    pd.testing.assert_frame_equal(cchc.check(again), cchc.check(seed))
    values = cchc.measure(seed.tables)
    pd.testing.assert_frame_equal(cchc.measure(again.tables), values)
    pd.testing.assert_frame_equal(store.values(), values)
    pd.testing.assert_frame_equal(store.history("Sở KH&CN"), values.assign(agency="Sở KH&CN"))


def test_a_file_is_there_once_under_any_name(store: Store, quarters: list[Path], tmp_path: Path):
    one = cchc.read_report(quarters[1])
    assert store.add([one, one])["state"].tolist() == ["new", "same"]
    copy = copied(tmp_path, "mới", signed_on="2020-09-10")
    before = store.path.read_bytes()
    assert store.add(cchc.read_report(copy)).loc[0, ["file", "state"]].tolist() == ["q3", "same"]
    assert len(store.editions()) == 1 and store.path.read_bytes() == before
    assert store.read(copy) is None  # its findings would name the other file
    assert_same(store.read(quarters[1]), one)


def test_the_order_of_adding_does_not_matter(quarters: list[Path], tmp_path: Path):
    reports = [cchc.read_report(path) for path in quarters]
    stores = [Store(tmp_path / name) for name in ("a.duckdb", "b.duckdb")]
    stores[0].add(reports)
    for one in reversed(reports):
        stores[1].add(one)
    for agency, period, edition in [
        (SEED, "2020Q2", None),
        (SEED, "2020Q3", None),
        (SEED, "2020Q3", 1),
        ("Sở Y tế", "2020Q3", None),
    ]:
        assert_same(*(one.report(agency, period, edition) for one in stores))
    pd.testing.assert_frame_equal(*(one.values() for one in stores))
    assert stores[1].report(SEED, "2020Q3").source == "q3-2"


def test_the_quarter_before_is_found_under_the_name_of_the_report(
    store: Store, quarters: list[Path]
):
    store.add([cchc.read_report(path) for path in quarters])
    now = cchc.read_report(FOLDER, agency="Sở KH&CN")
    before = store.previous(now)
    assert (before.source, before.agency) == ("q2", "Sở KH&CN")
    assert store.previous(before) is None
    assert set(before.tables["documents"]["agency"]) == {"Sở KH&CN"}


def test_a_quarter_that_is_missing_is_said(store: Store, quarters: list[Path]):
    with pytest.raises(CchcError, match="the store has no report of Sở Y tế on 2020Q3"):
        store.report("Sở Y tế", "2020Q3")
    store.add([cchc.read_report(path) for path in quarters])
    with pytest.raises(CchcError) as refused:
        store.report("Sở KH&CN", "2020Q4")
    assert refused.value.what == "the store has no report of Sở KH&CN on 2020Q4"
    assert refused.value.mend == "add it first; of this agency there is 2020Q2, 2020Q3"
    with pytest.raises(CchcError, match="has no edition 3 of 2020Q3"):
        store.report(SEED, "2020Q3", 3)
