"""The unit of values that state none: without it a percentage would be taken for a plain number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.indicators.catalogue import find_indicator

_ROUNDING = 0.5  # percent: a printed percentage may be a whole one


def with_units(values: pd.DataFrame) -> pd.DataFrame:
    """Return completed values, a missing unit filled in from the indicator or from the figures.

    A library indicator has its record's unit. Another one is in percent where all its values are
    a hundred times numerator over denominator.

    Examples
    --------
    >>> own = {"indicator": ["on_time_rate_settled", "mine", "yours"], "unit": ["", "", ""],
    ...        "numerator": [9, 9, 9], "denominator": [10, 10, 10], "value": [90.0, 90.0, 0.9]}
    >>> with_units(pd.DataFrame(own).astype({"unit": "str"}))["unit"].tolist()
    ['percent', 'percent', '']
    """
    blank = (values["unit"] == "").to_numpy()
    if not blank.any():
        return values
    codes, distinct = pd.factorize(values["indicator"])
    records = [find_indicator(code) for code in distinct]
    percent = _in_percent(values[blank], codes[blank], len(distinct))
    units = [
        record.unit if record else "percent" if hundredfold else ""
        for record, hundredfold in zip(records, percent, strict=True)
    ]
    told = pd.Series(np.array(units, dtype=object)[codes], index=values.index)
    return values.assign(unit=values["unit"].mask(blank, told).astype("str"))


def _in_percent(values: pd.DataFrame, codes: np.ndarray, number: int) -> np.ndarray:
    """Return for each indicator whether its values are percentages of the figures beside them."""
    value, top, bottom = (
        values[name].to_numpy("float64", na_value=np.nan)
        for name in ("value", "numerator", "denominator")
    )
    with np.errstate(over="ignore", invalid="ignore"):
        quotient = top / np.where(bottom == 0, np.nan, bottom)
        hundredfold = np.abs(value - 100 * quotient) <= _ROUNDING
        plain = np.abs(value - quotient) <= np.abs(quotient) * _ROUNDING
    known = ~np.isnan(value) & ~np.isnan(quotient)
    agree = np.bincount(codes[known & hundredfold & ~plain], minlength=number)
    against = np.bincount(codes[known & ~hundredfold], minlength=number)
    percent: np.ndarray = (agree > 0) & (against == 0)
    return percent
