"""Values as people read them: every code in words, and as a table of agencies."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.plots import name_of
from cchc_stats.values import COLUMNS, complete_values
from cchc_stats.words import (
    ALL,
    YEAR_TO_DATE,
    ValuesError,
    label_period,
    listed,
    require_language,
    vietnamese_order,
    vocabulary,
    word,
)

_CODED = ("status", "origin", "unit", "basis")


def values_in_words(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return values with columns, codes and periods in words; figures stay figures."""
    require_language(lang)
    shown = complete_values(values)
    named = {
        "period": [label_period(one, lang=lang) for one in shown["period"]],
        "indicator": [name_of("indicator", code, lang=lang) for code in shown["indicator"]],
        "group": [
            name_of("group", group, indicator=code, lang=lang)
            for group, code in zip(shown["group"], shown["indicator"], strict=True)
        ],
    }
    known = vocabulary()
    for name in _CODED:
        named[name] = [
            word(name, code, lang=lang) if code in known[name] else code for code in shown[name]
        ]
    headings = {name: word("values_column", name, lang=lang) for name in COLUMNS}
    return shown.assign(**named).rename(columns=headings)


def summary(
    values: pd.DataFrame,
    *,
    columns: Literal["indicator", "period"] = "indicator",
    group: str = ALL,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return values as a table: a row per agency, a column per indicator or per quarter.

    Parameters
    ----------
    values : values frame, of one quarter for columns of indicators, of one indicator for columns of
        quarters.
    columns : what the columns are.
    group : the group that is shown; the whole if not given.
    lang : language of headings and of the words for absences.

    Returns
    -------
    Frame with index `agency`, in Vietnamese order. A cell is the figure in the indicator's unit
    (percent 0-100), or the word why there is none: not reported, not applicable, undefined where
    the denominator is 0; <NA> where there is no row. Columns are headed by the indicator and its
    unit, or by the quarter; with "year to date" where that is its basis. Claims of the prose are
    left out.

    Raises
    ------
    ValuesError
        Several quarters for columns of indicators, several indicators for columns of quarters, two
        figures for one cell, or no row of the group.

    Examples
    --------
    >>> values = pd.DataFrame({"agency": ["Sở B", "Sở A"], "period": "2020Q3",
    ...                        "indicator": "on_time_rate_settled", "numerator": [9, 0],
    ...                        "denominator": [10, 0]})
    >>> summary(values, lang="en").iloc[:, 0].to_dict()
    {'Sở A': 'undefined (denominator 0)', 'Sở B': 90.0}
    """
    require_language(lang)
    if columns not in ("indicator", "period"):
        raise ValuesError(
            f"a table has no columns of {columns!r}",
            where="columns=",
            mend='use "indicator" or "period"',
        )
    rows = complete_values(values)
    rows = rows[(rows["group"] == group) & (rows["origin"] != "claimed")]
    other = "period" if columns == "indicator" else "indicator"
    several = rows[other].drop_duplicates()
    if len(several) != 1:
        raise ValuesError(
            f"a table of one {other} is asked, and there are {len(several)}",
            where="values=: " + listed(map(str, several), between=", "),
            mend=f"choose the rows of one {other}, and of a group that is there",
        )
    heads = [
        _heading(columns, *one, lang=lang)
        for one in zip(rows[columns], rows["basis"], rows["unit"], strict=True)
    ]
    if (double := rows.assign(head=heads).duplicated(["agency", "head"], keep=False)).any():
        first = rows[double].iloc[0]
        raise ValuesError(
            "there are two figures for one cell",
            where=f"{first['agency']}, {first[columns]}",
            mend="choose rows of one origin",
        )
    cells = [
        value if pd.notna(value) else word("status", status, lang=lang)
        for value, status in zip(rows["value"], rows["status"], strict=True)
    ]
    placed = dict(zip(zip(rows["agency"], heads, strict=True), cells, strict=True))
    agencies = sorted(set(rows["agency"]), key=vietnamese_order)
    table = {
        head: pd.Series([placed.get((one, head), pd.NA) for one in agencies], dtype=object)
        for head in dict.fromkeys(_in_order(rows, columns, heads))
    }
    return pd.DataFrame(table).set_axis(pd.Index(agencies, name="agency", dtype="str"))


def _in_order(rows: pd.DataFrame, columns: str, heads: list[str]) -> list[str]:
    """Return the headings as values have them, quarters by their time."""
    if columns == "indicator":
        return heads
    ordered = pd.DataFrame({"period": rows["period"].array, "head": heads})
    return ordered.sort_values("period", kind="stable")["head"].tolist()


def _heading(columns: str, code: object, basis: str, unit: str, *, lang: str) -> str:
    if columns == "period":
        return label_period(code, basis, lang)  # type: ignore[arg-type]
    record = find_indicator(str(code))
    name = record.label.in_language(lang) if record else str(code)
    of = "%" if unit == "percent" else ""
    told = [of, word("basis", basis, lang=lang) if basis == YEAR_TO_DATE else ""]
    beside = ", ".join(part for part in told if part)
    return f"{name} ({beside})" if beside else name
