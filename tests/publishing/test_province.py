"""A made-up province from its folder to all that is handed on: what is planted is told, no more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import docx
import made_up_province as made_up
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import cchc_stats.publishing.provinces.folder as publishing
from cchc_stats import (
    audit_suppression,
    load_scheme,
    read_report,
    read_reports,
    read_units,
    read_values,
)
from cchc_stats.cli import main
from cchc_stats.publishing import Store
from cchc_stats.publishing.provinces.figures import figures_of
from cchc_stats.publishing.provinces.gathering import Gathered, edition_of, gather
from cchc_stats.publishing.provinces.ranking import ranks_of_units
from cchc_stats.reading import draft_units

NAMES = {symbol: name for symbol, (name, _) in made_up.UNITS.items()}
SENT = [symbol for symbol in NAMES if symbol not in ("PHUDIEN", "BINHSON")]
SUMMED = [symbol for symbol in SENT if symbol != "SYT"]
GRAVE = ("error", "warning")
LAST = made_up.LAST


class Run(NamedTuple):
    """What a run was given, printed, and wrote."""

    result: Result
    out: Path
    tables: dict[str, pd.DataFrame]


def run(folder: Path, name: str, *words: str) -> Run:
    out = folder / name
    given = ["province", folder / "bao-cao", "--units", folder / "units.toml", "--out", out, *words]
    result = CliRunner().invoke(main, [str(word) for word in given])
    tables = {path.stem: pd.read_csv(path, keep_default_na=False) for path in out.glob("*.csv")}
    return Run(result, out, tables)


def gathered_of(reports: Path, folder: Path, *, store: Store | None = None) -> Gathered:
    return gather(
        reports,
        read_units(folder / "units.toml"),
        store=store,
        period=None,
        prefer=[],
        without=folder / "khong",
        progress=False,
        lang="vi",
    )


def units_toml(symbols: Iterable[str] = tuple(NAMES)) -> str:
    """Return a list of units, half of them by symbol and half by name."""
    parts = [f'province = "{made_up.PROVINCE}"\n[targets]\non_time_rate_settled = 95\n']
    for symbol in symbols:
        name = NAMES[symbol]
        group = "Xã, phường" if name.startswith("Ủy ban") else "Sở, ban, ngành"
        parts.append(f'[[unit]]\nname = "{name}"\ngroup = "{group}"\n')
        parts.append('forms = ["dossiers", "staffing", "documents"]\n')
        if group.startswith("Sở"):
            parts.append(f'symbols = ["BC-{symbol}"]\n')
    return "".join(parts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("province")
    made_up.make(top / "bao-cao")
    (top / "units.toml").write_text(units_toml(), encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def first(folder: Path) -> Run:
    return run(folder, "quy-2", "--store", str(folder / "tinh.duckdb"))


def part_of(folder: Path, name: str, quarter: str, symbols: Iterable[str]) -> Path:
    """Return a folder with a quarter of some units alone, and with what is of no unit."""
    others = {*NAMES} - {*symbols}
    part = folder / name
    shutil.copytree(
        folder / "bao-cao" / quarter,
        part / "bao-cao" / quarter,
        ignore=lambda _, files: [one for one in files if re.match(r"\w*", one)[0] in others],
    )
    (part / "units.toml").write_text(units_toml(symbols), encoding="utf-8")
    return part


@pytest.fixture
def no_page(monkeypatch: pytest.MonkeyPatch):
    """Leave the page's pictures undrawn where it is not what is asked."""

    def written(values: pd.DataFrame, path: Path, **options: object) -> Path:
        path.write_text("trang", encoding="utf-8")
        return path

    monkeypatch.setattr(publishing, "write_province_page", written)


def letters(out: Path) -> dict[str, str]:
    """Return the words of each letter by the unit that it names."""
    found = {}
    for path in sorted((out / "thu").glob("*.docx")):
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*(one.text for one in document.paragraphs), *cells])
        (unit,) = [name for name in NAMES.values() if f"Kính gửi: {name}" in text]
        found[unit] = text
    return found


# --- what was planted ------


def test_every_planted_error_is_told_and_nothing_else(first: Run):
    findings = first.tables["findings"]
    grave = findings[findings["severity"].isin(GRAVE)]
    told = grave.groupby("agency")["rule"].agg(sorted).to_dict()
    planted = {NAMES[symbol]: rules for symbol, rules in made_up.PLANTED.items() if rules}
    assert told == planted


def test_the_letter_of_each_unit_says_what_is_planted(first: Run):
    written = letters(first.out)
    assert {*written} == {NAMES[symbol] for symbol in made_up.PLANTED}
    for symbol, said in {
        "STC": "Đấu thầu",
        "STP": "Luật sư",
        "SKHCN": "5l0",
        "HOAKHE": "50%",
        "BQL": "hiện có",
        "SYT": "SYT 2026Q2 gửi lại",
        "PHUDIEN": "chưa",
        "BINHSON": "BINHSON quy 2",
    }.items():
        assert said in written[NAMES[symbol]], symbol


def test_who_has_not_sent_is_told_and_who_sent_the_quarter_before(first: Run):
    missing = first.tables["missing"].set_index("agency")["reason"]
    assert missing[NAMES["PHUDIEN"]] == "chưa gửi báo cáo"
    assert "BINHSON quy 2.xlsx" in missing[NAMES["BINHSON"]]
    assert "Quý I/2026" in missing[NAMES["BINHSON"]]
    assert len(missing) == 2


def test_what_stops_nothing_is_told_once_with_its_mend(first: Run):
    assert first.result.exit_code == 1
    for said, mend in {
        "hỏng.docx": "lưu lại",
        "Sở Ngoại vụ": "units",
        "SYT 2026Q2 gửi lại": "--prefer",
        "Thumbs.db": "",
    }.items():
        lines = [line for line in first.result.stderr.splitlines() if said in line]
        assert len(lines) == 1, (said, lines)
        assert mend in first.result.stderr
    assert "read_report" not in first.result.stderr
    assert "Traceback" not in first.result.output


def test_files_that_are_not_what_their_name_says_are_counted_once_or_not_at_all(tmp_path: Path):
    now = {symbol: unit for (period, symbol), unit in made_up.figures().items() if period == LAST}
    before = made_up.figures()[made_up.FIRST, "SXD"]
    (tmp_path / made_up.LAST).mkdir()
    (tmp_path / made_up.FIRST).mkdir()
    write = partial(made_up.write_report, tmp_path / made_up.LAST, LAST, suffix=".txt")
    write("SNV", now["SNV"])
    shutil.copy(write("STP", now["STP"]), tmp_path / LAST / "SYT 2026Q2.txt")  # for SYT's own
    write("SNV", now["STC"], stem="STC 2026Q2")  # under another's letterhead
    write("BQL", now["BQL"], agency="Sở Ngoại vụ")
    write("SKHCN", now["SKHCN"], agency="Sở Thông tin và Truyền thông")
    write("SXD", before)  # last quarter's figures
    made_up.write_report(tmp_path / made_up.FIRST, made_up.FIRST, "SXD", before, suffix=".txt")
    symbols = ["SNV", "STP", "STC", "SYT", "SKHCN", "SXD", "BQL"]
    (tmp_path / "units.toml").write_text(units_toml(symbols), encoding="utf-8")
    gathered = gathered_of(tmp_path, tmp_path)
    assert {one.agency for one in gathered.now.reports} == {
        NAMES[symbol] for symbol in ("SNV", "STP", "SKHCN", "SXD", "BQL")
    }
    missing = gathered.missing.set_index("agency")["reason"]
    assert "STC 2026Q2.txt đứng tên Sở Nội vụ" in missing[NAMES["STC"]]
    assert "SYT 2026Q2.txt đứng tên Sở Tư pháp" in missing[NAMES["SYT"]]
    assert {"SYT 2026Q2.txt", "STC 2026Q2.txt"} <= {one.where for one in gathered.notices}
    assert gathered.left_out
    findings, _ = publishing.checked(gathered, lang="vi")
    told = findings[findings["severity"] != "note"].set_index("agency")
    assert "Sở Ngoại vụ" in told.loc[NAMES["BQL"], "message"]
    assert "tên cũ" in told.loc[NAMES["SKHCN"], "message"]
    assert "repeated" in [*told.loc[NAMES["SXD"], "rule"]]
    assert {*told.index} == {NAMES[symbol] for symbol in ("BQL", "SKHCN", "SXD")}


def test_a_report_under_another_name_drafts_no_unit_of_its_own(tmp_path: Path):
    made = made_up.figures()
    write = partial(made_up.write_report, suffix=".txt")
    write(tmp_path, made_up.FIRST, "SXD", made[made_up.FIRST, "SXD"])
    for agency in ("Sở Ngoại vụ", "Sở Giao thông vận tải"):
        write(tmp_path, LAST, "SXD", made[LAST, "SXD"], agency=agency, stem=agency)
    drafted = draft_units(read_reports(tmp_path, progress=False))
    assert [line for line in drafted.splitlines() if line.startswith("name =")] == [
        'name = "Sở Xây dựng"'
    ]
    assert drafted.count("được coi là của Sở Xây dựng") == 2


# --- the figures -----------


def test_sums_say_which_units_they_rest_on(first: Run):
    sums = first.tables["sums"].set_index(["form", "row", "column"])
    true = made_up.figures()
    posts = sums.loc[("staffing", "Biên chế hành chính", "assigned")]
    assert float(posts["figure"]) == sum(true[made_up.LAST, one]["staff"][0] for one in SUMMED)
    assert (int(posts["units"]), int(posts["of"])) == (9, 12)
    out_of_it = {NAMES[symbol] for symbol in ("SYT", "PHUDIEN", "BINHSON")}
    assert {*posts["without"].split("; ")} == out_of_it
    electronic = sums.loc[("documents", "", "sent_electronic")]
    assert NAMES["SKHCN"] in electronic["without"]
    assert int(electronic["units"]) == 8


def test_sums_say_whose_figure_is_in_doubt(first: Run):
    sums = first.tables["sums"].set_index(["form", "row", "column"])["in_doubt"]
    assert sums[("dossiers", "all", "settled_on_time")] == NAMES["STP"]
    assert sums[("dossiers", "all", "carried_over")] == NAMES["STC"]
    assert sums[("dossiers", "all", "pending_total")] == ""


def test_a_change_of_the_province_is_of_the_units_that_are_there_in_both(first: Run):
    changes = first.tables["comparisons"]
    row = changes[
        (changes["agency"] == "Ủy ban nhân dân tỉnh Giả Định")
        & (changes["indicator"] == "dossiers_newly_received")
        & (changes["group"] == "all")
        & (changes["comparison"] == "quarter_over_quarter")
    ].iloc[0]
    true = made_up.figures()

    def received(quarter: str) -> int:
        return sum(line[2] for one in SUMMED for line in true[quarter, one]["rows"])

    assert float(row["value"]) == received(made_up.LAST)
    assert float(row["previous"]) == received(made_up.FIRST)
    assert "9/12" in row["note"]


def test_the_official_form_has_the_sums_and_reads_back(first: Run):
    report = read_report(first.out / "bieu.docx")
    posts = made_up.figures()
    assigned = sum(posts[made_up.LAST, one]["staff"][0] for one in SUMMED)
    assert report.tables["staffing"]["assigned"].tolist() == [assigned]


def test_page_and_workbook_are_there(first: Run):
    page = (first.out / "index.html").read_text(encoding="utf-8")
    assert NAMES["PHUDIEN"] in page
    assert "nan" not in page.split()
    book = openpyxl.load_workbook(first.out / "tong-hop.xlsx", read_only=True)
    assert len(book.sheetnames) >= 4
    assert str(first.out / "index.html") in first.result.stdout


# --- again -----------------


@pytest.mark.usefixtures("no_page")
def test_after_a_correction_only_that_file_is_read_and_its_letter_says_what_is_mended(
    folder: Path, first: Run, monkeypatch: pytest.MonkeyPatch
):
    # The quarter before is in the store alone; what is known of a file hangs on the list of units.
    again = part_of(folder, "lai", made_up.LAST, ["STP", "STC", "SYT", "PHUDIEN", "BINHSON"])
    shutil.copy(folder / "units.toml", again)
    shutil.copy(folder / "tinh.duckdb", again)
    shutil.copytree(first.out, again / "quy-2")
    mended = made_up.figures()[made_up.LAST, "STP"]
    file = next((again / "bao-cao" / made_up.LAST).glob("STP *"))
    made_up.write_report(file.parent, made_up.LAST, "STP", mended)
    read: list[str] = []
    from cchc_stats.reading.reports import read as reading

    plain = reading.read_report
    monkeypatch.setattr(
        reading,
        "read_report",
        lambda path, **options: (read.append(path.name), plain(path, **options))[1],
    )
    second = run(again, "quy-2", "--store", str(again / "tinh.duckdb"))
    # What is no report of a listed unit's quarter is not kept, and tried again.
    assert {*read} == {file.name, "hỏng.docx", "SNgV 2026Q2.txt", "BINHSON quy 2.xlsx"}
    findings = second.tables["findings"]
    assert findings[(findings["agency"] == NAMES["STP"]) & findings["severity"].isin(GRAVE)].empty
    with Store(again / "tinh.duckdb") as store:
        editions = store.editions(NAMES["STP"], made_up.LAST)
    assert editions["edition"].tolist() == [1, 2]
    before, now = letters(first.out), letters(second.out)
    assert "Luật sư" in now[NAMES["STP"]]
    unchanged = [NAMES[symbol] for symbol in ("STC", "SYT", "PHUDIEN", "BINHSON")]
    assert [now[name] for name in unchanged] == [before[name] for name in unchanged]


# --- small numbers ---------


@pytest.mark.usefixtures("no_page")
def test_small_numbers_are_left_out_of_all_files_but_letters(folder: Path, first: Run):
    symbols = ["SNV", "STP", "SXD", "SKHCN", "SDTTG", "HOAKHE"]
    alone = part_of(folder, "quy-nay", made_up.LAST, symbols)
    published = run(alone, "cong-khai", "--below", "10", "--period", "2026Q2")
    values = read_values(published.out / "values.csv")
    assert audit_suppression(values, below=10).empty
    small = first.tables["values"]
    small = small[
        (small["indicator"] == "dossiers_settled_late") & (small["period"] == made_up.LAST)
    ]
    small = small[pd.to_numeric(small["value"]).between(1, 9)]
    small = small[small["agency"].isin([NAMES[symbol] for symbol in symbols])]
    assert len(small)
    keys = ["agency", "indicator", "group", "period"]
    shown = published.tables["values"].merge(small[keys], on=keys)
    assert (shown["value"] == "").all()
    form = read_report(published.out / "bieu.docx").tables["dossiers"]
    assert not form["settled_late"].between(1, 9).any()
    assert not published.tables["findings"]["message"].str.contains("5l0").any()
    settled = made_up.figures()[made_up.LAST, "STP"]["rows"][0][6]
    assert f"giải quyết {settled}," in letters(published.out)[NAMES["STP"]]


# --- bad input -------------


def test_another_quarter_than_the_folder_has_is_refused(folder: Path):
    refused = run(folder, "khong", "--period", "2027Q1")
    assert refused.result.exit_code == 2
    assert "2027Q1" in refused.result.stderr
    assert "--period" in refused.result.stderr
    assert not refused.out.exists()


def test_a_folder_of_last_quarters_files_is_told_where_the_store_is_further(
    folder: Path, first: Run
):
    store = Store(folder / "tinh.duckdb")
    told = gathered_of(folder / "bao-cao" / made_up.FIRST, folder, store=store)
    assert told.period == pd.Period(made_up.FIRST)
    (notice,) = [one for one in told.notices if "Quý I/2026" in one.what]
    assert notice.where == "Quý II/2026"
    assert "thư mục" in notice.mend


@pytest.mark.usefixtures("no_page")
def test_a_report_in_which_nothing_is_found_any_more_has_no_findings_in_the_store(
    folder: Path, tmp_path: Path
):
    gathered = gathered_of(folder / "bao-cao" / made_up.LAST, folder)
    findings, _ = publishing.checked(gathered, lang="vi")
    store = Store(tmp_path / "tinh.duckdb")
    publishing.keep(store, gathered, findings)
    assert len(store.findings())
    publishing.keep(store, gathered, findings.iloc[:0])
    assert store.findings().empty


def test_what_one_quarter_without_answers_lacks_is_told(folder: Path):
    symbols = ["SNV", "STP", "SXD", "HOAKHE"]
    alone = part_of(folder, "mot-quy", made_up.FIRST, symbols)
    told = run(alone, "quy", "--scheme", "example-department")
    assert told.result.exit_code == 0, told.result.output
    assert "Quý IV/2025" in told.result.stderr
    assert "--store" in told.result.stderr
    assert "--answers" in told.result.stderr
    assert len(told.tables["missing"]) == 0
    assert {*told.tables["lacking"]["agency"]} == {NAMES[symbol] for symbol in symbols}
    assert (pd.to_numeric(told.tables["ranks"]["rank"]).isna()).all()


def test_an_empty_folder_is_refused(folder: Path):
    (folder / "rong" / "bao-cao").mkdir(parents=True)
    shutil.copy(folder / "units.toml", folder / "rong")
    refused = run(folder / "rong", "quy")
    assert refused.result.exit_code == 2
    assert "không có báo cáo nào để đọc" in refused.result.stderr


class _Edition(NamedTuple):
    signed_on: object


def test_an_edition_is_chosen_by_name_by_order_or_by_day():
    one, two = ("x/a.docx", _Edition(pd.Timestamp("2026-06-20"))), ("x/b.docx", _Edition(None))
    later = ("x/c.docx", _Edition(pd.Timestamp("2026-06-25")))
    assert edition_of([one, two], []) is None
    assert edition_of([one, two], ["a.docx"]) is one
    assert edition_of([one, two], ["x/b.docx", "latest_signed"]) is two
    assert edition_of([one, two], ["last_given"]) is two
    assert edition_of([one, two], ["latest_signed"]) is None
    assert edition_of([one, later], ["latest_signed"]) is later


SCHEME = """
name = "hai-muc"
title_vi = "Hai mục"
title_en = "Two items"
status = "example"
source = "giả định"
version = "1"
valid_from = 2025-01-01
max_points = 100
zero_denominator = "full"
missing = "unknown"
[[nodes]]
code = "1"
parent = "total"
label_vi = "Đúng hạn"
label_en = "On time"
max_points = 60
rule = "proportional"
indicator = "on_time_rate_settled"
[[nodes]]
code = "2"
parent = "total"
label_vi = "Kế hoạch"
label_en = "Plan"
max_points = 40
rule = "yes_no"
"""


def test_ranks_say_how_firm_they_are_and_who_has_none_yet(folder: Path, tmp_path: Path):
    path = tmp_path / "hai-muc.toml"
    path.write_text(SCHEME, encoding="utf-8")
    symbols = ["SNV", "STP", "SXD", "ANLOC", "BINHSON", "HOAKHE"]
    part = part_of(folder, "xep-hang", made_up.FIRST, symbols)
    gathered = gathered_of(part / "bao-cao", part)
    figures = figures_of(gathered, whole="Tỉnh", below=None, lang="vi")
    answered = [NAMES[symbol] for symbol in symbols[1:]]
    answers = pd.DataFrame(
        {"agency": answered, "period": made_up.FIRST, "code": "2", "answer": "yes"}
    )
    above = (figures.own["agency"] == NAMES["SNV"]) & (figures.own["unit"] == "percent")
    more = figures.own["numerator"].mask(above, figures.own["denominator"] + 1)
    wrong = figures.own.assign(value=figures.own["value"].mask(above), numerator=more)
    told = ranks_of_units(wrong, gathered, load_scheme(path), answers, lang="vi").notices
    assert f"{NAMES['SNV']}: " in told[0].where
    ranked = ranks_of_units(figures.own, gathered, load_scheme(path), answers, lang="vi")
    rows = ranked.ranks.set_index("agency")
    assert pd.isna(rows.loc[NAMES["SNV"], "rank"])
    assert ranked.lacking[["agency", "code"]].values.tolist() == [[NAMES["SNV"], "2"]]
    (notice,) = ranked.notices
    assert "1/6" in notice.what
    assert "--answers" in notice.mend
    rest = rows.drop(NAMES["SNV"])
    assert (rest["rank_low"] <= rest["rank_high"]).all()
    # Each group is ranked by itself: three departments but one, three communes.
    assert rest.groupby("group")["rank"].agg(["min", "count"]).values.tolist() == [[1, 2], [1, 3]]
    assert not {"points", "percent"} & {*ranked.published(5)}
