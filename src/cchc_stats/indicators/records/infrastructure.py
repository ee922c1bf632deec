"""Indicators of IT infrastructure: units connected, digital signatures and those who have them."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, Tables, choose, indicate
from cchc_stats.indicators.records.staffing import STAFF_PRESENT
from cchc_stats.indicators.tables import set_beside, tables_of

_SECTION_6A = "Báo cáo CCHC, phần II.6a"
_NETWORKS = {
    "wan": ("Đơn vị có mạng WAN", "Units with a WAN"),
    "lan": ("Đơn vị có mạng LAN", "Units with a LAN"),
    "dedicated_network": (
        "Đơn vị kết nối mạng truyền số liệu chuyên dùng",
        "Units on the dedicated network",
    ),
    "document_system": (
        "Đơn vị sử dụng phần mềm quản lý văn bản và điều hành",
        "Units using the document system",
    ),
}


def connected_units(infrastructure: pd.DataFrame, *, to: str = "lan") -> pd.Series:
    """Return the number of units connected to a network or system (đơn vị kết nối).

    Parameters
    ----------
    infrastructure : frame of the form `infrastructure`, one row per report.
    to : "wan", "lan", "dedicated_network" or "document_system".

    Returns
    -------
    Series `units_<to>`, Float64 units, index of `infrastructure`; <NA> where missing.
    Source: report, section II.6a.

    Raises
    ------
    CchcError
        For another network.

    Examples
    --------
    >>> connected_units(pd.DataFrame({"units_wan": [1]}), to="wan").tolist()
    [1.0]
    """
    what = "units are counted as connected to"
    return indicate(infrastructure, choose(_UNITS, to, option="to", what=what))


_UNITS = {
    network: Indicator(
        code=f"units_{network}",
        label_vi=label_vi,
        label_en=label_en,
        unit="agencies",
        better="none",
        kind="stock",
        form="infrastructure",
        formula=f"units_{network}",
        source=_SECTION_6A,
        additive=False,
    )
    for network, (label_vi, label_en) in _NETWORKS.items()
}


def digital_signatures(infrastructure: pd.DataFrame) -> pd.Series:
    """Return the number of digital signatures issued to staff (chữ ký số).

    Parameters
    ----------
    infrastructure : frame with `digital_signatures`, one row per report.

    Returns
    -------
    Series `digital_signatures`, Float64 signatures, index of `infrastructure`; <NA> where missing.
    Source: report, section II.6a.

    Examples
    --------
    >>> digital_signatures(pd.DataFrame({"digital_signatures": [34]})).tolist()
    [34.0]
    """
    return indicate(infrastructure, DIGITAL_SIGNATURES)


DIGITAL_SIGNATURES = Indicator(
    code="digital_signatures",
    label_vi="Chữ ký số được cấp",
    label_en="Digital signatures issued",
    unit="signatures",
    better="none",
    kind="stock",
    form="infrastructure",
    formula="digital_signatures",
    source=_SECTION_6A,
    additive=False,
)


def digital_signatures_per_person_present(
    infrastructure: pd.DataFrame, staffing: pd.DataFrame
) -> pd.Series:
    """Return digital signatures per person present, of all categories (trên một người hiện có).

    Parameters
    ----------
    infrastructure : validated frame of the form, one row per report.
    staffing : validated frame of the form `staffing` of the same agencies and periods; all its
        categories are added, labour contracts too.

    Returns
    -------
    Series `digital_signatures_per_person_present`, Float64 signatures per person, index of
    `infrastructure`; a person may hold several. <NA> where a term is missing, of any category, or
    nobody is present. Source: report, sections II.4a and II.6a.

    Raises
    ------
    ValuesError
        A frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> networks = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": "2020Q3", "units_wan": 1, "units_lan": 4,
    ...      "units_dedicated_network": 1, "digital_signatures": 34, "units_document_system": 4}),
    ...     "infrastructure")
    >>> staffing = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": "2020Q3", "assigned": [40, 5, 47], "present": [37, 5, 23],
    ...      "category": ["administrative", "administrative_contract", "public_service"]}),
    ...     "staffing")
    >>> digital_signatures_per_person_present(networks, staffing).round(3).tolist()
    [0.523]
    """
    tables = tables_of(infrastructure=infrastructure, staffing=staffing)
    frame = _with_people(tables, "vi", group="all")
    return indicate(frame, DIGITAL_SIGNATURES_PER_PERSON_PRESENT)


def _with_people(tables: Tables, lang: str, *, group: str) -> pd.DataFrame:
    networks = tables["infrastructure"]
    return set_beside(
        networks, STAFF_PRESENT, tables, name="people_present", group=group, lang=lang
    )


DIGITAL_SIGNATURES_PER_PERSON_PRESENT = Indicator(
    code="digital_signatures_per_person_present",
    label_vi="Chữ ký số trên một người hiện có",
    label_en="Digital signatures per person present",
    unit="signatures_per_person",
    better="higher",
    kind="stock",
    form="infrastructure",
    formula="digital_signatures / people_present",
    source="Báo cáo CCHC, phần II.4a và II.6a",
    additive=False,
    needs=("staffing",),
    prepare=partial(_with_people, group="all"),
)


def digital_signatures_per_civil_servant_present(
    infrastructure: pd.DataFrame, staffing: pd.DataFrame
) -> pd.Series:
    """Return digital signatures per civil servant present (trên một công chức hiện có).

    As `digital_signatures_per_person_present`, divided by the people present of the category
    `administrative` alone: the form speaks of signatures issued to cadres and civil servants.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> networks = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": "2020Q3", "units_wan": 1, "units_lan": 4,
    ...      "units_dedicated_network": 1, "digital_signatures": 34, "units_document_system": 4}),
    ...     "infrastructure")
    >>> staffing = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": "2020Q3", "assigned": [40, 5, 47], "present": [37, 5, 23],
    ...      "category": ["administrative", "administrative_contract", "public_service"]}),
    ...     "staffing")
    >>> digital_signatures_per_civil_servant_present(networks, staffing).round(3).tolist()
    [0.919]
    """
    tables = tables_of(infrastructure=infrastructure, staffing=staffing)
    frame = _with_people(tables, "vi", group="administrative")
    return indicate(frame, DIGITAL_SIGNATURES_PER_CIVIL_SERVANT_PRESENT)


DIGITAL_SIGNATURES_PER_CIVIL_SERVANT_PRESENT = Indicator(
    code="digital_signatures_per_civil_servant_present",
    label_vi="Chữ ký số trên một công chức hiện có",
    label_en="Digital signatures per civil servant present",
    unit="signatures_per_person",
    better="higher",
    kind="stock",
    form="infrastructure",
    formula="digital_signatures / people_present",
    source="Báo cáo CCHC, phần II.4a và II.6a",
    additive=False,
    needs=("staffing",),
    prepare=partial(_with_people, group="administrative"),
)

RECORDS = (
    *_UNITS.values(),
    DIGITAL_SIGNATURES,
    DIGITAL_SIGNATURES_PER_PERSON_PRESENT,
    DIGITAL_SIGNATURES_PER_CIVIL_SERVANT_PRESENT,
)
