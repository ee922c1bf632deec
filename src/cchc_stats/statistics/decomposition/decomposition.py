"""Why a rate changed: weights of its groups, rates within them, groups that came or went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.statistics.decomposition.cells import (
    SERIES,
    Cells,
    cells_of,
    quarters_of,
    require_period,
)
from cchc_stats.statistics.decomposition.crossed_factors import WHOLE, require_factors
from cchc_stats.statistics.decomposition.effects import Effects, Structure, effects_between, sums_by
from cchc_stats.statistics.decomposition.notes import Reasons, notes_of
from cchc_stats.statistics.rates import divided_or_0, figure_column
from cchc_stats.words import ValuesError, require_language

COMPONENTS = ("mix", "rate", "entry", "exit")
COLUMNS = (
    "agency",
    "basis",
    "indicator",
    "origin",
    "before",
    "after",
    "group",
    "component",
    "factor",
    "effect_pp",
    "effect_count",
    "share_before_pct",
    "share_after_pct",
    "rate_before_pct",
    "rate_after_pct",
    "whole_before_pct",
    "whole_after_pct",
    "note",
)


def decompose_change(
    values: pd.DataFrame,
    before: pd.Period | str,
    after: pd.Period | str,
    *,
    factors: Sequence[str] | str = ("group",),
    chain: Sequence[pd.Period | str] | str | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return why percentages changed between two quarters: mix, rate, entry and exit by group.

    Parameters
    ----------
    values : values frame with numerator and denominator by group (see `complete_values`), of any
        number of agencies and indicators in percent. The printed whole, group `all`, is no group:
        it is only compared with the sum of the groups.
    before, after : two quarters that the values have.
    factors : what cells are made of. `"group"`: the groups as one factor, crossed as they may be.
        Several names tell the mix of each apart: columns of the values, or the parts of groups
        written as "đất đai|online". With `"agency"` the agencies are cells of one whole, agency
        `all`: those merged away are exits, and the one they became is an entry.
    chain : None, the two quarters alone; a list of quarters or "all", so that the effects of steps
        through these quarters add up to those of the direct way.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    A row per agency, basis, indicator, origin, group and component:
    `component`, `mix` (the group's share of the denominator changed), `rate` (the rate within it
    did), `entry` (nothing of it before), `exit` (nothing of it after);
    `factor`, of `mix` the factor it is of; with several factors the mix is one row per factor,
    group `all`, as its split over cells would depend on where rates are counted from;
    `effect_pp`, Float64 percentage points; over the rows of a series they add up to the change;
    `effect_count`, the same in dossiers (or what the denominator counts) at the volume of `after`:
    together the numerator less what it would be at the rate of `before`; <NA> for means;
    `share_…_pct`, `rate_…_pct` of the group, `whole_…_pct` of all groups together;
    `note`, what is missing or to be minded, "" where nothing is.
    `attrs["synthetic"]` is set where the values, or a source of theirs, say that they are made up.

    With s shares, r rates of a group, R the rate of all and a bar for the mean of both quarters:
    rate = s̄ (r′ − r); mix = (s′ − s)(r̄ − R̄), so that a group which grows lifts the whole only if
    it is better than the whole; both among groups that have something in both quarters (in all
    quarters of a chain). entry = s′ (r′ − R′) and exit = −s (r − R), R being the rate of those
    that stay; where none stays, of all groups in the mean of the quarters. In a chain a group that
    is not there throughout goes and comes: both are told. Exchanged quarters change the sign of
    every `effect_pp`, entry for exit.
    An agency that has no row, or lacks a figure, in one of the two quarters keeps its rows, with
    <NA> and a note. 0 of 0 and "-" are nothing, not missing. Other quarters of a chain that lack
    figures are left out of it, and the note says so.

    Raises
    ------
    ValuesError
        As `complete_values` does; a quarter that is not there; twice the same; no numerators; no
        percentages; negative figures; more counted than there was; several bases of one indicator.

    Source
    ------
    Kitagawa (1955), JASA 50, 1168-1194; Das Gupta (1993), Standardization and Decomposition of
    Rates, US Bureau of the Census P23-186: two factors ch. 2, crossed factors ch. 5, several
    periods ch. 6. The centred mix: Griliches & Regev (1995), Journal of Econometrics 65, 175-203.
    Entry and exit: Melitz & Polanec (2015), RAND Journal of Economics 46, 362-375.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "indicator": "on_time_rate_settled",
    ...                     "period": ["2020Q2", "2020Q2", "2020Q3", "2020Q3"],
    ...                     "group": ["Đất đai", "Hộ tịch", "Đất đai", "Hộ tịch"],
    ...                     "numerator": [40, 20, 18, 80], "denominator": [80, 20, 40, 80]})
    >>> effects = decompose_change(own, "2020Q2", "2020Q3")  # from 60.0 to 81.7 percent
    >>> effects.groupby("component")["effect_pp"].sum().round(1).to_dict()
    {'mix': 24.5, 'rate': -2.8}
    """
    require_language(lang)
    names = require_factors(factors)
    quarters = quarters_of(values)
    there = quarters.dropna().unique().sort_values()
    first = require_period(before, "before", there)
    last = require_period(after, "after", there)
    if first == last:
        raise ValuesError(
            f"before and after are the same quarter, {first}",
            where="before=, after=",
            mend="give two quarters",
        )
    periods = _chain(chain, first, last, there)
    cells = cells_of(values, quarters, periods, names)
    columns = (list(periods).index(first), list(periods).index(last))
    by_series = sums_by(cells.series)
    known = (by_series(cells.unknown) == 0) & (by_series(cells.bottom) > 0)
    usable = known[:, columns[0]] & known[:, columns[1]]
    structure = Structure.of(cells.series, cells.top, cells.bottom, known & usable[:, None])
    crossed = cells.factors if len(names) > 1 else ()
    effects = effects_between(structure, *columns, crossed)
    reasons = Reasons(cells, columns, known, structure.staying)
    told = _frame(cells, columns, usable, structure, effects, names, reasons, lang)
    if _is_synthetic(values):
        told.attrs["synthetic"] = True
    return told


def _is_synthetic(values: pd.DataFrame) -> bool:
    """Return whether the values say that they are made up; effects have no source to say it."""
    sources = values["source"].unique() if "source" in values else ()
    told = (word in str(source).lower() for source in sources for word in ("synthetic", "giả lập"))
    return bool(values.attrs.get("synthetic")) or any(told)


def _chain(
    chain: object, first: pd.Period, last: pd.Period, there: pd.PeriodIndex
) -> pd.PeriodIndex:
    """Return the quarters that take part, in their order."""
    if chain is None:
        chosen = {first, last}
    elif isinstance(chain, str) and chain == "all":
        return there
    elif isinstance(chain, str) or not isinstance(chain, Sequence | pd.PeriodIndex):
        raise ValuesError(
            f"a chain is a list of quarters, not {chain!r}",
            where="chain=",
            mend='give a list of quarters, "all" or None',
        )
    else:
        chosen = {first, last, *(require_period(one, "chain", there) for one in chain)}
    return pd.PeriodIndex(sorted(chosen), dtype=there.dtype)


def _frame(
    cells: Cells,
    columns: tuple[int, int],
    usable: np.ndarray,
    structure: Structure,
    effects: Effects,
    names: tuple[str, ...],
    reasons: Reasons,
    lang: str,
) -> pd.DataFrame:
    """Return the effects as rows: those of a series together, the mix of factors before its cells.

    Parameters
    ----------
    columns : where `before` and `after` stand among the periods.
    usable : the series whose change is known.
    """
    start, end = columns
    rowed, something = cells.rowed[:, [start, end]], cells.bottom[:, [start, end]] > 0
    ready, there = usable[cells.series], rowed.any(axis=1)
    left, came = something[:, 0] & ~structure.staying, something[:, 1] & ~structure.staying
    # Without figures a group that has rows in both is taken to stay; so is one with 0 of 0 twice.
    left, came = (
        np.where(ready, mask, rowed[:, at] & ~rowed[:, 1 - at]) & there
        for at, mask in enumerate((left, came))
    )
    stays = there & ~left & ~came
    crossed = len(names) > 1
    told = {
        "mix": (stays & ~(ready & crossed), effects.mix),
        "rate": (stays, effects.rate),
        "entry": (came, effects.entry),
        "exit": (left, effects.exit),
    }
    at = np.concatenate([np.flatnonzero(mask) for mask, _ in told.values()])
    number = np.repeat(range(len(told)), [mask.sum() for mask, _ in told.values()])
    effect = np.concatenate([effect[mask] for mask, effect in told.values()])
    order = np.lexsort((number, at))
    at, number, effect = at[order], number[order], effect[order]
    series = cells.series[at]
    factor = np.where((number == 0) & (not crossed), 0, -1)
    if crossed:
        at, number, effect, series, factor = _with_factors(
            at, number, effect, series, factor, usable, effects
        )
    cell = np.maximum(at, 0)
    by_series = sums_by(cells.series)
    code, codes = pd.factorize(cells.keys["indicator"])
    kinds = [find_indicator(indicator) for indicator in codes]
    scale = np.array([100.0 if one is None else float(one.scale) for one in kinds])[code][series]
    whole_bottom = by_series(cells.bottom)
    whole = divided_or_0(by_series(cells.top), whole_bottom)
    undefined = ~usable[series]
    count = np.where((scale == 100.0) & ~undefined, effect * whole_bottom[series, end], np.nan)
    figures = {
        "effect_pp": np.where(undefined, np.nan, scale * effect),
        "effect_count": count,
    }
    for name, column in (("before", start), ("after", end)):
        bottom, among = cells.bottom[:, column], whole_bottom[cells.series, column]
        blank = (at < 0) | (reasons.known[series, column] == 0)
        share = 100 * divided_or_0(bottom, among)
        rate = np.where(bottom > 0, divided_or_0(cells.top[:, column], bottom), np.nan)
        figures[f"share_{name}_pct"] = np.where(blank, np.nan, share[cell])
        figures[f"rate_{name}_pct"] = np.where(at < 0, np.nan, scale * rate[cell])
        figures[f"whole_{name}_pct"] = np.where(
            reasons.known[series, column], scale * whole[series, column], np.nan
        )
    group = pd.array([*cells.group, WHOLE], dtype="str")
    texts = {
        "group": group.take(np.where(at < 0, len(cells.group), at)),
        "component": pd.array(list(COMPONENTS), dtype="str").take(number),
        "factor": pd.array([*names, ""], dtype="str").take(factor),
        "note": notes_of(reasons, at, series, usable, number, lang=lang),
    }
    keys = {name: cells.keys[name].array.take(series) for name in SERIES}
    quarters = {
        name: cells.periods[[column]].take(np.zeros(len(at), dtype="int64"))
        for name, column in (("before", start), ("after", end))
    }
    numbers = {name: figure_column(cells) for name, cells in figures.items()}
    frame = pd.DataFrame(keys | quarters | texts | numbers, copy=False)
    return frame[list(COLUMNS)]


def _with_factors(
    at: np.ndarray,
    number: np.ndarray,
    effect: np.ndarray,
    series: np.ndarray,
    factor: np.ndarray,
    usable: np.ndarray,
    effects: Effects,
) -> tuple[np.ndarray, ...]:
    """Return the rows with those of the factors' mix before them, at no cell: -1."""
    ready = np.flatnonzero(usable)
    size = len(effects.factors)
    of_factor = np.repeat(range(size), len(ready))
    series = np.concatenate([np.tile(ready, size), series])
    parts = (
        np.concatenate([np.full(len(of_factor), -1), at]),
        np.concatenate([np.zeros(len(of_factor), dtype="int64"), number]),
        np.concatenate([*(total[ready] for total in effects.factors), effect]),
        series,
        np.concatenate([of_factor, factor]),
    )
    order = np.argsort(series, kind="stable")
    return tuple(part[order] for part in parts)
