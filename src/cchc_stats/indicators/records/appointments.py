"""Appointments, discipline and recruitment, by item."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate


def staff_changes(appointments: pd.DataFrame) -> pd.Series:
    """Return the number of appointments, dismissals, recruitments … (bổ nhiệm, tuyển dụng).

    Parameters
    ----------
    appointments : frame with `count`, one row per item.

    Returns
    -------
    Series `staff_changes`, Float64 cases, index of `appointments`; <NA> where missing.
    Source: report, section II.4a.

    Examples
    --------
    >>> staff_changes(pd.DataFrame({"item": ["appointed", "rotated"], "count": [11, 2]})).tolist()
    [11.0, 2.0]
    """
    return indicate(appointments, STAFF_CHANGES)


STAFF_CHANGES = Indicator(
    code="staff_changes",
    label_vi="Bổ nhiệm, luân chuyển, kỷ luật, tuyển dụng",
    label_en="Appointments, transfers, discipline and recruitment",
    unit="cases",
    better="none",
    kind="count",
    form="appointments",
    formula="count",
    source="Báo cáo CCHC, phần II.4a, bảng bổ nhiệm và tuyển dụng",
    total=False,
)

RECORDS = (STAFF_CHANGES,)
