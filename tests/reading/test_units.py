"""`units.toml`: which unit a printed name, a symbol or a file's name is of, and what is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from cchc_stats import (
    CchcError,
    ReadError,
    check,
    consolidate,
    measure,
    missing_reports,
    read_report,
    read_reports,
    read_units,
)
from cchc_stats.reading import draft_units
from cchc_stats.reading.reports.naming import alike

PROVINCE = """
province = "tỉnh Sông Lam"

[[unit]]
name = "Sở Tư pháp"
symbols = ["BC-STP"]

[[unit]]
name = "Sở Văn hóa, Thể thao và Du lịch"
symbols = ["BC-SVHTTDL"]

[[unit]]
name = "Sở Nông nghiệp và Môi trường"
names = ["Sở Nông nghiệp và PTNT"]

[[unit]]
name = "Sở Giáo dục và Đào tạo"
symbols = ["SGDĐT"]

[[unit]]
name = "Thanh tra tỉnh"

[[unit]]
name = "Văn phòng UBND tỉnh"
"""


@pytest.fixture
def units(tmp_path):
    def read(text=PROVINCE):
        path = tmp_path / "units.toml"
        path.write_text(text, encoding="utf-8")
        return read_units(path)

    return read


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("SỞ TƯ PHÁP", "Sở Tư pháp"),
        ("SỞ TƯ PHÁP TỈNH SÔNG LAM", "Sở Tư pháp"),
        ("Sở Tư pháp Sông Lam", "Sở Tư pháp"),
        ("SỞ VĂN HOÁ, THỂ THAO & DU LỊCH", "Sở Văn hóa, Thể thao và Du lịch"),
        ("SỞ NN&MT", "Sở Nông nghiệp và Môi trường"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông nghiệp và Môi trường"),
        ("Thanh tra tỉnh Sông Lam", "Thanh tra tỉnh"),
        ("Văn phòng Ủy ban nhân dân tỉnh Sông Lam", "Văn phòng UBND tỉnh"),
        ("Sở Tư pháp tỉnh Gia Lai", None),
        ("Sở Ngoại vụ", None),
        ("", None),
    ],
)
def test_a_printed_name_is_of_one_unit_or_of_none(units, printed, unit):
    assert units().match(printed) == unit


def test_a_symbol_tells_the_unit_and_its_contradiction_tells_none(units):
    assert units().match("", "45/BC-SGDĐT") == "Sở Giáo dục và Đào tạo"
    assert units().match("Ủy ban nhân dân tỉnh Sông Lam", "45/BC-SVHTTDL") == (
        "Sở Văn hóa, Thể thao và Du lịch"
    )
    assert units().match("Sở Tư pháp", "45/BC-SVHTTDL") is None
    assert units().match("Sở Tư pháp", "45/BC-XYZ") == "Sở Tư pháp"


def test_a_file_bears_the_symbol_of_one_unit(units):
    assert units().of_file("2026Q3/BC CCHC quy III - STP.docx") == "Sở Tư pháp"
    assert units().of_file("STP va SGDDT.xlsx") is None
    assert units().of_file("Bao cao.xlsx") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no unit in it"),
        ('[unit]\nname = "Sở A"', "written [[unit]], not [unit]"),
        ("[[unit]]\nname = 3", "unit 1 has no name"),
        ('[[unit]]\nname = "Sở A"\nforms = ["dosiers"]', "no form 'dosiers'; dossiers is meant?"),
        ('[[unit]]\nname = "Sở A"\nlevel = "tỉnh"', "no level 'tỉnh'; there are provincial,"),
        ('[[unit]]\nname = "Sở A"\nsymbols = "BC-A"', 'write symbols = ["…"]'),
        ('[[unit]]\nname = "Sở A"\nsymbol = ["BC-A"]', "has 'symbol': symbols is meant?"),
        ('[targets]\na = "95"\n[[unit]]\nname = "Sở A"', "target of a is no number: '95'"),
        ('[targets]\na = nan\n[[unit]]\nname = "Sở A"', "target of a is no number: nan"),
        (
            '[[unit]]\nname = "Sở Hòa"\n[[unit]]\nname = "SỞ HOÀ"',
            "the name 'Sở Hòa' is of unit 1 'Sở Hòa' and unit 2 'SỞ HOÀ'",
        ),
        (
            '[[unit]]\nname = "A"\nsymbols = ["BC-SGDĐT"]\n[[unit]]\nname = "B"\n'
            'symbols = ["sgddt"]',
            "the symbol 'BC-SGDĐT' is of unit 1 'A' and unit 2 'B'",
        ),
        ("name = ", "the list of units cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used_says_why_and_where(units, text, told):
    with pytest.raises(ReadError, match=re.escape(told)) as error:
        units(f"{text}\n")  # a number without a line end may have been cut
    assert error.value.where.endswith("units.toml")
    assert "cchc-stats units" in error.value.mend


def test_all_faults_come_at_once_and_what_strange_keys_hold_is_not_told(units):
    with pytest.raises(ReadError) as error:
        units(
            '[targets]\na = true\n[[unit]]\nname = "Sở A"\nlevel = "x"\nforms = ["y"]\n'
            'phone = "0912345678"\n[[unit]]\nname = " "'
        )
    for part in ("target of a", "level 'x'", "form 'y'", "has 'phone'", "unit 2 has no name"):
        assert part in error.value.what
    assert "0912345678" not in str(error.value)


LETTER = """UBND TỈNH SÔNG LAM
{name}
Số: {number}
Sông Lam, ngày 15 tháng 9 năm 2026
BÁO CÁO
Kết quả công tác cải cách hành chính quý {quarter} năm 2026

Trao đổi văn bản
Tổng số văn bản đi\tSố văn bản giấy\tSố văn bản điện tử
100\t10\t90
"""


def test_a_file_that_is_too_large_or_too_deep_is_refused_and_of_many_faults_the_first_are_told(
    tmp_path,
):
    path = tmp_path / "units.toml"
    path.write_text("# x\n" * 300_000, encoding="utf-8")
    with pytest.raises(ReadError, match="the file is larger than 1 MB"):
        read_units(path)
    path.write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(ReadError, match="the list of units cannot be read"):
        read_units(path)
    path.write_text("[[unit]]\n" * 60, encoding="utf-8")
    with pytest.raises(ReadError, match="unit 50 has no name; and 10 more"):
        read_units(path)


@pytest.fixture
def reports(tmp_path):
    """Return a folder of two quarters: letters that name their unit in several ways."""
    letters = {
        "q2 STP": ("SỞ TƯ PHÁP", "11/BC-STP", "II"),
        "q3 STP": ("SỞ TƯ PHÁP TỈNH SÔNG LAM", "45/BC-STP", "III"),
        "q3 SNNMT": ("SỞ NN&MT", "46/BC-SNNMT", "III"),
        "q3 TTT": ("THANH TRA TỈNH", "47/BC-TTT", "III"),
    }
    folder = tmp_path / "bao-cao"
    folder.mkdir()
    for file, (name, number, quarter) in letters.items():
        text = LETTER.format(name=name, number=number, quarter=quarter)
        (folder / f"{file}.txt").write_text(text, encoding="utf-8")
    return folder


def listed_as(folder, text):
    path = folder.parent / "units.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_drafted_list_names_every_unit_once_and_finds_each_again(reports):
    read = read_reports(reports, progress=False)
    drafted = read_units(listed_as(reports, draft_units(read)))
    assert drafted.province == "tỉnh Sông Lam"
    assert drafted.names == ("Sở Nông nghiệp và Môi trường", "Sở Tư pháp", "Thanh tra tỉnh")
    assert drafted.frame["symbols"].tolist() == [("BC-SNNMT",), ("BC-STP",), ("BC-TTT",)]
    assert set(drafted.frame["level"]) == {"provincial"}
    assert set(drafted.frame["forms"]) == {("documents",)}
    for report in read.reports:
        assert drafted.match(report.agency, report.number) in drafted.names
    named = read_reports(reports, units=drafted, progress=False)
    assert set(named.tables["documents"]["agency"]) == set(drafted.names)
    assert {one.agency for one in named.reports} == set(drafted.names)
    assert named.failures.empty


def test_a_report_of_a_unit_in_no_list_is_told_and_the_others_are_read(reports):
    path = listed_as(reports, '[[unit]]\nname = "Sở Tư pháp"\n[[unit]]\nname = "Thanh tra tỉnh"')
    read = read_reports(reports, units=path, progress=False)
    assert [one.agency for one in read.reports] == ["Sở Tư pháp", "Sở Tư pháp", "Thanh tra tỉnh"]
    (failure,) = read.failures.to_dict("records")
    assert "'Sở Nông nghiệp và Môi trường tỉnh Sông Lam' is in no list of units" in failure["what"]
    assert failure["where"].endswith("q3 SNNMT.txt; " + str(path))
    assert "add a [[unit]]" in failure["mend"]


def test_who_sends_what_is_told_by_number_where_two_units_bear_one_name(reports):
    text = LETTER.format(name="SỞ TƯ PHÁP", number="48/BC-TTT", quarter="III")
    (reports / "q3 STP.txt").write_text(text, encoding="utf-8")
    path = listed_as(
        reports,
        '[[unit]]\nname = "Sở Tư pháp"\nsymbols = ["BC-STP"]\n'
        '[[unit]]\nname = "Thanh tra tỉnh"\nsymbols = ["BC-TTT"]',
    )
    with pytest.raises(ReadError, match="may be any of Sở Tư pháp, Thanh tra tỉnh"):
        read_report(reports / "q3 STP.txt", units=path)


def test_a_file_without_a_name_is_of_the_unit_whose_symbol_its_name_bears(tmp_path):
    table = "BÁO CÁO cải cách hành chính quý III năm 2026\n" + LETTER.partition("\n\n")[2]
    (tmp_path / "Bieu - STP.txt").write_text(table, encoding="utf-8")
    path = listed_as(tmp_path / "x", '[[unit]]\nname = "Sở Tư pháp"\nsymbols = ["BC-STP"]')
    assert read_report(tmp_path / "Bieu - STP.txt", units=path).agency == "Sở Tư pháp"
    with pytest.raises(ReadError, match="does not say agency"):
        read_report(tmp_path / "Bieu - STP.txt")


def test_without_a_list_names_are_matched_as_far_as_they_are_sure(reports):
    bare = LETTER.removeprefix("UBND TỈNH SÔNG LAM\n")
    text = bare.format(name="SỞ TƯ PHÁP", number="45/BC-STP", quarter="III")
    (reports / "q3 STP.txt").write_text(text, encoding="utf-8")
    assert read_report(reports / "q3 STP.txt").agency == "Sở Tư pháp"
    read = read_reports(reports, progress=False)
    assert [one.agency for one in read.reports].count("Sở Tư pháp tỉnh Sông Lam") == 2
    row = read.agencies.set_index("agency").loc["Sở Tư pháp"]
    assert row[["matched", "how"]].tolist() == ["Sở Tư pháp tỉnh Sông Lam", "parts"]
    taken = [one.matched for one in alike(["Sở Nội vụ", "Sở Nội vụ Gia Lai", "Sở Nội vụ Phú Thọ"])]
    assert taken == ["Sở Nội vụ", "Sở Nội vụ Gia Lai", "Sở Nội vụ Phú Thọ"]


NAMES = st.sampled_from(
    [
        *("Sở Y tế", "SỞ Y TẾ", "Sở Y tế tỉnh Gia Lai", "Sở Y tế Phú Thọ", "Thanh tra tỉnh"),
        *("Thanh tra tỉnh Gia Lai", "UBND xã Hòa An", "Xã Hoà An", "Phòng Nội vụ"),
    ]
)


@given(st.lists(NAMES, unique=True))
def test_names_that_are_made_alike_are_of_the_set_and_stay_as_they_are(names):
    once = {one.agency: one.matched for one in alike(names)}
    assert [*once] == names
    assert set(once.values()) <= set(names)
    assert all(once[name] == name for name in once.values())


def test_each_unit_is_asked_for_the_forms_that_it_owes(reports):
    units = read_units(
        listed_as(
            reports,
            '[[unit]]\nname = "Sở Tư pháp"\nforms = ["documents", "staffing"]\n'
            '[[unit]]\nname = "Thanh tra tỉnh"\nforms = ["documents"]\n'
            '[[unit]]\nname = "Sở Y tế"\n[[unit]]\nname = "Sở Nông nghiệp và Môi trường"',
        )
    )
    read = read_reports(reports, units=units, progress=False)
    missing = missing_reports(read, units, ["2026Q3"])
    assert missing[["agency", "form", "reason"]].values.tolist() == [
        ["Sở Tư pháp", "staffing", "thiếu biểu"],
        ["Sở Y tế", "", "chưa gửi báo cáo"],
    ]


def test_a_set_is_checked_under_the_names_of_the_units(reports):
    units = listed_as(
        reports,
        '[[unit]]\nname = "Sở Tư pháp"\n[[unit]]\nname = "Thanh tra tỉnh"\n'
        '[[unit]]\nname = "Sở Nông nghiệp và Môi trường"',
    )
    (reports / "q3 STP.txt").write_text(
        LETTER.format(name="SỞ TƯ PHÁP", number="1/BC-STP", quarter="III").replace("90\n", "80\n"),
        encoding="utf-8",
    )
    read = read_reports(reports, progress=False)
    found = check(read, units=units)
    error = found[found["severity"] == "error"]
    assert error["agency"].tolist() == ["Sở Tư pháp"]
    assert error["file"].tolist() == ["q3 STP.txt"]
    with pytest.raises(CchcError, match="has the quarters before itself"):
        check(read, previous=read.reports[0])


class Kept:
    """What a store has: it hands out the set of its reports."""

    def __init__(self, reports):
        self.held = reports

    def reports(self):
        return self.held


def test_reports_sets_and_stores_are_taken_alike(reports):
    read = read_reports(reports, progress=False)
    assert_frame_equal(measure(read), measure(read.tables))
    assert_frame_equal(measure(Kept(read)), measure(read.tables))
    assert_frame_equal(measure(read.reports[0]), measure(read.reports[0].tables))
    assert_frame_equal(check(Kept(read)), check(read))
    whole = consolidate(read, agency="Tỉnh Sông Lam")["documents"]
    assert_frame_equal(whole, consolidate(read.tables, agency="Tỉnh Sông Lam")["documents"])
    assert_frame_equal(whole, consolidate(Kept(read), agency="Tỉnh Sông Lam")["documents"])
