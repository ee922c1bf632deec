"""Small numbers left out before publishing, so that nobody is told of who can be recognised."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cchc_stats.statistics.rates import OWN, kinds_of, of_kinds
from cchc_stats.values import KEY, NUMBERS, CheckedValues
from cchc_stats.words import ALL, CchcError, require_language, word

# A duration or a score of 3 tells of nobody.
MEASURES = ("working_days", "days", "months", "hours", "points", "percentage_points")
MADE = ("", "primary", "secondary")


def suppress_small(values: pd.DataFrame, *, below: int = 5, lang: str = "vi") -> pd.DataFrame:
    """Return the values without figures that would tell a number from 1 to `below` − 1.

    Parameters
    ----------
    values : values frame (see `complete_values`).
    below : the smallest number that may be told, 2 or more.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    The values with a column `suppressed`: `primary` where the numerator, the denominator, or of
    counted events what is not in the numerator (1 late of 60) is from 1 to `below` − 1; of a count
    the value itself. `secondary` where the figure would let a primary one be found as a whole less
    its parts: of each agency, period, basis, indicator and origin the smallest other groups are
    left out as well, until at least two are, and together they tell no small number either. The
    whole, group `all`, stays if it is not small itself; where it is not among the values, it is
    taken to be known from elsewhere. "" for what stays.
    A row that is left out has numerator, denominator, value and further figures <NA>, status
    `not_reported`, an empty source (it may quote the cell), and a note that says why. 0 stays: it
    tells of nobody. Missing figures stay missing.
    What other tables tell is not known here: one figure under several indicators, years to date
    less quarters, a roll-up of agencies. Give such values together with the parts as groups.

    Raises
    ------
    ValuesError
        As `complete_values` does.
    CchcError
        `below` is no whole number of 2 or more.

    Source
    ------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4: thresholds, secondary cells.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "indicator": "late_rate_settled",
    ...                     "group": ["all", "Đất đai", "Hộ tịch", "Đầu tư"],
    ...                     "numerator": [19, 9, 2, 8], "denominator": [190, 90, 60, 40]})
    >>> published = suppress_small(own)
    >>> published["numerator"].tolist(), published["suppressed"].tolist()
    ([19.0, 9.0, <NA>, <NA>], ['', '', 'primary', 'secondary'])
    """
    require_language(lang)
    whole_number = isinstance(below, int | np.integer) and not isinstance(below, bool)
    if not whole_number or below < 2:
        raise CchcError(
            f"below={below!r} leaves nothing out, or is no number",
            where="below=",
            mend="give a whole number of 2 or more; 5 is usual",
        )
    checked = CheckedValues.of(values)
    table = checked.frame
    quantities = _quantities(table)
    primary = np.zeros(len(table), dtype=bool)
    for quantity in quantities.values():
        primary |= (quantity > 0) & (quantity < below)
    of_set = checked.numbers(name for name in KEY if name != "group")
    part = (table["group"] != ALL).to_numpy()
    secondary = _secondary(of_set, part, primary, quantities, below, table["group"])
    made = np.where(primary, 1, np.where(secondary, 2, 0))
    return _left_out(table, made, below, lang)


def _quantities(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the numbers of people or dossiers that a row tells; NaN where it tells none."""
    top, bottom, value = (table[name].to_numpy("float64", na_value=np.nan) for name in NUMBERS)
    kinds = kinds_of(table["indicator"].to_numpy(object))
    share = (table["unit"] == "percent").to_numpy()
    counted = of_kinds(kinds, ["events"]) | (of_kinds(kinds, [OWN]) & share)
    measured = table["unit"].isin(MEASURES).to_numpy() | of_kinds(kinds, ["mean"])
    plain = np.isnan(bottom) & ~share & ~measured
    return {
        "numerator": np.where(plain & np.isnan(top), value, np.where(measured, np.nan, top)),
        "rest": np.where(counted & (bottom >= top), bottom - top, np.nan),
        "denominator": bottom,
    }


def _secondary(
    of_set: np.ndarray,
    part: np.ndarray,
    primary: np.ndarray,
    quantities: Mapping[str, np.ndarray],
    below: int,
    group: pd.Series,
) -> np.ndarray:
    """Return which parts are left out so that the primary ones do not follow from the whole."""
    told = np.nansum([np.isnan(quantity) for quantity in quantities.values()], axis=0)
    known = told < len(quantities)
    size = np.where(
        np.isnan(quantities["denominator"]), quantities["numerator"], quantities["denominator"]
    )
    at_risk = np.isin(of_set, of_set[part & primary])
    rows = np.flatnonzero(part & known & at_risk)
    # The primary ones first, then the smallest; a tie goes by name, whatever the order of rows.
    order = np.lexsort(
        (group.to_numpy(object)[rows].astype(str), size[rows], ~primary[rows], of_set[rows])
    )
    rows = rows[order]
    chosen = pd.Series(of_set[rows])
    number = chosen.groupby(chosen).cumcount().to_numpy() + 1
    least = np.bincount(of_set[rows], primary[rows], minlength=int(of_set.max()) + 1)[of_set[rows]]
    enough = (number >= 2) & (number >= least)
    for quantity in quantities.values():
        summed = pd.Series(np.nan_to_num(quantity[rows])).groupby(chosen).cumsum().to_numpy()
        enough &= ~((summed > 0) & (summed < below))
    # All up to and including the first row at which enough are left out; all where none is enough.
    before = pd.Series(enough).groupby(chosen).cumsum().to_numpy() - enough
    chosen_rows = np.zeros(len(part), dtype=bool)
    chosen_rows[rows[before == 0]] = True
    secondary: np.ndarray = chosen_rows & ~primary
    return secondary


def _left_out(table: pd.DataFrame, made: np.ndarray, below: int, lang: str) -> pd.DataFrame:
    """Return the values without the figures of some rows, and why."""
    gone = pd.Series(made > 0, index=table.index)
    others = [
        name
        for name in table.columns
        if name not in NUMBERS and pd.api.types.is_numeric_dtype(table[name].dtype)
    ]
    figures = {name: table[name].astype("Float64").mask(gone) for name in (*NUMBERS, *others)}
    reasons = ["", *(word("suppressing", code, lang=lang).format(below=below) for code in MADE[1:])]
    told = pd.Series(pd.array(reasons, dtype="str").take(made), index=table.index)
    return table.assign(
        **figures,
        status=table["status"].mask(gone, "not_reported"),
        source=table["source"].mask(gone, ""),
        note=table["note"].mask(gone, told),
        suppressed=pd.array(list(MADE), dtype="str").take(made),
    )
