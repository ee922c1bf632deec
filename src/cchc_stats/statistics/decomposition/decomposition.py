"""Why a rate changed: weights of its groups, rates within them, groups that came or went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import find_indicator
from cchc_stats.statistics.decomposition.cells import (
    SERIES,
    Cells,
    cells_of,
    quarters_of,
    require_factors,
    require_period,
    starts_of,
    sums_by,
)
from cchc_stats.statistics.rates import divided_or_0, one_level, repeated_units, some_of
from cchc_stats.values import combined_codes
from cchc_stats.words import (
    ALL,
    YEAR_TO_DATE,
    ValuesError,
    as_figures,
    format_number,
    label_period,
    require_language,
    word,
)


@dataclass(frozen=True, eq=False)
class Structure:
    """Shares and rates of the cells of many series, each cell a row and each period a column.

    Attributes
    ----------
    series : of which series each cell is, from 0, sorted.
    top, bottom : numerators and denominators, 0 where a cell has nothing.
    used : series × periods, the periods whose figures are complete.
    staying : cells that have something in every used period of their series.
    share, rate : of the staying cells among themselves, 0 where there is nothing.
    level : series × periods, the rate of the staying cells together; of a series where no cell
        stays, the mean of its rates, the same in every period.
    pull : how far a cell that comes or goes draws the total away from the staying cells.
    """

    series: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    used: np.ndarray
    staying: np.ndarray
    share: np.ndarray
    rate: np.ndarray
    level: np.ndarray
    pull: np.ndarray

    @classmethod
    def of(cls, series: np.ndarray, top: np.ndarray, bottom: np.ndarray, used: np.ndarray) -> Self:
        """Return the structure of cells sorted by series."""
        by_series = sums_by(series)
        staying: np.ndarray = ((bottom > 0) | ~used[series]).all(axis=1)
        staying &= (used.sum(axis=1) > 0)[series]
        rate = divided_or_0(top, bottom)
        kept = np.where(staying[:, None], bottom, 0.0)
        among = by_series(kept)
        level = divided_or_0(by_series(np.where(staying[:, None], top, 0.0)), among)
        total = by_series(bottom)
        # Where nothing stays there is nobody to compare with but the total, in the mean of periods.
        rates = np.where(used, divided_or_0(by_series(top), total), 0.0)
        mean = divided_or_0(rates.sum(axis=1), used.sum(axis=1))
        nothing = ~np.logical_or.reduceat(staying, starts_of(series))
        level = np.where(nothing[:, None], mean[:, None], level)
        pull = np.where(
            staying[:, None], 0.0, divided_or_0(bottom, total[series]) * (rate - level[series])
        )
        share = divided_or_0(kept, among[series])
        return cls(series, top, bottom, used, staying, share, rate, level, pull)


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects in parts of 1: of each cell, and of each factor of the mix by series."""

    mix: np.ndarray
    rate: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    factors: tuple[np.ndarray, ...] = ()


def effects_between(
    cells: Structure, before: int, after: int, factors: Sequence[np.ndarray] = ()
) -> Effects:
    """Return the effects from the column `before` to the column `after`.

    With two columns these are Kitagawa's; with more, what Das Gupta (1993, ch. 6) makes of all
    pairs of columns so that a way through others adds up to the direct one.

    Parameters
    ----------
    factors : several crossed factors as codes, one per cell; the mix is then split by factor.
    """
    by_series = sums_by(cells.series)
    parts = _crossed(cells, factors) if len(factors) > 1 else []
    mix, rate = np.zeros(len(cells.series)), np.zeros(len(cells.series))
    of_factor = [np.zeros(len(cells.used)) for _ in parts]
    for through in range(cells.used.shape[1]):
        takes_part = cells.used[:, through]
        for start, end in ((before, through), (through, after)):
            if start == end:
                continue
            moved, changed = _pair(cells, start, end)
            mix += np.where(takes_part[cells.series], moved, 0.0)
            rate += np.where(takes_part[cells.series], changed, 0.0)
            if parts:
                mean = (cells.rate[:, start] + cells.rate[:, end]) / 2
                for number, total in enumerate(of_factor):
                    product = mean * _product_effect(parts, number, start, end)
                    total += np.where(takes_part, by_series(product), 0.0)
    count = cells.used.sum(axis=1)
    return Effects(
        mix=divided_or_0(mix, count[cells.series]),
        rate=divided_or_0(rate, count[cells.series]),
        entry=cells.pull[:, after],
        exit=-cells.pull[:, before],
        factors=tuple(divided_or_0(total, count) for total in of_factor),
    )


def _pair(cells: Structure, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the mix and the rate effect of each staying cell between two columns."""
    share, rate = cells.share, cells.rate
    # Shares add up to 1, so any centre gives the same total; with this one a cell that grows
    # raises the total only where its rate is above it.
    centre = ((cells.level[:, start] + cells.level[:, end]) / 2)[cells.series]
    mean_rate = (rate[:, start] + rate[:, end]) / 2
    mean_share = (share[:, start] + share[:, end]) / 2
    moved = (share[:, end] - share[:, start]) * (mean_rate - centre)
    changed = mean_share * (rate[:, end] - rate[:, start])
    return np.where(cells.staying, moved, 0.0), np.where(cells.staying, changed, 0.0)


def _crossed(cells: Structure, factors: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return a part of each factor, so that their product is the share of the cell.

    Each part is the geometric mean of the factor's shares under all orders of conditioning (Das
    Gupta 1993, ch. 5): with two factors i and j, sqrt(N_ij/N_.j × N_i./N_..).
    """
    size = len(factors)
    kept = np.where(cells.staying[:, None], cells.bottom, 0.0)
    margins = {
        chosen: _margin(cells.series, [factors[number] for number in chosen], kept)
        for length in range(size + 1)
        for chosen in combinations(range(size), length)
    }
    parts = []
    for number in range(size):
        others = [other for other in range(size) if other != number]
        part = np.ones_like(kept)
        for length in range(size):
            weight = _weight(length, size)
            for given in combinations(others, length):
                joint = margins[tuple(sorted((*given, number)))]
                part = part * divided_or_0(joint, margins[given]) ** weight
        parts.append(np.where(cells.staying[:, None], part, 0.0))
    return parts


def _margin(series: np.ndarray, codes: Sequence[np.ndarray], kept: np.ndarray) -> np.ndarray:
    """Return for each cell the sum over all cells of its series that agree in some factors."""
    together = series
    for code in codes:
        together = np.unique(together * (int(code.max()) + 1) + code, return_inverse=True)[1]
    total: np.ndarray = np.column_stack(
        [np.bincount(together, weights=column)[together] for column in kept.T]
    )
    return total


def _product_effect(parts: Sequence[np.ndarray], number: int, start: int, end: int) -> np.ndarray:
    """Return what one part does to the change of the product of all, mean over all orders."""
    others = [part for other, part in enumerate(parts) if other != number]
    beside = np.zeros(len(parts[number]))
    for length in range(len(others) + 1):
        weight = _weight(length, len(parts))
        for moved in combinations(range(len(others)), length):
            product = np.ones_like(beside)
            for place, other in enumerate(others):
                product = product * other[:, end if place in moved else start]
            beside += weight * product
    effect: np.ndarray = (parts[number][:, end] - parts[number][:, start]) * beside
    return effect


def _weight(length: int, size: int) -> float:
    """Return the share of the orders of `size` things in which these `length` come first."""
    return factorial(length) * factorial(size - 1 - length) / factorial(size)


@dataclass(frozen=True, eq=False)
class NoteInputs:
    """What the notes are made from.

    Attributes
    ----------
    columns : where `before` and `after` stand among the periods.
    complete : series × periods, whether all figures are there and not all of them 0.
    staying : the cells that are there in all periods.
    drawn : whether effects have limits.
    """

    cells: Cells
    columns: tuple[int, int]
    complete: np.ndarray
    staying: np.ndarray
    drawn: bool = False


def notes_of(
    inputs: NoteInputs,
    at: np.ndarray,
    series: np.ndarray,
    usable: np.ndarray,
    number: np.ndarray,
    *,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: what holds of its series, then of its cell.

    Parameters
    ----------
    at, series : the cell of each row, -1 for none, and its series.
    usable : the series whose two quarters are complete.
    number : the component of each row, as a number.
    """
    of_series = _series_notes(inputs, usable, lang)
    of_cell = _cell_notes(inputs, usable, lang)
    notes = np.full(len(at), "", dtype=object)
    noted = np.array([bool(own) for own in of_series])[series]
    noted |= np.isin(at, [*of_cell])
    for row in np.flatnonzero(noted):
        notes[row] = "; ".join([*of_series[series[row]], *of_cell.get(int(at[row]), [])])
    return pd.array(notes, dtype="str")


def _series_notes(inputs: NoteInputs, usable: np.ndarray, lang: str) -> list[list[str]]:
    """Return the sentences of each series: what is missing, and what does not fit."""
    cells, complete = inputs.cells, inputs.complete
    notes: list[list[str]] = [[] for _ in usable]
    for column in sorted(inputs.columns):
        for series, code, words in (
            *_gaps(inputs, column, lang),
            *_other_totals(cells, column, lang),
        ):
            period = _name(inputs, series, column, lang)
            notes[series].append(_sentence(code, lang, period=period, **words))
    stays = np.logical_or.reduceat(inputs.staying, starts_of(cells.series))
    one_year = len({cells.periods[column].year for column in inputs.columns}) == 1
    to_date = (cells.keys["basis"] == YEAR_TO_DATE).to_numpy()
    masks = {
        "none_stays": usable & ~stays,
        "only_whole": usable & cells.only_total,
        "left_out": usable & ~complete.all(axis=1),
        "overlap": to_date & one_year,
        "two_quarters": cells.mixed,
        "no_limits": inputs.drawn & usable & ~countable(cells),
        "repeated": inputs.drawn
        & usable
        & repeated_units(cells.keys["indicator"].to_numpy(object)),
    }
    for code, mask in masks.items():
        for series in np.flatnonzero(mask).tolist():
            left_out = [_name(inputs, series, at, lang) for at in np.flatnonzero(~complete[series])]
            notes[series].append(_sentence(code, lang, periods=some_of(left_out, lang)))
    return notes


def _gaps(inputs: NoteInputs, column: int, lang: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the series without all figures of a period, what is the matter, and its words."""
    cells = inputs.cells
    rowed = sums_by(cells.series)(cells.rowed)[:, column] > 0
    starts = [*starts_of(cells.series), len(cells.series)]
    for series in np.flatnonzero(~inputs.complete[:, column]).tolist():
        own = np.arange(starts[series], starts[series + 1])
        missing = [str(cells.group[cell]) for cell in own if cells.unknown[cell, column]]
        if not rowed[series]:
            yield series, "no_rows", {}
        elif missing:
            yield series, "missing", {"groups": some_of(missing, lang)}
        else:
            yield series, "nothing", {}


def _sentence(code: str, lang: str, **words: str) -> str:
    return word("decomposition", code, lang=lang).format(**words)


def _other_totals(
    cells: Cells, column: int, lang: str
) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the series whose printed total is not the sum of the groups."""
    by_series = sums_by(cells.series)
    summed = np.column_stack([by_series(cells.top)[:, column], by_series(cells.bottom)[:, column]])
    printed = cells.printed[:, column]
    complete = by_series(cells.unknown)[:, column] == 0
    differs = (np.abs(printed - summed) > 1e-9 * np.abs(summed)).any(axis=1) & complete
    for series in np.flatnonzero(differs & ~np.isnan(printed).any(axis=1)).tolist():
        words = {"printed": printed[series], "sum": summed[series]}
        texts = {
            name: "/".join(format_number(figure, decimals=0, lang=lang) for figure in figures)
            for name, figures in words.items()
        }
        yield series, "whole_differs", texts


def _cell_notes(inputs: NoteInputs, usable: np.ndarray, lang: str) -> dict[int, list[str]]:
    """Return the sentences of cells: why one came or went, or that nothing is there."""
    cells, columns = inputs.cells, inputs.columns
    rowed, something = (table[:, list(columns)] for table in (cells.rowed, cells.bottom > 0))
    ready = usable[cells.series]
    both = something.all(axis=1)
    gone, new = something[:, 0] & ~something[:, 1], something[:, 1] & ~something[:, 0]
    masks = {
        ("no_row_before", 0): ready & new & ~rowed[:, 0],
        ("zero", 0): ready & new & rowed[:, 0],
        ("no_row_after", 1): ready & gone & ~rowed[:, 1],
        ("zero", 1): ready & gone & rowed[:, 1],
        ("neither", 0): ready & ~something.any(axis=1) & rowed.any(axis=1),
        ("not_throughout", 0): ready & both & ~inputs.staying,
        ("above", 0): cells.above[:, list(columns)].any(axis=1),
    }
    notes: dict[int, list[str]] = {}
    for (code, place), mask in masks.items():
        for cell in np.flatnonzero(mask):
            period = _name(inputs, int(cells.series[cell]), columns[place], lang)
            notes.setdefault(int(cell), []).append(_sentence(code, lang, period=period))
    return notes


def _name(inputs: NoteInputs, series: int | np.integer, column: int | np.integer, lang: str) -> str:
    basis = inputs.cells.keys["basis"].iloc[int(series)]
    return label_period(inputs.cells.periods[int(column)], basis, lang)


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
    draws: int | None = None,
    seed: int = 0,
    level: float = 95,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return why percentages changed between two quarters: mix, rate, entry and exit by group.

    Parameters
    ----------
    values : values frame with numerator and denominator by group (see `complete_values`), of any
        number of agencies and indicators in percent. The printed total, group `all`, is no group:
        it is only compared with the sum of the groups.
    before, after : two quarters that the values have.
    factors : what cells are made of. `"group"`: the groups as one factor, crossed as they may be.
        Several names split the mix by factor: columns of the values, or the parts of groups
        written as "đất đai|online". With `"agency"` the agencies are cells of one total, agency
        `all`: those merged away are exits, and the one they became is an entry.
    chain : None, the two quarters alone; a list of quarters or "all", so that the effects of steps
        through these quarters add up to those of the direct way.
    draws : how often the counts are drawn again for limits of the effects (999 are usual); None
        for no limits.
    seed, level : of the draws, and of their limits in percent.
    across_windows : whether the decree's quarter (15th to 14th) may stand against the calendar's;
        `note` then says so.
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
    with `draws`: `low_pp`, `high_pp`, limits of the effect, and `component_low_pp`,
    `component_high_pp`, of the sum of its component (of its factor) over the groups;
    `note`, what is missing or to be minded, "" where nothing is.
    `attrs["synthetic"]` is set where the values, or a source of theirs, say that they are made up.

    With s shares, r rates of a group, R the rate of all and a bar for the mean of both quarters:
    rate = s̄ (r′ − r); mix = (s′ − s)(r̄ − R̄), so that a group which grows lifts the total only if
    it is better than the total; both among groups that have something in both quarters (in all
    quarters of a chain). entry = s′ (r′ − R′) and exit = −s (r − R), R being the rate of those
    that stay; where none stays, of all groups in the mean of the quarters. In a chain a group that
    is not there throughout goes and comes: both are shown. Exchanged quarters change the sign of
    every `effect_pp`, entry for exit.
    The limits are the percentiles of effects drawn again: dossiers are taken for independent, each
    of a group by the groups' shares and counted by the group's rate. Shares are drawn from a
    Dirichlet distribution of the denominators, rates from Beta(x + ½, n − x + ½), so that 60 of 60
    has limits too. What is a sum over groups is drawn around its estimate; limits always hold it.
    Only for counted events; where dossiers are in both quarters the note says so.
    An agency that has no row, or lacks a figure, in one of the two quarters keeps its rows, with
    <NA> and a note. 0 of 0 and "-" are nothing, not missing. Other quarters of a chain that lack
    figures are left out of it, and the note says so.

    Raises
    ------
    ValuesError
        As `complete_values` does; a quarter that is not there; twice the same; no numerators; no
        percentages; negative figures; more counted than there was; several bases of one indicator;
        quarters of the decree and of the calendar; draws that are no number of draws.

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
    percent = one_level(level)
    _require_draws(draws)
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
    cells = cells_of(values, quarters, periods, names, what="taken apart", across=across_windows)
    columns = (list(periods).index(first), list(periods).index(last))
    by_series = sums_by(cells.series)
    complete = (by_series(cells.unknown) == 0) & (by_series(cells.bottom) > 0)
    usable = complete[:, columns[0]] & complete[:, columns[1]]
    structure = Structure.of(cells.series, cells.top, cells.bottom, complete & usable[:, None])
    crossed = cells.factors if len(names) > 1 else ()
    effects = effects_between(structure, *columns, crossed)
    effects = _with_draws(effects, structure, columns, crossed, draws or 0, seed)
    inputs = NoteInputs(cells, columns, complete, structure.staying, drawn=draws is not None)
    rows = _frame(cells, columns, usable, structure, effects, names, inputs, percent, lang)
    if _is_synthetic(values):
        rows.attrs["synthetic"] = True
    return rows


FEWEST_DRAWS = 99


def _require_draws(draws: object) -> None:
    integer = isinstance(draws, int | np.integer) and not isinstance(draws, bool)
    if draws is not None and not (integer and draws >= FEWEST_DRAWS):  # type: ignore[operator]
        raise ValuesError(
            f"draws is {draws!r}",
            where="draws=",
            mend=f"give a whole number, {FEWEST_DRAWS} or more (999 are usual), or None",
        )


def _with_draws(
    effects: Effects,
    structure: Structure,
    columns: tuple[int, int],
    crossed: Sequence[np.ndarray],
    draws: int,
    seed: int,
) -> Effects:
    """Return the effects as tables: in the first column as counted, then as drawn again."""
    rng, by_series = np.random.default_rng(seed), sums_by(structure.series)
    top, bottom = structure.top, structure.bottom
    there = bottom > 0
    total = by_series(bottom)[structure.series]
    seen, rest = np.minimum(top, bottom), np.maximum(bottom - top, 0.0)
    drawn = [effects]
    for _ in range(draws):
        sizes = np.where(there, rng.standard_gamma(np.where(there, bottom, 1.0)), 0.0)
        sizes *= divided_or_0(total, by_series(sizes)[structure.series])
        counts = sizes * rng.beta(seen + 0.5, rest + 0.5)
        again = Structure.of(structure.series, counts, sizes, structure.used)
        drawn.append(effects_between(again, *columns, crossed))

    def table(name: str) -> np.ndarray:
        return np.column_stack([getattr(one, name) for one in drawn])

    factors = [np.column_stack(parts) for parts in zip(*(d.factors for d in drawn), strict=True)]
    return Effects(table("mix"), table("rate"), table("entry"), table("exit"), tuple(factors))


def _limits(
    effect: np.ndarray,
    drawn: np.ndarray,
    together: np.ndarray,
    over_cells: np.ndarray,
    blank: np.ndarray,
    level: float,
) -> dict[str, np.ndarray]:
    """Return the limits of effects, and of the sums of those that stand together.

    Parameters
    ----------
    over_cells : the effects that are sums over cells themselves.
    """
    if not drawn.shape[1]:
        return {}
    sides = np.array([100 - level, 100 + level]) / 200
    by_sum = pd.DataFrame(np.column_stack([effect, drawn])).groupby(together)
    sums = by_sum.transform("sum").to_numpy()
    several = (by_sum[0].transform("size").to_numpy() > 1) | over_cells
    limits = {}
    for name, (point, again), centred in (
        ("", (effect, drawn), over_cells),
        ("component_", (sums[:, 0], sums[:, 1:]), several),
    ):
        # Rates are drawn a little nearer to a half than they were counted: what a group's limits
        # gain by it is a bias that grows in a sum.
        apart = np.where(centred, point - again.mean(axis=1), 0.0)
        low, high = np.quantile(again, sides, axis=1) + apart
        limits[f"{name}low_pp"] = np.where(blank, np.nan, np.minimum(low, point))
        limits[f"{name}high_pp"] = np.where(blank, np.nan, np.maximum(high, point))
    return limits


def _is_synthetic(values: pd.DataFrame) -> bool:
    """Return whether the values say that they are made up; effects have no source to say it."""
    sources = values["source"].unique() if "source" in values else ()
    stated = (name in str(one).lower() for one in sources for name in ("synthetic", "giả lập"))
    return bool(values.attrs.get("synthetic")) or any(stated)


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
    inputs: NoteInputs,
    level: float,
    lang: str,
) -> pd.DataFrame:
    """Return the effects as rows: those of a series together, the mix of factors before its cells.

    Parameters
    ----------
    columns : where `before` and `after` stand among the periods.
    usable : the series whose two quarters are complete.
    level : of the limits of drawn effects.
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
    components = {
        "mix": (stays & ~(ready & crossed), effects.mix),
        "rate": (stays, effects.rate),
        "entry": (came, effects.entry),
        "exit": (left, effects.exit),
    }
    at = np.concatenate([np.flatnonzero(mask) for mask, _ in components.values()])
    number = np.repeat(range(len(components)), [mask.sum() for mask, _ in components.values()])
    effect = np.concatenate([effect[mask] for mask, effect in components.values()])
    order = np.lexsort((number, at))
    at, number, effect = at[order], number[order], effect[order]
    series = cells.series[at]
    factor = np.where((number == 0) & (not crossed), 0, -1)
    if crossed:
        at, number, effect, series, factor = _with_factors(
            at, number, effect, series, factor, usable, effects
        )
    effect, drawn = effect[:, 0], effect[:, 1:]
    code, codes = pd.factorize(cells.keys["indicator"])
    kinds = [find_indicator(indicator) for indicator in codes]
    scale = np.array([100.0 if one is None else float(one.scale) for one in kinds])[code][series]
    undefined = ~usable[series]
    volume = sums_by(cells.series)(cells.bottom)[series, end]
    count = np.where((scale == 100.0) & ~undefined, effect * volume, np.nan)
    figures = {"effect_pp": np.where(undefined, np.nan, scale * effect), "effect_count": count}
    together = combined_codes([series, number, factor + 1])
    limits = _limits(
        scale * effect,
        scale[:, None] * drawn,
        together,
        at < 0,
        undefined | ~countable(cells)[series],
        level,
    )
    figures |= limits | _shares_and_rates(inputs, at, series, scale)
    group = pd.array([*cells.group, ALL], dtype="str")
    texts = {
        "group": group.take(np.where(at < 0, len(cells.group), at)),
        "component": pd.array(list(COMPONENTS), dtype="str").take(number),
        "factor": pd.array([*names, ""], dtype="str").take(factor),
        "note": notes_of(inputs, at, series, usable, number, lang=lang),
    }
    keys = {name: cells.keys[name].array.take(series) for name in SERIES}
    quarters = {
        name: cells.periods[[column]].take(np.zeros(len(at), dtype="int64"))
        for name, column in (("before", start), ("after", end))
    }
    numbers = {name: as_figures(cells) for name, cells in figures.items()}
    frame = pd.DataFrame(keys | quarters | texts | numbers, copy=False)
    place = COLUMNS.index("effect_count")
    return frame[[*COLUMNS[:place], *limits, *COLUMNS[place:]]]


def _shares_and_rates(
    inputs: NoteInputs, at: np.ndarray, series: np.ndarray, scale: np.ndarray
) -> dict[str, np.ndarray]:
    """Return share and rate of each row's cell, and the rate of its series, before and after."""
    cells, cell, by_series = inputs.cells, np.maximum(at, 0), sums_by(inputs.cells.series)
    denominator = by_series(cells.bottom)
    total_rate = divided_or_0(by_series(cells.top), denominator)
    figures = {}
    for name, column in zip(("before", "after"), inputs.columns, strict=True):
        bottom, among = cells.bottom[:, column], denominator[cells.series, column]
        complete = inputs.complete[series, column]
        share = 100 * divided_or_0(bottom, among)
        rate = np.where(bottom > 0, divided_or_0(cells.top[:, column], bottom), np.nan)
        figures[f"share_{name}_pct"] = np.where((at >= 0) & complete, share[cell], np.nan)
        figures[f"rate_{name}_pct"] = np.where(at < 0, np.nan, scale * rate[cell])
        figures[f"whole_{name}_pct"] = np.where(
            complete, scale * total_rate[series, column], np.nan
        )
    return figures


def countable(cells: Cells) -> np.ndarray:
    """Return the series of counted events, whose limits can be drawn."""
    records = [find_indicator(code) for code in cells.keys["indicator"]]
    events = np.array([one is None or one.kind == "events" for one in records])
    above = np.logical_or.reduceat(cells.above.any(axis=1), starts_of(cells.series))
    return events & ~above


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
