"""The findings frame: what is wrong or odd, one row each; an empty frame is a clean bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
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
# As types, not by name: pandas parses a name anew each time, which takes longer than the cast.
_TYPES: dict[str, pd.api.extensions.ExtensionDtype] = {
    **dict.fromkeys(COLUMNS, pd.StringDtype(na_value=np.nan)),
    "period": pd.PeriodDtype("Q-DEC"),
    "difference": pd.Float64Dtype(),
}


def findings_frame(
    rows: pd.DataFrame | Mapping[str, Any] | Iterable[Mapping[str, Any]] = (),
) -> pd.DataFrame:
    """Return findings as a frame with the columns and types of every findings frame.

    Parameters
    ----------
    rows : a frame, or one mapping per row, or one of columns as lists, arrays or a text for all
        rows, with some of the columns; what is not given is missing.

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
    if isinstance(rows, Mapping):
        return _of_columns(rows)
    if not isinstance(rows, pd.DataFrame):
        rows = list(rows)
        if not rows:
            return no_findings().copy(deep=False)
        columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
        arrays = {name: pd.array(column, dtype=_TYPES[name]) for name, column in columns.items()}  # type: ignore[call-overload]
        return pd.DataFrame(arrays, copy=False)
    return _typed(rows)


def _of_columns(given: Mapping[str, Any]) -> pd.DataFrame:
    # Straight from lists: to put a frame together and to cast it takes five times as long.
    length = max(len(cells) for cells in given.values() if not isinstance(cells, str | None))
    arrays = {}
    for name, kind in _TYPES.items():
        cells = given.get(name)
        if cells is None or isinstance(cells, str):
            cells = [cells] * length
        is_cast = getattr(cells, "dtype", None) == kind
        arrays[name] = cells if is_cast else pd.array(cells, dtype=kind)  # type: ignore[arg-type]
    return pd.DataFrame(arrays, copy=False)


@cache
def no_findings() -> pd.DataFrame:
    """Return the one frame of no findings, for rules whose findings are joined with others.

    Nearly every rule finds nothing in nearly every report, and to build a frame of nothing takes
    longer than to find it. Nobody changes this one or hands it out: `join_findings` makes its own.
    """
    return _typed(pd.DataFrame())


def _typed(given: pd.DataFrame) -> pd.DataFrame:
    # Column by column: to reindex and cast a frame of three rows takes four times as long.
    nothing = [None] * len(given)
    columns = {
        name: _cast(given[name], kind) if name in given else pd.array(nothing, dtype=kind)  # type: ignore[call-overload]
        for name, kind in _TYPES.items()
    }
    return pd.DataFrame(columns, index=given.index, copy=False)


def _cast(cells: pd.Series, kind: pd.api.extensions.ExtensionDtype) -> Any:
    return cells.array.copy() if cells.dtype == kind else cells.astype(kind).array


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
    joined = pd.concat(kept, ignore_index=True) if len(kept) > 1 else kept[0]
    ranks = [SEVERITIES.index(severity) for severity in joined["severity"].tolist()]
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    if order == list(range(len(ranks))):
        return joined.reset_index(drop=True)
    return joined.take(order).reset_index(drop=True)
