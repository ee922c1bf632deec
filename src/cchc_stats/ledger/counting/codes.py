"""What matters of a dossier, as small integers.

A code says how the end lies to the due date, what became of the dossier, how it came, what its due
date is and whether any window can hold it. Of days only their order to the edges of windows counts
besides. It stands twice, the laws hold both equal: as one expression for every engine, and for
arrays, where a dossier takes a few nanoseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cchc_stats.words import YEARS

if TYPE_CHECKING:
    import narwhals as nw

    # A small integer: itself, an expression of it, or (condition, code where it holds, code
    # elsewhere). Conditions follow one another and none is negated: of a missing value an engine
    # says neither that it holds nor that it does not.
    Code = int | nw.Expr | tuple[nw.Expr, "Code", "Code"]
    Coded = list[tuple[Code, int]]

# How a dossier's end lies to when it was due.
EARLY, ON_TIME, LATE, NOT_COMPARED = range(4)
# What became of it; an end without a day, and a status that is no code, no window can hold.
SETTLED, RETURNED, WITHDRAWN, WAITING, ENDED_UNDATED, NO_CODE = range(6)
OTHER_CHANNEL, ONLINE, NO_CHANNEL = range(3)
NO_DUE, BY_DAY, BY_HOUR = range(3)
CODES = {"lateness": 4, "outcome": 6, "channel": 3, "due_kind": 3, "unusable": 2}
STATUSES = ("settled", "returned", "withdrawn", "waiting", "open", "")
CHANNELS = ("online", "in_person", "postal", "")
# Days outside these years are slips of the pen, as in reading an export.
POSSIBLE = (dt.datetime(YEARS[0], 1, 1), dt.datetime(YEARS[-1] + 1, 1, 1))

DAY = 86_400_000_000  # microseconds
FIRST, AFTER = (int(np.datetime64(day, "us").astype("int64")) for day in POSSIBLE)
LAST_DAY = (1 << 16) - 1  # the number of every day out of reach


def instants(edges: Sequence[dt.datetime], frame: Any) -> list[Any]:
    """Return instants as a frame's engine compares times with them.

    To Spark a bare time stamp is one of this machine's zone; as a text it is read like the ledger's
    own times, in the zone of the session.
    """
    import narwhals as nw

    if not frame.implementation.is_spark_like():
        return list(edges)
    return [nw.lit(f"{edge:%Y-%m-%d %H:%M:%S}").cast(nw.Datetime("us")) for edge in edges]


def code_parts(bounds: Sequence[Any]) -> Coded:
    """Return the code of each of CODES with how many values it has."""
    import narwhals as nw

    received, due, ended = nw.col("received_at"), nw.col("due_at"), nw.col("settled_at")
    parts = {
        "lateness": lateness(ended, due),
        "outcome": outcome(nw.col("status"), ended),
        "channel": channel(nw.col("channel")),
        "due_kind": (due.dt.truncate("1d") < due, BY_HOUR, (due.is_null(), NO_DUE, BY_DAY)),
        "unusable": unusable(received, ended, due, bounds),
    }
    return [(parts[name], size) for name, size in CODES.items()]


def every_code() -> dict[str, np.ndarray]:
    """Return of each packed code what it is packed of."""
    code = np.arange(np.prod(list(CODES.values())))
    return unpacked(code, list(CODES.values()), list(CODES))


def interval(instant: nw.Expr, edges: Sequence[Any]) -> Code:
    """Return how many edges an instant has reached, one more than there are where it is missing.

    By halving: few comparisons a row.
    """

    def among(first: int, last: int) -> Code:
        if first < last:
            half = (first + last) // 2
            return instant < edges[half], among(first, half), among(half + 1, last)
        # A missing instant is before no edge, and so comes out at the end.
        return (instant.is_null(), last + 1, last) if last == len(edges) else last

    return among(0, len(edges))


def lateness(ended: nw.Expr, due: nw.Expr) -> Code:
    """Return how the end of a dossier lies to when it was due.

    A due date without an hour, 00:00, lasts until that day is over; one with an hour is that
    instant.
    """
    day = due.dt.truncate("1d")
    before = (ended < day, EARLY, ON_TIME)
    that_day = (ended.dt.truncate("1d") <= due, ON_TIME, LATE)
    return ended <= due, before, (ended > due, (day < due, LATE, that_day), NOT_COMPARED)


def outcome(status: nw.Expr, ended: nw.Expr) -> Code:
    """Return what became of a dossier: with an end its kind, without one whether it waits."""
    returned, withdrawn, waiting = (status == code for code in ("returned", "withdrawn", "waiting"))
    closed = (status == "settled") | returned | withdrawn
    unsaid = ((status == "open") | (status == "") | status.is_null(), SETTLED, NO_CODE)
    still_open = (closed, ENDED_UNDATED, (waiting, WAITING, unsaid))
    apart = (returned, RETURNED, (withdrawn, WITHDRAWN, (waiting, SETTLED, unsaid)))
    return ended.is_null(), still_open, (status == "settled", SETTLED, apart)


def channel(name: nw.Expr) -> Code:
    """Return by which channel a dossier came, and whether that is no code of a channel."""
    other = (name == "in_person") | (name == "postal") | (name == "") | name.is_null()
    return name == "online", ONLINE, (other, OTHER_CHANNEL, NO_CHANNEL)


def unusable(received: nw.Expr, ended: nw.Expr, due: nw.Expr, bounds: Sequence[Any]) -> Code:
    """Return 1 where a dossier was not received, ended or fell due before, or in no such year."""
    first, after = bounds
    day = received.dt.truncate("1d")

    def before(time: nw.Expr) -> nw.Expr:
        # Receipt may be stamped and the other be a day alone: that day is then not before.
        return (time < day) | ((time < received) & (time.dt.truncate("1d") < time))

    strange = (received < first) | (received >= after) | (ended >= after) | (due >= after)
    impossible = received.is_null() | before(ended) | before(due) | strange
    # Most dossiers are decided by these few comparisons.
    in_order = (received <= ended) & (received <= due)
    fine = in_order & (received >= first) & (ended < after) & (due < after)
    return fine, 0, (impossible, 1, 0)


def packed(parts: Coded) -> nw.Expr:
    """Return several small codes as one integer, the last of them in the smallest place."""
    import narwhals as nw

    # 64 bits from the start: an engine may take a bare 1 for a small integer.
    code, unit = nw.lit(0, nw.Int64), 1
    for part, size in reversed(parts):
        code, unit = code + _expression(part, unit), unit * size
    return code


def _expression(code: Code, unit: int) -> nw.Expr:
    """Return a code, times a unit, as the engines compute it."""
    import narwhals as nw

    if isinstance(code, int):
        return nw.lit(code * unit)
    if not isinstance(code, tuple):
        return code * unit
    condition, then, otherwise = code
    return nw.when(condition).then(_expression(then, unit)).otherwise(_expression(otherwise, unit))


def unpacked(code: np.ndarray, sizes: Sequence[int], names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the codes that were packed, by name."""
    parts = {}
    for name, size in zip(reversed(names), reversed(sizes), strict=True):
        code, parts[name] = np.divmod(code, size)
    return parts


def codes_of(
    times: Sequence[np.ndarray], none: Sequence[np.ndarray | None], words: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return the packed codes of some dossiers, and the numbers of their days, up to LAST_DAY.

    Parameters
    ----------
    times : when each was received, ended and due, int64 microseconds since 1970.
    none : of each of them where there is none, whatever it says; None: in no row.
    words : of each its status and channel, as `words_of` has them.
    """
    received, ended, due = times
    received_day, ended_day, due_day = days = [
        _day_within_reach(time, gone) for time, gone in zip(times, none, strict=True)
    ]
    short = [day.astype("uint16") for day in days]  # compared four at a time
    _, open_, undated = none
    by_hour = due_day * DAY != due
    late = ended > due
    late &= by_hour
    late &= short[1] == short[2]
    late |= short[1] > short[2]
    lateness = late.view("int8")  # EARLY, ON_TIME, LATE stand in this order
    lateness -= short[1] < short[2]
    lateness += ON_TIME
    due_kind = by_hour.view("int8")
    due_kind += BY_DAY
    if open_ is not None:
        np.putmask(lateness, open_, NOT_COMPARED)
        words = words + open_ * words.dtype.type(len(_WORDS) // 2)
    if undated is not None:
        np.putmask(lateness, undated, NOT_COMPARED)
        np.putmask(due_kind, undated, NO_DUE)
    # Places of another type are turned into these one by one.
    code = _WORDS.take(words.astype("intp"), mode="clip")
    for part, unit in ((lateness, _UNITS["lateness"]), (due_kind, _UNITS["due_kind"])):
        code += part * np.int16(unit)
    code += _unusable(times, short, none)
    return code, received_day, ended_day, due_day


def _day_within_reach(time: np.ndarray, none: np.ndarray | None) -> np.ndarray:
    """Return numbers of days, LAST_DAY for none and for those out of reach, which hardly are."""
    day = time // DAY
    if none is not None:
        np.putmask(day, none, LAST_DAY)
    far = day.view("uint64")  # those before 1970 are the farthest
    if far.max(initial=0) > LAST_DAY:
        day[far > LAST_DAY] = LAST_DAY
    return day


def _unusable(
    times: Sequence[np.ndarray], days: Sequence[np.ndarray], none: Sequence[np.ndarray | None]
) -> np.ndarray:
    """Return which dossiers no window can hold; see `unusable`."""
    received, received_day = times[0], days[0]
    lost = received_day >= AFTER // DAY
    if len(received) and received_day.min() < FIRST // DAY:
        lost |= received_day < FIRST // DAY
    for time, day, gone in zip(times[1:], days[1:], none[1:], strict=True):
        far = day >= AFTER // DAY
        if np.count_nonzero(far) > (0 if gone is None else np.count_nonzero(gone)):
            lost |= far if gone is None else far & ~gone
        before = time < received
        before &= day <= received_day
        (early,) = np.nonzero(before)  # few
        if len(early):
            lost[early] |= (day[early] < received_day[early]) | (time[early] % DAY > 0)
    return lost


def words_of(status: np.ndarray, channel: np.ndarray) -> np.ndarray:
    """Return one number of a status and a channel.

    Parameters
    ----------
    status, channel : places in STATUSES and in CHANNELS, from 1 on; 0 for another word.
    """
    return np.asarray(status * (len(CHANNELS) + 1) + channel)


def _words() -> np.ndarray:
    """Return the packed outcome and channel of each status and channel, ended ones first."""
    ended = (NO_CODE, SETTLED, RETURNED, WITHDRAWN, SETTLED, SETTLED, SETTLED)
    not_ended = (NO_CODE, *[ENDED_UNDATED] * 3, WAITING, SETTLED, SETTLED)
    channels = (NO_CHANNEL, ONLINE, OTHER_CHANNEL, OTHER_CHANNEL, OTHER_CHANNEL)
    codes = [
        outcome * _UNITS["outcome"] + channel * _UNITS["channel"]
        for outcomes in (ended, not_ended)
        for outcome in outcomes
        for channel in channels
    ]
    return np.array(codes, dtype="int16")


_SIZES = list(CODES.values())
_UNITS = {name: int(np.prod(_SIZES[place + 1 :])) for place, name in enumerate(CODES)}
_WORDS = _words()
