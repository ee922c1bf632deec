"""The rows of a form's frame as arrays, an indicator's figures over them, and blocks of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from cchc_stats.forms import IN_PROSE, KEY, LEVELS, Identity, Quotes, dashed_columns, find_form
from cchc_stats.indicators.indicator import Indicator, terms
from cchc_stats.values import key_codes, window_columns
from cchc_stats.words import Label, format_number, word

# States of figures, reported ones first, with the status that each has in values. A "-" beside a
# figure is kept apart: such a row is no part of a sum, yet its sum without it would mislead.
REPORTED, ZERO_DENOMINATOR, DASH, DASH_IN_PART, EMPTY = range(5)
STATUS = np.array(
    ["reported", "undefined", "not_applicable", "not_applicable", "not_reported"], dtype=object
)


@dataclass(frozen=True, eq=False)
class RowFigures:
    """Numerator, denominator and state of an indicator, one of each per row."""

    numerator: np.ndarray
    denominator: np.ndarray
    state: np.ndarray

    def value(self, indicator: Indicator) -> np.ndarray:
        """Return the numerator over the denominator, NaN where that is no number."""
        if not indicator.denominator:
            return self.numerator
        divisor = np.where(self.denominator == 0, np.nan, self.denominator)
        value: np.ndarray = indicator.scale * self.numerator / divisor
        return value

    def impossible(self, indicator: Indicator) -> np.ndarray:
        """Return which are a share of counted events that is not between nothing and all."""
        if indicator.kind != "events":
            return np.zeros(len(self.state), dtype=bool)
        outside = (self.numerator > self.denominator) | (self.numerator < 0)
        return (self.state == REPORTED) & outside  # type: ignore[no-any-return]

    def take(self, rows: np.ndarray) -> Self:
        """Return the figures at some positions."""
        return type(self)(self.numerator[rows], self.denominator[rows], self.state[rows])

    def followed_by(self, more: RowFigures) -> Self:
        """Return these figures and more below them."""
        both = zip(vars(self).values(), vars(more).values(), strict=True)
        return type(self)(*map(np.concatenate, both))


@dataclass(frozen=True, eq=False)
class Measured:
    """The values of one indicator: arrays of one length, named as in the values frame."""

    indicator: Indicator
    agency: np.ndarray
    period: np.ndarray
    basis: np.ndarray
    group: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    value: np.ndarray
    status: np.ndarray
    window_start: np.ndarray
    window_end: np.ndarray
    source: np.ndarray
    note: np.ndarray
    origin: np.ndarray  # "" where the indicator tells it

    @classmethod
    def of(
        cls, indicator: Indicator, figures: RowFigures, columns: dict[str, np.ndarray], *, lang: str
    ) -> Measured:
        """Return figures as values: the numerator over the denominator where that is a number."""
        note = columns["note"]
        value, status = figures.value(indicator), STATUS[figures.state]
        impossible = figures.impossible(indicator)
        if impossible.any():
            value = np.where(impossible, np.nan, value)
            status = np.where(impossible, "implausible", status)
            note = joined_notes(note, impossible, _why_impossible(figures, impossible, lang=lang))
        if always := indicator.note.in_language(lang):
            note = joined_notes(note, np.ones(len(note), dtype=bool), always)
        return cls(
            indicator=indicator,
            numerator=figures.numerator,
            denominator=figures.denominator,
            value=value,
            status=status,
            **columns | {"note": note},
        )

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.value)

    def at_the_end(self) -> Measured:
        """Return a stock's values as of the last day of their windows, whatever flows beside it."""
        return replace(self, basis=repeated("as_of", len(self)), window_start=self.window_end)

    def noted(self, rows: np.ndarray, more: str) -> Measured:
        """Return the values with one more note in the rows of a mask."""
        return replace(self, note=joined_notes(self.note, rows, more))

    def take(self, chosen: np.ndarray) -> Measured:
        """Return the values where a mask is True."""
        if chosen.all():
            return self
        rows = np.flatnonzero(chosen)
        arrays = {name: array[rows] for name, array in vars(self).items() if name != "indicator"}
        return Measured(indicator=self.indicator, **arrays)


def _why_impossible(figures: RowFigures, rows: np.ndarray, *, lang: str) -> np.ndarray:
    text = word("measuring", "implausible", lang=lang)
    pairs = zip(figures.numerator[rows], figures.denominator[rows], strict=True)
    words = [
        text.format(numerator=printed(top, lang=lang), denominator=printed(bottom, lang=lang))
        for top, bottom in pairs
    ]
    return np.array(words, dtype=object)


def repeated(text: str, times: int) -> np.ndarray:
    """Return one text many times: an array to be read and copied, not written into."""
    return np.broadcast_to(np.array(text, dtype=object), times)


def joined_notes(notes: np.ndarray, rows: np.ndarray, more: str | np.ndarray) -> np.ndarray:
    """Return notes with one more in the rows of a mask, one for all or one for each of them.

    Examples
    --------
    >>> notes = np.array(["", "a", "a"], dtype=object)
    >>> joined_notes(notes, np.array([True, True, False]), "b").tolist()
    ['b', 'a; b', 'a']
    """
    at = np.flatnonzero(rows)
    joined = notes.copy()
    joined[at] = np.where(notes[at] == "", more, notes[at] + ("; " + more))
    return joined


def printed(figure: float, *, lang: str) -> str:
    """Return a figure as a note prints it.

    Examples
    --------
    >>> printed(1315.0, lang="vi"), printed(200 / 3, lang="en")
    ('1.315', '66.67')
    """
    return format_number(figure, decimals=2, lang=lang)


def from_prose(frame: pd.DataFrame) -> np.ndarray:
    """Return which rows were built from sentences of a report, as their sources say."""
    return np.array([IN_PROSE in place for place in frame["source"]], dtype=bool)


NOTES_OF_PARTS = 3  # more of them would hide what the total has to say itself
# A stock that stands twice is taken from the row of the end of the period itself.
BASIS_FIRST = {"as_of": 0, "in_period": 1, "year_to_date": 2}


@dataclass(frozen=True, eq=False)
class Rows:
    """What all indicators of one frame share: keys, groups, places, and what was printed "-".

    Parameters
    ----------
    frame : a form's, validated or prepared.
    row : its column of codes, "" where it has none.
    nest : the column of levels in which such rows stand, "" where the form has none.
    keys_of_report : the columns that tell reports, or levels of reports, apart.
    prepared : whether a column `note` is for the values; a report's own is its remarks.
    lang : the language of notes and of sources of sums.
    form : its code.
    names : code -> label of the rows, where the form fixes them.
    """

    frame: pd.DataFrame
    row: str
    nest: str = ""
    keys_of_report: tuple[str, ...] = KEY
    prepared: bool = False
    lang: str = "vi"
    form: str = ""
    names: Mapping[str, Label] = field(default_factory=dict)

    @cached_property
    def inner(self) -> np.ndarray:
        """The code of each row within its level."""
        if not self.row:
            return repeated("all", len(self.frame))
        return self.frame[self.row].to_numpy(dtype=object)

    @cached_property
    def nests(self) -> np.ndarray | None:
        """The level of each row, None where none stands in one."""
        if not self.nest or self.nest not in self.frame:
            return None
        nests = self.frame[self.nest].to_numpy(dtype=object)
        return None if (nests == "all").all() else nests

    @cached_property
    def group(self) -> np.ndarray:
        """The group of each row: its code, of a row in a level `<level>|<code>`."""
        if self.nests is None:
            return self.inner
        nested = np.where(self.inner == "all", self.nests, self.nests + "|" + self.inner)
        return np.where(self.nests == "all", self.inner, nested)

    def of_levels(self, inside: np.ndarray) -> Rows:
        """Return the rows that stand in levels, each level of a report as a report of its own."""
        frame = self.frame[inside].assign(
            source=pd.array(self.keys["source"][inside], dtype="str"), note=self.note[inside]
        )
        keys = (*KEY, self.nest)
        return replace(self, frame=frame, nest="", keys_of_report=keys, prepared=True)

    def with_levels(self, outside: np.ndarray, levels: Mapping[str, np.ndarray]) -> Rows:
        """Return the rows that stand in no level, and the totals of levels as rows below them."""
        own = self.keys | {"group": self.inner, "note": self.note}
        columns = {name: np.concatenate([own[name][outside], levels[name]]) for name in own}
        quarters = pd.PeriodIndex.from_ordinals(columns.pop("period"), freq="Q-DEC")  # type: ignore[attr-defined]
        frame = pd.DataFrame(columns | {"period": quarters, "not_applicable": ""})
        return Rows(frame, "group", prepared=True, lang=self.lang, names=LEVELS)

    @cached_property
    def is_total(self) -> np.ndarray:
        """Whether the row is the total itself, printed as such."""
        is_total: np.ndarray = self.group == "all"
        return is_total

    @cached_property
    def note(self) -> np.ndarray:
        """What is to be said of each row's values."""
        note = repeated("", len(self.frame))
        if self.prepared and "note" in self.frame:
            note = self.frame["note"].to_numpy(dtype=object)
        said = word("measuring", "from_prose", lang=self.lang)
        places = from_prose(self.frame)
        return joined_notes(note, places & ~np.array([said in one for one in note], bool), said)

    @cached_property
    def keys(self) -> dict[str, np.ndarray]:
        """The columns that every value of a row takes over; its window is the decree's if unsaid.

        Each array is as long as the frame.
        """
        windows = {}
        decreed = window_columns(self.frame["period"], self.frame["basis"])
        for name, days in zip(("window_start", "window_end"), decreed, strict=True):
            windows[name] = days
            if name in self.frame:
                stated = self.frame[name].to_numpy("datetime64[us]")
                windows[name] = np.where(np.isnat(stated), days, stated)
        return {
            "agency": self.frame["agency"].to_numpy(dtype=object),
            "period": pd.PeriodIndex(self.frame["period"]).asi8,
            "basis": self.frame["basis"].to_numpy(dtype=object),
            "source": self.frame["source"].to_numpy(dtype=object),
            "origin": self.origin,
            **windows,
        }

    @cached_property
    def origin(self) -> np.ndarray:
        """Where each row's figures come from, "" of a report's."""
        if "origin" not in self.frame:
            return repeated("", len(self.frame))
        return self.frame["origin"].fillna("").to_numpy(dtype=object)

    @cached_property
    def bases_differ(self) -> bool:
        """Whether the rows are of more than one basis."""
        basis = self.keys["basis"]
        return bool((basis[1:] != basis[:-1]).any())

    @cached_property
    def reports(self) -> tuple[np.ndarray, np.ndarray]:
        """A number for the report (agency, period, basis) of each row, and each one's first row."""
        if not self.row:
            each = np.arange(len(self.frame))
            return each, each
        codes = key_codes(self.frame, self.keys_of_report)
        return codes, np.unique(codes, return_index=True)[1]

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows that are parts of a total, and the number of each one's report."""
        rows = np.flatnonzero(~self.is_total)
        return rows, self.reports[0][rows]

    def noted(self, rows: np.ndarray, more: str) -> Rows:
        """Return the same rows with one more note in those of a mask, and in their sums."""
        noted = copy(self)  # with all that was computed so far
        vars(noted).pop("notes_of_parts", None)
        vars(noted)["note"] = joined_notes(self.note, rows, more)
        return noted

    @cached_property
    def unbalanced(self) -> list[tuple[frozenset[str], np.ndarray, Identity]]:
        """The columns and rows in which a statement of the form does not hold."""
        identities = [] if self.prepared else find_form(self.form).identities
        broken = [(one, one.broken(self.frame).to_numpy()) for one in identities]
        return [(frozenset(one.columns), rows, one) for one, rows in broken if rows.any()]

    def quoting(self, quotes: Quotes, columns: Sequence[str]) -> Rows:
        """Return the same rows with the cells of some columns in their sources, and in sums'."""
        rows = copy(self)  # with all that was computed so far
        places = quotes.sources(columns)
        text = word("measuring", "sum_of_rows", lang=self.lang)
        parts, codes = self.parts
        sums = self.sum_source.copy()
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        for rows_of in np.split(parts[order], starts[1:]) if len(parts) else []:
            report = self.reports[0][rows_of[0]]
            if len(rows_of) == 1:
                sums[report] = places[rows_of[0]]
                continue
            place, cells = quotes.added(columns, rows_of.tolist())
            if cells:
                n_rows = text.format(n=len(rows_of))
                sums[report] = f"{place or places[rows_of[0]]}: {n_rows}: {cells}"
        vars(rows).update(keys=self.keys | {"source": places}, sum_source=sums)
        return rows

    @cached_property
    def sum_source(self) -> np.ndarray:
        """The place of each report's rows taken together."""
        rows, codes = self.parts
        first = self.reports[1].copy()
        number = np.bincount(codes, minlength=len(first))
        # Backwards, so that the first part of each report is the one that stays.
        first[codes[::-1]] = rows[::-1]
        text = word("measuring", "sum_of_rows", lang=self.lang)
        words = ["" if n < 2 else ": " + text.format(n=n) for n in range(number.max(initial=0) + 1)]
        source: np.ndarray = self.keys["source"][first] + np.array(words, dtype=object)[number]
        return source

    @cached_property
    def sum_window(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """First and last day of each report's parts, and whether those days differ among them."""
        rows, codes = self.parts
        first = self.reports[1].copy()
        first[codes] = rows
        window: list[np.ndarray] = []
        differs: list[np.ndarray] = []
        for name, furthest in (("window_start", np.minimum), ("window_end", np.maximum)):
            days = self.keys[name]
            reach = days[first]
            other = days[rows] != reach[codes]
            differs.append(np.bincount(codes[other], minlength=len(first)) > 0)
            if other.any():
                furthest.at(reach, codes[other], days[rows[other]])
            window.append(reach)
        return window[0], window[1], differs[0], differs[1]

    @cached_property
    def notes_of_parts(self) -> np.ndarray:
        """The notes of each report's parts, the first few, each with the part it speaks of."""
        codes, first = self.reports
        together = np.full(len(first), "", dtype=object)
        number = np.bincount(codes[~self.is_total], minlength=len(first))
        said: dict[int, list[tuple[str, str]]] = {}
        for row in np.flatnonzero((self.note != "") & ~self.is_total):
            label = self.names.get(self.group[row])
            name = label.in_language(self.lang) if label else self.group[row]
            said.setdefault(codes[row], []).append((name, self.note[row]))
        for report, notes in said.items():
            # What is said of a single part, or of every part, is said of the total.
            alike = len(notes) == number[report] and len({note for _, note in notes}) == 1
            words = [notes[0][1]] if alike else [f"{name}: {note}" for name, note in notes]
            together[report] = "; ".join(words[:NOTES_OF_PARTS])
        return together

    @cached_property
    def printed_dash(self) -> dict[str, np.ndarray]:
        """Column -> mask of the rows in which "-" was printed there."""
        codes, distinct = pd.factorize(self.frame["not_applicable"])
        masks: dict[str, np.ndarray] = {}
        for number, text in enumerate(distinct):
            for name in dashed_columns(text):
                masks[name] = masks.get(name, False) | (codes == number)
        return masks

    def lacking(self, names: Iterable[str]) -> np.ndarray:
        """Return which reports have in some column neither a figure nor a "-", in any row."""
        codes, first = self.reports
        lacks = np.zeros(len(first), dtype=bool)
        for name in names:
            filled = self.frame[name].notna().to_numpy() | self.printed_dash.get(name, False)
            lacks |= np.bincount(codes[filled], minlength=len(first)) == 0
        return lacks

    def evaluate(self, indicator: Indicator) -> RowFigures:
        """Return the indicator's parts in each row, missing as NaN, and the state."""
        size = len(self.frame)
        top = self._sum(indicator.numerator)
        bottom, unknown = np.full(size, np.nan), np.isnan(top)
        state = np.zeros(size, dtype="int8")
        if indicator.denominator:
            bottom = self._sum(indicator.denominator)
            unknown = unknown | np.isnan(bottom)
            state[bottom == 0] = ZERO_DENOMINATOR
        state[unknown] = EMPTY
        names = indicator.made_from or indicator.columns
        if self.printed_dash.keys() & set(names):
            figure, empty = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
            # In the cell of a printed "2/3" one "-" speaks of both figures.
            other = {of: part for part, of in find_form(indicator.form).fractions.items()}
            for name in names:
                missing = self.frame[name].isna().to_numpy()
                figure |= ~missing
                for one in {name, other.get(name, name)} & self.printed_dash.keys():
                    missing = missing & ~self.printed_dash[one]
                empty |= missing
            # What was not reported may yet be a figure: it outranks a "-" beside it.
            absent = unknown & ~empty
            state[absent] = np.where(figure[absent], DASH_IN_PART, DASH)
        return RowFigures(top, bottom, state)

    @cached_property
    def _floats(self) -> dict[str, np.ndarray]:
        """Columns as numbers, missing as NaN, as far as they were asked for."""
        return {}

    def _sum(self, expression: str) -> np.ndarray:
        """Return a sum of columns in each row, NaN where one of its terms is missing."""
        total = np.zeros(1)
        for sign, name in terms(expression):
            if name not in self._floats:
                column = self.frame[name].to_numpy("float64", na_value=np.nan)
                self._floats[name] = column
            total = total + sign * self._floats[name]
        return total

    def at_one_basis(
        self, figures: RowFigures, indicator: Indicator, chosen: np.ndarray
    ) -> tuple[Rows, RowFigures]:
        """Return the chosen rows of a stock as of the period's end, each group's one, with figures.

        The reported row comes first, then the one of the better basis; what disagrees is noted.
        """
        at = np.flatnonzero(chosen)
        key = key_codes(self.frame.assign(group=self.group), ["agency", "period", "group"])[at]
        rank = self.frame["basis"].map(BASIS_FIRST).to_numpy()[at]
        sorting = np.lexsort((rank, figures.state[at] > ZERO_DENOMINATOR, key))
        order, key = at[sorting], key[sorting]
        first = np.r_[True, key[1:] != key[:-1]]
        taken = order[first][np.cumsum(first) - 1]
        value, note = figures.value(indicator), self.note.copy()
        text = word("measuring", "other_figure", lang=self.lang)
        for pair in np.flatnonzero((value[order] != value[taken]) & ~np.isnan(value[order])):
            row, other = order[pair], taken[pair]
            place = self.keys["source"][row]
            more = text.format(
                basis=word("basis", self.keys["basis"][row], lang=self.lang),
                value=printed(value[row], lang=self.lang),
                place=f" ({place})" if place else "",
            )
            note[other] = f"{note[other]}; {more}" if note[other] else more
        kept = np.sort(order[first])
        end = self.keys["window_end"][kept]
        frame = self.frame.iloc[kept].assign(
            basis="as_of",
            window_start=end,
            window_end=end,
            note=note[kept],
            source=pd.array(self.keys["source"][kept], dtype="str"),
        )
        return replace(self, frame=frame, prepared=True), figures.take(kept)

    def block(self, figures: RowFigures, indicator: Indicator, *, chosen: np.ndarray) -> Measured:
        """Return the values of the chosen rows."""
        columns = self.keys | {"group": self.group, "note": self.note}
        if not chosen.all():
            rows = np.flatnonzero(chosen)
            columns = {name: array[rows] for name, array in columns.items()}
            figures = figures.take(rows)
        return Measured.of(indicator, figures, columns, lang=self.lang)
