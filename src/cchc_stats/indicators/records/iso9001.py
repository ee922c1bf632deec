"""Indicators of quality management under ISO 9001, by administrative level."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, Tables, indicate
from cchc_stats.indicators.tables import as_flow

_ISO_APPENDIX = "Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001"
# Reports may tell one level of an earlier date; that is not the whole of that date. Districts
# ceased on 1 July 2025 (Resolution 203/2025/QH15).
_LEVELS = {"provincial": None, "district": "2025Q2", "commune": None}


def iso_procedures_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of procedures run under ISO 9001 (TTHC áp dụng ISO): its coverage.

    Parameters
    ----------
    iso9001 : frame with `procedures, procedures_of`, one row per level.

    Returns
    -------
    Series `iso_procedures_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or there are no procedures. Source: appendix, table 6.

    Examples
    --------
    >>> iso_procedures_share(pd.DataFrame({"procedures": [62], "procedures_of": [62]})).tolist()
    [100.0]
    """
    return indicate(iso9001, ISO_PROCEDURES_SHARE)


ISO_PROCEDURES_SHARE = Indicator(
    code="iso_procedures_share",
    label_vi="Tỷ lệ TTHC áp dụng ISO 9001",
    label_en="Share of procedures under ISO 9001",
    unit="percent",
    better="higher",
    kind="stock",
    form="iso9001",
    formula="procedures / procedures_of",
    source=_ISO_APPENDIX,
    additive=False,
    parts=_LEVELS,
)


def iso_announced_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of agencies applying ISO 9001 that have announced it (đã công bố ISO).

    Parameters
    ----------
    iso9001 : frame with `announced, agencies`, one row per level.

    Returns
    -------
    Series `iso_announced_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or no agency applies it. Source: appendix on ISO 9001.

    Examples
    --------
    >>> levels = pd.DataFrame({"announced": [21, 22, 105], "agencies": [21, 22, 105]})
    >>> iso_announced_share(levels).tolist()
    [100.0, 100.0, 100.0]
    """
    return indicate(iso9001, ISO_ANNOUNCED_SHARE)


ISO_ANNOUNCED_SHARE = Indicator(
    code="iso_announced_share",
    label_vi="Tỷ lệ cơ quan đã công bố ISO trên cơ quan áp dụng",
    label_en="Share that has announced ISO, of agencies applying it",
    unit="percent",
    better="higher",
    kind="stock",
    form="iso9001",
    formula="announced / agencies",
    source=_ISO_APPENDIX,
    additive=False,
    parts=_LEVELS,
)


def iso_compliant_share(iso9001: pd.DataFrame) -> pd.Series:
    """Return the share of announced agencies that keep to the rules (thực hiện đúng quy định).

    Parameters
    ----------
    iso9001 : frame with `compliant, announced`, one row per level; judged at the end of the year,
        so that quarters print "-".

    Returns
    -------
    Series `iso_compliant_share`, Float64 percent, index of `iso9001`; <NA> where a term is missing
    or no agency has announced it. Source: appendix on ISO 9001.

    Examples
    --------
    >>> levels = pd.DataFrame({"compliant": [20, None], "announced": [21, 22]})
    >>> iso_compliant_share(levels).round(2).tolist()
    [95.24, <NA>]
    """
    return indicate(iso9001, ISO_COMPLIANT_SHARE)


ISO_COMPLIANT_SHARE = Indicator(
    code="iso_compliant_share",
    label_vi="Tỷ lệ thực hiện đúng quy định trên cơ quan đã công bố ISO",
    label_en="Compliant share, of agencies that have announced ISO",
    unit="percent",
    better="higher",
    kind="stock",
    form="iso9001",
    formula="compliant / announced",
    source=_ISO_APPENDIX,
    additive=False,
    parts=_LEVELS,
)


def iso_agencies(iso9001: pd.DataFrame) -> pd.Series:
    """Return the number of agencies applying ISO 9001 (cơ quan áp dụng ISO).

    Parameters
    ----------
    iso9001 : frame with `agencies`, one row per level.

    Returns
    -------
    Series `iso_agencies`, Float64 agencies, index of `iso9001`; <NA> where missing.
    Source: appendix on ISO 9001.

    Examples
    --------
    >>> iso_agencies(pd.DataFrame({"agencies": [21, 22, 105]})).tolist()
    [21.0, 22.0, 105.0]
    """
    return indicate(iso9001, ISO_AGENCIES)


ISO_AGENCIES = Indicator(
    code="iso_agencies",
    label_vi="Cơ quan, đơn vị áp dụng ISO 9001",
    label_en="Agencies applying ISO 9001",
    unit="agencies",
    better="none",
    kind="stock",
    form="iso9001",
    formula="agencies",
    source=_ISO_APPENDIX,
    additive=False,
    parts=_LEVELS,
)


def iso_inspected(iso9001: pd.DataFrame) -> pd.Series:
    """Return the number of agencies inspected on ISO 9001 (được kiểm tra) since the year began.

    Parameters
    ----------
    iso9001 : frame with `inspected`, one row per level.

    Returns
    -------
    Series `iso_inspected`, Float64 agencies, index of `iso9001`; <NA> where missing. In `measure`
    it has basis `year_to_date`, though the form's rows are told at the end of the period: each
    quarter's figure contains those before. Source: appendix on ISO 9001.

    Examples
    --------
    >>> iso_inspected(pd.DataFrame({"inspected": [33]})).tolist()
    [33.0]
    """
    return indicate(iso9001, ISO_INSPECTED)


def _to_date(tables: Tables, _: str) -> pd.DataFrame:
    return as_flow(tables["iso9001"], "year_to_date", row="level")


ISO_INSPECTED = Indicator(
    code="iso_inspected",
    label_vi="Cơ quan, đơn vị được kiểm tra về ISO 9001",
    label_en="Agencies inspected on ISO 9001",
    unit="agencies",
    better="none",
    # Not a count: who is inspected follows a plan, and no Poisson limits belong to a plan.
    kind="ratio",
    form="iso9001",
    formula="inspected",
    source=_ISO_APPENDIX,
    parts=_LEVELS,
    prepare=_to_date,
)

RECORDS = (
    ISO_PROCEDURES_SHARE,
    ISO_ANNOUNCED_SHARE,
    ISO_COMPLIANT_SHARE,
    ISO_AGENCIES,
    ISO_INSPECTED,
)
