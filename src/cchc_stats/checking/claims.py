"""What the prose states against what the tables say, and against itself."""

from __future__ import annotations

import re
from typing import Any, cast

import pandas as pd

from cchc_stats.checking.finding import Rows, finding, number, rows_of
from cchc_stats.checking.rates import (
    LATE,
    approximately,
    folded_group,
    is_about,
    is_from,
    of_unit,
    printed_decimals,
    row_of,
    units_of,
    verdict,
    with_counts_beside,
)
from cchc_stats.forms import IN_PROSE
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import Report
from cchc_stats.words import AS_OF, fold, half_up, word

# Persons in one place, attendances in another.
_MAY_DIFFER = {"people_trained", "training_turns", "training_turns_to_date"}
# Words about a share -> least and most percent that they can be said of.
WORDS: tuple[tuple[re.Pattern[str], float, float], ...] = (
    (re.compile(r"\b(?:con|rat|kha|qua|muc) thap\b|\b(?:chua|khong) cao\b"), 0, 90),
    (re.compile(r"\b(?:rat|kha|muc|ty le) cao\b"), 50, 100),
    (re.compile(r"\b(?:tat ca|toan bo|100 ?%)"), 100, 100),
    (re.compile(r"\b(?:chua co|khong co|khong phat sinh)\b"), 0, 0),
)


def claims_against_values(report: Report, values: pd.DataFrame, lang: str, *, alone: bool) -> Rows:
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
    units = units_of(values)
    return [
        finding
        for claim in rows_of(report.claims)
        if isinstance(claim.indicator, str) and claim.indicator and not claim.scope
        for finding in _judge(claim, report, *of_unit(values, report, claim, alone, units), lang)
    ]


def of_group(measured: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the values of a group as prose names it.

    Of a sector that several levels have, without a word on the level: its sum, and that of each.
    """
    groups, wanted = measured["group"].map(folded_group), row_of(group)
    held = measured[(measured["group"] == group) | (groups == wanted)]
    if len(held) or "|" in wanted:
        return held
    inside = measured[groups.str.endswith(f"|{wanted}")]
    if len(inside) < 2:
        return inside
    names = ["value", "numerator", "denominator"]
    total = inside.iloc[:1].assign(**inside[names].sum(min_count=len(inside)))
    if (inside["unit"] == "percent").any():
        total = total.assign(value=100 * total["numerator"] / total["denominator"])
    return pd.concat([total, inside])


def _judge(
    claim: Any, report: Report, values: pd.DataFrame, group: str, lang: str
) -> list[dict[str, Any]]:
    measured = candidates(claim, report, values, claim.indicator)
    held = of_group(measured, group)
    if claim.unit == "qualitative":
        of_words = held if len(held) else other_wholes(claim, report, values, group)
        return _words(claim, report, of_words, lang)
    if pd.isna(claim.value) or claim.unit in ("rank", "percentage_points"):
        return []
    if claim.unit == "percent":
        if is_from(claim.quote):
            return []
        others = other_wholes(claim, report, values, group)
        shares, rows = (one[one["unit"] == "percent"] for one in (held, measured))
        return _percent(claim, report, shares, rows, others, lang)
    # What the prose alone tells is held against its own sums, as a table is.
    held = held[~held["source"].astype("str").str.contains(IN_PROSE, regex=False)]
    if _is_other(claim, report, values, held, group):
        return []
    return _count(claim, report, held, measured, lang)


def _percent(
    claim: Any,
    report: Report,
    held: pd.DataFrame,
    measured: pd.DataFrame,
    others: pd.DataFrame,
    lang: str,
) -> list[dict[str, Any]]:
    if about := approximately(claim.quote):
        return _about(claim, report, held, about, lang, percent=True)
    verdicts = [_verdict(claim, value) for value in rows_of(held)]
    if "agrees" in verdicts:
        return []
    fits = [value for value in rows_of(others) if _verdict(claim, value) == "agrees"]
    if fits:
        return [_of_other_whole(claim, report, held, fits[0], lang)]
    if held.empty:
        return []
    value = next(iter(rows_of(held)))
    words = _named(claim, lang) | {"expected": _share_text(value, lang)}
    if "cut" in verdicts:
        return [finding(report, "note", "share_cut", lang=lang, **words)]
    if beside := _beside(claim, report, value):
        words |= {"other": beside, "whole": word("check", "counted_beside", lang=lang)}
        return [finding(report, "warning", "share_of_other_whole", lang=lang, **words)]
    rows = [one for one in rows_of(measured) if _verdict(claim, one) == "agrees"]
    return [
        _differs(claim, report, value, rows, lang, _share_text(value, lang), float(value.value))
    ]


def _of_other_whole(
    claim: Any, report: Report, held: pd.DataFrame, fit: Any, lang: str
) -> dict[str, Any]:
    """Return that a percentage is of another denominator than its words say."""
    indicator = find_indicator(fit.indicator)
    label = indicator.label.in_language(lang) if indicator else fit.indicator
    expected = _share_text(next(iter(rows_of(held))), lang) if len(held) else ""
    # Whether those carried over are counted in is seldom said of the dossiers online.
    severity = "warning" if len(held) and not is_any_online(claim) else "note"
    rule = "share_of_other_whole" if len(held) else "whole_of_share"
    words = _named(claim, lang) | {"expected": expected, "other": _share_text(fit, lang)}
    return finding(report, severity, rule, lang=lang, **words, whole=label)


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
    """Return the sum that a late rate is of with dossiers stated beside the table, else ""."""
    if not claim.indicator.startswith("late_rate") or pd.isna(value.denominator):
        return ""
    return with_counts_beside(report, LATE, value.numerator, value.denominator, claim)


def _count(
    claim: Any, report: Report, held: pd.DataFrame, measured: pd.DataFrame, lang: str
) -> list[dict[str, Any]]:
    if held.empty or held["unit"].iloc[0] == "percent" and find_kind(claim.indicator) == "mean":
        return []
    # A count beside a share is what is counted of it: "3/4 đơn vị".
    held, measured = (
        one.assign(value=one["numerator"].fillna(one["value"])) for one in (held, measured)
    )
    if about := approximately(claim.quote):
        return _about(claim, report, held, about, lang, percent=False)
    stated = None if pd.isna(claim.denominator) else float(claim.denominator)
    if any(
        float(one.value) == float(claim.value)
        and (stated is None or pd.isna(one.denominator) or float(one.denominator) == stated)
        for one in rows_of(held)
    ):
        return []
    value = next(iter(rows_of(held)))
    expected = number(value.value, lang)
    if stated is not None and pd.notna(value.denominator):
        expected += f"/{number(value.denominator, lang)}"
    same = measured["value"].astype("float64") == float(claim.value)
    rows = [*rows_of(measured[same])] if stated is None else []
    return [_differs(claim, report, value, rows, lang, expected, float(value.value))]


def find_kind(code: str) -> str:
    """Return the kind of an indicator, "" of one that is not ours."""
    indicator = find_indicator(code)
    return indicator.kind if indicator else ""


def _differs(
    claim: Any, report: Report, value: Any, rows: list[Any], lang: str, expected: str, figure: float
) -> dict[str, Any]:
    """Return that a claim and a value differ; a note where it is one row's, not the total's."""
    words = _named(claim, lang) | {"expected": expected, "source": value.source}
    words["difference"] = float(claim.value) - float(figure)
    if rows and value.group == "all":
        return finding(report, "note", "share_of_other_row", lang=lang, **words, row=rows[0].group)
    doubtful = claim.indicator in _MAY_DIFFER or is_late_alone(claim)
    severity = "warning" if doubtful else "error"
    return finding(report, severity, "claim_differs", lang=lang, **words)


def _about(
    claim: Any, report: Report, held: pd.DataFrame, about: str, lang: str, *, percent: bool
) -> list[dict[str, Any]]:
    if held.empty or any(is_about(one, claim.value, about, percent=percent) for one in held.value):
        return []
    words = _named(claim, lang) | {"expected": number(held["value"].iloc[0], lang)}
    return [finding(report, "warning", "approximation", lang=lang, **words)]


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
            return [finding(report, "warning", "words_contradict", lang=lang, **words)]
    return []


def _verdict(claim: Any, value: Any) -> str:
    if find_kind(value.indicator) == "mean" or pd.isna(value.denominator):
        return verdict(claim, value.value, 100)
    if float(value.denominator) == 0:
        return "differs"
    return verdict(claim, value.numerator, value.denominator)


def _share_text(value: Any, lang: str) -> str:
    """Return a share with its counts: "95,29 % (1.315/1.380)"."""
    shown = f"{number(round(float(value.value), 2), lang)} %"
    if pd.isna(value.denominator) or find_kind(value.indicator) == "mean":
        return shown
    return f"{shown} ({number(value.numerator, lang)}/{number(value.denominator, lang)})"


def _named(claim: Any, lang: str) -> dict[str, Any]:
    """Return the words that name a claim."""
    indicator = find_indicator(claim.indicator)
    label = indicator.label.in_language(lang) if indicator else claim.indicator
    row = claim.group if isinstance(claim.group, str) and claim.group not in ("", "all") else ""
    words: dict[str, Any] = {"where": claim.place, "found": claim.quote}
    words["label"] = f"{label} ({row.replace('|', ', ')})" if row else label
    return words | ({} if pd.isna(claim.period) else {"quarter": claim.period})


_ONLINE = ("dossiers_online_share_newly_received", "dossiers_online_share_received", "online_share")
# The same events over another total: the words are often the same.
FAMILIES = (
    tuple(f"on_time_rate_{base}" for base in ("settled", "received", "handled", "due")),
    _ONLINE,
    ("inspected_share_direct", "inspected_share_with_indirect"),
    ("time_reduction", "time_reduction_mean"),
)
# A count whose words are also those of another: "tiếp nhận" of what is new alone.
_ALSO = {
    "dossiers_received": ("dossiers_newly_received",),
    "dossiers_settled_late": ("dossiers_pending_overdue",),
}
_EARLY = "early_share_settled"
_LATE = re.compile(r"\bho so(?: tthc)? (?:bi )?(?:qua|tre|cham) han")


def held_with(named: set[str]) -> set[str]:
    """Return the indicators that claims of some are held against: these, and what else is meant."""
    codes = {code for family in FAMILIES if named & {*family} for code in family}
    codes |= {other for code in named for other in _ALSO.get(code, ())}
    return named | codes | ({_EARLY} if "on_time_rate_settled" in named else set())


def candidates(claim: Any, report: Report, values: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the values that a claim can be held against, of every group."""
    period = report.period if pd.isna(claim.period) else claim.period
    wanted = (values["indicator"] == code) & (values["period"] == period)
    wanted &= values["value"].notna()
    indicator = find_indicator(code)
    basis = AS_OF if indicator is not None and indicator.kind == "stock" else claim.basis
    if isinstance(basis, str) and basis:
        wanted &= values["basis"] == basis
    # Chosen once by all that is wanted: to choose rows of a wide frame takes the time.
    return values[wanted.to_numpy()]


def other_wholes(claim: Any, report: Report, values: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the values of the same events over other wholes."""
    others = [
        other
        for family in FAMILIES
        if claim.indicator in family
        for other in family
        if other != claim.indicator
    ]
    frames = [candidates(claim, report, values, other) for other in others]
    if not frames:
        return values.iloc[:0]
    joined = pd.concat(frames)
    # Online services are counted by their level, and not in total.
    return pd.concat(
        [*(of_group(one, group) for one in frames), joined[joined["indicator"] == "online_share"]]
    )


def is_any_online(claim: Any) -> bool:
    """Return whether a claim is a share of dossiers online, whose words say no more than that."""
    return claim.indicator in _ONLINE


def is_late_alone(claim: Any) -> bool:
    """Return whether "14 hồ sơ quá hạn" does not say if they are settled or pending."""
    return claim.indicator == "dossiers_settled_late" and bool(_LATE.search(fold(claim.quote)))


def also_counted(
    claim: Any, report: Report, values: pd.DataFrame, held: pd.DataFrame, group: str
) -> list[float]:
    """Return the figures that the words of a count may be of, beside the one it is held against.

    Those on time may leave out the early ones; "tiếp nhận" may be said of the new ones alone, and
    "quá hạn" without more of those settled, of those pending, and of both.
    """

    def counted(code: str) -> list[float]:
        measured = candidates(claim, report, values, code)
        measured = of_group(measured, group)
        return [float(one) for one in measured["numerator"].fillna(measured["value"])]

    if claim.indicator == "on_time_rate_settled":
        early = counted(_EARLY) + _early_printed(claim, report)
        return [float(one.numerator) - less for one in rows_of(held) for less in early]
    others = [one for code in _ALSO.get(claim.indicator, ()) for one in counted(code)]
    if claim.indicator == "dossiers_settled_late":
        # Settled, pending or both; where the words say which, nothing else.
        sums = [float(one) + more for one in held["value"] for more in others]
        return [*others, *sums] if is_late_alone(claim) else []
    if is_any_online(claim):
        others += [float(one) for one in other_wholes(claim, report, values, group)["numerator"]]
    return others


def _early_printed(claim: Any, report: Report) -> list[float]:
    """Return the early ones that the text tells beside those on time."""
    early = report.claims[report.claims["indicator"] == _EARLY]
    early = early[(early["unit"] == "count") & (early["place"] == claim.place)]
    return [float(one) for one in early.loc[early["group"] == claim.group, "value"].dropna()]


_KEY = ["indicator", "group", "period", "basis", "unit", "scope"]


def told_twice(report: Report, values: pd.DataFrame, lang: str) -> Rows:
    """Return a warning for each figure of the prose that is given differently in two places.

    Percentages of different decimals agree where the longer one rounds to the shorter. What the
    tables state is held against them, not here.
    """
    claims = report.claims
    stated = claims[(claims["indicator"] != "") & claims["value"].notna()]
    stated = stated[~stated["quote"].map(approximately).astype("bool")]
    measured = values[values["value"].notna()]
    groups = measured["group"].map(folded_group)
    in_tables = set(zip(measured["indicator"], groups, measured["period"], strict=True))
    rows = []
    for key, same in stated.groupby(_KEY, sort=False):
        code, group, period, _, unit, _ = (*cast("tuple[Any, ...]", key),)
        if same["value"].nunique() < 2 or (code, row_of(group or "all"), period) in in_tables:
            continue
        if unit == "percent" and _round_alike(same):
            continue
        each = same.drop_duplicates("value")
        quotes = "; ".join(
            f"“{quote}” ({place})"
            for quote, place in zip(each["quote"], each["place"], strict=True)
        )
        indicator = find_indicator(code)
        words = {
            "label": indicator.label.in_language(lang) if indicator else code,
            "where": "; ".join(dict.fromkeys(each["place"])),
            "found": quotes,
        }
        rows.append(finding(report, "warning", "told_twice", lang=lang, **words))
    return rows


def _round_alike(same: pd.DataFrame) -> bool:
    places = [
        printed_decimals(quote, float(value))[0]
        for quote, value in zip(same["quote"], same["value"], strict=True)
    ]
    fewest = min(places)
    return len({half_up(float(value), decimals=fewest) for value in same["value"]}) == 1
