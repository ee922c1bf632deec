"""`durations`: how many working days dossiers took, exact quantiles included, in one pass."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.codes import (
    CODES,
    DAY,
    POSSIBLE,
    SETTLED,
    code_parts,
    every_code,
    instants,
    interval,
    packed,
    unpacked,
)
from cchc_stats.ledger.counting.cube import (
    along_days,
    day_number,
    dossiers_of,
    grouped,
    groups_of,
    numbers_of,
)
from cchc_stats.ledger.counting.doors import calendar_table, keys_asked, open_ledger
from cchc_stats.ledger.counting.series import DAYS, Keyed, places_of
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
    from cchc_stats.ledger.counting.codes import Code, Coded

LONGEST = 1 << 14  # working days, some sixty years; the code of more, or of none
FAR = np.int64(1 << 20)  # working days from or to a day that the calendar does not know
YES, NO, UNKNOWN = range(3)
NAMES = ("ended", "days", "legal", "printed", "due_differs")
Counted = dict[str, np.ndarray]


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
    calendar : the working days; `vietnam_calendar()` unless stated.
    cutoff_hour : what is received from this hour on (17; 16.5 for half past four) counts as
        received the next working day, as in `WorkingCalendar.count`; None: no such hour.

    Returns
    -------
    Frame with a row per window and group, as in `tally`; durations are working days from the day
    after receipt, `_wd`, Float64, <NA> where nothing was settled:
    `settled`: dossiers settled in the window (the returned and withdrawn are none);
    `mean_wd, median_wd, p90_wd`: exact; between two ranks a quantile is interpolated.
    `with_legal`: those of them whose legal time is stated: `legal_wd`, or else the working days
    from receipt to the printed due day.
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
    counted = _by_day if along_days(opened) else _by_edge
    groups, codes = counted(opened, calendar, keys, edges, cutoff_hour)
    results = []
    for one in asked:
        chosen = within(codes["ended"], *one.between(edges))
        taken = {name: code[chosen] for name, code in codes.items()}
        beyond = int(taken["count"][taken["days"] == LONGEST].sum())
        _require_known(calendar, beyond, str(one.window))
        results.append(_summary(taken, len(groups)))
    frames = pd.concat(results, ignore_index=True)
    names = name_columns(groups, len(asked)) | window_columns(asked, len(groups))
    version = text_column(calendar.version, frames.index)
    return pd.concat([pd.DataFrame(names), frames, version.rename("calendar")], axis=1)


def _by_day(
    ledger: nw.LazyFrame[Any],
    calendar: WorkingCalendar,
    keys: Sequence[str],
    edges: list[dt.datetime],
    cutoff_hour: float | None,
) -> tuple[pd.DataFrame, Counted]:
    """Return the groups of a ledger, and the settled of each kind, counted along days."""
    dossiers = dossiers_of(ledger, keys)
    of_code, places = every_code(), places_of(numbers_of(edges))
    settled = _settled(of_code)
    hour = DAY if cutoff_hour is None else round(cutoff_hour * 3600) * 1_000_000
    verdict = np.array([YES, YES, NO, UNKNOWN])[of_code["lateness"]]
    days = _Days(calendar)
    sizes = (len(edges) + 2, LONGEST + 1, 3, 3, 2)
    counts = Keyed(len(dossiers.groups) * math.prod(sizes))
    for facts in dossiers.facts:
        place = places.take(facts.ended, mode="clip")
        here = np.flatnonzero(settled.take(facts.code) & (place > 0) & (place < len(edges)))
        late = facts.received_at[here] % DAY >= hour
        took, allowed, day_off = days.between(
            facts.received[here], facts.ended[here], facts.due[here], late
        )
        legal = allowed
        if facts.legal_wd is not None:
            given = facts.legal_wd[here]
            stated = ~np.isnan(given)
            day_off |= stated & (allowed >= 0) & (allowed != given)
            legal = np.where(stated, given, allowed)
        in_time = np.where(legal < 0, UNKNOWN, np.where(took <= legal, YES, NO))
        took[(took < 0) | (took >= LONGEST)] = LONGEST
        number = facts.group[here]
        parts = (place[here], took, in_time, verdict.take(facts.code[here]), day_off)
        for part, size in zip(parts, sizes, strict=True):
            number = number * size + part
        counts.add(number)
    number, count = counts.pairs()
    codes = unpacked(number, sizes, NAMES)
    group = (np.cumsum(dossiers.seen) - 1).take(number // math.prod(sizes))
    groups = dossiers.groups[dossiers.seen].reset_index(drop=True)
    return groups, codes | {"group": group, "count": count}


class _Days:
    """The working days between days that are numbers; below 0 where the calendar knows not both."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        first = day_number(calendar.first)
        covered = slice(first, first + len(calendar.ordinal))
        self.from_, self.to = np.full(DAYS, FAR), np.full(DAYS, -FAR)
        self.from_[covered] = self.to[covered] = calendar.ordinal
        self.off = np.zeros(DAYS, dtype=bool)
        self.off[covered] = ~calendar.working

    def between(
        self, received: np.ndarray, ended: np.ndarray, due: np.ndarray, late: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the days to the end and to the due day, and whether that is a day off.

        Parameters
        ----------
        late : whether receipt counts as of the next working day.
        """
        begun = self.from_.take(received)
        took, allowed = self.to.take(ended) - begun, self.to.take(due) - begun
        # Received late on the last day there is nothing yet to count, and never less.
        return took - (late & (took > 0)), allowed - (late & (allowed > 0)), self.off.take(due)


def _settled(code: Counted) -> np.ndarray:
    """Return which codes are of a dossier that is settled, or open."""
    settled: np.ndarray = (code["outcome"] == SETTLED) & (code["unusable"] == 0)
    return settled


def _by_edge(
    ledger: nw.LazyFrame[Any],
    calendar: WorkingCalendar,
    keys: Sequence[str],
    edges: list[dt.datetime],
    cutoff_hour: float | None,
) -> tuple[pd.DataFrame, Counted]:
    """Return the same in one pass of the engine that the ledger lives on."""
    with calendar_table(ledger, calendar) as table:
        counted, sizes = _count(ledger, table, keys, edges, cutoff_hour)
    codes = unpacked(counted["code"].to_numpy("int64"), sizes, [*CODES, *NAMES[:3], NAMES[-1]])
    groups, codes["group"] = groups_of(counted, keys)
    codes["count"] = counted["n"].to_numpy("int64")
    codes["printed"] = np.array([YES, YES, NO, UNKNOWN])[codes["lateness"]]
    settled = _settled(codes)
    return groups, {name: code[settled] for name, code in codes.items()}


def _count(
    frame: nw.LazyFrame[Any],
    table: nw.LazyFrame[Any],
    keys: Sequence[str],
    edges: list[dt.datetime],
    cutoff_hour: float | None,
) -> tuple[pd.DataFrame, list[int]]:
    """Return the counts of a ledger by group and packed code, and the sizes of the code's parts."""
    import narwhals as nw

    for name in ("received", "due", "settled"):
        # A missing day finds no number, and so does one outside the calendar.
        of_day = table.select(
            nw.col("day").alias(f"{name}_day"),
            nw.col("ordinal").alias(f"{name}_ordinal"),
            nw.col("working").alias(f"{name}_working"),
        )
        frame = frame.with_columns(nw.col(f"{name}_at").dt.truncate("1d").alias(f"{name}_day"))
        frame = frame.join(of_day, on=f"{name}_day", how="left")
    stated = "legal_wd" in frame.collect_schema().names()
    parts = code_parts(instants(POSSIBLE, frame))
    parts += _parts(instants(edges, frame), stated=stated, cutoff_hour=cutoff_hour)
    return grouped(frame.select(*keys, code=packed(parts)), keys), [size for _, size in parts]


def _parts(edges: Sequence[Any], *, stated: bool, cutoff_hour: float | None) -> Coded:
    """Return the code of each of NAMES, but for `printed`, with how many values it has."""
    import narwhals as nw

    took = _since_receipt("settled_ordinal", cutoff_hour)
    allowed = _since_receipt("due_ordinal", cutoff_hour)
    legal = allowed
    day_off = nw.col("due_working") == 0
    if stated:
        given = nw.col("legal_wd")
        legal = nw.when(given.is_null()).then(allowed).otherwise(given)
        # Where it is missing the comparison is neither true nor false, and adds nothing.
        day_off = day_off | (allowed < given) | (allowed > given)
    measured = (took >= 0) & (took < LONGEST)
    return [
        (interval(nw.col("settled_at"), edges), len(edges) + 2),
        ((measured, took, LONGEST), LONGEST + 1),
        (_verdict(took, legal), 3),
        ((day_off, 1, 0), 2),
    ]


def _since_receipt(name: str, cutoff_hour: float | None) -> nw.Expr:
    """Return the working days from the day of receipt, or from the next after an hour of it."""
    import narwhals as nw

    days = nw.col(name) - nw.col("received_ordinal")
    if cutoff_hour is None:
        return days
    # Received late on the last day there is nothing yet to count, and never less.
    late = _after_hour(cutoff_hour) & (days > 0)
    return nw.when(late).then(days - 1).otherwise(days)


def _after_hour(hour: float) -> nw.Expr:
    """Return whether a dossier was received from an hour of its day on."""
    import narwhals as nw

    time = nw.col("received_at").dt
    return time.hour() * 3600 + time.minute() * 60 + time.second() >= round(hour * 3600)


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


def _summary(codes: Counted, groups: int) -> pd.DataFrame:
    """Return the figures of one window, a row per group."""
    group, count = codes["group"], codes["count"]

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

    def at(self, part: int, of: int) -> pd.Series:
        """Return the quantile part / of, between two ranks interpolated; <NA> of nothing."""
        filled = self.size > 0
        # In integers, so that a rank that is one is not missed by a float's last digit.
        rank, rest = np.divmod((self.size[filled] - 1) * part, of)
        last = self.first[filled] + self.size[filled] - 1
        low = self._ranked(self.first[filled] + rank)
        high = self._ranked(np.minimum(self.first[filled] + rank + 1, last))
        quantiles = pd.Series(pd.NA, index=range(len(filled)), dtype="Float64")
        quantiles[filled] = low + (high - low) * rest / of
        return quantiles

    def _ranked(self, number: np.ndarray) -> np.ndarray:
        return self.value[np.searchsorted(self.up_to, number, side="right")]
