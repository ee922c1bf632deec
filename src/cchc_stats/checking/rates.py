"""Percentages in prose: their print, the counts they are of, and the rates on time and late."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import pandas as pd

from cchc_stats.checking.finding import Rows, finding, number, rows_of
from cchc_stats.forms import find_form
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import LEVEL_CODES, Report
from cchc_stats.words import (
    IN_PERIOD,
    YEAR_TO_DATE,
    exact,
    fold,
    half_up,
    word,
)

Verdict = Literal["agrees", "cut", "differs"]

_PRINTED = re.compile(r"(?<![0-9.,])([0-9]+(?:[.,]([0-9]+))?) ?(?:%|phan tram\b)")
# The words that make a figure an approximate one, by what they allow.
_ABOUT = re.compile(r"\b(gan|khoang|xap xi|hon|tren|duoi|it nhat|toi thieu)\b ?(?=[0-9])")
_SIDES = {"hon": "above", "tren": "above", "it nhat": "above", "toi thieu": "above"} | {
    "gan": "below",
    "duoi": "below",
}
_NEAR = Fraction(1, 10)
_NEAR_PERCENT = Fraction(3, 2)


def printed_decimals(quote: str, value: float) -> tuple[int, str]:
    """Return the digits after the decimal sign of a printed percentage, and that sign.

    Where the words do not print the value, it has the decimals of its shortest number.

    Examples
    --------
    >>> printed_decimals("đạt 98,30%", 98.3), printed_decimals("", 5.47)
    ((2, ','), (2, ''))
    """
    for match in _PRINTED.finditer(fold(quote)):
        if float(match[1].replace(",", ".")) == value:
            digits = match[2] or ""
            return len(digits), match[1][len(match[1]) - len(digits) - 1] if digits else ""
    exponent = Decimal(str(float(value))).normalize().as_tuple().exponent
    return max(0, -int(exponent)), ""


def judge_share(above: Any, below: Any, value: float, decimals: int) -> Verdict:
    """Return whether a printed percentage is that of two counts: rounded half up, cut, or neither.

    Examples
    --------
    >>> judge_share(1315, 1380, 95.3, 1), judge_share(1315, 1380, 95.2, 1)
    ('agrees', 'cut')
    >>> judge_share(1315, 1380, 99, 0)
    'differs'
    """
    printed, share = exact(float(value)), 100 * exact(float(above)) / exact(float(below))
    if exact(half_up(share, decimals=decimals)) == printed:
        return "agrees"
    cut = Fraction(share * 10**decimals // 1, 10**decimals)
    return "cut" if cut == printed else "differs"


def verdict(claim: Any, above: Any, below: Any) -> Verdict:
    """Return what `judge_share` says of a claim, with the decimals that its quote prints."""
    value = float(claim.value)
    return judge_share(above, below, value, printed_decimals(claim.quote, value)[0])


def approximately(quote: str) -> str:
    """Return the word that makes a figure approximate ("gan", "hon" …), "" where none does.

    Examples
    --------
    >>> approximately("gần 98%"), approximately("98%")
    ('gan', '')
    """
    match = _ABOUT.search(fold(quote))
    return match[1] if match else ""


def is_about(actual: Any, stated: float, word: str, *, percent: bool) -> bool:
    """Return whether a figure is what an approximate one says: "gần 98%" is 96,5 to 98."""
    real, said = exact(float(actual)), exact(float(stated))
    reach = _NEAR_PERCENT if percent else abs(said) * _NEAR
    side = _SIDES.get(word, "")
    low = said if side == "above" else said - reach
    high = said if side == "below" else said + reach
    return low <= real <= high


ON_TIME, EARLY, LATE, WITHIN = "on_time", "early", "late", "within"
_KIND_OF = {"on_time": ON_TIME, "late": LATE}  # by how the indicator's code begins
_KINDS = (
    (LATE, re.compile(r"\b(?:qua|tre|cham)(?: thoi)? h[ae]n\b")),
    (WITHIN, re.compile(r"\btrong han\b|\bchua den han\b")),
    (ON_TIME, re.compile(r"\bdung(?: thoi)? h[ae]n\b|\bdung (?:va|,|hoac) (?:truoc|som)\b")),
    (EARLY, re.compile(r"\b(?:truoc|som)(?: thoi)? h[ae]n\b")),
)
# "Từ 95% trở lên" is a floor, and "tăng từ 95% lên 97%" tells first what was before.
_FROM = re.compile(r"\btu [0-9][0-9.,]* ?(?:%|phan tram)")
# What a percentage beside "trễ hạn" is of instead: "hồ sơ trễ hạn có văn bản xin lỗi 100%".
_OF_ELSE = re.compile(
    r"\b(?:xin loi|hai long|cong khai|so hoa|thanh toan|khao sat|danh gia|ke hoach|muc tieu"
    r"|phan dau|chi tieu|yeu cau)\b"
)
# The words that a comma or a bracket may part from what the percentage is of.
_BETWEEN = re.compile(
    r"(?:[0-9.,/()%:]|hoso|dat|chiem|tyle|la|tuong(?:ung|duong)|voi|bang|so|luong|tren|tong|trong|ca"
    r"|da|duoc|giaiquyet|tiepnhan|tra|ketqua|gan|hon|khoang|xapxi|duoi|va|truoc|dung|som|qua|tre|han"
    r"|thoi)*"
)
_PERCENT = re.compile(r"[0-9][0-9.,]* ?(?:%|phan tram)")


def rate_kind(quote: str) -> str:
    """Return which rate the words of a percentage tell, "" where they tell none.

    Examples
    --------
    >>> rate_kind("trước và đúng hạn đạt 96.8%"), rate_kind("quá hạn 1,19%"), rate_kind("đạt 97%")
    ('on_time', 'late', '')
    >>> rate_kind("trễ hạn (90 hồ sơ), Sở đã có văn bản xin lỗi 100%")
    ''
    """
    said = re.sub(r"\([^()%]*\)", "", fold(quote))  # of what stands before the brackets
    if _OF_ELSE.search(said):
        return ""
    for kind, pattern in _KINDS:
        if term := pattern.search(said):
            _, parted, rest = re.sub("[,;(]", "\0", said[term.end() :]).partition("\0")
            rest = "".join(rest.replace("\0", "").split())
            return "" if parted and not _BETWEEN.fullmatch(rest) else kind
    return ""


def rates(report: Report, *, scoped: bool = False) -> pd.DataFrame:
    """Return the claims that are rates on time, early or late, with their `kind`.

    Those with an indicator are of that; others are what the words beside them say. `group` is `all`
    where they name no part. What is of no quarter is held against none: it is here if `scoped`.
    """
    claims = report.claims
    shares = claims[(claims["unit"] == "percent") & claims["value"].notna()]
    shares = shares if scoped else shares[shares["scope"] == ""]
    kinds = [
        _KIND_OF.get(code.partition("_rate")[0], "") if code else rate_kind(quote)
        for code, quote in zip(shares["indicator"].fillna(""), shares["quote"], strict=True)
    ]
    groups = shares["group"].where(shares["group"] != "", "all")
    of_kinds = shares.assign(kind=pd.Series(kinds, index=shares.index, dtype="str"), group=groups)
    return of_kinds[(of_kinds["kind"] != "") & ~of_kinds["quote"].map(is_from).astype("bool")]


def is_from(quote: str) -> bool:
    """Return whether a percentage is where something begins, and not what the period reached.

    Examples
    --------
    >>> is_from("đúng hạn đạt từ 95% trở lên"), is_from("đúng hạn đạt 95%")
    (True, False)
    """
    return bool(_FROM.search(fold(quote)))


def is_approximate(quote: str) -> bool:
    """Return whether the percentage of a quote is stated as about so much: "đạt gần 98%"."""
    said = fold(quote)
    matches = [*_PERCENT.finditer(said)]
    return bool(approximately(said[max(0, matches[-1].start() - 12) :])) if matches else False


Counts: TypeAlias = dict[str, Fraction]

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
# What is left of those settled where one of the two is not stated.
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


def with_counts_beside(report: Report, kind: str, top: Any, bottom: Any, claim: Any) -> str:
    """Return the sum that a percentage is of with a count stated beside the table, "" if of none.

    4 of 125 settled were late, and the text tells of 3 more returned late: 5,47 % is 7 of 128. Only
    counts whose words say the same of the dossiers ("3 hồ sơ quá hạn") are counted in.
    """
    claims = report.claims
    counts = claims[(claims["unit"] == "count") & claims["denominator"].isna()]
    for one in rows_of(counts[counts["value"].fillna(0) > 0]):
        more = float(one.value)
        if rate_kind(one.quote) != kind:
            continue
        if verdict(claim, float(top) + more, float(bottom) + more) != "differs":
            added = f" + {more:.0f})"
            return f"({float(top):.0f}{added}/({float(bottom):.0f}{added}"
    return ""


def rates_of_any_whole(report: Report, typed: dict[str, pd.DataFrame], lang: str) -> Rows:
    """Return the rates that are those of no total of the table of dossiers.

    Parameters
    ----------
    report : its claims; those with an indicator say of what they are, and are held against that.
    typed : its tables without a fault of type or key.
    lang : of the messages.

    Returns
    -------
    Findings. A rate agrees if it is that of one total, as far as it is printed: settled, received,
    newly received, pending, due. `claim_differs`: an error, a warning where it may be over the
    dossiers that fell due, which the form does not count; `share_of_other_whole` (warning) where
    a count stated beside the table makes it up; `share_cut` (note); `share_of_received` (note), on
    time over all received where the words do not say so; `approximation` (warning).
    """
    table = typed.get("dossiers")
    if table is None or table.empty or not (report.claims["unit"] == "percent").any():
        return []
    claims, units = rates(report), units_of(table)
    rows = []
    for claim in rows_of(claims[claims["indicator"].fillna("") == ""]):
        own, part = of_unit(table, report, claim, len(units) == 1, units)
        count_rows = _figures_of(claim, report, own, part)
        if _is_of_parts(claim, claims, count_rows) or _is_of_own_fraction(claim, count_rows):
            continue
        judged = [_judge(claim, report, counts, lang) for counts in count_rows]
        # One row that it is the rate of is enough.
        if judged and all(judged):
            rows.append(judged[0])
    return [row for row in rows if row]


def _is_of_parts(claim: Any, claims: pd.DataFrame, count_rows: list[Counts]) -> bool:
    """Return whether "đúng hạn" leaves out those "trước hạn" beside it, and is right so."""
    if claim.kind != ON_TIME:
        return False
    beside = claims[(claims["kind"] == EARLY) & (claims["place"] == claim.place)]
    for early in rows_of(beside[beside["group"] == claim.group]):
        added = exact(float(claim.value)) + exact(float(early.value))
        places = [printed_decimals(one.quote, float(one.value))[0] for one in (claim, early)]
        reach = sum(Fraction(1, 2 * 10**digits) for digits in places)
        for counts in count_rows:
            top, total = counts.get("settled_on_time"), counts.get("settled_total")
            if top is not None and total and abs(100 * top / total - added) <= reach:
                return True
    return False


def row_of(part: str) -> str:
    """Return the group that values of a part of the dossiers have, folded.

    Examples
    --------
    >>> row_of("Cấp xã|lĩnh vực Hộ tịch"), row_of("Cấp xã"), row_of("all")
    ('commune|ho tich', 'commune', 'all')
    """
    return folded_group("|".join(LEVEL_CODES.get(one, one) for one in part.split("|")))


def folded_group(group: str) -> str:
    """Return a group of values without what printed names of a sector differ by."""
    level, _, rest = group.rpartition("|")
    name = fold(rest).removeprefix("linh vuc ").strip(" .:")
    return f"{level}|{name}" if level else name


def units_of(rows: pd.DataFrame) -> dict[str, str]:
    """Return the agencies of some rows by their names as prose may spell them."""
    return {_name(str(one)): one for one in rows["agency"].unique()}


def of_unit(
    rows: pd.DataFrame, report: Report, claim: Any, alone: bool, units: Mapping[str, str]
) -> tuple[pd.DataFrame, str]:
    """Return the rows of whom a claim is, and its group among them.

    A unit that has rows of its own is an agency.
    """
    part = claim.group if isinstance(claim.group, str) and claim.group else "all"
    if part != "all" and (unit := units.get(_name(part))):
        return rows[rows["agency"] == unit], "all"
    return (rows if alone else rows[rows["agency"] == report.agency]), part


def _name(agency: str) -> str:
    return fold(agency).replace("uy ban nhan dan", "ubnd").removeprefix("ubnd ")


def with_printed_totals(report: Report, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables, with their printed totals as rows of who reports where those are needed.

    What prose states of all is held against these: of tables by unit, where one table alone has
    them, and of tables that lack a row.
    """
    lacking = {one.form for one in getattr(report.tables, "unplaced", ())}
    of_all = report.totals
    of_all = of_all[
        (of_all[["level", "agency", "row"]] == "").all(axis=1) & of_all["value"].notna()
    ]
    for code, totals in of_all.groupby("form", sort=False):
        table, form = tables.get(str(code)), find_form(str(code))
        has_total = not form.row or form.wholes.get(form.row, False)
        if table is None or not has_total:
            continue
        is_there = report.agency in set(table["agency"])
        if is_there and (code not in lacking or "all" in {*table[form.row or "agency"]}):
            continue
        key = dict.fromkeys(form.key, "all") | {"agency": report.agency}
        rows = [
            key
            | {"period": period, "basis": basis, "source": same["source"].iloc[0]}
            | same.drop_duplicates("column", keep=False).set_index("column")["value"].to_dict()
            for (period, basis), same in totals.groupby(["period", "basis"])
        ]
        added = pd.DataFrame(rows).reindex(columns=table.columns)
        joined = pd.concat([table, added.astype(table.dtypes)], ignore_index=True)
        tables = tables | {form.code: joined}
    return tables


def _figures_of(claim: Any, report: Report, table: pd.DataFrame, part: str) -> list[Counts]:
    """Return the figures of the rows that a claim may be of, those not reported left out.

    `part` is the claim's, among the rows of `table`.
    """
    period = report.period if pd.isna(claim.period) else claim.period
    rows = table[table["period"] == period]
    if isinstance(claim.basis, str) and claim.basis:
        rows = rows[rows["basis"] == claim.basis]
    names = [name for name in _NAMES if name in rows]
    is_whole = rows["sector"] == "all"
    chosen = _rows_of_part(rows, is_whole, row_of(part))[names]
    if chosen.empty and part == "all":
        # The levels, where they have rows of their own, else the rows.
        rows = rows[is_whole] if is_whole.any() else rows
        by = rows.groupby("basis")
        complete = by[names].count().eq(by.size(), axis=0)
        chosen = by[names].sum(min_count=1).where(complete)
    return [
        {str(name): exact(float(cell)) for name, cell in row.items() if pd.notna(cell)}
        for row in chosen.to_dict("records")
    ]


def _rows_of_part(rows: pd.DataFrame, is_whole: pd.Series, part: str) -> pd.DataFrame:
    """Return the rows of a part; of a sector of several levels, or of a level, also their sum."""
    level = rows["level"] if "level" in rows else pd.Series("all", index=rows.index)
    nested = rows["sector"].where(level == "all", level + "|" + rows["sector"])
    groups = nested.where(~is_whole, level).map(folded_group)
    those = rows[groups == part]
    if len(those) or "|" in part:
        return those
    is_level = groups.str.startswith(f"{part}|")
    those = rows[is_level | groups.str.endswith(f"|{part}")]
    figures = [name for name in _NAMES if name in rows]
    total = those[figures].sum(min_count=len(those)).to_frame().T
    return those if those.empty else pd.concat([total, those.iloc[: 0 if is_level.any() else None]])


def _label(claim: Any, lang: str) -> str:
    """Return the name of a rate, and in brackets the part that it is of."""
    named = find_indicator(_NAMED.get(claim.kind, _NAMED[ON_TIME]))
    label = named.label.in_language(lang) if named else str(claim.kind)
    return label if claim.group in ("", "all") else f"{label} ({claim.group.replace('|', ', ')})"


def _judge(claim: Any, report: Report, counts: Counts, lang: str) -> dict[str, Any] | None:
    """Return what is to be said of a rate, None where it agrees or nothing is stated."""
    tops, wholes = _tops(claim, counts), [one for one in _sums(counts, _WHOLES) if one]
    shares = [(top, total) for total in wholes for top in tops if top <= total]
    if not shares:
        return None
    words = {"where": claim.place, "found": claim.quote, "label": _label(claim, lang)}
    words["expected"] = share_of(*shares[0], lang)
    if is_approximate(claim.quote):
        about, value = approximately(claim.quote), float(claim.value)
        if any(is_about(100 * one / of, value, about, percent=True) for one, of in shares):
            return None
        return finding(report, "warning", "approximation", lang=lang, **words)
    judged = {verdict(claim, one, of): (one, of) for one, of in reversed(shares)}
    if "agrees" in judged:
        return _of_received(claim, report, counts, words, lang)
    if "cut" in judged:
        words |= _of_proven(claim, counts, judged["cut"], lang)
        return finding(report, "note", "share_cut", lang=lang, **words)
    if beside := with_counts_beside(report, claim.kind, *shares[0], claim):
        words |= {"other": beside, "whole": word("check", "counted_beside", lang=lang)}
        return finding(report, "warning", "share_of_other_whole", lang=lang, **words)
    return _of_none(claim, report, counts, words, tops, shares[0], lang)


def _is_of_own_fraction(claim: Any, count_rows: list[Counts]) -> bool:
    """Return whether a rate is that of the fraction in its quote: "440/445 hồ sơ, đạt 98,88%".

    Where the table has what was settled, it is held against that.
    """
    if any("settled_total" in counts for counts in count_rows):
        return False
    inside = _FRACTION.search(fold(claim.quote))
    above, below = (int(one.replace(".", "")) for one in inside.groups()) if inside else (0, 0)
    return below > 0 and verdict(claim, above, below) == "agrees"


def _of_proven(
    claim: Any, counts: Counts, share: tuple[Fraction, Fraction], lang: str
) -> dict[str, str]:
    """Return the words for a rate by the denominator that its counts prove."""
    words = {"expected": share_of(*share, lang)}
    kinds = {"settled_total": "settled", "received_total": "received"}
    proven = next((kind for name, kind in kinds.items() if counts.get(name) == share[1]), "")
    code = f"{claim.kind}_rate_{proven}" if claim.kind in _KIND_OF else ""
    named = find_indicator(code) if proven and code else None
    return words | ({"label": named.label.in_language(lang)} if named else {})


def _of_none(
    claim: Any,
    report: Report,
    counts: Counts,
    words: dict[str, Any],
    tops: list[Fraction],
    share: tuple[Fraction, Fraction],
    lang: str,
) -> dict[str, Any] | None:
    """Return that a rate is of no total of the table, None where it may be of those due."""
    value = float(claim.value)
    half = Fraction(1, 2 * 10 ** printed_decimals(claim.quote, value)[0])
    may_be_due = _may_be_due(tops, counts, exact(value), half)
    if may_be_due and "settled_total" not in counts:
        return None
    severity = "warning" if may_be_due else "error"
    gap = value - float(100 * share[0] / share[1])
    return finding(report, severity, "claim_differs", lang=lang, difference=gap, **words, source="")


def _of_received(
    claim: Any, report: Report, counts: Counts, words: dict[str, Any], lang: str
) -> dict[str, Any] | None:
    """Return a note where a rate on time is that of the dossiers received, and not of settled."""
    top = counts.get("settled_on_time")
    settled, received = (counts.get(name) for name in ("settled_total", "received_total"))
    named = find_indicator("on_time_rate_received")
    if claim.kind != ON_TIME or top is None or not settled or not received or named is None:
        return None
    if verdict(claim, top, settled) != "differs" or verdict(claim, top, received) != "agrees":
        return None
    words |= {"whole": named.label.in_language(lang), "fit": share_of(top, received, lang)}
    return finding(report, "note", "share_of_received", lang=lang, **words)


def _tops(claim: Any, counts: Counts) -> list[Fraction]:
    """Return what a rate may count: the row's figures, what they leave, the count beside it."""
    printed = [
        exact(int(match[0].replace(".", ""))) for match in _COUNT.finditer(fold(claim.quote))
    ]
    tops = _sums(counts, _TOPS[claim.kind])
    if claim.kind == ON_TIME and {"settled_on_time", "settled_early"} <= set(counts):
        # "Trước hạn" and "đúng hạn" may be stated apart.
        tops.append(counts["settled_on_time"] - counts["settled_early"])
    if claim.kind in _REST and {"settled_total", other := _REST[claim.kind]} <= set(counts):
        tops.append(counts["settled_total"] - counts[other])
    return [*tops, *(one for one in printed if one not in tops)]


def _sums(counts: Counts, ways: tuple[tuple[str, ...], ...]) -> list[Fraction]:
    return [sum((counts[name] for name in way), Fraction(0)) for way in ways if {*way} <= {*counts}]


def _may_be_due(tops: list[Fraction], counts: Counts, value: Fraction, half: Fraction) -> bool:
    """Return whether a rate may be over the dossiers that fell due: more than those returned.

    Parameters
    ----------
    tops : what it may count.
    counts : the row's figures.
    value, half : the percentage, and half a unit of its last digit.
    """
    parts = [counts.get(name, Fraction(0)) for name in ("settled_on_time", "settled_late")]
    returned = max(sum(parts, Fraction(0)), counts.get("settled_total", Fraction(0)))
    most = counts.get("received_total")
    for top in tops:
        low = 100 * top / (value + half)
        high = 100 * top / (value - half) if value > half else None
        if (high is None or high >= max(returned, top)) and (most is None or low <= most):
            return True
    return False


# "Đúng hạn 306/310 hồ sơ, đạt 98,71%": a fraction and its share in one quote.
_FRACTION = re.compile(r"([0-9]+(?:[.][0-9]{3})*) ?/ ?([0-9]+(?:[.][0-9]{3})*)[^0-9%;]*[0-9.,]+ ?%")
_OF_IT = re.compile(r"(?:dat|chiem) ty le:? ?(?:la )?[0-9.,]+ ?%")
_TIME = re.compile(r"[0-9] ?(?:%|phan tram) ?(?:ngay|gio|thang|tuan)\b")
_SAME = ["place", "indicator", "group", "period", "basis", "scope"]


def shares_of_counts(report: Report, lang: str) -> Rows:
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
        judged = [
            (
                "agrees"
                if approximately(pair.quote)
                else verdict(pair, pair.value_of, pair.denominator_of),
                pair,
            )
            for pair in rows_of(beside)
        ]
        # A paragraph may tell of several: one that it is the share of is enough.
        if any(one == "agrees" for one, _ in judged):
            continue
        first, pair = judged[0]
        expected = share_of(pair.value_of, pair.denominator_of, lang)
        words = {"where": pair.place, "found": pair.quote, "expected": expected}
        severity, rule = ("note", "_cut") if first == "cut" else ("error", "")
        rows.append(finding(report, severity, f"share_of_counts{rule}", lang=lang, **words))
    return [*rows, *_shares_of_fractions(report, lang)]


def _shares_of_fractions(report: Report, lang: str) -> Rows:
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
        beside = fractions[fractions["place"] == claim.place]
        if inside := _FRACTION.search(fold(claim.quote)):
            above, below = (int(one.replace(".", "")) for one in inside.groups())
            severity, rule = "error", "share_of_counts"
        elif len(beside) == 1 and _follows(claim, beside.index[0]):
            above, below = (int(beside[name].iloc[0]) for name in ("value", "denominator"))
            severity, rule = "warning", "share_of_fraction"
            words["fraction"] = beside["quote"].iloc[0]
        else:
            continue
        exactly = below and not approximately(claim.quote)
        if exactly and verdict(claim, above, below) == "differs":
            words["expected"] = share_of(above, below, lang)
            rows.append(finding(report, severity, rule, lang=lang, **words))
    return rows


def _follows(claim: Any, fraction: int) -> bool:
    """Return whether "đạt tỷ lệ 80%" is stated soon after a fraction; 100% is said of all kinds."""
    soon = 0 < claim.Index - fraction <= 2
    return soon and float(claim.value) != 100 and bool(_OF_IT.search(fold(claim.quote)))


def shares_not_whole(report: Report, values: pd.DataFrame, lang: str) -> Rows:
    """Return the shares on time and late that do not add up to 100 %, as far as they are printed.

    Where the counts tell over which denominator each is, both are named.
    """
    if not (report.claims["unit"] == "percent").any():
        return []
    return [
        _not_whole(report, values, pair, lang)
        for pair in rows_of(_pairs(report))
        if not is_approximate(pair.quote_x)
        and not is_approximate(pair.quote_y)
        and not _is_of_pending(pair, report, values)
        and _adds_up_to(pair) != 100
    ]


def _adds_up_to(pair: Any) -> Fraction:
    """Return the sum of two percentages; 100 where it is that as far as they are printed."""
    sides = ((pair.quote_x, pair.value_x), (pair.quote_y, pair.value_y))
    total = sum((exact(float(value)) for _, value in sides), Fraction(0))
    # Half a unit of the last digit of each may be rounding.
    digits = [printed_decimals(quote, float(value))[0] for quote, value in sides]
    rounding = sum((Fraction(1, 10**one) for one in digits), Fraction(0))
    return Fraction(100) if 2 * abs(total - 100) <= rounding else total


def _not_whole(report: Report, values: pd.DataFrame, pair: Any, lang: str) -> dict[str, Any]:
    total = _adds_up_to(pair)
    one, other = (_fit(report, values, pair, side, lang) for side in ("x", "y"))
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
    return finding(report, "warning", "shares_not_whole", lang=lang, difference=gap, **words)


def _pairs(report: Report) -> pd.DataFrame:
    """Return the rates on time beside the rates late of the same row and time.

    Words that do not say of what (no indicator) are held against those of their own place alone,
    the next that follow; "quá hạn" may be said there of what is pending, and "trước hạn" of a third
    part of 100 %.
    """
    shares = rates(report).rename_axis("at").reset_index()
    on_time, late = (shares[shares["kind"] == kind] for kind in (ON_TIME, LATE))
    pairs = on_time.merge(late, on=["group", "period", "basis"])
    unnamed = [pairs[name].fillna("") == "" for name in ("indicator_x", "indicator_y")]
    vague = unnamed[0] | unnamed[1]
    others = shares.loc[shares["kind"] == EARLY, "place"]
    beside = (pairs["place_x"] == pairs["place_y"]) & (pairs["at_x"] < pairs["at_y"])
    near = vague & beside & ~pairs["place_x"].isin(others)
    first = ~pairs[near].duplicated("at_x")
    return pairs[~vague | (near & first.reindex(pairs.index, fill_value=False))]


def _values_of(pair: Any, report: Report, values: pd.DataFrame, code: str) -> Any:
    """Return the values of the indicators whose code begins so, of the row and time of a pair."""
    period = report.period if pd.isna(pair.period) else pair.period
    wanted = values["indicator"].astype("str").str.startswith(code) & values["value"].notna()
    wanted &= (values["group"] == pair.group) & (values["period"] == period)
    return values[wanted.to_numpy()]


def _is_of_pending(pair: Any, report: Report, values: pd.DataFrame) -> bool:
    """Return whether "quá hạn 8,6%" is said of the dossiers still pending."""
    if pair.indicator_y:
        return False
    stated = float(pair.value_y)
    decimals, _ = printed_decimals(pair.quote_y, stated)
    return any(
        judge_share(one.numerator, one.denominator, stated, decimals) != "differs"
        for one in rows_of(_values_of(pair, report, values, "pending_overdue_share"))
    )


def _fit(report: Report, values: pd.DataFrame, pair: Any, side: str, lang: str) -> str:
    """Return the counts that a printed share is of, "" where none are certain.

    Dossiers that stand beside the table, such as those returned late, may be counted in.
    """
    stated = float(getattr(pair, f"value_{side}"))
    decimals, _ = printed_decimals(getattr(pair, f"quote_{side}"), stated)
    kind = "late_rate" if side == "y" else "on_time_rate"
    claims = report.claims
    extra = claims[(claims["unit"] == "count") & claims["denominator"].isna()]["value"].dropna()
    for value in rows_of(_values_of(pair, report, values, kind)):
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


def rates_outside_parts(report: Report, lang: str) -> Rows:
    """Return a warning for each rate of a total that lies outside the range of all its parts.

    A year's rate against those of its months or quarters, that of all levels against each level's:
    where every part is stated, the total's is a mean of theirs.
    """
    printed = rates(report, scoped=True)
    rows = []
    for total in rows_of(printed[(printed["scope"] == "") & (printed["group"] == "all")]):
        same = printed[(printed["kind"] == total.kind) & (printed.index != total.Index)]
        for parts in _parts_of(total, same, report):
            low, high = parts["value"].min(), parts["value"].max()
            reach = max(
                0.5 / 10 ** printed_decimals(one.quote, float(one.value))[0]
                for one in (total, *rows_of(parts))
            )
            if not low - reach <= float(total.value) <= high + reach:
                words = {"where": total.place, "found": total.quote}
                words["expected"] = f"{number(low, lang)}-{number(high, lang)} %"
                rows.append(finding(report, "warning", "outside_parts", lang=lang, **words))
    return rows


def _parts_of(total: Any, same: pd.DataFrame, report: Report) -> Iterator[pd.DataFrame]:
    """Yield the rates of all levels, of all quarters, and of all months of a total."""
    period = report.period if pd.isna(total.period) else total.period
    alike = same[
        (same["scope"] == "") & (same["period"] == period) & (same["basis"] == total.basis)
    ]
    levels = alike[alike["group"].isin(LEVEL_CODES)]
    if {LEVEL_CODES[one] for one in levels["group"]} >= levels_of(period):
        yield levels
    if total.basis != YEAR_TO_DATE:
        return
    of_all = same[same["group"] == "all"]
    quarters = of_all[(of_all["scope"] == "") & (of_all["basis"] == IN_PERIOD)]
    in_year = [pd.notna(one) and one.year == period.year for one in quarters["period"]]
    quarters = quarters[pd.array(in_year, dtype=bool)]
    if {one.quarter for one in quarters["period"]} == {*range(1, period.quarter + 1)}:
        yield quarters
    months = of_all["scope"].map(lambda words: _MONTH.match(fold(words)))
    numbers = {int(one[1]) for one in months if one}
    if numbers == {*range(1, 3 * period.quarter + 1)}:
        yield of_all[months.notna()]


_MONTH = re.compile(r"(?:trong )?thang ([0-9]{1,2})\b")


def levels_of(period: pd.Period) -> set[str]:
    """Return the levels of government that a province has in a quarter."""
    return {"provincial", "commune"} | ({"district"} if period < _NO_DISTRICTS else set())


_NO_DISTRICTS = pd.Period("2025Q3", freq="Q-DEC")  # from here on there are no districts


def late_and_on_time(report: Report, lang: str) -> Rows:
    """Return a warning where none of n was late and fewer than n on time: "quá hạn 0/60".

    Of those received the rest may be pending; then the text says so.
    """
    claims = report.claims
    claims = claims[(claims["denominator"].fillna(0) > 0) & claims["value"].notna()]
    kinds = claims["quote"].map(rate_kind)
    on_time, late = claims[kinds == ON_TIME], claims[(kinds == LATE) & (claims["value"] == 0)]
    keys = ["group", "period", "basis", "scope", "denominator"]
    rows = []
    for pair in rows_of(late.merge(on_time, on=keys, suffixes=("", "_on_time"))):
        gap = float(pair.denominator) - float(pair.value_on_time)
        is_pending = (report.claims["indicator"] == "dossiers_pending") & (
            report.claims["value"] == gap
        )
        if gap > 0 and not is_pending.any():
            words = {"where": pair.place, "found": pair.quote, "expected": pair.quote_on_time}
            words["rest"] = number(gap, lang)
            rows.append(finding(report, "warning", "late_and_on_time", lang=lang, **words))
    return rows


def printed_alike(report: Report, lang: str) -> Rows:
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
        return []
    quotes = "; ".join(f"“{quote}”" for quote in ways.values())
    return [finding(report, "note", "mixed_decimals", lang=lang, found=quotes)]


def percent_of_time(report: Report, lang: str) -> Rows:
    """Return a warning for each percentage that goes on with a unit of time: "13,3% ngày"."""
    claims = report.claims
    return [
        finding(report, "warning", "percent_of_time", lang=lang, where=one.place, found=one.quote)
        for one in rows_of(claims[claims["unit"] == "percent"])
        if _TIME.search(fold(one.quote))
    ]


def points_as_percent(report: Report, lang: str) -> Rows:
    """Return a note for each rise or fall of a rate printed as a percentage: "tăng 0,10%"."""
    claims = report.claims
    return [
        finding(report, "note", "points_as_percent", lang=lang, where=one.place, found=one.quote)
        for one in rows_of(claims[claims["unit"] == "percentage_points"])
        if "diem" not in fold(one.quote)
    ]


def share_of(above: Any, below: Any, lang: str) -> str:
    """Return a share with its counts: "95,29 % (1.315/1.380)"."""
    share = number(round(float(100 * above / below), 2), lang)
    return f"{share} % ({number(above, lang)}/{number(below, lang)})"
