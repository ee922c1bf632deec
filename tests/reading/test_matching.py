"""Headings are known by their words, whatever their order, case, accents or abbreviations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.reading.tables.layouts import Lexicon, layouts, words
from cchc_stats.words.folding import fold


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Số TTHC", "Số thủ tục hành chính"),
        ("Tổng số DVCTT", "tổng cộng dịch vụ công trực tuyến"),
        ("VBĐT", "Văn bản điện tử"),
        ("văn bản QPPL", "VĂN BẢN QUY PHẠM PHÁP LUẬT"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("CBCCVC", "Cán bộ, công chức, viên chức"),
        ("HS trễ hạn", "Hồ sơ quá hạn"),
        ("áp dụng HTQLCL", "Áp dụng hệ thống quản lý chất lượng"),
        ("ứng dụng CNTT", "ung dung cong nghe thong tin"),
        ("tự đảm bảo", "Tự bảo đảm"),
        ("Tổng số (3)=(4)+(5)+(6)", "Tổng số"),
        ("1. Thạc sĩ trở lên", "- Từ trình độ Thạc sỹ trở lên"),
        ("Số TTHC liên thông ngang ¹", "Số TTHC liên thông ngang"),
        ("Trước khi cắt giảm (ngày)", "Trước khi cắt giảm"),
    ],
)
def test_spellings_of_one_heading(short, full):
    assert words(short) == words(full)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trước hạn", "Quá hạn"),
        ("Trước hạn", "Kỳ trước"),
        ("Đã giải quyết", "Đang giải quyết"),
        ("Trực tuyến", "Trực tiếp"),
        ("Mức độ 3", "Mức độ 4"),
        ("bố trí", "chưa bố trí"),
        ("Kết quả", "Quá hạn"),
    ],
)
def test_headings_that_are_not_one(one, other):
    assert words(one) != words(other)


def test_a_heading_all_in_parentheses_keeps_its_words():
    assert words("(Số hồ sơ trả lại)") == words("Số hồ sơ trả lại")


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_every_stated_spelling_is_known_as_its_own(layout):
    """No spelling of one column is better matched by another: the data contradict nowhere."""
    for lexicon in filter(None, (layout.headings, layout.codes, layout.key)):
        for name, path in lexicon._spelled:
            scores = lexicon.scores(path)
            assert scores[name] == pytest.approx(1.0)
            rivals = [other for other, score in scores.items() if score > 0.995 and other != name]
            assert rivals == [], path


@given(st.data())
def test_case_and_accents_do_not_matter(data):
    layout = data.draw(st.sampled_from(layouts()))
    name, path = data.draw(st.sampled_from(layout.headings._spelled))
    spell = data.draw(st.sampled_from([str.upper, str.lower, fold]))
    assert layout.headings.scores(tuple(map(spell, path)))[name] == pytest.approx(1.0)


@given(st.data())
def test_the_order_of_the_headings_changes_nothing(data):
    layout = data.draw(st.sampled_from(layouts()))
    paths = [path for _, path in layout.headings._spelled]
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=8, unique=True))
    order = data.draw(st.permutations(chosen))
    found = dict(zip(chosen, layout.headings.assign(chosen), strict=True))
    again = dict(zip(order, layout.headings.assign(order), strict=True))
    # Of several spellings of one column in one table, the first is as good as the second.
    spelled = dict(map(reversed, layout.headings._spelled))
    once = [path for path in chosen if [spelled[p] for p in chosen].count(spelled[path]) == 1]
    assert {path: found[path].name for path in once} == {path: again[path].name for path in once}
    names = [match.name for match in found.values() if match.name]
    assert len(set(names)) == len(names)


def test_the_order_of_the_words_changes_little():
    lexicon = Lexicon({"late": ["Hồ sơ đã giải quyết > Quá hạn"], "early": ["Hồ sơ trước hạn"]})
    assert lexicon.assign([("Đã giải quyết hồ sơ", "Quá hạn trả")])[0].name == "late"


def test_a_heading_whose_column_is_taken_is_no_other_column():
    lexicon = Lexicon({"total": ["Tiếp nhận > Tổng số"], "new": ["Tiếp nhận > Trong kỳ > Tổng số"]})
    found = lexicon.assign([("Tiếp nhận", "Tổng số"), ("Hồ sơ tiếp nhận", "Tổng")])
    assert [match.name for match in found] == ["total", None]


def test_a_misspelled_word_is_known():
    lexicon = Lexicon({"early": ["Hoàn thành trước"], "late": ["Hoàn thành muộn"]})
    assert lexicon.assign([("Hoàn thàhn muộn",)])[0].name == "late"


def test_two_equal_headings_are_both_left():
    lexicon = Lexicon({"a": ["Số giấy"], "b": ["Số điện tử"]})
    first, second = lexicon.assign([("Số giấy",), ("Số giấy",)])
    assert (first.name, second.name) == (None, None)
    assert first.rival == second.rival == "a"


def test_a_heading_like_two_columns_is_left():
    lexicon = Lexicon(
        {"settled": ["Đã giải quyết > Quá hạn"], "pending": ["Đang giải quyết > Quá hạn"]}
    )
    (match,) = lexicon.assign([("Giải quyết", "Quá hạn")])
    assert match.name is None
    assert match.rival is not None
    both = lexicon.assign([("Đang giải quyết", "Quá hạn"), ("Đã giải quyết", "Quá hạn")])
    assert [match.name for match in both] == ["pending", "settled"]


def test_strange_words_are_no_heading():
    lexicon = Lexicon({"a": ["Số giấy"], "b": ["Số điện tử"]})
    assert lexicon.assign([("Họ và tên",), ()])[0].name is None


def test_a_heading_that_says_two_columns_is_neither():
    columns = next(one for one in layouts() if one.name == "dossiers: biểu 1b").headings
    paths = [("Hồ sơ trả lại, rút",), ("Kết quả", "Trả lại/rút")]
    for one in columns.assign(paths):
        assert (one.name, one.rival.column) == (None, "withdrawn")
    # "Đúng và trước hạn" is one column, however it is written.
    for leaf in ("Đúng và trước hạn", "Trước hạn, đúng hạn", "Số hồ sơ trả trước và đúng hạn"):
        (one,) = columns.assign([("Số hồ sơ đã giải quyết", leaf)])
        assert one.name.column == "settled_on_time"


def test_words_that_parts_follow_are_no_part_of_a_heading():
    assert words("Trong đó: - Kỳ trước chuyển sang") == words("Kỳ trước chuyển sang")
    assert words("Trong đó") == words("trong đó") != ()
