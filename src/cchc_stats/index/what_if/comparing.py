"""Scores of two years or schemes side by side, node by node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.scoring import (
    DECIMALS,
    case_name,
    compare_assessors,
    given_scores,
    listed,
    points_text,
)
from cchc_stats.index.what_if.code_mapping import Mapped, matched_codes
from cchc_stats.words import QUARTERS, ValuesError, fold, several_spellings

__all__ = ["compare_assessors", "compare_schemes"]

_SIGN = {"deduction": -1.0}
_FIGURES = ("max", "points", "percent")
COLUMNS = (
    *("agency", "assessor", "period_a", "period_b", "code_a", "code_b", "label_a", "label_b"),
    *("max_a", "max_b", "points_a", "points_b", "percent_a", "percent_b"),
    *("change_pp", "change_points"),
    *("scheme_a", "scheme_b", "scheme_status_a", "scheme_status_b", "note"),
)

# One agency's and assessor's rows of one side, by code.
Case = Mapping[str, dict[str, Any]]


class _Side(NamedTuple):
    """One side of one comparison: the sum of its nodes, NaN where it is not known."""

    code: str = ""
    label: str = ""
    max: float = np.nan
    points: float = np.nan
    percent: float = np.nan
    kinds: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()


def compare_schemes(
    scores_a: pd.DataFrame, scores_b: pd.DataFrame, mapping: Mapped | None = None
) -> pd.DataFrame:
    """Return two years' or two schemes' scores of the same agencies side by side.

    Parameters
    ----------
    scores_a, scores_b : scores (see `score`); of each agency and assessor one period.
    mapping : code of a -> code of b, or a list of them, as dict or Series; or a frame with columns
        code_a and code_b. Codes that are linked, one to many or many to one, are compared as sums.
        None: equal codes. The roots stand against each other unless the mapping names one of them.

    Returns
    -------
    Frame, a row per agency × assessor × node or joined nodes, in the order of `scores_a`, then what
    b alone has:
    `agency, assessor, period_a, period_b, code_a, code_b, label_a, label_b`, sums joined by " + ";
    `max_a, max_b`, the applicable maxima, `points_a, points_b`; in a sum of several kinds a
    deduction counts below zero, and only nodes that are neither bonus nor deduction have a maximum;
    `percent_a, percent_b`, percent of the applicable maximum, <NA> where that is 0;
    `change_pp`, b less a in percentage points;
    `change_points`, b less a in points, only where the two maxima are equal;
    `scheme_a, scheme_b, scheme_status_a, scheme_status_b` ("example": not for decisions);
    `note`: where a side is empty or incomplete, why points are not compared, equal codes with
    labels that differ.

    Raises
    ------
    ValuesError
        No scores; several periods of one agency on one side; no agency in common; a mapping with
        codes that are not there, or that joins a node with one above it.

    Examples
    --------
    >>> before = pd.DataFrame({"agency": "A", "period": "2019Q4", "code": ["1", "2"],
    ...                        "parent": ["total", "total"], "points": [3.0, 4], "max_points": 5})
    >>> after = before.assign(period="2020Q4", points=[4.0, 5])
    >>> both = compare_schemes(before, after, {"1": ["1", "2"], "2": "2"})
    >>> both[["code_a", "points_a", "max_a", "points_b", "change_pp"]].values.tolist()
    [['1 + 2', 7.0, 10.0, 9.0, 20.0]]
    """
    table_a = given_scores(scores_a, where="scores_a")
    table_b = given_scores(scores_b, where="scores_b")
    names_a, names_b = _names(table_a, table_b)
    matches = matched_codes(table_a, table_b, mapping)
    cases_a, cases_b = _cases(table_a, "scores_a"), _cases(table_b, "scores_b")
    if not set(cases_a) & set(cases_b):
        raise ValuesError(
            "no agency and assessor is in both scores",
            where=f"scores_a: {_agencies(cases_a)}; scores_b: {_agencies(cases_b)}",
            mend="spell agencies and assessors alike in both",
        )
    near = _near(cases_a, cases_b)
    rows = []
    for key in dict.fromkeys([*cases_a, *cases_b]):
        case_a, case_b = cases_a.get(key, {}), cases_b.get(key, {})
        head = {"agency": key[0], "assessor": key[1]} | _head(case_a, "a") | _head(case_b, "b")
        for match in matches:
            side_a, side_b = _side(case_a, match.a), _side(case_b, match.b)
            if not side_a.code and not side_b.code:
                continue
            notes = [*_notes(side_a, side_b, names_a, names_b)]
            if not case_a or not case_b:
                notes += near.get(key[0], [])
            elif mapping is None:
                notes += _other_label(side_a, side_b)
            rows.append(head | _figures(side_a, side_b) | {"note": "; ".join(notes)})
    return _typed(pd.DataFrame(rows, columns=list(COLUMNS)))


def _cases(table: pd.DataFrame, where: str) -> dict[tuple[str, str], Case]:
    """Return the rows of each agency and assessor by code; more than one period is refused."""
    told = table.drop_duplicates(["agency", "assessor", "period"])
    several = told[told.duplicated(["agency", "assessor"], keep=False)]
    if len(several):
        raise ValuesError(
            "two sets of scores are compared, each of one period",
            where=f"{where}: " + listed(case_name(row) for row in several.to_dict("records")),
            mend="choose the rows of one period for each side",
        )
    cases: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        cases.setdefault((row["agency"], row["assessor"]), {})[row["code"]] = {
            str(name): cell for name, cell in row.items()
        }
    return dict(cases)


def _agencies(cases: Mapping[tuple[str, str], Case]) -> str:
    return listed((f"{agency} ({assessor})" for agency, assessor in cases), most=5, between=", ")


def _near(
    cases_a: Mapping[tuple[str, str], Case], cases_b: Mapping[tuple[str, str], Case]
) -> dict[str, list[str]]:
    """Return for agencies of one side what they are perhaps called on the other."""
    sides = [{agency for agency, _ in cases} for cases in (cases_a, cases_b)]
    hints: dict[str, list[str]] = {}
    for names in several_spellings(sorted(sides[0] | sides[1])):
        for name in names:
            others = [other for other in names if other != name]
            if not all(name in side for side in sides):
                hints[name] = [f"tên gần giống: {', '.join(others)}"]
    return hints


def _names(table_a: pd.DataFrame, table_b: pd.DataFrame) -> tuple[str, str]:
    """Return what tells the two sides apart in a note: their schemes, else their periods."""
    for told, column in (("bộ chỉ số", "scheme"), ("kỳ", "period")):
        found = [
            {str(cell) for cell in table[column] if str(cell) not in ("", "NaT")}
            for table in (table_a, table_b)
        ]
        if all(found) and not found[0] & found[1]:
            a, b = (f"{told} {listed(sorted(names), between=', ')}" for names in found)
            return a, b
    return "bảng a", "bảng b"


def _head(case: Case, side: str) -> dict[str, Any]:
    """Return period, scheme and its status of one side, empty where the side is."""
    first = next(iter(case.values()), {"period": pd.NaT, "scheme": "", "scheme_status": ""})
    return {f"{name}_{side}": first[name] for name in ("period", "scheme", "scheme_status")}


def _side(case: Case, codes: tuple[str, ...]) -> _Side:
    """Return the sum of nodes of one side; one that is missing or incomplete leaves it unknown."""
    rows = [case[code] for code in codes if code in case]
    if not rows:
        return _Side()
    faults = [f"thiếu {code}" for code in codes if code not in case]
    for row in rows:
        if not row["complete"]:
            most = _number(row["unknown_max"])
            worth = "" if np.isnan(most) else f" (còn {points_text(most)} điểm chưa biết)"
            faults.append(f"{row['code']} chưa đủ{worth}")
    kinds = frozenset(row["kind"] for row in rows)
    signs = [_SIGN.get(row["kind"], 1.0) if len(kinds) > 1 else 1.0 for row in rows]
    # Bonus and deduction stand beside the maximum, not in it, unless they alone are looked at.
    counted = [row for row in rows if len(kinds) == 1 or row["kind"] == "score"]
    most = round(sum(_number(row["applicable_max"]) for row in counted), DECIMALS)
    points, percent = np.nan, np.nan
    if not faults:
        parts = [sign * _number(row["points"]) for sign, row in zip(signs, rows, strict=True)]
        points = round(sum(parts), DECIMALS)
        if len(rows) == 1:
            percent = _number(rows[0]["percent"])
        elif most > 0:
            percent = 100 * points / most
    labels = " + ".join(row["label"] for row in rows if row["label"])
    return _Side(" + ".join(codes), labels, most, points, percent, kinds, tuple(faults))


def _number(cell: Any) -> float:
    return np.nan if pd.isna(cell) else float(cell)


def _figures(a: _Side, b: _Side) -> dict[str, Any]:
    """Return the figures of both sides and the changes between them."""
    cells: dict[str, Any] = {}
    for name, side in (("a", a), ("b", b)):
        cells |= {f"code_{name}": side.code, f"label_{name}": side.label}
        cells |= {f"{figure}_{name}": getattr(side, figure) for figure in _FIGURES}
    alike = _equal(a.max, b.max)
    return cells | {
        "change_pp": round(b.percent - a.percent, DECIMALS),
        "change_points": round(b.points - a.points, DECIMALS) if alike else np.nan,
    }


def _equal(a: float, b: float) -> bool:
    # NaN - NaN is not below anything: two unknown maxima are not equal.
    return abs(a - b) < 0.1**DECIMALS


def _notes(a: _Side, b: _Side, name_a: str, name_b: str) -> list[str]:
    """Return what is to be said about two sides."""
    notes = [f"{name}: {fault}" for name, s in ((name_a, a), (name_b, b)) for fault in s.faults]
    if not a.code or not b.code:
        return [f"chỉ có ở {name_a if a.code else name_b}", *notes]
    if a.kinds != b.kinds:
        kinds = " / ".join(", ".join(sorted(side.kinds)) for side in (a, b))
        notes.append(f"khác loại mục: {kinds}")
    if np.isnan(a.max) or np.isnan(b.max):
        notes.append("không rõ điểm tối đa nên không so điểm")
    elif not _equal(a.max, b.max):
        pair = f"{points_text(a.max)} và {points_text(b.max)}"
        notes.append(f"điểm tối đa khác nhau ({pair}) nên không so điểm")
    for name, side in ((name_a, a), (name_b, b)):
        if side.max == 0:
            notes.append(f"{name}: không áp dụng")
    return notes


def _other_label(a: _Side, b: _Side) -> list[str]:
    """Return a warning where equal codes have labels that differ: schemes renumber."""
    if not a.label or not b.label or fold(a.label) == fold(b.label):
        return []
    return ["cùng mã nhưng khác tên: xem lại hoặc nêu mapping"]


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        if name.startswith("period"):
            columns[name] = pd.PeriodIndex(table[name].tolist(), dtype=QUARTERS)
        elif name.startswith((*_FIGURES, "change")):
            figures = table[name].to_numpy("float64")
            columns[name] = pd.arrays.FloatingArray(figures, np.isnan(figures))
        else:
            columns[name] = table[name].astype("str")
    return pd.DataFrame(columns)
