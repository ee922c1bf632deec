"""All indicators in the order in which they are shown, and how to find one by its code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cchc_stats.indicators.indicator import Indicator
from cchc_stats.indicators.records import (
    appointments,
    autonomy,
    documents,
    dossier_flow,
    dossiers,
    infrastructure,
    inspections,
    iso9001,
    online_services,
    organisation,
    positions,
    procedures,
    simplifications,
    staffing,
    training,
)

# In the official order of the forms.
INDICATORS: tuple[Indicator, ...] = (
    *procedures.RECORDS,
    *dossiers.RECORDS,
    *dossier_flow.RECORDS,
    *staffing.RECORDS,
    *appointments.RECORDS,
    *training.RECORDS,
    *positions.RECORDS,
    *autonomy.RECORDS,
    *documents.RECORDS,
    *online_services.RECORDS,
    *iso9001.RECORDS,
    *simplifications.RECORDS,
    *organisation.RECORDS,
    *inspections.RECORDS,
    *infrastructure.RECORDS,
)

BY_CODE: Mapping[str, Indicator] = MappingProxyType({known.code: known for known in INDICATORS})


def find_indicator(code: str) -> Indicator | None:
    """Return the record of an indicator's code, None for one that a user brought.

    Examples
    --------
    >>> find_indicator("on_time_rate_settled").formula
    'settled_on_time / settled_total'
    """
    return BY_CODE.get(code)
