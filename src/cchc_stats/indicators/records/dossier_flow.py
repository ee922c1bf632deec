"""How many dossiers came, went and stay: volumes, settlement, backlog, online receipt."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, choose, indicate
from cchc_stats.indicators.records.dossiers import FORM, RATE


def dossier_count(dossiers: pd.DataFrame, *, of: str = "received") -> pd.Series:
    """Return one of the form's numbers of dossiers (số hồ sơ).

    Parameters
    ----------
    dossiers : frame of the form `dossiers`, one row per sector.
    of : "received" (carried over ones included), "newly_received", "settled", "settled_late",
        "pending" or "pending_overdue" (the last two at the end of the period).

    Returns
    -------
    Series `dossiers_<of>`, Float64 dossiers, index of `dossiers`; <NA> where missing. Numbers
    received with those carried over must not be added over quarters: they count twice.
    Source: form II.06a.

    Raises
    ------
    CchcError
        For another number.

    Examples
    --------
    >>> form = pd.DataFrame({"received_total": [61], "pending_total": [1]})
    >>> dossier_count(form).tolist(), dossier_count(form, of="pending").tolist()
    ([61.0], [1.0])
    """
    return indicate(dossiers, choose(_COUNTS, of, option="of", what="dossiers are counted as"))


DOSSIERS_RECEIVED = Indicator(
    code="dossiers_received",
    label_vi="Hồ sơ đã tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="Dossiers received (incl. carried over)",
    unit="dossiers",
    better="none",
    # Not a count: it holds the stock carried over, and no Poisson limits belong to a stock.
    kind="ratio",
    form="dossiers",
    formula="received_total",
    source=FORM,
    additive=False,
)

DOSSIERS_NEWLY_RECEIVED = Indicator(
    code="dossiers_newly_received",
    label_vi="Hồ sơ mới tiếp nhận",
    label_en="Dossiers newly received",
    unit="dossiers",
    better="none",
    kind="count",
    form="dossiers",
    formula="newly_received",
    source=FORM,
)

DOSSIERS_SETTLED = Indicator(
    code="dossiers_settled",
    label_vi="Hồ sơ đã giải quyết",
    label_en="Dossiers settled",
    unit="dossiers",
    better="none",
    kind="count",
    form="dossiers",
    formula="settled_total",
    source=FORM,
)

DOSSIERS_SETTLED_LATE = Indicator(
    code="dossiers_settled_late",
    label_vi="Hồ sơ trả quá hạn",
    label_en="Dossiers settled late",
    unit="dossiers",
    better="lower",
    kind="count",
    form="dossiers",
    formula="settled_late",
    source=FORM,
)

DOSSIERS_PENDING = Indicator(
    code="dossiers_pending",
    label_vi="Hồ sơ đang giải quyết",
    label_en="Dossiers pending",
    unit="dossiers",
    better="none",
    kind="stock",
    form="dossiers",
    formula="pending_total",
    source=FORM,
    additive=False,
)

DOSSIERS_PENDING_OVERDUE = Indicator(
    code="dossiers_pending_overdue",
    label_vi="Hồ sơ đang giải quyết đã quá hạn",
    label_en="Dossiers pending and overdue",
    unit="dossiers",
    better="lower",
    kind="stock",
    form="dossiers",
    formula="pending_overdue",
    source=FORM,
    additive=False,
)

_COUNTS = {
    "received": DOSSIERS_RECEIVED,
    "newly_received": DOSSIERS_NEWLY_RECEIVED,
    "settled": DOSSIERS_SETTLED,
    "settled_late": DOSSIERS_SETTLED_LATE,
    "pending": DOSSIERS_PENDING,
    "pending_overdue": DOSSIERS_PENDING_OVERDUE,
}


def settlement_rate(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of received dossiers that were settled (tỷ lệ giải quyết).

    Parameters
    ----------
    dossiers : frame with `settled_total, received_total` (with those carried over), one per sector.

    Returns
    -------
    Series `settlement_rate`, Float64 percent, index of `dossiers`; <NA> where a term is missing or
    nothing was received. Source: form II.06a.

    Examples
    --------
    >>> settlement_rate(pd.DataFrame({"settled_total": [60], "received_total": [61]})).round(2)[0]
    np.float64(98.36)
    """
    return indicate(dossiers, SETTLEMENT_RATE)


SETTLEMENT_RATE = Indicator(
    code="settlement_rate",
    label_vi="Tỷ lệ giải quyết trên hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="Settlement rate, of dossiers received (incl. carried over)",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_total / received_total",
    source=RATE,
    additive=False,
)


def pending_overdue_share(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of pending dossiers that are overdue (đang giải quyết đã quá hạn).

    Parameters
    ----------
    dossiers : frame with `pending_overdue, pending_total` at the period's end, one row per sector.

    Returns
    -------
    Series `pending_overdue_share`, Float64 percent, index of `dossiers`; <NA> where a term is
    missing or nothing is pending. Source: form II.06a.

    Examples
    --------
    >>> pending_overdue_share(pd.DataFrame({"pending_overdue": [0, 0], "pending_total": [1, 0]}))
    0     0.0
    1    <NA>
    Name: pending_overdue_share, dtype: Float64
    """
    return indicate(dossiers, PENDING_OVERDUE_SHARE)


PENDING_OVERDUE_SHARE = Indicator(
    code="pending_overdue_share",
    label_vi="Tỷ lệ quá hạn trên hồ sơ đang giải quyết",
    label_en="Overdue share, of dossiers pending",
    unit="percent",
    better="lower",
    kind="stock",
    form="dossiers",
    formula="pending_overdue / pending_total",
    source=RATE,
    additive=False,
)


def backlog_ratio(dossiers: pd.DataFrame) -> pd.Series:
    """Return the backlog against what was received (tồn đọng so với tiếp nhận).

    Parameters
    ----------
    dossiers : frame with `pending_total` (at the end) and `received_total`, one row per sector.

    Returns
    -------
    Series `backlog_ratio`, Float64 percent, index of `dossiers`: a stock over a flow, so the same
    backlog weighs less in a longer period; compare like with like. <NA> where a term is missing or
    nothing was received. Source: form II.06a.

    Examples
    --------
    >>> backlog_ratio(pd.DataFrame({"pending_total": [1], "received_total": [61]})).round(2)[0]
    np.float64(1.64)
    """
    return indicate(dossiers, BACKLOG_RATIO)


BACKLOG_RATIO = Indicator(
    code="backlog_ratio",
    label_vi="Hồ sơ tồn so với hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="Backlog against dossiers received (incl. carried over)",
    unit="percent",
    better="lower",
    kind="ratio",
    form="dossiers",
    formula="pending_total / received_total",
    source=RATE,
    additive=False,
)


def dossiers_online_share(
    dossiers: pd.DataFrame, *, denominator: str = "newly_received"
) -> pd.Series:
    """Return the share of dossiers received online (tỷ lệ tiếp nhận trực tuyến), all services.

    Parameters
    ----------
    dossiers : frame with `received_online` (not in older layouts), one row per sector.
    denominator : "newly_received", received_online / newly_received; "received", divided by
        received_total, where dossiers carried over lower it. Reports use both.

    Returns
    -------
    Series `dossiers_online_share_<denominator>`, Float64 percent, index of `dossiers`; <NA> where a
    term is missing or the denominator is 0. Source: form II.06a, columns (3) to (6).

    Raises
    ------
    CchcError
        For another denominator.

    Examples
    --------
    >>> form = pd.DataFrame({"received_online": [12516], "received_total": [56039]})
    >>> dossiers_online_share(form, denominator="received").round(2).tolist()
    [22.33]
    """
    what = "online share is divided by"
    return indicate(dossiers, choose(_ONLINE, denominator, option="denominator", what=what))


DOSSIERS_ONLINE_SHARE_NEWLY_RECEIVED = Indicator(
    code="dossiers_online_share_newly_received",
    label_vi="Tỷ lệ trực tuyến trên hồ sơ mới tiếp nhận",
    label_en="Online share, of dossiers newly received",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="received_online / newly_received",
    source=RATE,
)

DOSSIERS_ONLINE_SHARE_RECEIVED = Indicator(
    code="dossiers_online_share_received",
    label_vi="Tỷ lệ trực tuyến trên hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="Online share, of dossiers received (incl. carried over)",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="received_online / received_total",
    source=RATE,
    additive=False,
)

_ONLINE = {
    "newly_received": DOSSIERS_ONLINE_SHARE_NEWLY_RECEIVED,
    "received": DOSSIERS_ONLINE_SHARE_RECEIVED,
}

RECORDS = (
    *_COUNTS.values(),
    SETTLEMENT_RATE,
    PENDING_OVERDUE_SHARE,
    BACKLOG_RATIO,
    *_ONLINE.values(),
)
