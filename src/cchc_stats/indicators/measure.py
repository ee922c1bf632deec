"""`measure`: every indicator whose form is there, as one long frame of values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cchc_stats.errors import ValuesError
from cchc_stats.forms import FORMS, find_form
from cchc_stats.indicators.applying import Kept, apply, require_tables
from cchc_stats.indicators.catalogue import INDICATORS
from cchc_stats.indicators.indicator import Indicator, Tables
from cchc_stats.indicators.rows import Block
from cchc_stats.periods import BASES
from cchc_stats.values import COLUMNS, TYPES, window_columns


def measure(tables: Tables, *, indicators: Sequence[Indicator] = INDICATORS) -> pd.DataFrame:
    """Return every indicator whose form is there, of every row, and of the whole.

    Parameters
    ----------
    tables : form code -> validated frame (`Report.tables`, or several reports' rows together).
    indicators : records to apply; all of the library's unless told.

    Returns
    -------
    Values frame (see `values.COLUMNS`), a row per agency, period, basis, indicator and group, in
    the order of the indicators. `group` is the form row's code, `all` the whole: the row printed
    as such where it has the figures, else Σ numerator / Σ denominator over the rows, never a mean
    of rates; where a row has not reported, neither is the whole. Shares are percent, 0-100.
    `status`: `undefined` at a denominator of 0, `not_applicable` where "-" was printed,
    `not_reported` where the cell is empty; `value` is then <NA>. An optional column that a report
    leaves empty in every row is not in its layout and gives no value. `origin` is `reported` for a
    column as it stands, `computed` for a formula. Stocks have basis `as_of`. The window is the
    row's own (`window_start`, `window_end`), else the one of Decree 09/2019/NĐ-CP, art. 12.

    Raises
    ------
    ValuesError
        No table, or no row in it that an indicator is measured on; a table that lacks columns of
        its form or is not typed; a formula of a column that its form has not.
    CchcError
        A table under a code that is no form.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> documents = validate(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380],
    ...      "sent_paper": [65], "sent_electronic": [1315]}), "documents")
    >>> values = measure({"documents": documents})
    >>> values.loc[values["unit"] == "percent", ["indicator", "value"]].round(1).values.tolist()
    [['electronic_documents_share', 95.3]]
    """
    require_tables(tables)
    kept: Kept = {}
    blocks = [block for indicator in indicators for block in apply(indicator, tables, kept)]
    if not blocks:
        raise ValuesError(
            "nothing to measure: no row of a form that an indicator is measured on",
            where=f"tables: {', '.join(tables) or 'none'}",
            mend=f"give at least one of {', '.join(form.code for form in FORMS)}",
        )
    return _joined(blocks)


def _joined(blocks: Sequence[Block]) -> pd.DataFrame:
    """Return the blocks as one values frame."""
    sizes = [len(block) for block in blocks]

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block in blocks])

    def repeated(words: Sequence[str]) -> pd.Series:
        return pd.Series(np.repeat(np.array(words, dtype=object), sizes), dtype="str")

    columns: dict[str, pd.Series] = {
        name: pd.Series(together(name), dtype="str")
        for name in ("agency", "basis", "group", "status", "source", "note")
    }
    for name in ("numerator", "denominator", "value"):
        figures = together(name)
        columns[name] = pd.Series(pd.arrays.FloatingArray(figures, np.isnan(figures)))
    quarters = pd.PeriodIndex.from_ordinals(together("period"), freq="Q-DEC")  # type: ignore[attr-defined]
    columns["period"] = pd.Series(quarters)
    columns["indicator"] = repeated([block.indicator.code for block in blocks])
    columns["unit"] = repeated([block.indicator.unit for block in blocks])
    columns["origin"] = repeated([_origin(block.indicator) for block in blocks])
    starts, ends = _decreed(columns["period"], columns["basis"])
    stated_start, stated_end = together("window_start"), together("window_end")
    columns["window_start"] = pd.Series(np.where(np.isnat(stated_start), starts, stated_start))
    columns["window_end"] = pd.Series(np.where(np.isnat(stated_end), ends, stated_end))
    return pd.DataFrame({name: columns[name] for name in COLUMNS}).astype(TYPES)


def _decreed(periods: pd.Series, basis: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the decree's window of each row; asked for each pair of period and basis once."""
    bases, _ = pd.factorize(basis)
    pairs, _ = pd.factorize(pd.PeriodIndex(periods).asi8 * len(BASES) + bases)
    _, first = np.unique(pairs, return_index=True)
    starts, ends = window_columns(periods.iloc[first], basis.iloc[first])
    return starts[pairs], ends[pairs]


def _origin(indicator: Indicator) -> str:
    """Return whether an indicator's rows are a column of the form as it stands."""
    return "reported" if indicator.formula in find_form(indicator.form).columns else "computed"
