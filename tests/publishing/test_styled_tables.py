"""Tables for notebooks: words for codes, official headings, absences told apart."""

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import balanced

from cchc_stats.forms import FORMS, validate
from cchc_stats.index import load_scheme, read_answers, score
from cchc_stats.indicators import measure
from cchc_stats.publishing import styled_comparison, styled_form, styled_scores, with_labels
from cchc_stats.reading import read_report
from cchc_stats.trends import quarter_over_quarter, to_quarterly
from cchc_stats.words.errors import CchcError
from cchc_stats.words.periods import parse_basis, parse_period

SEED = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"


@pytest.fixture(scope="module")
def seed():
    return read_report(SEED)


def cells(table) -> list[str]:
    return re.findall(r"<td[^>]*>([^<]*)</td>", table.as_raw_html())


def headings(table) -> list[str]:
    found = re.findall(r"<th[^>]*>(.*?)</th>", table.as_raw_html(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


@settings(max_examples=20, deadline=None)
@given(data=st.data(), lang=st.sampled_from(["vi", "en"]))
def test_labels_change_words_and_nothing_else(data, lang):
    form = data.draw(st.sampled_from(FORMS))
    frame = data.draw(balanced(form))
    shown = with_labels(frame, form, lang=lang)
    assert shown.index.equals(frame.index)
    assert shown.columns.is_unique
    for name in form.figures:
        figures = shown[form.labels[name].in_language(lang)]
        pd.testing.assert_series_equal(figures, frame[name], check_names=False)
    periods = shown[form.labels["period"].in_language(lang)]
    assert [parse_period(text) for text in periods] == frame["period"].tolist()
    read = [parse_basis(text) for text in periods]
    wanted = frame["basis"].replace({"as_of": "in_period"})
    assert [{"as_of": "in_period"}.get(one, one) for one in read] == wanted.tolist()


def test_labels_of_the_real_quarter(seed):
    shown = with_labels(seed.tables["staffing"], "staffing")
    assert shown[["Loại biên chế", "Được giao", "Hiện có"]].values.tolist() == [
        ["Biên chế hành chính", 40, 37],
        ["Hợp đồng lao động (hành chính)", 5, 5],
        ["Biên chế sự nghiệp", 47, 23],
    ]
    assert set(shown["Kỳ báo cáo"]) == {"Cuối quý III/2020"}
    assert with_labels(seed.tables["staffing"], "staffing", lang="en")["present"].tolist() == [
        37,
        5,
        23,
    ]
    iso = with_labels(seed.tables["iso9001"], "iso9001")
    assert "Thực hiện đúng quy định" in set(iso['Cột ghi "-"'])


def test_a_form_has_its_official_headings_and_absences(seed):
    table = styled_form(seed.tables["procedures"], "procedures")
    words = headings(table)
    for heading in ("Tổng số", "Trong đó", "Số TTHC được công bố đúng thời gian quy định"):
        assert heading in words
    assert cells(table)[-8:] == ["62", "2", "2", "0", "40", "22", "22", "0"]
    iso = cells(styled_form(seed.tables["iso9001"], "iso9001"))
    assert "-" in iso
    assert "" in iso


def test_every_form_can_be_shown(seed):
    for code, frame in seed.tables.items():
        for lang in ("vi", "en"):
            assert len(cells(styled_form(frame, code, lang=lang))) >= len(frame)


def test_figures_have_the_signs_of_the_language():
    row = {"agency": "Sở A", "period": "2020Q3", "sent_total": 1380, "sent_paper": 65}
    frame = validate(pd.DataFrame([row | {"sent_electronic": 1315}]), "documents")
    assert "1.380" in cells(styled_form(frame, "documents"))
    assert "1,380" in cells(styled_form(frame, "documents", lang="en"))


def test_changes_are_told_with_their_unit_or_the_reason_for_none(seed):
    compared = quarter_over_quarter(to_quarterly(measure(seed.tables)))
    turns = compared[(compared["indicator"] == "training_turns") & (compared["group"] == "all")]
    now = turns[turns["period"] == "2020Q3"]
    assert cells(styled_comparison(now))[-2:] == ["23 lượt", "−6 (−26,1%)"]
    share = compared[compared["indicator"] == "electronic_documents_share"]
    shown = cells(styled_comparison(share[share["period"] == "2020Q3"]))
    assert "1.315/1.380" in shown
    assert share["comparison_note"].iloc[0] in shown


def test_scores_are_a_tree_and_an_example_says_so(seed):
    scheme = load_scheme("example-department")
    scores = score(measure(seed.tables), scheme, answers=read_answers(SEED / "answers.csv"))
    now = scores[scores["period"] == "2020Q3"]
    table = styled_scores(now)
    words = [re.sub("^\u2003*", "", cell) for cell in cells(table)]
    assert "chưa đủ số liệu" in words
    assert "2,86" in words
    assert "Thang điểm ví dụ" in table.as_raw_html()
    levels = [len(cell) - len(cell.lstrip("\u2003")) for cell in cells(table) if "\u2003" in cell]
    assert set(levels) == {1, 2, 3}


@pytest.mark.parametrize(
    ("show", "words"),
    [
        (
            lambda: with_labels(pd.DataFrame({"x": [1]}), "documents"),
            "no frame of the form documents",
        ),
        (lambda: with_labels([1], "documents"), "no frame of the form documents"),
        (lambda: with_labels(pd.DataFrame({"agency": ["A"]}), "dokuments"), "dokuments"),
        (lambda: styled_form(pd.DataFrame({"agency": ["A"]}), "documents", lang="fr"), "'fr'"),
        (lambda: styled_comparison(pd.DataFrame({"agency": ["A"]})), "columns are missing: period"),
        (lambda: styled_scores(pd.DataFrame({"agency": ["A"]})), "give what score(values, scheme)"),
    ],
)
def test_what_cannot_be_shown_is_refused(show, words):
    with pytest.raises(CchcError) as refused:
        show()
    assert words in str(refused.value)
