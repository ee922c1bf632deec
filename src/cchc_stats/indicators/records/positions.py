"""Indicators of job positions: units that place their staff by them, and people trained."""

from __future__ import annotations

import pandas as pd

from cchc_stats.forms import PrintedTables
from cchc_stats.indicators.indicator import Indicator, Tables, indicate, require_figures
from cchc_stats.indicators.tables import Rows, as_flow, name_dash, tables_of

_TABLE_3A = "Phụ lục báo cáo CCHC, bảng 3a"
_NOT_PLACED = {
    "units_placed": "units_not_placed",
    "service_units_placed": "service_units_not_placed",
}


def positions_placed_share(positions: pd.DataFrame) -> pd.Series:
    """Return the share of units that place staff by approved job position (vị trí việc làm).

    Parameters
    ----------
    positions : validated frame of the form, one row per item.

    Returns
    -------
    Series `positions_placed_share`, Float64 percent, on the rows of `positions` with the items
    `units_placed` and `service_units_placed`: each of them over itself and the item of units that
    do not. <NA> where one of the two is missing or there are no such units.
    Source: appendix, table 3a.

    Raises
    ------
    ValuesError
        The frame is not the form's.

    Examples
    --------
    >>> from cchc_stats.forms import validate
    >>> positions = validate(pd.DataFrame(
    ...     {"agency": "Sở A", "period": "2020Q3", "item": ["units_placed", "units_not_placed"],
    ...      "count": [8, 0]}), "positions")
    >>> positions_placed_share(positions).tolist()
    [100.0]
    """
    frame = _placements(tables_of(positions=positions), "vi")
    return indicate(frame, POSITIONS_PLACED_SHARE)


def _placements(tables: Tables, _: str) -> pd.DataFrame:
    """Return the items of units that place, beside those of units that do not."""
    items = tables["positions"]
    dash = Rows(items, "item").printed_dash.get("count", False)
    key = ["agency", "period", "basis", "item"]
    here = items["item"].isin(list(_NOT_PLACED))
    placed = items[here].rename(columns={"count": "placed"})
    other = items[[*key, "count", "source"]].assign(dash=dash)
    other = other.rename(columns={"count": "not_placed"})
    wanted = placed[key].assign(item=placed["item"].map(_NOT_PLACED))
    beside = wanted.merge(other, on=key, how="left", validate="one_to_one")
    nothing = pd.Series("", index=placed.index, dtype="str")
    not_applicable = name_dash(nothing, "placed", other.loc[here, "dash"].to_numpy(bool))
    unmatched = beside["dash"].fillna(False).to_numpy(bool)
    if isinstance(tables, PrintedTables):
        # Their sources name a cell each: a share is made of both.
        pairs = zip(placed["source"], beside["source"].fillna(""), strict=True)
        both = [f"{one}; {other}" if other else one for one, other in pairs]
        placed = placed.assign(source=pd.array(both, dtype="str"))
    return placed.assign(
        not_placed=beside["not_placed"].array,
        not_applicable=name_dash(not_applicable, "not_placed", unmatched),
    )


POSITIONS_PLACED_SHARE = Indicator(
    code="positions_placed_share",
    label_vi="Tỷ lệ đơn vị bố trí người đúng vị trí việc làm",
    label_en="Share of units that place staff by job position",
    unit="percent",
    better="higher",
    kind="stock",
    form="positions",
    formula="placed / (placed + not_placed)",
    source=_TABLE_3A,
    additive=False,
    # Service units may be among the units of the first item: the two are not added.
    total=False,
    prepare=_placements,
)


def people_trained(positions: pd.DataFrame) -> pd.Series:
    """Return the number of people trained in the period (được đào tạo, bồi dưỡng trong kỳ).

    Parameters
    ----------
    positions : frame with `item, count`, one row per item.

    Returns
    -------
    Series `people_trained`, Float64 people, on the rows of `positions` with that item; <NA> where
    missing. Persons, where `training_turns` counts attendances. In `measure` it has basis
    `in_period` where the row has `as_of`, as its heading says "trong kỳ báo cáo".
    Source: appendix, table 3a.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["units_placed", "people_trained"], "count": [8, 15]})
    >>> people_trained(items).tolist()
    [15.0]
    """
    require_figures(positions, PEOPLE_TRAINED, ("item", "count"))
    return indicate(positions[positions["item"] == "people_trained"], PEOPLE_TRAINED)


def _trained(tables: Tables, _: str) -> pd.DataFrame:
    items = tables["positions"]
    return as_flow(items[items["item"] == "people_trained"], "in_period", row="item")


PEOPLE_TRAINED = Indicator(
    code="people_trained",
    label_vi="Người được đào tạo, bồi dưỡng trong kỳ",
    label_en="People trained in the period",
    unit="people",
    better="none",
    kind="count",
    form="positions",
    formula="count",
    source=_TABLE_3A,
    # A person trained in two quarters is one person of the year.
    additive=False,
    total=False,
    prepare=_trained,
)

RECORDS = (POSITIONS_PLACED_SHARE, PEOPLE_TRAINED)
