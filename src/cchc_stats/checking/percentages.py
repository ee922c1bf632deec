"""Percentages in prose: against the counts beside them, against one another, and their print."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from cchc_stats.checking.printed_shares import approximately, judge_share, printed_decimals
from cchc_stats.checking.rate_words import EARLY, LATE, ON_TIME, is_approximate, rates
from cchc_stats.checking.told import number, rows_of, told
from cchc_stats.reading import Report
from cchc_stats.words import exact, findings_frame, fold, word

# "Đúng hạn 306/310 hồ sơ, đạt 98,71%": a fraction and its share in one quote.
_FRACTION = re.compile(r"([0-9]+(?:[.][0-9]{3})*) ?/ ?([0-9]+(?:[.][0-9]{3})*)[^0-9%;]*[0-9.,]+ ?%")
_OF_IT = re.compile(r"(?:dat|chiem) ty le:? ?(?:la )?[0-9.,]+ ?%")
_TIME = re.compile(r"[0-9] ?(?:%|phan tram) ?(?:ngay|gio|thang|tuan)\b")
_SAME = ["place", "indicator", "group", "period", "basis"]


def shares_of_counts(report: Report, lang: str) -> pd.DataFrame:
    """Return the percentages that are not those of the fraction printed in the same place.

    "3/4 đơn vị, đạt 80%": an error; a note where the digits are cut instead of rounded.
    """
    claims = report.claims
    named = claims[(claims["indicator"] != "") & claims["value"].notna()]
    shares = named[named["unit"] == "percent"]
    fractions = named[(named["unit"] != "percent") & (named["denominator"].fillna(0) > 0)]
    pairs = shares.rename_axis("at").reset_index().merge(fractions, on=_SAME, suffixes=("", "_of"))
    rows = []
    for _, beside in pairs.groupby("at", sort=False):
        judged = [(_judged(pair), pair) for pair in rows_of(beside)]
        # A paragraph may tell of several: one that it is the share of is enough.
        if any(verdict == "agrees" for verdict, _ in judged):
            continue
        verdict, pair = judged[0]
        expected = _counts(pair.value_of, pair.denominator_of, lang)
        words = {"where": pair.place, "found": pair.quote, "expected": expected}
        severity, rule = ("note", "_cut") if verdict == "cut" else ("error", "")
        rows.append(told(report, severity, f"share_of_counts{rule}", lang=lang, **words))
    return findings_frame([*rows, *_shares_of_fractions(report, lang)])


def _judged(pair: Any) -> str:
    """Return whether a percentage is that of a fraction, as far as it is told exactly."""
    if approximately(pair.quote):
        return "agrees"
    decimals, _ = printed_decimals(pair.quote, float(pair.value))
    return judge_share(pair.value_of, pair.denominator_of, float(pair.value), decimals)


def _shares_of_fractions(report: Report, lang: str) -> list[dict[str, Any]]:
    """Return the percentages that are not those of the fraction their words name, of any subject.

    In one quote: an error. "Đạt tỷ lệ 80%" after the one fraction of its place: a warning
    (`share_of_fraction`), since nothing but the order of the words joins the two.
    """
    claims = report.claims[report.claims["value"].notna()]
    is_share = claims["unit"] == "percent"
    fractions = claims[~is_share & (claims["denominator"].fillna(0) > 0)]
    rows = []
    for claim in rows_of(claims[is_share & (claims["indicator"] == "")]):
        words = {"where": claim.place, "found": claim.quote}
        if inside := _FRACTION.search(fold(claim.quote)):
            above, below = (int(one.replace(".", "")) for one in inside.groups())
            severity, rule = "error", "share_of_counts"
        else:
            beside = [*rows_of(fractions[fractions["place"] == claim.place])]
            if len(beside) != 1 or not _follows(claim, beside[0].Index):
                continue
            above, below = int(beside[0].value), int(beside[0].denominator)
            severity, rule = "warning", "share_of_fraction"
            words["fraction"] = beside[0].quote
        if not below or approximately(claim.quote):
            continue
        decimals, _ = printed_decimals(claim.quote, float(claim.value))
        if judge_share(above, below, float(claim.value), decimals) == "differs":
            words["expected"] = _counts(above, below, lang)
            rows.append(told(report, severity, rule, lang=lang, **words))
    return rows


def _follows(claim: Any, fraction: int) -> bool:
    """Return whether "đạt tỷ lệ 80%" is told soon after a fraction; 100% is said of all kinds."""
    soon = 0 < claim.Index - fraction <= 2
    return soon and float(claim.value) != 100 and bool(_OF_IT.search(fold(claim.quote)))


def shares_not_whole(report: Report, values: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the shares on time and late that do not add up to 100 %, as far as they are printed.

    Where the counts tell over which denominator each is, both are named.
    """
    rows = []
    if not (report.claims["unit"] == "percent").any():
        return findings_frame()
    for pair in rows_of(_pairs(report)):
        if is_approximate(pair.quote_x) or is_approximate(pair.quote_y):
            continue
        if _is_of_pending(pair, report, values):
            continue
        places = [
            printed_decimals(quote, float(value))[0]
            for quote, value in ((pair.quote_x, pair.value_x), (pair.quote_y, pair.value_y))
        ]
        total = exact(float(pair.value_x)) + exact(float(pair.value_y))
        # Half a unit of the last digit of each may be rounding.
        if 2 * abs(total - 100) <= sum(exact(10.0**-digits) for digits in places):
            continue
        one = _fit(report, values, pair, "x", places[0], lang)
        other = _fit(report, values, pair, "y", places[1], lang)
        both = word("check", "shares_fit", lang=lang).format(one=one, other=other)
        words = {
            "where": "; ".join(dict.fromkeys([pair.place_x, pair.place_y])),
            "found": number(float(total), lang),
            "expected": "100",
            "on_time": pair.quote_x,
            "late": pair.quote_y,
            "fits": both if one and other else "",
        }
        gap = float(total - 100)
        rows.append(told(report, "warning", "shares_not_whole", lang=lang, difference=gap, **words))
    return findings_frame(rows)


def _pairs(report: Report) -> pd.DataFrame:
    """Return the rates on time beside the rates late of the same row and time.

    Words that do not say of what (no indicator) are held against those of their own place alone,
    the next that follow; "quá hạn" may be said there of what is pending, and "trước hạn" of a third
    part of 100 %.
    """
    shares = rates(report).rename_axis("at").reset_index()
    on_time, late = (shares[shares["kind"] == kind] for kind in (ON_TIME, LATE))
    pairs = on_time.merge(late, on=["group", "period", "basis"])
    told = [pairs[name].fillna("") == "" for name in ("indicator_x", "indicator_y")]
    vague = told[0] | told[1]
    others = shares.loc[shares["kind"] == EARLY, "place"]
    beside = (pairs["place_x"] == pairs["place_y"]) & (pairs["at_x"] < pairs["at_y"])
    near = vague & beside & ~pairs["place_x"].isin(others)
    first = ~pairs[near].duplicated("at_x")
    return pairs[~vague | (near & first.reindex(pairs.index, fill_value=False))]


def _is_of_pending(pair: Any, report: Report, values: pd.DataFrame) -> bool:
    """Return whether "quá hạn 8,6%" is said of the dossiers still pending."""
    if pair.indicator_y:
        return False
    period = report.period if pd.isna(pair.period) else pair.period
    shares = values[
        (values["indicator"] == "pending_overdue_share")
        & (values["group"] == pair.group)
        & (values["period"] == period)
        & values["value"].notna()
    ]
    decimals, _ = printed_decimals(pair.quote_y, float(pair.value_y))
    return any(
        judge_share(one.numerator, one.denominator, float(pair.value_y), decimals) != "differs"
        for one in rows_of(shares)
    )


def _fit(
    report: Report, values: pd.DataFrame, pair: Any, side: str, decimals: int, lang: str
) -> str:
    """Return the counts that a printed share is of, "" where none are known to be.

    Dossiers that stand beside the table, such as those returned late, may be counted in.
    """
    period = report.period if pd.isna(pair.period) else pair.period
    stated = float(getattr(pair, f"value_{side}"))
    kind = "late_rate" if side == "y" else "on_time_rate"
    known = values[
        values["indicator"].astype("str").str.startswith(kind)
        & (values["group"] == pair.group)
        & (values["period"] == period)
        & values["value"].notna()
    ]
    claims = report.claims
    extra = claims[(claims["unit"] == "count") & claims["denominator"].isna()]["value"].dropna()
    for value in rows_of(known):
        above, below = float(value.numerator), float(value.denominator)
        for more in [0.0, *map(float, extra)]:
            if below + more and judge_share(above + more, below + more, stated, decimals) != (
                "differs"
            ):
                top, bottom = (
                    f"({number(one, lang)} + {number(more, lang)})" if more else number(one, lang)
                    for one in (above, below)
                )
                return f"{number(stated, lang)} % = {top}/{bottom}"
    return ""


def printed_alike(report: Report, lang: str) -> pd.DataFrame:
    """Return a note where percentages are printed with different decimals or decimal signs.

    A whole percentage ("100%", "75%") says nothing of the way the others are printed.
    """
    claims = report.claims
    shares = claims[(claims["unit"] == "percent") & claims["value"].notna()]
    ways: dict[tuple[int, str], str] = {}
    for claim in rows_of(shares):
        decimals, sign = printed_decimals(claim.quote, float(claim.value))
        if sign:
            ways.setdefault((decimals, sign), claim.quote)
    if len(ways) < 2:
        return findings_frame()
    found = "; ".join(f"“{quote}”" for quote in ways.values())
    return findings_frame([told(report, "note", "mixed_decimals", lang=lang, found=found)])


def percent_of_time(report: Report, lang: str) -> pd.DataFrame:
    """Return a warning for each percentage that goes on with a unit of time: "13,3% ngày"."""
    claims = report.claims
    return findings_frame(
        told(report, "warning", "percent_of_time", lang=lang, where=one.place, found=one.quote)
        for one in rows_of(claims[claims["unit"] == "percent"])
        if _TIME.search(fold(one.quote))
    )


def points_as_percent(report: Report, lang: str) -> pd.DataFrame:
    """Return a note for each rise or fall of a rate printed as a percentage: "tăng 0,10%"."""
    claims = report.claims
    return findings_frame(
        told(report, "note", "points_as_percent", lang=lang, where=one.place, found=one.quote)
        for one in rows_of(claims[claims["unit"] == "percentage_points"])
        if "diem" not in fold(one.quote)
    )


def _counts(above: Any, below: Any, lang: str) -> str:
    share = number(round(100 * float(above) / float(below), 2), lang)
    return f"{share} % ({number(above, lang)}/{number(below, lang)})"
