"""Values as rows of words: what a reader sees of each figure, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from cchc_stats.forms import FORMS, Form, find_form
from cchc_stats.indicators import Indicator, find_indicator
from cchc_stats.plots import (
    change_words,
    figure_words,
    name_of,
    parts_words,
    printed,
    unit_name,
    value_words,
)
from cchc_stats.publishing.page.quarter import Quarter
from cchc_stats.publishing.page.texts import text
from cchc_stats.publishing.tracing import trace_record
from cchc_stats.statistics import add_intervals
from cchc_stats.trends import ADDED
from cchc_stats.values import KEY
from cchc_stats.words import LANGUAGES, Window, format_number, label_period, vocabulary

LEVEL = 95  # percent, of all intervals and limits on the page


@dataclass(frozen=True)
class Row:
    """One figure in words.

    Attributes
    ----------
    group : the form's row it is of.
    period : quarter, year to date or end of the quarter.
    window : the days covered, where they are not the decree's; else "".
    value : the figure as reports print it, or the word for its absence.
    status : code of the status.
    interval : "94% đến 100%", "" where there is none.
    parts : "62/62", "" for a count.
    previous, change : the figure before and the change, "" where there is none.
    limits : of the change, "" where there are none.
    comparison_note : why there is none.
    note : as the values say.
    trace : where the figure comes from, see `trace`.
    """

    group: str
    period: str
    window: str
    value: str
    status: str
    interval: str
    parts: str
    previous: str
    change: str
    limits: str
    comparison_note: str
    note: str
    trace: str


@dataclass(frozen=True)
class Block:
    """One indicator and its rows."""

    label: str
    formula: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class FormBlocks:
    """One form: its indicators in the report's quarter, and those of other periods."""

    code: str
    title: str
    now: tuple[Block, ...]
    other: tuple[Block, ...]

    @property
    def other_count(self) -> int:
        """How many figures other periods have."""
        return sum(len(block.rows) for block in self.other)


def with_changes(quarter: Quarter, comparison: str) -> pd.DataFrame:
    """Return the quarter's values with intervals and the changes of one comparison, by key."""
    changes = quarter.compared(comparison)[[*KEY, *ADDED]]
    values = add_intervals(quarter.values, level=LEVEL, lang=quarter.lang)
    return values.merge(changes, on=list(KEY), how="left", validate="one_to_one")


def form_blocks(quarter: Quarter) -> list[FormBlocks]:
    """Return all values by form, in the order of the forms."""
    values = with_changes(quarter, "quarter_over_quarter")
    forms = values["indicator"].map(
        lambda code: known.form if (known := find_indicator(code)) else ""
    )
    now = values["period"] == quarter.report.period
    found = []
    for form in FORMS:
        mine = forms == form.code
        if mine.any():
            found.append(
                FormBlocks(
                    code=form.code,
                    title=form.title if quarter.lang == "vi" else form.title_en,
                    now=blocks(values[mine & now], lang=quarter.lang),
                    other=blocks(values[mine & ~now], lang=quarter.lang),
                )
            )
    return found


def blocks(values: pd.DataFrame, *, lang: str) -> tuple[Block, ...]:
    """Return values with changes as one block per indicator, in their order."""
    records: dict[str, list[dict[Any, Any]]] = {}
    for record in values.to_dict("records"):
        records.setdefault(record["indicator"], []).append(record)
    found = []
    for code, rows in records.items():
        known = find_indicator(code)
        found.append(
            Block(
                label=name_of("indicator", code, lang=lang),
                formula=formula_words(known, lang=lang) if known else "",
                rows=tuple(row_of(record, lang=lang) for record in rows),
            )
        )
    return tuple(found)


def row_of(record: dict[Any, Any], *, lang: str) -> Row:
    """Return one value, with its change, in words."""
    unit = record["unit"]
    own = Window.of(record["period"], record["basis"])
    start, end = record["window_start"], record["window_end"]
    stated = "" if pd.isna(start) or pd.isna(end) else str(Window(start, end))
    group = name_of("group", record["group"], indicator=record["indicator"], lang=lang)
    return Row(
        group=group,
        period=label_period(record["period"], record["basis"], lang),
        window=stated if stated != str(own) else "",
        value=value_words(record, lang=lang),
        status=record["status"],
        interval=interval_words(record, lang=lang),
        parts=parts_words(record, lang=lang),
        previous=""
        if pd.isna(record["previous"])
        else figure_words(record["previous"], unit, lang=lang),
        change=change_words(record, lang=lang),
        limits=limits_words(record, lang=lang),
        comparison_note=_why_no_change(record),
        note=record["note"],
        trace=trace_record(record, lang=lang),
    )


def interval_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return the interval of a figure, "" where there is none.

    Examples
    --------
    >>> interval_words({"unit": "percent", "low": 94.04, "high": 100.0}, lang="vi")
    '94–100%'
    >>> interval_words({"unit": "dossiers", "low": 45.8, "high": 77.23}, lang="en")
    '45.8–77.2'
    """
    if pd.isna(record["low"]):
        return ""
    low, high = (printed(record[name], decimals=1, lang=lang) for name in ("low", "high"))
    return f"{low}–{high}{'%' if record['unit'] == 'percent' else ''}"


def limits_words(record: dict[Any, Any], *, lang: str) -> str:
    """Return the limits of a change in percentage points, "" where there are none.

    Examples
    --------
    >>> limits_words({"change_low": 0.67, "change_high": 4.19}, lang="vi")
    '+0,7 đến +4,2 điểm %'
    """
    if pd.isna(record["change_low"]):
        return ""
    # One decimal, half up: -0.04 is printed 0, for limits say no more than that.
    low, high = (
        printed(record[name], decimals=1, lang=lang) for name in ("change_low", "change_high")
    )
    low, high = (one if one[0] == "−" or one == "0" else f"+{one}" for one in (low, high))
    return text("word", "limits", lang=lang).format(low=low, high=high)


def _why_no_change(record: dict[Any, Any]) -> str:
    # 0 after 0 is told in full by "no change"; that it has no percentage is not worth a line.
    nothing = not pd.isna(record["change"]) and record["change"] == record["previous"] == 0
    note = "" if pd.isna(record["comparison_note"]) else str(record["comparison_note"])
    # That counts and stocks have no limits is said once, below the table's heading.
    return "" if nothing or (not pd.isna(record["change"]) and note in _no_limits()) else note


@cache
def _no_limits() -> frozenset[str]:
    notes = vocabulary()["comparison"]
    kinds = [notes[code] for code in ("limits_stock", "limits_ratio")]
    return frozenset(label.in_language(lang) for label in kinds for lang in LANGUAGES)


def formula_words(indicator: Indicator, *, lang: str) -> str:
    """Return a formula with the words of its form's columns, "" for a column as it stands.

    Examples
    --------
    >>> formula_words(find_indicator("on_time_rate_settled"), lang="vi")
    'Trả đúng hạn ÷ Hồ sơ đã giải quyết'
    """
    form = find_form(indicator.form)
    names = indicator.columns
    if indicator.formula in names or not set(names) <= set(form.columns):
        return ""
    signs = {"/": "÷", "-": "−"}
    pieces = []
    for token in indicator.formula.split(" "):
        name = token.strip("()")
        label = _column(form, name, lang=lang) if name in names else signs.get(token, token)
        pieces.append(token.replace(name, label) if name in names else label)
    return " ".join(pieces)


def _column(form: Form, name: str, *, lang: str) -> str:
    return form.labels[name].in_language(lang)


def claim_words(claims: pd.DataFrame, *, lang: str) -> list[dict[str, str]]:
    """Return what the prose states as rows of words: quote, figure, what it is about, place."""
    rows = []
    for record in claims.to_dict("records"):
        indicator, group = record["indicator"], record["group"]
        about = [
            name_of("indicator", indicator, lang=lang) if indicator else "",
            "" if group in ("", "all") else _claimed_group(group, indicator, lang=lang),
        ]
        period = ""
        if pd.notna(record["period"]):
            period = label_period(record["period"], record["basis"] or None, lang)
        rows.append(
            {
                "quote": record["quote"],
                "value": _claimed(record, lang=lang),
                "about": ": ".join(part for part in about if part),
                "period": period,
                "place": record["place"],
            }
        )
    return rows


def _claimed_group(group: str, indicator: str, *, lang: str) -> str:
    """Return a group in words, by the first form that has it where no indicator names the form."""
    forms = [form for form in FORMS if group in form.rows] if not indicator else []
    if forms:
        return forms[0].row_label(group, lang=lang)
    return name_of("group", group, indicator=indicator, lang=lang)


def _claimed(record: dict[Any, Any], *, lang: str) -> str:
    if pd.isna(record["value"]):
        return text("word", "no_figure", lang=lang)
    words = format_number(float(record["value"]), lang=lang)
    if pd.notna(record["denominator"]):
        words += "/" + format_number(float(record["denominator"]), lang=lang)
    unit = record["unit"]
    if unit == "percent":
        return f"{words}%"
    return f"{words} {unit_name(unit, lang=lang)}".strip()
