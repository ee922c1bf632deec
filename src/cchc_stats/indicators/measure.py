"""`measure`: every indicator whose form is there, as one long frame of values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cchc_stats.errors import ValuesError
from cchc_stats.forms import FORMS, find_form
from cchc_stats.indicators.catalogue import INDICATORS
from cchc_stats.indicators.indicator import Indicator, Tables
from cchc_stats.indicators.rows import Block, Rows
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
    `not_reported` where the cell is empty; `value` is then <NA>. `origin` is `reported` for a
    column as it stands, `computed` for a formula. Stocks have basis `as_of`. The window is the
    row's own (`window_start`, `window_end`), else the one of Decree 09/2019/NĐ-CP, art. 12.

    Raises
    ------
    ValuesError
        No table of a known form, or none that an indicator is measured on.
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
    for code in tables:
        find_form(code)
    kept: dict[int, Rows] = {}
    blocks = [
        block for indicator in indicators for block in _blocks(indicator, tables, kept) if len(block)
    ]
    if not blocks:
        raise ValuesError(
            "nothing to measure: no table of a form that has indicators",
            where=f"tables: {', '.join(tables) or 'none'}",
            mend=f"give at least one of {', '.join(form.code for form in FORMS)}",
        )
    return _joined(blocks)


def _blocks(indicator: Indicator, tables: Tables, kept: dict[int, Rows]) -> list[Block]:
    """Return an indicator's values by row and of the whole; [] where its form is not there."""
    frame = indicator.prepare(tables) if indicator.prepare else tables.get(indicator.form)
    if frame is None or frame.empty:
        return []
    form = find_form(indicator.form)
    needed = [*form.key, "not_applicable", "source", *indicator.columns]
    if missing := [name for name in needed if name not in frame]:
        raise ValuesError(
            f"table {form.code} cannot be measured: columns {', '.join(missing)} are missing",
            where=f"indicator {indicator.code}",
            mend=f"pass the table through validate(frame, {form.code!r}) first",
        )
    # What the rows of a form share is found once; a prepared frame is another one each time.
    rows = kept.get(id(frame)) or Rows.of(frame, form.row)
    if not indicator.prepare:
        kept[id(frame)] = rows
    figures = rows.evaluate(indicator)
    blocks = []
    if not form.row:
        blocks.append(rows.block(figures, indicator))
    else:
        if indicator.groups:
            blocks.append(rows.block(figures, indicator, chosen=~rows.whole))
        if indicator.total:
            blocks.append(rows.total(figures, indicator))
    return [block.at_one_basis() if indicator.kind == "stock" else block for block in blocks]


def _joined(blocks: Sequence[Block]) -> pd.DataFrame:
    """Return the blocks as one values frame."""
    sizes = [len(block) for block in blocks]

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block in blocks])

    def repeated(name: str) -> np.ndarray:
        words = np.array([getattr(block.indicator, name) for block in blocks], dtype=object)
        return np.repeat(words, sizes)

    texts = ("agency", "basis", "group", "status", "source", "note")
    numbers = ("numerator", "denominator", "value")
    columns: dict[str, object] = {name: pd.array(together(name), dtype="str") for name in texts}
    for name in numbers:
        figures = together(name)
        columns[name] = pd.arrays.FloatingArray(figures, np.isnan(figures))
    period = pd.PeriodIndex.from_ordinals(together("period"), freq="Q-DEC")
    columns["period"] = period
    columns["indicator"] = pd.array(repeated("code"), dtype="str")
    columns["unit"] = pd.array(repeated("unit"), dtype="str")
    formula = np.array(["/" in b.indicator.formula or "+" in b.indicator.formula
                        or "-" in b.indicator.formula for b in blocks])
    origin = np.where(formula, "computed", "reported").astype(object)
    columns["origin"] = pd.array(np.repeat(origin, sizes), dtype="str")
    starts, ends = window_columns(period, columns["basis"])
    stated_start, stated_end = together("window_start"), together("window_end")
    columns["window_start"] = np.where(np.isnat(stated_start), starts, stated_start)
    columns["window_end"] = np.where(np.isnat(stated_end), ends, stated_end)
    return pd.DataFrame({name: columns[name] for name in COLUMNS}).astype(TYPES)
