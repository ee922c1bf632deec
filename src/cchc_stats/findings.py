"""The findings frame: what is wrong or odd, one row each; an empty frame is a clean bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

SEVERITIES = ("error", "warning", "note")
COLUMNS = (
    "severity",
    "rule",
    "agency",
    "period",
    "file",
    "where",
    "found",
    "expected",
    "difference",
    "message",
)
QUARTERS = "period[Q-DEC]"


def findings_frame(rows: pd.DataFrame | Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return findings as a frame with the columns and types of every findings frame.

    Parameters
    ----------
    rows : a frame, or mappings, with some of the columns; what is not given is missing.

    Returns
    -------
    Frame `severity, rule, agency, period, file, where, found, expected, difference, message`:
    text but for `period` (quarter) and `difference` (Float64, found minus expected, <NA> where the
    two are not numbers). `severity` is `error` (cannot both be true), `warning` (may have an
    explanation) or `note`.

    Examples
    --------
    >>> findings_frame([{"severity": "note", "rule": "incomplete"}])[["severity", "where"]]
      severity where
    0     note   NaN
    >>> len(findings_frame())
    0
    """
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    frame = given.reindex(columns=list(COLUMNS))
    types = dict.fromkeys(COLUMNS, "str") | {"period": QUARTERS, "difference": "Float64"}
    return frame.astype(types)


def join_findings(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several findings frames as one, the most severe first, otherwise in their order.

    Examples
    --------
    >>> note = findings_frame([{"severity": "note"}])
    >>> error = findings_frame([{"severity": "error"}])
    >>> join_findings([note, error])["severity"].tolist()
    ['error', 'note']
    """
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        return findings_frame()
    joined = pd.concat(kept, ignore_index=True)
    order = joined["severity"].map({name: rank for rank, name in enumerate(SEVERITIES)})
    return joined.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
