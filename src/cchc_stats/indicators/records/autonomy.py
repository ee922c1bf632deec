"""Indicators of financial autonomy, by item."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate


def autonomy_share(autonomy: pd.DataFrame) -> pd.Series:
    """Return the share of agencies or units under an item of autonomy (tự chủ).

    Parameters
    ----------
    autonomy : frame with `count, of`, one row per item: a printed "2/3" is 2 of 3.

    Returns
    -------
    Series `autonomy_share`, Float64 percent, index of `autonomy`; <NA> where a term is missing, as
    in a printed 0 without "of how many", or there are none. Neither direction is better: items
    range from units that pay for themselves to those that the state funds.
    Source: appendix, table 4.

    Examples
    --------
    >>> items = pd.DataFrame({"count": [2, 2, 0], "of": [2, 3, None]})
    >>> autonomy_share(items).round(2).tolist()
    [100.0, 66.67, <NA>]
    """
    return indicate(autonomy, AUTONOMY_SHARE)


AUTONOMY_SHARE = Indicator(
    code="autonomy_share",
    label_vi="Tỷ lệ cơ quan, đơn vị theo mức tự chủ",
    label_en="Share of agencies or units by kind of autonomy",
    unit="percent",
    better="none",
    kind="stock",
    form="autonomy",
    formula="count / of",
    source="Phụ lục báo cáo CCHC, bảng 4",
    additive=False,
    # Items overlap: units that run themselves are among those with autonomy.
    total=False,
)

RECORDS = (AUTONOMY_SHARE,)
