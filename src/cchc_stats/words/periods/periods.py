"""Quarters and months: their labels, and columns of them; the ground floor's door to periods."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from cchc_stats.words.errors import PeriodError
from cchc_stats.words.labels import require_language
from cchc_stats.words.periods.names import ENGLISH_MONTHS, HOW_TO_NAME, parse_basis, parse_period
from cchc_stats.words.periods.windows import (
    AS_OF,
    BASES,
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    require_basis_name,
    require_quarter_or_month,
)

__all__ = [
    "AS_OF",
    "BASES",
    "IN_PERIOD",
    "YEAR_TO_DATE",
    "Window",
    "label_period",
    "parse_basis",
    "parse_period",
    "require_quarters",
]

QUARTERS = "period[Q-DEC]"

_ROMAN = ("I", "II", "III", "IV")


def label_period(period: pd.Period, basis: str | None = None, lang: str = "vi") -> str:
    """Return the name of a quarter or month as reports print it.

    `parse_period` and `parse_basis` read every label back.

    Parameters
    ----------
    period : quarter (Q-DEC) or month (M).
    basis : one of `BASES`; None is `in_period`.
    lang : "vi" or "en".

    Raises
    ------
    PeriodError : another kind of period, or an unknown basis.
    CchcError : another language.

    Examples
    --------
    >>> label_period(pd.Period("2020Q3")), label_period(pd.Period("2020Q3"), "year_to_date")
    ('Quý III/2020', '9 tháng đầu năm 2020')
    >>> label_period(pd.Period("2019Q4"), "as_of", lang="en")
    'end of Q4 2019'
    """
    require_quarter_or_month(period)
    require_basis_name(IN_PERIOD if basis is None else basis)
    vietnamese, year = require_language(lang) == "vi", period.year
    if period.freqstr == "M":
        name = (
            f"Tháng {period.month}/{year}"
            if vietnamese
            else f"{ENGLISH_MONTHS[period.month - 1]} {year}"
        )
    else:
        name = (
            f"Quý {_ROMAN[period.quarter - 1]}/{year}"
            if vietnamese
            else f"Q{period.quarter} {year}"
        )
    if basis == AS_OF:
        return f"Cuối {name[0].lower()}{name[1:]}" if vietnamese else f"end of {name}"
    if basis != YEAR_TO_DATE:
        return name
    if period.freqstr == "M":
        # Not "8 tháng đầu năm": read back, that would have to be a quarter.
        return f"Lũy kế đến {name[0].lower()}{name[1:]}" if vietnamese else f"year to date, {name}"
    if period.quarter == 4:
        return f"Năm {year}" if vietnamese else f"Year {year}"
    months = 3 * period.quarter
    return f"{months} tháng đầu năm {year}" if vietnamese else f"first {months} months of {year}"


def require_quarters(periods: pd.Series, *, where: str) -> pd.Series:
    """Return a column of periods as quarters.

    Parameters
    ----------
    periods : quarters (period[Q-DEC]) or their names as text; each distinct text is read once.
    where : file, table and column, for the message.

    Returns
    -------
    Series period[Q-DEC] with the index and name of `periods`; missing stays missing. The basis a
    text may tell ("9 tháng đầu năm") is not kept here: read it with `parse_basis`.

    Raises
    ------
    PeriodError : months, other frequencies, dates, numbers, or a text that names no quarter.

    Examples
    --------
    >>> require_quarters(pd.Series(["quý III/2020", None]), where="values, column period").tolist()
    [Period('2020Q3', 'Q-DEC'), NaT]
    """
    if str(periods.dtype) == QUARTERS:
        return periods
    if isinstance(periods.dtype, pd.PeriodDtype) and len(periods.dropna()):
        _refuse_other(periods.dropna().iloc[0], where)
    codes, distinct = pd.factorize(periods)
    quarters = [_quarter(value, where) for value in distinct]
    known = pd.PeriodIndex([*quarters, pd.NaT], dtype=QUARTERS)
    # Code -1, a missing cell, takes the last entry: NaT.
    return pd.Series(known.take(codes), index=periods.index, name=periods.name)


def told_basis(periods: pd.Series, *, otherwise: str) -> pd.Series:
    """Return the basis that each period's text tells, `otherwise` where it tells a quarter alone.

    Examples
    --------
    >>> told_basis(pd.Series(["2020Q3", "9 tháng đầu năm 2020"]), otherwise=AS_OF).tolist()
    ['as_of', 'year_to_date']
    """
    codes, distinct = pd.factorize(periods)
    told = [parse_basis(text) if isinstance(text, str) else IN_PERIOD for text in distinct]
    bases = [otherwise if basis == IN_PERIOD else basis for basis in told]
    return pd.Series(np.array([*bases, otherwise], dtype=object)[codes], periods.index, dtype="str")


def _quarter(value: object, where: str) -> pd.Period:
    if not isinstance(value, str | pd.Period):
        number = isinstance(value, Real) and not isinstance(value, bool)
        kind = "a number" if number else f"a {type(value).__name__}"
        raise PeriodError(
            f"a quarter is needed, not {kind}: {value!r}",
            where=where,
            mend="name the quarter: the days it covers differ by report, so dates do not tell it; "
            + HOW_TO_NAME,
        )
    if isinstance(value, pd.Period):
        if value.freqstr != "Q-DEC":
            _refuse_other(value, where)
        return value
    try:
        period = parse_period(value)
    except PeriodError as error:
        raise PeriodError(error.what, where=f"{where}: {error.where}", mend=error.mend) from None
    if period.freqstr != "Q-DEC":
        _refuse_other(period, where)
    return period


def _refuse_other(period: pd.Period, where: str) -> None:
    if period.freqstr == "M":
        raise PeriodError(
            f"a quarter is needed, not a month: {period}",
            where=where,
            mend="sum the counts (never the rates) of the three months, which by Decree 09/2019 "
            "make the quarter (15/6-14/7, 15/7-14/8 and 15/8-14/9 are quarter III), and set "
            'period = month.asfreq("Q-DEC")',
        )
    raise PeriodError(
        f"a calendar quarter (Q-DEC) is needed, not the frequency {period.freqstr}: {period}",
        where=where,
        mend='convert it where that is meant, or name the quarter as "quý III năm 2020"',
    )
