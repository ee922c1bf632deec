"""Frames in words, and tables for notebooks set as reports set them: forms, comparisons, scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from cchc_stats.forms import SHARED, Form, dashed_columns, find_form
from cchc_stats.plots import change_words, name_of, parts_words, value_words
from cchc_stats.publishing.summaries import values_in_words
from cchc_stats.words import (
    CchcError,
    Label,
    format_number,
    label_period,
    require_language,
    say,
    vocabulary,
    word,
)

if TYPE_CHECKING:
    from great_tables import GT

COMPARED = ("agency", "period", "basis", "indicator", "group", "value", "unit", "status", "change")
SCORED = ("agency", "period", "code", "level", "label", "points", "applicable_max", "percent")


def texts() -> Mapping[str, Mapping[str, Label]]:
    """Return the words of pages and tables by subject and code, as `page.toml` states them."""
    return vocabulary("cchc_stats.publishing.page", "page.toml")


def text(subject: str, code: str, *, lang: str) -> str:
    """Return one text of a page.

    Examples
    --------
    >>> text("head", "agency", lang="vi"), text("head", "agency", lang="en")
    ('Cơ quan', 'Agency')
    """
    return texts()[subject][code].in_language(lang)


def with_labels(
    frame: pd.DataFrame, form: Form | str | None = None, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return a form's frame, or values, with columns, rows and periods in words.

    Parameters
    ----------
    frame : rows of the form (see `validate`); columns may be left out, others stay as they are.
    form : a form or its code; None for a values frame.
    lang : "vi" or "en".

    Returns
    -------
    New frame with the same index, rows and figures. Columns are named by the form's short labels,
    codes of rows by theirs, periods as reports print them ("Quý III/2020", "9 tháng đầu năm 2020").
    Of values indicators, groups, units and statuses are in words too. Figures keep their types, and
    <NA> stays <NA>; the columns of dashes are named by their labels.

    Raises
    ------
    CchcError : not a DataFrame, no column of the form, no such form, or another language.

    Source
    ------
    Headings of the forms (see each form's `source`).

    Examples
    --------
    >>> documents = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380],
    ...                           "sent_paper": [65], "sent_electronic": [1315]})
    >>> from cchc_stats.forms import validate
    >>> shown = with_labels(validate(documents, "documents"), "documents")
    >>> shown[["Kỳ báo cáo", "Tổng số văn bản đi", "Số văn bản điện tử"]].values.tolist()
    [['Quý III/2020', 1380, 1315]]
    """
    if form is None:
        return values_in_words(frame, lang=lang)
    require_language(lang)
    form = find_form(form)
    if not isinstance(frame, pd.DataFrame) or not set(frame.columns) & set(form.columns):
        raise CchcError(
            f"this is no frame of the form {form.code}",
            where="frame=",
            mend=f"give a DataFrame with columns such as {', '.join(form.columns[:5])}",
        )
    shown = frame.copy()
    if "period" in shown:
        shown["period"] = _periods(frame, lang)
    if "basis" in shown:
        shown["basis"] = [word("basis", basis, lang=lang) for basis in frame["basis"]]
    if form.row in shown:
        shown[form.row] = [_row(form, code, lang) for code in frame[form.row]]
    if "not_applicable" in shown:
        shown["not_applicable"] = [
            ", ".join(form.labels[name].in_language(lang) for name in dashed_columns(names))
            for names in frame["not_applicable"]
        ]
    names = {name: form.labels[name].in_language(lang) for name in form.columns}
    return shown.rename(columns=names)


def _periods(frame: pd.DataFrame, lang: str) -> list[str]:
    bases = frame["basis"] if "basis" in frame else [None] * len(frame)
    return [
        label_period(period, basis, lang)
        for period, basis in zip(frame["period"], bases, strict=True)
    ]


def _row(form: Form, code: object, lang: str) -> str:
    label = form.row_label(code, lang=lang)
    return word("plot", "whole", lang=lang) if label == "all" else label


def styled_form(frame: pd.DataFrame, form: Form | str, *, lang: str = "vi") -> GT:
    """Return a form's frame as a table with the official headings, to show in a notebook.

    Parameters
    ----------
    frame : validated rows of the form.
    form : a form or its code.
    lang : "vi" (official headings) or "en" (short labels).

    Returns
    -------
    great_tables.GT: figures with the language's signs, "-" for not applicable, nothing for not
    reported; columns that nobody filled in are left out.

    Raises
    ------
    CchcError : as `with_labels` does.

    Source
    ------
    Headings of the forms (see each form's `source`).

    Examples
    --------
    >>> documents = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380],
    ...                           "sent_paper": [65], "sent_electronic": [1315]})
    >>> from cchc_stats.forms import validate
    >>> table = styled_form(validate(documents, "documents"), "documents")
    >>> "1.380" in table.as_raw_html(), "Trong đó" in table.as_raw_html()
    (True, True)
    """
    form = find_form(form)
    shown = with_labels(frame, form, lang=lang)
    beside = ("basis", "not_applicable", "source")
    names = [
        name
        for name in form.columns
        if name in frame and name not in beside and _is_filled(frame, name)
    ]
    cells = pd.DataFrame(
        {
            name: [
                _form_cell(one, name, form, row, lang=lang)
                for one, row in zip(
                    shown[form.labels[name].in_language(lang)],
                    frame.to_dict("records"),
                    strict=True,
                )
            ]
            for name in names
        },
        dtype="str",
    )
    leaves = {
        name: form.headings[name][-1] if lang == "vi" else form.labels[name].in_language(lang)
        for name in names
    }
    table = _table(cells, leaves, title=form.title if lang == "vi" else form.title_en)
    if lang == "vi":
        table = _with_spanners(table, form, names)
    return _aligned(table, [name for name in names if name in form.figures])


def _is_filled(frame: pd.DataFrame, name: str) -> bool:
    dashes = frame["not_applicable"].str.contains(rf"\b{name}\b", regex=True, na=False)
    return bool((frame[name].notna() | dashes).any())


def _form_cell(cell: Any, name: str, form: Form, row: Mapping[Any, Any], *, lang: str) -> str:
    if name in dashed_columns(row.get("not_applicable")):
        return "-"
    if pd.isna(cell):
        return ""
    if name in form.figures:
        return format_number(cell, lang=lang)
    return f"{cell:%d/%m/%Y}" if form.kinds[name] == "time" else str(cell)


def _with_spanners(table: GT, form: Form, names: Sequence[str]) -> GT:
    """Return the table with the headings above those of its columns, the topmost in one row."""
    paths = {name: form.headings[name] for name in names if name not in SHARED}
    depth = max(map(len, paths.values()), default=1)
    for level in range(1, depth):
        runs: dict[tuple[str, ...], list[str]] = {}
        for name, path in paths.items():
            if len(path) > level:
                runs.setdefault(path[:level], []).append(name)
        for above, covered in runs.items():
            table = table.tab_spanner(
                above[-1],
                columns=covered,
                level=depth - 1 - level,
                id=" > ".join(above),
                gather=False,
            )
    return table


def styled_comparison(compared: pd.DataFrame, *, lang: str = "vi") -> GT:
    """Return compared values as a table: figure, figure before, change or why none.

    Parameters
    ----------
    compared : rows of `quarter_over_quarter` or `year_over_year`.
    lang : "vi" or "en".

    Returns
    -------
    great_tables.GT, a group of rows per agency and period. Shares change in percentage points,
    counts in number and percent.

    Raises
    ------
    CchcError : not such a frame, or another language.

    Source
    ------
    As the values say, each in its `source`.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q2", "2020Q3"], "unit": "percent",
    ...                     "indicator": "on_time_rate_settled", "value": [96.0, 98.5]})
    >>> from cchc_stats.trends import quarter_over_quarter
    >>> "+2,5 điểm %" in styled_comparison(quarter_over_quarter(own)).as_raw_html()
    True
    """
    require_language(lang)
    _require(compared, COMPARED, "compared=", "give what quarter_over_quarter(values) returns")
    records = compared.to_dict("records")
    rows = [
        {
            "case": f"{one['agency']}, {label_period(one['period'], one['basis'], lang)}",
            "indicator": name_of("indicator", one["indicator"], lang=lang),
            "group": name_of("group", one["group"], indicator=one["indicator"], lang=lang),
            "value": value_words(one, lang=lang),
            "parts": parts_words(one, lang=lang),
            "previous": _previous(one, lang),
            "change": change_words(one, lang=lang) or one["comparison_note"],
        }
        for one in records
    ]
    columns = ("indicator", "group", "value", "parts", "previous", "change")
    leaves = {name: text("column", name, lang=lang) for name in columns}
    table = _table(pd.DataFrame(rows, columns=["case", *columns]), leaves, groups="case")
    return _aligned(table, ["value", "parts", "previous", "change"])


def _previous(record: Mapping[Any, Any], lang: str) -> str:
    before = {**record, "value": record["previous"], "status": "not_reported"}
    return "" if pd.isna(record["previous"]) else value_words(before, lang=lang)


def styled_scores(scores: pd.DataFrame, *, lang: str = "vi") -> GT:
    """Return scores as a table: the tree of the scheme with points, maxima and percent.

    Parameters
    ----------
    scores : rows of `score`.
    lang : "vi" or "en".

    Returns
    -------
    great_tables.GT, a group of rows per agency, period and assessor; nodes are indented by level,
    and one with unknown points says so.

    Raises
    ------
    CchcError : not such a frame, or another language.

    Source
    ------
    The scheme's own.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme, score
    >>> scheme = load_scheme("par-index-2019-province-self")
    >>> said = pd.DataFrame(
    ...     {"agency": "Tỉnh A", "period": "2019Q4", "code": ["F1"], "number": [7.0]})
    >>> html = styled_scores(score(None, scheme, answers=said)).as_raw_html()
    >>> "chưa đủ số liệu" in html
    True
    """
    require_language(lang)
    _require(scores, SCORED, "scores=", "give what score(values, scheme) returns")
    rows = [
        {
            "case": f"{one['agency']}, {label_period(one['period'], lang=lang)}, {one['assessor']}",
            "label": "\u2003" * int(one["level"])
            + (one["label"] if lang == "vi" else one["label_en"] or one["label"]),
            "points": _points(one, lang),
            "applicable_max": format_number(one["applicable_max"], decimals=2, lang=lang),
            "percent": format_number(one["percent"], decimals=1, unit="percent", lang=lang),
        }
        for one in scores.to_dict("records")
    ]
    columns = ("label", "points", "applicable_max", "percent")
    leaves = {name: text("column", name, lang=lang) for name in columns}
    table = _table(pd.DataFrame(rows, columns=["case", *columns]), leaves, groups="case")
    for status in ("example", "provisional"):
        if scores["scheme_status"].eq(status).any():
            table = table.tab_source_note(text("word", f"{status}_scheme", lang=lang))
    return _aligned(table, columns[1:])


def _points(record: Mapping[Any, Any], lang: str) -> str:
    if pd.isna(record["points"]):
        return text("word", "not_complete", lang=lang)
    return format_number(record["points"], decimals=2, lang=lang)


def _require(frame: object, columns: Sequence[str], where: str, mend: str) -> None:
    missing = [name for name in columns if not isinstance(frame, pd.DataFrame) or name not in frame]
    if missing:
        raise CchcError(f"columns are missing: {', '.join(missing)}", where=where, mend=mend)


def _table(
    cells: pd.DataFrame, leaves: Mapping[str, str], *, title: str = "", groups: str | None = None
) -> GT:
    # Imported here: who computes needs no tables.
    from great_tables import GT

    table = GT(cells, groupname_col=groups, locale="vi").cols_label(dict(leaves))
    return table.tab_header(title) if title else table


def _aligned(table: GT, right: Sequence[str]) -> GT:
    return table.cols_align("right", columns=list(right)) if right else table


# --- what is to be known of a ledger ----------


def refuse_small_numbers_beside(quality: pd.DataFrame | None, below: int | None) -> None:
    """Refuse to tell of a ledger beside figures from which small numbers are left out."""
    if below is not None and quality is not None:
        raise CchcError(
            "what is to be known of the ledger tells small numbers",
            where="below=, quality=",
            mend="leave out one of the two",
        )


class LedgerSection(NamedTuple):
    """What is to be known of the ledger: in a sentence, and row by row."""

    sentence: str
    rows: list[dict[str, str]]


def ledger_section(quality: pd.DataFrame, *, lang: str) -> LedgerSection:
    """Return what `ledger_quality` found, in words.

    Examples
    --------
    >>> found = pd.DataFrame({"check": ["lost"], "count": [3], "share": [1.5], "example": [""]})
    >>> ledger_section(found, lang="vi").sentence
    'Số liệu đếm từ sổ hồ sơ, … đến …; cần biết: hồ sơ đang mở không còn trong bản xuất sau 3.'
    """
    known, rows, days = vocabulary(), [], {}
    told = []
    for row in quality.to_dict("records"):
        check = str(row["check"])
        reason = check.removeprefix("rejected_")
        if check in known["quality"]:
            what = word("quality", check, lang=lang)
        elif reason != check:
            what = word("reject", reason, lang=lang)
        else:
            what = text("ledger", check, lang=lang)
        count = format_number(row["count"], lang=lang)
        if check in ("first_event", "last_event"):
            days[check] = str(row["example"])
        elif not check.startswith("due_"):
            told.append(f"{what} {count}")
        share = "" if pd.isna(row["share"]) else format_number(row["share"], decimals=1, lang=lang)
        example = say(str(row["example"]), lang=lang)  # of a file left out: why it was refused
        cells = {"what": what, "count": count, "share": share, "example": example}
        rows.append(cells)
    first, last = (days.get(name, "…") for name in ("first_event", "last_event"))
    nothing = text("word", "none", lang=lang)
    sentence = text("ledger", "sentence", lang=lang)
    said = "; ".join(told) or nothing
    return LedgerSection(sentence.format(first=first, last=last, told=said), rows)
