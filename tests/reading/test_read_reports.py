"""Many reports at once: which paths are read, what a bad one costs, and the tables as one."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from report_copies import DATA, copied, spoiled

from cchc_stats import check, measure, validate
from cchc_stats.forms import find_form
from cchc_stats.reading.reports import many
from cchc_stats.reading.reports.many import HIDDEN, LOCK, NO_HEAD, OTHER, TWICE, read_reports
from cchc_stats.words.errors import ReadError

A, B = "Sở Nội vụ", "Sở Y tế"


# --- what is read


def test_a_folder_gives_its_report_folders_and_files_in_order_and_lists_the_rest(tmp_path):
    copied(tmp_path, "b", B)
    copied(tmp_path, "a", A)
    (tmp_path / "empty").mkdir()
    for name in ("~$x.docx", ".hidden.docx", "photo.png", "broken.docx"):
        (tmp_path / name).write_bytes(b"")
    reports = read_reports(tmp_path)
    assert [report.agency for report in reports.reports] == [A, B]
    assert [Path(path).name for path in reports.paths] == ["a", "b"]
    assert [Path(path).name for path in reports.failures["path"]] == ["broken.docx"]
    skipped = {Path(path).name: reason for path, reason in reports.skipped.values}
    assert skipped == {
        "~$x.docx": LOCK,
        ".hidden.docx": HIDDEN,
        "photo.png": OTHER,
        "empty": NO_HEAD,
    }


def test_a_report_folder_a_glob_and_a_list_mean_what_they_name(tmp_path):
    one, other = copied(tmp_path, "q3-a", A), copied(tmp_path, "q3-b", B)
    (tmp_path / "q3-notes.png").write_bytes(b"x")
    assert read_reports(one).names == (A,)
    by_glob = read_reports(str(tmp_path / "q3-*"))
    assert by_glob.names == (A, B)
    assert by_glob.skipped["reason"].tolist() == [OTHER]
    listed = read_reports([other, str(one), other, tmp_path / "q3-notes.png"])
    assert listed.names == (B, A)
    assert listed.skipped["reason"].tolist() == [TWICE]
    # A file that is named is tried, whatever its suffix.
    assert listed.failures["path"].tolist() == [str(tmp_path / "q3-notes.png")]


def test_a_name_with_glob_letters_is_a_name(tmp_path):
    path = copied(tmp_path, "báo cáo [1]", A)
    assert read_reports(path).names == (A,)
    assert read_reports([str(path)]).names == (A,)


@pytest.mark.parametrize("paths", ["{}", "{}/*.docx", []])
def test_nothing_to_read_is_refused(tmp_path, paths):
    given = paths.format(tmp_path) if isinstance(paths, str) else paths
    with pytest.raises(ReadError, match="there is no report to read; 0 files are passed over"):
        read_reports(given)


@pytest.mark.parametrize("paths", [None, 3, [None], ["a", 3]])
def test_what_is_no_path_is_refused(paths):
    with pytest.raises(ReadError, match="this is no path"):
        read_reports(paths)


@pytest.mark.parametrize("workers", [0, -1, True, 1.5])
def test_a_number_of_processes_that_makes_no_sense(workers):
    with pytest.raises(ReadError, match="the number of processes is"):
        read_reports(DATA, workers=workers)


def test_options_that_make_no_sense():
    with pytest.raises(ReadError, match="a file needs some time"):
        read_reports(DATA, seconds=0)
    with pytest.raises(ReadError, match="there is no way 'newest' to choose among editions"):
        read_reports(DATA, prefer="newest")


# --- failures


def test_a_bad_report_is_told_and_the_rest_is_read(tmp_path):
    copied(tmp_path, "a", A)
    (copied(tmp_path, "b", B) / "report.toml").write_text("agency = ", encoding="utf-8")
    spoiled(copied(tmp_path, "c", B), "staffing", "public_service", "public_servise")
    reports = read_reports(tmp_path)
    assert reports.names == (A,)
    failures = reports.failures.set_index("path")
    assert list(failures.columns) == ["what", "where", "mend"]
    assert "the head cannot be read" in failures.loc[str(tmp_path / "b"), "what"]
    assert "staffing.csv" in failures.loc[str(tmp_path / "c"), "what"]
    assert (failures != "").all(axis=None)


def test_what_reading_did_not_foresee_is_a_failure_too(tmp_path, monkeypatch):
    def raises(*_: object, **__: object) -> None:
        raise MemoryError("too much")

    monkeypatch.setattr("cchc_stats.reading.reports.read.read_report", raises)
    reports = read_reports([DATA], workers=1)
    assert reports.failures["what"].tolist() == ["the file cannot be read: MemoryError: too much"]
    assert reports.reports == ()
    assert dict(reports.tables) == {}


# --- side by side


@pytest.fixture
def any_number(monkeypatch):
    """Have processes started for however few reports."""
    monkeypatch.setattr(many, "SIDE_BY_SIDE_FROM", 1)


def test_few_reports_are_read_here_whatever_is_asked_for(tmp_path, monkeypatch):
    for number in range(8):
        copied(tmp_path, f"{number}", f"Sở {number}")
    monkeypatch.setattr(many, "read_side_by_side", None)  # would fail if it were called
    assert len(read_reports(tmp_path, workers=2).reports) == 8
    large = tmp_path / "large.txt"
    large.write_bytes(b" " * 7_000_000)
    with pytest.raises(TypeError):
        read_reports([large], workers=2)


def test_two_processes_read_the_same_in_the_same_order(tmp_path, any_number):
    for number in range(8):
        copied(tmp_path, f"{number}", f"Sở {8 - number}")
    (tmp_path / "3" / "report.toml").unlink()
    (tmp_path / "3.docx").write_bytes(b"")
    here, beside = read_reports(tmp_path, workers=1), read_reports(tmp_path, workers=2)
    assert beside.names == here.names == tuple(f"Sở {8 - at}" for at in range(8) if at != 3)
    pd.testing.assert_frame_equal(beside.failures, here.failures)
    pd.testing.assert_frame_equal(beside.skipped, here.skipped)
    for code, table in here.tables.items():
        pd.testing.assert_frame_equal(beside.tables[code], table)


def dying(path: Path, asked: object) -> object:
    """Read a file as the real one does, but die or hang at some."""
    if path.name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name == "hangs":
        time.sleep(600)
    return path.name


def begin_dying() -> None:
    many.read_here = dying


def test_a_process_that_dies_or_hangs_costs_its_file_alone(monkeypatch):
    monkeypatch.setattr(many, "begin", begin_dying)
    paths = [Path(name) for name in ("a", "dies", "b", "hangs", "c", "d")]
    told = dict(many.read_side_by_side(paths, many.Asked(), workers=2, seconds=3))
    assert sorted(told) == [0, 1, 2, 3, 4, 5]
    assert [told[at] for at in (0, 2, 4, 5)] == ["a", "b", "c", "d"]
    assert told[1].what.startswith("the process that read it ended (exit code -9)")
    assert told[3].what == "reading it takes longer than 3 seconds"
    assert [told[at].path for at in (1, 3)] == ["dies", "hangs"]


def test_an_interrupted_reading_leaves_no_process(tmp_path, monkeypatch, any_number):
    def interrupt(*_) -> None:
        raise KeyboardInterrupt

    paths = [copied(tmp_path, f"{number}", f"Sở {number}") for number in range(3)]
    monkeypatch.setattr("tqdm.tqdm.update", interrupt)
    with pytest.raises(KeyboardInterrupt) as interrupted:
        read_reports(paths, workers=2)
    # Its frames are kept, as a notebook keeps those of the last exception.
    assert interrupted.traceback
    assert multiprocessing.active_children() == []


def end_at_once() -> None:
    raise SystemExit(1)


def test_a_process_that_does_not_begin_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr(many, "begin", end_at_once)
    with pytest.raises(ReadError, match="ends before it begins") as refused:
        list(many.read_side_by_side([Path("a")], many.Asked(), workers=1, seconds=3))
    assert "workers=1" in refused.value.mend


@pytest.mark.parametrize("by", ["file", "stdin"])
def test_a_script_needs_no_guard_and_runs_once(tmp_path, by):
    script = tmp_path / "script.py"
    script.write_text(
        "from cchc_stats.reading.reports import many\n"
        "many.SIDE_BY_SIDE_FROM = 1\n"
        f"print(many.read_reports({str(copied(tmp_path, 'a', A))!r}, workers=2))\n",
        encoding="utf-8",
    )
    with script.open("rb") as stream:
        words = [sys.executable, *([str(script)] if by == "file" else ["-"])]
        done = subprocess.run(words, stdin=stream, capture_output=True, check=False, timeout=100)
    assert done.stderr.decode() == ""
    assert done.stdout.decode().splitlines() == ["ReportSet(1 reports, 0 failures, 0 skipped)"]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_made_of_each_report_comes_in_its_order(tmp_path, workers, any_number):
    for number in range(4):
        copied(tmp_path, f"{number}", f"Sở {number}")
    (tmp_path / "2" / "report.toml").write_text("", encoding="utf-8")
    reports = read_reports(tmp_path, workers=workers, then=check)
    assert [Path(path).name for path in reports.paths] == ["0", "1", "3"]
    assert len(reports.failures) == 1
    for report, findings in zip(reports.reports, reports.results, strict=True):
        pd.testing.assert_frame_equal(findings, check(report))
    assert read_reports(tmp_path, workers=workers).results == ()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_function_that_fails_on_a_report_costs_its_file_alone(tmp_path, workers, any_number):
    copied(tmp_path, "a", A)
    reports = read_reports(tmp_path, workers=workers, then=ord)
    (what,) = reports.failures["what"]
    assert what.startswith("ord fails on the report: TypeError: ")
    assert (reports.reports, reports.results) == ((), ())


def test_a_function_that_other_processes_cannot_find_is_refused(tmp_path):
    copied(tmp_path, "a", A)
    with pytest.raises(ReadError, match="other processes cannot find <function") as refused:
        read_reports(tmp_path, workers=2, then=lambda report: report.agency)
    assert "workers=1" in refused.value.mend
    assert read_reports(tmp_path, workers=1, then=lambda report: report.agency).results == (A,)


# --- names


def test_names_are_replaced_where_that_is_sure(tmp_path):
    copied(tmp_path, "a", "SỞ KH&CN")
    copied(tmp_path, "b", "Sở Nội vụ")
    copied(tmp_path, "c", "Sở Ngoại vụ")
    known = ["Sở Khoa học và Công nghệ", "Sở Nội vụ tỉnh Gia Lai", "Sở Nội vụ tỉnh Phú Thọ"]
    reports = read_reports(tmp_path, agencies=known)
    assert reports.names == (known[0], "Sở Nội vụ", "Sở Ngoại vụ")
    assert reports.agencies[["agency", "matched", "how"]].values.tolist() == [
        ["SỞ KH&CN", known[0], "spelling"],
        ["Sở Nội vụ", "", "ambiguous"],
        ["Sở Ngoại vụ", "", "unknown"],
    ]
    assert reports.agencies["candidates"][1] == "; ".join(known[1:])
    assert set(reports.tables["documents"]["agency"]) == set(reports.names)


# --- tables as one


def test_tables_have_the_rows_of_all_reports_and_their_types(tmp_path):
    copied(tmp_path, "a", A)
    copied(tmp_path, "b", B)
    reports = read_reports(tmp_path)
    for code, table in reports.tables.items():
        one = reports.reports[0].tables[code]
        assert len(table) == 2 * len(one)
        assert table.dtypes.astype(str).to_dict() == one.dtypes.astype(str).to_dict()
        validate(table, find_form(code))
    values = measure(reports.tables)
    assert set(values["agency"]) == {A, B}
    assert reports.repeated.empty
    assert reports.duplicates.empty


def test_claims_and_what_has_no_place_name_their_agency(tmp_path):
    copied(tmp_path, "a", A)
    copied(tmp_path, "b", B)
    reports = read_reports(tmp_path)
    one = reports.reports[0]
    for frame, own in ((reports.claims, one.claims), (reports.unplaced, one.unplaced)):
        assert list(frame.columns) == ["agency", "source", *own.columns]
        assert frame["agency"].value_counts().to_dict() == {A: len(own), B: len(own)}
    assert str(reports.claims["period"].dtype) == "period[Q-DEC]"


def test_each_report_of_a_set_is_checked_as_if_alone(tmp_path):
    spoiled(copied(tmp_path, "a", A), "documents", "1380", "1381")
    copied(tmp_path, "b", B)
    found = [check(report) for report in read_reports(tmp_path).reports]
    # The two that every copy has: electronic documents told as 99 % in the prose.
    assert [(frame["severity"] == "error").sum() for frame in found] == [3, 2]


# --- editions


def test_two_editions_are_told_and_taken_only_when_chosen(tmp_path):
    copied(tmp_path, "first", A)
    spoiled(copied(tmp_path, "second", A, signed_on="2020-09-20"), "documents", "1380", "1381")
    copied(tmp_path, "third", B)
    reports = read_reports(tmp_path)
    assert len(reports.reports) == 3
    assert reports.duplicates[["agency", "path"]].values.tolist() == [
        [A, str(tmp_path / "first")],
        [A, str(tmp_path / "second")],
    ]
    with pytest.raises(ReadError, match="several editions of one report: Sở Nội vụ, 2020Q3: 2"):
        _ = reports.tables
    with pytest.raises(ReadError, match="several editions"):
        _ = reports.claims
    chosen = reports.preferring("latest_signed")
    sent = chosen.tables["documents"].set_index("agency")["sent_total"]
    assert sent.to_dict() == {A: 1381, B: 1380}
    assert read_reports(tmp_path, prefer="latest_signed").tables.keys() == chosen.tables.keys()


@pytest.mark.parametrize("day", ["", "2020-09-09"])
def test_without_a_later_day_no_edition_is_the_latest(tmp_path, day):
    copied(tmp_path, "first", A)
    copied(tmp_path, "second", A, signed_on=day)
    reports = read_reports(tmp_path, prefer="latest_signed")
    with pytest.raises(ReadError, match="the latest edition is not clear"):
        _ = reports.tables


def test_a_row_that_two_quarters_print_is_there_once_and_both_are_listed(tmp_path):
    """The quarter's own report says what its quarter was; one without a figure says nothing."""
    before = copied(tmp_path, "q2", A, period='"2020Q2"', signed_on="2020-06-09")
    copied(tmp_path, "q3", A)
    # 2020Q2's own report states 5 where the later one prints 0; 2019Q4 is of neither.
    own = "2020Q2,in_period,appointed,"
    spoiled(before, "appointments", f"{own}0,", f"{own}5,")
    old = "2019Q4,year_to_date,appointed,"
    spoiled(before, "appointments", f"{old}11,", f"{old}10,")
    spoiled(before, "appointments", "2020Q2,in_period,rotated,0,", "2020Q2,in_period,rotated,,")
    reports = read_reports(tmp_path)
    table = reports.tables["appointments"]
    validate(table, "appointments")
    count = table.set_index(["period", "basis", "item"])["count"]
    quarter, year = pd.Period("2020Q2"), pd.Period("2019Q4")
    assert count[quarter, "in_period", "appointed"] == 5
    assert count[year, "year_to_date", "appointed"] == 11
    assert count[quarter, "in_period", "rotated"] == 0
    told = reports.repeated
    told = told[(told["form"] == "appointments") & (told["row"] == "appointed")]
    told = told[told["period"] == quarter]
    assert sorted(told[["kept", "differs"]].values.tolist()) == [[False, True], [True, False]]
    measure(reports.tables)


def test_a_set_says_what_it_is_in_one_line(tmp_path):
    copied(tmp_path, "a", A)
    assert repr(read_reports(tmp_path)) == "ReportSet(1 reports, 0 failures, 0 skipped)"
    assert read_reports(tmp_path).reports[0].signed_on == dt.date(2020, 9, 9)
