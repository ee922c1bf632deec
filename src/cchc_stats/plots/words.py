"""Codes and figures in words, as plots and pages say them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import find_form
from cchc_stats.indicators import INDICATORS, find_indicator
from cchc_stats.words import (
    ALL,
    dictionary_order,
    format_number,
    half_up,
    listed,
    vocabulary,
    word,
)

MOST_LISTED = 4  # of quarters or agencies given by name


def name_of(column: str, code: str, *, indicator: str = "", lang: str) -> str:
    """Return a cell of a key column in words; what has no words as it is.

    Parameters
    ----------
    indicator : the code of the row's indicator, whose form has the words of groups.

    Examples
    --------
    >>> name_of("basis", "year_to_date", lang="vi"), name_of("indicator", "my_rate", lang="vi")
    ('lũy kế', 'my_rate')
    """
    if column == "indicator":
        record = find_indicator(code)
        return record.label.in_language(lang) if record else code
    if column == "group":
        record = find_indicator(indicator)
        label = find_form(record.form).row_label(code, lang=lang) if record else code
        return word("plot", "whole", lang=lang) if label == "all" else label
    if column in ("basis", "origin") and code in vocabulary()[column]:
        return word(column, code, lang=lang)
    return code


def in_order_of_names(values: pd.DataFrame) -> pd.DataFrame:
    """Return rows with agencies and names of groups as dictionaries have them.

    Indicators, and groups that a form has words for, keep the order in which they come.

    Examples
    --------
    >>> own = pd.DataFrame(
    ...     {"agency": ["Sở Y tế", "Sở Đ", "Sở D"], "indicator": "x", "group": "all"})
    >>> in_order_of_names(own)["agency"].tolist()
    ['Sở D', 'Sở Đ', 'Sở Y tế']
    """
    rows = {one.code: {ALL, *find_form(one.form).rows} for one in INDICATORS}
    pairs = zip(values["indicator"], values["group"], strict=True)
    is_code = np.array([group in rows.get(code, {ALL}) for code, group in pairs], dtype=bool)
    keys = pd.DataFrame(
        {
            "agency": dictionary_order(values["agency"]),
            "indicator": pd.factorize(values["indicator"])[0],
            "named": ~is_code,
            "code": np.where(is_code, pd.factorize(values["group"])[0], 0),
            "group": dictionary_order(values["group"]),
        }
    )
    keys["group"] = keys["group"].mask(is_code, 0)
    order = keys.reset_index(drop=True).sort_values([*keys], kind="stable").index
    return values.iloc[order].reset_index(drop=True)


def unit_name(unit: str, *, lang: str) -> str:
    """Return a unit in words; one of the caller's own as it is."""
    return word("unit", unit, lang=lang) if unit in vocabulary()["unit"] else unit


def unit_words(unit: str, *, lang: str) -> str:
    """Return what an axis of the unit is called.

    Examples
    --------
    >>> unit_words("percent", lang="vi"), unit_words("dossiers", lang="vi")
    ('Tỷ lệ (%)', 'hồ sơ')
    """
    if unit == "percent" or not unit:
        return word("plot", unit or "value", lang=lang)
    return unit_name(unit, lang=lang)


def printed(x: Any, *, decimals: int | None = None, unit: str = "", lang: str) -> str:
    """Return a number as `format_number` does, with the sign that is as wide as "+"."""
    return format_number(x, decimals=decimals, unit=unit, lang=lang).replace("-", "−")


def number_text(x: Any, *, unit: str = "", lang: str, signed: bool = False) -> str:
    """Return a figure as plots print it: percent with one decimal, others with up to two.

    Where that would print a 0 that is none, decimals are added, up to nine. What is nearer to 0
    than 0.5e-9 is noise of floats and prints 0.

    Examples
    --------
    >>> number_text(95.2898, unit="percent", lang="vi"), number_text(1380, lang="vi")
    ('95,3%', '1.380')
    >>> number_text(-0.04, unit="percentage_points", lang="vi", signed=True)
    '−0,04 điểm %'
    """
    decimals = 1 if unit in ("percent", "percentage_points") else 2
    # A difference of floats carries noise in its last digits, which must not decide a half.
    exact = round(float(x), 9)
    while exact and decimals < 9 and half_up(exact, decimals=decimals) == Decimal(0):
        decimals += 1
    text = printed(exact, decimals=decimals, unit=unit, lang=lang)
    return f"+{text}" if signed and exact > 0 and not text.startswith("+") else text


def figure_words(number: float, unit: str, *, lang: str) -> str:
    """Return a figure with its unit, as reports print it.

    Examples
    --------
    >>> figure_words(13.333, "percent", lang="vi"), figure_words(1380, "documents", lang="vi")
    ('13,3%', '1.380 văn bản')
    """
    if unit == "percent":
        return number_text(number, unit=unit, lang=lang)
    return f"{number_text(number, lang=lang)} {unit_name(unit, lang=lang)}".strip()


def value_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return a value's figure, or the word for its absence.

    Parameters
    ----------
    record : a row of a values frame.
    """
    if pd.isna(record["value"]):
        return word("status", record["status"], lang=lang)
    return figure_words(record["value"], record["unit"], lang=lang)


def parts_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return numerator and denominator as "62/62", "" where the value is a count or a mean.

    Parameters
    ----------
    record : a row of a values frame.
    """
    indicator = find_indicator(record["indicator"])
    # Of a mean, a sum of rates over their number tells nobody anything.
    is_mean = indicator is not None and indicator.kind == "mean"
    if is_mean or pd.isna(record["numerator"]) or pd.isna(record["denominator"]):
        return ""
    parts = (record["numerator"], record["denominator"])
    return "/".join(number_text(part, lang=lang) for part in parts)


def with_counts(record: dict[Any, Any], *, lang: str) -> str:
    """Return a value with what it is the quotient of: "66,7% (40/60)"."""
    parts = parts_words(record, lang=lang)
    figure = figure_text(record["value"], record["unit"], lang=lang)
    return f"{figure} ({parts})" if parts else figure


def change_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return a change: counts in number and percent, shares in percentage points, "" for none.

    Parameters
    ----------
    record : unit, change and change_pct of a row of `quarter_over_quarter`.

    Examples
    --------
    >>> change_words({"unit": "dossiers", "change": -12, "change_pct": -3.1}, lang="vi")
    '−12 (−3,1%)'
    """
    change, percent = record["change"], record["change_pct"]
    if pd.isna(change):
        return ""
    if change == 0:
        return word("plot", "no_change", lang=lang)
    if record["unit"] == "percent":
        return number_text(change, unit="percentage_points", lang=lang, signed=True)
    words = number_text(change, lang=lang, signed=True)
    if pd.isna(percent):
        return words
    return f"{words} ({number_text(percent, unit='percent', lang=lang, signed=True)})"


def figure_text(x: Any, unit: str, *, lang: str) -> str:
    """Return a figure as the sentences print it."""
    return number_text(x, unit="percent" if unit == "percent" else "", lang=lang)


def first_names(names: Sequence[str], *, lang: str) -> str:
    """Return names one after another, the first four and how many more there are."""
    return listed(names, most=MOST_LISTED, more=f" {word('chart_plot', 'more', lang=lang)}")
