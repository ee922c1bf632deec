"""How dossiers were settled: on time under four denominators, late, early."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, choose, indicate

FORM = "Thông tư 01/2020/TT-VPCP, biểu II.06a"
# The Circular sets the columns; it defines no rate.
RATE = "tính từ các cột của biểu II.06a, Thông tư 01/2020/TT-VPCP"


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
        of the dossiers that fell due. Exact it is only from a ledger: 100 × due_on_time /
        due_total of what `tally` gives.

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
    what = "on-time rate is divided by"
    return indicate(dossiers, choose(_ON_TIME, denominator, option="denominator", what=what))


ON_TIME_RATE_SETTLED = Indicator(
    code="on_time_rate_settled",
    label_vi="Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết",
    label_en="On-time rate, of dossiers settled",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_on_time / settled_total",
    source=RATE,
)

# Not additive from here on: a dossier pending at the end of a quarter is received_total of the next
# one too, by way of carried_over, and pending figures are stocks. Their sums count it twice.
ON_TIME_RATE_RECEIVED = Indicator(
    code="on_time_rate_received",
    label_vi="Tỷ lệ trả đúng hạn trên hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="On-time rate, of dossiers received (incl. carried over)",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_on_time / received_total",
    source=RATE,
    additive=False,
)

ON_TIME_RATE_HANDLED = Indicator(
    code="on_time_rate_handled",
    label_vi="Tỷ lệ đúng hạn và còn trong hạn trên hồ sơ tiếp nhận (kể cả kỳ trước chuyển qua)",
    label_en="On-time rate, pending in time included, of dossiers received (incl. carried over)",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="(settled_on_time + pending_not_due) / received_total",
    source="theo Quyết định 766/QĐ-TTg, 2.1, tính trên các cột của biểu II.06a",
    additive=False,
)

ON_TIME_RATE_DUE = Indicator(
    code="on_time_rate_due",
    label_vi="Tỷ lệ trả đúng hạn trên hồ sơ đến hạn",
    label_en="On-time rate, of dossiers due",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_on_time / (settled_total + pending_overdue)",
    source=RATE,
    additive=False,
    note_vi="gần đúng: số hồ sơ đến hạn chỉ đếm được chính xác từ sổ hồ sơ",
    note_en="approximate: only a ledger tells exactly how many dossiers fell due",
)

_ON_TIME = {
    "settled": ON_TIME_RATE_SETTLED,
    "received": ON_TIME_RATE_RECEIVED,
    "handled": ON_TIME_RATE_HANDLED,
    "due": ON_TIME_RATE_DUE,
}


def late_rate(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of settled dossiers that were late (tỷ lệ quá hạn trên đã giải quyết).

    Parameters
    ----------
    dossiers : frame with `settled_late, settled_total`, one row per sector.

    Returns
    -------
    Series `late_rate_settled`, Float64 percent, index of `dossiers`; 100 less the on-time rate of
    the settled. <NA> where a term is missing or nothing was settled. Late ones still pending are
    another figure: `pending_overdue_share`. Source: form II.06a, "Trả quá hạn".

    Examples
    --------
    >>> late_rate(pd.DataFrame({"settled_late": [2534], "settled_total": [151295]})).round(2)[0]
    np.float64(1.67)
    """
    return indicate(dossiers, LATE_RATE_SETTLED)


LATE_RATE_SETTLED = Indicator(
    code="late_rate_settled",
    label_vi="Tỷ lệ trả quá hạn trên hồ sơ đã giải quyết",
    label_en="Late rate, of dossiers settled",
    unit="percent",
    better="lower",
    kind="events",
    form="dossiers",
    formula="settled_late / settled_total",
    source=RATE,
)


def early_share_settled(dossiers: pd.DataFrame) -> pd.Series:
    """Return the share of settled dossiers returned before they were due (trả trước hạn).

    Parameters
    ----------
    dossiers : frame with `settled_early, settled_total`, one row per sector. Early ones are among
        those on time; older layouts do not tell them apart, and then the share is <NA>.

    Returns
    -------
    Series `early_share_settled`, Float64 percent, index of `dossiers`; <NA> where a term is missing
    or nothing was settled. Source: form II.06a, column "Trước hạn".

    Examples
    --------
    >>> early_share_settled(pd.DataFrame({"settled_early": [100], "settled_total": [125]})).tolist()
    [80.0]
    """
    return indicate(dossiers, EARLY_SHARE_SETTLED)


EARLY_SHARE_SETTLED = Indicator(
    code="early_share_settled",
    label_vi="Tỷ lệ trả trước hạn trên hồ sơ đã giải quyết",
    label_en="Share settled early, of dossiers settled",
    unit="percent",
    better="higher",
    kind="events",
    form="dossiers",
    formula="settled_early / settled_total",
    source=RATE,
)

RECORDS = (*_ON_TIME.values(), LATE_RATE_SETTLED, EARLY_SHARE_SETTLED)
