import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.agencies import abbreviations, fold_agency, several_spellings

SAME = [
    ("Sở KH&CN Bình Định", "Sở Khoa học và Công nghệ Bình Định"),
    ("Sở KHCN - Bình Định", "sở khoa học và công nghệ BÌNH ĐỊNH"),
    ("Sở KH & CN", "Sở Khoa học & Công nghệ"),
    ("Sở GD và ĐT", "Sở Giáo dục và Đào tạo"),
    ("Sở LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
    ("Sở LĐTBXH", "Sở Lao động, Thương binh và Xã hội"),
    ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
    ("TTPVHCC tỉnh", "Trung tâm PVHCC tỉnh"),
    ("UBND TP. Quy Nhơn", "Ủy ban nhân dân thành phố Quy Nhơn"),
    ("UBND TX An Nhơn", "Uỷ ban nhân dân thị xã An Nhơn"),
    ("So Noi vu", "Sở Nội vụ"),
    ("Sở  Nội\u00a0vụ ", "Sở Nội vụ"),
    ("So\u031b\u0309 Nội vụ", "Sở Nội vụ"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_name(one, other):
    assert fold_agency(one) == fold_agency(other) != ""
    assert several_spellings([one, other]) == [(one, other)]


DIFFERENT = [
    ("Sở Y tế", "Sở Nội vụ"),
    ("Sở TT&TT", "Sở VH&TT"),
    ("UBND huyện An Lão", "UBND huyện An Nhơn"),
    ("Sở KH&CN", "Sở KH&ĐT"),
    ("UBND phường 1", "UBND phường 11"),
    # An abbreviation is a word of its own, not letters within one.
    ("Sở ATTP", "Sở A thành phố"),
    ("Sở KT&TT", "Sở KT Trung tâm"),
    # TT is thị trấn as often as trung tâm.
    ("UBND TT Phước An", "UBND Trung tâm Phước An"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_stay_apart(one, other):
    assert fold_agency(one) != fold_agency(other)
    assert several_spellings([one, other]) == []


def test_groups_keep_the_order_and_name_each_spelling_once():
    names = ["Sở Nội vụ", "Sở Y tế", "SỞ NỘI VỤ", "Sở Nội vụ", "so noi vu", "Sở y tế"]
    assert several_spellings(names) == [
        *(("Sở Nội vụ", "SỞ NỘI VỤ", "so noi vu"), ("Sở Y tế", "Sở y tế"))
    ]
    assert several_spellings([]) == []


@given(st.text())
def test_folding_twice_changes_nothing(name):
    assert fold_agency(fold_agency(name)) == fold_agency(name)


@given(st.sampled_from(sorted(abbreviations())))
def test_an_abbreviation_is_what_it_stands_for(short):
    full = abbreviations()[short]
    assert fold_agency(f"Sở {short.lower()} X") == fold_agency(f"Sở {full} X")
