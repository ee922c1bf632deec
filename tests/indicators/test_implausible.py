"""A share that cannot be has no value: its parts stand, its status and a note say why."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_stats as cchc
from cchc_stats.forms import validate
from cchc_stats.indicators import INDICATORS

EVENTS = {one.code for one in INDICATORS if one.kind == "events"}


def documents(total: int | None, electronic: int | None) -> pd.DataFrame:
    row = {"agency": "Sở A", "period": "2020Q3", "sent_total": total, "sent_paper": None}
    return pd.DataFrame([row | {"sent_electronic": electronic}]).astype(
        dict.fromkeys(["sent_total", "sent_paper", "sent_electronic"], "Int64")
    )


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_share_has_a_value_between_0_and_100_or_none(total, electronic):
    values = cchc.measure({"documents": validate(documents(total, electronic), "documents")})
    row = values[values["indicator"] == "electronic_documents_share"].iloc[0]
    assert (row["numerator"], row["denominator"]) == (electronic, total)
    if total == 0:
        assert row["status"] == "undefined"
    elif electronic > total:
        assert row["status"] == "implausible"
        assert pd.isna(row["value"])
        assert "ngoài khoảng 0-100%" in row["note"]
    else:
        assert row["status"] == "reported"
        assert 0 <= row["value"] <= 100


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("vi", "không tính: 1.500 trên 1.380 nằm ngoài khoảng 0-100%"),
        ("en", "not computed: 1,500 of 1,380 is outside 0-100 %"),
    ],
)
def test_the_note_says_both_figures(lang, note):
    frame = validate(documents(1380, 1500), "documents")
    values = cchc.measure({"documents": frame}, lang=lang)
    assert note in values.set_index("indicator").loc["electronic_documents_share", "note"]


def test_it_survives_writing_and_reading_and_is_not_taken_from_its_counts_again(tmp_path):
    values = cchc.measure({"documents": validate(documents(1380, 1500), "documents")})
    again = cchc.read_values(cchc.write_values(values, tmp_path / "values.csv"))
    row = again.set_index("indicator").loc["electronic_documents_share"]
    assert row["status"] == "implausible"
    assert pd.isna(row["value"])


def test_a_ratio_may_be_above_100():
    staffing = pd.DataFrame(
        {"agency": ["Sở A"], "period": ["2020Q3"], "category": ["administrative"]}
    ).assign(assigned=[10], present=[12])
    values = cchc.measure({"staffing": validate(staffing, "staffing")})
    rates = values[(values["unit"] == "percent") & ~values["indicator"].isin(EVENTS)]
    assert "implausible" not in set(rates["status"])
