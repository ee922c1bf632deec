"""Indicators of online public services by level: dossiers received online, procedures offered."""

from __future__ import annotations

import pandas as pd

from cchc_stats.indicators.indicator import Indicator, Tables, indicate
from cchc_stats.indicators.records.procedures import PROCEDURES_IN_FORCE
from cchc_stats.indicators.tables import set_beside, tables_of

_TABLE_5 = "Phụ lục báo cáo CCHC, bảng 5, phần dịch vụ công trực tuyến"
# Levels 3 and 4 until 2022, partial and full since: a service may stand in either vocabulary.
_VOCABULARIES = (("3", "4"), ("partial", "full"))


def online_share(online_services: pd.DataFrame) -> pd.Series:
    """Return the share of a level's dossiers that were received online (tiếp nhận qua mạng).

    Parameters
    ----------
    online_services : frame with `received_online, received_total`, one row per level.

    Returns
    -------
    Series `online_share`, Float64 percent, index of `online_services`; <NA> where a term is missing
    or nothing was received. Source: appendix, table 5.

    Examples
    --------
    >>> levels = pd.DataFrame({"received_online": [53, 0], "received_total": [53, 0]})
    >>> online_share(levels).tolist()
    [100.0, <NA>]
    """
    return indicate(online_services, ONLINE_SHARE)


ONLINE_SHARE = Indicator(
    code="online_share",
    label_vi="Tỷ lệ hồ sơ tiếp nhận qua mạng của dịch vụ công trực tuyến",
    label_en="Share received online, of dossiers of online services",
    unit="percent",
    better="higher",
    kind="events",
    form="online_services",
    formula="received_online / received_total",
    source=_TABLE_5,
    vocabularies=_VOCABULARIES,
)


def online_procedures(online_services: pd.DataFrame) -> pd.Series:
    """Return the number of procedures offered online (TTHC đã cung cấp) at each level.

    Parameters
    ----------
    online_services : frame with `procedures`, one row per level; a procedure is at one level.

    Returns
    -------
    Series `online_procedures`, Float64 procedures, index of `online_services`; <NA> where missing.
    Source: appendix, table 5.

    Examples
    --------
    >>> online_procedures(pd.DataFrame({"procedures": [8, 0]})).tolist()
    [8.0, 0.0]
    """
    return indicate(online_services, ONLINE_PROCEDURES)


ONLINE_PROCEDURES = Indicator(
    code="online_procedures",
    label_vi="TTHC cung cấp dịch vụ công trực tuyến",
    label_en="Procedures offered online",
    unit="procedures",
    better="higher",
    kind="stock",
    form="online_services",
    formula="procedures",
    source=_TABLE_5,
    additive=False,
    vocabularies=_VOCABULARIES,
)


def online_procedures_share(online_services: pd.DataFrame, procedures: pd.DataFrame) -> pd.Series:
    """Return procedures offered online as a share of all in force (trên TTHC đang có hiệu lực).

    The whole, in `measure`, adds the levels' procedures, which are distinct, over the procedures in
    force counted once.

    Parameters
    ----------
    online_services : validated frame of the form, one row per level.
    procedures : validated frame of the form `procedures` of the same agencies and periods.

    Returns
    -------
    Series `online_procedures_share`, Float64 percent, index of `online_services`; <NA> where a term
    is missing or nothing is in force. Source: appendix, tables 1a and 5.

    Raises
    ------
    ValuesError
        A frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> levels = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": "2020Q3", "level": ["3", "4"], "procedures": [8, 0],
    ...      "received_total": [53, 0], "received_in_person": 0, "received_online": [53, 0]}),
    ...     "online_services")
    >>> procedures = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": "2020Q3", "in_force": 62, "published_total": 2,
    ...      "published_on_time": 2, "published_late": 0, "one_stop": 40, "interlinked_total": 22,
    ...      "interlinked_horizontal": 22, "interlinked_vertical": 0}), "procedures")
    >>> online_procedures_share(levels, procedures).round(1).tolist()
    [12.9, 0.0]
    """
    tables = tables_of(online_services=online_services, procedures=procedures)
    return indicate(_with_in_force(tables, "vi"), ONLINE_PROCEDURES_SHARE)


def _with_in_force(tables: Tables, lang: str) -> pd.DataFrame:
    return set_beside(
        tables["online_services"],
        PROCEDURES_IN_FORCE,
        tables,
        name="in_force",
        group="all",
        lang=lang,
    )


ONLINE_PROCEDURES_SHARE = Indicator(
    code="online_procedures_share",
    label_vi="Tỷ lệ TTHC cung cấp trực tuyến trên TTHC đang có hiệu lực",
    label_en="Share offered online, of procedures in force",
    unit="percent",
    better="higher",
    kind="stock",
    form="online_services",
    formula="procedures / in_force",
    source="Phụ lục báo cáo CCHC, bảng 1a và bảng 5",
    additive=False,
    vocabularies=_VOCABULARIES,
    # The procedures in force stand beside each level, and are there once.
    shared_denominator=True,
    needs=("procedures",),
    prepare=_with_in_force,
)

RECORDS = (ONLINE_SHARE, ONLINE_PROCEDURES, ONLINE_PROCEDURES_SHARE)
