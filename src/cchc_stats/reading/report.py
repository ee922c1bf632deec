"""What a report is once it is read, and the small frames it is made of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.words import PeriodError, ReadError, Window, parse_period

# As types, not by name: pandas parses a name anew each time, which takes longer than the column.
TEXT = pd.StringDtype(na_value=np.nan)
_TEXTS: Any = TEXT.construct_array_type()
FLOAT = pd.Float64Dtype()
INTEGER = np.dtype("int64")
DAY = np.dtype("datetime64[us]")
QUARTER = pd.PeriodDtype("Q-DEC")


def text_array(texts: Sequence[str | None]) -> Any:
    """Return texts as pandas keeps them, asked of their array itself: it takes half the time."""
    return _TEXTS._from_sequence(np.array(texts, dtype=object), dtype=TEXT)


def typed_rows(rows: Sequence[Sequence[Any]], types: Mapping[str, Any]) -> pd.DataFrame:
    """Return rows as a frame whose columns have the given types; None is missing.

    To build a frame of objects and to cast it afterwards takes several times as long.

    Examples
    --------
    >>> frame = typed_rows([("a", 1), (None, 2)], {"text": TEXT, "number": INTEGER})
    >>> frame.dtypes.astype(str).tolist()
    ['str', 'int64']
    """
    if not rows:
        return _no_rows(tuple(types.items())).copy(deep=False)
    columns = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            name: text_array(column) if kind is TEXT else pd.array(list(column), dtype=kind)
            for (name, kind), column in zip(types.items(), columns, strict=True)
        },
        copy=False,
    )


@lru_cache(maxsize=100)
def _no_rows(types: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array([], dtype=kind) for name, kind in types})


UNPLACED = ("text", "place", "reason")
CLAIMS = (
    "quote",
    "value",
    "denominator",
    "unit",
    "indicator",
    "group",
    "period",
    "basis",
    "place",
    "scope",
    "set_by",
)

TOTALS = (
    "form",
    "period",
    "basis",
    "column",
    "value",
    "source",
    "level",
    "agency",
    "row",
    "table",
)
NUMBERS = ("number", "symbol", "date", "subject", "place")
MATCHES = ("grid", "place", "form", "layout", "score", "headings_matched", "headings_unmatched")
PLACES = (
    "form",
    "row",
    "column",
    "place",
    "text",
    "heading",
    "code",
    "period",
    "basis",
    "agency",
    "level",
    "set_by",
)


CORRECTIONS = ("file", "place", "read", "right", "who", "why")


class Named(NamedTuple):
    """A printed name of an agency, and the listed one it is taken for (see `match_agency`)."""

    agency: str
    matched: str
    how: str
    score: float
    candidates: str


def _empty(columns: tuple[str, ...]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


@dataclass(frozen=True, eq=False)
class Report:
    """One report of one agency (báo cáo): its tables, what its prose claims, what has no place.

    Attributes
    ----------
    agency : who reports.
    number : the document's number as printed; may be blank before the stroke.
    signed_on : day of signature, None where none is printed.
    period : the quarter it reports on.
    window : the days its figures cover: as the report states them, else those of Decree
        09/2019/NĐ-CP, article 12.
    tables : form code -> frame with the form's columns (see `validate`). Figures stand as printed:
        a row that breaks an identity is here, and `check` says so. Those of a document know their
        cells (see `PrintedTables`), which `measure` quotes in the sources of values.
    claims : frame `quote, value, denominator, unit, indicator, group, period, basis, place, scope,
        set_by`, a row per figure stated in prose or notes; `value` <NA> where no figure is named.
        `scope` holds the words that take a figure out of every quarter ("Trong 10 tháng năm 2024",
        "dự kiến"): it is shown, and held against nothing.
    unplaced : frame `text, place, reason`: what no table could hold.
    source : file or folder it was read from, by name.
    totals : frame `form, period, basis, column, value, source, level, agency, row, table`: what
        "Tổng cộng" rows print, a claim to hold against the sum of the rows of its table (of one
        level, agency or row where it names one), never one more row.
    numbers : frame `number, symbol, date, subject, place`: the documents that the text names.
    matches : frame `grid, place, form, layout, score, headings_matched, headings_unmatched`: which
        table of the document was taken for which form, how surely (0-1), and by which headings.
    places : frame `form, row, column, place, text, heading, code, period, basis, agency, level,
        set_by`: the cell that each figure was read from, the headings above it, and the key of the
        figure's row; `agency` is "" for who sends the report. `set_by`, here and of claims, is what
        of the document says whose and when the figure is, for `trace`: a line
        "part|piece|words" each, without what the head of the report says.
    notes : what reading noticed of the file.
    warnings : those of the notes that bear on figures, as text struck out, scaled numbers, or
        tables that came as one cell a line.
    blank : whether it is a form in which no figure was filled in: no report.
    corrections : frame `file, place, read, right, who, why`: what was corrected on reading.
    from_head : what the head of the document says itself, of "agency" and "period"; without what
        the reader was given instead, and empty for a folder.
    digest : SHA-256 of the bytes of its file, or of the files of its folder; "" of one that was
        put together by hand.
    read_with : the options that it was read with and that bear on what is read, as JSON, files
        by their own digest; "" for none.
    matched : of each name of an agency as printed the unit that it is taken for, where a list of
        units is given.

    Examples
    --------
    >>> from cchc_stats import read_report
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> str(report.period), report.tables["documents"]["sent_total"].tolist(), len(report.unplaced)
    ('2020Q3', [1380], 10)
    """

    agency: str
    number: str
    signed_on: dt.date | None
    period: pd.Period
    window: Window
    tables: Mapping[str, pd.DataFrame]
    claims: pd.DataFrame
    unplaced: pd.DataFrame
    source: str
    totals: pd.DataFrame = field(default_factory=_empty(TOTALS))
    numbers: pd.DataFrame = field(default_factory=_empty(NUMBERS))
    matches: pd.DataFrame = field(default_factory=_empty(MATCHES))
    places: pd.DataFrame = field(default_factory=_empty(PLACES))
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    blank: bool = False
    corrections: pd.DataFrame = field(default_factory=_empty(CORRECTIONS))
    from_head: tuple[str, ...] = ()
    digest: str = ""
    read_with: str = ""
    matched: tuple[Named, ...] = ()

    def __repr__(self) -> str:
        """Return what the report is in one line; its frames are too long for that."""
        return (
            f"Report({self.agency!r}, {self.period}, {len(self.tables)} tables, "
            f"{len(self.claims)} claims, {len(self.unplaced)} unplaced)"
        )


# By what the same reading is known again.

NOT_READ = "answers.csv"  # of a report's folder: scoring reads it itself


def digest_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, or of the names and bytes of a folder's files.

    Raises
    ------
    ReadError
        Nothing there, or it cannot be read.

    Examples
    --------
    >>> len(digest_of("data/binh-dinh-skhcn-2020q3"))
    64
    """
    path = Path(path)
    try:
        if not path.is_dir():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        each = hashlib.sha256()
        for file in sorted(path.iterdir()):
            if file.suffix.lower() in (".csv", ".toml") and file.name.lower() != NOT_READ:
                own = hashlib.sha256(file.read_bytes()).hexdigest()
                each.update(f"{file.name} {own}\n".encode(errors="surrogateescape"))
        return each.hexdigest()
    except OSError as error:
        raise ReadError(
            f"the file cannot be read: {error.strerror or error}",
            where=str(path),
            mend="check the path, and that you may read it",
        ) from error


def options_text(**options: object) -> str:
    """Return reading options as JSON, "" for none; a file is named by its digest.

    Examples
    --------
    >>> options_text(agency="Sở A", period="quý III năm 2020", layouts=None)
    '{"agency": "Sở A", "period": "2020Q3"}'
    """
    given = {name: _told(name, one) for name, one in options.items() if one is not None}
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def _told(name: str, option: object) -> str:
    if name == "period":
        try:
            return str(parse_period(option))  # type: ignore[arg-type]
        except PeriodError:
            return str(option)  # which reading refuses
    if name == "agency":
        return str(option)
    if isinstance(option, str | Path):
        return digest_of(option)
    parts = [one.name for one in fields(option) if one.name != "source"]  # type: ignore[arg-type]
    told = "\n".join(_plain(getattr(option, name)) for name in parts)
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()


def _plain(part: object) -> str:
    return repr(part.to_dict("list") if isinstance(part, pd.DataFrame) else part)
