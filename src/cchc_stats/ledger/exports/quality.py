"""What an analyst must know of a ledger before believing the figures counted from it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting import POSSIBLE, day_made, first_and_last, first_day, last_day
from cchc_stats.words import (
    CchcError,
    alike_names,
    match_agency,
    several_spellings,
    vietnamese_order,
    word,
)

if TYPE_CHECKING:
    from cchc_stats.ledger.exports.sheets import Remark

COLUMNS = ("check", "count", "share", "example")
SHOWN = 3  # words or files that an example tells
SPELLED = 12  # spellings of one agency that an example tells
MANY_WORDS = 5  # from more of them on it is asked whether they are codes
YEARS_ALLOWED = 3  # that a dossier may be due after its receipt, and not be reported
_EVENTS = ("received_at", "settled_at")
_STATUSES = ("open", "settled", "waiting", "returned", "withdrawn")
_CHANNELS = ("online", "in_person", "postal")

Row = tuple[str, int, float, str]


def ledger_quality(ledger: Any) -> pd.DataFrame:
    """Return what an analyst must know of a ledger before believing its figures.

    Parameters
    ----------
    ledger : what `read_ledger` or `scan_ledger` gives, or a frame of the form LEDGER.

    Returns
    -------
    Frame `check, count, share, example`, a row per kind of thing that there is; `share` in percent
    of the rows read, or of the dossiers. The checks:
    `first_event`, `last_event` (as `tally` has them of the whole; the day in `example`);
    `far_ahead`: dossiers of an event that cannot be, after the export or long after all others, or
    due more than three years after receipt; `far_behind`: dossiers of an event years before all
    others; `due_end_of_day`, `due_time_of_day`, `due_not_stated`: dossiers by the kind of their due
    date; `rejected_…`: rows that cannot be used, by reason;
    `repeated`, `superseded`: rows of a dossier that come once more, or anew by a newer export;
    `changed`, `lost`: dossiers that a later export tells otherwise, or no more though they were
    open; `received_otherwise`: those of them whose day of receipt is another there, so that one
    number may stand for two dossiers; `after_export`: dossiers of a day after the export was made;
    `status_unknown`, `channel_unknown`, with the most frequent words, and `status_by_profile`,
    words that only `national_profile` explains; `facts_unknown`: cells of facts, such as a
    payment, that are neither yes nor no; `limit_refused`: time limits that are not in working
    days (days of the calendar, months, a number without its unit); `agency_unstated`,
    `sector_unstated`; `agency_spellings`: names that may be one agency; `agency_doubtful`: names of
    a key that may be short for several; `one_number`: dossiers of which another agency has number
    and receipt, so that one may count twice, as after a renaming (see `agency_changes=`);
    `number_spellings`: those of a history whose number differs from another's of that day by case,
    signs or leading zeros alone (000012 and 12); `export_empty`: exports without a row;
    `no_days`: cells such as 01/01/1900, taken for no day; `end_columns_joined`: rows whose end a
    further column tells; `merged_filled`: cells that took what is merged over them;
    `sheet_left_out`, `sheet_continued`, `file_left_out`, `code_page`, `columns_joined`,
    `columns_from_before`, `columns_passed_over`, `month_first`, `short_years`,
    `short_years_unread`, `mixed_order`, `days_swapped`, `sheet_hidden` (and read): what was decided
    of files, with their names. Days are swapped where a spreadsheet read 01/07 as 7 January.
    No cell about a person is in it.

    Raises
    ------
    CchcError
        Something that is no ledger.

    Examples
    --------
    >>> from cchc_stats import read_ledger
    >>> ledger = read_ledger("data/synthetic_ledger/synthetic_ledger-00000.parquet")
    >>> quality = ledger_quality(ledger).set_index("check")
    >>> quality.loc["due_end_of_day", ["count", "share"]].round(1).tolist()
    [14666.0, 99.1]
    """
    rows = [*_of_dossiers(ledger), *_of_reading(ledger)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"check": "str", "count": "Int64", "share": "Float64", "example": "str"})


def _share(count: int, total: int) -> float:
    return 100 * count / total if total else float("nan")


def _of_dossiers(ledger: Any) -> Iterator[Row]:
    """Yield what the dossiers themselves tell."""
    frame = getattr(ledger, "frame", ledger)
    if not hasattr(frame, "columns") or not {"received_at", "due_at"} <= {*frame.columns}:
        raise CchcError(
            "this is no ledger of dossiers",
            where=f"ledger=, a {type(ledger).__name__}",
            mend="give what read_ledger or scan_ledger gives",
        )
    names, events, (dossiers, undated, timed) = _looked_at(frame)
    if len(events):
        yield from _of_events(ledger, frame, events, dossiers)
    for check, count in (
        ("due_end_of_day", dossiers - undated - timed),
        ("due_time_of_day", timed),
        ("due_not_stated", undated),
    ):
        if count:
            yield check, count, _share(count, dossiers), ""
    for group in _spellings(sorted(map(str, names), key=vietnamese_order)):
        more = f" = … {len(group) - SPELLED}" if len(group) > SPELLED else ""
        yield "agency_spellings", len(group), float("nan"), " = ".join(group[:SPELLED]) + more
    if isinstance(frame, pd.DataFrame) and not hasattr(ledger, "counts"):
        yield from _of_codes(frame, dossiers)


def _of_events(ledger: Any, frame: Any, events: pd.DataFrame, dossiers: int) -> Iterator[Row]:
    """Yield the first and last day of which a ledger tells, and the dossiers of other ones."""
    apart = (events.loc[events["event"] == name, "day"] for name in _EVENTS)
    received, ended = (days.drop_duplicates().to_numpy("datetime64[D]") for days in apart)
    made = day_made(ledger)
    pairs = events.drop_duplicates("day") if events["agency"].isna().all() else events
    days = pairs[["agency", "day"]].drop_duplicates()["day"].to_numpy("datetime64[D]")
    numbers = days.astype("int64")
    last = np.datetime64(last_day(numbers, made), "D")
    first = np.datetime64(first_day(numbers), "D")
    told = first_and_last(received, ended, made)
    for check, day in zip(("first_event", "last_event"), told, strict=True):
        yield check, 1, float("nan"), f"{pd.Timestamp(day):%d/%m/%Y}"
    if ahead := _ahead(frame, pd.Timestamp(last) + pd.Timedelta(days=1)):
        yield "far_ahead", ahead, _share(ahead, dossiers), ""
    if behind := _behind(frame, pd.Timestamp(first)) if first > days.min() else 0:
        yield "far_behind", behind, _share(behind, dossiers), ""


def _looked_at(frame: Any) -> tuple[list[str], pd.DataFrame, tuple[int, int, int]]:
    """Return the agencies, the days on which each had an event of a kind, and those of due dates.

    Of dossiers there are so many, so many without a due date, and so many due at an hour.
    """
    if isinstance(frame, pd.DataFrame):
        named = frame["agency"] if "agency" in frame else pd.Series("", frame.index)
        each = [
            pd.DataFrame({"agency": named, "day": frame[name].dt.normalize(), "event": name})
            for name in _EVENTS
            if name in frame
        ]
        events = pd.concat([one.drop_duplicates() for one in each])
        due = frame["due_at"].dropna()
        kinds = len(frame), len(frame) - len(due), int((due != due.dt.normalize()).sum())
    else:
        first, last = (
            frame.project(f"agency, date_trunc('day', {name}) AS day, '{name}' AS event")
            for name in _EVENTS
        )
        events = first.union(last).distinct().df()
        kinds = frame.aggregate(
            "count(*), count(*) FILTER (due_at IS NULL), "
            "count(*) FILTER (due_at <> date_trunc('day', due_at))"
        ).fetchall()[0]
    names = [name for name in events["agency"].dropna().unique().tolist() if name]
    possible = events["day"].between(*POSSIBLE, inclusive="left")
    return names, events[possible], kinds


def _ahead(frame: Any, end: pd.Timestamp) -> int:
    """Return how many dossiers have an event from an instant on, or are due years after receipt."""
    if isinstance(frame, pd.DataFrame):
        there = [name for name in _EVENTS if name in frame]
        late = (frame[there] >= end).any(axis=1)
        years = pd.DateOffset(years=YEARS_ALLOWED)
        return int((late | (frame["due_at"] > frame["received_at"] + years)).sum())
    later = [f"{name} >= TIMESTAMP '{end}'" for name in _EVENTS]
    later.append(f"due_at > received_at + INTERVAL {YEARS_ALLOWED} YEAR")
    return int(frame.filter(" OR ".join(later)).aggregate("count(*)").fetchall()[0][0])


def _behind(frame: Any, start: pd.Timestamp) -> int:
    """Return how many dossiers have an event before an instant."""
    if isinstance(frame, pd.DataFrame):
        there = [name for name in _EVENTS if name in frame]
        return int((frame[there] < start).any(axis=1).sum())
    earlier = " OR ".join(f"{name} < TIMESTAMP '{start}'" for name in _EVENTS)
    return int(frame.filter(earlier).aggregate("count(*)").fetchall()[0][0])


def _spellings(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield names that may be one agency: spelled in several ways, or short for another."""
    groups = several_spellings(names)
    firsts = [group[0] for group in groups]
    alone = [name for name in names if not any(name in group for group in groups)]
    short: dict[str, list[str]] = {}
    alike = alike_names((*firsts, *alone))
    for name in alone:
        match = match_agency(name, alike[name])
        if match.name:
            short.setdefault(match.name, []).append(name)
    for group in groups:
        yield (*group, *short.pop(group[0], ()))
    for name, others in short.items():
        yield (name, *others)


def _of_codes(frame: Any, dossiers: int) -> Iterator[Row]:
    """Yield the codes of a frame that are none, and its dossiers that come more than once."""
    for name, codes in (("status", _STATUSES), ("channel", _CHANNELS)):
        if name in frame:
            strange = frame[name].dropna()
            strange = strange[~strange.isin(codes)].value_counts()
            if len(strange):
                texts = {str(text): int(number) for text, number in strange.items()}
                yield _words(f"{name}_unknown", texts, dossiers)
    if "dossier_id" in frame and (again := int(frame["dossier_id"].duplicated().sum())):
        yield "repeated", again, _share(again, dossiers), ""
    for name in ("agency", "sector"):
        if name in frame and (lacking := int((frame[name] == word("ledger", "not_stated")).sum())):
            yield f"{name}_unstated", lacking, _share(lacking, dossiers), ""


def _words(check: str, texts: dict[str, int], total: int) -> Row:
    count = sum(texts.values())
    return check, count, _share(count, total), words_counted(texts, SHOWN)


def words_counted(texts: Mapping[str, int], most: int | None = None) -> str:
    """Return the words of a column with the rows of each, the first so many; of free text none.

    Codes come again and again. Many words that hardly do are no codes and may be people's names.

    Examples
    --------
    >>> words_counted({"Xong": 7, "Chờ": 1})
    "'Xong' (7), 'Chờ' (1)"
    >>> words_counted({f"Nguyễn Văn {letter}": 1 for letter in "ABCDEF"})
    '… (6)'
    """
    count = sum(texts.values())
    if len(texts) > MANY_WORDS and count < 2 * len(texts):
        return f"… ({count})"
    return ", ".join(f"{text!r} ({number})" for text, number in list(texts.items())[:most])


def _of_reading(ledger: Any) -> Iterator[Row]:
    """Yield what reading the exports met."""
    stated = getattr(ledger, "counts", None)
    if stated is None:
        return
    counts = stated() if callable(stated) else stated
    rows, dossiers = counts.rows_read, counts.dossiers
    numbers = {f"rejected_{reason}": (number, rows) for reason, number in counts.rejected.items()}
    numbers |= {
        name: (getattr(counts, name), rows) for name in ("repeated", "superseded", "no_days")
    }
    numbers["end_columns_joined"] = counts.joined, rows
    for name in ("agency_unstated", "sector_unstated"):
        numbers[name] = getattr(counts, name), dossiers
    for check, (number, total) in numbers.items():
        if number:
            yield check, number, _share(number, total), ""
    for check, texts in (
        ("status_unknown", counts.status_unknown),
        ("channel_unknown", counts.channel_unknown),
        ("status_by_profile", counts.by_profile),
        ("facts_unknown", counts.facts_unknown),
        ("limit_refused", counts.limit_refused),
    ):
        if texts:
            yield _words(check, dict(texts), rows)
    yield from _of_changes(ledger, dossiers)
    yield from _of_exports(ledger, dossiers)
    yield from _of_files(ledger.remarks)


def _of_changes(ledger: Any, dossiers: int) -> Iterator[Row]:
    changes = ledger.changes() if callable(ledger.changes) else ledger.changes
    if "field" not in changes or changes.empty:
        return
    lost = changes["field"] == "lost"
    receipt = changes["field"] == "received_at"
    moved = receipt & (changes["before"].str[:10] != changes["after"].str[:10])
    for check, mask in (("changed", ~lost), ("received_otherwise", moved), ("lost", lost)):
        if count := int(changes.loc[mask, "dossier_id"].nunique()):
            yield check, count, _share(count, dossiers), ""


def _of_exports(ledger: Any, dossiers: int) -> Iterator[Row]:
    """Yield the dossiers that may count twice, and those of a day after the last export."""
    by_agency = "agency" in ledger.overlaps.key
    for check, number in (
        ("one_number", _of_one_number(ledger.frame) if by_agency else 0),
        ("number_spellings", _number_spellings(ledger.frame) if ledger.overlaps.several else 0),
        ("after_export", _after_export(ledger)),
    ):
        if number:
            yield check, number, _share(number, dossiers), ""


def _of_one_number(frame: Any) -> int:
    """Return how many dossiers have number and receipt of another agency's."""
    told = ["dossier_id", "received_at"]
    if isinstance(frame, pd.DataFrame):
        return int(frame.duplicated(told).sum())
    distinct = frame.project(", ".join(told)).distinct().aggregate("count(*)").fetchall()[0][0]
    return int(frame.aggregate("count(*)").fetchall()[0][0] - distinct)


def _number_spellings(frame: Any) -> int:
    """Return how many dossiers have another one's number, spelled otherwise, and day of receipt."""
    if not isinstance(frame, pd.DataFrame):
        number = "ltrim(regexp_replace(lower(dossier_id), '[^0-9a-z]+', '-', 'g'), '0')"
        day = "date_trunc('day', received_at) AS day"
        spelled = frame.project(f"dossier_id, {number} AS number, {day}").distinct()
        numbers = spelled.project("number, day").distinct()
        some, all_of = (one.aggregate("count(*)").fetchall()[0][0] for one in (numbers, spelled))
        return int(all_of - some)
    plain = frame["dossier_id"].str.lower().str.replace("[^0-9a-z]+", "-", regex=True)
    days = frame["received_at"].dt.normalize()
    columns = {"id": frame["dossier_id"], "number": plain.str.lstrip("0"), "day": days}
    return int(pd.DataFrame(columns).drop_duplicates().duplicated(["number", "day"]).sum())


def _after_export(ledger: Any) -> int:
    """Return how many dossiers were received or ended after the last export was made."""
    exported = ledger.exported_on
    days = (exported() if callable(exported) else exported).values()
    if not days:
        return 0
    end = pd.Timestamp(max(days)) + pd.Timedelta(days=1)
    frame = ledger.frame
    if isinstance(frame, pd.DataFrame):
        return int((frame[list(_EVENTS)] >= end).any(axis=1).sum())
    later = " OR ".join(f"{name} >= TIMESTAMP '{end}'" for name in _EVENTS)
    return int(frame.filter(later).aggregate("count(*)").fetchall()[0][0])


def _of_files(remarks: tuple[Remark, ...]) -> Iterator[Row]:
    """Yield the remarks on files, these by their names below the folder that all are in."""
    places = {one.where: one.where.partition(", sheet ") for one in remarks if one.where}
    parts = {where: Path(place[0]).parts for where, place in places.items()}
    above = len(os.path.commonprefix([some[:-1] for some in parts.values()]))
    named = {"": ""}
    for where, (_, in_book, sheet) in places.items():
        named[where] = "/".join(parts[where][above:]) + (in_book and f", {sheet}")
    together: dict[str, list[Remark]] = {}
    for remark in remarks:
        one = replace(remark, where=named[remark.where])
        together.setdefault(remark.check, []).append(one)
    for check, some in together.items():
        examples = [": ".join(filter(None, (one.where, one.detail))) for one in some[:SHOWN]]
        more = f"; … {len(some) - SHOWN}" if len(some) > SHOWN else ""
        yield check, sum(one.count for one in some), float("nan"), "; ".join(examples) + more
