"""A fault of a frame: kept as row numbers, turned into words only when somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.column import LEVELS, SIGNS, Identity
from cchc_stats.forms.form import Form
from cchc_stats.words import (
    ALL,
    QUARTERS,
    FormError,
    findings_frame,
    format_counts,
    format_number,
    word,
)

SHOWN = 20  # faults spelled out in the text of the exception
LONGEST = 150  # letters of a cell
TOTAL_HEADING = "Tổng số"
# Of rows of a form and some columns: where their cells stand, row by row.
Sources: TypeAlias = Callable[[pd.DataFrame, Form, Sequence[str]], Sequence[str]]
_BALANCES = {"=": "equal", "<=": "at_most", ">=": "at_least"}


@dataclass(frozen=True, eq=False)
class Fault:
    """One rule that a frame breaks, in one column, in some rows.

    Parameters
    ----------
    rule : code of the rule; its sentences are in `labels.toml` under `fault`, and its mend.
    column : the column it is about.
    rows : positions of the rows; empty where the column itself is meant.
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
    sources: Sources | None = None,
) -> pd.DataFrame:
    """Return the faults as a findings frame, in the order of the rows; the first `limit` ones.

    `sources` tells of rows where the cells of some columns stand, more closely than the rows do.
    """
    parts = [_describe(fault, frame, form, lang, limit, sources) for fault in faults]
    if not parts:
        return findings_frame()
    joined = pd.concat(parts, ignore_index=True)
    joined = joined.sort_values("row", kind="stable", ignore_index=True)
    return joined.drop(columns="row").head(len(joined) if limit is None else limit)


def _describe(
    fault: Fault,
    frame: pd.DataFrame,
    form: Form,
    lang: str,
    limit: int | None,
    sources: Sources | None,
) -> pd.DataFrame:
    """Return one fault's findings, each with the number of its row; -1 for a column itself."""
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
    cells, expected = cell_texts(part[fault.column]), [fault.expected] * len(rows)
    messages = [
        sentence.format(column=column, found=cell, expected=wanted)
        for cell, wanted in zip(cells, expected, strict=True)
    ]
    if fault.identity is not None:
        expected = right_side(fault.identity, part)
        messages = _sentences(fault.identity, part, form, lang)
    columns = fault.identity.columns if fault.identity else (fault.column,)
    placed = part if sources is None else part.assign(source=sources(part, form, columns))
    described: dict[str, object] = {
        "severity": "error",
        "rule": fault.rule,
        "where": row_places(placed, form, rows, lang=lang),
        "found": cells,
        "expected": expected,
        "difference": None if fault.difference is None else fault.difference[:limit],
        "message": messages,
    }
    return findings_frame(described | named_by(part)).assign(row=rows)


def named_by(part: pd.DataFrame | Mapping[str, Any]) -> dict[str, Any]:
    """Return the agency and the quarter of rows, as far as they can be read."""
    named: dict[str, Any] = {}
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
    before, after = f"{title}, {place}".split("{number}")
    names = _names_of_rows(part, form, len(rows), lang)
    sources = [""] * len(rows)
    if "source" in part:
        # Where a cell stands is not cut short.
        sources = [
            f" ({text})" if isinstance(text, str) and text else "" for text in part["source"]
        ]
    numbers = (np.asarray(rows) + 1).tolist()
    return [
        f"{before}{number}{after}{name}{source}"
        for number, name, source in zip(numbers, names, sources, strict=True)
    ]


def _names_of_rows(
    part: pd.DataFrame | Mapping[str, Any], form: Form, length: int, lang: str
) -> list[str]:
    """Return each row's name in quotes, "" where it has none."""
    if not form.row or form.row not in part:
        return [""] * length
    codes = cell_texts(part[form.row])
    labels = {code: form.row_label(code, lang=lang) for code in {*codes}}
    if "all" in labels and "all" not in form.rows:
        labels["all"] = word("place", "whole", lang=lang)
    quoted = {code: f" '{label}'" if label else "" for code, label in labels.items()}
    return [quoted[code] for code in codes]


def row_subjects(part: pd.DataFrame | Mapping[str, Any], form: Form, length: int) -> list[str]:
    """Return what a sentence in Vietnamese about a row begins with: "Lĩnh vực Công chứng: ".

    The level is told where it is not all of them; of a form that is one row, nothing.
    """
    if not form.row or form.row not in part:
        return [""] * length
    title = "" if form.rows else form.labels[form.row].vi + " "
    codes = cell_texts(part[form.row])
    levels = cell_texts(part["level"]) if "level" in part and form.row != "level" else codes
    subjects = []
    for code, level in zip(codes, levels, strict=True):
        name = form.row_label(code) if code in form.rows else title + code
        name = word("place", "whole") if code == ALL and code not in form.rows else name
        if level not in (code, ALL, ""):
            name += f" ({LEVELS[level].vi if level in LEVELS else level})"
        subjects.append(f"{name}: ")
    return subjects


def in_sentence(form: Form, name: str, *, of_whole: bool = False) -> str:
    """Return a column as it is called within a sentence in Vietnamese.

    Beside its whole a part needs no more than the last words of its heading.

    Examples
    --------
    >>> from cchc_stats.forms import DOSSIERS
    >>> in_sentence(DOSSIERS, "settled_total"), in_sentence(DOSSIERS, "settled_late", of_whole=True)
    ('hồ sơ đã giải quyết', 'trả quá hạn')
    """
    label, last = form.labels[name].vi, form.headings[name][-1]
    text = last if of_whole and last != TOTAL_HEADING else label
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _sentences(identity: Identity, part: pd.DataFrame, form: Form, lang: str) -> list[str]:
    """Return for each row how an identity does not hold, with what the row gives apart."""
    names = [name for name in identity.columns if name in part]
    # Rows that give the same terms are put in words together.
    kinds, kind = np.unique(part[names].notna().to_numpy(), axis=0, return_inverse=True)
    told = np.empty(len(part), dtype=object)
    for number, is_there in enumerate(kinds):
        given = [name for name, there in zip(names, is_there, strict=True) if there]
        one = replace(identity, parts=tuple(given[1:]), where_given=())
        rows = kind.ravel() == number
        told[rows] = _sentences_of(one, given, part[rows], form, lang)
    return list(told)


def _sentences_of(
    identity: Identity, given: Sequence[str], part: pd.DataFrame, form: Form, lang: str
) -> list[str]:
    """Return the sentences of rows that give all terms of an identity, and no others."""
    shown = [cell_texts(part[name], lang=lang) for name in given]
    right = right_side(identity, part, lang=lang)
    if lang != "vi":
        sentence, column = word("fault", "identity", lang=lang), str(identity)
        return [
            sentence.format(column=column, found=found, expected=expected)
            for found, expected in zip(shown[0], right, strict=True)
        ]
    terms = [in_sentence(form, name, of_whole=True) for name in given[1:]]
    is_time = form.kinds[identity.total] == "time"
    sentence = word("balance", "not_after" if is_time else _BALANCES[identity.op])
    total, sign = in_sentence(form, given[0]), SIGNS[identity.op]
    gaps = [""] * len(part) if is_time else _gaps(part, identity)
    told = []
    rows = zip(row_subjects(part, form, len(part)), right, gaps, *shown, strict=True)
    for subject, expected, gap, found, *figures in rows:
        parts = " + ".join(map(" ".join, zip(terms, figures, strict=True)))
        if len(terms) > 1:
            parts += f" = {expected.rpartition(' = ')[2].removeprefix(sign).strip()}"
        told.append(
            subject + sentence.format(total=total, found=found, parts=parts, difference=gap)
        )
    return told


def _gaps(part: pd.DataFrame, identity: Identity) -> list[str]:
    """Return by how much the two sides differ."""
    gaps = part[identity.total] - sum(part[name] for name in identity.parts)
    return [format_number(gap, decimals=4) for gap in abs(gaps).tolist()]


def right_side(identity: Identity, part: pd.DataFrame, *, lang: str = "") -> list[str]:
    """Return the right side of an identity in figures, row by row: "2 + 58 = 60"."""
    given = [name for name in identity.where_given if name in part and part[name].notna().any()]
    names = [*identity.parts, *given]
    shown = [cell_texts(part[name], lang=lang) for name in names]
    bound = "" if identity.op == "=" else f"{SIGNS[identity.op]} "
    if len(names) == 1:
        return [bound + text for text in shown[0]]
    counts = [cells for name in names if (cells := _counts(part[name])) is not None]
    if len(counts) == len(names):
        totals = _count_texts(np.sum(counts, axis=0), lang)
        sums = zip(map(" + ".join, zip(*shown, strict=True)), totals, strict=True)
        return [f"{bound}{terms} = {total}" for terms, total in sums]
    columns = [part[name].tolist() for name in names]
    rows = zip(zip(*columns, strict=True), zip(*shown, strict=True), strict=True)
    return [bound + _added(cells, terms, lang) for cells, terms in rows]


def _added(cells: Sequence[Any], shown: Sequence[str], lang: str) -> str:
    """Return the figures among some cells as a sum."""
    pairs = [(one, text) for one, text in zip(cells, shown, strict=True) if _is_figure(one)]
    terms = " + ".join(text for _, text in pairs)
    if len(pairs) < 2:
        return terms
    return f"{terms} = {cell_text(sum(one for one, _ in pairs), lang=lang)}"


def _is_figure(cell: object) -> bool:
    return type(cell) is int or not (isinstance(cell, str) or pd.isna(cell))  # type: ignore[call-overload]


def cell_texts(cells: Any, *, lang: str = "") -> list[str]:
    """Return what `cell_text` does of each cell of a column, counts all at once."""
    if (counts := _counts(cells)) is not None:
        return _count_texts(counts, lang)
    return [cell_text(cell, lang=lang) for cell in cells.tolist()]


def _counts(cells: Any) -> np.ndarray | None:
    """Return integers, None where the cells are others or one is missing."""
    if not pd.api.types.is_signed_integer_dtype(cells.dtype) or pd.isna(cells).any():
        return None
    numbers: np.ndarray = cells.to_numpy("int64") if hasattr(cells, "to_numpy") else cells
    return numbers


def _count_texts(numbers: np.ndarray, lang: str) -> list[str]:
    return format_counts(numbers.tolist(), lang=lang) if lang else [*map(str, numbers.tolist())]


def cell_text(cell: object, *, lang: str = "") -> str:
    """Return a cell as a person would write it down, shortened where it is very long.

    With a language an integer is grouped by thousands, as in a sentence.

    Examples
    --------
    >>> cell_text(61.0), cell_text(pd.Timestamp("2020-07-21")), cell_text(pd.NA)
    ('61', '21/07/2020', '')
    >>> cell_text(1380), cell_text(1380, lang="vi")
    ('1380', '1.380')
    """
    if isinstance(cell, str) or type(cell) is int:
        return _shortened(cell, lang)
    if pd.api.types.is_scalar(cell) and pd.isna(cell):  # type: ignore[call-overload]
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%d/%m/%Y}" if cell == cell.normalize() else f"{cell:%d/%m/%Y %H:%M:%S}"
    if isinstance(cell, pd.Period) and cell.freqstr not in ("Q-DEC", "M"):
        return f"{cell} ({cell.freqstr})"
    if isinstance(cell, float) and cell.is_integer() or isinstance(cell, np.integer):
        cell = int(cell)
    return _shortened(cell, lang)


def _shortened(cell: object, lang: str) -> str:
    text = format_number(cell, lang=lang) if lang and type(cell) is int else str(cell)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
