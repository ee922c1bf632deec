"""A whole against the sum of its parts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from settlement import published
from strategies import balanced

from cchc_stats.checking import check_roll_up
from cchc_stats.forms import find_form
from cchc_stats.words.errors import CchcError

LEVELS = ("LD-2020Q1-TINH", "LD-2020Q1-HUYEN", "LD-2020Q1-XA")


def test_the_published_levels_of_a_province():
    parts = [{"dossiers": published(case)} for case in LEVELS]
    found = check_roll_up({"dossiers": published("LD-2020Q1-ALL")}, parts)
    errors = found[found["severity"] == "error"]
    assert errors[["found", "expected", "difference"]].values.tolist() == [
        ["635.593", "635.595", -2.0]
    ]
    notes = found[found["severity"] == "note"]
    assert notes["message"].str.contains("Cấp xã").all()
    # The communes' late and pending figures are not printed: one note names the four columns.
    assert len(notes) == 1
    assert notes["message"].iloc[0].count("'Kết quả giải quyết: ") == 4


@given(data=st.data())
def test_sums_are_clean_and_one_more_is_an_error(data):
    parts = data.draw(balanced(find_form("documents"), reports=(1, 1)))
    other = parts.assign(agency="Sở khác")
    names = ["sent_total", "sent_paper", "sent_electronic"]
    whole = parts.assign(agency="Tỉnh", **{name: 2 * parts[name] for name in names})
    split = [{"documents": parts}, {"documents": other}]
    assert check_roll_up({"documents": whole}, split).empty
    wrong = whole.assign(sent_total=whole["sent_total"] + 1)
    assert check_roll_up({"documents": wrong}, split)["difference"].tolist() == [1.0]
    lacking = check_roll_up({"documents": whole}, [*split, {}])
    assert set(lacking["rule"]) == {"roll_up_incomplete"}


@pytest.mark.parametrize("parts", [[], None, 5, "Sở A", {}])
def test_no_parts(parts):
    with pytest.raises(CchcError, match="and none are given"):
        check_roll_up({}, parts)


def test_a_report_given_twice_is_refused():
    part = {"dossiers": rows("Sở A", "all")}
    with pytest.raises(CchcError) as error:
        check_roll_up({"dossiers": rows("Tỉnh", "all")}, [part, part])
    assert str(error.value) == (
        "Sở A has the same row twice: form dossiers, 2024Q3, all\n  where: parts=\n"
        "  mend:  give each agency's report once"
    )


def rows(agency, *sectors, received=10, period="2024Q3"):
    return pd.DataFrame(
        {"agency": agency, "period": period, "sector": [*sectors], "received_total": received}
    )


def test_sectors_of_the_parts_are_held_against_the_row_of_the_whole():
    parts = [{"dossiers": rows("Sở A", "Đất đai", "Hộ tịch")}, {"dossiers": rows("Sở B", "all")}]
    assert check_roll_up({"dossiers": rows("Tỉnh", "all", received=30)}, parts).empty
    assert check_roll_up({"dossiers": rows("Tỉnh", "x", "y", "z")}, parts).empty
    found = check_roll_up({"dossiers": rows("Tỉnh", "all", received=31)}, parts)
    assert found[["found", "expected"]].to_numpy().tolist() == [["31", "30"]]
    assert "dòng 1 'Tổng số'" in found["where"][0]


def test_a_sector_that_a_part_has_not_is_no_gap():
    parts = [{"dossiers": rows("Sở A", "Đất đai")}, {"dossiers": rows("Sở B", "Hộ tịch")}]
    whole = rows("Tỉnh", "Đất đai", "Hộ tịch")
    assert check_roll_up({"dossiers": whole}, parts).empty
    found = check_roll_up({"dossiers": whole.assign(received_total=[10, 9])}, parts)
    assert found[["found", "expected"]].to_numpy().tolist() == [["9", "10"]]


def test_a_part_of_another_quarter_is_missing():
    parts = [
        {"dossiers": rows("Sở A", "all")},
        {"dossiers": rows("Sở B", "all", period="2024Q2")},
        {},
    ]
    found = check_roll_up({"dossiers": rows("Tỉnh", "all", received=20)}, parts)
    assert found["message"].tolist() == [
        "chưa kiểm được số chung của cột 'Số hồ sơ đã tiếp nhận: Tổng số': thiếu số của phần thứ 3,"
        " Sở B"
    ]


def test_what_several_may_count_is_no_error():
    def in_force(agency, count):
        return {
            "procedures": pd.DataFrame({"agency": [agency], "period": "2024Q3", "in_force": count})
        }

    found = check_roll_up(in_force("Tỉnh", 62), [in_force("A", 62), in_force("B", 62)], lang="en")
    assert found["severity"].tolist() == ["warning"]
    assert found["message"].tolist() == [
        "in_force: the whole states 62, but its 2 units add up to 124; perhaps several count the"
        " same procedure"
    ]
