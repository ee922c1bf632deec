"""The notes and sources of rows: a sentence is made once for all the rows that it is told of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.trends.years import QUARTERS
from cchc_stats.values import combined_codes
from cchc_stats.words import IN_PERIOD, YEAR_TO_DATE, label_period, word

_NAMES = ("I", "II", "III", "IV")
# Sentences whose quarter is named as a year to date.
_TO_DATE = ("to_date_missing", "continued", "nothing_before")


@dataclass(frozen=True, eq=False)
class Remark:
    """A sentence beside the figure of some rows: `texts[codes[row]]`, "" where there is none."""

    codes: np.ndarray
    texts: Sequence[str]

    def where(self, rows: np.ndarray) -> Self:
        """Return the remark of the rows of a mask alone; its first text must be ""."""
        return type(self)(np.where(rows, self.codes, 0), self.texts)


def dash_remark(dashes: np.ndarray, lang: str) -> Remark:
    """Return which quarters were printed "-", from rows × 4 flags."""
    sentence = word("accumulation", "dash", lang=lang)
    texts = [""]
    for pattern in range(1, 2**QUARTERS):
        names = ", ".join(name for at, name in enumerate(_NAMES) if pattern >> at & 1)
        texts.append(sentence.format(quarters=names))
    return Remark(dashes @ (1 << np.arange(QUARTERS)), texts)


def gap_remark(gaps: np.ndarray, lang: str) -> Remark:
    """Return where windows leave days out, or overlap, from rows × 3 whole numbers of days."""
    together = combined_codes((gaps - gaps.min(initial=0)).T)
    row, remark = distinct(together)
    texts = [_joined(_gaps(gaps[at], lang)) for at in row]
    return Remark(remark + 1, ["", *texts])


def _gaps(days: np.ndarray, lang: str) -> Iterable[str]:
    for at in np.flatnonzero(days):
        sentence = word("accumulation", "gap" if days[at] > 0 else "overlap", lang=lang)
        yield sentence.format(earlier=_NAMES[at], later=_NAMES[at + 1], days=abs(int(days[at])))


def notes(
    part: pd.DataFrame,
    reasons: dict[str, np.ndarray],
    about: np.ndarray,
    remarks: Sequence[Remark],
    *,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: what was noted before, the first reason that holds, remarks.

    Parameters
    ----------
    reasons : code of a sentence -> rows; "" is no sentence.
    about : the quarter that a sentence names, as the number of the period.
    """
    number = np.select(list(reasons.values()), range(len(reasons)))
    codes = list(reasons)
    noted = pd.factorize(part["note"])[0]
    beside = [remark.codes for remark in remarks]
    row, note = distinct(combined_codes([number, about - about.min(), noted, *beside]))
    texts = []
    for at in row:
        code = codes[number[at]]
        told = ""
        if code:
            quarter = pd.Period(ordinal=int(about[at]), freq="Q-DEC")
            basis = YEAR_TO_DATE if code in _TO_DATE else IN_PERIOD
            told = word("accumulation", code, lang=lang)
            told = told.format(missing=label_period(quarter, basis, lang))
        more = [remark.texts[remark.codes[at]] for remark in remarks]
        texts.append("; ".join(text for text in (part["note"].iloc[at], told, *more) if text))
    return pd.array(texts, dtype="str").take(note)


def sources(places: pd.Series, used: np.ndarray) -> ExtensionArray:
    """Return for each row the places that it is made from, each once.

    Parameters
    ----------
    places : the sources.
    used : rows × how many are joined, positions in `places`; -1 for none.
    """
    codes, known = pd.factorize(places)
    laid = np.where(used >= 0, codes[used], -1)
    row, source = distinct(combined_codes(laid.T))
    texts = [_joined(known[code] for code in laid[at] if code >= 0) for at in row]
    return pd.array(texts, dtype="str").take(source)


def distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each distinct code, and for each row which of them it is.

    Examples
    --------
    >>> distinct(np.array([7, 3, 7]))
    (array([0, 1]), array([0, 1, 0]))
    """
    return np.flatnonzero(~pd.Series(codes).duplicated()), pd.factorize(codes)[0]


def _joined(places: Iterable[str]) -> str:
    """Return places as one text, each once.

    Examples
    --------
    >>> _joined(["bảng 1, cột Quý I", "", "bảng 1, cột Quý II", "bảng 1, cột Quý I"])
    'bảng 1, cột Quý I; bảng 1, cột Quý II'
    """
    return "; ".join(dict.fromkeys(place for place in places if place))
