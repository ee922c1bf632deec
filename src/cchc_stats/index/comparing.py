"""Scores side by side: of two years or schemes, of the agency itself and those who appraised it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.scoring import (
    DECIMALS,
    SELF,
    case_name,
    did_you_mean,
    given_scores,
    keys_of,
    points_text,
)
from cchc_stats.words import (
    QUARTERS,
    ValuesError,
    as_figures,
    fold,
    listed,
    several_spellings,
    vietnamese_order,
)

Mapped = Mapping[str, Any] | pd.Series | pd.DataFrame
_FIGURES = ("max", "points", "percent")
OF_SCHEMES = (
    *("agency", "assessor", "period_a", "period_b", "code_a", "code_b", "label_a", "label_b"),
    *("max_a", "max_b", "points_a", "points_b", "percent_a", "percent_b"),
    *("change_pp", "change_points"),
    *("scheme_a", "scheme_b", "scheme_status_a", "scheme_status_b", "note"),
)
OF_ASSESSORS = (
    *("agency", "period", "code", "parent", "label", "kind", "appraiser", "max_points"),
    *("self_points", "appraised_points", "difference", "agreed"),
    *("branch_self", "branch_appraised", "scheme", "scheme_status", "note"),
)
_KEY = ["agency", "period", "code"]

# One agency's and assessor's rows of one side, by code.
Case = Mapping[str, dict[str, Any]]


class _NodeSum(NamedTuple):
    """One side of one comparison: the sum of its nodes, NaN where one is unknown."""

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
    matches = _matched_codes(table_a, table_b, mapping)
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
    return _typed(pd.DataFrame(rows, columns=list(OF_SCHEMES)))


def _cases(table: pd.DataFrame, where: str) -> dict[tuple[str, str], Case]:
    """Return the rows of each agency and assessor by code; more than one period is refused."""
    periods = table.drop_duplicates(["agency", "assessor", "period"])
    several = periods[periods.duplicated(["agency", "assessor"], keep=False)]
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
    for names in several_spellings(sorted(sides[0] | sides[1], key=vietnamese_order)):
        for name in names:
            others = [other for other in names if other != name]
            if not all(name in side for side in sides):
                hints[name] = [f"tên gần giống: {', '.join(others)}"]
    return hints


def _names(table_a: pd.DataFrame, table_b: pd.DataFrame) -> tuple[str, str]:
    """Return what tells the two sides apart in a note: their schemes, else their periods."""
    for what, column in (("bộ chỉ số", "scheme"), ("kỳ", "period")):
        names_of = [
            {str(cell) for cell in table[column] if str(cell) not in ("", "NaT")}
            for table in (table_a, table_b)
        ]
        if all(names_of) and not names_of[0] & names_of[1]:
            a, b = (
                f"{what} {listed(sorted(names, key=vietnamese_order), between=', ')}"
                for names in names_of
            )
            return a, b
    return "bảng a", "bảng b"


def _head(case: Case, side: str) -> dict[str, Any]:
    """Return period, scheme and its status of one side, empty where the side is."""
    first = next(iter(case.values()), {"period": pd.NaT, "scheme": "", "scheme_status": ""})
    return {f"{name}_{side}": first[name] for name in ("period", "scheme", "scheme_status")}


def _side(case: Case, codes: tuple[str, ...]) -> _NodeSum:
    """Return the sum of nodes of one side; one that is missing or incomplete leaves it unknown."""
    rows = [case[code] for code in codes if code in case]
    if not rows:
        return _NodeSum()
    faults = [f"thiếu {code}" for code in codes if code not in case]
    faults += [_incomplete(row) for row in rows if not row["complete"]]
    kinds = frozenset(row["kind"] for row in rows)
    most = _most(rows, apart=len(kinds) > 1)
    points = np.nan if faults else _points(rows, apart=len(kinds) > 1)
    percent = np.nan
    if not faults and len(rows) == 1:
        percent = _number(rows[0]["percent"])
    elif most > 0:
        percent = 100 * points / most
    labels = " + ".join(row["label"] for row in rows if row["label"])
    return _NodeSum(" + ".join(codes), labels, most, points, percent, kinds, tuple(faults))


def _incomplete(row: Mapping[str, Any]) -> str:
    most = _number(row["unknown_max"])
    worth = "" if np.isnan(most) else f" (còn {points_text(most)} điểm chưa biết)"
    return f"{row['code']} chưa đủ{worth}"


def _most(rows: Iterable[Mapping[str, Any]], *, apart: bool) -> float:
    """Return the sum of the applicable maxima.

    Bonus and deduction stand beside the maximum, not in it, unless they alone are looked at.
    """
    counted = [row for row in rows if not apart or row["kind"] == "score"]
    return round(sum(_number(row["applicable_max"]) for row in counted), DECIMALS)


def _points(rows: Iterable[Mapping[str, Any]], *, apart: bool) -> float:
    """Return the sum of points; a deduction counts below zero where other kinds are there too."""
    signs = {"deduction": -1.0} if apart else {}
    total = sum(signs.get(row["kind"], 1.0) * _number(row["points"]) for row in rows)
    return round(total, DECIMALS)


def _number(cell: Any) -> float:
    return np.nan if pd.isna(cell) else float(cell)


def _figures(a: _NodeSum, b: _NodeSum) -> dict[str, Any]:
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


def _notes(a: _NodeSum, b: _NodeSum, name_a: str, name_b: str) -> list[str]:
    """Return what is to be said about two sides."""
    sides = ((name_a, a), (name_b, b))
    notes = [f"{name}: {fault}" for name, side in sides for fault in side.faults]
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
    return notes + [f"{name}: không áp dụng" for name, side in sides if side.max == 0]


def _other_label(a: _NodeSum, b: _NodeSum) -> list[str]:
    """Return a warning where equal codes have labels that differ: schemes renumber."""
    if not a.label or not b.label or fold(a.label) == fold(b.label):
        return []
    return ["cùng mã nhưng khác tên: xem lại hoặc nêu mapping"]


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in OF_SCHEMES:
        if name.startswith("period"):
            columns[name] = pd.PeriodIndex(table[name].tolist(), dtype=QUARTERS)
        elif name.startswith((*_FIGURES, "change")):
            columns[name] = as_figures(table[name].to_numpy("float64"))
        else:
            columns[name] = table[name].astype("str")
    return pd.DataFrame(columns)


# Which nodes of one scheme stand against which of another.


class Matched(NamedTuple):
    """Codes of the one side and of the other that are compared as sums; one side may be empty."""

    a: tuple[str, ...]
    b: tuple[str, ...]


def _matched_codes(
    table_a: pd.DataFrame, table_b: pd.DataFrame, mapping: Mapped | None
) -> list[Matched]:
    """Return the codes that are compared, in the order of the first side, then what is left over.

    Parameters
    ----------
    table_a, table_b : given scores (see `given_scores`).
    mapping : code_a -> code_b or several of them (a mapping or a Series), or a frame with columns
        code_a and code_b; None for equal codes. The root of the one stands against the root of the
        other unless named.

    Raises
    ------
    ValuesError
        A code that its side does not have; a node joined with one that is above it.
    """
    codes_a, codes_b = list(table_a["code"].unique()), list(table_b["code"].unique())
    if mapping is None:
        pairs = [(code, code) for code in codes_a if code in set(codes_b)]
    else:
        pairs = _pairs(mapping)
        _require_codes(pairs, codes_a, codes_b)
    pairs += _roots(pairs, table_a, table_b)
    matches = [_ordered(part, codes_a, codes_b) for part in _linked(pairs)]
    _require_apart(matches, table_a, table_b)
    named_a, named_b = ({pair[side] for pair in pairs} for side in (0, 1))
    matches += [Matched((code,), ()) for code in codes_a if code not in named_a]
    matches.sort(key=lambda each: codes_a.index(each.a[0]))
    return matches + [Matched((), (code,)) for code in codes_b if code not in named_b]


def _roots(
    pairs: Iterable[tuple[str, str]], table_a: pd.DataFrame, table_b: pd.DataFrame
) -> list[tuple[str, str]]:
    """Return the roots against each other, but for those that the pairs name."""
    roots = []
    for side, table in enumerate((table_a, table_b)):
        named = {pair[side] for pair in pairs}
        codes = table.loc[table["is_root"], "code"].unique()
        roots.append([code for code in codes if code not in named])
    return [(a, b) for a in roots[0] for b in roots[1]]


def _pairs(mapping: Mapped) -> list[tuple[str, str]]:
    """Return the pairs of codes of a mapping or a frame."""
    mend = "give code_a -> code_b, or a frame with columns code_a and code_b"
    if isinstance(mapping, pd.DataFrame):
        if missing := [name for name in ("code_a", "code_b") if name not in mapping]:
            what = f"column {' and '.join(missing)} missing"
            raise ValuesError(what, where="mapping", mend=mend)
        given = list(zip(mapping["code_a"], mapping["code_b"], strict=True))
    elif isinstance(mapping, Mapping | pd.Series):
        given = [(a, b) for a, codes in mapping.items() for b in _each(codes)]
    else:
        what = f"a mapping is a dict or a frame, not a {type(mapping).__name__}"
        raise ValuesError(what, where="mapping", mend=mend)
    strange = [pair for pair in given if not all(isinstance(code, str) for code in pair)]
    if strange:
        raise ValuesError(
            f"a code is a text: {listed(map(repr, strange), between=', ')}",
            where="mapping",
            mend="write codes in quotes and read them as text: 1.10 as a number is 1.1; a node "
            "without a counterpart is left out",
        )
    return list(dict.fromkeys((str(a).strip(), str(b).strip()) for a, b in given))


def _each(codes: Any) -> Iterable[Any]:
    return codes if isinstance(codes, list | tuple | set) else [codes]


def _require_codes(
    pairs: Iterable[tuple[str, str]], codes_a: list[str], codes_b: list[str]
) -> None:
    faults = []
    for side, codes, used in (
        ("scores_a", codes_a, [a for a, _ in pairs]),
        ("scores_b", codes_b, [b for _, b in pairs]),
    ):
        strange = [code for code in dict.fromkeys(used) if code not in set(codes)]
        if strange:
            names = ", ".join(did_you_mean(code, codes) for code in strange)
            faults.append(f"{side} has no {names}")
    if faults:
        raise ValuesError(
            "the mapping names codes that are not in the scores",
            where="mapping: " + "; ".join(faults),
            mend="map codes of scores_a to codes of scores_b, spelled as in their column code",
        )


def _linked(pairs: Iterable[tuple[str, str]]) -> list[set[tuple[str, str]]]:
    """Return the pairs in parts: pairs with a code of the same side in common are in one."""
    parts: list[set[tuple[str, str]]] = []
    for pair in pairs:
        touching = [p for p in parts if any(a == pair[0] or b == pair[1] for a, b in p)]
        parts = [part for part in parts if part not in touching]
        parts.append({pair}.union(*touching))
    return parts


def _ordered(part: set[tuple[str, str]], codes_a: list[str], codes_b: list[str]) -> Matched:
    return Matched(
        tuple(sorted({a for a, _ in part}, key=codes_a.index)),
        tuple(sorted({b for _, b in part}, key=codes_b.index)),
    )


def _require_apart(matches: list[Matched], table_a: pd.DataFrame, table_b: pd.DataFrame) -> None:
    """Refuse sums in which a node would be counted twice: alone and in one above it."""
    faults = []
    for side, table in (("scores_a", table_a), ("scores_b", table_b)):
        parents: dict[str, set[str]] = {}
        edges = table[["code", "parent"]].drop_duplicates().itertuples(index=False, name=None)
        for code, parent in edges:
            parents.setdefault(code, set()).add(parent)
        for each in matches:
            codes = each.a if side == "scores_a" else each.b
            faults += [
                f"{side}: {above} is above {code}"
                for code in codes
                for above in codes
                if above in _ancestors(code, parents)
            ]
    if faults:
        raise ValuesError(
            "the mapping joins a node with one that is above it, whose points hold it already",
            where="mapping: " + "; ".join(faults),
            mend="map the leaves, or the node above them, not both to the same code",
        )


def _ancestors(code: str, parents: Mapping[str, set[str]]) -> set[str]:
    ancestors: set[str] = set()
    step = parents.get(code, set())
    while step := step - ancestors:
        ancestors |= step
        step = {above for each in step for above in parents.get(each, set())}
    return ancestors - {code}


# The agency's own assessment against those of its appraisers.


def compare_assessors(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the agency's own scores against the appraised ones (tự chấm, thẩm định).

    Parameters
    ----------
    scores : scores (see `score`) of the assessor "self" and of at least one other.

    Returns
    -------
    Frame, a row per agency × period × node × appraiser, in the order of the scores:
    `agency, period, code, parent, label, kind, appraiser` ("" for an agency that nobody appraised),
    `max_points`;
    `self_points, appraised_points`, <NA> where unknown or not given;
    `difference`, appraised less self, in points of the node: more deducted is above zero too;
    `agreed`, whether both are complete and equal at ten decimals, of the same applicable maximum;
    `branch_self, branch_appraised`, which part of the rule gave the points;
    `scheme, scheme_status` ("example": not for decisions); `note`, why there is no difference, or
    that the two do not hold the node applicable alike.

    Raises
    ------
    ValuesError
        No scores, nobody but "self", or no "self".

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "A", "assessor": ["self", "appraised_1"],
    ...                     "points": [9.5, 9.0], "max_points": 10})
    >>> compare_assessors(own)[["appraiser", "difference", "agreed"]].values.tolist()
    [['appraised_1', -0.5, False]]
    """
    table = given_scores(scores)
    _require_both(table)
    table = table.assign(place=range(len(table)))
    own, others = (table[rows] for rows in (table["assessor"] == SELF, table["assessor"] != SELF))
    # All that each appraiser should have looked at: what the agency or the appraiser has a row for.
    asked = others[["agency", "period", "assessor"]].drop_duplicates()
    nodes = own[[*_KEY, "place"]].merge(asked, on=["agency", "period"], how="left")
    nodes["assessor"] = nodes["assessor"].fillna("")
    given = others[[*_KEY, "place", "assessor"]]
    rows = pd.concat([nodes, given]).drop_duplicates([*_KEY, "assessor"])
    rows = _with(rows, own.drop(columns="assessor"), _KEY, "_self")
    rows = _with(rows, others, [*_KEY, "assessor"], "_appraised")
    order = _order_of(rows, table)
    in_order = sorted(range(len(rows)), key=order.__getitem__)
    return _compared(rows.iloc[in_order].reset_index(drop=True))


def _require_both(table: pd.DataFrame) -> None:
    assessors = list(table["assessor"].unique())
    if SELF not in assessors:
        raise ValuesError(
            'there are no scores of the assessor "self" to compare with',
            where=f"column assessor: {listed(assessors, between=', ')}",
            mend='score the agency\'s own answers too, with assessor "self"',
        )
    if len(assessors) == 1:
        raise ValuesError(
            'there are no scores but those of the assessor "self"',
            where="column assessor",
            mend='score the appraised answers too, with an assessor such as "appraised_1"',
        )


def _with(rows: pd.DataFrame, side: pd.DataFrame, key: list[str], suffix: str) -> pd.DataFrame:
    """Return the rows with the columns of one side; `place` of it tells whether it is there."""
    named = side.rename(columns={name: f"{name}{suffix}" for name in side if name not in key})
    return rows.merge(named, on=key, how="left", validate="many_to_one")


def _order_of(rows: pd.DataFrame, table: pd.DataFrame) -> list[tuple[int, int, int]]:
    """Return what sorts the rows: case as first given, then node, then appraiser."""
    cases: dict[tuple[str, str], int] = {}
    for case in zip(*keys_of(table, ("agency", "period")), strict=True):
        cases.setdefault(case, len(cases))
    nodes = {code: at for at, code in enumerate(dict.fromkeys(table["code"]))}
    who = {name: at for at, name in enumerate(sorted({*table["assessor"], ""}))}
    keys = zip(*keys_of(rows, [*_KEY, "assessor"]), strict=True)
    return [(cases[agency, period], nodes[code], who[name]) for agency, period, code, name in keys]


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    here = {side: rows[f"place_{side}"].notna() for side in ("self", "appraised")}

    def either(name: str) -> pd.Series:
        """Return a column as the appraiser's row has it, else the agency's own."""
        return rows[f"{name}_appraised"].where(here["appraised"], rows[f"{name}_self"])

    complete = {
        side: here[side] & rows[f"complete_{side}"].fillna(False).astype(bool) for side in here
    }
    points = {side: rows[f"points_{side}"].where(complete[side]) for side in here}
    difference = (points["appraised"] - points["self"]).round(DECIMALS)
    most = (rows["applicable_max_appraised"] - rows["applicable_max_self"]).round(DECIMALS)
    other_max = most.ne(0).fillna(False).astype(bool)
    texts = {
        name: either(name).astype("str").fillna("")
        for name in ("parent", "label", "kind", "scheme", "scheme_status")
    }
    branches = {f"branch_{side}": rows[f"branch_{side}"].astype("str").fillna("") for side in here}
    compared = rows[_KEY].assign(
        **texts,
        appraiser=rows["assessor"].astype("str"),
        max_points=either("max_points").astype("Float64"),
        self_points=points["self"].astype("Float64"),
        appraised_points=points["appraised"].astype("Float64"),
        difference=difference.astype("Float64"),
        agreed=difference.eq(0).fillna(False).astype(bool) & ~other_max,
        **branches,
        note=pd.Series(
            [
                _why_not(row, *sides)
                for row, *sides in zip(
                    rows.to_dict("records"), *here.values(), *complete.values(), strict=True
                )
            ],
            index=rows.index,
            dtype="str",
        ),
    )
    return compared[list(OF_ASSESSORS)]


def _why_not(
    row: dict[Any, Any], has_self: bool, has_other: bool, self_complete: bool, other_complete: bool
) -> str:
    """Return why two assessments of one node are not compared, or what differs beside points."""
    notes = []
    if not self_complete:
        notes.append("điểm tự chấm chưa đủ" if has_self else "không có điểm tự chấm")
    if not row["assessor"]:
        notes.append("chưa được thẩm định")
    elif not other_complete:
        notes.append("điểm thẩm định chưa đủ" if has_other else "không có điểm thẩm định")
    most = [row["applicable_max_self"], row["applicable_max_appraised"]]
    if has_self and has_other and not any(pd.isna(cell) for cell in most):
        own, other = (float(np.round(cell, DECIMALS)) for cell in most)
        if own != other:
            notes.append(
                f"điểm tối đa áp dụng khác nhau: tự chấm {points_text(own)}, "
                f"thẩm định {points_text(other)}"
            )
    return "; ".join(notes)
