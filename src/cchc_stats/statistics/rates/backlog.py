"""What a backlog means: how fast dossiers leave, how long they wait, when the queue is cleared."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray

from cchc_stats.forms import find_form
from cchc_stats.statistics.rates.result_columns import (
    count_column,
    divided,
    is_number,
)
from cchc_stats.values import in_rows, key_codes, window_columns
from cchc_stats.words import (
    AS_OF,
    BASES,
    IN_PERIOD,
    PeriodError,
    ValuesError,
    as_figures,
    basis_of_texts,
    require_language,
    require_quarters,
    word,
)

_DAY = np.timedelta64(1, "D")
QUARTER = 365.25 / 4  # days, for windows that no quarter names
NEEDED = ("newly_received", "settled_total", "pending_total")
OPTIONAL = ("carried_over", "returned", "withdrawn", "capacity")
KEYS = ("agency", "sector", "period", "basis")
COLUMNS = (
    *KEYS,
    "window_days",
    "arrivals",
    "throughput",
    "pending",
    "growth",
    "grows",
    "clearance_pct",
    "load",
    "wait_quarters",
    "wait_days",
    "quarters_to_clear",
    "target_queue",
    "pressure",
    "note",
)


def backlog(
    dossiers: pd.DataFrame,
    *,
    target_wait: float | None = None,
    factor: float = 4.0,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what the backlog of dossiers means, by agency, sector and period (tồn đọng).

    Parameters
    ----------
    dossiers : frame of the form `dossiers`; of it `agency, period, newly_received, settled_total,
        pending_total` are needed, and `sector, basis, carried_over, returned, withdrawn` and the
        window are used where they are there; a row without a period needs its window. A further
        column `capacity`, dossiers that could leave in the period, goes into `load`.
    target_wait : days within which a dossier is to be answered, as days of the calendar; for
        `target_queue` and `pressure`.
    factor : how many times shorter than the target the mean wait has to be for nearly all to be
        in time: 4 (98 in 100 where waits are exponential), up to 6 where arrivals come in bursts.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    A row per row of `dossiers`, in their order:
    `arrivals`, newly received; `throughput`, dossiers that left the queue: settled, and where they
    are counted apart returned and withdrawn; `pending`, at the end; Int64 dossiers;
    `growth`, arrivals less throughput, and `grows`, whether it is above 0;
    `clearance_pct`, throughput in percent of arrivals: below 100 the queue grows;
    `load`, arrivals / capacity, or / throughput where no capacity is given;
    `wait_quarters`, `wait_days`, how long a dossier waits on average if things go on like this
    (Little's law: pending / throughput), in quarters and in days of the window; a year to date of
    n quarters counts as n, a window without a quarter's name by its days;
    `quarters_to_clear`, pending over the surplus of throughput, 0 where nothing is pending;
    `target_queue`, the pending dossiers with which the target is met: arrivals × target_wait /
    window_days / factor; `pressure`, 2 × mean wait / target_wait; <NA> without a target;
    `window_days`, of the window stated, or else of the decree's; `note`.
    <NA> where a figure is missing, at 0 in 0, and where nothing left the queue; no quarters to
    clear where the queue does not shrink. The note says which. "-" and empty cells of `returned`
    and `withdrawn` count 0: layouts without them have none.

    Raises
    ------
    ValuesError
        No frame or no rows; a missing column; a text, a fraction or a negative figure; a key
        twice; a basis `as_of`; a target or a factor that is not above 0.

    Source
    ------
    Little (1961), Operations Research 9, 383-387; load, target queue and pressure: Fong et al.
    (2022), medRxiv 2022.08.23.22279117; clearance and time to dispose: CEPEJ (Council of Europe),
    SATURN guidelines. Windows: Decree 09/2019/NĐ-CP, art. 12.

    Examples
    --------
    >>> form = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "newly_received": [90],
    ...                      "settled_total": [100], "pending_total": [20]})
    >>> backlog(form)[["clearance_pct", "wait_days", "quarters_to_clear"]].round(1).values.tolist()
    [[111.1, 18.4, 2.0]]
    """
    require_language(lang)
    _require_positive(target_wait, "target_wait", "give a number of days, or None")
    _require_positive(factor, "factor", "give 4, or up to 6 where arrivals come in bursts")
    keys = _keys(dossiers)
    given = _figures(dossiers)
    days = _window_days(dossiers, keys)
    arrivals, settled, pending = (given[name] for name in NEEDED)
    apart = np.nan_to_num(given["returned"]) + np.nan_to_num(given["withdrawn"])
    throughput = settled + apart
    growth = arrivals - throughput
    capacity = np.where(np.isnan(given["capacity"]), throughput, given["capacity"])
    to_date = (keys["basis"] != IN_PERIOD).to_numpy()
    quarters = np.where(to_date, keys["period"].dt.quarter.to_numpy(), 1)
    quarters = np.where(keys["period"].isna(), days / QUARTER, quarters)
    wait = divided(pending, throughput)
    cleared = np.where(
        pending == 0, 0.0, divided(pending * quarters, np.where(growth < 0, -growth, 0))
    )
    cleared = np.where(np.isnan(growth), np.nan, cleared)
    target = np.nan if target_wait is None else float(target_wait)
    reasons = {
        "missing": np.isnan(arrivals) | np.isnan(settled) | np.isnan(pending),
        "no_arrivals": arrivals == 0,
        "none_left": throughput == 0,
        "no_capacity": (given["capacity"] == 0) & (throughput > 0),
        "not_shrinking": (pending > 0) & (growth >= 0),
        "empty": (pending == 0) & (throughput > 0) & np.isnan(given["capacity"]),
        "apart": apart > 0,
        "unbalanced": np.abs(given["carried_over"] + growth - pending) > 0,
    }
    numbers = {
        "clearance_pct": 100 * divided(throughput, arrivals),
        "load": divided(arrivals, capacity),
        "wait_quarters": wait * quarters,
        "wait_days": wait * days,
        "quarters_to_clear": cleared,
        "target_queue": arrivals * target / days / float(factor),
        "pressure": 2 * wait * days / target,
    }
    counts = {
        "window_days": days,
        "arrivals": arrivals,
        "throughput": throughput,
        "pending": pending,
        "growth": growth,
    }
    columns: dict[str, object] = {name: count_column(cells) for name, cells in counts.items()}
    columns |= {name: as_figures(cells) for name, cells in numbers.items()}
    columns["grows"] = BooleanArray(growth > 0, np.isnan(growth))
    columns["note"] = _notes(reasons, given, apart, lang=lang)
    return pd.DataFrame({**keys, **columns})[list(COLUMNS)]


def _require_positive(number: object, option: str, mend: str) -> None:
    if number is None or (is_number(number) and 0 < float(number) < np.inf):
        return
    raise ValuesError(f"{number!r} is not above 0", where=f"{option}=", mend=mend)


def _keys(dossiers: pd.DataFrame) -> dict[str, pd.Series]:
    """Return agency, sector, period and basis of each row, the frame being one of dossiers."""
    what, mend = "the backlog cannot be told", "pass the form dossiers through validate() first"
    if not isinstance(dossiers, pd.DataFrame) or dossiers.empty:
        kind = "no rows" if isinstance(dossiers, pd.DataFrame) else type(dossiers).__name__
        raise ValuesError(f"{what}: a frame of dossiers is needed", where=kind, mend=mend)
    if missing := [name for name in ("agency", "period", *NEEDED) if name not in dossiers]:
        raise ValuesError(
            f"{what}: column {', '.join(missing)} missing", where="columns", mend=mend
        )
    table = dossiers.reset_index(drop=True)
    try:
        period = require_quarters(table["period"], where="column period")
    except PeriodError as error:
        raise ValuesError(f"{what}: {error.what}", where=error.where, mend=error.mend) from error
    window = _stated_windows(table)
    if (nameless := (period.isna() & window.isna()).to_numpy()).any():
        raise ValuesError(f"{what}: period is empty", where=in_rows(nameless), mend=mend)
    by_period = basis_of_texts(table["period"], otherwise=IN_PERIOD)
    stated = table["basis"] if "basis" in table else pd.Series(pd.NA, table.index, dtype="str")
    basis = stated.astype("str").where(stated.notna() & (stated != ""), by_period)
    wrong = (~basis.isin(BASES) | (basis == AS_OF)).to_numpy()
    if wrong.any():
        raise ValuesError(
            f"{what}: what came and left is counted in a period, not {basis[wrong].iloc[0]}",
            where=f"column basis, {in_rows(wrong)}",
            mend="give rows in_period or year_to_date",
        )
    sector = table["sector"] if "sector" in table else pd.Series("all", table.index)
    keys = {"agency": table["agency"].astype("str"), "sector": sector.astype("str")}
    keys |= {"period": period, "basis": basis.astype("str")}
    # Rows without the name of a quarter are kept apart by their days.
    by_days = pd.DataFrame(keys | {"window": window.where(period.isna(), "")})
    twice = pd.Series(key_codes(by_days, (*KEYS, "window"))).duplicated(keep=False).to_numpy()
    if twice.any():
        raise ValuesError(
            f"{what}: rows of one agency, sector, period and basis", where=in_rows(twice), mend=mend
        )
    return keys


def _figures(dossiers: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the figures as floats, NaN where they are missing."""
    faults, figures = [], {}
    for name in (*NEEDED, *OPTIONAL):
        if name not in dossiers:
            figures[name] = np.full(len(dossiers), np.nan)
            continue
        cells = dossiers[name].astype(object)
        strange = ~np.array([is_number(cell) for cell in cells]) & cells.notna().to_numpy()
        figure = cells.mask(strange | cells.isna(), np.nan).to_numpy("float64")
        broken = np.isinf(figure) | (figure < 0)
        if name != "capacity":
            broken |= ~np.isnan(figure) & (figure != np.floor(figure))
        if (strange | broken).any():
            cell = cells[strange | broken].iloc[0]
            faults.append(f"column {name}: {cell!r} in {in_rows(strange | broken)} is no count")
        figures[name] = figure
    if faults:
        raise ValuesError(
            f"the backlog cannot be told: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(faults),
            mend="correct the figures in the source",
        )
    return figures


def _window_days(dossiers: pd.DataFrame, keys: dict[str, pd.Series]) -> np.ndarray:
    """Return the days of each row's window: the one stated, or else the decree's."""
    days = np.full(len(dossiers), np.nan)
    if (named := keys["period"].notna().to_numpy()).any():
        start, end = window_columns(keys["period"][named], keys["basis"][named])
        days[named] = (end - start) / _DAY + 1
    first, last = _window_ends(dossiers)
    return np.where(np.isnat(first), days, (last - first) / _DAY + 1)


def _window_ends(dossiers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last day as stated, NaT where they are no window."""
    names = ("window_start", "window_end")
    nothing = np.full(len(dossiers), np.datetime64("NaT", "us"))
    if not {*names} <= set(dossiers.columns):
        return nothing, nothing
    first, last = (pd.to_datetime(dossiers[name]).to_numpy("datetime64[us]") for name in names)
    stated = last >= first
    return np.where(stated, first, nothing), np.where(stated, last, nothing)


def _stated_windows(dossiers: pd.DataFrame) -> pd.Series:
    """Return the days stated as text, missing where they are no window."""
    first, last = _window_ends(dossiers)
    text = pd.Series(first.astype(str)) + " - " + pd.Series(last.astype(str))
    return text.where(~np.isnat(first)).astype("str")


def _notes(
    reasons: dict[str, np.ndarray], given: dict[str, np.ndarray], apart: np.ndarray, *, lang: str
) -> pd.Series:
    """Return what is to be said of each row."""
    size, form = len(apart), find_form("dossiers")
    notes: list[list[str]] = [[] for _ in range(size)]
    for code, mask in reasons.items():
        sentence = word("backlog", code, lang=lang)
        for row in np.flatnonzero(mask):
            words = {
                "columns": ", ".join(
                    f"'{form.heading(name)}'" if lang == "vi" else name
                    for name in NEEDED
                    if np.isnan(given[name][row])
                ),
                "apart": f"{apart[row]:.0f}",
            }
            notes[row].append(sentence.format(**words))
    return pd.Series(["; ".join(texts) for texts in notes], dtype="str")
