"""The index on the page: points in both languages, the reason for each, the example's banner."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from cchc_stats import ValuesError, load_scheme, measure, read_answers, read_report
from cchc_stats.index import CheckedScores
from cchc_stats.index.scheme.checks import STATUSES
from cchc_stats.plots import plot_scheme
from cchc_stats.publishing import Quarter, look_at
from cchc_stats.publishing.frames import texts
from cchc_stats.publishing.page import folder as writing
from cchc_stats.publishing.page.folder import publish_quarter
from cchc_stats.publishing.page.page import Pictures, render_page
from cchc_stats.publishing.page.pictures import (
    INDEX_PICTURES,
    draw,
    new_figure,
    pictures_of,
)
from cchc_stats.publishing.page.quarter import Scored, look_at_index
from cchc_stats.publishing.page.sections import total_sentence

DATA = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"


@cache
def scored(lang: str = "vi") -> Scored:
    report = read_report(DATA)
    return look_at_index(
        measure(report.tables),
        load_scheme("example-department"),
        agency=report.agency,
        period=report.period,
        answers=read_answers(DATA / "answers.csv"),
        lang=lang,
    )


@cache
def whole() -> Scored:
    points = {"F1": 7, "F2": 5, "F3": 13.65, "F4": 7.04, "F5": 7, "F6": 8, "F7": 9, "F8": 3}
    said = pd.DataFrame(
        {"agency": "Bình Định", "period": "2019Q4", "code": [*points], "number": [*points.values()]}
    )
    scheme = load_scheme("par-index-2019-province-self")
    return look_at_index(None, scheme, agency="Bình Định", period=pd.Period("2019Q4"), answers=said)


@cache
def quarter(lang: str) -> Quarter:
    report = read_report(DATA)  # what its prose says takes most of the time and stands elsewhere
    return look_at(dataclasses.replace(report, claims=report.claims.iloc[:0]), lang=lang)


@cache
def section(one: Scored, lang: str = "vi") -> str:
    """Return the HTML of the section on the index, on the page of the real report."""
    pictures = Pictures(index=pictures_of(INDEX_PICTURES, one, lang=lang))
    html = render_page(quarter(lang), scored=one, pictures=pictures)
    return html.partition('<section id="index">')[2].partition('<section id="values">')[0]


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch):
    """Leave all pictures undrawn where they are not what is asked."""
    for name in ("PICTURES", "INDEX_PICTURES"):
        monkeypatch.setattr(f"cchc_stats.publishing.page.page.{name}", {})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_whole_score_is_a_sentence_with_its_class():
    # 59.69 of 65 is 91.83 %: class A from 90 % on.
    said = total_sentence(whole(), lang="vi")
    assert said.startswith("Đạt 59,69/65 điểm (91,83%). Xếp loại: ")
    assert total_sentence(whole(), lang="en").startswith("59.69 of 65 points (91.83%). Class: ")


def test_half_a_score_is_no_result():
    said = total_sentence(scored(), lang="vi")
    assert said.startswith("Đã biết 48,13 điểm")
    assert said.endswith("nên chưa có kết quả.")
    assert "Xếp loại" not in said


@pytest.mark.parametrize(
    ("lang", "banner"), [("vi", "không phải của một quyết định nào"), ("en", "Example scheme")]
)
def test_an_example_says_so_on_the_page(lang: str, banner: str):
    assert banner in words(section(scored(lang), lang))
    assert banner not in words(section(whole(), lang))


def test_every_leaf_stands_there_with_its_reason():
    page = words(section(scored()))
    nodes = scored().scheme.nodes
    for label in nodes.loc[nodes["rule"] != "", "label"]:
        assert label in page
    assert "1.315/1.380 = 95,29 % nên được 95,29 % × 3 điểm = 2,86 điểm" in page


def test_signs_tell_bonus_and_deduction():
    page = words(section(scored()))
    assert "+2" in page
    assert "−2" in page


def test_the_english_page_speaks_english():
    page = words(section(scored("en"), "en"))
    assert "Points" in page
    assert "Điểm đạt" not in page


@pytest.mark.parametrize("name", INDEX_PICTURES)
def test_every_picture_is_drawn(name: str):
    assert draw(INDEX_PICTURES[name], scored(), lang="vi") is not None


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_picture_of_the_scheme_names_every_leaf(lang: str):
    ax = new_figure(10, 28).add_subplot()
    plot_scheme(scored().scheme, ax=ax, lang=lang)
    told = [" ".join(text.get_text().split()) for text in ax.texts]
    nodes = scored().scheme.nodes
    names = nodes.loc[nodes["rule"] != "", "label" if lang == "vi" else "label_en"]
    lacking = [name for name in names if not any(name[:12] in text for text in told)]
    assert not lacking


def test_where_nothing_was_lost_there_is_no_picture_of_it():
    full = pd.DataFrame(
        {"agency": "A", "period": "2019Q4", "code": [f"F{n}" for n in range(1, 9)]}
    ).assign(number=[7, 5, 14, 7.5, 8, 8.5, 9, 6])
    scheme = load_scheme("par-index-2019-province-self")
    best = look_at_index(None, scheme, agency="A", period=pd.Period("2019Q4"), answers=full)
    assert draw(INDEX_PICTURES["points_lost"], best, lang="vi") is None
    assert "65/65" in total_sentence(best, lang="vi")


def test_an_agency_that_is_not_scored_is_refused():
    own = pd.DataFrame({"agency": "A", "period": "2026Q3", "indicator": "ON_TIME", "value": [90]})
    with pytest.raises(ValuesError, match="nothing of B, 2026Q3 can be scored by qd-766-2022"):
        look_at_index(own, load_scheme("qd-766-2022"), agency="B", period=pd.Period("2026Q3"))


def test_points_tell_where_they_come_from():
    html = section(scored())
    told = "".join(re.findall(r'role="tooltip">([^<]*)<', html))
    assert "2,86/3 điểm" in told
    assert "mục 5; Ứng dụng CNTT và dịch vụ công trực tuyến" in told


def test_pictures_of_the_index_tell_their_rows():
    html = section(scored())
    labels = re.findall(r'<svg [^>]*aria-label="([^"]*)"', html)
    assert len(labels) == len(INDEX_PICTURES)
    assert any("Tác động của cải cách hành chính" in label for label in labels)


def test_only_one_assessors_fields_are_listed():
    two = scored()
    other = two.scores.assign(assessor="appraised_1")
    scores = pd.concat([two.scores, other], ignore_index=True)
    both = dataclasses.replace(two, checked=CheckedScores.of(scores))
    assert section(both).count("1 Công tác chỉ đạo") == section(two).count("1 Công tác chỉ đạo")


@pytest.mark.usefixtures("no_pictures")
def test_the_index_is_on_the_page_and_goes_away_again(tmp_path: Path):
    published = publish_quarter(DATA, tmp_path, scheme=load_scheme("example-department"))
    page = published.page.read_text("utf-8")
    assert '<section id="index">' in page
    assert "Đã biết 48,13 điểm" in page
    for name in writing.INDEX_TABLES:
        assert (tmp_path / name).is_file()
        assert name in page
    publish_quarter(DATA, tmp_path)
    assert not (tmp_path / "scores.csv").exists()
    assert '<section id="index">' not in (tmp_path / "index.html").read_text("utf-8")


def test_every_standing_of_a_scheme_has_its_words():
    assert set(texts()["status"]) == set(STATUSES)


def test_a_provisional_scheme_says_so_on_the_page():
    own = pd.DataFrame(
        {"agency": "A", "period": "2026Q3", "indicator": "ON_TIME", "numerator": [9],
         "denominator": [10]}
    )  # fmt: skip
    scheme = load_scheme("qd-766-2022-online")
    one = look_at_index(own, scheme, agency="A", period=pd.Period("2026Q3"))
    assert "Thang điểm tạm tính" in words(section(one))
