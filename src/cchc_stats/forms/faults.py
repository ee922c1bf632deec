"""A fault of a frame: kept as row numbers, turned into words only when somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms.form import Form
from cchc_stats.forms.identity import Identity
from cchc_stats.words import QUARTERS, FormError, findings_frame, format_number, word

SHOWN = 20  # faults spelled out in the text of the exception
LONGEST = 150  # letters of a cell


@dataclass(frozen=True, eq=False)
class Fault:
    """One rule that a frame breaks, in one column, in some rows.

    Parameters
    ----------
    rule : code of the rule; its sentences are in `labels.toml` under `fault`, and its mend.
    column : the column it is about.
    rows : positions of the rows; empty where the whole column is meant.
    expected : what should be there, in words or codes.
    identity : the statement that does not hold, for the rule `identity`.
    difference : its left less its right side in these rows, where the two are counts.
    """

    rule: str
    column: str
    rows: np.ndarray | None = None
    expected: str = ""
    identity: Identity | None = None
    difference: np.ndarray | None = None

    @property
    def count(self) -> int:
        """Number of findings it gives."""
        return 1 if self.rows is None else len(self.rows)


def form_error(frame: pd.DataFrame, form: Form, faults: Sequence[Fault]) -> FormError:
    """Return the one exception that tells all faults of a frame."""
    number = sum(fault.count for fault in faults)
    # The caller may change the frame in place afterwards; the faults are those of now.
    kept = frame.copy(deep=False)
    first = fault_findings(frame, form, faults, lang="en", limit=SHOWN)
    lines = [
        f"{where}: {message}"
        for where, message in zip(first["where"], first["message"], strict=True)
    ]
    if number > len(lines):
        lines.append(f"… and {number - len(lines)} more, all in .faults")
    mends = dict.fromkeys(word("mend", fault.rule, lang="en") for fault in faults)
    title = f"form {form.code} ({form.title})"
    return FormError(
        f"{title}: {number} fault{'s' if number > 1 else ''}",
        where="\n         ".join(lines),
        mend="; ".join(mends),
        count=number,
        build=lambda: fault_findings(kept, form, faults),
    )


def fault_findings(
    frame: pd.DataFrame,
    form: Form,
    faults: Sequence[Fault],
    *,
    lang: str = "vi",
    limit: int | None = None,
) -> pd.DataFrame:
    """Return the faults as a findings frame, in the order of the rows; the first `limit` ones."""
    parts = [_describe(fault, frame, form, lang, limit) for fault in faults]
    if not parts:
        return findings_frame()
    joined = pd.concat(parts, ignore_index=True)
    joined = joined.sort_values("row", kind="stable", ignore_index=True)
    return joined.drop(columns="row").head(len(joined) if limit is None else limit)


def _describe(
    fault: Fault, frame: pd.DataFrame, form: Form, lang: str, limit: int | None
) -> pd.DataFrame:
    """Return one fault's findings, each with the number of its row; -1 for a whole column."""
    heading = form.heading(fault.column) if fault.column else ""
    column = heading if lang == "vi" else f"{fault.column} '{heading}'"
    sentence = word("fault", fault.rule, lang=lang)
    if fault.rows is None:
        message = sentence.format(column=column, found="", expected=fault.expected)
        where = form.title if lang == "vi" else form.title_en
        one = {"severity": "error", "rule": fault.rule, "where": where, "message": message}
        return findings_frame([one]).assign(row=-1)
    rows = fault.rows[:limit]
    part = frame.iloc[rows]
    found = [cell_text(cell) for cell in part[fault.column]]
    expected = [fault.expected] * len(rows)
    columns, left, right = [column] * len(rows), found, expected
    if fault.identity is not None:
        stated = _as_given(fault.identity, part)
        columns = [one.in_words(form.heading) if lang == "vi" else str(one) for one in stated]
        expected = right_side(fault.identity, part)
        left = [cell_text(cell, lang=lang) for cell in part[fault.column]]
        right = right_side(fault.identity, part, lang=lang)
    described: dict[str, object] = {
        "severity": "error",
        "rule": fault.rule,
        "where": row_places(part, form, rows, lang=lang),
        "found": found,
        "expected": expected,
        "difference": None if fault.difference is None else fault.difference[:limit],
        "message": [
            sentence.format(column=name, found=cell, expected=wanted)
            for name, cell, wanted in zip(columns, left, right, strict=True)
        ],
    }
    return findings_frame(described | named_by(part)).assign(row=rows)


def named_by(part: pd.DataFrame | Mapping[str, Any]) -> dict[str, object]:
    """Return the agency and the quarter of rows, as far as they can be read."""
    named: dict[str, object] = {}
    if "agency" in part:
        agencies = part["agency"]
        if agencies.dtype != "str":
            agencies = pd.Series(agencies, dtype=agencies.dtype).astype("str")
        named["agency"] = agencies.array if isinstance(agencies, pd.Series) else agencies
    if "period" in part and str(part["period"].dtype) == QUARTERS:
        quarters = part["period"]
        named["period"] = quarters.array if isinstance(quarters, pd.Series) else quarters
    return named


def row_places(
    part: pd.DataFrame | Mapping[str, Any],
    form: Form,
    rows: Sequence[int] | np.ndarray,
    *,
    lang: str,
) -> list[str]:
    """Return for each row where a person finds it: form, row number and name, place in the report.

    Parameters
    ----------
    part : the rows, as a frame or as its columns.
    rows : their positions in the frame, counted from 0; people count from 1.
    """
    title, place = (form.title if lang == "vi" else form.title_en), word("place", "row", lang=lang)
    names = [""] * len(rows)
    if form.row and form.row in part:
        codes = [cell_text(code) for code in part[form.row]]
        labels = [
            word("place", "whole", lang=lang)
            if code == "all" and code not in form.rows
            else form.row_label(code, lang=lang)
            for code in codes
        ]
        names = [f" '{label}'" if label else "" for label in labels]
    sources = [""] * len(rows)
    if "source" in part:
        texts = [cell_text(text) for text in part["source"]]
        sources = [f" ({text})" if text else "" for text in texts]
    return [
        f"{title}, {place.format(number=row + 1)}{name}{source}"
        for row, name, source in zip(rows, names, sources, strict=True)
    ]


def _as_given(identity: Identity, part: pd.DataFrame) -> list[Identity]:
    """Return an identity as it holds for each row: with what the row gives apart, and no more."""
    given = [name for name in identity.where_given if name in part]
    if not given:
        return [replace(identity, where_given=())] * len(part)
    return [
        replace(
            identity,
            parts=(*identity.parts, *(name for name in given if pd.notna(row[name]))),
            where_given=(),
        )
        for row in part[given].to_dict("records")
    ]


def right_side(identity: Identity, part: pd.DataFrame, *, lang: str = "") -> list[str]:
    """Return the right side of an identity in figures, row by row: "2 + 58 = 60"."""
    given = [name for name in identity.where_given if name in part]
    names = [*identity.parts, *given]
    texts = []
    for cells in zip(*(part[name] for name in names), strict=True):
        known = [cell for cell in cells if not (isinstance(cell, str) or pd.isna(cell))]
        terms = " + ".join(cell_text(cell, lang=lang) for cell in known)
        sums = f" = {cell_text(sum(known), lang=lang)}" if len(known) > 1 else ""
        texts.append(f"{'≤ ' if identity.op == '<=' else ''}{terms}{sums}")
    return texts


def cell_text(cell: object, *, lang: str = "") -> str:
    """Return a cell as a person would write it down, shortened where it is very long.

    With a language a whole number is grouped by thousands, as in a sentence.

    Examples
    --------
    >>> cell_text(61.0), cell_text(pd.Timestamp("2020-07-21")), cell_text(pd.NA)
    ('61', '21/07/2020', '')
    >>> cell_text(1380), cell_text(1380, lang="vi")
    ('1380', '1.380')
    """
    if pd.api.types.is_scalar(cell) and pd.isna(cell):  # type: ignore[call-overload]
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%d/%m/%Y}" if cell == cell.normalize() else f"{cell:%d/%m/%Y %H:%M:%S}"
    if isinstance(cell, pd.Period) and cell.freqstr not in ("Q-DEC", "M"):
        return f"{cell} ({cell.freqstr})"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if lang and isinstance(cell, int | np.integer) and not isinstance(cell, bool):
        return format_number(int(cell), lang=lang)
    text = str(cell)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
