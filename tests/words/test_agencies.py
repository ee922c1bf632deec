import datetime as dt
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.words.agencies.changes import (
    administrative_level,
    agency_changes,
    level_exists,
    successor,
)
from cchc_stats.words.agencies.matching import (
    SCORES,
    abbreviations,
    fold_agency,
    match_agency,
    name_parts,
    names_agency,
    provinces,
    several_spellings,
)
from cchc_stats.words.errors import CchcError, ReadError
from cchc_stats.words.folding import dictionary_order, same_spelling, vietnamese_order

CASES = Path(__file__).parents[1] / "cases"

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


# --- which one is meant

DEPARTMENTS = [
    "Sở Khoa học và Công nghệ",
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Tư pháp",
    "Ban Quản lý Khu kinh tế",
    "Văn phòng UBND tỉnh Bình Định",
    "UBND tỉnh Bình Định",
    "UBND thị xã An Nhơn",
    "UBND huyện An Lão",
    "UBND huyện Quan Sơn",
    "UBND phường 1",
]
MEANT = [
    ("Sở Nội vụ", "Sở Nội vụ", "same"),
    ("SỞ  NỘI VỤ", "Sở Nội vụ", "case"),
    ("So\u031b\u0309 Nội vụ", "Sở Nội vụ", "case"),
    ("So Noi vu", "Sở Nội vụ", "spelling"),
    ("Sở KH&CN", "Sở Khoa học và Công nghệ", "spelling"),
    ("UBND TX. An Nhơn", "UBND thị xã An Nhơn", "spelling"),
    ("Ủy ban nhân dân huyện An Lão", "UBND huyện An Lão", "spelling"),
    ("Nội vụ", "Sở Nội vụ", "parts"),
    ("Sở Nội vụ tỉnh Bình Định", "Sở Nội vụ", "parts"),
    ("Sở Nội vụ Bình Định", "Sở Nội vụ", "parts"),
    ("SỞ KHOA HỌC CÔNG NGHỆ TP. HCM", "Sở Khoa học và Công nghệ", "parts"),
    ("huyện An Lão", "UBND huyện An Lão", "parts"),
    ("An Lão", "UBND huyện An Lão", "parts"),
    ("UBND huyện An Lão tỉnh Bình Định", "UBND huyện An Lão", "parts"),
    ("SKHCN", "Sở Khoa học và Công nghệ", "initials"),
    ("STC", "Sở Tài chính", "initials"),
    ("STC tỉnh Gia Lai", "Sở Tài chính", "initials"),
]


@pytest.mark.parametrize(("name", "meant", "how"), MEANT)
def test_a_printed_name_means_a_known_one(name, meant, how):
    match = match_agency(name, DEPARTMENTS)
    assert (match.name, match.how, match.candidates) == (meant, how, ())
    assert match.score == SCORES[how]


@pytest.mark.parametrize(
    "name",
    [
        "Sở Y tế",
        "Sở Nội vụu",  # a spelling mistake is not corrected
        "huyện An Nhơn",  # another level
        "Ban Nội vụ",  # another kind
        "Phòng Nội vụ",
        "Văn phòng Sở Nội vụ",
        "Chi cục Khoa học và Công nghệ",
        "thành phố Bình Định",
        "UBND phường 11",
        "1",  # a ward's number tells nothing
        "",
        " - ",
    ],
)
def test_what_means_none_of_them_is_not_guessed(name):
    match = match_agency(name, DEPARTMENTS)
    assert (match.name, match.how, match.score) == ("", "unknown", 0)


OF_THE_PROVINCE = (
    "Thanh tra", "Văn phòng UBND", "UBND", "Công an", "Trung tâm Phục vụ hành chính công",
)  # fmt: skip


@pytest.mark.parametrize("body", OF_THE_PROVINCE)
def test_a_body_of_the_province_may_leave_out_which_one(body):
    known = [f"{one} tỉnh" for one in OF_THE_PROVINCE]
    for province in ("Gia Lai", "Sông Mẫu"):  # one that there is, and one made up
        named = f"{body} tỉnh {province}"
        match = match_agency(named, known)
        assert (match.name, match.how) == (f"{body} tỉnh", "parts")
        assert match_agency(f"{body} tỉnh", [named, "Sở Nội vụ"]).name == named
    assert match_agency(f"{body} huyện An Lão", known).name == ""
    two = [f"{body} tỉnh Gia Lai", f"{body} tỉnh Sông Mẫu"]
    assert match_agency(f"{body} tỉnh", two).how == "ambiguous"


def test_an_unknown_name_comes_with_the_nearest():
    assert match_agency("Sở Nội vụu", DEPARTMENTS).candidates == ("Sở Nội vụ",)
    assert match_agency("Sở Nội vụ", []).candidates == ()


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Sở Nội vụ", ["Sở Nội vụ tỉnh Gia Lai", "Sở Nội vụ tỉnh Phú Thọ"]),
        ("An Nhơn", ["UBND huyện An Nhơn", "UBND thị xã An Nhơn"]),
        ("sở nội vụ", ["Sở Nội vụ", "SỞ NỘI VỤ"]),
        ("STP", ["Sở Tư pháp", "Sở Tài Phú"]),
        # Two communes may differ by their accents alone.
        ("UBND xã Tan Lap", ["UBND xã Tân Lập", "UBND xã Tân Lạp"]),
    ],
)
def test_several_that_may_be_meant_are_named_and_none_is_taken(name, known):
    match = match_agency(name, known)
    assert (match.name, match.how, match.score) == ("", "ambiguous", 0)
    assert match.candidates == tuple(known)


def test_the_province_decides_where_both_have_one():
    known = ["Sở Nội vụ tỉnh Gia Lai", "Sở Nội vụ tỉnh Phú Thọ"]
    assert match_agency("Sở Nội vụ Phú Thọ", known).name == known[1]
    assert match_agency("Sở Nội vụ Hà Giang", known).how == "unknown"


@given(st.sampled_from(DEPARTMENTS), st.permutations(DEPARTMENTS))
def test_the_order_of_the_known_does_not_matter(name, known):
    for printed in (name, name.upper(), fold_agency(name)):
        assert match_agency(printed, known).name == name


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_has_an_answer_that_is_known_or_none(name, known):
    match = match_agency(name, known)
    assert match.name in (*known, "")
    assert (match.name == "") == (match.how in ("ambiguous", "unknown")) or name == ""
    assert set(match.candidates) <= set(known)


@pytest.mark.parametrize(("name", "known"), [(None, ["A"]), (3, ["A"]), ("A", ["A", None])])
def test_a_name_that_is_no_text_is_refused(name, known):
    with pytest.raises(CchcError, match="an agency's name is a text, not"):
        match_agency(name, known)


# --- what became of them

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def test_sixty_three_provinces_became_thirty_four():
    changes = agency_changes()
    mergers = changes[(changes["level"] == "province") & (changes["on"] == pd.Timestamp(AFTER))]
    assert (mergers["status"] == "confirmed").all()
    assert mergers["source"].unique().tolist() == ["Nghị quyết 202/2025/QH15"]
    sixty_three = set(provinces().values()) - {"Thừa Thiên Huế"}
    assert len(sixty_three) == 63
    left = {successor(f"UBND tỉnh {name}", AFTER) for name in sixty_three}
    thirty_four = {name_parts(name).proper for name in left}
    assert len(thirty_four) == 34
    assert len(mergers) == 63 - 34
    assert set(mergers["old"]) | set(mergers["new"]) <= sixty_three
    assert not set(mergers["old"]) & set(mergers["new"])


def test_the_published_ranking_of_2026_names_the_provinces_there_are():
    """The national portal ranks 34 provinces after the merger: none that ceased, and no other."""
    ranked = pd.read_csv(CASES / "qd766_provinces.csv", dtype="str")["name"]
    published = {name_parts(name).proper for name in ranked}
    ceased = {
        fold_agency(name)
        for name in agency_changes().query("level == 'province' and old != new")["old"]
    }
    assert published
    assert published <= set(provinces()) - ceased


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("UBND tỉnh Bình Định", "UBND tỉnh Gia Lai"),
        ("Sở Nội vụ tỉnh Đắk Nông", "Sở Nội vụ tỉnh Lâm Đồng"),
        ("Sở Nội vụ Bình Thuận", "Sở Nội vụ Lâm Đồng"),
        ("SỞ NỘI VỤ TỈNH VĨNH PHÚC", "SỞ NỘI VỤ tỉnh Phú Thọ"),
        ("Sở Nội vụ tỉnh Quảng Nam", "Sở Nội vụ thành phố Đà Nẵng"),
        ("Sở Y tế tỉnh Bà Rịa - Vũng Tàu", "Sở Y tế thành phố Hồ Chí Minh"),
        ("Sở Nội vụ tỉnh Gia Lai", "Sở Nội vụ tỉnh Gia Lai"),
        ("Sở Nội vụ", "Sở Nội vụ"),
        ("UBND phường Quy Nhơn", "UBND phường Quy Nhơn"),
        ("UBND huyện Tây Sơn", ""),
        ("UBND thành phố Quy Nhơn", ""),
        ("UBND thị xã An Nhơn tỉnh Bình Định", ""),
        ("Phòng Nội vụ huyện Tây Sơn", ""),
        ("UBND TP. Hải Phòng", "UBND TP. Hải Phòng"),
        # Since Decree 150/2025 no province has such a department, whatever its own day was.
        ("Sở Kế hoạch và Đầu tư tỉnh Phú Thọ", "Sở Tài chính tỉnh Phú Thọ"),
        ("Sở GTVT Hà Nội", "Sở Xây dựng Hà Nội"),
        ("Sở LĐ, TB&XH tỉnh Nghệ An", "Sở Nội vụ tỉnh Nghệ An"),
        ("Sở TN-MT Sơn La", "Sở Nông nghiệp và Môi trường Sơn La"),
        # A town of a province's name is no part of the province's own.
        ("Phòng Nội vụ thành phố Hòa Bình", ""),
        ("Phòng Nội vụ TP. Quy Nhơn", ""),
        ("Trạm Y tế xã Hòa Bình", "Trạm Y tế xã Hòa Bình"),
        ("Đảng ủy xã Hòa Bình", "Đảng ủy xã Hòa Bình"),
        # Shortened, joined and older names of provinces.
        *(("Bắc Cạn", "Thái Nguyên"), ("Kontum", "Quảng Ngãi"), ("BR-VT", "Hồ Chí Minh")),
        # The name of a school or a hospital is its own.
        ("Trường Đại học Quảng Nam", "Trường Đại học Quảng Nam"),
        ("Bệnh viện Đa khoa tỉnh Bình Định", "Bệnh viện Đa khoa tỉnh Bình Định"),
        ("Sở Y tế Quảng Nam", "Sở Y tế Đà Nẵng"),
    ],
)
def test_what_an_agency_is_after_the_reform(name, after):
    assert successor(name, BEFORE) == name
    assert successor(name, AFTER) == after
    assert successor(after, AFTER) == after or not after


def test_a_province_states_its_own_day_for_a_typical_merger():
    typical = agency_changes().query("status == 'typical'")
    assert typical["note"].str.contains("nghị quyết của từng tỉnh").all()
    own = typical[["old", "new", "level"]].assign(on=dt.date(2025, 3, 1)).to_dict("records")
    changes = agency_changes(extra=own)
    name = "Sở KH&ĐT tỉnh Bình Định"
    assert successor(name, dt.date(2025, 2, 28), changes) == name
    assert successor(name, dt.date(2025, 3, 1), changes) == "Sở Tài chính tỉnh Bình Định"
    assert successor(name, AFTER, changes) == "Sở Tài chính tỉnh Gia Lai"
    assert successor("Sở TN&MT", AFTER, changes) == "Sở Nông nghiệp và Môi trường"


def test_hue_is_a_district_and_then_a_province():
    day = dt.date(2025, 1, 1)
    assert administrative_level("UBND thành phố Huế", day) == "provincial"
    assert administrative_level("UBND thành phố Huế") == "district"
    assert successor("Sở Y tế tỉnh Thừa Thiên Huế", day) == "Sở Y tế thành phố Huế"
    assert successor("UBND thành phố Huế", AFTER) == "UBND thành phố Huế"


def test_districts_are_there_until_the_second_quarter_of_2025():
    assert level_exists("district", BEFORE)
    assert level_exists("district", pd.Timestamp("2025-06-30 23:59"))
    assert level_exists("district", pd.Period("2025Q2"))
    assert not level_exists("district", AFTER)
    assert not level_exists("district", pd.Period("2025Q3"))
    assert level_exists("commune", AFTER)
    with pytest.raises(CchcError, match="there is no level 'districts'"):
        level_exists("districts", AFTER)


def test_own_changes_from_a_file(tmp_path):
    file = tmp_path / "changes.toml"
    file.write_text(
        '[[change]]\nold = ["Chi cục A", "Chi cục B"]\nnew = "Chi cục C"\non = 2024-05-01\n'
        '[[change]]\nold = "Chi cục D"\nnew = ""\non = 2024-05-01\nstatus = "unconfirmed"\n',
        encoding="utf-8",
    )
    changes = agency_changes(file)
    day = dt.date(2024, 5, 1)
    assert [successor(f"Chi cục {one}", day, changes) for one in "ABD"] == [
        "Chi cục C",
        "Chi cục C",
        "Chi cục D",
    ]
    assert successor("Chi cục A", dt.date(2024, 4, 30), changes) == "Chi cục A"
    gone = [{"old": "Chi cục D", "new": "", "on": day}]
    assert successor("Chi cục D", day, agency_changes(extra=gone)) == ""


def test_faults_of_own_changes_come_at_once(tmp_path):
    wrong = [
        {"old": [], "new": "B", "on": AFTER},
        {"old": "A", "on": "2025", "status": "sure", "level": "x", "day": 1},
    ]
    with pytest.raises(CchcError, match="6 faults in changes of agencies") as refused:
        agency_changes(extra=wrong)
    for word in ("no old name", "no new name", "on is no day", "'sure'", "'x'", "field day"):
        assert word in refused.value.where
    with pytest.raises(ReadError, match="the changes of agencies cannot be read"):
        agency_changes(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("name", "proper", "province"),
    [
        ("Sở Y tế tỉnh Giả Định", "y te", "gia dinh"),
        ("SỞ Y TẾ TỈNH GIẢ ĐỊNH", "y te", "gia dinh"),
        ("UBND huyện An Hòa, tỉnh Giả Định", "an hoa", "gia dinh"),
        ("UBND tỉnh Giả Định", "gia dinh", ""),
        # "Máy tính" is no province's, and a name without accents does not call it one.
        ("Trung tâm Máy tính Bình Minh", "may tinh binh minh", ""),
        ("So Y te tinh Gia Dinh", "y te tinh gia dinh", ""),
    ],
)
def test_a_province_that_is_called_one_need_not_be_known(name, proper, province):
    parts = name_parts(name)
    assert (parts.proper.removeprefix("trung tam "), parts.province) == (proper, province)


def test_two_made_up_provinces_are_two():
    known = ["Sở Y tế tỉnh Giả Định", "Sở Y tế tỉnh Thí Dụ"]
    assert match_agency("Sở Y tế tỉnh Giả Định", ["Sở Y tế", "Sở Tư pháp"]).name == "Sở Y tế"
    assert match_agency("Sở Y tế", known).how == "ambiguous"
    assert match_agency("SỞ Y TẾ TỈNH THÍ DỤ", known).name == known[1]


def test_a_day_may_be_a_text():
    assert successor("UBND huyện Tây Sơn", "2025-06-30") == "UBND huyện Tây Sơn"
    assert (
        successor("UBND huyện Tây Sơn", "2025-07-01"),
        level_exists("district", "2025-07-01"),
    ) == (
        "",
        False,
    )
    for wrong in ("1/7/2025", "", None, 2025):
        with pytest.raises(CchcError, match="is no day"):
            level_exists("district", wrong)


def test_an_own_change_of_departments_in_a_province_that_is_not_listed():
    own = {"old": "Sở Thông tin và Truyền thông", "new": "Sở Khoa học và Công nghệ"}
    changes = agency_changes(extra=[own | {"level": "department", "on": "2025-03-01"}])
    name = "Sở Thông tin và Truyền thông tỉnh Giả Định"
    assert successor(name, "2025-02-28", changes) == name
    assert successor(name, "2025-03-01", changes) == "Sở Khoa học và Công nghệ tỉnh Giả Định"


def test_a_change_of_departments_may_name_its_province():
    places = ("tỉnh Giả Định", "tỉnh Gia Lai")
    old, new = (f"Sở {one} {places[0]}" for one in ("Nội vụ", "Nội vụ và Lao động"))
    own = {"old": old, "new": new, "level": "department", "on": "2025-03-01"}
    changes = agency_changes(extra=[own])
    assert successor(old, "2025-03-01", changes) == new
    assert successor(f"Sở Nội vụ {places[1]}", "2025-03-01", changes) == f"Sở Nội vụ {places[1]}"


def test_changes_that_are_no_mappings():
    with pytest.raises(CchcError, match="no mapping of fields: 5"):
        agency_changes(extra=[5])
    with pytest.raises(CchcError, match="no mapping of fields: 'old'"):
        agency_changes(extra={"old": "Sở A"})


# --- every province, old and new, on the first and the last day of its life

NOW = dt.date(2026, 11, 30)
OLD_CITIES = {"Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ"}
TABLE = pd.read_csv(CASES / "provinces_2025.csv", dtype="str", keep_default_na=False)
LIVES = [
    (old, row.province, row.city_since, row.merged_on)
    for row in TABLE.itertuples()
    for old in row.made_of.split("|")
]


def kind_of(province: str, day: dt.date) -> str:
    since = dict(zip(TABLE["province"], TABLE["city_since"], strict=True)).get(province, "")
    is_city = province in OLD_CITIES or (since and dt.date.fromisoformat(since) <= day)
    return "thành phố" if is_city else "tỉnh"


@pytest.mark.parametrize(("old", "new", "city", "merged"), LIVES)
@pytest.mark.parametrize("body", ["UBND", "Sở Nội vụ", "Văn phòng UBND", "HĐND"])
def test_a_province_on_the_first_and_the_last_day_of_its_life(old, new, city, merged, body):
    days = {NOW} | {dt.date.fromisoformat(day) for day in (city, merged) if day}
    for first in days:
        last = first - dt.timedelta(days=1)
        for day in (last, first):
            there = new if not merged or day >= dt.date.fromisoformat(merged) else old
            was = f"{body} {kind_of(old, dt.date(2024, 12, 31))} {old}"
            now = f"{body} {kind_of(there, day)} {there}"
            assert successor(was, day) == now
            assert successor(now, day) == now
            assert administrative_level(f"UBND {kind_of(there, day)} {there}", day) == "provincial"
            assert successor(old, day) == there  # a bare name, as tables of ranks print it


@pytest.mark.parametrize(("old", "new", "city", "merged"), LIVES)
def test_a_province_is_matched_however_it_is_typed(old, new, city, merged):
    known = [f"UBND {kind_of(name, NOW)} {name}" for name in TABLE["province"]]
    name = f"UBND {kind_of(new, NOW)} {new}"
    for printed in (name.upper(), name.replace("UBND", "Ủy ban nhân dân"), f"U{name[1:]}"):
        assert match_agency(printed, known).name == name


@pytest.mark.parametrize(
    ("name", "day", "after"),
    [
        ("UBND thành phố Bắc Ninh", "2025-06-30", "UBND thành phố Bắc Ninh"),  # the town
        ("UBND thành phố Bắc Ninh", "2025-07-01", ""),
        ("UBND thành phố Bắc Ninh", "2026-10-01", "UBND thành phố Bắc Ninh"),  # the province
        ("UBND thành phố Phú Quốc", "2025-06-30", "UBND thành phố Phú Quốc"),
        ("UBND thành phố Phú Quốc", "2025-07-01", "UBND đặc khu Phú Quốc"),
        ("UBND huyện Vân Đồn tỉnh Quảng Ninh", NOW, "UBND đặc khu Vân Đồn thành phố Quảng Ninh"),
        ("Phòng Nội vụ huyện Vân Đồn", NOW, ""),  # its tasks went to more than one body
        ("Sở TT&TT tỉnh Quảng Bình", "2025-06-30", "Sở TT&TT tỉnh Quảng Bình"),
        ("Sở TT&TT tỉnh Quảng Bình", NOW, "Sở Khoa học và Công nghệ tỉnh Quảng Trị"),
        ("Sở KH&ĐT tỉnh Bình Phước", NOW, "Sở Tài chính thành phố Đồng Nai"),
        # Between the decree's first day and the last, only the province itself can say.
        ("Sở KH&ĐT tỉnh Gia Lai", "2025-03-01", "Sở KH&ĐT tỉnh Gia Lai"),
        ("Sở KH&ĐT tỉnh Gia Lai", "2025-06-30", "Sở KH&ĐT tỉnh Gia Lai"),
        ("Sở Y tế T.T.Huế", "2025-01-01", "Sở Y tế Huế"),
        ("UBND huyện đảo Lý Sơn", NOW, "UBND đặc khu Lý Sơn"),
        ("UBND H. Côn Đảo", NOW, "Ủy ban nhân dân đặc khu Côn Đảo"),
        # A city that is to come is nothing yet, but for a town of its name.
        *((f"UBND thành phố {one}", "2025-06-30", "") for one in ("Đồng Nai", "Quảng Ninh")),
        ("Sở Y tế thành phố Huế", "2024-12-31", ""),
        ("Sở Y tế thành phố Bắc Ninh", "2026-09-19", ""),
        ("Sở Y tế thành phố Bắc Ninh", "2026-09-20", "Sở Y tế thành phố Bắc Ninh"),
    ],
)
def test_zones_towns_and_departments_of_provinces_that_are_no_more(name, day, after):
    assert successor(name, day) == after


ZONES = {
    "Vân Đồn": "1679", "Cô Tô": "1679", "Cát Hải": "1669", "Bạch Long Vĩ": "1669",
    "Cồn Cỏ": "1680", "Hoàng Sa": "1659", "Lý Sơn": "1677", "Trường Sa": "1667",
    "Phú Quý": "1671", "Côn Đảo": "1685", "Kiên Hải": "1654", "Phú Quốc": "1654",
    "Thổ Châu": "1654",
}  # fmt: skip


def test_that_departments_are_merged_everywhere_is_derived_and_says_so():
    changes = agency_changes()
    merged = changes[(changes["level"] == "department") & (changes["on"] == "2025-07-01")]
    assert {*merged["status"]} == {"derived"}
    assert successor("Sở Giao thông vận tải tỉnh Sơn La", "2025-06-30").startswith("Sở Giao")
    assert successor("Sở Giao thông vận tải tỉnh Sơn La", "2025-07-01") == "Sở Xây dựng tỉnh Sơn La"


@pytest.mark.parametrize("zone", ZONES)
def test_each_special_zone_has_its_day_its_level_and_its_resolution(zone):
    row = agency_changes().set_index("new").loc[f"đặc khu {zone}"]
    assert row["source"] == f"Nghị quyết {ZONES[zone]}/NQ-UBTVQH15 ngày 16/6/2025, điều 1"
    name = f"UBND {row['old']}"
    assert successor(name, BEFORE) == name
    assert successor(name, AFTER) == f"UBND đặc khu {zone}"
    assert successor(f"UBND đặc khu {zone}", BEFORE) == ""  # there was none yet
    for printed in (f"Đặc khu {zone}", f"UBND ĐẶC KHU {zone.upper()}"):
        assert administrative_level(printed, AFTER) == "commune"
        assert match_agency(printed, ["UBND đặc khu Ngọc Vừng", successor(name, AFTER)]).name


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Sở LĐ,TB và XH", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở GD-ĐT", "Sở Giáo dục và Đào tạo"),
        ("Sở VH,TT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("VP UBND tỉnh", "Văn phòng UBND tỉnh"),
        ("BQL các KCN", "Ban Quản lý các khu công nghiệp"),
        ("UBND P.11", "UBND phường 11"),
        ("UBND xã IaGrai", "UBND xã Ia Grai"),
        ("UBND xã Ea HLeo", "UBND xã Ea H'Leo"),
        (
            "Trung tâm phục vụ HCC phường Qui Nhơn",
            "Trung tâm Phục vụ hành chính công phường Quy Nhơn",
        ),
        ("Chi nhánh VPĐKĐĐ khu vực Tây Sơn", "Chi nhánh Văn phòng Đăng ký đất đai khu vực Tây Sơn"),
        ("Xã Lý Nhơn", "UBND xã Lý Nhơn"),
    ],
)
def test_names_as_exports_shorten_them(name, known):
    assert match_agency(name, [known, "UBND phường 1", "Sở Văn hóa và Thể thao"]).name == known


def test_the_next_city_needs_no_release():
    stated = {"old": "Khánh Hòa", "new": "Khánh Hòa", "level": "province", "kind": "thành phố"}
    changes = agency_changes(extra=[stated | {"on": dt.date(2027, 1, 1)}])
    name, city = "Sở Y tế tỉnh Khánh Hòa", "Sở Y tế thành phố Khánh Hòa"
    assert successor(name, dt.date(2026, 12, 31), changes) == name
    assert successor(name, dt.date(2027, 1, 1), changes) == city
    assert successor("UBND thành phố Khánh Hòa", dt.date(2027, 1, 1), changes) != ""
    with pytest.raises(CchcError, match="faults in changes of agencies") as refused:
        agency_changes(extra=[stated | {"on": dt.date(2027, 1, 1), "kind": "thủ đô"}])
    assert "kind is 'thủ đô'" in refused.value.where


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(("Hòa", "Hoà", True), ("Thủy", "Thuỷ", True), ("Thủy", "Thúy", False)),
        *(("Đắk Lắk", "Đắc Lắc", True), ("Đăk Lăk", "Đắk Lắk", True), ("Mỹ", "Mĩ", True)),
        *(("Đak Đoa", "Đắc Đoa", True), ("Đạc", "Đắc", False)),
        *(("Quy", "Qui", True), ("Thúy", "Thúi", False), ("An", "Ân", False), ("Lý", "Lí", True)),
        *(
            ("Đà", "Đá", False),
            ("Huế", "HUẾ", True),
            ("tay", "tai", False),
            ("Ngọc", "Ngóc", False),
        ),
    ],
)
def test_which_spellings_are_one(one, other, same):
    assert (same_spelling(one) == same_spelling(other)) == same
    known = [f"UBND xã {other}"]
    assert (match_agency(f"UBND xã {one}", known).name == known[0]) == (same or one == "An")


@given(st.text())
def test_a_key_of_spelling_stays_itself_and_knows_no_case(text):
    assert same_spelling(unicodedata.normalize("NFD", text)) == same_spelling(text)
    assert " " * 2 not in same_spelling(text)


WORDS = st.text("aăâeêioôơuưyAĂÂĐđdbcàảãáạằấểỗợừ 12", max_size=8)


def test_a_tone_sorts_alike_on_whichever_letter_it_is_set():
    for rising in (["Thuy", "Thùy", "Thuỷ", "Thuý", "Thụy"], ["Hòa", "Hỏa", "Hoá", "Hoạ"]):
        assert sorted(reversed(rising), key=vietnamese_order) == rising


@given(st.lists(WORDS, max_size=6))
def test_the_order_of_names_is_one_and_letters_come_before_tones(names):
    ordered = sorted(names, key=vietnamese_order)
    assert ordered == sorted(reversed(names), key=vietnamese_order)
    letters = [vietnamese_order(name)[0] for name in ordered]
    assert letters == sorted(letters)


def test_a_column_is_sorted_as_dictionaries_have_it_and_what_is_missing_stays_missing():
    names = pd.Series(["Sở Đ", None, "Sở E", "Sở Ấ", "Sở D", "Sở Â", "Sở B"], dtype="str")
    ordered = names.sort_values(key=dictionary_order, na_position="last").tolist()
    assert ordered[:-1] == ["Sở Â", "Sở Ấ", "Sở B", "Sở D", "Sở Đ", "Sở E"]
    assert pd.isna(ordered[-1])
    numbers = pd.Series([3, 1, 2])
    assert dictionary_order(numbers) is numbers


@pytest.mark.parametrize(
    "text",
    [
        *("Ban đầu", "Phòng ban", "Xã phường", "Sở ban ngành", "Sở ngoài", "Sở gộp", "Xã mới"),
        *("Xã T8", "Xã tháng 9", "Sở 2025", "UBND các xã", "UBND cấp xã", "UBND xã", "Trường học"),
        *("Xã 1", "Thuế đất", "UBND xã mới", "Sở quý III"),
        *("Thanh tra y tế", "Thanh tra, khiếu nại", "Sở hữu trí tuệ", "Thành phố thông minh"),
    ],
)
def test_words_that_begin_like_an_agency_and_are_none(text: str):
    assert not names_agency(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Quận 1", "Phường 5", "UBND phường 11", "UBND Q.3", "Thanh tra tỉnh", "Văn phòng UBND"),
        *("Xã Các Sơn", "Xã Cấp Tiến", "Xã Năm Căn", "Xã Quý Lộc", "Đặc khu Trường Sa", "Sở A"),
        *("Công an tỉnh", "Bảo hiểm xã hội tỉnh", "Kho bạc Nhà nước", "Bệnh viện Đa khoa Cây"),
        *("Sở Ngoại vụ", "Ban Quản lý KKT", "UBND tỉnh", "UBND xã Hòa An", "SỞ Y TẾ"),
        *("Thanh tra Sở Y tế", "Thanh tra huyện Lá", "Thanh tra Chính phủ"),
    ],
)
def test_names_of_agencies_that_look_like_other_words(text: str):
    assert names_agency(text)
