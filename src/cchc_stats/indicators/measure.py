"""`measure`: every indicator whose form is there, as one long frame of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, PrintedTables, Tabled, find_form, tables_in
from cchc_stats.indicators.applying import Kept, apply, require_tables
from cchc_stats.indicators.indicator import Indicator, Tables
from cchc_stats.indicators.records import INDICATORS, find_indicator
from cchc_stats.indicators.rows import Measured, from_prose
from cchc_stats.values import COLUMNS, TYPES
from cchc_stats.words import ValuesError, as_figures, require_language


def measure(
    tables: Tabled,
    *,
    indicators: Sequence[Indicator] = INDICATORS,
    prose: bool = True,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return every indicator whose form is there, of every row, and in total.

    Parameters
    ----------
    tables : a report, a set of reports or a store; or form code -> validated frame.
    indicators : records to apply; all of the library's by default.
    prose : whether rows that the reader built from sentences count; what is measured of them says
        so in `note`.
    lang : language of `note`, and of what is said of sums in `source`: "vi" or "en".

    Returns
    -------
    Values frame (see `values.COLUMNS`), a row per agency, period, basis, indicator and group, in
    the order of the indicators. `group` is the form row's code, `all` the total: Σ numerator /
    Σ denominator over the rows, never a mean of rates. Of a table with levels, rows in a level are
    "<level>|<code>" and add up to "<level>", which add up to `all` where no rows outside do.
    Rows with nothing but "-" are left out of it; where a row has not reported, has "-" beside a
    figure, or is missing from a form of fixed rows, the row printed as the total stands for it, and
    without one it is not reported. `note` tells which, and where sum and printed row differ. Shares
    are percent, 0-100. A figure of a row in which a statement of the form does not hold says so in
    `note`, and so does every sum that it is part of.
    `status`: `implausible` where more events are counted than there was occasion for (the counts
    stay, the share does not); `undefined` at a denominator of 0, `not_applicable` where "-" was
    printed, `not_reported` where a cell is empty, whatever is beside it; `value` is then <NA>. An
    optional column that a report leaves empty in every row is not in its layout and gives no value.
    `source` is that of the form's row; of tables as a document gave them it names the cells that
    the value is made of, table, row, headings and text as printed, as far as the figures still are
    those of the cells.
    `origin` is `reported` for a column as it stands, and for its sum over the rows (`source` then
    says "tổng của n dòng"); `computed` for a formula; of a table with a column `origin`, as `tally`
    gives it, what stands there. Stocks have basis `as_of` and the last day
    as window; one that stands at several bases is taken once, `as_of` before `in_period` before
    `year_to_date`, and then added up. Else the window is the row's own (`window_start`,
    `window_end`), or the one of Decree 09/2019/NĐ-CP, art. 12; the total's reaches over those of
    its rows.

    Raises
    ------
    ValuesError
        No table, or no row in it that an indicator is measured on; a table that lacks columns of
        its form, has them twice or is not typed; an infinite figure; a key that is empty in part or
        that two rows have; a formula of a column that its form has not.
    CchcError
        A table under a code that is no form; a language that there are no labels in.

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
    require_language(lang)
    held = tables_in(tables)
    require_tables(held)
    if not prose:
        held = _without_prose(held)
    _require_records(indicators)
    kept: Kept = {}
    blocks = [
        block for indicator in indicators for block in apply(indicator, held, kept, lang=lang)
    ]
    if not blocks:
        raise ValuesError(
            "nothing to measure: no row of a form that an indicator is measured on",
            where=f"tables: {', '.join(held) or 'none'}",
            mend=f"give at least one of {', '.join(form.code for form in FORMS)}"
            + ("" if prose else "; or take what sentences tell too: prose=True"),
        )
    return _joined(blocks)


def _without_prose(tables: Tables) -> Tables:
    """Return the tables without the rows that were built from sentences."""
    kept = {code: frame[~from_prose(frame)] for code, frame in tables.items()}
    return tables.of(kept) if isinstance(tables, PrintedTables) else kept


def _require_records(indicators: object) -> None:
    """Refuse what are no records, and one code twice, which would give two values of one key."""
    records = list(indicators) if isinstance(indicators, Iterable) else [indicators]
    strange = [record for record in records if not isinstance(record, Indicator)]
    codes = [record.code for record in records if isinstance(record, Indicator)]
    if strange or isinstance(indicators, Indicator) or len(set(codes)) < len(codes):
        fault = f"{strange[0]!r} is no Indicator" if strange else "they are one, or one code twice"
        raise ValuesError(
            f"indicators are a sequence of different records: {fault}",
            where="indicators=",
            mend="give records, such as [find_indicator('on_time_rate_settled')]",
        )


def _joined(blocks: Sequence[Measured]) -> pd.DataFrame:
    """Return the blocks as one values frame."""
    sizes = [len(block) for block in blocks]

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block in blocks])

    def repeated(words: Sequence[str]) -> pd.Series:
        at = np.repeat(np.arange(len(words)), sizes)
        return pd.Series(pd.array(words, dtype="str").take(at), copy=False)

    columns: dict[str, pd.Series] = {
        name: pd.Series(pd.array(together(name), dtype="str"), copy=False)
        for name in ("agency", "basis", "group", "status", "source", "note")
    }
    for name in ("numerator", "denominator", "value"):
        figures = together(name)
        floats = as_figures(figures)
        columns[name] = pd.Series(floats, copy=False)
    quarters = pd.PeriodIndex.from_ordinals(together("period"), freq="Q-DEC")  # type: ignore[attr-defined]
    columns["period"] = pd.Series(quarters)
    columns["indicator"] = repeated([block.indicator.code for block in blocks])
    columns["unit"] = repeated([block.indicator.unit for block in blocks])
    columns["origin"] = repeated([_origin(block.indicator) for block in blocks])
    stated = together("origin")
    if (given := stated != "").any():
        columns["origin"] = columns["origin"].mask(given, pd.Series(stated, dtype="str"))
    for name in ("window_start", "window_end"):
        columns[name] = pd.Series(together(name), copy=False)
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False).astype(TYPES)


def _origin(indicator: Indicator) -> str:
    """Return whether an indicator's rows are a column of the form as it stands."""
    return "reported" if indicator.formula in find_form(indicator.form).columns else "computed"


_ROUNDING = 0.5  # percent: a printed percentage may be rounded to 1


def with_units(values: pd.DataFrame) -> pd.DataFrame:
    """Return completed values, a missing unit filled in from the indicator or from the figures.

    A library indicator has its record's unit. Another one is in percent where all its values are
    a hundred times numerator over denominator.

    Examples
    --------
    >>> own = {"indicator": ["on_time_rate_settled", "mine", "yours"], "unit": ["", "", ""],
    ...        "numerator": [9, 9, 9], "denominator": [10, 10, 10], "value": [90.0, 90.0, 0.9]}
    >>> with_units(pd.DataFrame(own).astype({"unit": "str"}))["unit"].tolist()
    ['percent', 'percent', '']
    """
    blank = (values["unit"] == "").to_numpy()
    if not blank.any():
        return values
    codes, distinct = pd.factorize(values["indicator"])
    records = [find_indicator(code) for code in distinct]
    percent = _in_percent(values[blank], codes[blank], len(distinct))
    units = [
        record.unit if record else "percent" if hundredfold else ""
        for record, hundredfold in zip(records, percent, strict=True)
    ]
    of_indicator = pd.Series(np.array(units, dtype=object)[codes], index=values.index)
    return values.assign(unit=values["unit"].mask(blank, of_indicator).astype("str"))


def _in_percent(values: pd.DataFrame, codes: np.ndarray, number: int) -> np.ndarray:
    """Return for each indicator whether its values are percentages of the figures beside them."""
    value, top, bottom = (
        values[name].to_numpy("float64", na_value=np.nan)
        for name in ("value", "numerator", "denominator")
    )
    with np.errstate(over="ignore", invalid="ignore"):
        quotient = top / np.where(bottom == 0, np.nan, bottom)
        hundredfold = np.abs(value - 100 * quotient) <= _ROUNDING
        plain = np.abs(value - quotient) <= np.abs(quotient) * _ROUNDING
    comparable = ~np.isnan(value) & ~np.isnan(quotient)
    agree = np.bincount(codes[comparable & hundredfold & ~plain], minlength=number)
    against = np.bincount(codes[comparable & ~hundredfold], minlength=number)
    percent: np.ndarray = (agree > 0) & (against == 0)
    return percent
