"""Two editions of one report."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed import seed_tables
from strategies import balanced

from cchc_stats.checking import compare_editions
from cchc_stats.forms import find_form
from cchc_stats.words.errors import CchcError


def test_an_edition_is_like_itself():
    assert compare_editions(seed_tables(), seed_tables()).empty


def test_what_changed_in_the_real_report():
    new = seed_tables()
    positions = new["positions"]
    trained = positions["item"] == "people_trained"
    new["positions"] = positions.assign(count=positions["count"].mask(trained, 17))
    new["staffing"] = new["staffing"].iloc[1:]
    new["documents"] = new["documents"].assign(sent_paper=pd.array([pd.NA], dtype="Int64"))
    found = compare_editions(seed_tables(), new)
    told = found[["form", "column", "old", "new", "kind"]].to_numpy().tolist()
    assert sorted(told) == [
        ["documents", "sent_paper", "65", "", "no longer reported"],
        ["positions", "count", "15", "17", "changed"],
        ["staffing", "assigned", "40", "", "removed"],
        ["staffing", "present", "37", "", "removed"],
    ]
    assert found["change"].dropna().tolist() == [2.0]


@given(data=st.data())
def test_there_and_back(data):
    old, new = ({"documents": data.draw(balanced(find_form("documents"), largest=9))} for _ in "ab")
    one, other = compare_editions(old, new), compare_editions(new, old)
    assert sorted(one["change"].dropna()) == sorted(-other["change"].dropna())
    assert (one["kind"] == "added").sum() == (other["kind"] == "removed").sum()


def test_a_row_given_twice():
    twice = {"documents": pd.concat([seed_tables()["documents"]] * 2)}
    with pytest.raises(CchcError, match="rows of form documents have the same agency"):
        compare_editions(twice, {})
