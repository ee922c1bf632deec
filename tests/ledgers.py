"""Ledgers drawn by Hypothesis, and the plain model of what a window holds of them."""

import datetime as dt

import pandas as pd
from hypothesis import strategies as st

from cchc_stats.words.periods import Window

COLUMNS = (
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("channel", "status"),
)
TIMES = ("received_at", "due_at", "settled_at")
ONE_DAY = dt.timedelta(days=1)
# Few days, most of them at the edges of the windows below, so that everything meets.
EDGES = [dt.datetime(2020, 3, 15), dt.datetime(2020, 6, 15), dt.datetime(2020, 9, 15)]
DAYS = [edge + n * ONE_DAY for edge in EDGES for n in (-40, -2, -1, 0, 1)]
HOURS = [
    dt.timedelta(),
    dt.timedelta(hours=9),
    dt.timedelta(hours=17),
    ONE_DAY - dt.timedelta(microseconds=1),
]
WINDOWS = ["2020Q2", "2020Q3", (pd.Period("2020Q3"), "year_to_date")]
EXPLICIT = [Window("2020-06-14", "2020-06-14"), Window("2020-05-01", "2020-09-13")]


@st.composite
def ledgers(draw: st.DrawFn, *, timed: bool | None = None, faults: bool = True) -> pd.DataFrame:
    """Draw a ledger; `timed` tells whether due days have times; None: each by itself."""
    day, hour = st.sampled_from(DAYS), st.sampled_from(HOURS)
    instants = st.builds(lambda a, b: a + b, day, hour)
    rows = []
    for number in range(draw(st.integers(1, 12))):
        received = draw(st.one_of(st.none(), instants) if faults and number == 0 else instants)
        strange = [dt.datetime(year, 6, 15) for year in (1020, 1989, 2101, 2202) if faults]
        with_time = draw(st.booleans()) if timed is None else timed
        due = draw(st.one_of(st.none(), instants if with_time else day, *map(st.just, strange)))
        settled = draw(st.one_of(st.none(), instants))
        status = draw(st.sampled_from(["open", "settled", "waiting", "returned", "withdrawn"]))
        if not faults:
            due = due and max(due, received.replace(hour=0, minute=0, second=0, microsecond=0))
            if due is not None and with_time:
                due = max(due, received)
            settled = settled and max(settled, received)
            if settled is None and status not in ("open", "waiting"):
                status = "open"
        names = st.sampled_from(["A", "B", None] if faults else ["A", "B"])
        channel = draw(st.sampled_from(["online", "in_person", "postal", None]))
        row = (str(number), draw(names), draw(names), "x", received, due, settled, channel, status)
        rows.append(row)
    return ledger_of(rows)


def ledger_of(rows: list[tuple]) -> pd.DataFrame:
    """Return rows as a typed ledger."""
    kinds = {name: "datetime64[us]" if name in TIMES else "str" for name in COLUMNS}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def counted(ledger: pd.DataFrame, window: Window) -> dict[str, int]:
    """Return what a window holds, dossier by dossier: the definition in plain Python."""
    found = dict.fromkeys(FIGURES, 0)
    for row in ledger.values.tolist():
        for name in flags_of(dict(zip(ledger.columns, row, strict=True)), window):
            found[name] += 1
    return found


FIGURES = (
    *("received_total", "carried_over", "newly_received", "received_online", "received_in_person"),
    *("settled_total", "settled_on_time", "settled_early", "settled_late"),
    *("pending_total", "pending_not_due", "pending_overdue", "returned", "withdrawn"),
    *("without_due_date", "due_by_day", "due_by_hour"),
    *("due_total", "due_on_time", "waiting", "not_counted"),
)


def before(time: pd.Timestamp, received: pd.Timestamp) -> bool:
    """Return whether a time lies before the receipt; a day alone lasts to its end."""
    return time < (received.normalize() if time == time.normalize() else received)


def flags_of(row: dict, window: Window) -> list[str]:
    """Return the figures that one dossier adds to."""
    start, over = pd.Timestamp(window.start), pd.Timestamp(window.after)
    received, due, settled = (None if pd.isna(row[name]) else row[name] for name in TIMES)
    status = row["status"]
    closed_undated = settled is None and status in ("settled", "returned", "withdrawn")
    if (
        received is None
        or closed_undated
        or any(t is not None and before(t, received) for t in (due, settled))
        or any(t is not None and not 1990 <= t.year <= 2100 for t in (received, due, settled))
    ):
        return ["not_counted"]
    left = status if settled is not None and status in ("returned", "withdrawn") else "settled"
    waits = settled is None and status == "waiting"
    late = False
    timed = due is not None and due != due.normalize()
    if due is not None and settled is not None:
        late = settled > due if timed else settled.date() > due.date()
    flags = []
    if due is not None and start <= due < over and left == "settled" and not waits:
        flags.append("due_total")
        if settled is not None and not late:
            flags.append("due_on_time")
    if received >= over or (settled is not None and settled < start):
        return flags
    flags.append("received_total")
    flags.append("without_due_date" if due is None else "due_by_hour" if timed else "due_by_day")
    if received < start:
        flags.append("carried_over")
    else:
        online = row["channel"] == "online"
        flags += ["newly_received", "received_online" if online else "received_in_person"]
    if settled is not None and settled < over:
        if left != "settled":
            return [*flags, left]
        flags += ["settled_total", "settled_late" if late else "settled_on_time"]
        if due is not None and settled.date() < due.date():
            flags.append("settled_early")
        return flags
    overdue = due is not None and due < over and not waits
    flags += ["pending_total", "pending_overdue" if overdue else "pending_not_due"]
    return [*flags, "waiting"] if waits else flags
