"""The folder that a report is published into: its page, its tables, the official form."""

from __future__ import annotations

import dataclasses
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats import (
    CchcError,
    Report,
    measure,
    read_report,
    read_values,
    trace,
    validate,
)
from cchc_stats.indicators import INDICATORS
from cchc_stats.publishing import Quarter, look_at
from cchc_stats.publishing.frames import texts
from cchc_stats.publishing.page import folder as writing
from cchc_stats.publishing.page.folder import FILES, write_quarter
from cchc_stats.publishing.page.page import FileBeside, Pictures, render_page
from cchc_stats.publishing.page.pictures import INDEX_PICTURES, PICTURES, pictures_of
from cchc_stats.publishing.page.quarter import with_changes, with_year_to_date
from cchc_stats.publishing.page.sections import (
    KEY_FIGURES,
    form_blocks,
    key_sentences,
    limits_words,
    row_of,
)
from cchc_stats.reading.report import CLAIMS, UNPLACED
from cchc_stats.values import CheckedValues
from cchc_stats.values.columns import KEY
from cchc_stats.words.files import spreadsheet_safe, unguarded
from cchc_stats.words.periods import Window

DATA = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"
VOID = {"meta", "img", "link", "br"}


class Page(HTMLParser):
    """A page taken apart: its elements, the texts of its cells, what figures tell, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.traces: list[str] = []
        self.traced = False
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        if self.elements[-1][1].get("role") == "tooltip":
            self.traces.append("")
            self.traced = True

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.traced = self.traced and tag != "span"

    def handle_data(self, data: str) -> None:
        if {"style", "svg"} & set(self.open):
            return
        if self.traced:
            self.traces[-1] += data
            return
        self.words += data
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def quarter() -> Quarter:
    return look_at(read_report(DATA))


@pytest.fixture(scope="module")
def folder(quarter: Quarter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_quarter(quarter, tmp_path_factory.mktemp("published")).page.parent


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def small_report(**changes: object) -> Report:
    """Return a report of one table, electronic documents, over the rows given as `documents`."""
    rows = changes.pop("documents", [("2020Q3", 1380, 65, 1315)])
    agency = str(changes.get("agency", "Sở A"))
    frame = pd.DataFrame(rows, columns=["period", "sent_total", "sent_paper", "sent_electronic"])
    report = Report(
        agency=agency,
        number="12/BC",
        signed_on=None,
        period=pd.Period("2020Q3"),
        window=Window.of(pd.Period("2020Q3")),
        tables={"documents": validate(frame.assign(agency=agency, source="bảng 5"), "documents")},
        claims=pd.DataFrame(columns=list(CLAIMS)),
        unplaced=pd.DataFrame(columns=list(UNPLACED), dtype="str"),
        source="a",
    )
    return dataclasses.replace(report, **changes)


# --- what is in the folder


def test_tables_form_and_page_are_there(folder: Path):
    names = {path.name for path in folder.iterdir()}
    assert {"index.html", "values.csv", "comparisons.csv", "findings.csv"} <= names
    assert {"claims.csv", "unplaced.csv", "bieu.docx", "bieu.xlsx"} <= names
    assert names <= set(FILES)


def test_the_form_reads_back(folder: Path, quarter: Quarter):
    tables = read_report(folder / "bieu.xlsx").tables
    for code in ("staffing", "documents"):
        figures = [*tables[code].select_dtypes("number").columns]
        pd.testing.assert_frame_equal(
            tables[code][figures], quarter.report.tables[code][figures].reset_index(drop=True)
        )


def test_a_report_that_no_form_can_hold_has_a_page_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> Path:
        raise CchcError("a row has no place", where="documents", mend="leave it out")

    monkeypatch.setattr(writing, "write_form", refuse)
    published = write_quarter(look_at(small_report()), tmp_path)
    assert set(published.refused) == {"bieu.docx", "bieu.xlsx"}
    page = Page(published.page.read_text(encoding="utf-8"))
    assert "bieu.docx: không ghi được: a row has no place" in page.words
    assert "bieu.docx" not in [link["href"] for link in page.attributes("a")]


def test_the_values_read_back(folder: Path, quarter: Quarter):
    pd.testing.assert_frame_equal(read_values(folder / "values.csv"), quarter.values)


def test_every_measured_figure_is_published(folder: Path, quarter: Quarter):
    measured = measure(quarter.report.tables)
    measured = measured[measured["value"].notna()]
    published = read_values(folder / "values.csv")
    found = measured.merge(published, on=list(KEY), how="left", suffixes=("", "_published"))
    assert len(measured) > 150
    assert (found["value"] == found["value_published"]).all()


def test_the_year_to_date_is_the_sum_of_the_printed_quarters(quarter: Quarter):
    # Printed: civil servants 18, 18, 16; public employees 1, 5, 1; the column "Tổng" is empty.
    values = quarter.values[quarter.values["period"] == quarter.report.period]
    rows = values.query("indicator == 'training_turns' and basis == 'year_to_date'")
    rows = rows.set_index("group")
    assert rows["value"].to_dict() == {"civil_servants": 52, "public_employees": 7, "all": 59}
    assert set(rows["status"]) == {"reported"}


def test_a_printed_year_to_date_stands():
    own = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": ["2020Q1", "2020Q2", "2020Q2"],
            "basis": ["in_period", "in_period", "year_to_date"],
            "indicator": "training_turns",
            "value": [18, 18, 40],
        }
    )
    values = with_year_to_date(CheckedValues.of(own)).query("basis == 'year_to_date'")
    assert values["value"].tolist() == [18, 40]


def test_comparisons_say_what_is_compared(folder: Path):
    table = pd.read_csv(folder / "comparisons.csv")
    assert set(table["comparison"]) == {"quarter_over_quarter", "year_over_year"}
    turns = table.query(
        "comparison == 'quarter_over_quarter' and indicator == 'training_turns'"
        " and group == 'all' and period == '2020Q3'"
    ).iloc[0]
    assert (turns["previous"], turns["change"]) == (23, -6)  # printed: 18 + 5, then 16 + 1


def test_earlier_files_are_replaced_and_others_left(tmp_path: Path):
    quarter = look_at(small_report())
    for name in ("scores.csv", "index.html", "mine.txt"):
        (tmp_path / name).write_text("before")
    write_quarter(quarter, tmp_path)
    assert not (tmp_path / "scores.csv").exists()  # of a run that scored the report
    assert (tmp_path / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "mine.txt").read_text() == "before"
    assert not list(tmp_path.glob(".new-*"))


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "values.csv").write_text("before")

    def fail(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "page_of", fail)
    with pytest.raises(CchcError, match="the target cannot be written: No space left on device"):
        write_quarter(look_at(small_report()), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["values.csv"]
    assert (tmp_path / "values.csv").read_text() == "before"


def test_a_report_without_figures_is_still_a_page(tmp_path: Path):
    empty = small_report(documents=[("2020Q3", None, None, None)])
    write_quarter(look_at(empty), tmp_path)
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert not page.attributes("svg")
    assert "chưa báo cáo" in page.cells


# --- texts that a spreadsheet would calculate


def test_texts_of_documents_do_not_calculate(folder: Path):
    text = (folder / "unplaced.csv").read_text(encoding="utf-8-sig")
    assert "'- Số đơn vị đã thực hiện" in text


@given(st.lists(st.text(alphabet=string.printable, max_size=8), min_size=1))
def test_no_cell_starts_a_formula(cells: list[str]):
    table = pd.DataFrame({"text": pd.Series(cells, dtype="str"), "n": range(len(cells))})
    before = table.copy()
    safe = spreadsheet_safe(table)
    pd.testing.assert_frame_equal(table, before)
    for cell, made in zip(cells, safe["text"], strict=True):
        assert made in (cell, "'" + cell)
        if made[:1] and made[0] in "=+-@\t\r\n":
            assert re.fullmatch(r"-|[+-][\d.,]+%?", made)
        if cell.lstrip("'")[:1] not in tuple("=+-@\t\r\n"):
            assert made == cell
    assert unguarded(safe["text"]).tolist() == cells


# --- the page


def test_the_page_is_well_formed(page: Page):
    assert page.open == []
    assert page.attributes("html") == [{"lang": "vi"}]
    assert {"charset": "utf-8"} in page.attributes("meta")
    places = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    targets = [str(link["href"]) for link in page.attributes("a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= places


def test_pictures_are_on_the_page_and_described(page: Page, quarter: Quarter):
    drawn = [picture.svg for picture in pictures_of(PICTURES, quarter, lang=quarter.lang)]
    pictures = page.attributes("svg")
    assert len(pictures) == len(drawn) == 3
    assert {picture["role"] for picture in pictures} == {"img"}
    told = [str(picture["aria-label"]) for picture in pictures]
    assert any("Biên chế sự nghiệp: 23/47 (48,9%)" in words for words in told)
    assert any("đầu kỳ 18 lượt, cuối kỳ 16 lượt" in words for words in told)


def test_pictures_show_the_sender_and_not_its_units(quarter: Quarter):
    """A report with a row for each unit has the sender's own in pictures; units stand in tables."""
    report = quarter.report
    units = {
        code: pd.concat([table, table.assign(agency="Chi cục A"), table.assign(agency="Chi cục B")])
        for code, table in report.tables.items()
    }
    beside = look_at(replace(report, tables=units))
    assert beside.values["agency"].nunique() == 3
    for name, drawing in PICTURES.items():
        rows = drawing.rows(beside)
        assert set(rows["agency"]) <= {report.agency}, name
        assert len(rows) == len(drawing.rows(quarter)), name


def test_no_two_elements_share_an_id(page: Page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    linked = re.findall(r"(?:url\(|href=\")#([^)\"]+)", str(page.elements))
    assert set(linked) <= set(ids)


def test_the_page_needs_no_other_file(folder: Path, page: Page):
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|url\((?!#)|<script|<img|<iframe", html)
    assert {str(link["href"]) for link in page.attributes("link")} == {"data:,"}
    policy = page.attributes("meta")[1]
    assert str(policy["content"]).startswith("default-src 'none'")


def test_links_lead_to_files(page: Page, folder: Path):
    files = [str(link["href"]) for link in page.attributes("a")]
    files = [name for name in files if not name.startswith("#")]
    assert "values.csv" in files
    assert all((folder / name).is_file() for name in files)


def test_the_head_says_who_when_and_which_days(page: Page):
    for words in (
        "Sở Khoa học và Công nghệ tỉnh Bình Định",
        "/BC-SKHCCN",
        "09/09/2020",
        "Quý III/2020",
        "15/06/2020-14/09/2020 (theo Nghị định 09/2019/NĐ-CP)",
    ):
        assert words in page.words


def test_a_stated_window_is_not_the_decrees():
    stated = small_report(window=Window("2020-06-01", "2020-08-31"))
    words = Page(render_page(look_at(stated))).words
    assert "01/06/2020-31/08/2020" in words
    assert "theo Nghị định 09/2019/NĐ-CP, " not in words
    assert "01/06/2020-31/08/2020 không phải là kỳ theo Nghị định 09/2019/NĐ-CP" in words


def test_every_value_tells_its_place(page: Page, quarter: Quarter):
    shown = [one for tag, one in page.elements if tag == "span" and one.get("class") == "figure"]
    assert {one["tabindex"] for one in shown} == {"0"}
    assert len(shown) == len(page.traces)
    key = len(key_sentences(quarter)) - 1  # what checks found has its own section
    assert len(shown) == len(quarter.values) + key
    told = "\n".join(page.traces)
    assert quarter.values["source"].ne("").all()
    assert all(" ".join(source.split()) in told for source in quarter.values["source"].unique())


def test_a_figure_tells_what_trace_tells(page: Page, quarter: Quarter):
    rows = with_changes(quarter, "quarter_over_quarter")
    for number in range(0, len(rows), 25):
        assert trace(rows.iloc[number]) in page.traces


def test_every_indicator_is_named(page: Page, quarter: Quarter):
    labels = {known.code: known.label_vi for known in INDICATORS}
    for code in quarter.values["indicator"].unique():
        assert any(cell.startswith(labels[code]) for cell in page.cells)


@pytest.mark.parametrize(
    "printed",
    # As the report prints them, or as its tables give them.
    ["13,3%", "20%", "75%", "100%", "95,3%", "37/40", "5/5", "23/47", "1.315/1.380"]
    + ["62/62", "21/21", "22/22", "105/105", "60/60", "3/4"],
)
def test_figures_stand_as_printed(page: Page, printed: str):
    assert printed in page.cells


@pytest.mark.parametrize("word", ["không áp dụng", "chưa báo cáo"])
def test_absences_are_words(page: Page, word: str):
    assert word in page.cells


def test_nothing_in_nothing_is_a_word():
    page = Page(render_page(look_at(small_report(documents=[("2020Q3", 0, 0, 0)]))))
    assert "không tính được (mẫu số bằng 0)" in page.cells
    assert "0 văn bản" in page.cells


def test_own_days_of_a_table_are_said(page: Page):
    assert "số liệu 01/01/2020-01/09/2020" in page.words


def test_changes_stand_in_number_and_percent(page: Page):
    # Printed: 18 + 5 = 23 turns in quarter II, 16 + 1 = 17 in quarter III.
    assert "−6 (−26,1%)kỳ trước: 23 lượt" in page.cells
    told = "Lượt đào tạo, bồi dưỡng: 17 lượt, giảm 6 (−26,1%) so với quý II/2020."
    assert told in page.words


def test_intervals_stand_beside_their_figures(page: Page):
    # 60 of 60, exact with 3 % beyond: 0.03 ** (1/60) = 94,3 %. 59 turns, exact Poisson: 44,9 to
    # 76,1; in the headline a count of turns has none.
    assert "94,3–100%" in page.cells
    assert "(60/60; 95%: 94,3–100%)" in page.words
    assert "44,9–76,1" in page.cells
    assert page.words.count("số đếm đủ, không phải mẫu") == 1


def test_a_change_stands_with_its_limits():
    # Newcombe's example a: 56/70 against 48/80 is 20 points more, 5,24 to 33,39.
    rows = [("2020Q2", 80, 32, 48), ("2020Q3", 70, 14, 56)]
    quarter = look_at(small_report(documents=rows))
    page = Page(render_page(quarter))
    assert "+20 điểm %95%: +5,2 đến +33,4 điểm %kỳ trước: 60%" in page.cells
    assert "tăng 20 điểm % (95%: +5,2 đến +33,4 điểm %) so với quý II/2020." in page.words


def test_a_limit_that_is_no_0_is_not_printed_as_one():
    # Newcombe: 97 of 100 less 90 of 100 is 0.04 to 14.6 points; 0,0 would leave 0 within.
    words = limits_words({"change_low": 0.04, "change_high": 14.6}, lang="vi")
    assert words == "+0,04 đến +14,6 điểm %"
    assert limits_words({"change_low": -0.004, "change_high": 0.0}, lang="en") == "−0.004 to 0 pp"


@pytest.mark.parametrize(
    ("before", "lang", "sentence"),
    [
        ((50, 45), "vi", ", tăng 15 điểm % (95%: +4,3 đến +28,3 điểm %) so với quý II/2020"),
        ((50, 45), "en", ", up 15 pp (95%: +4.3 to +28.3 pp) from Q2 2020"),
        ((100, 95), "vi", ", bằng quý II/2020"),
    ],
)
def test_a_change_is_a_clause(before: tuple[int, int], lang: str, sentence: str):
    # Limits by statsmodels: confint_proportions_2indep(95, 100, 40, 50, method="newcomb").
    total, electronic = before
    electronic = electronic if total == 100 else 40
    rows = [("2020Q2", total, total - electronic, electronic), ("2020Q3", 100, 5, 95)]
    sentences = key_sentences(look_at(small_report(documents=rows), lang=lang))
    assert sentence in [row["change"] for row in sentences]


def test_figures_of_the_year_before_are_compared():
    rows = [("2019Q3", 100, 20, 80), ("2020Q3", 100, 5, 95)]
    page = Page(render_page(look_at(small_report(documents=rows))))
    # Limits by statsmodels: confint_proportions_2indep(95, 100, 80, 100, method="newcomb").
    assert "+15 điểm %95%: +5,9 đến +24,3 điểm %kỳ trước: 80%" in page.cells
    assert "không có số liệu cùng kỳ năm trước" not in page.words


def test_findings_stand_by_severity():
    report = small_report()
    frame = report.tables["documents"].assign(sent_paper=pd.array([66], dtype="Int64"))
    wrong = dataclasses.replace(report, tables={"documents": frame})
    page = Page(render_page(look_at(wrong)))
    assert "lỗi (1)" in page.words
    assert "66 + 1315 = 1381" in page.cells


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_figure_that_does_not_balance_is_marked_wherever_it_stands(lang: str):
    report = small_report()
    frame = report.tables["documents"].assign(sent_paper=pd.array([66], dtype="Int64"))
    wrong = dataclasses.replace(report, tables={"documents": frame})
    page = Page(render_page(look_at(wrong, lang=lang)))
    assert {"vi": "95,3%†", "en": "95.3%†"}[lang] in page.cells
    assert {"vi": "† Số cần xem lại", "en": "† To be looked at again"}[lang] in page.words
    assert page.words.count("95,3%†" if lang == "vi" else "95.3%†") == 2  # sentence and table
    right = Page(render_page(look_at(report, lang=lang)))
    assert "†" not in right.words


def test_a_part_above_its_whole_is_no_share():
    report = small_report()
    frame = report.tables["documents"].assign(sent_electronic=pd.array([1480], dtype="Int64"))
    page = Page(render_page(look_at(dataclasses.replace(report, tables={"documents": frame}))))
    assert "không hợp lý (số thành phần lớn hơn tổng số, hoặc ngoài khoảng 0-100%)†" in page.cells
    assert "107" not in page.words


def test_claims_and_the_unplaced_are_shown(page: Page, quarter: Quarter):
    for quote in quarter.report.claims["quote"]:
        assert quote in page.cells
    for words in quarter.report.unplaced["text"]:
        assert words in page.cells
    assert "06 0 03 0 14 0 37 0 01 01" in page.cells


def test_texts_of_a_report_are_escaped():
    evil = "<script>alert('x')</script>"
    unplaced = pd.DataFrame({"text": [evil], "place": [evil], "reason": ['" onload="x']})
    claims = pd.DataFrame(dict.fromkeys(CLAIMS, [evil]))
    claims = claims.assign(value=1.0, denominator=pd.NA, period=pd.Period("2020Q3"), basis="as_of")
    report = small_report(agency=evil, number=evil, source=evil, unplaced=unplaced, claims=claims)
    quarter = look_at(report)
    pictures = Pictures(quarter=pictures_of(PICTURES, quarter, lang=quarter.lang))
    beside = [FileBeside('" onload="x', evil)]
    html = render_page(quarter, pictures=pictures, files=beside)
    page = Page(html)
    assert page.attributes("svg")
    assert "<script" not in html
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "iframe", "object"})
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    assert evil in page.cells


def test_the_english_page_speaks_english(quarter: Quarter):
    page = Page(render_page(look_at(quarter.report, lang="en")))
    assert page.attributes("html") == [{"lang": "en"}]
    assert "Public administration reform, Q3 2020" in page.words
    assert "15/06/2020-14/09/2020 (by Decree 09/2019/NĐ-CP)" in page.words
    assert "not applicable" in page.cells
    assert "95.3%" in page.cells
    assert "no figure of the period before (Q2 2020)" in page.words
    for vietnamese in ("Chỉ tiêu", "chưa báo cáo", "không áp dụng", "Quý III/2020"):
        assert vietnamese not in page.cells


def test_on_the_english_page_only_the_reports_own_words_are_vietnamese(quarter: Quarter):
    quarter = look_at(quarter.report, lang="en")
    letters = re.compile("[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ\u1ea0-\u1ef9]", re.IGNORECASE)
    own = set(quarter.values["group"]) | {quarter.report.agency}
    notes = [*quarter.values["note"].unique(), *quarter.comparisons["comparison_note"].unique()]
    assert [note for note in notes if letters.search(note)] == []
    said = [
        words
        for form in form_blocks(quarter)
        for block in (*form["now"], *form["other"])
        for words in (form["title"], block.label, block.formula)
        + tuple(cell for row in block.rows for cell in row[:-1])
    ]
    said += [picture.en for picture in texts()["picture"].values()]
    assert [words for words in said if letters.search(words) and words not in own] == []


def test_only_nought_after_nought_needs_no_note_beside_no_change():
    rows = [("2020Q2", 100, 0, 100), ("2020Q3", 100, 0, 100)]
    quarter = look_at(small_report(documents=rows))
    record = with_changes(quarter, "quarter_over_quarter").iloc[-1].to_dict()
    record |= {"value": 5.0, "previous": 5.0, "change": 0.0, "comparison_note": "cửa sổ khác"}
    row = row_of(record, lang="vi")
    assert (row.change, row.comparison_note) == ("không đổi", "cửa sổ khác")
    nought = row_of(record | {"value": 0.0, "previous": 0.0}, lang="vi")
    assert (nought.change, nought.comparison_note) == ("không đổi", "")


# --- the words of the page


def test_both_languages_fill_the_same_places():
    for codes in texts().values():
        for label in codes.values():
            places = [
                {name for _, name, _, _ in string.Formatter().parse(words) if name}
                for words in (label.vi, label.en)
            ]
            assert places[0] == places[1]
            assert label.vi
            assert label.en


def test_main_figures_are_indicators():
    assert set(KEY_FIGURES) <= {known.code for known in INDICATORS}


def test_pictures_have_captions():
    assert set(texts()["picture"]) == {*PICTURES, *INDEX_PICTURES, "control_chart"}
