"""The sentences under a trend: what it shows, first and last figure, quarters that are missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cchc_stats.plots.drawing.series import Line
from cchc_stats.plots.drawing.words import figure_words, number_text
from cchc_stats.words import label_period, word

MOST_LINES = 4  # lines whose figures are told
MOST_QUARTERS = 4  # missing quarters that are named


def trend_caption(
    title: str,
    lines: Sequence[Line],
    periods: pd.PeriodIndex,
    *,
    units: Sequence[str],
    table: pd.DataFrame,
    whiskers: bool,
    lang: str,
) -> str:
    """Return what a trend shows in a few sentences.

    Parameters
    ----------
    title : what all lines have in common.
    lines : what is drawn.
    units : of each line.
    table : the values, for their level of confidence.
    whiskers : whether intervals are drawn.
    """

    def say(code: str, **words: object) -> str:
        return word("trend_caption", code, lang=lang).format(**words)

    what = title.replace("\n", ", ").replace(" · ", ", ")
    first, last = (label_period(periods[at], lang=lang) for at in (0, -1))
    span = first if len(periods) == 1 else say("span", first=first, last=last)
    head = ", ".join(part for part in (what, span) if part)
    told = [
        _line_words(line, periods, unit, whiskers=whiskers, lang=lang)
        for line, unit in list(zip(lines, units, strict=True))[:MOST_LINES]
    ]
    if len(lines) > len(told):
        told.append(say("more_lines", count=len(lines) - len(told)))
    sentences = [f"{head}: {'; '.join(told)}."]
    if whiskers:
        level = _level(table)
        figure = number_text(level, lang=lang) if level is not None else ""
        sentences.append(say("whiskers" if figure else "whiskers_of_some_level", level=figure))
    return " ".join(sentences)


def _line_words(
    line: Line, periods: pd.PeriodIndex, unit: str, *, whiskers: bool, lang: str
) -> str:
    """Return a line's first and last figure, and which quarters between them it lacks."""
    known = np.flatnonzero(~np.isnan(line.figures))
    name = f"{line.name} " if line.name else ""
    if not len(known):
        return line.label
    ends = [
        _figure_words(line, int(at), unit, whiskers=whiskers, lang=lang)
        for at in dict.fromkeys([known[0], known[-1]])
    ]
    words = "only" if len(ends) == 1 else "first_and_last"
    told = word("trend_caption", words, lang=lang).format(first=ends[0], last=ends[-1])
    between = np.arange(known[0], known[-1] + 1)
    missing = [label_period(periods[at], lang=lang) for at in np.setdiff1d(between, known)]
    if missing:
        names = ", ".join(missing[:MOST_QUARTERS])
        rest = len(missing) - MOST_QUARTERS
        code = "missing" if rest <= 0 else "missing_more"
        told += word("trend_caption", code, lang=lang).format(quarters=names, count=rest)
    return f"{name}{told}"


def _figure_words(line: Line, at: int, unit: str, *, whiskers: bool, lang: str) -> str:
    figure = figure_words(line.figures[at], unit, lang=lang)
    if not whiskers or np.isnan(line.low[at]):
        return figure
    low, high = (
        number_text(limit, unit="percent" if unit == "percent" else "", lang=lang)
        for limit in (line.low[at], line.high[at])
    )
    return word("trend_caption", "interval", lang=lang).format(figure=figure, low=low, high=high)


def _level(table: pd.DataFrame) -> float | None:
    """Return the level of all intervals, None where it is not known or not one."""
    if "interval_level" not in table:
        return None
    levels = table.loc[table["low"].notna(), "interval_level"].dropna().unique()
    return float(levels[0]) if len(levels) == 1 else None
