"""Indicators of staffing quotas: posts assigned, people present, posts filled and vacant."""

from __future__ import annotations

import pandas as pd

from cchc_stats.forms import CATEGORIES
from cchc_stats.indicators.indicator import Indicator, indicate

_SECTION_4A = "Báo cáo CCHC, phần II.4a, bảng biên chế"
_PARTS = dict.fromkeys(CATEGORIES)


def staff_assigned(staffing: pd.DataFrame) -> pd.Series:
    """Return the number of posts assigned (biên chế được giao).

    Parameters
    ----------
    staffing : frame with `assigned`, one row per category of posts.

    Returns
    -------
    Series `staff_assigned`, Float64 posts, index of `staffing`; <NA> where missing.
    Source: report, section II.4a.

    Examples
    --------
    >>> staff_assigned(pd.DataFrame({"assigned": [40, 5, 47]})).tolist()
    [40.0, 5.0, 47.0]
    """
    return indicate(staffing, STAFF_ASSIGNED)


STAFF_ASSIGNED = Indicator(
    code="staff_assigned",
    label_vi="Biên chế được giao",
    label_en="Posts assigned",
    unit="posts",
    better="none",
    kind="stock",
    form="staffing",
    formula="assigned",
    source=_SECTION_4A,
    additive=False,
    parts=_PARTS,
)


def staff_present(staffing: pd.DataFrame) -> pd.Series:
    """Return the number of people present (biên chế hiện có).

    Parameters
    ----------
    staffing : frame with `present`, one row per category of posts.

    Returns
    -------
    Series `staff_present`, Float64 people, index of `staffing`; <NA> where missing.
    Source: report, section II.4a.

    Examples
    --------
    >>> staff_present(pd.DataFrame({"present": [37, 5, 23]})).tolist()
    [37.0, 5.0, 23.0]
    """
    return indicate(staffing, STAFF_PRESENT)


STAFF_PRESENT = Indicator(
    code="staff_present",
    label_vi="Biên chế hiện có",
    label_en="People present",
    unit="people",
    better="none",
    kind="stock",
    form="staffing",
    formula="present",
    source=_SECTION_4A,
    additive=False,
    parts=_PARTS,
)


def staffing_rate(staffing: pd.DataFrame) -> pd.Series:
    """Return people present as a share of posts assigned (tỷ lệ biên chế đã sử dụng).

    Neither direction is better: an empty post is a shortage to one reader and a saving asked for by
    the streamlining of the payroll to another. More than 100 is above the quota.

    Parameters
    ----------
    staffing : frame with `present, assigned`, one row per category of posts.

    Returns
    -------
    Series `staffing_rate`, Float64 percent, index of `staffing`; <NA> where a term is missing or no
    post is assigned. Source: report, section II.4a.

    Examples
    --------
    >>> staffing = pd.DataFrame({"present": [37, 5, 23], "assigned": [40, 5, 47]})
    >>> staffing_rate(staffing).round(2).tolist()
    [92.5, 100.0, 48.94]
    """
    return indicate(staffing, STAFFING_RATE)


STAFFING_RATE = Indicator(
    code="staffing_rate",
    label_vi="Tỷ lệ biên chế hiện có so với được giao",
    label_en="Posts filled, of posts assigned",
    unit="percent",
    better="none",
    kind="stock",
    form="staffing",
    formula="present / assigned",
    source=_SECTION_4A,
    additive=False,
    parts=_PARTS,
)


def vacancies(staffing: pd.DataFrame) -> pd.Series:
    """Return posts assigned less people present (biên chế còn trống).

    Parameters
    ----------
    staffing : frame with `assigned, present`, one row per category of posts.

    Returns
    -------
    Series `vacancies`, Float64 posts, index of `staffing`; negative above the quota, <NA> where a
    term is missing. The whole, in `measure`, nets the categories and says in its note how many
    people above a quota it has taken off. Source: report, section II.4a.

    Examples
    --------
    >>> vacancies(pd.DataFrame({"present": [37, 5, 23], "assigned": [40, 5, 47]})).tolist()
    [3.0, 0.0, 24.0]
    """
    return indicate(staffing, VACANCIES)


VACANCIES = Indicator(
    code="vacancies",
    label_vi="Biên chế còn trống (giao trừ hiện có)",
    label_en="Vacancies (assigned less present)",
    unit="posts",
    better="none",
    kind="stock",
    form="staffing",
    formula="assigned - present",
    netted="over_quota",
    source=_SECTION_4A,
    additive=False,
    parts=_PARTS,
)

RECORDS = (STAFF_ASSIGNED, STAFF_PRESENT, STAFFING_RATE, VACANCIES)
