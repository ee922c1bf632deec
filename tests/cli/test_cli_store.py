"""`--store`: what the commands read is kept, and what it is held against is found and said."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from report_copies import SEED, copied, spoiled

import cchc_stats as cchc
import cchc_stats.publishing.page.folder as publishing
from cchc_stats.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def quarters(tmp_path: Path) -> list[Path]:
    """Return a report, the quarter before with nothing pending, and a corrected edition."""
    before = copied(tmp_path, "q2", period='"2020Q2"', signed_on="2020-06-10")
    for file in (before / "dossiers.csv", before / "documents.csv"):
        file.write_text(file.read_text("utf-8").replace("2020Q3", "2020Q2"), "utf-8")
    now = copied(tmp_path, "q3", signed_on="2020-09-10")
    again = spoiled(copied(tmp_path, "q3-2", signed_on="2020-09-12"), "documents", "1315", "1314")
    for one in (before, now, again):
        (one / "claims.csv").unlink()  # what prose says takes most of the time
    return [before, now, again]


def test_each_report_says_against_which_it_was_held(quarters: list[Path], tmp_path: Path):
    before, now, _ = quarters
    store = tmp_path / "tinh.duckdb"
    first = run("check", now, "--store", store, "--lang", "en")
    assert first.stdout.splitlines()[2] == (
        "Held against no earlier quarter: the store has no report of Q2 2020"
    )
    run("check", before, "--store", store)
    second = run("check", now, "--store", store)
    assert second.stdout.splitlines()[2] == (
        "Đối chiếu với báo cáo Quý II/2020 trong kho: q2, bản 1"
    )
    assert "carried_over" not in first.stdout and "kỳ trước chuyển qua" not in first.stdout
    both = run("check", before, now)
    assert (
        both.stdout.splitlines()[-len(second.stdout.splitlines()) + 3 :]
        == (second.stdout.splitlines()[3:])
    )
    assert "Đối chiếu với báo cáo Quý II/2020: q2" in both.stdout
    assert "Đối chiếu" not in run("check", now).stdout


def test_the_same_is_said_to_programs_and_kept(quarters: list[Path], tmp_path: Path):
    store = tmp_path / "tinh.duckdb"
    run("check", quarters[0], "--store", store)
    said = json.loads(run("check", quarters[1], "--store", store, "--json").stdout)["reports"][0]
    assert said["held_against"] == {"period": "2020Q2", "file": "q2", "edition": 1}
    kept = cchc.Store(store)
    reports = [cchc.read_report(path) for path in quarters[:2]]
    found = cchc.check(reports[1], previous=reports[0])
    pd.testing.assert_frame_equal(kept.findings(SEED, "2020Q3"), found)
    assert len(said["findings"]) == len(found)
    alone = json.loads(run("check", quarters[1], "--json").stdout)["reports"][0]
    assert alone["held_against"] is None


def test_a_corrected_file_is_held_against_the_edition_before(quarters: list[Path], tmp_path: Path):
    store = tmp_path / "tinh.duckdb"
    run("check", quarters[1], "--store", store)
    again = run("check", quarters[2], "--store", store)
    assert "1315 ≠ 1314" in again.stdout and "q3-2" in again.stdout
    assert "≠" not in run("check", quarters[1], "--store", store).stdout
    assert cchc.Store(store).editions()["file"].tolist() == ["q3", "q3-2"]


def test_report_takes_the_quarter_before_and_the_history_from_the_store(
    quarters: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(publishing, "page_of", lambda *_, **__: "the page is not what is asked")
    store = tmp_path / "tinh.duckdb"
    cchc.Store(store).add(cchc.read_report(quarters[0]))
    published = run("report", quarters[1], "--store", store, "--out", tmp_path / "out")
    assert "Đối chiếu với báo cáo Quý II/2020 trong kho: q2, bản 1" in published.stdout
    comparisons = pd.read_csv(tmp_path / "out" / "comparisons.csv")
    rows = comparisons.query("indicator == 'documents_sent' and group == 'all'")
    assert rows["previous"].dropna().tolist() == [1380]
    kept = cchc.Store(store)
    assert kept.editions()["file"].tolist() == ["q2", "q3"] and len(kept.findings(SEED, "2020Q3"))


def test_form_keeps_and_score_takes_figures_of_a_store(quarters: list[Path], tmp_path: Path):
    store = tmp_path / "tinh.duckdb"
    run("form", quarters[1], "--store", store, "--out", tmp_path / "bieu.docx")
    options = ("--scheme", "example-department", "--json")
    scored = run("score", "--store", store, "--period", "2020Q3", *options)
    values = cchc.measure(cchc.read_report(quarters[1]).tables)
    cchc.write_values(values[values["period"] == "2020Q3"], tmp_path / "v.csv")
    assert json.loads(scored.stdout) == json.loads(
        run("score", tmp_path / "v.csv", *options).stdout
    )
    refused = run("score", tmp_path / "v.csv", "--store", store, *options)
    assert refused.exit_code == 2 and "VALUES, --store, --period" in refused.stderr


def test_letters_are_held_against_the_quarter_and_the_edition_before(
    quarters: list[Path], tmp_path: Path
):
    store = tmp_path / "tinh.duckdb"
    for path in quarters[:2]:
        run("letters", path, "--store", store, "--out", tmp_path / "first")
    second = run("letters", quarters[2], "--store", store, "--out", tmp_path / "kept")
    assert second.exit_code == 0
    letters = [
        [one.text for one in docx.Document(next((tmp_path / name).glob("2020Q3*.docx"))).paragraphs]
        for name in ("first", "kept")
    ]
    assert letters[0] != letters[1]
    assert cchc.Store(store).editions()["file"].tolist() == ["q2", "q3", "q3-2"]


def test_what_is_no_store_is_refused_before_anything_is_written(
    quarters: list[Path], tmp_path: Path
):
    wrong = tmp_path / "tinh.duckdb"
    wrong.write_bytes(b"no store")
    for command in (["check"], ["report", "--out", tmp_path / "out"]):
        refused = run(*command, quarters[0], "--store", wrong, "--lang", "en")
        assert refused.exit_code == 2
        assert "the file is no DuckDB file" in refused.stderr and str(wrong) in refused.stderr
    assert not (tmp_path / "out").exists() and wrong.read_bytes() == b"no store"
