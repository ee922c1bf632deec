"""`tally_digital`: the form of digital services, as far as single dossiers tell it, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.codes import (
    ENDED_UNDATED,
    POSSIBLE,
    instants,
    interval,
    outcome,
    packed,
    unpacked,
    unusable,
)
from cchc_stats.ledger.counting.coverage import (
    Coverage,
    agency_places,
    coverage_columns,
    day_given,
    day_made,
    events_of,
)
from cchc_stats.ledger.counting.cube import first_row, grouped, groups_of
from cchc_stats.ledger.counting.doors import keys_asked, open_ledger
from cchc_stats.ledger.counting.windows import (
    AskedWindow,
    asked_windows,
    edges_of,
    name_columns,
    source,
    text_column,
    window_columns,
    within,
)

if TYPE_CHECKING:
    from cchc_stats.ledger.counting.codes import Code

# The flag of a dossier that a figure of the form counts, among the received and handled.
HANDLED = {
    "results_electronic": "result_electronic",
    "dossiers_digitised": "digitised",
    "dossiers_reused": "reused",
    "dossiers_shared": "shared",
    "population_data_dossiers": "population_data",
}
# And among those newly received.
RECEIVED = {
    "dossiers_with_fee": "fee",
    "dossiers_paid_online": "paid_online",
    "non_territorial": "non_territorial",
}
FLAGS = (*HANDLED.values(), *RECEIVED.values())
OPTIONAL = ("online_level", *FLAGS)
NO, YES, BLANK, UNKNOWN = range(4)
IN_PERSON, POSTAL, FULL, PART, NO_LEVEL = range(5)
CHANNELS = {
    "received_online_full": FULL,
    "received_online_part": PART,
    "received_in_person": IN_PERSON,
    "received_postal": POSTAL,
}
FIGURES = (*CHANNELS, "dossiers_handled", *HANDLED, *RECEIVED)


def tally_digital(
    ledger: object,
    windows: object,
    *,
    by: Sequence[str] | str = "agency",
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Return what single dossiers tell of the form `digital_services`, in each window.

    Parameters
    ----------
    ledger : as in `tally`, with those of these columns that its exports have (`read_ledger` reads
        them): `online_level` (full, part), and the flags `fee, paid_online, result_electronic,
        digitised, reused, shared, population_data, non_territorial` (yes, no, unknown; empty).
    windows, by : as in `tally`.
    as_of : the last day that counts; what was received or ended later is not there yet.

    Returns
    -------
    Frame of the form `digital_services`, a row per window and group, as in `tally`; `level` is
    "all", counts are Int64.
    Of those newly received: `received_online_full, received_online_part, received_in_person` (of an
    unknown channel too, as in `tally`), `received_postal`; `dossiers_with_fee`,
    `dossiers_paid_online` (of those with a fee), `non_territorial`.
    Of `dossiers_handled`, all that were received and in hand (`received_total` of `tally`):
    `results_electronic, dossiers_digitised, dossiers_reused, dossiers_shared,
    population_data_dossiers`.
    A figure is <NA> where the ledger lacks its column, or says of some dossier of the window what
    is neither yes nor no; so are both online figures where an online dossier's level is not stated.
    An empty cell is no. `not_told` names the columns with such cells, and the dossiers of each:
    "digitised: 2 empty; paid_online: 1 unknown". Figures of procedures and petitions are not
    counted by dossiers.
    `not_counted`: rows that no window can hold, as in `tally`.
    `coverage, first_event, last_event`: as in `tally`. `origin`: "tallied".

    Raises
    ------
    PeriodError, ReadError, CchcError
        As in `tally`.

    Source
    ------
    Decree 224/2026/NĐ-CP, article 19, and rows of the national portal under Decision 766/QĐ-TTg;
    which dossiers each figure is of is derived from those rows.

    Examples
    --------
    >>> ledger = pd.DataFrame({
    ...     "agency": "UBND xã A", "channel": ["online", "online", "in_person"], "status": "open",
    ...     "received_at": pd.to_datetime(["2026-07-01", "2026-07-02", "2026-05-01"]),
    ...     "due_at": pd.NaT, "settled_at": pd.NaT, "online_level": ["full", "part", None],
    ...     "digitised": ["yes", None, "yes"]})
    >>> form = tally_digital(ledger, pd.Period("2026Q3"))
    >>> form[["received_online_full", "dossiers_handled", "dossiers_digitised"]].values.tolist()
    [[1, 3, 2]]
    >>> form["not_told"].tolist(), form["dossiers_with_fee"].tolist()
    (['digitised: 1 empty'], [<NA>])
    """
    asked, keys = asked_windows(windows), keys_asked(by)
    last = day_given(as_of)
    until = None if last is None else last + dt.timedelta(days=1)
    opened = open_ledger(ledger, keys, optional=OPTIONAL)
    agencies, events = events_of(opened, keys)
    coverage = Coverage.of_events(events, len(agencies), last, day_made(ledger))
    edges = edges_of(asked, [until])
    schema = opened.collect_schema()
    there = [name for name in OPTIONAL if name in schema]
    parts = _parts(
        instants(edges, opened), instants(POSSIBLE, opened), {n: schema[n] for n in there}
    )
    counted = grouped(opened.select(*keys, code=packed([*parts.values()])), keys)
    sizes = [size for _, size in parts.values()]
    codes = unpacked(counted["code"].to_numpy("int64"), sizes, [*parts])
    groups, group = groups_of(counted, keys)
    counts = _Counts(group, counted["n"].to_numpy("int64"), len(groups))
    tables = [_window(counts, codes, one, edges, until) for one in asked]
    frame = pd.concat([pd.DataFrame(table) for table in tables], ignore_index=True)
    names = name_columns(groups, len(asked)) | window_columns(asked, len(groups))
    if "sector" not in keys:
        names.pop("sector", None)
    text = {"level": "all", "origin": "tallied", "not_applicable": ""}
    text |= {"source": source(groups if keys else first_row(opened))}
    frame = pd.concat([pd.DataFrame(names), frame], axis=1)
    return frame.assign(
        **coverage_columns(coverage, agency_places(groups, agencies), asked),
        **{name: text_column(value, frame.index) for name, value in text.items()},
    )


class _Counts:
    """Dossiers counted by group and kind, and how many of a group are of some kinds."""

    def __init__(self, group: np.ndarray, count: np.ndarray, groups: int) -> None:
        self.group, self.count, self.groups = group, count, groups

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """Return how many dossiers of each group are chosen."""
        number = np.bincount(self.group[chosen], self.count[chosen], self.groups)
        return number.astype("int64")


def _parts(edges: Sequence[Any], bounds: Sequence[Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return the code of each thing that matters, by name, with how many values it has."""
    import narwhals as nw

    received, due, ended = nw.col("received_at"), nw.col("due_at"), nw.col("settled_at")
    intervals = len(edges) + 2
    parts: dict[str, tuple[Code, int]] = {
        "received": (interval(received, edges), intervals),
        "ended": (interval(ended, edges), intervals),
        "unusable": (unusable(received, ended, due, bounds), 2),
        "outcome": (outcome(nw.col("status"), ended), 6),
        "channel": (_channel(leveled="online_level" in there), 5),
    }
    for name, kind in there.items():
        if name != "online_level":
            parts[name] = (_flag(name, kind), 4)
    return parts


def _channel(*, leveled: bool) -> Code:
    """Return by which channel a dossier came, an online one with its level."""
    import narwhals as nw

    channel, level = nw.col("channel"), nw.col("online_level")
    online: Code = NO_LEVEL
    if leveled:
        online = (level == "full", FULL, (level == "part", PART, NO_LEVEL))
    return channel == "online", online, (channel == "postal", POSTAL, IN_PERSON)


def _flag(name: str, kind: Any) -> Code:
    """Return a flag: a text, a truth or a number, 1 for yes and 0 for no."""
    import narwhals as nw

    cell = nw.col(name)
    if kind == nw.Boolean:
        yes, no, nothing = cell, ~cell, cell.is_null()
    elif kind.is_numeric():
        yes, no, nothing = cell == 1, cell == 0, cell.is_null()
    else:
        yes, no, nothing = cell == "yes", cell == "no", cell.is_null() | (cell == "")
    return nothing, BLANK, (yes, YES, (no, NO, UNKNOWN))


def _window(
    counts: _Counts,
    codes: Mapping[str, np.ndarray],
    asked: AskedWindow,
    edges: Sequence[dt.datetime],
    until: dt.date | None,
) -> dict[str, Any]:
    """Return the figures of a window, each by group, and what is not stated."""
    start, after = asked.between(edges)
    if until is not None:
        over = [edge.date() for edge in edges].index(until)
        start, after = min(start, over), min(after, over)
    usable = (codes["unusable"] == 0) & (codes["outcome"] < ENDED_UNDATED)
    new = within(codes["received"], start, after) & usable
    handled = (codes["received"] <= after) & (codes["ended"] > start) & usable
    new = new & handled
    table = {name: counts.of(new & (codes["channel"] == code)) for name, code in CHANNELS.items()}
    table["dossiers_handled"] = counts.of(handled)
    unknown = {"online_level": counts.of(new & (codes["channel"] == NO_LEVEL))}
    empty: dict[str, np.ndarray] = {}
    for name, flag in (HANDLED | RECEIVED).items():
        if flag in codes:
            among = handled if name in HANDLED else new
            if flag == "paid_online" and "fee" in codes:
                among = among & (codes["fee"] == YES)
            flagged = [counts.of(among & (codes[flag] == code)) for code in (YES, UNKNOWN, BLANK)]
            table[name], unknown[flag], empty[flag] = flagged
    if "fee" in unknown and "paid_online" in unknown:
        # Whose fee is not stated may have paid it.
        unknown["paid_online"] = unknown["paid_online"] + unknown["fee"]
    columns = {name: _known(table.get(name), unknown, name) for name in FIGURES}
    columns["not_told"] = pd.Series(
        ["; ".join(_told(group, unknown, empty)) for group in range(counts.groups)], dtype="str"
    )
    columns["not_counted"] = pd.array(counts.of(~usable), dtype="Int64")
    return columns


def _known(table: np.ndarray | None, unknown: Mapping[str, np.ndarray], name: str) -> Any:
    """Return a figure, <NA> where the ledger does not tell it."""
    flag = (HANDLED | RECEIVED).get(name, "online_level" if "online_" in name else "")
    if table is None:
        return pd.Series(pd.NA, index=range(len(unknown["online_level"])), dtype="Int64")
    column = pd.Series(table, dtype="Int64")
    return column.mask(unknown[flag] > 0) if flag in unknown else column


def _told(
    group: int, unknown: Mapping[str, np.ndarray], empty: Mapping[str, np.ndarray]
) -> Iterator[str]:
    for name in OPTIONAL:
        for what, cells in (("unknown", unknown), ("empty", empty)):
            if name in cells and cells[name][group]:
                yield f"{name}: {cells[name][group]} {what}"
