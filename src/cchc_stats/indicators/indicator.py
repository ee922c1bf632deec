"""What an indicator is, and how its formula is evaluated on the frame of a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cchc_stats.words import Label, ValuesError, ratio, share

Tables = Mapping[str, pd.DataFrame]
Better = Literal["higher", "lower", "none"]
Kind = Literal["events", "stock", "ratio", "count", "mean"]

_SUM = r"[^\W\d]\w*(?: [+-] [^\W\d]\w*)*"
_TERM = rf"(?:[^\W\d]\w*|\({_SUM}\))"
_FORMULA = re.compile(rf"{_SUM}|{_TERM}(?: / {_TERM})?")


@dataclass(frozen=True)
class SharedFunction:
    """One function of several indicators: an option tells which.

    Attributes
    ----------
    function : its name.
    option, default : the keyword, and the word that it has by default.
    refusal : how the refusal of another word begins: "no … 'word'".
    meaning, remark, example, gives : as of `Indicator`.
    shown : the word in the example.
    """

    function: str
    option: str
    default: str
    refusal: str
    meaning: str
    shown: str
    example: Mapping[str, object] = field(hash=False)
    gives: tuple[object, ...]
    remark: str = ""


@dataclass(frozen=True)
class Indicator:
    """One indicator: what it is called, how it is counted, and who says so.

    Parameters
    ----------
    code : its name in values; a rate names its denominator.
    label_vi, label_en : what people call it.
    unit : code of the unit (see `codes.toml`); `percent` for shares, 0-100.
    better : "higher", "lower" or "none".
    kind : "events" (numerator counted among the denominator's events), "stock" (a state at the end
        of the period, basis `as_of`), "ratio", "count" or "mean".
    form : code of the form it is measured on.
    formula : sums of columns, "a + b" or "(a + b) / c"; every row of the form gives one value.
    source : the form, decree or paper that it is from.
    additive : whether numerator and denominator of quarters add up to those of the year. Not so
        where one of them is a stock or holds dossiers carried over, which would count twice.
    groups : whether each row of the form gives a value of its own, with the row's code as group.
    total : whether the rows add up to a total, a value of the group `all`.
    parts : rows that the total is made of, each with the last quarter in which it is (as
        "2025Q2"), None where it still is: where a report lacks one, its total is not reported.
        Empty where reports rightly differ in their rows.
    vocabularies : sets of row codes that came one after another; rows of two do not add up.
    shared_denominator : whether all rows of a report have one denominator, counted once.
    netted : what the total says of the negative rows that it nets: a code of `measuring` in
        `labels.toml`, "" for nothing.
    only : code of the one row of the form that it is measured on, "" for all of them.
    basis : basis of what the form tells at the end of the period but counts over time, "" for
        that of the form.
    prepare : makes the frame the formula is evaluated on, where it is not the form's own, from the
        tables and the language of notes; called where the form has rows. It has the form's key
        columns, `not_applicable` (names of missing columns that were printed "-") and `source`; a
        column `note` goes into the values.
    beside : a stock of another form that stands beside each row; without rows of that form the
        indicator gives no value.
    made_from : the columns that tell whether a row has its figures, where `prepare` computes the
        formula's own from them.
    to_date : whether the prepared rows of one quarter give the same figure since the year began.
    stands_for : columns that `prepare` makes and that are figures of the form itself -> its column
        and basis, as "total, year_to_date"; "year_before" is that of the year before.
    note_vi, note_en : what every value of it must be read with.
    meaning : what its function returns, as a phrase: "the share of …".
    remark : what its function's reader has to know beside.
    example, gives : columns of a small frame of the form, and what the function makes of its rows,
        rounded to two decimals.
    example_needs : columns of small frames of the forms that it needs.
    function : the name of its function, "" for the code.
    choice, word : the function that it shares with other records, and the word that asks for it.

    Raises
    ------
    ValuesError
        A formula that is no column, sum of columns, or quotient of two; a sum beside a stroke
        stands in brackets. Another word for `better` or `kind`.

    Examples
    --------
    >>> from cchc_stats import find_indicator
    >>> indicator = find_indicator("on_time_rate_received")
    >>> indicator.formula, indicator.unit, indicator.better, indicator.kind
    ('settled_on_time / received_total', 'percent', 'higher', 'events')
    """

    code: str
    label_vi: str
    label_en: str
    unit: str
    better: Better
    kind: Kind
    form: str
    formula: str
    source: str
    additive: bool = True
    groups: bool = True
    total: bool = True
    parts: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    vocabularies: tuple[tuple[str, ...], ...] = ()
    shared_denominator: bool = False
    netted: str = ""
    only: str = ""
    basis: str = ""
    prepare: Callable[[Tables, str], pd.DataFrame] | None = None
    beside: Beside | None = None
    made_from: tuple[str, ...] = ()
    to_date: bool = False
    stands_for: Mapping[str, str] = field(default_factory=dict, hash=False)
    note_vi: str = ""
    note_en: str = ""
    meaning: str = ""
    remark: str = ""
    example: Mapping[str, object] = field(default_factory=dict, hash=False)
    gives: tuple[object, ...] = ()
    example_needs: Mapping[str, Mapping[str, object]] = field(default_factory=dict, hash=False)
    function: str = ""
    choice: SharedFunction | None = None
    word: str = ""

    def __post_init__(self) -> None:
        """Refuse a formula that would not be read as it is written, and unknown words."""
        for name, allowed in (("better", get_args(Better)), ("kind", get_args(Kind))):
            if getattr(self, name) not in allowed:
                raise ValuesError(
                    f"indicator {self.code}: {name} is {getattr(self, name)!r}",
                    where=f"{name}=",
                    mend=f"use one of {', '.join(allowed)}",
                )
        if not _FORMULA.fullmatch(self.formula):
            raise ValuesError(
                f"formula {self.formula!r} of indicator {self.code} is no sum or quotient of sums",
                where="formula=",
                mend="write it like 'a', 'a - b', 'a / b' or '(a + b) / (c + d)', with spaces",
            )

    @property
    def label(self) -> Label:
        """The label in both languages."""
        return Label(self.label_vi, self.label_en)

    @property
    def note(self) -> Label:
        """The note in both languages, "" where there is nothing to note."""
        return Label(self.note_vi, self.note_en)

    @property
    def repeats(self) -> bool:
        """Whether units of one quarter are units of the next: stocks, dossiers carried over.

        Chance then gives two quarters other limits than two sets of dossiers.
        """
        return self.kind == "stock" or (self.kind == "events" and not self.additive)

    @property
    def needs(self) -> tuple[str, ...]:
        """The other forms that it takes figures from."""
        return (self.beside.stock.form,) if self.beside else ()

    @property
    def validated(self) -> bool:
        """Whether its function asks for validated frames: more of them than the formula's cells."""
        return bool(self.prepare or self.beside)

    @property
    def prepared(self) -> bool:
        """Whether it is evaluated on another frame than that of its form."""
        return bool(self.validated or self.only or self.basis)

    @property
    def scale(self) -> int:
        """What numerator / denominator is multiplied by; a mean of percentages is one already."""
        return 100 if self.unit == "percent" and self.kind != "mean" else 1

    @property
    def numerator(self) -> str:
        """The formula left of the stroke."""
        return self.formula.split(" / ")[0].strip("()")

    @property
    def denominator(self) -> str:
        """The formula right of the stroke, "" for a plain count."""
        _, _, right = self.formula.partition(" / ")
        return right.strip("()")

    @property
    def signed_columns(self) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
        """The columns left and right of the stroke, each with its sign."""
        return terms(self.numerator), terms(self.denominator)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the formula speaks of."""
        both = terms(self.numerator) + terms(self.denominator)
        return tuple(dict.fromkeys(name for _, name in both))


@dataclass(frozen=True)
class Beside:
    """A stock of another form, of the same agency and period, as one more column.

    Attributes
    ----------
    column : what it is called in formulas.
    stock : an indicator of kind "stock" without denominator.
    group : which of the stock's groups stands beside every row.
    groups : or the one beside each row, by the row's code.
    """

    column: str
    stock: Indicator
    group: str = "all"
    groups: Mapping[str, str] = field(default_factory=dict, hash=False)


def terms(expression: str) -> tuple[tuple[int, str], ...]:
    """Return the signed columns of a sum.

    Examples
    --------
    >>> terms("assigned - present")
    ((1, 'assigned'), (-1, 'present'))
    >>> terms("")
    ()
    """
    words = expression.split()
    signs = [1, *(-1 if sign == "-" else 1 for sign in words[1::2])]
    return tuple(zip(signs, words[::2], strict=False))


def evaluate(frame: pd.DataFrame, expression: str) -> pd.Series:
    """Return a sum of columns, row by row: Float64, <NA> where one of its terms is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"assigned": [40, 5], "present": [37, None]}, dtype="Int64")
    >>> evaluate(frame, "assigned - present").tolist()
    [3.0, <NA>]
    """
    total = pd.Series(0.0, index=frame.index, dtype="Float64")
    for sign, name in terms(expression):
        total = total + sign * frame[name].astype("Float64")
    return total


def indicate(frame: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """Return an indicator row by row of a form's frame, named by its code; <NA> at 0 in 0.

    Raises
    ------
    ValuesError
        No DataFrame; a column of the formula that is not there, or that holds a text, a yes or no,
        or a negative figure.
    """
    require_figures(frame, indicator, indicator.columns)
    part = evaluate(frame, indicator.numerator)
    if indicator.denominator:
        divide = share if indicator.scale == 100 else ratio
        part = divide(part, evaluate(frame, indicator.denominator))
    return part.rename(indicator.code)


def require_figures(frame: object, indicator: Indicator, columns: Iterable[str]) -> None:
    """Refuse what is no frame with these columns, and figures that are none."""
    if not isinstance(frame, pd.DataFrame):
        faults = [f"it is a {type(frame).__name__}, not a DataFrame"]
    elif missing := [name for name in columns if name not in frame]:
        faults = [f"column {', '.join(missing)} is missing"]
    else:
        faults = [
            f"column {name}: {frame[name][wrong].iloc[0]!r} is no count"
            for name in indicator.columns
            if name in frame and (wrong := _no_figures(frame[name])).any()
        ]
    if faults:
        raise ValuesError(
            f"{indicator.code} cannot be measured: {'; '.join(faults)}",
            where=f"table {indicator.form}",
            mend=f"pass the table through validate(frame, {indicator.form!r}) first",
        )


def _no_figures(column: pd.Series) -> pd.Series:
    """Return the mask of the cells that are neither missing nor a number from 0 up."""
    kind = column.dtype
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return (column < 0).fillna(False).astype(bool)
    return column.map(_is_no_figure).astype(bool)


def _is_no_figure(cell: object) -> bool:
    if isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_):
        return bool(cell < 0)
    return isinstance(cell, str | bool | np.bool_) or not pd.isna(cell)  # type: ignore[call-overload]
