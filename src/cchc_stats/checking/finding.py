"""One finding in the words of its rule: of a report, or of rows of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from cchc_stats.forms import Form, Sources, Tabled, cell_text, named_by, row_places, tables_in
from cchc_stats.indicators import Tables
from cchc_stats.reading import Report
from cchc_stats.words import CchcError, format_number, word

Rows: TypeAlias = list[dict[str, Any]]  # findings, of which `check` builds one frame


def tables_of(one: Tabled, *, what: str, where: str) -> Tables:
    """Return the tables of a report, or those given; `what` is said of them where they are none."""
    held = tables_in(one)
    if not isinstance(held, Mapping):
        raise CchcError(
            f"{what}, not {type(one).__name__}",
            where=where,
            mend="give what read_report returns, or a mapping of form code to DataFrame",
        )
    return held


_IN_A_COLUMN = ", cột '"  # in the place of a share that a table prints


def finding(
    report: Report, severity: str, rule: str, *, lang: str, difference: Any = None, **words: Any
) -> dict[str, Any]:
    """Return a finding of a report; `words` fill the rule's sentence, and some are columns too."""
    of_column = rule == "claim_differs" and _IN_A_COLUMN in words.get("where", "")
    sentence = "share_column_differs" if of_column else rule
    one = {
        "severity": severity,
        "rule": rule,
        "agency": report.agency,
        "period": words.get("quarter", report.period),
        # What is of the letter as a whole stands in its head.
        "where": report.number or report.source,
        "difference": difference,
        "message": word("check", sentence, lang=lang).format(**words),
    }
    return one | {name: words[name] for name in ("where", "found", "expected") if name in words}


def row_findings(
    part: pd.DataFrame | Mapping[str, Any],
    form: Form,
    rows: Sequence[int] | Any,
    severity: str,
    rule: str,
    /,
    *,
    lang: str,
    found: Sequence[Any] | Any,
    expected: Sequence[Any] | Any,
    difference: Any,
    bound: str = "",
    where: Sequence[str] | None = None,
    sentence: str = "",
    columns: Sequence[str] = (),
    **words: Sequence[Any],
) -> Rows:
    """Return a finding for each of some rows of a form.

    Parameters
    ----------
    part, rows : the rows, as a frame or as its columns, and their positions in the whole frame.
    severity, rule, lang : of the findings; the rule's sentence is in `labels.toml` under `check`.
    found, expected, difference : figures, one per row; `bound` is set before the second.
    where : places, where they are not those of the rows.
    sentence : the rule whose sentence is taken, where it is not its own.
    columns : those that it is about, whose cells are then named as the place (see `placed`).
    words : what else fills the sentence, one per row.
    """
    pattern = word("check", sentence or rule, lang=lang)
    sides = {"found": found, "expected": expected}
    texts = {name: [cell_text(cell, lang=lang) for cell in cells] for name, cells in sides.items()}
    filled = texts | {name: [*cells] for name, cells in words.items()}
    described = {
        "where": row_places(part, form, rows, lang=lang) if where is None else where,
        "found": [cell_text(cell) for cell in found],
        "expected": [f"{bound}{cell_text(cell)}" for cell in expected],
        "difference": difference,
        "message": [
            pattern.format(**dict(zip(filled, cells, strict=True)))
            for cells in zip(*filled.values(), strict=True)
        ],
    }
    found_ones = each_of({"severity": severity, "rule": rule}, described | named_by(part))
    if columns:
        frame = pd.DataFrame(part)
        for at, one in enumerate(found_ones):
            one["cells"] = (frame.iloc[[at]], form, columns)
    return found_ones


def placed(row: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """Return a finding whose place names the cells that it is about."""
    part, form, columns = row.pop("cells", (None, None, ()))
    if not columns or not (source := part["source"].iloc[0]):
        return row
    exact = sources(part, form, columns)[0]
    return row | {"where": row["where"].replace(f"({source})", f"({exact})")}


def each_of(common: Mapping[str, Any], columns: Mapping[str, Iterable[Any]]) -> Rows:
    """Return a finding for each cell of some columns, with what is common to all."""
    cells = zip(*columns.values(), strict=True)
    return [{**common, **dict(zip(columns, one, strict=True))} for one in cells]


def column_name(form: Form, name: str, lang: str) -> str:
    """Return a column in the words of the form, or by its name in English."""
    return form.heading(name) if lang == "vi" else name


def number(x: Any, lang: str) -> str:
    """Return a figure as people write it, with at most four decimals.

    Examples
    --------
    >>> number(1315.0, "vi"), number(0.25, "en")
    ('1.315', '0.25')
    """
    return format_number(float(x), decimals=4, lang=lang)


def rows_of(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return frame.itertuples() if len(frame) else ()
