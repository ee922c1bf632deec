"""PAR INDEX of provinces over the years: the scheme of each, its classes, and a trend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scoring import DECIMALS
from cchc_stats.words import ValuesError, facts_of, listed, require_language, same_spelling

TREND = (
    *("year", "unit", "value", "rank", "class", "decision", "previous", "change", "rank_change"),
    *("scheme_changed", "status", "note"),
)
KINDS = {
    "year": "Int64",
    "value": "Float64",
    "rank": "Int64",
    "previous": "Float64",
    "change": "Float64",
    "rank_change": "Int64",
    "scheme_changed": "boolean",
}
NEEDED = ("year", "unit", "value")


@cache
def _years() -> Mapping[int, Mapping[str, Any]]:
    tables = facts_of("cchc_stats.index", "par_index.toml")["years"]
    return {table["year"]: table for table in tables}


def par_index_years(*, lang: str = "vi") -> pd.DataFrame:
    """Return by what PAR INDEX was scored each year, and from what percentage on a class is given.

    Parameters
    ----------
    lang : language of `note`, "vi" or "en".

    Returns
    -------
    Frame, a row per year from 2018 on: `year, decision` ("" where no source names it); `fields,
    criteria, sub_criteria, survey_points`, <NA> where no source says; `class_a, class_b, class_c`,
    the percentages, <NA> where no source says; `status, source, note`.

    Examples
    --------
    >>> years = par_index_years().set_index("year")
    >>> years.loc[[2018, 2019, 2024], ["decision", "class_a"]].values.tolist()
    [['', 80.0], ['1150/QĐ-BNV', 90.0], ['892/QĐ-BNV', 90.0]]
    """
    require_language(lang)
    counts = ("fields", "criteria", "sub_criteria", "survey_points")
    rows = [
        {"year": year, "decision": table.get("decision", "")}
        | {name: table.get(name, pd.NA) for name in counts}
        | {f"class_{code.lower()}": table["classes"].get(code, pd.NA) for code in "ABC"}
        | {"status": table["status"], "source": table["source"]}
        | {"note": table.get(f"note_{lang}", "")}
        for year, table in _years().items()
    ]
    types = dict.fromkeys(("decision", "status", "source", "note"), "str")
    types |= dict.fromkeys(("year", *counts), "Int64")
    return pd.DataFrame(rows).astype(
        types | dict.fromkeys((f"class_{c}" for c in "abc"), "Float64")
    )


def par_index_trend(results: pd.DataFrame) -> pd.DataFrame:
    """Return published results of PAR INDEX over the years, and where the scheme changed.

    Parameters
    ----------
    results : frame `year, unit, value` (percent; <NA> where only the rank was published), and
        `rank`, `status`, `kind` where there are any; each unit once a year. Only a "province" (or a
        row without kind) gets a class: a mean or a region has none.

    Returns
    -------
    Frame, a row per unit and year, units in the order of the results, years rising:
    `year, unit, value, rank`;
    `class`, "A", "B" or "C" by the bounds of that very year, "below C", "" where no source says;
    `decision`, that the year was scored by, "" where no source names it;
    `previous`, the value of the year before, never of an earlier one; `change`, in percentage
    points; `rank_change`, below 0 where the unit stands better;
    `scheme_changed`, whether another decision than the year before, <NA> where no source names
    one of the two; `status`; `note`: that the change is between two schemes, or may be, and why
    there is no class. Values of two schemes are not one series: their change is printed, and
    said so.

    Raises
    ------
    ValuesError
        No frame or no rows; a missing column; a year that is none, a value outside 0-100, a rank
        below 1, an empty unit; a unit twice in a year. All faults at once.

    Examples
    --------
    >>> own = pd.DataFrame({"year": [2023, 2024], "unit": "Tỉnh A", "value": [86.9, 88.3]})
    >>> trend = par_index_trend(own)
    >>> trend[["class", "change", "scheme_changed"]].values.tolist()
    [['B', <NA>, <NA>], ['B', 1.4, True]]
    >>> trend["note"].iloc[1]
    'so hai bộ tiêu chí khác nhau: 876/QĐ-BNV (2023) và 892/QĐ-BNV (2024)'
    """
    table = _typed(results)
    table["key"] = [same_spelling(unit) for unit in table["unit"]]
    before = table[["key", "year", "value", "rank"]].assign(year=table["year"] + 1)
    before = before.rename(columns={"value": "previous", "rank": "previous_rank"})
    joined = table.merge(before, on=["key", "year"], how="left", validate="one_to_one")
    joined["order"] = pd.factorize(joined["key"])[0]
    joined = joined.sort_values(["order", "year"], ignore_index=True)
    decisions = [_years().get(year, {}).get("decision", "") for year in joined["year"]]
    earlier = [_years().get(year - 1, {}).get("decision", "") for year in joined["year"]]
    compared = (joined["previous"].notna() & joined["value"].notna()).tolist()
    compared_rank = (joined["rank"].notna() & joined["previous_rank"].notna()).tolist()
    changed = [
        one != two if one and two and (value or rank) else pd.NA
        for one, two, value, rank in zip(decisions, earlier, compared, compared_rank, strict=True)
    ]
    facts = zip(joined["year"], joined["value"], joined["kind"], strict=True)
    classes = [_class(*one) for one in facts]
    both = [value or rank for value, rank in zip(compared, compared_rank, strict=True)]
    rows = zip(joined["year"], earlier, decisions, both, classes, strict=True)
    columns: dict[str, Any] = {
        "class": [code for code, _ in classes],
        "decision": decisions,
        "change": (joined["value"] - joined["previous"]).round(DECIMALS),
        "rank_change": joined["rank"] - joined["previous_rank"],
        "scheme_changed": changed,
        "note": ["; ".join(_notes(*row)) for row in rows],
    }
    types = {name: KINDS.get(name, "str") for name in TREND}
    return joined.assign(**columns)[list(TREND)].astype(types)


def _class(year: int, value: Any, kind: str) -> tuple[str, str]:
    """Return the class of a value in its year, and why there is none."""
    if kind not in ("", "province"):
        return "", "không xếp loại: không phải một tỉnh, thành phố"
    if pd.isna(value):
        return "", "không công bố giá trị"
    bounds = _years().get(year, {}).get("classes", {})
    for code, least in bounds.items():
        if np.round(value, DECIMALS) >= least:
            return code, ""
    if "C" in bounds:
        return "below C", ""
    return "", f"chưa biết ngưỡng xếp loại năm {year}"


def _notes(
    year: int, before: str, decision: str, compared: bool, of_class: tuple[str, str]
) -> Iterator[str]:
    if compared and before and decision and before != decision:
        yield f"so hai bộ tiêu chí khác nhau: {before} ({year - 1}) và {decision} ({year})"
    elif compared and not (before and decision):
        years = [str(one) for one, stated in ((year - 1, before), (year, decision)) if not stated]
        yield f"chưa rõ bộ tiêu chí năm {', '.join(years)}: hai năm có thể khác bộ tiêu chí"
    if of_class[1]:
        yield of_class[1]


def _typed(results: object) -> pd.DataFrame:
    """Return year, unit, value, rank, status and kind, typed, or refuse them with all faults."""
    mend = "give year, unit and value, and rank where it is published; each unit once a year"
    if not isinstance(results, pd.DataFrame) or results.empty:
        what = "no rows" if isinstance(results, pd.DataFrame) else type(results).__name__
        raise ValuesError(f"there are no results: {what}", where="results", mend=mend)
    if missing := [name for name in NEEDED if name not in results]:
        what = f"column {', '.join(missing)} is missing"
        raise ValuesError(what, where="results", mend=mend)
    columns: dict[str, list[Any]] = {
        name: results[name].tolist() if name in results else [None] * len(results)
        for name in ("year", "unit", "value", "rank", "status", "kind")
    }
    faults = [fault for row in range(len(results)) for fault in _wrong(columns, row)]
    faults = faults or list(_twice(columns))
    if faults:
        number = len(faults)
        raise ValuesError(
            f"the results cannot be used: {number} fault{'s' if number > 1 else ''}",
            where=f"results, {listed(faults)}",
            mend=mend,
        )
    types = dict.fromkeys(("unit", "status", "kind"), "str")
    types |= {"year": "int64", "value": "Float64", "rank": "Int64"}
    return pd.DataFrame({name: _cells(name, cells) for name, cells in columns.items()}).astype(
        types
    )


def _twice(columns: Mapping[str, list[Any]]) -> Iterator[str]:
    pairs = list(zip(columns["year"], columns["unit"], strict=True))
    keys = pd.Series([(int(year), same_spelling(str(unit))) for year, unit in pairs])
    for row in np.flatnonzero(keys.duplicated()):
        year, unit = pairs[row]
        yield f"row {row}: {unit} is there twice in {year}"


def _cells(name: str, cells: list[Any]) -> list[Any]:
    if name in ("unit", "status", "kind"):
        return ["" if pd.isna(cell) else str(cell).strip() for cell in cells]
    if name == "value":
        return [pd.NA if pd.isna(cell) else float(cell) for cell in cells]
    return [pd.NA if pd.isna(cell) else int(cell) for cell in cells]


def _wrong(columns: Mapping[str, list[Any]], row: int) -> Iterator[str]:
    year, unit, value, rank = (columns[name][row] for name in ("year", "unit", "value", "rank"))
    if not _is_integer(year) or not 1990 <= year <= 2100:
        yield f"row {row}: year {year!r} is none"
    if pd.isna(unit) or not str(unit).strip():
        yield f"row {row}: unit is empty"
    if not pd.isna(value) and not (_is_real(value) and 0 <= value <= 100):
        yield f"row {row}: value {value!r} is no percentage from 0 to 100"
    if not pd.isna(rank) and not (_is_integer(rank) and rank >= 1):
        yield f"row {row}: rank {rank!r} is no rank, 1 or more"


def _is_real(cell: object) -> bool:
    return isinstance(cell, Real) and not isinstance(cell, bool | np.bool_)


def _is_integer(cell: Any) -> bool:
    return _is_real(cell) and bool(np.isfinite(float(cell))) and float(cell) == int(cell)
