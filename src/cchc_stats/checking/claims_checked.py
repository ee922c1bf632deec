"""What the prose states against what the tables say."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.checking.held_against import (
    also_counted,
    candidates,
    is_any_online,
    is_late_alone,
    other_wholes,
)
from cchc_stats.checking.printed_shares import (
    approximately,
    is_about,
    judge_share,
    printed_decimals,
)
from cchc_stats.checking.rate_words import LATE, is_from
from cchc_stats.checking.rates_told import with_counts_beside
from cchc_stats.checking.told import number, rows_of, told
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import IN_PROSE, Report
from cchc_stats.words import findings_frame, fold, word

# Persons in one place, attendances in another.
_MAY_DIFFER = {"people_trained", "training_turns", "training_turns_to_date"}
# Words about a share -> least and most percent that they can be said of.
WORDS: tuple[tuple[re.Pattern[str], float, float], ...] = (
    (re.compile(r"\b(?:con|rat|kha|qua|muc) thap\b|\b(?:chua|khong) cao\b"), 0, 90),
    (re.compile(r"\b(?:rat|kha|muc|ty le) cao\b"), 50, 100),
    (re.compile(r"\b(?:tat ca|toan bo|100 ?%)"), 100, 100),
    (re.compile(r"\b(?:chua co|khong co|khong phat sinh)\b"), 0, 0),
)


def claims_against_values(
    report: Report, values: pd.DataFrame, lang: str, *, alone: bool
) -> pd.DataFrame:
    """Return the claims that the tables contradict.

    Parameters
    ----------
    report : its `claims` are held against
    values : what `measure` gives of its tables: same indicator, group, quarter and basis. A stock
        is held `as_of`; a claim without basis against any.
    lang : of the messages.
    alone : whether the tables are of one agency; then they are those of who reports, however the
        two are spelled.

    Returns
    -------
    Findings. A percentage that is the exact fraction rounded half up to its own decimals agrees;
    `share_cut` (note) is cut instead of rounded; `share_of_other_whole` (warning) is that of
    another denominator, a note of the dossiers online; `share_of_other_row` (note) that of one row
    of the table; else `claim_differs`: an error, a warning of persons trained, who may have
    attended twice, and of dossiers overdue that may be settled or pending.
    `approximation` (warning): "gần", "hơn" and the like that do not hold. `words_contradict`
    (warning): "còn thấp" of 100 %.
    """
    own = values if alone else values[values["agency"] == report.agency]
    rows = [
        finding
        for claim in rows_of(report.claims)
        if isinstance(claim.indicator, str) and claim.indicator
        for finding in _judge(claim, report, own, lang)
    ]
    return findings_frame(rows)


def _judge(claim: Any, report: Report, values: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    found = candidates(claim, report, values, claim.indicator)
    group = claim.group if isinstance(claim.group, str) and claim.group else "all"
    held = found[found["group"] == group]
    if group != claim.group and held.empty:
        held = found
    if claim.unit == "qualitative":
        told_of = held if len(held) else other_wholes(claim, report, values, group)
        return _words(claim, report, told_of, lang)
    if pd.isna(claim.value) or claim.unit in ("rank", "percentage_points"):
        return []
    if claim.unit == "percent":
        if is_from(claim.quote):
            return []
        others = other_wholes(claim, report, values, group)
        return _percent(claim, report, held, found, others, lang)
    # What the prose alone tells is held against its own sums, as a table is.
    held = held[~held["source"].astype("str").str.contains(IN_PROSE, regex=False)]
    if _is_other(claim, report, values, held, group):
        return []
    return _count(claim, report, held, found, lang)


def _percent(
    claim: Any,
    report: Report,
    held: pd.DataFrame,
    found: pd.DataFrame,
    others: pd.DataFrame,
    lang: str,
) -> list[dict[str, Any]]:
    held, found = (one[one["unit"] == "percent"] for one in (held, found))
    if about := approximately(claim.quote):
        return _about(claim, report, held, about, lang, percent=True)
    verdicts = [_verdict(claim, value) for value in rows_of(held)]
    if "agrees" in verdicts:
        return []
    fit = next((value for value in rows_of(others) if _verdict(claim, value) == "agrees"), None)
    if fit is not None:
        named = find_indicator(fit.indicator)
        label = named.label.in_language(lang) if named else fit.indicator
        expected = _share_text(next(iter(rows_of(held))), lang) if len(held) else ""
        # Whether those carried over are counted in is seldom said of the dossiers online.
        severity = "warning" if len(held) and not is_any_online(claim) else "note"
        rule = "share_of_other_whole" if len(held) else "whole_of_share"
        words = _named(claim, lang) | {"expected": expected, "other": _share_text(fit, lang)}
        return [told(report, severity, rule, lang=lang, **words, whole=label)]
    if held.empty:
        return []
    value = next(iter(rows_of(held)))
    if "cut" in verdicts:
        words = _named(claim, lang) | {"expected": _share_text(value, lang)}
        return [told(report, "note", "share_cut", lang=lang, **words)]
    if beside := _beside(claim, report, value):
        words = _named(claim, lang) | {"expected": _share_text(value, lang), "other": beside}
        whole = word("check", "counted_beside", lang=lang)
        return [told(report, "warning", "share_of_other_whole", lang=lang, **words, whole=whole)]
    rows = [one for one in rows_of(found) if _verdict(claim, one) == "agrees"]
    return [
        _differs(claim, report, value, rows, lang, _share_text(value, lang), float(value.value))
    ]


def _is_other(
    claim: Any, report: Report, values: pd.DataFrame, held: pd.DataFrame, group: str
) -> bool:
    """Return whether a count is another figure of the tables that its words may be of."""
    if pd.isna(claim.denominator):
        also = also_counted(claim, report, values, held, group)
        return float(claim.value) in also
    others = other_wholes(claim, report, values, group)
    stated = float(claim.value), float(claim.denominator)
    return any((one.numerator, one.denominator) == stated for one in rows_of(others))


def _beside(claim: Any, report: Report, value: Any) -> str:
    """Return the sum that a late rate is of with dossiers told beside the table, "" if of none."""
    if not claim.indicator.startswith("late_rate") or pd.isna(value.denominator):
        return ""
    decimals, _ = printed_decimals(claim.quote, float(claim.value))
    top, whole = value.numerator, value.denominator
    return with_counts_beside(report, LATE, top, whole, float(claim.value), decimals)


def _count(
    claim: Any, report: Report, held: pd.DataFrame, found: pd.DataFrame, lang: str
) -> list[dict[str, Any]]:
    if held.empty or held["unit"].iloc[0] == "percent" and find_kind(claim.indicator) == "mean":
        return []
    # A count beside a share is what is counted of it: "3/4 đơn vị".
    figures = held["numerator"].fillna(held["value"])
    if about := approximately(claim.quote):
        return _about(claim, report, held.assign(value=figures), about, lang, percent=False)
    stated = None if pd.isna(claim.denominator) else float(claim.denominator)
    agree = [
        float(figure) == float(claim.value)
        and (stated is None or pd.isna(whole) or float(whole) == stated)
        for figure, whole in zip(figures, held["denominator"], strict=True)
    ]
    if any(agree):
        return []
    value = next(iter(rows_of(held)))
    figure = float(figures.iloc[0])
    expected = number(figure, lang)
    if stated is not None and pd.notna(value.denominator):
        expected += f"/{number(value.denominator, lang)}"
    counts = found["numerator"].fillna(found["value"])
    rows = [
        row
        for row, count in zip(rows_of(found), counts, strict=True)
        if stated is None and float(count) == float(claim.value)
    ]
    return [_differs(claim, report, value, rows, lang, expected, figure)]


def find_kind(code: str) -> str:
    """Return the kind of an indicator, "" of one that is not ours."""
    indicator = find_indicator(code)
    return indicator.kind if indicator else ""


def _differs(
    claim: Any, report: Report, value: Any, rows: list[Any], lang: str, expected: str, figure: float
) -> dict[str, Any]:
    """Return that a claim and a value differ; a note where it is one row's, not the whole's."""
    words = _named(claim, lang) | {"expected": expected, "source": value.source}
    words["difference"] = float(claim.value) - float(figure)
    if rows and value.group == "all":
        return told(report, "note", "share_of_other_row", lang=lang, **words, row=rows[0].group)
    doubtful = claim.indicator in _MAY_DIFFER or is_late_alone(claim)
    severity = "warning" if doubtful else "error"
    return told(report, severity, "claim_differs", lang=lang, **words)


def _about(
    claim: Any, report: Report, held: pd.DataFrame, about: str, lang: str, *, percent: bool
) -> list[dict[str, Any]]:
    if held.empty or any(is_about(one, claim.value, about, percent=percent) for one in held.value):
        return []
    words = _named(claim, lang) | {"expected": number(held["value"].iloc[0], lang)}
    return [told(report, "warning", "approximation", lang=lang, **words)]


def _words(claim: Any, report: Report, held: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """Return that words about a share cannot be said of it."""
    shares = held[held["unit"] == "percent"]
    said = fold(claim.quote)
    for pattern, least, most in WORDS:
        fits = [least <= float(one) <= most for one in shares["value"]]
        if fits and not any(fits) and pattern.search(said):
            words = _named(claim, lang) | {
                "expected": _share_text(next(iter(rows_of(shares))), lang)
            }
            return [told(report, "warning", "words_contradict", lang=lang, **words)]
    return []


def _verdict(claim: Any, value: Any) -> str:
    decimals, _ = printed_decimals(claim.quote, float(claim.value))
    if find_kind(value.indicator) == "mean" or pd.isna(value.denominator):
        return judge_share(value.value, 100, float(claim.value), decimals)
    if np.isclose(float(value.denominator), 0):
        return "differs"
    return judge_share(value.numerator, value.denominator, float(claim.value), decimals)


def _share_text(value: Any, lang: str) -> str:
    """Return a share with its counts: "95,29 % (1.315/1.380)"."""
    rounded = round(float(value.value), 2)
    if pd.isna(value.denominator) or find_kind(value.indicator) == "mean":
        return f"{number(rounded, lang)} %"
    counts = f"{number(value.numerator, lang)}/{number(value.denominator, lang)}"
    return f"{number(rounded, lang)} % ({counts})"


def _named(claim: Any, lang: str) -> dict[str, Any]:
    """Return the words that name a claim."""
    indicator = find_indicator(claim.indicator)
    label = indicator.label.in_language(lang) if indicator else claim.indicator
    row = claim.group if isinstance(claim.group, str) and claim.group not in ("", "all") else ""
    words: dict[str, Any] = {"where": claim.place, "found": claim.quote}
    words["label"] = f"{label} ({row})" if row else label
    return words | ({} if pd.isna(claim.period) else {"quarter": claim.period})
