"""The door of the forms: `validate` lets a frame through, typed, or tells all its faults at once.

One pass over whole columns decides, by what the form states of them; pandera's model of the form is
made of the same statement, and a law holds the two to the same verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.catalogue import find_form
from cchc_stats.forms.faults import Fault, form_error
from cchc_stats.forms.form import Form
from cchc_stats.forms.identity import contradicted
from cchc_stats.forms.typed import (
    FEW,
    Cells,
    beyond,
    cells_of,
    quarter_of,
    read_column,
    series_of,
)
from cchc_stats.words import CchcError, told_basis, word

Columns: TypeAlias = Mapping[Any, Cells]
Figures: TypeAlias = Mapping[str, tuple[np.ndarray, np.ndarray]]
TYPES = {"count": "Int64", "amount": "Float64", "time": "datetime64[us]", "text": "str"}


@dataclass(frozen=True, eq=False)
class Examined:
    """A form's columns, typed and in order, and what is wrong in them.

    Attributes
    ----------
    columns : name -> array; a column with a fault stays as it came.
    faults : what is wrong.
    figures : name -> values, and which of them are there and right.
    length : the number of rows.
    given : the frame that the columns are from, where they were all as they should be, or one of
        them as they are now; None where no frame is built yet.
    """

    columns: Columns
    faults: list[Fault]
    figures: Figures
    length: int
    given: pd.DataFrame | None = None

    @cached_property
    def table(self) -> pd.DataFrame:
        """The frame of the columns, which who has it may change.

        Built when first asked for: most checks look at a few columns, and a report has ten tables
        of ten columns, which take longer to build than to look at.
        """
        return pd.DataFrame(self.columns, copy=False) if self.given is None else self.given

    @property
    def is_typed(self) -> bool:
        """Whether no column has a fault; an identity may be broken."""
        return all(fault.rule == "identity" for fault in self.faults)

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a column, none where there is no such column."""
        return self.columns[name].tolist() if name in self.columns else []

    def reported(self, name: str) -> list[float | None]:
        """Return the figures of a column, None where there is none."""
        if name not in self.figures:
            return [None] * self.length
        values, known = self.figures[name]
        pairs = zip(values.tolist(), known.tolist(), strict=True)
        return [value if is_known else None for value, is_known in pairs]


def validate(frame: pd.DataFrame, form: Form | str) -> pd.DataFrame:
    """Return the frame as the form has it: columns in order, typed, checked; or tell every fault.

    Parameters
    ----------
    frame : one row per `form.row` of a report, with the form's columns (`form.columns`); counts as
        integers or whole floats, periods as quarters or as texts such as "quý III năm 2020". Where
        it is not there, `basis` is what the period's text tells, else the form's own;
        `not_applicable` and `source` are empty; an optional column is all <NA>, unless a column is
        there whose name is nearly the same. Other columns are kept, last.
    form : a form or its code.

    Returns
    -------
    New frame with index 0…n-1; counts Int64, amounts Float64, period `period[Q-DEC]`. Missing
    figures are <NA>; a row that lacks a term of an identity neither passes nor fails it.

    Raises
    ------
    FormError
        With every fault at once; `.faults` is a findings frame, `.count` their number.
    CchcError
        What is given is no DataFrame, or there is no such form.

    Examples
    --------
    >>> documents = pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380],
    ...      "sent_paper": [65], "sent_electronic": [1315]})
    >>> validate(documents, "documents")["basis"].tolist()
    ['in_period']
    >>> validate(documents.assign(sent_paper=64), "documents")
    Traceback (most recent call last):
    cchc_stats.FormError: form documents (Trao đổi văn bản giữa các cơ quan ...): 1 fault
      where: Documents exchanged between agencies, row 1: sent_total = sent_paper + ...
      mend:  correct the figure in the source, then call validate() again
    """
    form = find_form(form)
    table, faults = examine(frame, form)
    if faults:
        raise form_error(table, form, faults)
    return table


def examine(frame: pd.DataFrame, form: Form) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the typed frame and its faults; a column with a fault stays as it came."""
    read = examine_frame(frame, form)
    return read.table.copy(deep=False) if read.table is frame else read.table, read.faults


def examine_frame(frame: pd.DataFrame, form: Form) -> Examined:
    """Return what `examine` does, and more; the table of a frame that is typed is the frame."""
    if not isinstance(frame, pd.DataFrame):
        raise CchcError(
            f"a form is checked as a DataFrame, not as {type(frame).__name__}",
            where="frame=",
            mend=word("mend", "not_a_frame", lang="en"),
        )
    faults: list[Fault] = []
    if (twice := frame.columns.duplicated()).any():
        faults += [Fault("duplicated_column", str(name)) for name in frame.columns[twice].unique()]
        frame = frame.loc[:, ~twice]
    if frame.empty or not _is_numbered(frame.index):
        frame = frame.reset_index(drop=True)
    given = {name: cells_of(column) for name, column in frame.items()}
    if frame.empty:
        faults.append(Fault("empty_frame", ""))
        return Examined(given, faults, {}, len(frame), frame)
    read = examine_columns(given, form, len(frame))
    table = _frame(read.columns, given, frame)
    return replace(read, faults=faults + read.faults, given=table)


def examine_columns(
    given: Columns, form: Form, length: int, *, typed: Figures | None = None
) -> Examined:
    """Return what `examine_frame` does of the columns of a frame that is not built yet.

    `typed` are the values of figures that have their type already, and which are there: the reader
    has them at hand, and to take them out of the columns again costs as much as to judge them.
    """
    read = _Read(form, given, length)
    for name in form.columns:
        if name not in given:
            read.fill(name)
        elif typed and name in typed and not beyond(typed[name][0]):
            read.columns[name], read.figures[name] = given[name], typed[name]
        else:
            read.take(name)
    columns = read.columns | {
        name: cells for name, cells in given.items() if name not in read.columns
    }
    faults = read.faults + _duplicates(form, read.codes)
    dashes = columns.get("not_applicable")
    if dashes is not None and "not_applicable" in given and not _all_blank(dashes):
        faults += _contradictions(form, pd.DataFrame(columns))
    faults += _identities(form, read.figures, length)
    return Examined(columns, faults, read.figures, length)


@dataclass
class _Read:
    """The columns of a form in the making, and what is wrong in them."""

    form: Form
    given: Columns
    length: int
    columns: dict[Any, Cells] = field(default_factory=dict)
    codes: dict[str, np.ndarray] = field(default_factory=dict)
    figures: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fill(self, name: str) -> None:
        """Put in what stands for a column that is not there, or say that it must be."""
        filled = _absent(name, self.form, self.given, self.length)
        # What may be left out is only refused where another column is nearly spelled like it.
        near = "" if _is_always_filled(name, self.form) else self._near(name, filled is None)
        if filled is None or near:
            self.faults.append(Fault("missing_column", name, expected=near))
            return
        self.columns[name] = filled
        if name in self.form.key:
            self.codes[name] = pd.factorize(filled)[0]

    def take(self, name: str) -> None:
        """Type a column that is there."""
        column = read_column(self.given[name], self.form.stated[name])
        self.columns[name] = column.cells
        if column.codes is not None:
            self.codes[name] = column.codes
        if column.figures is not None:
            self.figures[name] = column.figures
        self.faults += [
            Fault(rule, name, np.flatnonzero(rows), more) for rule, rows, more in column.wrong
        ]

    def _near(self, name: str, is_needed: bool) -> str:
        """Return a hint at a column that may be the missing one under another spelling."""
        unknown = [str(column) for column in self.given if column not in self.form.columns]
        near = get_close_matches(name, unknown, n=1, cutoff=0.7 if is_needed else 0.85)
        return f" ('{near[0]}'?)" if near else ""


def _are_same(one: Columns, other: Columns) -> bool:
    """Return whether columns are the very arrays of others, in their order."""
    return [*one] == [*other] and all(cells is other[name] for name, cells in one.items())


def _is_plain(frame: pd.DataFrame) -> bool:
    """Return whether a frame is as one put together anew would be, if all its columns are typed."""
    names = frame.columns
    has_more = bool(frame.attrs) or names.name is not None or type(frame) is not pd.DataFrame
    return not has_more and bool(names.dtype == "str")


def _frame(columns: Columns, given: Columns, frame: pd.DataFrame) -> pd.DataFrame:
    if _are_same(columns, given) and _is_plain(frame):
        return frame
    if len(frame) <= FEW:
        # From arrays a small frame is built in a fifth of the time, though they are copied.
        return pd.DataFrame(columns, frame.index, copy=True)
    # As columns of the frame they are shared with it until one of the two changes.
    shared = {
        name: frame[name] if cells is given.get(name) else cells for name, cells in columns.items()
    }
    return pd.DataFrame(shared, index=frame.index, copy=False)


def _is_numbered(index: pd.Index) -> bool:
    """Return whether rows are numbered from 0 already; to number them again takes a copy."""
    numbered = isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1)
    return numbered and index.name is None


def _is_always_filled(name: str, form: Form) -> bool:
    """Return whether a column is filled where it is absent, in any layout of the form."""
    return name == "basis" or name in form.filled


def _absent(name: str, form: Form, given: Columns, length: int) -> Cells | None:
    """Return what stands for a column that is not there, None where it must be."""
    if name == "basis":
        return _basis(form, given, length)
    stated = form.stated[name]
    if stated.default is not None:
        return _repeated(stated.default, "str", length)
    if stated.optional or (stated.kind in ("text", "time") and stated.nullable):
        return _repeated(pd.NA, TYPES[stated.kind], length)
    return None


def _repeated(value: object, kind: str, length: int) -> Cells:
    # Much faster than pd.Series(value, index, dtype), which counts in small frames.
    return _single(value, kind).take(np.zeros(length, dtype="intp"))


@cache
def _single(value: object, kind: str) -> Cells:
    return pd.array([value], dtype=kind)  # type: ignore[call-overload]


def _basis(form: Form, given: Columns, length: int) -> Cells:
    """Return the form's basis, but year to date where the period's text says "9 tháng đầu năm"."""
    stated = given.get("period")
    if stated is None or isinstance(stated.dtype, pd.PeriodDtype):
        return _repeated(form.basis, "str", length)
    periods = series_of(stated)
    texts = periods.where(periods.map(lambda cell: isinstance(cell, str)))
    readable = [text for text in texts.dropna().unique() if quarter_of(text) != "not_a_quarter"]
    return told_basis(texts.where(texts.isin(readable)), otherwise=form.basis).array


def _duplicates(form: Form, codes: dict[str, np.ndarray]) -> list[Fault]:
    """Return the rows whose key another row has too; a row that lacks part of it has none."""
    if not set(form.key) <= set(codes):
        return []
    parts = [codes[name] for name in form.key]
    together, size = np.zeros(len(parts[0]), dtype="int64"), 1
    whole = np.ones(len(parts[0]), dtype=bool)
    for part in parts:
        whole &= part >= 0
        step = int(part.max()) + 2
        if size * step > np.iinfo("int64").max:
            together = pd.factorize(together)[0]
            size = int(together.max()) + 1
        together, size = together * step + part + 1, size * step
    if len(together) <= FEW and len(set(together.tolist())) == len(together):
        return []
    same = pd.Series(together).duplicated(keep=False).to_numpy() & whole
    column = form.row or form.key[0]
    return [Fault("duplicated_key", column, np.flatnonzero(same))] if same.any() else []


def _all_blank(cells: Cells) -> bool:
    return all(isinstance(text, str) and not text for text in cells.tolist())


def _contradictions(form: Form, table: pd.DataFrame) -> list[Fault]:
    """Return the rows whose `not_applicable` names no column of the form, or one with a figure."""
    rows = np.flatnonzero(contradicted(table, form.figures))
    return [Fault("not_applicable", "not_applicable", rows)] if len(rows) else []


def _identities(form: Form, figures: Figures, length: int) -> list[Fault]:
    """Return the rows in which an identity does not hold; a cell at fault is unknown to it."""
    nothing = np.zeros(length, dtype="int64"), np.zeros(length, dtype=bool)
    faults = []
    for identity in form.identities:
        gap, broken = identity.judge(lambda name: figures.get(name, nothing))
        rows = np.flatnonzero(broken)
        if len(rows):
            apart = None if form.kinds[identity.total] == "time" else gap[rows]
            fault = Fault("identity", identity.total, rows, identity=identity, difference=apart)
            faults.append(fault)
    return faults
