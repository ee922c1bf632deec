"""The door of the forms: `validate` lets a frame through, typed, or tells all its faults at once.

One wide vectorised pass over the columns decides, because pandera takes some 20 ms a call and a
minute over a million failing rows; the rules it applies are read from the pandera model, and the
tests hold the two to the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd

from cchc_stats.errors import CchcError, PeriodError
from cchc_stats.findings import QUARTERS
from cchc_stats.forms.catalogue import find_form
from cchc_stats.forms.faults import Fault, form_error
from cchc_stats.forms.form import Form, figures_of
from cchc_stats.periods import parse_period, told_basis

# Beyond it sums of a few columns could leave int64; no office counts so far.
LARGEST = 10**15
DEFAULTS = {"not_applicable": "", "source": ""}


def validate(frame: pd.DataFrame, form: Form | str) -> pd.DataFrame:
    """Return the frame as the form has it: columns in order, typed, checked; or tell every fault.

    Parameters
    ----------
    frame : one row per `form.row` of a report, with the form's columns (`form.columns`); counts as
        integers or whole floats, periods as quarters or as texts such as "quý III năm 2020".
        `basis` is the form's own where the column is not there, or what the period's text tells; `not_applicable` and `source` are
        empty; an optional column that is not there is all <NA>. Other columns are kept, last.
    form : a form or its code.

    Returns
    -------
    New frame with index 0…n-1; counts Int64, amounts Float64, period `period[Q-DEC]`. Missing
    figures are <NA>; a row that lacks a term of an identity neither passes nor fails it.

    Raises
    ------
    FormError
        With every fault at once; `.faults` is a findings frame, `.count` their number.

    Examples
    --------
    >>> documents = pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380],
    ...      "sent_paper": [65], "sent_electronic": [1315]})
    >>> validate(documents, "documents")["basis"].tolist()
    ['in_period']
    >>> validate(documents.assign(sent_paper=64), "documents")
    Traceback (most recent call last):
    cchc_stats.errors.FormError: form documents (Trao đổi văn bản giữa các cơ quan ...): 1 fault
      where: Trao đổi văn bản giữa các cơ quan hành chính nhà nước, dòng 1: ...
      mend:  correct the figure in the source, then call validate() again
    """
    form = find_form(form)
    table, faults = examine(frame, form)
    if faults:
        raise form_error(table, form, faults)
    return table


def examine(frame: pd.DataFrame, form: Form) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the typed frame and its faults; cells that cannot be typed stay as they are."""
    if not isinstance(frame, pd.DataFrame):
        raise CchcError("a form is checked as a DataFrame", where=type(frame).__name__, mend="")
    faults = [
        Fault("duplicated_column", name)
        for name in frame.columns[frame.columns.duplicated()].unique()
    ]
    frame = frame.loc[:, ~frame.columns.duplicated()].reset_index(drop=True)
    if frame.empty:
        return frame, [*faults, Fault("empty_frame", "")]
    columns: dict[str, pd.Series] = {}
    codes: dict[str, np.ndarray] = {}
    for name in form.columns:
        if name not in frame:
            filled = _absent(name, form, frame)
            if filled is None:
                faults.append(Fault("missing_column", name, expected=_near(name, form, frame)))
                continue
            columns[name] = filled
            if name in form.key:
                codes[name] = pd.factorize(filled)[0]
            continue
        kind = form.kinds[name]
        if kind in ("count", "amount"):
            columns[name], wrong = _figures(frame[name], whole=kind == "count")
        elif kind == "time":
            columns[name], wrong = _times(frame[name], required=not _nullable(form, name))
        else:
            read = _quarters if kind == "quarter" else _texts
            columns[name], codes[name], wrong = read(frame[name], form, name)
        faults += [Fault(rule, name, np.flatnonzero(mask), more) for rule, mask, more in wrong]
    others = {name: frame[name] for name in frame.columns if name not in columns}
    table = pd.DataFrame(columns | others, copy=False)
    untyped = {fault.column for fault in faults}
    faults += _duplicates(form, table, codes)
    faults += _not_applicable(form, table)
    faults += _identities(form, table, untyped)
    return table, faults


def _absent(name: str, form: Form, frame: pd.DataFrame) -> pd.Series | None:
    """Return what stands for a column that is not there, None where it must be."""
    if name == "basis":
        return _basis(form, frame)
    if name in DEFAULTS:
        return pd.Series(DEFAULTS[name], index=frame.index, dtype="str")
    if name in form.optional or (form.kinds[name] in ("text", "time") and _nullable(form, name)):
        types = {"count": "Int64", "amount": "Float64", "time": "datetime64[us]", "text": "str"}
        return pd.Series(pd.NA, index=frame.index, dtype=types[form.kinds[name]])
    return None


def _basis(form: Form, frame: pd.DataFrame) -> pd.Series:
    """Return the form's basis, but year to date where the period's text says "9 tháng đầu năm"."""
    stated = frame.get("period")
    if stated is None or isinstance(stated.dtype, pd.PeriodDtype):
        return pd.Series(form.basis, index=frame.index, dtype="str")
    readable = stated.where(stated.map(_quarter).map(lambda read: isinstance(read, pd.Period)))
    return told_basis(readable, otherwise=form.basis)


def _near(name: str, form: Form, frame: pd.DataFrame) -> str:
    """Return a hint at a column that may be the missing one under another spelling."""
    unknown = [str(column) for column in frame.columns if column not in form.columns]
    near = get_close_matches(name, unknown, n=1, cutoff=0.7)
    return f" ('{near[0]}'?)" if near else ""


def _nullable(form: Form, name: str) -> bool:
    return bool(form.schema.columns[name].nullable)


Wrong = list[tuple[str, np.ndarray, str]]


def _figures(column: pd.Series, *, whole: bool) -> tuple[pd.Series, Wrong]:
    """Return a column of figures as Int64 or Float64 and what in it is no such figure."""
    target = "Int64" if whole else "Float64"
    wrong: Wrong = []
    if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        cells = column.astype(object)
        missing = cells.isna().to_numpy()
        number = np.fromiter((_is_number(cell) for cell in cells), dtype=bool, count=len(cells))
        if (text := ~missing & ~number).any():
            # The other cells are judged too: all faults at once.
            wrong.append(("text_in_figure", text, ""))
        typed, more = _figures(cells.where(number, np.nan).astype("float64"), whole=whole)
        return (column if wrong else typed), wrong + more
    if pd.api.types.is_integer_dtype(column.dtype):
        values = column.to_numpy("int64", na_value=0)
    else:
        values = column.to_numpy("float64", na_value=np.nan)
        infinite = np.isinf(values)
        uneven = whole & ~infinite & ~np.isnan(values) & (values != np.floor(values))
        if uneven.any():
            wrong.append(("not_whole", uneven, ""))
        if infinite.any():
            wrong.append(("too_large", infinite, f"> {LARGEST:.0e}"))
    with np.errstate(invalid="ignore"):
        if values.min() < 0 and (negative := (values < 0) & np.isfinite(values)).any():
            wrong.append(("negative", negative, ""))
        if values.max() > LARGEST and (large := (values > LARGEST) & np.isfinite(values)).any():
            wrong.append(("too_large", large, f"> {LARGEST:.0e}"))
    if wrong or column.dtype == target:
        return column, wrong
    return column.astype("Float64").astype(target), wrong


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool)


def _texts(column: pd.Series, form: Form, name: str) -> tuple[pd.Series, np.ndarray, Wrong]:
    """Return a column of texts as str, a number for each distinct text, and what is wrong."""
    codes, distinct = pd.factorize(column)
    known = [isinstance(text, str) for text in distinct]
    wrong: Wrong = []
    if not all(known):
        wrong.append(("not_text", _among(codes, np.logical_not(known)), ""))
    nullable = _nullable(form, name)
    blank = [isinstance(text, str) and not text.strip() for text in distinct]
    if not nullable and name not in DEFAULTS:
        empty = _among(codes, blank) | (codes < 0)
        if empty.any():
            wrong.append(("missing_key", empty, ""))
    if allowed := _allowed(form, name):
        strange = [
            ok and not is_blank and text not in allowed
            for text, ok, is_blank in zip(distinct, known, blank, strict=True)
        ]
        if any(strange):
            wrong.append(("unknown_code", _among(codes, strange), ", ".join(allowed)))
    if wrong:
        return column, codes, wrong
    filled = column.fillna("") if name in DEFAULTS else column
    return (filled if filled.dtype == "str" else filled.astype("str")), codes, wrong


def _allowed(form: Form, name: str) -> tuple[str, ...]:
    """Return the codes that the model allows in a column, () where any text may stand."""
    for check in form.schema.columns[name].checks:
        if check.name == "isin":
            return tuple(check.statistics["allowed_values"])
    return ()


def _among(codes: np.ndarray, chosen: Iterable[bool]) -> np.ndarray:
    """Return the mask of the rows whose distinct value is chosen; missing is never chosen."""
    # One more place at the end, which the code -1 of a missing value points to.
    return np.array([*chosen, False], dtype=bool)[codes]


def _quarters(column: pd.Series, form: Form, name: str) -> tuple[pd.Series, np.ndarray, Wrong]:
    """Return a column of periods as quarters, a number for each, and what is no quarter."""
    if str(column.dtype) == QUARTERS:
        numbers = column.array.asi8  # type: ignore[union-attr]
        if not (missing := column.isna().to_numpy()).any():
            return column, numbers - numbers.min(), []
        return column, pd.factorize(column)[0], [("missing_key", missing, "")]
    codes, distinct = pd.factorize(column)
    read = [_quarter(text) for text in distinct]
    wrong: Wrong = [("missing_key", codes < 0, "")] if (codes < 0).any() else []
    for rule in ("month", "not_a_quarter"):
        if any(quarter == rule for quarter in read):
            wrong.append((rule, _among(codes, [quarter == rule for quarter in read]), ""))
    if wrong:
        return column, codes, wrong
    quarters = pd.PeriodIndex(read, freq="Q-DEC")
    return pd.Series(quarters.take(codes), index=column.index), quarters.asi8[codes], wrong


def _quarter(text: object) -> pd.Period | str:
    """Return the quarter that a text or a period names, or the rule it breaks."""
    try:
        period = parse_period(text)  # type: ignore[arg-type]
    except PeriodError:
        return "not_a_quarter"
    return period if period.freqstr == "Q-DEC" else "month"


def _times(column: pd.Series, *, required: bool) -> tuple[pd.Series, Wrong]:
    """Return a column of times as datetime64[us] and what in it is no time."""
    if not pd.api.types.is_datetime64_dtype(column.dtype):
        typed = pd.to_datetime(column.where(column.map(_is_time)), errors="coerce")
        if (strange := (typed.isna() & column.notna()).to_numpy()).any():
            return column, [("not_a_time", strange, "")]
        column = typed
    column = column.astype("datetime64[us]")
    empty = column.isna().to_numpy()
    return column, [("missing_key", empty, "")] if required and empty.any() else []


def _is_time(cell: object) -> bool:
    # A text such as 03/04/2020 has two readings; only what is a date already is taken.
    return hasattr(cell, "isoformat") and not pd.isna(cell)  # type: ignore[call-overload]


def _duplicates(form: Form, table: pd.DataFrame, codes: dict[str, np.ndarray]) -> list[Fault]:
    """Return the rows whose key another row has too; a row that lacks part of it has none."""
    if not all(name in table for name in form.key):
        return []
    together = np.zeros(len(table), dtype="int64")
    whole = np.ones(len(table), dtype=bool)
    for part in (codes[name] for name in form.key):
        whole &= part >= 0
        together = together * (int(part.max()) + 2) + part + 1
        if together.max() > LARGEST:  # dense again before the next product could leave int64
            together = pd.factorize(together)[0]
    same = pd.Series(together).duplicated(keep=False).to_numpy() & whole
    return [Fault("duplicated_key", form.row or form.key[0], np.flatnonzero(same))] if same.any() else []


def _not_applicable(form: Form, table: pd.DataFrame) -> list[Fault]:
    """Return the rows whose `not_applicable` names no column of the form, or one with a figure."""
    if "not_applicable" not in table or "not_applicable" not in form.columns:
        return []
    codes, distinct = pd.factorize(table["not_applicable"])
    wrong = np.zeros(len(table), dtype=bool)
    for number, text in enumerate(distinct):
        for name in str(text).replace(",", " ").split():
            rows = codes == number
            known = name in form.figures and name in table
            wrong |= rows & table[name].notna().to_numpy() if known else rows
    return [Fault("not_applicable", "not_applicable", np.flatnonzero(wrong))] if wrong.any() else []


def _identities(form: Form, table: pd.DataFrame, untyped: set[str]) -> list[Fault]:
    """Return the rows in which an identity does not hold, for the identities that can be judged."""
    figures = figures_of(table)
    faults = []
    for identity in form.identities:
        if untyped & set(identity.columns):
            continue
        rows = np.flatnonzero(identity.broken_rows(figures))
        if len(rows):
            faults.append(Fault("identity", identity.total, rows, identity=identity))
    return faults
