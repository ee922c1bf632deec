"""The door of the forms: `validate` lets a frame through, typed, or tells all its faults at once.

One pass over columns decides, by what the form states of them; pandera's model of the form is
made of the same statement, and a law holds the two to the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from numbers import Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.catalogue import find_form
from cchc_stats.forms.column import LARGEST, Column, contradicted, names_total
from cchc_stats.forms.faults import Fault, form_error
from cchc_stats.forms.form import Form
from cchc_stats.words import QUARTERS, CchcError, PeriodError, basis_of_texts, parse_period, word

# A column's array, of pandas or of NumPy. Forms have many columns of few rows, and to wrap each in
# a Series costs more than to read it.
Cells: TypeAlias = Any
_QUARTER = pd.PeriodDtype("Q-DEC")
FEW = 500  # rows: for so few a loop numbers texts faster than pandas


class Wrong(NamedTuple):
    """A rule that some rows of a column break."""

    rule: str
    rows: np.ndarray
    expected: str = ""


class ReadColumn(NamedTuple):
    """A column as the form has it, or as it came where something is wrong.

    `codes` numbers the distinct values (-1: missing) of texts and quarters, which make up keys;
    `figures` are the values of figures and times, and whether each is there and right.
    """

    cells: Cells
    wrong: list[Wrong]
    codes: np.ndarray | None = None
    figures: tuple[np.ndarray, np.ndarray] | None = None


def cells_of(column: pd.Series) -> Cells:
    """Return a column's cells as the array that holds them."""
    return column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array


def series_of(cells: Cells) -> pd.Series:
    """Return cells as a Series of their type; without it pandas would take objects for texts."""
    column: pd.Series = pd.Series(cells, dtype=cells.dtype, copy=False)
    return column


def read_column(cells: Cells, stated: Column) -> ReadColumn:
    """Return a column typed by its kind in the form, and what in it is wrong."""
    if stated.kind in ("count", "amount"):
        return read_figures(cells, integer=stated.kind == "count")
    if stated.kind == "time":
        return read_times(cells, required=not stated.nullable)
    return read_quarters(cells) if stated.kind == "quarter" else read_texts(cells, stated)


def read_figures(cells: Cells, *, integer: bool) -> ReadColumn:
    """Return figures as Int64 (`integer`) or Float64."""
    kind = cells.dtype
    if not _is_numeric(kind):
        return _read_objects(series_of(cells), cells, integer=integer)
    wrong: list[Wrong] = []
    present = ~np.asarray(pd.isna(cells))
    # uint64 goes through float: what int64 cannot hold is too large anyway.
    exact = _is_exact(kind)
    held = series_of(cells) if isinstance(kind, np.dtype) else cells
    values = held.to_numpy("int64" if exact else "float64", na_value=0)
    if integer and not exact:
        uneven = np.isfinite(values) & (values != np.floor(values))
        wrong += [Wrong("not_whole", uneven)] if uneven.any() else []
    wrong += beyond(values)
    for _, rows, _ in wrong:
        present = present & ~rows
    typed = cells
    if not wrong and kind != ("Int64" if integer else "Float64"):
        typed = (
            pd.arrays.IntegerArray(values.astype("int64"), ~present)
            if integer
            else pd.arrays.FloatingArray(values.astype("float64"), ~present)
        )
    return ReadColumn(typed, wrong, figures=(values, present))


def beyond(values: np.ndarray) -> list[Wrong]:
    """Return which figures are less than nothing, or more than any office counts."""
    if not len(values) or (values.min() >= 0 and values.max() <= LARGEST):
        return []
    rules = (
        Wrong("negative", values < 0),
        Wrong("too_large", values > LARGEST, f"{LARGEST:,}".replace(",", " ")),
    )
    return [rule for rule in rules if rule.rows.any()]


@cache
def _is_numeric(kind: Any) -> bool:
    # Kept, because a report has a hundred columns of two types.
    types = pd.api.types
    return not types.is_bool_dtype(kind) and types.is_any_real_numeric_dtype(kind)


@cache
def _is_exact(kind: Any) -> bool:
    return pd.api.types.is_signed_integer_dtype(kind)


def _read_objects(cells: pd.Series, as_given: Cells, *, integer: bool) -> ReadColumn:
    """Return figures that came as objects, one type beside the other."""
    cells = cells.astype(object)
    number = np.fromiter((_is_number(cell) for cell in cells), dtype=bool, count=len(cells))
    text = cells.notna().to_numpy() & ~number
    values = [
        _as_float(cell) if is_number else np.nan
        for cell, is_number in zip(cells, number, strict=True)
    ]
    # The numbers beside a text are judged too: all faults at once.
    typed = read_figures(np.array(values, dtype="float64"), integer=integer)
    wrong = [*([Wrong("text_in_figure", text)] if text.any() else []), *typed.wrong]
    return typed._replace(cells=as_given if wrong else typed.cells, wrong=wrong)


def _is_number(cell: object) -> bool:
    number = isinstance(cell, Real | Decimal) and not isinstance(cell, bool)
    return number and not pd.isna(cell)  # type: ignore[call-overload]


def _as_float(number: object) -> float:
    try:
        return float(number)  # type: ignore[arg-type]
    except OverflowError:
        return np.inf if number > 0 else -np.inf  # type: ignore[operator]


def read_texts(cells: Cells, stated: Column) -> ReadColumn:
    """Return texts as str; codes and names are there, and codes among those of the form."""
    codes, distinct = _factorize(cells)
    wrong = [] if _are_right(codes, distinct, stated) else [*_wrong_texts(codes, distinct, stated)]
    if wrong:
        return ReadColumn(cells, wrong, codes)
    typed = cells if cells.dtype == "str" else series_of(cells).astype("str").array
    if stated.default is not None and ((codes < 0).any() or "" in distinct and stated.default):
        filled = series_of(typed).fillna(stated.default)
        typed = filled.replace("", stated.default).array
        codes, _ = _factorize(typed)
    return ReadColumn(typed, wrong, codes)


def _are_right(codes: np.ndarray, distinct: list[object], stated: Column) -> bool:
    """Return whether a few texts break no rule, which is asked once of those that come again."""
    if len(distinct) > FEW or not all(isinstance(text, str) for text in distinct):
        return False
    if stated.takes_all is None and stated.codes is None and not stated.is_required:
        return True
    return not (codes < 0).any() and _break_no_rule(tuple(distinct), stated)


@lru_cache(maxsize=2_000)
def _break_no_rule(distinct: tuple[object, ...], stated: Column) -> bool:
    return not any(_wrong_texts(np.arange(len(distinct)), [*distinct], stated))


def _wrong_texts(codes: np.ndarray, distinct: list[object], stated: Column) -> Iterator[Wrong]:
    """Yield the rules that texts break; the distinct ones are looked at, once each."""
    if not all(isinstance(text, str) for text in distinct):
        yield Wrong("not_text", _among(codes, [not isinstance(text, str) for text in distinct]))
    if stated.is_required:
        blank = [isinstance(text, str) and not text.strip() for text in distinct]
        empty = _among(codes, blank) | (codes < 0)
        if empty.any():
            yield Wrong("missing_key", empty)
    for rule, is_wrong, expected in _rules_of_names(stated):
        broken = [isinstance(text, str) and is_wrong(text) for text in distinct]
        if any(broken):
            yield Wrong(rule, _among(codes, broken), expected)


def _rules_of_names(stated: Column) -> Iterator[tuple[str, Callable[[str], bool], str]]:
    """Yield the rules for a text that is there: code of the rule, what breaks it, what is right."""
    if (takes_all := stated.takes_all) is not None:
        yield "printed_total", lambda text: names_total(text, takes_all=takes_all), ""
    if (allowed := stated.codes) is not None and not stated.names:
        required = stated.is_required

        def is_strange(text: str) -> bool:
            # That a blank cell is none of them is said already, where there must be one.
            return text not in allowed and (text.strip() if required else text) != ""

        yield "unknown_code", is_strange, ", ".join(allowed)


def read_quarters(cells: Cells) -> ReadColumn:
    """Return periods, or texts that name one, as quarters."""
    if str(cells.dtype) == QUARTERS:
        numbers = cells.asi8
        if not (missing := cells.isna()).any():
            return ReadColumn(cells, [], numbers - numbers.min() if len(numbers) else numbers)
        return ReadColumn(cells, [Wrong("missing_key", missing)], pd.factorize(cells)[0])
    codes, distinct = _factorize(cells)
    read = [quarter_of(text) for text in distinct]
    wrong = [Wrong("missing_key", codes < 0)] if (codes < 0).any() else []
    breaks = {rule: [quarter == rule for quarter in read] for rule in ("month", "not_a_quarter")}
    wrong += [Wrong(rule, _among(codes, rows)) for rule, rows in breaks.items() if any(rows)]
    if wrong:
        return ReadColumn(cells, wrong, codes)
    named = [quarter.ordinal for quarter in read if not isinstance(quarter, str)]
    ordinals = np.array(named, dtype="int64").take(codes)
    quarters = pd.arrays.PeriodArray(ordinals, dtype=_QUARTER)
    # Two texts may name one quarter.
    numbers = codes if len(distinct) == 1 else pd.factorize(ordinals)[0]
    return ReadColumn(quarters, wrong, numbers)


def quarter_of(cell: object) -> pd.Period | str:
    """Return the quarter that a text or a period names, or the rule it breaks."""
    return _quarter_named(cell) if isinstance(cell, str) and len(cell) < 100 else _quarter_of(cell)


@lru_cache(maxsize=1_000)
def _quarter_named(text: str) -> pd.Period | str:
    return _quarter_of(text)


def _quarter_of(cell: object) -> pd.Period | str:
    try:
        period = parse_period(cell)  # type: ignore[arg-type]
    except PeriodError:
        return "not_a_quarter"
    return period if period.freqstr == "Q-DEC" else "month"


def read_times(cells: Cells, *, required: bool) -> ReadColumn:
    """Return days and instants as datetime64[us] without a zone."""
    typed = given = series_of(cells)
    if not pd.api.types.is_datetime64_dtype(given.dtype):
        typed = pd.to_datetime(given.where(given.map(_is_time)).astype(object), errors="coerce")
        if (strange := (typed.isna() & given.notna()).to_numpy()).any():
            read = read_times(cells_of(typed), required=required)
            return read._replace(cells=cells, wrong=[Wrong("not_a_time", strange)])
    days = cells if str(typed.dtype) == "datetime64[us]" else typed.astype("datetime64[us]").array
    empty = np.asarray(pd.isna(days))
    wrong = [Wrong("missing_key", empty)] if required and empty.any() else []
    return ReadColumn(days, wrong, figures=(np.asarray(days).view("int64"), ~empty))


def _is_time(cell: object) -> bool:
    # A text such as 03/04/2020 has two readings; only what is a date already is taken. An instant
    # with a zone is left to the caller: which day it falls on depends on the zone.
    return hasattr(cell, "isoformat") and not pd.isna(cell) and not getattr(cell, "tzinfo", None)  # type: ignore[call-overload]


def _factorize(cells: Cells) -> tuple[np.ndarray, list[object]]:
    """Return a number for each cell (-1: missing) and the distinct cells."""
    if len(cells) <= FEW and cells.dtype == "str":
        places: dict[object, int] = {}
        numbers = [
            places.setdefault(text, len(places)) if isinstance(text, str) else -1
            for text in cells.tolist()
        ]
        return np.array(numbers, dtype="intp"), list(places)
    try:
        codes, distinct = pd.factorize(cells)
    except TypeError:
        # A list in a cell is wrong whatever it holds; then each cell stands for itself.
        return np.where(pd.isna(cells), -1, np.arange(len(cells))), list(cells)
    return codes, list(distinct)


def _among(codes: np.ndarray, chosen: Iterable[bool]) -> np.ndarray:
    """Return the mask of the rows whose distinct value is chosen; missing is never chosen."""
    # One more place at the end, which the code -1 of a missing value points to.
    return np.array([*chosen, False], dtype=bool).take(codes)


Columns: TypeAlias = Mapping[Any, Cells]
ReadFigures: TypeAlias = Mapping[str, tuple[np.ndarray, np.ndarray]]
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
    figures: ReadFigures
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
        values, present = self.figures[name]
        pairs = zip(values.tolist(), present.tolist(), strict=True)
        return [value if is_present else None for value, is_present in pairs]


def validate(frame: pd.DataFrame, form: Form | str) -> pd.DataFrame:
    """Return the frame as the form has it: columns in order, typed, checked; or tell every fault.

    Parameters
    ----------
    frame : one row per `form.row` of a report, with the form's columns (`form.columns`); counts as
        integers or integral floats, periods as quarters or as texts such as "quý III năm 2020".
        Where it is not there, `basis` is what the period's text tells, else the form's own;
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
    return replace(read, faults=faults + read.faults, given=_frame(read.columns, given, frame))


def examine_columns(
    given: Columns, form: Form, length: int, *, typed: ReadFigures | None = None
) -> Examined:
    """Return what `examine_frame` does of the columns of a frame that is not built yet.

    `typed` are the values of figures that have their type and are within bounds, and which are
    there: the reader has them at hand, and to take them out of the columns again costs as much as
    to judge them.
    """
    read = _Read(form, given, length)
    for name in form.columns:
        if name not in given:
            read.fill(name)
        elif typed and name in typed:
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
    return basis_of_texts(texts.where(texts.isin(readable)), otherwise=form.basis).array


def _duplicates(form: Form, codes: dict[str, np.ndarray]) -> list[Fault]:
    """Return the rows whose key another row has too; a row that lacks part of it has none."""
    if not set(form.key) <= set(codes):
        return []
    parts = [codes[name] for name in form.key]
    rows = len(parts[0])
    if rows <= FEW and len({*zip(*(part.tolist() for part in parts), strict=True)}) == rows:
        return []
    together, size = np.zeros(len(parts[0]), dtype="int64"), 1
    complete = np.ones(len(parts[0]), dtype=bool)
    for part in parts:
        complete &= part >= 0
        step = int(part.max()) + 2
        if size * step > np.iinfo("int64").max:
            together = pd.factorize(together)[0]
            size = int(together.max()) + 1
        together, size = together * step + part + 1, size * step
    same = pd.Series(together).duplicated(keep=False).to_numpy() & complete
    column = form.row or form.key[0]
    return [Fault("duplicated_key", column, np.flatnonzero(same))] if same.any() else []


def _all_blank(cells: Cells) -> bool:
    return all(isinstance(text, str) and not text for text in cells.tolist())


def _contradictions(form: Form, table: pd.DataFrame) -> list[Fault]:
    """Return the rows whose `not_applicable` names no column of the form, or one with a figure."""
    rows = np.flatnonzero(contradicted(table, form.figures))
    return [Fault("not_applicable", "not_applicable", rows)] if len(rows) else []


def _identities(form: Form, figures: ReadFigures, length: int) -> list[Fault]:
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
