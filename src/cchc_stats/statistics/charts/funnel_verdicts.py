"""The funnels of a frame: what each is drawn around, which agencies are outside, what is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.statistics.charts.funnel_limits import (
    Dispersion,
    dispersion_of,
    exact_limits,
    wide_limits,
)
from cchc_stats.statistics.rates import (
    Remark,
    count_column,
    figure_column,
    level_suffix,
    said,
    text_column,
)
from cchc_stats.words import format_number, word

LIKE = 1e-9  # percent: rates nearer than this are one rate


@dataclass(frozen=True, eq=False)
class Funnels:
    """The rows of a frame and the funnels that they belong to.

    Parameters
    ----------
    part, whole : figures by row, NaN where missing.
    counted : the rows whose agency is compared.
    number : which funnel a row belongs to, from 0.
    by_target, centre, method, dispersion : of each funnel; the centre is a fraction, NaN where no
        agency is compared.
    """

    part: np.ndarray
    whole: np.ndarray
    counted: np.ndarray
    number: np.ndarray
    by_target: np.ndarray
    centre: np.ndarray
    method: tuple[str, ...]
    dispersion: tuple[Dispersion, ...]

    @classmethod
    def of(
        cls,
        part: np.ndarray,
        whole: np.ndarray,
        counted: np.ndarray,
        number: np.ndarray,
        target: np.ndarray,
        *,
        method: str,
    ) -> Funnels:
        """Return the funnels; `target` in percent by row, `method` to widen them by."""
        size = int(number.max()) + 1
        targets = target[np.flatnonzero(~pd.Series(number).duplicated().to_numpy())] / 100
        centres, methods, dispersions = [], [], []
        order = np.argsort(np.where(counted, number, size), kind="stable")
        ends = np.searchsorted(np.where(counted, number, size)[order], range(size + 1))
        for each in range(size):
            rows = order[ends[each] : ends[each + 1]]
            centre, dispersion = targets[each], Dispersion(len(rows), np.nan, np.nan)
            pooled = part[rows].sum() / whole[rows].sum() if len(rows) else np.nan
            centre = pooled if np.isnan(centre) else centre
            # About their own rate, also where they are held against a target: that all of them
            # miss it is no difference between them.
            if 0 < pooled < 1 and len(rows) > 1:
                dispersion = dispersion_of(part[rows], whole[rows], float(pooled))
            widened = method != "none" and dispersion.excessive
            methods.append((method if widened else "exact") if len(rows) else "")
            centres.append(float(centre))
            dispersions.append(dispersion)
        return cls(
            part,
            whole,
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
            centre = self.centre[self.number]
            low[exact], high[exact] = exact_limits(self.whole[exact], centre[exact], level / 100)
            for each in sorted(set(self.number[self.counted & (ways != "exact")])):
                rows = np.flatnonzero(self.counted & (self.number == each))
                low[rows], high[rows] = wide_limits(
                    self.whole[rows],
                    self.centre[each],
                    level / 100,
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
        told: np.ndarray = np.array([*cells])[self.number]
        return told


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
    np.divide(100 * funnels.part, funnels.whole, out=rate, where=counted)
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
        "centre": figure_column(centre),
        "centre_kind": text_column(
            np.where(by_target, "target", np.where(units > 0, "pooled", ""))
        ),
        **{name: figure_column(column) for name, column in limits.items()},
        "limits_method": text_column(funnels.by_row(funnels.method)),
        "units": count_column(units),
        "phi": figure_column(funnels.by_row(one.phi for one in funnels.dispersion)),
        "tau_pp": figure_column(100 * funnels.by_row(one.tau for one in funnels.dispersion)),
        "funnel_status": text_column(status),
        "side": text_column(np.select([side > 0, side < 0], ["above", "below"], "")),
        "verdict": text_column(np.where(side != 0, verdict, "")),
    }


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
        told = text("dispersed" if method == "exact" else method) if one.excessive else ""
        phi = format_number(one.phi if one.excessive else None, decimals=2, lang=lang)
        dispersed.append(told.format(phi=phi))
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
