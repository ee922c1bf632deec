"""Indicators of administrative procedures: in force, published, one-stop, interlinked."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate

_TABLE_1A = "Phụ lục báo cáo CCHC, bảng 1a"


def procedures_in_force(procedures: pd.DataFrame) -> pd.Series:
    """Return the number of procedures in force (TTHC đang có hiệu lực) at the period's end.

    Parameters
    ----------
    procedures : frame with `in_force`, one row per report.

    Returns
    -------
    Series `procedures_in_force`, Float64 procedures, index of `procedures`; <NA> where missing.
    Source: appendix, table 1a.

    Examples
    --------
    >>> procedures_in_force(pd.DataFrame({"in_force": [62]})).tolist()
    [62.0]
    """
    return indicate(procedures, PROCEDURES_IN_FORCE)


PROCEDURES_IN_FORCE = Indicator(
    code="procedures_in_force",
    label_vi="TTHC đang có hiệu lực",
    label_en="Procedures in force",
    unit="procedures",
    better="none",
    kind="stock",
    form="procedures",
    formula="in_force",
    source=_TABLE_1A,
    additive=False,
)


def procedures_published(procedures: pd.DataFrame) -> pd.Series:
    """Return the number of procedures published in the period (TTHC được công bố).

    Parameters
    ----------
    procedures : frame with `published_total`, one row per report.

    Returns
    -------
    Series `procedures_published`, Float64 procedures, index of `procedures`; <NA> where missing.
    Source: appendix, table 1a.

    Examples
    --------
    >>> procedures_published(pd.DataFrame({"published_total": [2]})).tolist()
    [2.0]
    """
    return indicate(procedures, PROCEDURES_PUBLISHED)


PROCEDURES_PUBLISHED = Indicator(
    code="procedures_published",
    label_vi="TTHC được công bố trong kỳ",
    label_en="Procedures published in the period",
    unit="procedures",
    better="none",
    kind="count",
    form="procedures",
    formula="published_total",
    source=_TABLE_1A,
)


def procedures_published_on_time_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of published procedures that were published on time (công bố đúng hạn).

    Parameters
    ----------
    procedures : frame with `published_on_time, published_total`, one row per report.

    Returns
    -------
    Series `procedures_published_on_time_share`, Float64 percent, index of `procedures`; <NA> where
    a term is missing or nothing was published. Source: appendix, table 1a.

    Examples
    --------
    >>> published = pd.DataFrame({"published_on_time": [2, 0], "published_total": [2, 0]})
    >>> procedures_published_on_time_share(published).tolist()
    [100.0, <NA>]
    """
    return indicate(procedures, PROCEDURES_PUBLISHED_ON_TIME_SHARE)


PROCEDURES_PUBLISHED_ON_TIME_SHARE = Indicator(
    code="procedures_published_on_time_share",
    label_vi="Tỷ lệ TTHC được công bố đúng thời gian quy định",
    label_en="Share published on time, of procedures published",
    unit="percent",
    better="higher",
    kind="events",
    form="procedures",
    formula="published_on_time / published_total",
    source=_TABLE_1A,
)


def one_stop_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of procedures in force that are settled at the one-stop shop (một cửa).

    Parameters
    ----------
    procedures : frame with `one_stop, in_force`, one row per report; interlinked ones are counted
        apart, so that the two shares make 100 where every procedure is in either.

    Returns
    -------
    Series `one_stop_share`, Float64 percent, index of `procedures`; <NA> where a term is missing or
    nothing is in force. Source: appendix, table 1a.

    Examples
    --------
    >>> one_stop_share(pd.DataFrame({"one_stop": [40], "in_force": [62]})).round(2).tolist()
    [64.52]
    """
    return indicate(procedures, ONE_STOP_SHARE)


ONE_STOP_SHARE = Indicator(
    code="one_stop_share",
    label_vi="Tỷ lệ TTHC giải quyết theo cơ chế một cửa",
    label_en="One-stop share, of procedures in force",
    unit="percent",
    better="none",
    kind="stock",
    form="procedures",
    formula="one_stop / in_force",
    source=_TABLE_1A,
    additive=False,
)


def interlinked_share(procedures: pd.DataFrame) -> pd.Series:
    """Return the share of procedures in force that are interlinked (một cửa liên thông).

    Parameters
    ----------
    procedures : frame with `interlinked_total, in_force`, one row per report.

    Returns
    -------
    Series `interlinked_share`, Float64 percent, index of `procedures`; <NA> where a term is missing
    or nothing is in force. Source: appendix, table 1a.

    Examples
    --------
    >>> form = pd.DataFrame({"interlinked_total": [22], "in_force": [62]})
    >>> interlinked_share(form).round(2).tolist()
    [35.48]
    """
    return indicate(procedures, INTERLINKED_SHARE)


INTERLINKED_SHARE = Indicator(
    code="interlinked_share",
    label_vi="Tỷ lệ TTHC giải quyết theo cơ chế một cửa liên thông",
    label_en="Interlinked share, of procedures in force",
    unit="percent",
    better="none",
    kind="stock",
    form="procedures",
    formula="interlinked_total / in_force",
    source=_TABLE_1A,
    additive=False,
)

RECORDS = (
    PROCEDURES_IN_FORCE,
    PROCEDURES_PUBLISHED,
    PROCEDURES_PUBLISHED_ON_TIME_SHARE,
    ONE_STOP_SHARE,
    INTERLINKED_SHARE,
)
