"""The levels of administration, and the days between which each had its say."""

from __future__ import annotations

import datetime as dt

from cchc_stats.forms.column import Span
from cchc_stats.words import Label

LEVELS = {
    "all": Label("Các cấp", "all levels"),
    "provincial": Label("Cấp tỉnh", "provincial"),
    "district": Label("Cấp huyện", "district"),
    "commune": Label("Cấp xã", "commune"),
}
# Districts ended with June 2025: Resolution 203/2025/QH15.
LEVEL_SPANS = {"district": Span(until=dt.date(2025, 6, 30))}
