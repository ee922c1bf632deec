"""What an indicator is, and how its formula is evaluated on the frame of a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from cchc_stats.errors import CchcError, ValuesError
from cchc_stats.labels import Label
from cchc_stats.ratios import ratio, share

Tables = Mapping[str, pd.DataFrame]
Kind = Literal["events", "stock", "ratio", "count", "mean"]

_SUM = r"[^\W\d]\w*(?: [+-] [^\W\d]\w*)*"
_TERM = rf"(?:[^\W\d]\w*|\({_SUM}\))"
_FORMULA = re.compile(rf"{_SUM}|{_TERM}(?: / {_TERM})?")


@dataclass(frozen=True)
class Indicator:
    """One indicator: what it is called, how it is counted, and who says so.

    Parameters
    ----------
    code : its name in values; a rate names its denominator.
    label_vi, label_en : what people call it.
    unit : code of the unit (see `labels.toml`); `percent` for shares, 0-100.
    better : "higher", "lower" or "none".
    kind : "events" (numerator counted among the denominator's events), "stock" (a state at the end
        of the period, basis `as_of`), "ratio", "count" or "mean".
    form : code of the form it is measured on.
    formula : sums of columns, "a + b" or "(a + b) / c"; every row of the form gives one value.
    source : the form, decree or paper that it is from.
    additive : whether numerator and denominator of quarters add up to those of the year. Not so
        where one of them is a stock or holds dossiers carried over, which would count twice.
    groups : whether each row of the form gives a value of its own, with the row's code as group.
    total : whether the rows add up to a value of the whole, group `all`.
    parts : rows that the whole is made of, each with the last quarter in which it is (as
        "2025Q2"), None where it still is: where a report lacks one, its whole is not reported.
        Empty where reports rightly differ in their rows.
    vocabularies : sets of row codes that came one after another; rows of two do not add up.
    shared_denominator : whether all rows of a report have one denominator, counted once.
    netted : what the whole says of the negative rows that it nets: a code of `measuring` in
        `labels.toml`, "" for nothing.
    needs : the other forms that it takes figures from; without rows of each it gives no value.
    prepare : makes the frame the formula is evaluated on, where it is not the form's own, from the
        tables and the language of notes; called where the form and those it needs have rows. It
        has the form's key columns, `not_applicable` (names of missing columns that were printed
        "-") and `source`; a column `note` goes into the values.
    made_from : the columns that tell whether a row has its figures, where `prepare` computes the
        formula's own from them.
    note_vi, note_en : what every value of it must be read with.

    Raises
    ------
    ValuesError
        A formula that is no column, sum of columns, or quotient of two; a sum beside a stroke
        stands in brackets.
    """

    code: str
    label_vi: str
    label_en: str
    unit: str
    better: Literal["higher", "lower", "none"]
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
    needs: tuple[str, ...] = ()
    prepare: Callable[[Tables, str], pd.DataFrame] | None = None
    made_from: tuple[str, ...] = ()
    note_vi: str = ""
    note_en: str = ""

    def __post_init__(self) -> None:
        """Refuse a formula that would not be read as it is written."""
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
    def columns(self) -> tuple[str, ...]:
        """The columns the formula speaks of."""
        both = terms(self.numerator) + terms(self.denominator)
        return tuple(dict.fromkeys(name for _, name in both))


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
    """Return an indicator row by row of a form's frame, named by its code; <NA> at 0 in 0."""
    part = evaluate(frame, indicator.numerator)
    if indicator.denominator:
        divide = share if indicator.scale == 100 else ratio
        part = divide(part, evaluate(frame, indicator.denominator))
    return part.rename(indicator.code)


def choose(records: Mapping[str, Indicator], word: str, *, option: str, what: str) -> Indicator:
    """Return the record of an option's word, or refuse the word with those there are.

    Examples
    --------
    >>> turns = Indicator("turns", "Lượt", "Turns", "turns", "none", "count", "training", "all", "")
    >>> choose({"all": turns}, "full", option="course", what="training turns are counted of course")
    Traceback (most recent call last):
    cchc_stats.errors.CchcError: no training turns are counted of course 'full'
      where: course=
      mend:  use one of all
    """
    if word not in records:
        raise CchcError(
            f"no {what} {word!r}", where=f"{option}=", mend=f"use one of {', '.join(records)}"
        )
    return records[word]
