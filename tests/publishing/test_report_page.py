"""`write_report`: one page with its history, its target, and nothing that a text could do to it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest
from quarters import made_up_history

from cchc_stats import CchcError, Report, ValuesError, measure, read_report, validate, write_report
from cchc_stats.publishing import look_at
from cchc_stats.publishing.page.pictures import (
    MOST_TRENDS,
    inline_svg,
    new_figure,
    picture_of,
    trend_pictures,
)
from cchc_stats.publishing.page.quarter import CHARTED, trends_of

DATA = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(DATA)


@pytest.fixture(scope="module")
def history(report: Report) -> pd.DataFrame:
    return made_up_history(report, quarters=12)


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch):
    """Leave the quarter's pictures undrawn where they are not what is asked."""
    monkeypatch.setattr("cchc_stats.publishing.page.page.PICTURES", {})


def only(report: Report, *codes: str) -> Report:
    """Return the report with some of its tables, which is enough for a page and quicker."""
    return dataclasses.replace(report, tables={code: report.tables[code] for code in codes})


# --- the page as a file


def test_the_page_is_written_where_it_is_asked_for(report: Report, tmp_path: Path):
    path = write_report(only(report, "staffing"), tmp_path / "quý 3.html", lang="en")
    assert path == tmp_path / "quý 3.html"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>\n<html lang=")
    assert [one.name for one in tmp_path.iterdir()] == ["quý 3.html"]


def test_the_same_report_is_the_same_page(report: Report, tmp_path: Path):
    pages = [write_report(only(report, "staffing"), tmp_path / name) for name in ("a", "b")]
    assert pages[0].read_bytes() == pages[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "the target is a folder, not a file"),
        ("no/page.html", "there is no such folder to write into"),
        ("locked.html", "the target is write-protected"),
        ("a" * 300 + ".html", "the target cannot be looked at"),
    ],
)
def test_a_target_that_takes_no_page_is_refused(
    report: Report, tmp_path: Path, name: str, what: str
):
    locked = tmp_path / "locked.html"
    locked.write_text("mine")
    locked.chmod(0o444)
    with pytest.raises(CchcError, match=what):
        write_report(report, tmp_path / name)
    assert locked.read_text() == "mine"


def test_what_fails_leaves_the_old_page(report: Report, tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(CchcError, match="no scheme"):
        write_report(report, path, scheme="no-such-scheme")
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        write_report(report, path, lang="fr")
    assert path.read_text() == "mine"


@pytest.mark.usefixtures("no_pictures")
def test_a_scheme_is_given_by_name_and_answers_by_file(report: Report, tmp_path: Path):
    page = write_report(
        report, tmp_path / "a.html", scheme="example-department", answers=DATA / "answers.csv"
    ).read_text(encoding="utf-8")
    assert "Đã biết 48,13 điểm" in page


# --- texts that would be markup


def test_no_text_of_a_report_becomes_markup(report: Report, tmp_path: Path):
    dossiers = report.tables["dossiers"].assign(sector=EVIL, agency=EVIL, source=EVIL)
    evil = dataclasses.replace(
        report,
        agency=EVIL,
        number=EVIL,
        source=EVIL,
        tables={"dossiers": validate(dossiers, "dossiers")},
        claims=report.claims.assign(quote=EVIL, place=f'"{EVIL}', indicator=""),
        unplaced=report.unplaced.assign(text=EVIL, reason=EVIL),
    )
    history = pd.DataFrame(
        {
            "agency": EVIL,
            "period": ["2019Q4", "2020Q1", "2020Q2"],
            "indicator": "on_time_rate_settled",
            "numerator": [58, 59, 57],
            "denominator": 60,
            "source": EVIL,
        }
    )
    page = write_report(evil, tmp_path / "a.html", history=history).read_text(encoding="utf-8")
    assert EVIL not in page
    assert page.count("&lt;script&gt;") > 10
    assert not re.search(r"<script|<iframe|\son\w+=|javascript:", page, re.IGNORECASE)
    assert "<svg" in page


# --- earlier quarters


@pytest.mark.usefixtures("no_pictures")
def test_trends_tell_every_quarter(report: Report, history: pd.DataFrame, tmp_path: Path):
    page = write_report(report, tmp_path / "a.html", history=history).read_text(encoding="utf-8")
    assert len(page.encode()) < 3_000_000
    rows = page.partition('<section id="trends">')[2].partition("</section>")[0]
    assert "synthetic_2017Q3" in rows
    assert rows.count("<svg") == MOST_TRENDS
    assert "Biểu đồ kiểm soát: Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết" in rows
    # 60 of 60 now, 60 − 3 in the quarter before and 60 − 0 a year before: 3/60 is 5 points.
    assert "tăng 5 điểm % (95%: " in page
    assert "Báo cáo không có số liệu cùng kỳ năm trước" not in page


def test_a_control_chart_needs_quarters_enough_and_a_trend_three(
    report: Report, history: pd.DataFrame
):
    report = dataclasses.replace(report, claims=report.claims.iloc[:0])
    few = history[history["period"] > report.period - (CHARTED - 1)]  # eleven with the report's
    trends = trends_of(look_at(report, history=few))
    assert trends is not None
    assert trends.charts.empty
    drawn = trend_pictures(trends, lang="vi")
    assert "khoảng tin cậy 95%" in str(drawn[0].caption)
    enough = trends_of(look_at(report, history=history))
    assert enough is not None
    assert "on_time_rate_settled" in set(enough.charts["indicator"])
    one = history[history["period"] == report.period - 1]
    assert trends_of(look_at(only(report, "staffing"), history=one)) is None


def test_without_a_history_there_is_no_trend(report: Report):
    assert trends_of(look_at(report)) is None


def test_what_the_report_states_of_an_earlier_quarter_stands(report: Report, history: pd.DataFrame):
    # Printed of quarter II: 23 turns; the history says 17.
    compared = look_at(report, history=history).compared("quarter_over_quarter")
    now = compared[compared["period"] == report.period]
    turns = now.query("indicator == 'training_turns' and group == 'all'").iloc[0]
    assert (turns["value"], turns["previous"]) == (17, 23)
    late = now.query("indicator == 'on_time_rate_settled' and group == 'all'").iloc[0]
    assert (late["value"], late["previous"]) == (100, 95)


def test_the_reports_own_frames_do_not_grow_by_its_history(report: Report, history: pd.DataFrame):
    alone, together = look_at(report), look_at(report, history=history)
    pd.testing.assert_frame_equal(alone.values, together.values)
    assert set(together.comparisons["period"]) == set(alone.comparisons["period"])


def test_other_agencies_and_later_quarters_are_left_out(report: Report, history: pd.DataFrame):
    more = pd.concat(
        [
            history,
            history.assign(agency="Sở Giả Định"),
            history.assign(period=history["period"] + 20),
        ],
        ignore_index=True,
    )
    both = [look_at(report, history=frame).history for frame in (history, more)]
    pd.testing.assert_frame_equal(*both)


def test_a_history_of_others_is_refused(report: Report, history: pd.DataFrame, tmp_path: Path):
    with pytest.raises(ValuesError, match="the history has nothing of Sở Khoa học"):
        write_report(report, tmp_path / "a.html", history=history.assign(agency="Sở Giả Định"))
    with pytest.raises(ValuesError, match="values cannot be used"):
        write_report(report, tmp_path / "a.html", history=history.drop(columns="period"))
    assert list(tmp_path.iterdir()) == []


def before(report: Report) -> Report:
    """Return a report of the quarter before with three dossiers pending."""
    frame = report.tables["dossiers"]
    earlier = frame.assign(
        period=frame["period"] - 1, pending_total=3, pending_not_due=3, pending_overdue=0
    )
    return dataclasses.replace(report, period=report.period - 1, tables={"dossiers": earlier})


def test_the_report_before_opens_this_one(report: Report):
    quarter = look_at(report, previous=before(report))
    carried = quarter.findings[quarter.findings["rule"].str.contains("carried")]
    assert len(carried) > len(look_at(report).findings.query("rule.str.contains('carried')"))
    now = quarter.compared("quarter_over_quarter")
    pending = now.query("indicator == 'dossiers_pending' and period == @report.period").iloc[0]
    assert pending["previous"] == 3


def test_another_report_before_is_refused(report: Report):
    with pytest.raises(CchcError, match="the report before is of Sở Giả Định, not of Sở Khoa"):
        look_at(report, previous=dataclasses.replace(before(report), agency="Sở Giả Định"))
    with pytest.raises(CchcError, match="is that of 2020Q2, not of 2020Q3"):
        look_at(report, previous=report)


# --- plots as part of a page


def test_two_drawings_share_no_id():
    drawn = []
    for name in ("a", "b"):
        figure = new_figure(3, 2)
        figure.add_subplot().plot([1, 2], [1, 2], marker="o")
        drawn.append(str(inline_svg(figure, name=name, label="x")))
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in drawn]
    assert all(ids)
    assert not ids[0] & ids[1]
    for own, svg in zip(ids, drawn, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg)) <= own


def test_texts_of_a_drawing_stay_texts():
    figure = new_figure(3, 2)
    figure.add_subplot().set_title(f"Sở Nội vụ & {EVIL}")
    picture = picture_of(figure, name="a", title=f'"{EVIL}')
    assert "Sở Nội vụ &amp; &lt;script&gt;" in picture.svg
    assert EVIL not in picture.svg
    assert "font-family" not in picture.svg  # the page's style names it


# --- without small numbers


def words_of(page: str) -> str:
    """Return what a page says, without its marks, styles and drawings' places."""
    page = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    told = re.findall(r'(?:aria-label|data-trace|title)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]*>", " ", page), *told])


def late(report: Report) -> Report:
    """Return the report with four sectors, a small number of one of them late."""
    rows = {"A": (60, 2), "B": (90, 9), "C": (40, 8), "D": (200, 31)}
    frame = pd.DataFrame(
        {
            "agency": report.agency,
            "period": report.period,
            "sector": [*rows],
            "received_total": [settled + 10 for settled, _ in rows.values()],
            "carried_over": 10,
            "newly_received": [settled for settled, _ in rows.values()],
            "settled_total": [settled for settled, _ in rows.values()],
            "settled_on_time": [settled - late for settled, late in rows.values()],
            "settled_late": [late for _, late in rows.values()],
            "pending_total": 10,
            "pending_not_due": 10,
            "pending_overdue": 0,
        }
    )
    return dataclasses.replace(report, tables={"dossiers": validate(frame, "dossiers")})


def test_a_page_without_small_numbers_tells_none_anywhere(report: Report, tmp_path: Path):
    own = late(report)
    whole = words_of(write_report(own, tmp_path / "whole.html").read_text(encoding="utf-8"))
    page = write_report(own, tmp_path / "page.html", below=5).read_text(encoding="utf-8")
    told = words_of(page)
    # 2 of 60 late, 58 on time: none of these, nor their percentages, in any sentence or drawing.
    for figure in ("2/60", "58/60", "3,3%", "3,33%", "96,7%", "96,67%", "58/70"):
        assert figure not in told
    assert "2/60" in whole
    assert "58/60" in whole
    assert "31/200" in told  # what is not small, and protects nothing, stays
    assert "Không công bố: số dưới 5, hoặc số mà từ đó suy ra được số dưới 5." in told
    for quote in report.claims["quote"]:
        assert quote not in told


def test_what_lies_beside_the_page_leaves_out_the_same(report: Report, history: pd.DataFrame):
    report = dataclasses.replace(report, claims=report.claims.head(4))
    history = history[history["period"] >= report.period - 4]
    quarter = look_at(report, history=history, below=5, forms=True)
    values = quarter.values
    for name in ("numerator", "value"):
        small = (values[name] > 0) & (values[name] < 5) & (values["unit"] != "working_days")
        counted = (
            values["denominator"].notna()
            if name == "numerator"
            else values["denominator"].isna()
            & ~values["unit"].isin(["percent", "working_days", "days"])
        )
        assert not (small & counted).fillna(False).any()
    gone = pd.concat([values, quarter.history])
    gone = gone[gone["suppressed"] != ""]
    keys = set(zip(gone["indicator"], gone["group"], gone["basis"], gone["period"], strict=True))
    compared = quarter.comparisons
    assert len(compared) > 100
    for row in compared[compared["previous"].notna()].to_dict("records"):
        at = (row["indicator"], row["group"], row["basis"], row["previous_period"])
        assert at not in keys
    for code, table in quarter.report.tables.items():
        if code == "dossiers":
            assert not (table["pending_total"].between(1, 4)).fillna(False).any()
    assert quarter.report.claims.empty
    assert quarter.report.unplaced.empty
    assert not quarter.findings["message"].str.contains(r"\d").any()
    assert len(quarter.findings) == len(look_at(report).findings)


# --- the first sheet


def test_the_first_sheet_says_what_changed_and_how_targets_stand(report: Report, tmp_path: Path):
    """95.3 % of documents were electronic, 1,315 of 1,380 against 1,000 of 1,200 before."""
    documents = only(report, "documents")
    earlier = measure(documents.tables).query("indicator == 'electronic_documents_share'")
    earlier = earlier.assign(period=report.period - 1, numerator=1000, denominator=1200)
    earlier = earlier.assign(value=100 * 1000 / 1200, window_start=pd.NaT, window_end=pd.NaT)
    targets = {"electronic_documents_share": 97}
    path = write_report(documents, tmp_path / "a.html", history=earlier, targets=targets)
    sheet = path.read_text(encoding="utf-8").partition('class="sheet"')[2].partition("<nav")[0]
    assert "tăng từ 83,3% lên 95,3%" in sheet and "tốt lên" in sheet
    assert "≥ 97%" in sheet and "chưa đạt" in sheet
    with pytest.raises(CchcError, match="no number of a known indicator"):
        write_report(documents, tmp_path / "b.html", targets={"electronic": 97})


def test_annexes_are_folded_unless_asked_for(report: Report, tmp_path: Path):
    documents = only(report, "documents")
    pages = [
        write_report(documents, tmp_path / "a.html", annexes=asked).read_text(encoding="utf-8")
        for asked in (False, True)
    ]
    counts = [page.count('<details class="annex" open>') for page in pages]
    assert counts[0] == 0 and counts[1] == pages[1].count('<details class="annex"') > 5
