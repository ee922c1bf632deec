"""Rates on time and late whose words do not say of what: held against every whole there is."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, TypeAlias

import pandas as pd

from cchc_stats.checking.printed_shares import (
    approximately,
    is_about,
    judge_share,
    printed_decimals,
)
from cchc_stats.checking.rate_words import (
    EARLY,
    LATE,
    ON_TIME,
    WITHIN,
    is_approximate,
    rate_kind,
    rates,
)
from cchc_stats.checking.told import number, rows_of, told
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import Report
from cchc_stats.words import exact, findings_frame, fold, word

Known: TypeAlias = dict[str, Fraction]

_NAMED = {ON_TIME: "on_time_rate_settled", LATE: "late_rate_settled"} | {
    EARLY: "early_share_settled"
}
_COUNT = re.compile(r"(?<![0-9.,])[0-9]+(?:\.[0-9]{3})*(?![0-9.,]*[0-9%]| ?%)")
_TOPS: dict[str, tuple[tuple[str, ...], ...]] = {
    ON_TIME: (("settled_on_time",), ("settled_on_time", "pending_not_due")),
    EARLY: (("settled_early",),),
    LATE: (("settled_late",), ("pending_overdue",), ("settled_late", "pending_overdue")),
    WITHIN: (("pending_not_due",), ("settled_on_time",), ("settled_on_time", "pending_not_due")),
}
# What is left of those settled where one of the two is not told.
_REST = {ON_TIME: "settled_late", LATE: "settled_on_time"}
_WHOLES = (
    ("settled_total",),
    ("received_total",),
    ("newly_received",),
    ("pending_total",),
    ("settled_total", "pending_overdue"),
    ("settled_on_time", "settled_late"),
    ("settled_on_time", "settled_late", "pending_overdue"),
)
_NAMES = tuple(dict.fromkeys(name for way in (*_WHOLES, *sum(_TOPS.values(), ())) for name in way))


def with_counts_beside(
    report: Report, kind: str, top: Any, whole: Any, value: float, decimals: int
) -> str:
    """Return the sum that a percentage is of with a count told beside the table, "" if of none.

    4 of 125 settled were late, and the text tells of 3 more returned late: 5,47 % is 7 of 128. Only
    counts whose words say the same of the dossiers ("3 hồ sơ quá hạn") are counted in.
    """
    claims = report.claims
    counts = claims[(claims["unit"] == "count") & claims["denominator"].isna()]
    for one in rows_of(counts[counts["value"].fillna(0) > 0]):
        more = float(one.value)
        if rate_kind(one.quote) != kind:
            continue
        verdict = judge_share(float(top) + more, float(whole) + more, value, decimals)
        if verdict != "differs":
            added = f" + {more:.0f})"
            return f"({float(top):.0f}{added}/({float(whole):.0f}{added}"
    return ""


def rates_of_any_whole(report: Report, typed: dict[str, pd.DataFrame], lang: str) -> pd.DataFrame:
    """Return the rates that are those of no whole of the table of dossiers.

    Parameters
    ----------
    report : its claims; those with an indicator say of what they are, and are held against that.
    typed : its tables without a fault of type or key.
    lang : of the messages.

    Returns
    -------
    Findings. A rate agrees if it is that of one whole, as far as it is printed: settled, received,
    newly received, pending, due. `claim_differs`: an error, a warning where it may be over the
    dossiers that fell due, which the form does not count; `share_of_other_whole` (warning) where
    a count told beside the table makes it up; `share_cut` (note); `share_of_received` (note), on
    time over all received where the words do not say so; `approximation` (warning).
    """
    table = typed.get("dossiers")
    if table is None or table.empty or not (report.claims["unit"] == "percent").any():
        return findings_frame()
    claims = rates(report)
    rows = []
    for claim in rows_of(claims[claims["indicator"].fillna("") == ""]):
        if _is_of_parts(claim, claims, table, report):
            continue
        judged = [_judge(claim, report, known, lang) for known in _known(claim, report, table)]
        # One row that it is the rate of is enough.
        if judged and all(judged):
            rows.append(judged[0])
    return findings_frame([row for row in rows if row])


def _is_of_parts(claim: Any, claims: pd.DataFrame, table: pd.DataFrame, report: Report) -> bool:
    """Return whether "đúng hạn" leaves out those "trước hạn" beside it, and is right so."""
    if claim.kind != ON_TIME:
        return False
    beside = claims[(claims["kind"] == EARLY) & (claims["place"] == claim.place)]
    for early in rows_of(beside[beside["group"] == claim.group]):
        added = exact(float(claim.value)) + exact(float(early.value))
        places = [printed_decimals(one.quote, float(one.value))[0] for one in (claim, early)]
        reach = sum(Fraction(1, 2 * 10**digits) for digits in places)
        for known in _known(claim, report, table):
            top, whole = known.get("settled_on_time"), known.get("settled_total")
            if top is not None and whole and abs(100 * top / whole - added) <= reach:
                return True
    return False


def _known(claim: Any, report: Report, table: pd.DataFrame) -> list[Known]:
    """Return the figures of the rows that a claim may be of, those not reported left out."""
    period = report.period if pd.isna(claim.period) else claim.period
    rows = table[table["period"] == period]
    if isinstance(claim.basis, str) and claim.basis:
        rows = rows[rows["basis"] == claim.basis]
    names = [name for name in _NAMES if name in rows]
    found = rows[rows["sector"] == claim.group][names]
    if found.empty and claim.group == "all":
        found = (
            rows.groupby("basis")[names]
            .sum(min_count=1)
            .where(rows.groupby("basis")[names].count().eq(rows.groupby("basis").size(), axis=0))
        )
    return [
        {name: exact(float(cell)) for name, cell in row.items() if pd.notna(cell)}
        for row in found.to_dict("records")
    ]


def _judge(claim: Any, report: Report, known: Known, lang: str) -> dict[str, Any] | None:
    """Return what is to be said of a rate, None where it agrees or nothing is known."""
    tops, wholes = _tops(claim, known), [one for one in _sums(known, _WHOLES) if one]
    shares = [(top, whole) for whole in wholes for top in tops if top <= whole]
    if not shares:
        return None
    value = float(claim.value)
    named = find_indicator(_NAMED.get(claim.kind, _NAMED[ON_TIME]))
    top, whole = shares[0]
    words = {"where": claim.place, "found": claim.quote}
    words["label"] = named.label.in_language(lang) if named else claim.kind
    percent = number(round(float(100 * top / whole), 2), lang)
    words["expected"] = f"{percent} % ({number(top, lang)}/{number(whole, lang)})"
    if is_approximate(claim.quote):
        about = approximately(claim.quote)
        if any(is_about(100 * one / of, value, about, percent=True) for one, of in shares):
            return None
        return told(report, "warning", "approximation", lang=lang, **words)
    decimals, _ = printed_decimals(claim.quote, value)
    verdicts = {judge_share(one, of, value, decimals) for one, of in shares}
    if "agrees" in verdicts:
        return _of_received(claim, report, known, words, decimals, lang)
    if "cut" in verdicts:
        return told(report, "note", "share_cut", lang=lang, **words)
    if beside := with_counts_beside(report, claim.kind, top, whole, value, decimals):
        told_of = words | {"other": beside, "whole": word("check", "counted_beside", lang=lang)}
        return told(report, "warning", "share_of_other_whole", lang=lang, **told_of)
    may_be_due = _may_be_due(tops, known, exact(value), Fraction(1, 2 * 10**decimals))
    if may_be_due and "settled_total" not in known:
        return None
    words["source"] = ""
    severity = "warning" if may_be_due else "error"
    gap = value - float(100 * top / whole)
    return told(report, severity, "claim_differs", lang=lang, difference=gap, **words)


def _of_received(
    claim: Any, report: Report, known: Known, words: dict[str, Any], decimals: int, lang: str
) -> dict[str, Any] | None:
    """Return a note where a rate on time is that of the dossiers received, and not of settled."""
    top, value = known.get("settled_on_time"), float(claim.value)
    settled, received = (known.get(name) for name in ("settled_total", "received_total"))
    named = find_indicator("on_time_rate_received")
    if claim.kind != ON_TIME or top is None or not settled or not received or named is None:
        return None
    if judge_share(top, settled, value, decimals) != "differs":
        return None
    if judge_share(top, received, value, decimals) != "agrees":
        return None
    percent = number(round(float(100 * top / received), 2), lang)
    fit = f"{percent} % ({number(top, lang)}/{number(received, lang)})"
    whole = named.label.in_language(lang)
    return told(report, "note", "share_of_received", lang=lang, **words, whole=whole, fit=fit)


def _tops(claim: Any, known: Known) -> list[Fraction]:
    """Return what a rate may count: the row's figures, what they leave, the count beside it."""
    printed = [
        exact(int(found[0].replace(".", ""))) for found in _COUNT.finditer(fold(claim.quote))
    ]
    tops = _sums(known, _TOPS[claim.kind])
    if claim.kind == ON_TIME and {"settled_on_time", "settled_early"} <= set(known):
        # "Trước hạn" and "đúng hạn" may be told apart.
        tops.append(known["settled_on_time"] - known["settled_early"])
    if claim.kind in _REST and {"settled_total", other := _REST[claim.kind]} <= set(known):
        tops.append(known["settled_total"] - known[other])
    return [*tops, *(one for one in printed if one not in tops)]


def _sums(known: Known, ways: tuple[tuple[str, ...], ...]) -> list[Fraction]:
    return [sum((known[name] for name in way), Fraction(0)) for way in ways if {*way} <= {*known}]


def _may_be_due(tops: list[Fraction], known: Known, value: Fraction, half: Fraction) -> bool:
    """Return whether a rate may be over the dossiers that fell due: more than those returned.

    Parameters
    ----------
    tops : what it may count.
    known : the row's figures.
    value, half : the percentage, and half a unit of its last digit.
    """
    parts = [known.get(name, Fraction(0)) for name in ("settled_on_time", "settled_late")]
    returned = max(sum(parts, Fraction(0)), known.get("settled_total", Fraction(0)))
    most = known.get("received_total")
    for top in tops:
        low = 100 * top / (value + half)
        high = 100 * top / (value - half) if value > half else None
        if (high is None or high >= max(returned, top)) and (most is None or low <= most):
            return True
    return False
