import math
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.words.errors import NumberError, ValuesError
from cchc_stats.words.ratios import difference, exact, half_up, ratio, share

counts = st.integers(0, 10**9)
rows = st.lists(st.tuples(counts | st.none(), counts | st.none()), max_size=20)


def refusal(kind, call) -> str:
    """Return the words in which a call is refused."""
    with pytest.raises(kind) as error:
        call()
    return str(error.value)


def column(cells, dtype="Int64"):
    return pd.Series(list(cells), dtype=dtype)


# tthc_reports: Lâm Đồng Q1/2024, Đà Lạt 2023, Vĩnh Phúc 9/2021; Decision 766, row 2.1.
PUBLISHED = [
    (148761, 151295, "98.33"),
    (4157, 4169, "99.71"),
    (15539, 15868, "97.93"),
    (393087, 443565, "88.62"),
]


@pytest.mark.parametrize(("part", "whole", "printed"), PUBLISHED)
def test_published_rates(part, whole, printed):
    assert half_up(part, whole, 2, scale=100) == Decimal(printed)
    assert share(column([part]), column([whole])).round(2).tolist() == [float(printed)]


@given(rows)
def test_share_is_missing_exactly_where_it_is_unknown(cells):
    part, whole = column(p for p, _ in cells), column(w for _, w in cells)
    found = share(part, whole)
    assert str(found.dtype) == "Float64"
    for (p, w), percent in zip(cells, found, strict=True):
        if p is None or not w:
            assert percent is pd.NA
        else:
            assert percent == 100 * p / w


@given(st.lists(counts.flatmap(lambda w: st.tuples(st.integers(0, w), st.just(w))), max_size=20))
def test_a_part_is_between_none_and_all(cells):
    found = share(column(p for p, _ in cells), column(w for _, w in cells))
    assert found.dropna().between(0, 100).all()
    assert found.isna().tolist() == [w == 0 for _, w in cells]


@given(rows, st.integers(1, 1000))
def test_scaling_both_leaves_the_share(cells, factor):
    part, whole = column(p for p, _ in cells), column(w for _, w in cells)
    pd.testing.assert_series_equal(share(part * factor, whole * factor), share(part, whole))


@given(rows)
def test_ratio_is_a_hundredth_of_share_and_nothing_is_mutated(cells):
    part, whole = column(p for p, _ in cells), column(w for _, w in cells)
    before = part.copy(), whole.copy()
    pd.testing.assert_series_equal(100 * ratio(part, whole), share(part, whole))
    pd.testing.assert_series_equal(part, before[0])
    pd.testing.assert_series_equal(whole, before[1])


@pytest.mark.parametrize("dtype", ["float64", "Float64", "object"])
def test_missing_in_any_dress(dtype):
    part = pd.Series([1.0, pd.NA if dtype == "object" else None, 3.0, 0.0], dtype=dtype)
    whole = pd.Series([4.0, 2.0, None, 0.0], dtype=dtype)
    assert share(part, whole).tolist() == [25.0, pd.NA, pd.NA, pd.NA]
    assert difference(part, whole).tolist() == [-3.0, pd.NA, pd.NA, 0.0]


def test_never_infinite():
    part, whole = pd.Series([1.0, np.inf, np.inf, 1e308]), pd.Series([0.0, 1.0, np.inf, 1e-10])
    assert share(part, whole).isna().all()
    assert difference(part, pd.Series([np.inf, 1.0, np.inf, -1e308])).isna().tolist() == [
        True, True, True, True
    ]  # fmt: skip


def test_rows_are_matched_by_index():
    part = pd.Series([1, 2], index=["b", "a"])
    whole = pd.Series([2, 4, 9], index=["a", "b", "c"])
    wanted = pd.Series([25.0, 100.0], index=["b", "a"], dtype="Float64")
    pd.testing.assert_series_equal(share(part, whole), wanted)
    assert share(whole, part).tolist() == [100.0, 400.0, pd.NA]
    wanted = pd.Series([-3.0, 0.0], index=["b", "a"], dtype="Float64")
    pd.testing.assert_series_equal(difference(part, whole), wanted)
    # The very same index may repeat: rows of one frame stay rows of one frame.
    twice = pd.Series([1, 2], index=["a", "a"])
    assert share(twice, twice).tolist() == [100.0, 100.0]
    assert refusal(ValuesError, lambda: share(part, twice)) == (
        "rows can only be matched where each is named once\n"
        "  where: index, 'a' occurs twice\n"
        "  mend:  take both columns from one frame, or call reset_index() on the two"
    )


@given(
    st.fractions(-(10**6), 10**6),
    st.fractions(max_denominator=1000).filter(bool),
    st.integers(0, 9),
)
def test_half_up_against_fractions(numerator, denominator, decimals):
    rounded = half_up(numerator, denominator, decimals)
    wanted = numerator / denominator
    step = Fraction(1, 10**decimals)
    assert -rounded.as_tuple().exponent == decimals
    assert abs(Fraction(rounded) - wanted) <= step / 2
    if abs(Fraction(rounded) - wanted) == step / 2:
        assert abs(Fraction(rounded)) > abs(wanted)
    assert half_up(-numerator, denominator, decimals) == -rounded


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 6))
def test_half_up_against_the_decimal_module(number, decimals):
    with localcontext(prec=60):
        wanted = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert half_up(number, decimals=decimals) == wanted


@given(st.integers(), st.integers(0, 5))
def test_half_up_leaves_integers_of_any_length(number, decimals):
    assert half_up(number, decimals=decimals) == number


def test_half_up_reads_floats_as_printed():
    assert str(half_up(1.005, decimals=2)) == "1.01"
    assert str(half_up(np.float64(2.675), decimals=2)) == "2.68"
    assert str(half_up(np.float32(0.35), decimals=1)) == "0.4"
    assert str(half_up(np.int64(5), np.int64(2))) == "3"
    assert str(half_up(-1, 1000, 1)) == "0.0"
    assert str(half_up(7, 1, 2)) == "7.00"


@pytest.mark.parametrize(
    "wrong",
    [math.nan, math.inf, True, "1", None, Decimal("NaN"), Decimal("sNaN"), Decimal("-inf"), pd.NA],
)
def test_what_is_not_a_number(wrong):
    assert refusal(NumberError, lambda: exact(wrong)) == (
        f"{wrong!r} is not a finite number\n"
        "  mend:  give an int, float, Decimal or Fraction; leave missing numbers out"
    )


@pytest.mark.parametrize("wrong", [-1, 1.0, True, None])
def test_decimals_are_a_count_of_digits(wrong):
    assert refusal(NumberError, lambda: half_up(1, 2, wrong)) == (
        f"decimals={wrong!r} is not a number of digits\n"
        "  where: decimals=\n"
        "  mend:  give a whole number, 0 or more"
    )


def test_nothing_is_divided_by_zero():
    assert refusal(NumberError, lambda: half_up(5, 0)) == (
        "a number cannot be divided by 0\n"
        "  where: 5 / 0\n"
        "  mend:  leave the row out, or use share(), which gives <NA> there"
    )
