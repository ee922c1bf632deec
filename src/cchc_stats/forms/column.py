"""What a form states of its columns: types, words, codes, sums over quarters, identities."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.words import BASES, Label, fold, vocabulary

KEY = ("agency", "period", "basis")
# Beyond it sums of a few columns could leave int64; no office counts so far.
LARGEST = 10**15

# Without diacritics "Tổng công ty" (corporation) begins like a total.
_TOTAL = re.compile(r"(?:tong cong(?! ty\b)|tong so)\b.*|(?:tong|cong) ?:?")

# How the figure of several quarters is made of those of each: their sum; no less than any of them,
# where one thing may be counted in two quarters; the last one, of what stands at a day.
SUM, OVERLAP, STOCK = "sum", "overlap", "stock"
OverQuarters = Literal["", "sum", "overlap", "stock"]
# How a form prints: a column a figure, or a column a period and a row an item, a course below its
# group, a figure.
PrintedAs = Literal["column", "item", "course", "figure"]
BY_COLUMN: PrintedAs = "column"
BY_ITEM: PrintedAs = "item"
BY_COURSE: PrintedAs = "course"
BY_FIGURE: PrintedAs = "figure"


@dataclass(frozen=True)
class Span:
    """The days between which a word, a column or a form is in use, both included.

    Examples
    --------
    >>> Span(until=dt.date(2025, 6, 30)).meets(dt.date(2025, 6, 15), dt.date(2025, 9, 14))
    True
    """

    since: dt.date = dt.date.min
    until: dt.date = dt.date.max

    def meets(self, start: dt.date, end: dt.date) -> bool:
        """Return whether a day from `start` to `end` is among them."""
        return self.since <= end and start <= self.until


ALWAYS = Span()


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a form: its type, its words, and all that is particular to it.

    Attributes
    ----------
    kind : count, amount, text, quarter or time.
    heading : the official heading path in Vietnamese, top first.
    label : short label in both languages.
    nullable : whether a cell may be missing; a text that may not is not blank either.
    default : what stands in a column that is not there; such a text may be blank.
    codes : code -> label, where the cells are among those.
    names : whether a name may stand where no code does.
    optional : whether not every layout of the form has the column.
    out_of : the column of the total, where the two are printed in one cell: "2/3".
    takes_all : of row names, whether a row `all` may state the total; None of what names no row.
    over_quarters : "sum" where quarters add up to the year, "overlap" where the year is no less
        than each, "stock" where it is what stands at the end; "" for what the form's basis tells.
    counted_once : whether what several units count may be one thing in the total.
    carries : the column whose figure a quarter before this one takes over.
    asked_since : of an optional column, the day from which the form that is handed out has it.
    """

    kind: str
    heading: tuple[str, ...]
    label: Label
    nullable: bool = False
    default: str | None = None
    codes: Mapping[str, Label] | None = None
    names: bool = False
    optional: bool = False
    out_of: str = ""
    takes_all: bool | None = None
    over_quarters: OverQuarters = ""
    counted_once: bool = False
    carries: str = ""
    asked_since: dt.date | None = None

    @property
    def is_required(self) -> bool:
        """Whether every row has something there."""
        return not self.nullable and self.default is None


def _column(kind: str, heading: tuple[str, ...], vi: str, en: str, **about: Any) -> Any:
    return Column(kind, heading, Label(vi or heading[-1], en), **about)


def count_column(
    *heading: str,
    en: str,
    vi: str = "",
    optional: bool = False,
    out_of: str = "",
    over_quarters: OverQuarters = "",
    counted_once: bool = False,
    carries: str = "",
    asked_since: dt.date | None = None,
) -> Any:
    """Return the column of a counted figure: an integer, not negative, <NA> where not reported.

    Parameters
    ----------
    heading : the official heading path in Vietnamese, top first.
    en : short label in English.
    vi : short label in Vietnamese, where the last heading alone would not say enough.
    optional, out_of, over_quarters, counted_once, carries, asked_since : see `Column`.
    """
    about = {"optional": optional, "out_of": out_of, "over_quarters": over_quarters}
    more = {"counted_once": counted_once, "carries": carries, "asked_since": asked_since}
    return _column("count", heading, vi, en, nullable=True, **about, **more)


def amount_column(*heading: str, en: str, vi: str = "") -> Any:
    """Return the column of a measured figure: not negative, <NA> where not reported."""
    return _column("amount", heading, vi, en, nullable=True)


def code_column(
    *heading: str,
    codes: Mapping[str, Label],
    en: str,
    default: str | None = None,
    names: bool = False,
) -> Any:
    """Return the column of a code, one of those given; of the default where none stands there."""
    return _column("text", heading, "", en, codes=codes, default=default, names=names)


def name_column(*heading: str, en: str) -> Any:
    """Return the column of a name, free text that is not empty."""
    return _column("text", heading, "", en)


def row_column(*heading: str, en: str, takes_all: bool = False) -> Any:
    """Return the column of the row's name: not empty, and not that of a total as "Tổng cộng".

    Parameters
    ----------
    heading : the official heading path in Vietnamese, top first.
    en : short label in English.
    takes_all : True where a row `all` may state the total.
    """
    return _column("text", heading, "", en, takes_all=takes_all)


def time_column(*heading: str, en: str, required: bool = False) -> Any:
    """Return the column of a day or an instant; missing where not given, unless required."""
    return _column("time", heading, "", en, nullable=not required)


def remark_column(*heading: str, en: str) -> Any:
    """Return the column of a text beside the figures; missing where not given."""
    return _column("text", heading, "", en, nullable=True)


_BASES = {code: vocabulary()["basis"][code] for code in BASES}


class ColumnModel:
    """The columns of a table, stated in the body of a class; `Form.model` is pandera's of them."""


class FormModel(ColumnModel):
    """The columns that every form has beside its own."""

    agency = name_column("Cơ quan, đơn vị", en="agency")
    period = _column("quarter", ("Kỳ báo cáo",), "", "period")
    basis = code_column("Cách tính kỳ", codes=_BASES, en="basis")
    not_applicable = _column("text", ('Cột ghi "-"',), "", 'columns printed "-"', default="")
    source = _column("text", ("Nguồn",), "", "source", default="")


def columns_of(model: type) -> dict[str, Column]:
    """Return what a class states of columns, those of the classes it extends first."""
    return {
        name: stated
        for one in reversed(model.__mro__)
        for name, stated in vars(one).items()
        if isinstance(stated, Column)
    }


SHARED = tuple(columns_of(FormModel))


def names_total(text: str, *, takes_all: bool) -> bool:
    """Return whether a row's name is that of a printed total, which is not one more row.

    Parameters
    ----------
    text : the name as printed, in any spelling.
    takes_all : True where a row spelled exactly `all` may state the total.

    Examples
    --------
    >>> printed = ("TỔNG  CỘNG (I+II)", "ALL", "all", "Tổng hợp")
    >>> [names_total(name, takes_all=True) for name in printed]
    [True, True, False, False]
    """
    if takes_all and text == "all":
        return False
    folded = fold(text)
    return folded == "all" or _TOTAL.fullmatch(folded) is not None


LEVELS = {
    "all": Label("Các cấp", "all levels"),
    "provincial": Label("Cấp tỉnh", "provincial"),
    "district": Label("Cấp huyện", "district"),
    "commune": Label("Cấp xã", "commune"),
}
# Districts ended with June 2025: Resolution 203/2025/QH15.
LEVEL_SPANS = {"district": Span(until=dt.date(2025, 6, 30))}


FigureReader = Callable[[str], tuple[np.ndarray, np.ndarray]]


SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


@dataclass(frozen=True)
class Identity:
    """An accounting statement about the columns of one row: `total op parts[0] + parts[1] + …`.

    Parameters
    ----------
    total : the column on the left.
    op : "=", "<=" or ">=".
    parts : the columns that are added up on the right.
    where_given : columns that are added too in the rows that report them.

    Examples
    --------
    >>> identity = Identity("settled_total", "=", ("settled_on_time", "settled_late"))
    >>> str(identity)
    'settled_total = settled_on_time + settled_late'
    >>> rows = pd.DataFrame(
    ...     {"settled_total": [60, 60, None], "settled_on_time": [60, 58, 1],
    ...      "settled_late": [0, 1, None]}, dtype="Int64")
    >>> identity.broken(rows).tolist()
    [False, True, False]
    """

    total: str
    op: Literal["=", "<=", ">="]
    parts: tuple[str, ...]
    where_given: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the statement speaks of, the left one first."""
        return (self.total, *self.parts, *self.where_given)

    def __str__(self) -> str:
        """Return the statement in column names."""
        given = "".join(f" (+ {name})" for name in self.where_given)
        return f"{self.total} {self.op} {' + '.join(self.parts)}{given}"

    def in_words(self, name_of: Callable[[str], str]) -> str:
        """Return the statement with each column by its heading."""
        parts = " + ".join(f"'{name_of(name)}'" for name in self.parts)
        given = "".join(f" (+ '{name_of(name)}')" for name in self.where_given)
        return f"'{name_of(self.total)}' {SIGNS[self.op]} {parts}{given}"

    def judge(self, figures: FigureReader) -> tuple[np.ndarray, np.ndarray]:
        """Return left minus right side by row, and the mask of the rows where it does not hold.

        Unknown is not broken: a row that lacks a term neither passes nor fails.
        """
        gap, complete = figures(self.total)
        for name in self.parts:
            part, reported = figures(name)
            gap = gap - part
            complete = complete & reported
        for name in self.where_given:
            part, reported = figures(name)
            gap = gap - np.where(reported, part, 0)
        broken = {"=": gap != 0, "<=": gap > 0, ">=": gap < 0}[self.op]
        return gap, broken & complete

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        """Return the mask of the rows of a typed frame in which the statement does not hold."""
        return pd.Series(self.judge(figures_of(frame))[1], index=frame.index)


@dataclass(frozen=True)
class Expectation:
    """What is odd where it does not hold, though it may be: `more` together are at most `most`.

    Parameters
    ----------
    rule : code of the warning; its sentence is in `labels.toml` under `check`, else a general one.
    more : the columns that are added up.
    most : the column that they should not exceed.
    """

    rule: str
    more: tuple[str, ...]
    most: str


def figures_of(frame: pd.DataFrame) -> FigureReader:
    """Return a reader of a frame's columns as arrays: the figures, 0 where missing, and a mask."""

    @cache
    def read(name: str) -> tuple[np.ndarray, np.ndarray]:
        if name not in frame:
            return np.zeros(len(frame), dtype="int64"), np.zeros(len(frame), dtype=bool)
        column = frame[name]
        reported = column.notna().to_numpy()
        if pd.api.types.is_datetime64_dtype(column.dtype):
            return np.asarray(column, dtype="datetime64[us]").view("int64"), reported
        kind = "int64" if pd.api.types.is_integer_dtype(column.dtype) else "float64"
        return column.to_numpy(dtype=kind, na_value=0), reported

    return read


def dashed_columns(text: object) -> tuple[str, ...]:
    """Return the columns that a cell of `not_applicable` names.

    Examples
    --------
    >>> dashed_columns("compliant, procedures_of"), dashed_columns("")
    (('compliant', 'procedures_of'), ())
    """
    return tuple(text.replace(",", " ").split()) if isinstance(text, str) else ()


def dashed(table: pd.DataFrame, column: str) -> np.ndarray:
    """Return the mask of the rows that name `column` in `not_applicable`."""
    codes, texts = _distinct(table)
    named = np.array([*(column in dashed_columns(text) for text in texts), False], dtype=bool)
    return named.take(codes)


def contradicted(table: pd.DataFrame, figures: Collection[str]) -> np.ndarray:
    """Return the mask of the rows that name what is no figure of the form, or has a figure."""
    codes, texts = _distinct(table)
    wrong = np.zeros(len(table), dtype=bool)
    for number, text in enumerate(texts):
        for name in dashed_columns(text):
            is_figure = name in figures and name in table
            wrong |= (codes == number) & (table[name].notna().to_numpy() if is_figure else True)
    return wrong


def _distinct(table: pd.DataFrame) -> tuple[np.ndarray, list[object]]:
    if "not_applicable" not in table:
        return np.full(len(table), -1), []
    cells = table["not_applicable"]
    try:
        codes, texts = pd.factorize(cells)
    except TypeError:
        # A list names no column; that it is no text is a fault of the column itself.
        cells = cells.where(cells.map(lambda cell: isinstance(cell, str)))
        codes, texts = pd.factorize(cells)
    return codes, list(texts)
