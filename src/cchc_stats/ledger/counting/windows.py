"""The windows that a ledger is counted over, and the columns that name windows and groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.doors import KEYS
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    QUARTERS,
    PeriodError,
    Window,
    parse_basis,
    parse_period,
    word,
)

MADE_UP = "(giả lập)"
# A window, a quarter, a quarter with its basis, a text that names them; or a list of such.
Asked = Window | pd.Period | str | tuple[pd.Period, str]
HOW_TO_ASK = (
    'give Window("2020-06-15", "2020-09-14"), pd.Period("2020Q3"), '
    '(pd.Period("2020Q3"), "year_to_date"), a text such as "9 tháng đầu năm 2020", '
    "or a list of these"
)


@dataclass(frozen=True)
class AskedWindow:
    """One window: its days, and the quarter and basis it is named by (NaT: by its days alone)."""

    window: Window
    period: Any
    basis: str

    def between(self, edges: Sequence[dt.datetime]) -> tuple[int, int]:
        """Return the numbers of the edges at which the window begins and is over."""
        days = [edge.date() for edge in edges]
        return days.index(self.window.start), days.index(self.window.after)


def asked_windows(windows: object) -> list[AskedWindow]:
    """Return what was asked for as windows, in the order asked.

    Raises
    ------
    PeriodError
        Nothing that names a window, none at all, a month, the basis `as_of`, or one of them twice.

    Examples
    --------
    >>> [str(one.window) for one in asked_windows(["2020Q3", "9 tháng đầu năm 2020"])]
    ['15/06/2020-14/09/2020', '15/12/2019-14/09/2020']
    """
    several = windows if _is_list(windows) else [windows]
    windows_asked = [_asked(one) for one in several]  # type: ignore[attr-defined]
    if not windows_asked:
        raise PeriodError("no window is asked for", where="windows=", mend=HOW_TO_ASK)
    for number, one in enumerate(windows_asked):
        if one in windows_asked[:number]:
            raise PeriodError(
                f"the window {one.window} is asked for twice",
                where="windows=",
                mend="ask for each window once",
            )
    return windows_asked


def edges_of(
    asked: Sequence[AskedWindow], more: Iterable[dt.date | None] = ()
) -> list[dt.datetime]:
    """Return the instants at which windows begin or are over, each once, in order, and more days.

    Examples
    --------
    >>> [f"{edge:%d/%m/%Y}" for edge in edges_of(asked_windows("2020Q3"))]
    ['15/06/2020', '15/09/2020']
    """
    days = {day for one in asked for day in (one.window.start, one.window.after)}
    days |= {day for day in more if day is not None}
    return [dt.datetime.combine(day, dt.time()) for day in sorted(days)]


def within(interval: np.ndarray, start: int, after: int) -> np.ndarray:
    """Return which intervals, numbered as edges before them, lie between two edges."""
    return (interval > start) & (interval <= after)


def _is_list(windows: object) -> bool:
    if isinstance(windows, tuple):  # a quarter with its basis is a pair, not a list
        return not (len(windows) == 2 and isinstance(windows[1], str) and _is_named(windows[0]))
    return isinstance(windows, list | pd.PeriodIndex | pd.Series | np.ndarray)


def _is_named(one: object) -> bool:
    return isinstance(one, pd.Period)


def _asked(one: object) -> AskedWindow:
    if isinstance(one, Window):
        return AskedWindow(one, pd.NaT, IN_PERIOD)
    if isinstance(one, str):
        one = (parse_period(one), parse_basis(one))
    period, basis = one if isinstance(one, tuple) and len(one) == 2 else (one, IN_PERIOD)
    if not isinstance(period, pd.Period):
        raise PeriodError(f"{one!r} names no window", where="windows=", mend=HOW_TO_ASK)
    if period.freqstr != "Q-DEC":
        raise PeriodError(
            f"the form is filled by the quarter, and {period} is none",
            where="windows=",
            mend="ask for the days alone: Window.of(period)",
        )
    if basis == AS_OF:
        raise PeriodError(
            "dossiers are counted over days, not as of one",
            where=f"windows=, {period}",
            mend='ask for "in_period" or "year_to_date"; what is pending is counted at their end',
        )
    return AskedWindow(Window.of(period, basis), period, basis)


def window_columns(asked: Sequence[AskedWindow], groups: int) -> dict[str, Any]:
    """Return the columns that name a window, each window's rows one after the other."""
    rows = np.repeat(np.arange(len(asked)), groups)

    def spread(values: Sequence[Any], dtype: str) -> pd.Series:
        return pd.Series(list(values), dtype=dtype).take(rows).reset_index(drop=True)

    def days(name: str) -> pd.Series:
        dates = np.array([getattr(one.window, name) for one in asked], dtype="datetime64[us]")
        return pd.Series(dates.take(rows))

    return {
        "period": spread([one.period for one in asked], QUARTERS),
        "basis": spread([one.basis for one in asked], "str"),
        "window_start": days("start"),
        "window_end": days("end"),
    }


def text_column(value: str, index: pd.Index) -> pd.Series:
    """Return one text as a column."""
    return repeated([value], len(index)).set_axis(index)


def repeated(values: Sequence[str] | np.ndarray, times: int) -> pd.Series:
    """Return some texts as a column, again and again."""
    each = pd.Series(values, dtype="str")  # looked at once: this takes longer than to repeat them
    return each.take(np.tile(np.arange(len(each)), times)).reset_index(drop=True)


def name_columns(groups: pd.DataFrame, windows: int) -> dict[str, pd.Series]:
    """Return the columns that name a group, "all" for what was not counted by, for each window."""
    unnamed = word("ledger", "not_stated")
    columns = {}
    for name in KEYS:
        if name in groups:
            columns[name] = repeated(groups[name].fillna(unnamed).array, windows)
        elif name != "procedure":
            columns[name] = repeated(["all"], windows * len(groups))
    return columns


def source(groups: pd.DataFrame) -> str:
    """Return what was counted: dossiers, or made-up ones, which say so in every name they have."""
    first = " ".join(map(str, groups.iloc[0])) if len(groups) else ""
    return word("ledger", "synthetic_source" if MADE_UP in first else "source")
