"""`units.toml`: which unit a printed name, a symbol or a file's name is of, and what is refused."""

import re

import pytest

from cchc_stats import ReadError, read_units

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
        units(text)
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
