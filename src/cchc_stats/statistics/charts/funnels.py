"""Funnels: which agencies stand apart from the others by more than their numbers explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import with_units
from cchc_stats.statistics.charts.quarterly_series import (
    directions,
    own_targets,
    read_targets,
    require_percent,
)
from cchc_stats.statistics.rates import (
    OWN,
    Remark,
    benjamini_hochberg,
    count_column,
    first_rows,
    kinds_of,
    level_suffix,
    levels_of,
    of_kinds,
    row_notes,
    said,
    text_column,
)
from cchc_stats.values import CheckedValues, combined_codes, refuse_two_quarters, two_quarters
from cchc_stats.words import ValuesError, as_figures, format_number, require_language, word

METHODS = ("none", "multiplicative", "additive")
WINSORISED = 0.1  # of the z-scores at each end are pulled in to the next one


@dataclass(frozen=True)
class Dispersion:
    """How much more units differ than chance explains.

    Parameters
    ----------
    units : how many were compared.
    phi : mean square of the z-scores, the outermost pulled in; 1 where chance explains all.
    tau : standard deviation between units that chance leaves to be explained, as a fraction.
    """

    units: int
    phi: float
    tau: float

    @property
    def excessive(self) -> bool:
        """Whether phi is above 1 + 2 √(2/units), as chance makes it in 1 of 30 cases at most."""
        return self.units > 1 and self.phi > 1 + 2 * np.sqrt(2 / self.units)


def dispersion_of(events: np.ndarray, denominator: np.ndarray, centre: float) -> Dispersion:
    """Return the dispersion of two rates or more about a centre between 0 and 1, excluded."""
    variance = centre * (1 - centre) / denominator
    scores = np.sort((events / denominator - centre) / np.sqrt(variance))
    units, cut = len(scores), int(WINSORISED * len(scores))
    if cut:
        scores = np.clip(scores, scores[cut], scores[-cut - 1])
    phi = float(np.mean(scores**2))
    weight = 1 / variance
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    excess = units * phi - (units - 1)
    return Dispersion(units, phi, float(np.sqrt(max(excess, 0.0) / spread)))


def exact_limits(
    denominator: np.ndarray, centre: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates, as fractions, that chance leaves on either side with (1 − level)/2.

    A rate is outside exactly where the binomial tail of its events is smaller than that. The
    limits between two whole numbers of events are interpolated, so that curves are smooth; the high
    one is the low one of the opposite events, so that a chart of the late dossiers is the mirror
    of one of those on time. 0 and 1 where no rate can be outside; the centre itself
    where that is 0 or 1.
    """
    tail, inner = (1 - level) / 2, (centre > 0) & (centre < 1)
    low, high = centre.astype(float), centre.astype(float)
    low[inner] = _low(denominator[inner], centre[inner], tail)
    high[inner] = 1 - _low(denominator[inner], 1 - centre[inner], tail)
    return low, high


def _low(denominator: np.ndarray, centre: np.ndarray, tail: float) -> np.ndarray:
    """Return Spiegelhalter's lower limit, a rate: events with a tail of exactly `tail`."""
    from scipy.stats import binom  # type: ignore[import-untyped]

    count = np.round(denominator)
    quantile = binom.ppf(tail, count, centre)
    at, before = binom.cdf(quantile, count, centre), binom.cdf(quantile - 1, count, centre)
    low: np.ndarray = np.maximum(quantile - (at - tail) / (at - before), 0.0) / count
    return low


def poisson_limits(expected: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ratios of events to those expected that chance leaves on either side.

    A ratio is outside exactly where the Poisson tail of its events is smaller than (1 − level)/2;
    between whole numbers of events the limits are interpolated. NaN where nothing is expected.
    """
    from scipy.stats import poisson

    tail, least = (1 - level) / 2, np.where(expected > 0, expected, np.nan)
    low, high = poisson.ppf(tail, least), poisson.isf(tail, least)
    at, before = poisson.cdf(low, least), poisson.cdf(low - 1, least)
    low = np.maximum(low - (at - tail) / (at - before), 0.0)
    at, before = poisson.sf(high, least), poisson.sf(high - 1, least)
    return low / least, (high + (before - tail) / (before - at)) / least


def wide_limits(
    denominator: np.ndarray, centre: float, level: float, dispersion: Dispersion, method: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return limits, as fractions, that hold the units' own dispersion, cut at 0 and 1."""
    from scipy.special import ndtri  # type: ignore[import-untyped]

    chance = centre * (1 - centre) / denominator
    variance = chance * dispersion.phi if method == "multiplicative" else chance + dispersion.tau**2
    off = ndtri((1 + level) / 2) * np.sqrt(variance)
    return np.maximum(centre - off, 0.0), np.minimum(centre + off, 1.0)


def limits_by(
    method: str, denominator: np.ndarray, centre: float, level: float, dispersion: Dispersion
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a level, a fraction: "exact", "poisson" or one of `METHODS`."""
    if method == "poisson":
        return poisson_limits(denominator, level)
    if method == "exact":
        return exact_limits(denominator, np.full(len(denominator), centre), level)
    return wide_limits(denominator, centre, level, dispersion, method)


LIKE = 1e-9  # percent: rates nearer than this are one rate


@dataclass(frozen=True, eq=False)
class Funnels:
    """The rows of a frame and the funnels that they belong to.

    Parameters
    ----------
    events, denominator : figures by row, NaN where missing.
    counted : the rows whose agency is compared.
    number : which funnel a row belongs to, from 0.
    by_target, centre, method, dispersion : of each funnel; the centre is a fraction, NaN where no
        agency is compared.
    """

    events: np.ndarray
    denominator: np.ndarray
    counted: np.ndarray
    number: np.ndarray
    by_target: np.ndarray
    centre: np.ndarray
    method: tuple[str, ...]
    dispersion: tuple[Dispersion, ...]

    @classmethod
    def of(
        cls,
        events: np.ndarray,
        denominator: np.ndarray,
        counted: np.ndarray,
        number: np.ndarray,
        target: np.ndarray,
        *,
        method: str,
    ) -> Funnels:
        """Return the funnels; `target` in percent by row, `method` to widen them by."""
        size = int(number.max()) + 1
        targets = target[first_rows(number)] / 100
        centres, methods, dispersions = [], [], []
        order = np.argsort(np.where(counted, number, size), kind="stable")
        ends = np.searchsorted(np.where(counted, number, size)[order], range(size + 1))
        for each in range(size):
            rows = order[ends[each] : ends[each + 1]]
            centre, dispersion = targets[each], Dispersion(len(rows), np.nan, np.nan)
            pooled = events[rows].sum() / denominator[rows].sum() if len(rows) else np.nan
            centre = pooled if np.isnan(centre) else centre
            # About their own rate, also where they are held against a target: that all of them
            # miss it is no difference between them.
            if 0 < pooled < 1 and len(rows) > 1:
                dispersion = dispersion_of(events[rows], denominator[rows], float(pooled))
            widened = method != "none" and dispersion.excessive
            methods.append((method if widened else "exact") if len(rows) else "")
            centres.append(float(centre))
            dispersions.append(dispersion)
        return cls(
            events,
            denominator,
            counted,
            number,
            ~np.isnan(targets),
            np.array(centres),
            tuple(methods),
            tuple(dispersions),
        )

    def limits(self, levels: Iterable[float]) -> dict[str, np.ndarray]:
        """Return the columns of limits, in percent, the narrowest level first."""
        columns: dict[str, np.ndarray] = {}
        ways = self.by_row(self.method)
        for level in levels:
            low, high = np.full((2, len(self.number)), np.nan)
            exact = np.flatnonzero(self.counted & (ways == "exact"))
            centre, inside = self.centre[self.number][exact], level / 100
            low[exact], high[exact] = exact_limits(self.denominator[exact], centre, inside)
            for each in sorted(set(self.number[self.counted & (ways != "exact")])):
                rows = np.flatnonzero(self.counted & (self.number == each))
                low[rows], high[rows] = wide_limits(
                    self.denominator[rows],
                    self.centre[each],
                    inside,
                    self.dispersion[each],
                    self.method[each],
                )
            columns |= {
                f"low_{level_suffix(level)}": 100 * low,
                f"high_{level_suffix(level)}": 100 * high,
            }
        return columns

    def by_row(self, cells: Iterable[object]) -> np.ndarray:
        """Return what each funnel has, row by row."""
        column: np.ndarray = np.array([*cells])[self.number]
        return column


def judged_columns(
    funnels: Funnels, limits: Mapping[str, np.ndarray], better: np.ndarray
) -> dict[str, ExtensionArray]:
    """Return the columns that a funnel adds to its values, but for the note.

    Parameters
    ----------
    limits : what `funnels.limits` returns.
    better : which way each row's indicator gets better.
    """
    counted = funnels.counted
    units = funnels.by_row(one.units for one in funnels.dispersion)
    by_target = funnels.by_row(funnels.by_target)
    centre = 100 * funnels.by_row(funnels.centre)
    rate = np.full(len(counted), np.nan)
    np.divide(100 * funnels.events, funnels.denominator, out=rate, where=counted)
    lows = [column for name, column in limits.items() if name.startswith("low_")]
    highs = [column for name, column in limits.items() if name.startswith("high_")]
    judged = counted & ((units > 1) | by_target)
    beyond = np.zeros(len(rate), dtype=int)
    for low, high in zip(lows, highs, strict=True):
        beyond += judged & ((rate < low - LIKE) | (rate > high + LIKE))
    status = np.select(
        [~counted, ~judged, beyond == len(lows), beyond > 0],
        ["not_counted", "not_judged", "alarm", "warning"],
        "inside",
    )
    side = np.where(beyond > 0, np.where(rate > centre, 1, -1), 0)
    good = np.where(better == "lower", -side, np.where(better == "higher", side, 0))
    verdict = np.where(good > 0, "better", np.where(good < 0, "worse", "neutral"))
    return {
        "centre": as_figures(centre),
        "centre_kind": text_column(
            np.where(by_target, "target", np.where(units > 0, "pooled", ""))
        ),
        **{name: as_figures(column) for name, column in limits.items()},
        "limits_method": text_column(funnels.by_row(funnels.method)),
        "units": count_column(units),
        "phi": as_figures(funnels.by_row(one.phi for one in funnels.dispersion)),
        "tau_pp": as_figures(100 * funnels.by_row(one.tau for one in funnels.dispersion)),
        "funnel_status": text_column(status),
        **_chances(funnels, judged),
        "side": text_column(np.select([side > 0, side < 0], ["above", "below"], "")),
        "verdict": text_column(np.where(side != 0, verdict, "")),
    }


def _chances(funnels: Funnels, judged: np.ndarray) -> dict[str, ExtensionArray]:
    """Return the chance of a rate as far out, and the same adjusted among the agencies of a funnel.

    Two-sided: twice the binomial tail, or the normal one where limits are widened.
    """
    from scipy.special import ndtr
    from scipy.stats import binom

    p, adjusted = np.full((2, len(judged)), np.nan)
    for each, (method, one) in enumerate(zip(funnels.method, funnels.dispersion, strict=True)):
        rows = np.flatnonzero(judged & (funnels.number == each))
        centre = funnels.centre[each]
        if not len(rows) or not 0 < centre < 1:
            continue
        events, denominator = funnels.events[rows], funnels.denominator[rows]
        if method == "exact":
            law = binom(denominator, centre)
            side = np.minimum(law.cdf(events), law.sf(events - 1))
        else:
            chance = centre * (1 - centre) / denominator
            wide = chance * one.phi if method == "multiplicative" else chance + one.tau**2
            side = ndtr(-np.abs(events / denominator - centre) / np.sqrt(wide))
        p[rows] = np.minimum(2 * side, 1.0)
        adjusted[rows] = benjamini_hochberg(p[rows])
    return {"p_value": as_figures(p), "p_adjusted": as_figures(adjusted)}


def funnel_remarks(
    table: pd.DataFrame, funnels: Funnels, shares: np.ndarray, *, lang: str
) -> list[Remark]:
    """Return what has to be said of the rows.

    Parameters
    ----------
    shares : the rows whose indicator is a share of events.
    """

    def text(code: str) -> str:
        return word("funnel", code, lang=lang)

    counted, number = funnels.counted, funnels.number
    zero = (table["denominator"] == 0).fillna(False).to_numpy(dtype=bool)
    empty = table["value"].isna().to_numpy() & ~zero
    units = funnels.by_row(one.units for one in funnels.dispersion)
    by_target, centre = funnels.by_row(funnels.by_target), funnels.by_row(funnels.centre)
    end = counted & ((centre == 0) | (centre == 1))
    dispersed = [""]
    for method, one in zip(funnels.method, funnels.dispersion, strict=True):
        sentence = text("dispersed" if method == "exact" else method) if one.excessive else ""
        phi = format_number(one.phi if one.excessive else None, decimals=2, lang=lang)
        dispersed.append(sentence.format(phi=phi))
    return [
        said(zero, text("zero")),
        said(empty, text("no_figure")),
        said(~shares, text("other_kind")),
        said(shares & ~counted & ~zero & ~empty, text("no_parts")),
        said(counted & (units == 1) & ~by_target, text("alone")),
        said(end & ~by_target & (units > 1), text("all_alike")),
        said(end & by_target, text("target_at_end")),
        (np.where(counted, number + 1, 0), dispersed),
    ]


ONE = ("basis", "indicator", "group")  # what the agencies of one funnel have in common
LEVELS = (95.0, 99.8)
MOST = 200  # places of a curve


def funnel(
    values: pd.DataFrame,
    *,
    target: float | Mapping[str, float] | None = None,
    levels: Iterable[float] = LEVELS,
    over_dispersion: Literal["none", "multiplicative", "additive"] = "none",
    better: str | None = None,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the values with the limits that chance gives each agency's number (biểu đồ phễu).

    One funnel per indicator, group and basis, of one period. Agencies are held against the rate of
    them all, or a target; 3 late of 4 may be chance where 300 of 4,000 is not.

    Parameters
    ----------
    values : values frame (see `complete_values`) of one period, shares of events with numerator
        and denominator. Agencies are compared and not quarters, so the year to date may be given.
    target : what the limits are drawn around, in percent, in place of the agencies' own rate; one
        number, or one per indicator.
    levels : percent of the rates of an agency like all others that lie within the limits; beyond
        the widest is an "alarm", beyond another a "warning".
    over_dispersion : "none" for exact binomial limits. Where agencies differ for reasons of their
        own these flag too many; "multiplicative" widens them by √φ, "additive" by a standard
        deviation between agencies: by the normal distribution, and only where φ is above chance.
    better : "higher", "lower" or "none" in place of each indicator's own `better`.
    across_windows : whether agencies of the decree's quarter (15th to 14th) may be compared with
        those of the calendar's; `funnel_note` then says so.
    lang : language of `funnel_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `centre`, in percent, and `centre_kind`, "pooled" (all numerators over all denominators) or
    "target";
    `low_95`, `high_95`, `low_99_8`, `high_99_8` (by `levels`), in percent, for the agency's own
    denominator;
    `limits_method`: "exact", "multiplicative" or "additive";
    `units`, how many agencies are compared, `phi`, their dispersion about their own rate (1 is
    chance), and `tau_pp`, the standard deviation between them in percentage points;
    `funnel_status`: "inside", "warning", "alarm", "not_judged" for an agency alone, "not_counted"
    where there is no denominator or no figure;
    `p_value`, the chance of a rate as far out, two-sided, and `p_adjusted` by Benjamini & Hochberg
    among the agencies of the funnel: of those up to 0.05 on average at most 5 in
    100 stand out by chance;
    `side`: "above", "below" or "", and `verdict`: better, worse or neutral for a warning or alarm;
    `funnel_note`, what is to be said.
    Where all agencies are at 100 % (or 0) the limits are that rate and no agency stands out.

    Raises
    ------
    ValuesError
        As `complete_values` does; several periods; an agency with several figures in one funnel; a
        level that is not from 1 to below 100, or twice; an unknown method; a target outside 0-100.

    Source
    ------
    Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
    Medicine 24:1185-1202, appendix A.1.1; his lower limit is taken for both sides. Spiegelhalter
    (2005), Handling over-dispersion of performance indicators, Quality and Safety in Health Care
    14:347-351, with a tenth of the z-scores winsorised at either end.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["Sở A", "Sở B", "Sở C", "Sở D"], "period": "2020Q3",
    ...                     "indicator": "on_time_rate_settled",
    ...                     "numerator": [60, 980, 450, 0], "denominator": [60, 1000, 500, 0]})
    >>> funnel(own)[["low_95", "high_95", "funnel_status", "verdict"]].round(1).values.tolist()
    [[88.7, 100.0, 'inside', ''], [94.1, 96.8, 'alarm', 'better'],
     [93.5, 97.3, 'alarm', 'worse'], [<NA>, <NA>, 'not_counted', '']]
    """
    require_language(lang)
    wanted = _levels(levels)
    if over_dispersion not in METHODS:
        raise ValuesError(
            f"there is no way {over_dispersion!r} to handle over-dispersion",
            where="over_dispersion=",
            mend=f"use one of {', '.join(METHODS)}",
        )
    checked = CheckedValues.of(values)
    _one_period(checked.frame)
    if not across_windows:
        refuse_two_quarters(checked.frame, ONE, what="compared in one funnel")
    table, number = with_units(checked.frame), checked.numbers(ONE)
    _one_figure_each(table, number, checked.codes["agency"])
    indicators = table["indicator"].to_numpy(object)
    ways = directions(indicators, better)
    agencies = table["agency"].to_numpy(object)
    targets = read_targets(target, indicators, agencies, own_targets(table))
    require_percent(targets, ways)
    events, denominator = (
        table[name].to_numpy("float64", na_value=np.nan) for name in ("numerator", "denominator")
    )
    kinds, percent = kinds_of(indicators), (table["unit"] == "percent").to_numpy()
    shares = of_kinds(kinds, ["events"]) | (of_kinds(kinds, [OWN]) & percent)
    even = (np.mod(events, 1) == 0) & (np.mod(denominator, 1) == 0)
    fits = shares & even & (events >= 0) & (events <= denominator) & (denominator > 0)
    counted = fits & table["value"].notna().to_numpy()
    funnels = Funnels.of(events, denominator, counted, number, targets, method=over_dispersion)
    limits = funnels.limits(wanted)
    columns = judged_columns(funnels, limits, ways)
    remarks = funnel_remarks(table, funnels, shares, lang=lang)
    remarks.append(said(two_quarters(table, ONE), word("chart", "two_quarters", lang=lang)))
    return table.assign(**columns, funnel_note=row_notes(remarks))


def funnel_curves(units: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of funnels at denominators from below the smallest to above the largest.

    Parameters
    ----------
    units : what `funnel` returns; with `limits_method` "poisson", ratios of events to those
        expected, which stand for the denominators.

    Returns
    -------
    Frame `basis, indicator, group, denominator, centre` and the limits of `units`, in percent or
    ratios; up to 200 denominators of each funnel. A funnel without agencies has none.
    """
    names = [name for name in units.columns if name.startswith(("low_", "high_"))]
    pieces = []
    for key, mine in units[units["funnel_status"] != "not_counted"].groupby(list(ONE), sort=False):
        first = mine.iloc[0]
        ends = mine["denominator"].to_numpy("float64")
        method, scale = str(first["limits_method"]), 100
        first_end, last_end = max(1.0, 0.8 * ends.min()), np.ceil(1.05 * ends.max())
        places = np.unique(np.round(np.geomspace(first_end, last_end, MOST)))
        if method == "poisson":
            places, scale = np.geomspace(0.8 * ends.min(), 1.05 * ends.max(), MOST), 1
        phi, tau = (np.nan if pd.isna(first[name]) else first[name] for name in ("phi", "tau_pp"))
        dispersion = Dispersion(int(first["units"]), float(phi), float(tau) / 100)
        piece = pd.DataFrame(dict(zip(ONE, key, strict=True)), index=range(len(places)))
        piece = piece.assign(denominator=places, centre=float(first["centre"]))
        for name in names:
            side, _, level = name.partition("_")
            low, high = limits_by(
                method,
                places,
                float(first["centre"]) / scale,
                float(level.replace("_", ".")) / 100,
                dispersion,
            )
            piece[name] = scale * (low if side == "low" else high)
        pieces.append(piece)
    columns = [*ONE, "denominator", "centre", *names]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def _levels(levels: object) -> tuple[float, ...]:
    """Return the levels, the narrowest first."""
    try:
        return tuple(sorted(levels_of(levels)))
    except ValuesError as error:
        raise ValuesError(error.what, where="levels=", mend=error.mend) from None


def _one_period(values: pd.DataFrame) -> None:
    periods = sorted(values["period"].unique())
    if len(periods) > 1:
        more = ", …" if len(periods) > 5 else ""
        raise ValuesError(
            f"agencies of {len(periods)} periods cannot share a funnel",
            where=f"column period: {', '.join(map(str, periods[:5]))}{more}",
            mend=f'choose one: values[values["period"] == "{periods[-1]}"]',
        )


def _one_figure_each(values: pd.DataFrame, number: np.ndarray, agency: np.ndarray) -> None:
    twice = pd.Series(combined_codes([number, agency])).duplicated().to_numpy()
    if twice.any():
        row = values[twice].iloc[0]
        same = (values[["agency", *ONE]] == row[["agency", *ONE]]).all(axis=1)
        raise ValuesError(
            f"{row['agency']} has several figures of {row['indicator']}",
            where=f"column origin: {', '.join(values.loc[same, 'origin'])}",
            mend="choose the rows of one origin",
        )
