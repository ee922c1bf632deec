"""The findings frame: what is wrong or odd, one row each; an empty frame is a clean bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
_TEXT: Any = pd.StringDtype(na_value=np.nan)
_TYPES: dict[str, pd.api.extensions.ExtensionDtype] = {
    **dict.fromkeys(COLUMNS, _TEXT),
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
            return _nothing().copy(deep=False)
        columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
        arrays = {name: _array(column, _TYPES[name]) for name, column in columns.items()}
        return pd.DataFrame(arrays, copy=False)
    return _typed(rows)


def _array(cells: Sequence[Any], kind: Any) -> Any:
    if kind is not _TEXT:
        return pd.array(cells, dtype=kind)
    # Asked of their array itself: it takes half the time.
    return _TEXT.construct_array_type()._from_sequence(np.array(cells, dtype=object), dtype=_TEXT)


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
def _nothing() -> pd.DataFrame:
    """Return the one frame of no findings, of which callers get copies."""
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


def join_findings(parts: Iterable[pd.DataFrame | Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Return findings as one frame, the most severe first, otherwise in their order.

    A part is a findings frame, or a list of findings: of those that belong together a frame is
    built once, which takes longer than to find them.

    Examples
    --------
    >>> note = findings_frame([{"severity": "note"}])
    >>> error = findings_frame([{"severity": "error"}])
    >>> join_findings([note, error])["severity"].tolist()
    ['error', 'note']
    """
    frames: list[pd.DataFrame] = []
    rows: list[Mapping[str, Any]] = []
    for part in parts:
        if not isinstance(part, pd.DataFrame):
            rows += part
        elif len(part):
            frames += [findings_frame(rows), part] if rows else [part]
            rows = []
    if not frames:
        return findings_frame(sorted(rows, key=lambda row: SEVERITIES.index(row["severity"])))
    joined = pd.concat([*frames, findings_frame(rows)] if rows else frames, ignore_index=True)
    ranks = [SEVERITIES.index(severity) for severity in joined["severity"].tolist()]
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    return joined.take(order).reset_index(drop=True)
