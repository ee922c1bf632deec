"""`write_workbook`: frames as sheets in words, as officials open them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, find_form
from cchc_stats.indicators import find_indicator
from cchc_stats.words import (
    ALL,
    NO_DATE,
    CchcError,
    assessor_name,
    label_period,
    require_file_target,
    require_language,
    require_letters,
    undated,
    vocabulary,
    write_whole,
)

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME, MOST_LETTERS, MOST_ROWS = 31, 32_767, 1_048_575
COUNT, SHARE, DAY = "#,##0", "0.00", "dd/mm/yyyy"
_AMOUNT = "#,##0.00"
_CODED = ("severity", "status", "basis", "origin", "unit", "answer")
_SHARES = ("percent", "percentage_points")
# Columns whose figures are in the unit of the row.
_OF_UNIT = ("value", "previous", "low", "high", "target")
_WIDEST, _NARROWEST = 60, 8
_TITLES = {form.code: (form.title, form.title_en) for form in FORMS}


def write_workbook(path: str | Path, *, lang: str = "vi", **frames: pd.DataFrame) -> Path:
    """Write frames as a workbook, a sheet each, in words that need no knowledge of the library.

    Parameters
    ----------
    path : ends in .xlsx.
    lang : of the words, "vi" or "en".
    frames : name -> frame: values, comparisons, findings, ranks, scores, or any other, in the order
        of the sheets. Known names and columns are said in words, others stay as they are.

    Returns
    -------
    The path. Heads are frozen and filtered. Counts are numbers with points for thousands and shares
    numbers from 0 to 100 with two decimals, as the reader's Excel writes them; periods are texts,
    days days. Where a figure is missing stands why: its status, or "không có". A text is never a
    formula. The same frames are the same bytes.

    Raises
    ------
    CchcError
        No frame, or something else; a name that does not end in .xlsx; two sheets of one name; more
        rows or letters than a sheet holds; a path that cannot be written. All faults at once.

    Examples
    --------
    >>> import cchc_stats as cchc
    >>> values = cchc.measure(cchc.read_report("data/binh-dinh-skhcn-2020q3").tables)
    >>> path = write_workbook(getfixture("tmp_path") / "so-lieu.xlsx", values=values)
    >>> pd.read_excel(path, engine="calamine").columns[:4].tolist()
    ['Cơ quan', 'Kỳ', 'Cách tính', 'Chỉ tiêu']
    """
    require_language(lang)
    path = Path(path)
    _require(path, frames, lang)
    require_file_target(path)
    from xlsxwriter.workbook import Workbook

    made = BytesIO()
    # Each text as a text, whatever it looks like.
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(made, plain)
    looks: dict[str, Any] = {
        kind: book.add_format({"num_format": kind, "valign": "top"})
        for kind in (COUNT, SHARE, _AMOUNT, DAY)
    }
    looks["text"] = book.add_format({"valign": "top", "text_wrap": True})
    looks["head"] = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    for name, frame in frames.items():
        _draw(book.add_worksheet(_sheet_name(name, lang)), _whole(frame), looks, lang)
    book.set_properties({"created": NO_DATE})
    book.close()
    return write_whole(path, undated(made.getvalue()))


def _words() -> Mapping[str, Mapping[str, Any]]:
    return vocabulary("cchc_stats.publishing.letters", "workbook.toml")


def _sheet_name(name: str, lang: str) -> str:
    label = _words()["sheet"].get(name)
    said = label.in_language(lang) if label else _NOT_IN_NAMES.sub(" ", name)
    return said[:LONGEST_NAME].strip() or "1"


def _require(path: Path, frames: Mapping[str, Any], lang: str) -> None:
    faults = []
    if path.suffix.lower() != ".xlsx":
        faults.append(f"a workbook's name ends in .xlsx, not in {path.suffix or 'nothing'}")
    if not frames:
        faults.append("no frame is given")
    names = [_sheet_name(name, lang).casefold() for name in frames]
    faults += [f"two sheets would be called {name!r}" for name in {*names} if names.count(name) > 1]
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            faults.append(f"{name} is no DataFrame but {type(frame).__name__}")
        elif len(frame) > MOST_ROWS:
            faults.append(f"{name} has {len(frame):,} rows, a sheet holds {MOST_ROWS:,}")
    if faults:
        raise CchcError(
            "the workbook cannot be written",
            where="; ".join(sorted(faults)),
            mend='give frames by name: write_workbook("so-lieu.xlsx", values=values)',
        )


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose named index is columns too."""
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index(drop=not named)


def _draw(sheet: Any, frame: pd.DataFrame, looks: Mapping[str, Any], lang: str) -> None:
    labels = _words()["column"]
    units = frame["unit"].astype(object).tolist() if "unit" in frame else [""] * len(frame)
    statuses = frame["status"].astype(object).tolist() if "status" in frame else [None] * len(frame)
    for at, name in enumerate(map(str, frame.columns)):
        head = labels[name].in_language(lang) if name in labels else name
        column = frame.iloc[:, at]
        if name == "group" and "indicator" in frame:
            column = _rows_in_words(frame, lang)
        is_figure = pd.api.types.is_numeric_dtype(column.dtype) and not _is_bool(column)
        widest = min(len(head), 18)
        sheet.write_string(0, at, head, looks["head"])
        for row, (cell, unit, status) in enumerate(
            zip(column.astype(object).tolist(), units, statuses, strict=True), 1
        ):
            said = _said(name, cell, lang=lang, is_figure=is_figure, status=status)
            if isinstance(said, dt.date):
                sheet.write_datetime(row, at, said, looks[DAY])
            elif isinstance(said, str):
                widest = max(widest, *map(len, said.split("\n")))
                _write_text(sheet, row, at, said, looks["text"])
            else:
                sheet.write_number(row, at, said, looks[_format(name, said, unit)])
        sheet.set_column(at, at, max(_NARROWEST, min(widest + 2, _WIDEST)))
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _rows_in_words(frame: pd.DataFrame, lang: str) -> pd.Series:
    """Return the groups of values by the labels that their forms give the rows."""
    said = []
    for code, group in zip(frame["indicator"].astype(object), frame["group"], strict=True):
        indicator = find_indicator(code) if isinstance(code, str) else None
        if indicator and isinstance(group, str) and group != ALL:
            group = find_form(indicator.form).row_label(group, lang=lang)
        said.append(group)
    return pd.Series(said, index=frame.index, dtype=object)


def _is_bool(column: pd.Series) -> bool:
    return bool(pd.api.types.is_bool_dtype(column.dtype))


def _write_text(sheet: Any, row: int, at: int, said: str, look: Any) -> None:
    if not said:
        return
    require_letters([said])
    if len(said) > MOST_LETTERS:
        raise CchcError(
            f"a cell holds {MOST_LETTERS:,} letters at most",
            where=f"row {row}: {said[:60]!r}",
            mend="shorten the text",
        )
    sheet.write_string(row, at, said, look)


def _format(name: str, figure: float, unit: object) -> str:
    """Return the format of a number: of a share, a count or an amount."""
    is_share = name.endswith(("_pct", "_pp")) or name == "percent"
    is_share |= name in _OF_UNIT and unit in _SHARES
    if is_share or name.startswith("change_") and unit in _SHARES:
        return SHARE
    return COUNT if float(figure).is_integer() and name != "points" else _AMOUNT


def _said(
    name: str, cell: Any, *, lang: str, is_figure: bool, status: object
) -> str | float | dt.date:
    """Return what a cell shows: a number, a day, or words."""
    if isinstance(cell, tuple | list | set | frozenset):
        return ", ".join(map(str, cell))
    if pd.isna(cell) or (isinstance(cell, float) and not np.isfinite(cell)):
        return _absence(name, status, lang=lang) if is_figure else ""
    if isinstance(cell, bool | np.bool_):
        return str(_words()["cell"]["yes" if cell else "no"].in_language(lang))
    if isinstance(cell, pd.Timestamp | dt.date):
        return pd.Timestamp(cell).to_pydatetime()
    if isinstance(cell, pd.Period):
        return label_period(cell, lang=lang)
    if not isinstance(cell, str):
        return float(cell) if is_figure or isinstance(cell, int | float | np.number) else str(cell)
    return _worded(name, cell, lang=lang)


def _absence(name: str, status: object, *, lang: str) -> str:
    """Return why a figure is not there: the status of a value, else that there is none."""
    statuses = vocabulary()["status"]
    if name == "value" and isinstance(status, str) and status in statuses:
        return str(statuses[status].in_language(lang))
    return str(_words()["cell"]["absent"].in_language(lang))


def _worded(name: str, text: str, *, lang: str) -> str:
    """Return a code in words; a text as it is."""
    if name in _CODED and text in (codes := vocabulary()[name]):
        return codes[text].in_language(lang)
    if name == "indicator" and (indicator := find_indicator(text)):
        return indicator.label.in_language(lang)
    if name == "rule" and text in (kinds := vocabulary()["kind"]):
        return kinds[text].in_language(lang)
    if name == "form" and text in _TITLES:
        return _TITLES[text][lang != "vi"]
    if name == "assessor":
        return assessor_name(text, lang=lang)
    if text == ALL and name in ("group", "sector", "level", "agency"):
        return str(_words()["cell"]["all"].in_language(lang))
    return text
