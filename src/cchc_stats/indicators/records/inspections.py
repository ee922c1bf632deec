"""Indicators of the inspection of subordinate units on their reform work."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate

_SECTION_I_3 = "Báo cáo CCHC, phần I.3"


def inspected_share_direct(inspections: pd.DataFrame) -> pd.Series:
    """Return the share of subordinate units inspected on the spot (kiểm tra trực tiếp).

    Parameters
    ----------
    inspections : frame with `inspected_directly, subordinate_units`, one row per report.

    Returns
    -------
    Series `inspected_share_direct`, Float64 percent, index of `inspections`; <NA> where a term is
    missing or there are no subordinate units. Source: report, section I.3.

    Examples
    --------
    >>> inspections = pd.DataFrame({"inspected_directly": [3], "subordinate_units": [4]})
    >>> inspected_share_direct(inspections).tolist()
    [75.0]
    """
    return indicate(inspections, INSPECTED_SHARE_DIRECT)


# A ratio, not a stock: units are inspected in the course of the year, so the basis stays. Not
# additive: the same units are the denominator of every quarter.
INSPECTED_SHARE_DIRECT = Indicator(
    code="inspected_share_direct",
    label_vi="Tỷ lệ đơn vị được kiểm tra trực tiếp",
    label_en="Share of units inspected directly",
    unit="percent",
    better="higher",
    kind="ratio",
    form="inspections",
    formula="inspected_directly / subordinate_units",
    source=_SECTION_I_3,
    additive=False,
)


def inspected_share_with_indirect(inspections: pd.DataFrame) -> pd.Series:
    """Return the share of subordinate units inspected on the spot or by report (kể cả gián tiếp).

    Parameters
    ----------
    inspections : frame with `inspected_directly, inspected_indirectly, subordinate_units`, one row
        per report.

    Returns
    -------
    Series `inspected_share_with_indirect`, Float64 percent, index of `inspections`; above 100 where
    units are counted in both ways. <NA> where a term is missing or there are no subordinate units.
    Source: report, section I.3.

    Examples
    --------
    >>> inspections = pd.DataFrame({"inspected_directly": [3], "inspected_indirectly": [1],
    ...                             "subordinate_units": [4]})
    >>> inspected_share_with_indirect(inspections).tolist()
    [100.0]
    """
    return indicate(inspections, INSPECTED_SHARE_WITH_INDIRECT)


INSPECTED_SHARE_WITH_INDIRECT = Indicator(
    code="inspected_share_with_indirect",
    label_vi="Tỷ lệ đơn vị được kiểm tra, kể cả gián tiếp",
    label_en="Share of units inspected, directly or by report",
    unit="percent",
    better="higher",
    kind="ratio",
    form="inspections",
    formula="(inspected_directly + inspected_indirectly) / subordinate_units",
    source=_SECTION_I_3,
    additive=False,
)

RECORDS = (INSPECTED_SHARE_DIRECT, INSPECTED_SHARE_WITH_INDIRECT)
