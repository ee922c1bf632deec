"""`with_labels`: a form's frame in words, for people who read it in a notebook or a workbook."""

from __future__ import annotations

import pandas as pd

from cchc_stats.forms import Form, find_form
from cchc_stats.words import CchcError, label_period, require_language, word


def with_labels(frame: pd.DataFrame, form: Form | str, *, lang: str = "vi") -> pd.DataFrame:
    """Return a form's frame with columns, rows and periods in words.

    Parameters
    ----------
    frame : rows of the form (see `validate`); columns may be left out, others stay as they are.
    form : a form or its code.
    lang : "vi" or "en".

    Returns
    -------
    New frame with the same index, rows and figures. Columns are named by the form's short labels,
    codes of rows by theirs, periods as reports print them ("Quý III/2020", "9 tháng đầu năm 2020").
    Figures keep their types, and <NA> stays <NA>; the columns of dashes are named by their labels.

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
    require_language(lang)
    known = find_form(form)
    if not isinstance(frame, pd.DataFrame) or not set(frame.columns) & set(known.columns):
        raise CchcError(
            f"this is no frame of the form {known.code}",
            where="frame=",
            mend=f"give a DataFrame with columns such as {', '.join(known.columns[:5])}",
        )
    shown = frame.copy()
    if "period" in shown:
        shown["period"] = _periods(frame, lang)
    if "basis" in shown:
        shown["basis"] = [word("basis", basis, lang=lang) for basis in frame["basis"]]
    if known.row in shown:
        shown[known.row] = [_row(known, code, lang) for code in frame[known.row]]
    if "not_applicable" in shown:
        shown["not_applicable"] = [
            ", ".join(known.labels[name].in_language(lang) for name in _names(names))
            for names in frame["not_applicable"]
        ]
    names = {name: known.labels[name].in_language(lang) for name in known.columns}
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


def _names(names: object) -> list[str]:
    return str(names).replace(",", " ").split() if isinstance(names, str) else []
