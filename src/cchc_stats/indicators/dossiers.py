"""Indicators of the settlement form: on-time rates under four denominators, settlement, backlog."""

from __future__ import annotations

import pandas as pd

from cchc_stats.errors import CchcError
from cchc_stats.indicators.indicator import Indicator, indicate

_FORM_SOURCE = "Thông tư 01/2020/TT-VPCP, biểu II.06a"


def on_time_rate(dossiers: pd.DataFrame, *, denominator: str = "settled") -> pd.Series:
    """Return the share of dossiers handled on time (tỷ lệ đúng hạn) under a named denominator.

    Parameters
    ----------
    dossiers : frame of the form `dossiers`, one row per sector.
    denominator : what "on time" is divided by; published reports use all four:
        "settled", settled_on_time / settled_total;
        "received", settled_on_time / received_total;
        "handled", (settled_on_time + pending_not_due) / received_total: pending in time counts as
        on time (Decision 766/QĐ-TTg, 2.1);
        "due", settled_on_time / (settled_total + pending_overdue): from a form an approximation
        of the dossiers that fell due, exact only from a ledger.

    Returns
    -------
    Series `on_time_rate_<denominator>`, Float64 percent in [0, 100], index of `dossiers`; <NA>
    where a term is missing or the denominator is 0. `settled_on_time` includes early ones.

    Raises
    ------
    CchcError
        For another denominator.

    Examples
    --------
    >>> form = pd.DataFrame({"settled_on_time": [60], "settled_total": [60], "received_total": [61],
    ...                      "pending_not_due": [1], "pending_overdue": [0]})
    >>> on_time_rate(form).tolist(), on_time_rate(form, denominator="received").round(2).tolist()
    ([100.0], [98.36])
    """
    if denominator not in _ON_TIME:
        raise CchcError(
            f"no on-time rate is divided by {denominator!r}",
            where="denominator=",
            mend=f"use one of {', '.join(_ON_TIME)}",
        )
    return indicate(dossiers, _ON_TIME[denominator])


ON_TIME_RATE_SETTLED = Indicator(
    code="on_time_rate_settled",
    label_vi="Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết",
    label_en="On-time rate, of dossiers settled",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_on_time / settled_total",
    source=_FORM_SOURCE,
)

_ON_TIME = {"settled": ON_TIME_RATE_SETTLED}

RECORDS = (ON_TIME_RATE_SETTLED,)
