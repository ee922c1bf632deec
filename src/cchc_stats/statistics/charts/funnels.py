"""Funnels: which agencies stand apart from the others by more than their numbers explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cchc_stats.indicators import with_units
from cchc_stats.statistics.charts.assurance import read_targets
from cchc_stats.statistics.charts.funnel_limits import METHODS, Dispersion, limits_by
from cchc_stats.statistics.charts.funnel_verdicts import Funnels, funnel_remarks, judged_columns
from cchc_stats.statistics.charts.quarterly_series import directions
from cchc_stats.statistics.rates import OWN, kinds_of, levels_of, of_kinds, row_notes
from cchc_stats.values import coded_values, combined_codes
from cchc_stats.words import ValuesError, require_language

ONE = ("basis", "indicator", "group")  # what the agencies of one funnel have in common
LEVELS = (95.0, 99.8)
MOST = 200  # places of a curve


def funnel(
    values: pd.DataFrame,
    *,
    target: float | Mapping[str, float] | None = None,
    levels: Iterable[float] = LEVELS,
    over_dispersion: str = "none",
    better: str | None = None,
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
    completed, codes = coded_values(values)
    _one_period(completed)
    table = with_units(completed)
    number = pd.factorize(combined_codes(codes[name] for name in ONE))[0]
    _one_figure_each(table, number, codes["agency"])
    indicators = table["indicator"].to_numpy(object)
    ways = directions(indicators, better)
    targets = read_targets(target, indicators)
    _require_percent(targets)
    part, whole = (
        table[name].to_numpy("float64", na_value=np.nan) for name in ("numerator", "denominator")
    )
    kinds, percent = kinds_of(indicators), (table["unit"] == "percent").to_numpy()
    shares = of_kinds(kinds, ["events"]) | (of_kinds(kinds, [OWN]) & percent)
    even = (np.mod(part, 1) == 0) & (np.mod(whole, 1) == 0)
    fits = shares & even & (part >= 0) & (part <= whole) & (whole > 0)
    counted = fits & table["value"].notna().to_numpy()
    funnels = Funnels.of(part, whole, counted, number, targets, method=over_dispersion)
    limits = funnels.limits(wanted)
    columns = judged_columns(funnels, limits, ways)
    remarks = funnel_remarks(table, funnels, shares, lang=lang)
    return table.assign(**columns, funnel_note=row_notes(remarks))


def funnel_curves(units: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of funnels at denominators from below the smallest to above the largest.

    Parameters
    ----------
    units : what `funnel` returns.

    Returns
    -------
    Frame `basis, indicator, group, denominator, centre` and the limits of `units`, in percent;
    up to 200 denominators of each funnel. A funnel without agencies has none.
    """
    names = [name for name in units.columns if name.startswith(("low_", "high_"))]
    pieces = []
    for key, mine in units[units["funnel_status"] != "not_counted"].groupby(list(ONE), sort=False):
        first = mine.iloc[0]
        ends = mine["denominator"].to_numpy("float64")
        first_end, last_end = max(1.0, 0.8 * ends.min()), np.ceil(1.05 * ends.max())
        places = np.unique(np.round(np.geomspace(first_end, last_end, MOST)))
        phi, tau = (np.nan if pd.isna(first[name]) else first[name] for name in ("phi", "tau_pp"))
        dispersion = Dispersion(int(first["units"]), float(phi), float(tau) / 100)
        piece = pd.DataFrame(dict(zip(ONE, key, strict=True)), index=range(len(places)))
        piece = piece.assign(denominator=places, centre=float(first["centre"]))
        for name in names:
            side, _, level = name.partition("_")
            low, high = limits_by(
                str(first["limits_method"]),
                places,
                float(first["centre"]) / 100,
                float(level.replace("_", ".")) / 100,
                dispersion,
            )
            piece[name] = 100 * (low if side == "low" else high)
        pieces.append(piece)
    columns = [*ONE, "denominator", "centre", *names]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def _levels(levels: object) -> tuple[float, ...]:
    """Return the levels, the narrowest first."""
    try:
        return tuple(sorted(levels_of(levels)))
    except ValuesError as error:
        raise ValuesError(error.what, where="levels=", mend=error.mend) from None


def _require_percent(targets: np.ndarray) -> None:
    wrong = targets[(targets < 0) | (targets > 100)]
    if len(wrong):
        raise ValuesError(
            f"the target {wrong[0]:g} is no percentage",
            where="target=",
            mend="give a number from 0 to 100",
        )


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
