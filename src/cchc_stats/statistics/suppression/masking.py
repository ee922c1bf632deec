"""Figures taken out of what is published, and the texts that quote them."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from cchc_stats.statistics.suppression.publication import EARLIER, Place
from cchc_stats.values import COLUMNS, KEY, NUMBERS
from cchc_stats.words import word

LEFT_OUT = "suppressed"
COMPARED = ("previous", "change", "change_pct", "change_pp", "change_low", "change_high")
# What a chart or a funnel says of a row from the figures of all its series, at whatever levels.
CHARTED = re.compile(r"centre|sigma|phi|tau_pp|p_value|p_adjusted|(low|high)(_\d[\d_]*)?")
VERDICTS = (
    *("verdict", "side", "funnel_status", "assurance", "signal"),
    *("shift", "beyond_limits", "run", "trend", "two_of_three"),
    *("longest_run", "crossings"),
)
_NUMBER = re.compile(r"\d[\d.,]*")
_QUOTED = re.compile(r"“[^”]*”|'[\d.,/ ]+'|\"[\d.,/ ]+\"")
_SUM = re.compile(r"\d\s*[=≠+−]|[=≠+−]\s*\d")


def masked_values(
    values: pd.DataFrame, hidden: Collection[Place], *, note: str, lang: str
) -> pd.DataFrame:
    """Return completed values without the figures of some places, and why."""
    gone = np.zeros(len(values), dtype=bool)
    earlier = np.zeros(len(values), dtype=bool)
    gone[[place.row for place in hidden if place.column != EARLIER]] = True
    earlier[[place.row for place in hidden if place.column == EARLIER]] = True
    texts = _texts(values, gone, lang=lang) if hidden else {}
    table = values.assign(**texts)
    charted = _series_of_charts(values, gone)
    masked: dict[str, pd.Series] = {}
    for name in table.columns:
        rows = gone
        if name in COMPARED:
            rows = gone | earlier
        elif CHARTED.fullmatch(str(name)):
            rows = gone | charted
        if rows.any() and (name in NUMBERS or name not in COLUMNS):
            masked[name] = _masked(table[name], rows)
    state = pd.Series(gone, index=table.index)
    return table.assign(
        **masked,
        status=table["status"].mask(state, "not_reported"),
        source=table["source"].mask(state, ""),
        note=table["note"].mask(state, note),
        suppressed=pd.array(np.where(gone, LEFT_OUT, ""), dtype="str"),
    )


def _masked(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return a column without what it says of some rows; names and free texts stay."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean").mask(rows)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("Float64").mask(rows)
    return column.mask(rows, "") if column.name in VERDICTS else column


def masked_table(table: pd.DataFrame, hidden: Collection[tuple[int, str]]) -> pd.DataFrame:
    """Return the rows of a form without some of their cells."""
    columns: dict[str, list[int]] = {}
    for row, name in hidden:
        columns.setdefault(name, []).append(row)
    masked = {}
    for name, rows in columns.items():
        mask = np.zeros(len(table), dtype=bool)
        mask[rows] = True
        masked[name] = table[name].mask(mask)
    return table.assign(**masked)


def _series_of_charts(values: pd.DataFrame, gone: np.ndarray) -> np.ndarray:
    """Return the rows whose chart or funnel has been made with a row that is left out."""
    if "centre" not in values or not gone.any():
        return gone & False
    # A funnel is of one period and many agencies, a chart of one agency and many periods.
    over = "agency" if "centre_kind" in values else "period"
    names = [name for name in KEY if name != over]
    series = values.groupby(names, sort=False).ngroup().to_numpy()
    return np.isin(series, series[gone])


def _texts(values: pd.DataFrame, gone: np.ndarray, *, lang: str) -> dict[str, pd.Series]:
    """Return the columns of free text without what quotes figures that are left out."""
    agencies = values["agency"].to_numpy(object)
    rows = [
        *zip(*(values[name].to_numpy("float64", na_value=np.nan) for name in NUMBERS), strict=True)
    ]
    secret: dict[str, set[str]] = {}
    for row in np.flatnonzero(gone):
        secret.setdefault(agencies[row], set()).update(_printed(*rows[row]))
    replaced = word("suppressing", "text", lang=lang)
    columns = {}
    for name in _free_texts(values):
        cells = values[name].to_numpy(object).copy()
        quoting = [
            at
            for at, cell in enumerate(cells)
            if agencies[at] in secret and isinstance(cell, str) and any(map(str.isdigit, cell))
        ]
        for at in quoting:
            if name == "source":
                cells[at] = _unquoted(cells[at], _printed(*rows[at]))
            elif gone[at] or _quotes(cells[at], secret[agencies[at]]):
                cells[at] = replaced
        columns[name] = pd.Series(cells, index=values.index, dtype=values[name].dtype)
    return columns


def _free_texts(values: pd.DataFrame) -> list[str]:
    """Return the columns of texts but those that say what a figure is."""
    own = [name for name in values.columns if name not in COLUMNS or name in ("source", "note")]
    return [name for name in own if values[name].dtype in ("str", "object")]


def _printed(top: float, bottom: float, value: float) -> set[str]:
    """Return the figures of a row, and what is not in its numerator, as texts of digits."""
    figures = [float(one) for one in (top, bottom, value, bottom - top)]
    return {
        f"{figure:.{decimals}f}".replace(".", "")
        for figure in figures
        if not np.isnan(figure)
        for decimals in ((0,) if figure == int(figure) else (1, 2))
    }


def _quotes(text: str, hidden: Collection[str]) -> bool:
    numbers = {re.sub(r"[.,]", "", one) for one in _NUMBER.findall(text)}
    return bool(numbers & {*hidden}) or _SUM.search(text) is not None


def _unquoted(source: str, own: Collection[str]) -> str:
    """Return where a figure is from, without cells that are not its own.

    Examples
    --------
    >>> _unquoted("bảng 2, hàng 4, cột 'Trễ hạn' “2” + “9”", {"11"})
    "bảng 2, hàng 4, cột 'Trễ hạn' … + …"
    """

    def kept(match: re.Match[str]) -> str:
        numbers = {re.sub(r"[.,]", "", one) for one in _NUMBER.findall(match[0])}
        return match[0] if numbers <= {*own} else "…"

    return _QUOTED.sub(kept, source)
