"""The values of the tables that a claim can be held against, and what its words may also be of."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from cchc_stats.checking.told import rows_of
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import Report
from cchc_stats.words import AS_OF, fold

_ONLINE = ("dossiers_online_share_newly_received", "dossiers_online_share_received", "online_share")
# The same events over another whole: the words are often the same.
FAMILIES = (
    tuple(f"on_time_rate_{whole}" for whole in ("settled", "received", "handled", "due")),
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
    found = {code for family in FAMILIES if named & {*family} for code in family}
    found |= {other for code in named for other in _ALSO.get(code, ())}
    return named | found | ({_EARLY} if "on_time_rate_settled" in named else set())


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
    # Online services are counted by their level, and not for the whole.
    return joined[(joined["group"] == group) | (joined["indicator"] == "online_share")]


def is_any_online(claim: Any) -> bool:
    """Return whether a claim is a share of dossiers online, whose words say no more than that."""
    return claim.indicator in _ONLINE


def is_late_alone(claim: Any) -> bool:
    """Return whether "14 hồ sơ quá hạn" does not say if they are settled or pending."""
    return claim.indicator == "dossiers_settled_late" and bool(_LATE.search(fold(claim.quote)))


def _told_beside(claim: Any, report: Report) -> list[float]:
    """Return the early ones that the text tells beside those on time."""
    told = report.claims[report.claims["indicator"] == _EARLY]
    told = told[(told["unit"] == "count") & (told["place"] == claim.place)]
    return [float(one) for one in told.loc[told["group"] == claim.group, "value"].dropna()]


def also_counted(
    claim: Any, report: Report, values: pd.DataFrame, held: pd.DataFrame, group: str
) -> list[float]:
    """Return the figures that the words of a count may be of, beside the one it is held against.

    Those on time may leave out the early ones; "tiếp nhận" may be said of the new ones alone, and
    "quá hạn" without more of those settled, of those pending, and of both.
    """

    def counted(code: str) -> list[float]:
        found = candidates(claim, report, values, code)
        found = found[found["group"] == group]
        return [float(one) for one in found["numerator"].fillna(found["value"])]

    if claim.indicator == "on_time_rate_settled":
        early = counted(_EARLY) + _told_beside(claim, report)
        return [float(one.numerator) - less for one in rows_of(held) for less in early]
    if claim.indicator == "dossiers_settled_late" and not is_late_alone(claim):
        return []
    others = [one for code in _ALSO.get(claim.indicator, ()) for one in counted(code)]
    if claim.indicator == "dossiers_settled_late":
        others += [float(one) + more for one in held["value"] for more in others]
    if is_any_online(claim):
        others += [float(one) for one in other_wholes(claim, report, values, group)["numerator"]]
    return others
