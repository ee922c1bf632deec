"""A whole against the sum of its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import balanced
from test_checking import published

from cchc_stats.checking import check_roll_up
from cchc_stats.errors import CchcError
from cchc_stats.forms import find_form

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
    assert len(notes) == 4  # the communes' late and pending figures are not printed


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


def test_no_parts():
    with pytest.raises(CchcError, match="and none are given"):
        check_roll_up({}, [])
