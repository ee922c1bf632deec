"""Indicators of documents exchanged between agencies."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate

_TABLE_5 = "Phụ lục báo cáo CCHC, bảng 5, phần trao đổi văn bản"


def documents_sent(documents: pd.DataFrame) -> pd.Series:
    """Return the number of documents sent (văn bản đi) in the period.

    Parameters
    ----------
    documents : frame with `sent_total`, one row per report.

    Returns
    -------
    Series `documents_sent`, Float64 documents, index of `documents`; <NA> where missing.
    Source: appendix, table 5.

    Examples
    --------
    >>> documents_sent(pd.DataFrame({"sent_total": [1380]})).tolist()
    [1380.0]
    """
    return indicate(documents, DOCUMENTS_SENT)


DOCUMENTS_SENT = Indicator(
    code="documents_sent",
    label_vi="Văn bản đi",
    label_en="Documents sent",
    unit="documents",
    better="none",
    kind="count",
    form="documents",
    formula="sent_total",
    source=_TABLE_5,
)


def electronic_documents_share(documents: pd.DataFrame) -> pd.Series:
    """Return the share of documents sent electronically (văn bản điện tử).

    Parameters
    ----------
    documents : frame with `sent_electronic, sent_total`, one row per report.

    Returns
    -------
    Series `electronic_documents_share`, Float64 percent, index of `documents`; <NA> where a term is
    missing or nothing was sent. Source: appendix, table 5.

    Examples
    --------
    >>> documents = pd.DataFrame({"sent_electronic": [1315], "sent_total": [1380]})
    >>> electronic_documents_share(documents).round(2).tolist()
    [95.29]
    """
    return indicate(documents, ELECTRONIC_DOCUMENTS_SHARE)


ELECTRONIC_DOCUMENTS_SHARE = Indicator(
    code="electronic_documents_share",
    label_vi="Tỷ lệ văn bản điện tử trên tổng số văn bản đi",
    label_en="Electronic share, of documents sent",
    unit="percent",
    better="higher",
    kind="events",
    form="documents",
    formula="sent_electronic / sent_total",
    source=_TABLE_5,
)

RECORDS = (DOCUMENTS_SENT, ELECTRONIC_DOCUMENTS_SHARE)
