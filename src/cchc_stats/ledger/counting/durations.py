"""`durations`: how many working days dossiers took, exact quantiles included, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.cube import (
    KNOWN,
    SETTLED,
    by_due_date,
    grouped,
    groups_of,
    instants,
    interval,
    outcome,
    packed,
    unpacked,
    unusable,
)
from cchc_stats.ledger.counting.doors import calendar_table, keys_asked, open_ledger
from cchc_stats.ledger.counting.windows import (
    asked_windows,
    edges_of,
    name_columns,
    text_column,
    window_columns,
    within,
)
from cchc_stats.words import CchcError, ratio, share

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.calendars import WorkingCalendar
    from cchc_stats.ledger.counting.cube import Code, Coded
    from cchc_stats.ledger.counting.doors import Opened

LONGEST = 1 << 14  # working days; some sixty years, and the calendar knows fewer
YES, NO, UNKNOWN = range(3)
NAMES = ("ended", "outcome", "unusable", "beyond", "days", "legal", "printed", "due_differs")


def durations(
    ledger: object,
    windows: object,
    *,
    by: Sequence[str] | str = ("agency", "sector"),
    calendar: WorkingCalendar | None = None,
    cutoff_hour: float | None = None,
) -> pd.DataFrame:
    """Return how many working days the dossiers settled in each window took.

    Parameters
    ----------
    ledger, windows, by : as in `tally`. The ledger may have a column `legal_wd`, the working days
        that the law gives the dossier's procedure.
    calendar : the working days; `vietnam_calendar()` unless told.
    cutoff_hour : what is received from this hour on (17; 16.5 for half past four) counts as
        received the next working day, as in `WorkingCalendar.count`; None: no such hour.

    Returns
    -------
    Frame with a row per window and group, as in `tally`; durations are working days from the day
    after receipt, `_wd`, Float64, <NA> where nothing was settled:
    `settled`: dossiers settled in the window (the returned and withdrawn are none);
    `mean_wd, median_wd, p90_wd`: exact; between two ranks a quantile is interpolated.
    `with_legal`: those of them whose legal time is known: `legal_wd`, or else the working days from
    receipt to the printed due day.
    `within_legal_pct`: percent of `with_legal` that took no longer.
    `on_printed_day_pct`: percent of those with a due date that ended on time by it, as `tally` has
    it: a day lasts until it is over, an hour is that instant.
    `due_differs`: of `settled`, those whose printed due day is not the one that the calendar gives:
    it is a day off, or not `legal_wd` working days after receipt. It is reported, and no due day is
    replaced.
    `verdict_differs`: of `with_legal`, those within the legal time and past the printed day, or the
    other way round.
    `calendar`: the version of the calendar.

    Raises
    ------
    CchcError
        As in `tally`; dossiers settled in a window with a day that the calendar does not know; an
        hour outside 0-24.
    PeriodError, ReadError
        As in `tally`.

    Source
    ------
    Counting from the day after receipt: the appointment slips of one-stop shops.

    Examples
    --------
    >>> ledger = pd.DataFrame({
    ...     "agency": "Sở A", "sector": "Đất đai", "channel": "online", "status": "settled",
    ...     "received_at": pd.to_datetime(["2020-06-12", "2020-07-01", "2020-08-31"]),
    ...     "due_at": pd.to_datetime(["2020-06-20", "2020-07-08", "2020-09-04"]),
    ...     "settled_at": pd.to_datetime(["2020-06-22", "2020-07-03", "2020-09-04"])})
    >>> days = durations(ledger, pd.Period("2020Q3"), by="agency")
    >>> days[["settled", "mean_wd", "median_wd", "within_legal_pct"]].round(2).values.tolist()
    [[3, 3.67, 3.0, 66.67]]
    >>> days[["due_differs", "on_printed_day_pct"]].round(2).values.tolist()
    [[1, 66.67]]
    """
    if calendar is None:
        from cchc_stats.calendars import vietnam_calendar

        calendar = vietnam_calendar()
    if cutoff_hour is not None and not 0 <= cutoff_hour <= 24:
        raise CchcError(
            f"there is no hour {cutoff_hour:g}",
            where="cutoff_hour=",
            mend="give hours, 0 to 24: 17, 16.5",
        )
    asked, keys = asked_windows(windows), keys_asked(by)
    edges = edges_of(asked)
    opened = open_ledger(ledger, keys, optional=("legal_wd",))
    with calendar_table(opened.frame, calendar) as table:
        found, parts = _count(opened, table, keys, edges, cutoff_hour)
    codes = unpacked(found["code"].to_numpy("int64"), parts, NAMES)
    groups, group = groups_of(found, keys)
    count = found["n"].to_numpy("int64")
    usable = (codes["outcome"] == SETTLED) & (codes["unusable"] == 0)
    results = []
    for one in asked:
        chosen = usable & within(codes["ended"], *one.between(edges))
        _require_known(calendar, int(count[chosen & (codes["beyond"] == 1)].sum()), str(one.window))
        taken = {name: code[chosen] for name, code in codes.items()}
        results.append(_summary(group[chosen], taken, count[chosen], len(groups)))
    frames = pd.concat(results, ignore_index=True)
    names = name_columns(groups, len(asked)) | window_columns(asked, len(groups))
    version = text_column(calendar.version, frames.index)
    return pd.concat([pd.DataFrame(names), frames, version.rename("calendar")], axis=1)


def _count(
    ledger: Opened,
    table: nw.LazyFrame[Any],
    keys: Sequence[str],
    edges: list[dt.datetime],
    cutoff_hour: float | None,
) -> tuple[pd.DataFrame, Coded]:
    """Return the counts of a ledger by group and packed code, and the parts of the code."""
    import narwhals as nw

    frame = ledger.frame
    for name in ("received", "due", "settled"):
        # A missing day finds no number, and so does one outside the calendar.
        of_day = table.select(
            nw.col("day").alias(f"{name}_day"),
            nw.col("ordinal").alias(f"{name}_ordinal"),
            nw.col("working").alias(f"{name}_working"),
        )
        frame = frame.with_columns(nw.col(f"{name}_at").dt.truncate("1d").alias(f"{name}_day"))
        frame = frame.join(of_day, on=f"{name}_day", how="left")
    years, stated = instants(KNOWN, frame), "legal_wd" in frame.collect_schema().names()
    parts = _parts(instants(edges, frame), years, stated=stated, cutoff_hour=cutoff_hour)
    return grouped(frame.select(*keys, code=packed(parts)), keys, ledger.names), parts


def _parts(
    edges: Sequence[Any], years: Sequence[Any], *, stated: bool, cutoff_hour: float | None
) -> Coded:
    """Return the code of each of NAMES with how many values it has."""
    import narwhals as nw

    received, due, ended = nw.col("received_at"), nw.col("due_at"), nw.col("settled_at")
    took = _since_receipt("settled_ordinal", cutoff_hour)
    allowed = _since_receipt("due_ordinal", cutoff_hour)
    legal = allowed
    day_off = nw.col("due_working") == 0
    if stated:
        given = nw.col("legal_wd")
        legal = nw.when(given.is_null()).then(allowed).otherwise(given)
        # Where it is missing the comparison is neither true nor false, and adds nothing.
        day_off = day_off | (allowed < given) | (allowed > given)
    known = (took >= 0) & (took < LONGEST)
    return [
        (interval(ended, edges), len(edges) + 2),
        (outcome(nw.col("status"), ended), 6),
        (unusable(received, ended, due, years), 2),
        ((known, 0, 1), 2),
        ((known, took, 0), LONGEST),
        (_verdict(took, legal), 3),
        (by_due_date(ended, due, before=YES, on_time=YES, late=NO, unknown=UNKNOWN), 3),
        ((day_off, 1, 0), 2),
    ]


def _since_receipt(name: str, cutoff_hour: float | None) -> nw.Expr:
    """Return the working days from the day of receipt, or from the next after an hour of it."""
    import narwhals as nw

    days = nw.col(name) - nw.col("received_ordinal")
    if cutoff_hour is None:
        return days
    time = nw.col("received_at").dt
    second = time.hour() * 3600 + time.minute() * 60 + time.second()
    # Received late on the last day there is nothing yet to count, and never less.
    late = (second >= round(cutoff_hour * 3600)) & (days > 0)
    return nw.when(late).then(days - 1).otherwise(days)


def _verdict(taken: nw.Expr, allowed: nw.Expr) -> Code:
    """Return YES where no more was taken than allowed, NO where more, else UNKNOWN."""
    return taken <= allowed, YES, (taken > allowed, NO, UNKNOWN)


def _require_known(calendar: WorkingCalendar, beyond: int, where: str) -> None:
    if beyond:
        raise CchcError(
            f"the calendar knows {calendar.first:%d/%m/%Y} to {calendar.last:%d/%m/%Y}: "
            f"{beyond} dossiers were received or settled outside it",
            where=f"window {where}",
            mend="correct the days, or take vietnam_calendar(provisional=True) for later years",
        )


def _summary(
    group: np.ndarray, codes: dict[str, np.ndarray], count: np.ndarray, groups: int
) -> pd.DataFrame:
    """Return the figures of one window, a row per group."""

    def total(chosen: np.ndarray | None = None, weight: np.ndarray = count) -> pd.Series:
        of, numbers = (group, weight) if chosen is None else (group[chosen], weight[chosen])
        return pd.Series(np.bincount(of, numbers, groups).astype("int64"), dtype="Int64")

    days, legal, printed = codes["days"], codes["legal"], codes["printed"]
    settled, with_legal = total(), total(legal != UNKNOWN)
    differs = (legal != UNKNOWN) & (printed != UNKNOWN) & (legal != printed)
    order = np.lexsort((days, group))
    quantile = _Quantiles(group[order], days[order], count[order], groups)
    return pd.DataFrame(
        {
            "settled": settled,
            "mean_wd": ratio(total(weight=count * days), settled),
            "median_wd": quantile.at(1, 2),
            "p90_wd": quantile.at(9, 10),
            "with_legal": with_legal,
            "within_legal_pct": share(total(legal == YES), with_legal),
            "on_printed_day_pct": share(total(printed == YES), total(printed != UNKNOWN)),
            "due_differs": total(codes["due_differs"] == 1),
            "verdict_differs": total(differs),
        }
    )


class _Quantiles:
    """Exact quantiles of each group from how often each value occurs, sorted by group and value."""

    def __init__(
        self, group: np.ndarray, value: np.ndarray, count: np.ndarray, groups: int
    ) -> None:
        self.value, self.up_to = value, np.cumsum(count)
        self.size = np.bincount(group, count, groups).astype("int64")
        self.first = np.cumsum(self.size) - self.size

    def at(self, part: int, whole: int) -> pd.Series:
        """Return the quantile part / whole, between two ranks interpolated; <NA> of nothing."""
        known = self.size > 0
        # In whole numbers, so that a rank that is one is not missed by a float's last digit.
        rank, rest = np.divmod((self.size[known] - 1) * part, whole)
        last = self.first[known] + self.size[known] - 1
        low = self._ranked(self.first[known] + rank)
        high = self._ranked(np.minimum(self.first[known] + rank + 1, last))
        found = pd.Series(pd.NA, index=range(len(known)), dtype="Float64")
        found[known] = low + (high - low) * rest / whole
        return found

    def _ranked(self, number: np.ndarray) -> np.ndarray:
        return self.value[np.searchsorted(self.up_to, number, side="right")]
