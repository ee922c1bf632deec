"""Departments and public service units of an agency."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, indicate

_SECTION_3A = "Báo cáo CCHC, phần II.3a, bảng tổ chức bộ máy"


def departments(organisation: pd.DataFrame) -> pd.Series:
    """Return the number of departments and branches (phòng, chi cục).

    Parameters
    ----------
    organisation : frame with `departments`, one row per report.

    Returns
    -------
    Series `departments`, Float64 units, index of `organisation`; <NA> where missing.
    Source: report, section II.3a.

    Examples
    --------
    >>> departments(pd.DataFrame({"departments": [6]})).tolist()
    [6.0]
    """
    return indicate(organisation, DEPARTMENTS)


DEPARTMENTS = Indicator(
    code="departments",
    label_vi="Phòng, chi cục",
    label_en="Departments",
    unit="agencies",
    better="none",
    kind="stock",
    form="organisation",
    formula="departments",
    source=_SECTION_3A,
    additive=False,
)


def public_service_units(organisation: pd.DataFrame) -> pd.Series:
    """Return the number of public service units (đơn vị sự nghiệp công lập).

    Parameters
    ----------
    organisation : frame with `public_service_units`, one row per report.

    Returns
    -------
    Series `public_service_units`, Float64 units, index of `organisation`; <NA> where missing.
    Source: report, section II.3a.

    Examples
    --------
    >>> public_service_units(pd.DataFrame({"public_service_units": [3]})).tolist()
    [3.0]
    """
    return indicate(organisation, PUBLIC_SERVICE_UNITS)


PUBLIC_SERVICE_UNITS = Indicator(
    code="public_service_units",
    label_vi="Đơn vị sự nghiệp trực thuộc",
    label_en="Public service units",
    unit="agencies",
    better="none",
    kind="stock",
    form="organisation",
    formula="public_service_units",
    source=_SECTION_3A,
    additive=False,
)

RECORDS = (DEPARTMENTS, PUBLIC_SERVICE_UNITS)
