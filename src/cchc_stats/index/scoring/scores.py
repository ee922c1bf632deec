"""Scores as they are given back: read once, at the door, into what the rooms hand on."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any, Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.index.rules import Params, ScoredLeaf, find_rule
from cchc_stats.index.scheme import ROOT, classes_of
from cchc_stats.indicators import find_indicator
from cchc_stats.values import in_rows
from cchc_stats.words import (
    QUARTERS,
    PeriodError,
    ValuesError,
    as_figures,
    exact,
    fold_agency,
    listed,
    require_quarters,
)

SELF = "self"
CASE = ["agency", "period", "assessor"]
# What a scores frame must have to be explained, and to be summed by parts.
EXPLAINED = (
    *(*CASE, "code", "parent", "label", "label_en", "max_points", "applicable_max", "points"),
    *("points_known", "unknown_max", "complete", "value", "numerator", "denominator", "branch"),
    *("kind", "rule", "params", "indicator", "answer", "scheme_status"),
)
IN_PARTS = (*CASE, "code", "parent", "kind", "part", "max_points", "applicable_max", "points")
TEXTS = ("label", "kind", "branch", "scheme", "scheme_status", "note")
NUMBERS = ("max_points", "applicable_max", "points", "percent", "points_known", "unknown_max")
# Sums of decimals differ in their last binary digits by the order in which they are added
# (0.1 + 0.2 is not 0.3): at ten decimals they are equal again, and no scheme is finer than that.
DECIMALS = 10
_SAME = 1e-7  # percent; finer than any is printed, coarser than what points at ten decimals give


@dataclass(frozen=True, eq=False)
class CheckedScores:
    """Scores that went through the door, as rooms hand them on: nothing is looked at twice.

    Attributes
    ----------
    frame : as given, index 0…n-1.
    """

    frame: pd.DataFrame

    @classmethod
    def of(cls, scores: object) -> Self:
        """Return scores of which every leaf can be explained.

        Raises
        ------
        ValuesError
            No frame, no rows, or a missing column.
        """
        if not isinstance(scores, pd.DataFrame):
            faults = f"they are a {type(scores).__name__}, not a DataFrame"
        elif missing := [name for name in EXPLAINED if name not in scores]:
            faults = f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)} missing"
        elif scores.empty:
            faults = "they have no rows"
        else:
            return cls(scores.reset_index(drop=True))
        raise ValuesError(
            f"these are no scores: {faults}",
            where="scores",
            mend="give what score(values, scheme) returns",
        )

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """The typed columns that ranking reads, see `given_scores`."""
        return given_scores(self.frame)

    @cached_property
    def best(self) -> dict[tuple[pd.Period, str, str], Fraction]:
        """The best value of each period, assessor and leaf, as far as its row is there."""
        best = self.frame[self.frame["branch"] == "best"]
        return {
            _ranking_group(row): leaf.value
            for row in best.to_dict("records")
            if (leaf := scored_leaf(row)).value is not None
        }

    def leaf(self, row: Mapping[Hashable, Any]) -> tuple[ScoredLeaf, Fraction | None]:
        """Return the leaf of a record as its rule sees it, and the best value of its group."""
        return scored_leaf(row), self.best.get(_ranking_group(row))


def _ranking_group(row: Mapping[Hashable, Any]) -> tuple[pd.Period, str, str]:
    return row["period"], row["assessor"], row["code"]


def given_scores(scores: pd.DataFrame, *, where: str = "scores") -> pd.DataFrame:
    """Return scores with every column that ranking and comparing read, typed, in their order.

    Parameters
    ----------
    scores : frame with `agency` and `points` or `percent`; further columns as `score` gives them.
    where : what the frame is called in a refusal.

    Returns
    -------
    Frame with index 0…n-1 and `agency, period, assessor, code, parent, level, is_root, complete,
    classes` (those of the scheme, as a root carries them), `TEXTS` and `NUMBERS`. What is not there
    is filled in: no period (NaT); assessor `self`; without codes every row is a root, without
    parents the rows "total" are, or every row; level is the depth below the root; `applicable_max`
    is `max_points`; a row is complete where it has points.
    `percent` is 100 × points / applicable_max where both are there, else as given; <NA> where
    nothing applies.

    Raises
    ------
    ValuesError
        No frame or no rows; a missing or doubled column; a text or an infinity where a number
        belongs; a negative maximum; an agency or code that is empty; a row given twice.

    Examples
    --------
    >>> table = given_scores(pd.DataFrame({"agency": ["A"], "points": [9.0], "max_points": [10]}))
    >>> table[["code", "assessor", "percent", "complete"]].values.tolist()
    [['total', 'self', 90.0, True]]
    """
    _require_frame(scores, where)
    given = scores.reset_index(drop=True)
    faults: list[str] = []
    columns: dict[str, pd.Series] = {"agency": _texts(given, "agency")}
    columns["period"] = _periods(given, faults)
    assessor = _texts(given, "assessor")
    columns["assessor"] = assessor.mask(assessor == "", SELF).astype("str")
    columns["code"], columns["parent"], columns["is_root"] = _tree(given)
    columns |= {name: _texts(given, name) for name in TEXTS}
    columns["classes"] = _texts(given, "params").astype(object).map(classes_of)
    columns |= {name: _numbers(given, name, faults) for name in (*NUMBERS, "level")}
    wrong = {f"{name} is empty": columns[name] == "" for name in ("agency", "code")}
    for name in ("max_points", "applicable_max"):
        wrong[f"{name} is negative"] = (columns[name] < 0).fillna(False)
    masks = {what: rows.to_numpy(bool) for what, rows in wrong.items()}
    faults += [f"column {what} in {in_rows(rows)}" for what, rows in masks.items() if rows.any()]
    columns["applicable_max"] = columns["applicable_max"].fillna(columns["max_points"])
    stated, columns["percent"] = columns["percent"], _percent(columns)
    columns["note"] = _with_remark(columns["note"], stated, columns["percent"])
    columns["complete"] = _complete(given, columns, faults)
    columns["kind"] = columns["kind"].mask(columns["kind"] == "", "score").astype("str")
    table = pd.DataFrame(columns)
    faults += _twice(table)
    if faults:
        raise ValuesError(
            "the scores cannot be used" if len(faults) > 1 else faults[0],
            where=f"{where}: " + "; ".join(faults) if len(faults) > 1 else where,
            mend="give the frame that score() returns, or one with columns agency, points and "
            "max_points, each agency, period, assessor and code once",
        )
    return table.assign(level=table["level"].fillna(_depths(table)).astype("Int64"))


def case_name(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return agency, period and assessor as a message names them.

    Examples
    --------
    >>> case_name({"agency": "Sở Y tế", "period": pd.Period("2020Q4"), "assessor": "self"})
    'Sở Y tế, 2020Q4, self'
    """
    period = [] if row["period"] is pd.NaT else [str(row["period"])]
    return ", ".join([row["agency"], *period, row["assessor"]])


def keys_of(table: pd.DataFrame, names: Iterable[str] = CASE) -> list[pd.Series]:
    """Return columns as texts to group by; a missing period is one too ("NaT")."""
    keys = []
    for name in names:
        # Few are written out for many; and not astype("str"), which leaves a missing period
        # missing: grouping leaves out what is.
        codes, distinct = pd.factorize(table[name])
        words = np.array([*map(str, distinct), str(pd.NaT)], dtype=object)
        keys.append(pd.Series(words[codes], table.index, dtype="str", name=name))
    return keys


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a name quoted, with the one of `names` that is spelled most like it.

    Examples
    --------
    >>> did_you_mean("So Noi vu", ["Sở Y tế", "Sở Nội vụ"]), did_you_mean("x", ["1.1"])
    ("'So Noi vu' (did you mean 'Sở Nội vụ'?)", "'x'")
    """
    choices = list(dict.fromkeys(names))
    folded = {fold_agency(choice) or choice: choice for choice in reversed(choices)}
    near = get_close_matches(fold_agency(name) or name, list(folded), n=1) or get_close_matches(
        name, choices, n=1
    )
    hint = f" (did you mean {folded.get(near[0], near[0])!r}?)" if near else ""
    return f"{name!r}{hint}"


def points_text(number: float) -> str:
    """Return points as Vietnamese notes write them, with a decimal comma.

    Examples
    --------
    >>> points_text(7.5), points_text(3.0)
    ('7,5', '3')
    """
    return f"{number:.10g}".replace(".", ",")


def cleaned(numbers: pd.Series) -> np.ndarray:
    """Return numbers at ten decimals, NaN where missing: what is compared for equal and better."""
    return np.round(numbers.to_numpy("float64", na_value=np.nan), DECIMALS)


def texts(cells: Iterable[str]) -> ExtensionArray:
    """Return texts as a column's cells of dtype str."""
    return pd.array(list(cells), dtype="str")


def joined(before: Iterable[str], after: Iterable[str]) -> ExtensionArray:
    """Return two notes as one, whichever of them there are."""
    pairs = zip(before, after, strict=True)
    return texts(["; ".join(part for part in pair if part) for pair in pairs])


def _require_frame(scores: object, where: str) -> None:
    mend = "give the frame that score() returns"
    if not isinstance(scores, pd.DataFrame):
        kind = type(scores).__name__
        raise ValuesError(f"scores are a DataFrame, not a {kind}", where=where, mend=mend)
    if scores.empty:
        raise ValuesError("there are no scores", where=f"{where}: no rows", mend=mend)
    faults = [f"column {name} is missing" for name in ("agency",) if name not in scores]
    if not {"points", "percent"} & set(scores.columns):
        faults.append("neither column points nor column percent is there")
    if "parent" in scores and "code" not in scores:
        faults.append("column parent is there, column code is not")
    doubled = scores.columns[scores.columns.duplicated()].unique()
    faults += [f"column {name} stands more than once" for name in doubled]
    if faults:
        raise ValuesError("; ".join(faults), where=where, mend=mend)


def _texts(given: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as str without blanks around, "" where it is missing."""
    if name not in given:
        return pd.Series("", index=given.index, dtype="str")
    codes, distinct = pd.factorize(given[name].astype("str"))
    # Few are looked at for many; code -1, a missing cell, takes the last text.
    words = pd.array([*(text.strip() for text in distinct), ""], dtype="str")
    return pd.Series(words.take(codes), index=given.index)


def _numbers(given: pd.DataFrame, name: str, faults: list[str]) -> pd.Series:
    """Return a column as Float64; what is no finite number is a fault."""
    if name not in given:
        return pd.Series(pd.NA, index=given.index, dtype="Float64")
    cells = given[name]
    if cells.dtype.kind not in "iuf":
        missing = cells.isna().to_numpy(bool)
        numeric = cells.map(
            lambda cell: isinstance(cell, Real) and not isinstance(cell, bool | np.bool_)
        )
        strange = ~missing & ~numeric.to_numpy(bool)
        if strange.any():
            cell = cells.iloc[int(np.argmax(strange))]
            faults.append(f"column {name}: {cell!r} in {in_rows(strange)} is no number")
        cells = cells.astype(object).mask(missing | strange, np.nan)
    figures = cells.to_numpy("float64", na_value=np.nan)
    if np.isinf(figures).any():
        faults.append(f"column {name} is infinite in {in_rows(np.isinf(figures))}")
        figures = np.where(np.isinf(figures), np.nan, figures)
    return pd.Series(as_figures(figures), index=given.index)


def _periods(given: pd.DataFrame, faults: list[str]) -> pd.Series:
    nothing = pd.Series(pd.PeriodIndex([pd.NaT] * len(given), dtype=QUARTERS), index=given.index)
    if "period" not in given or given["period"].isna().all():
        return nothing
    column = given["period"]
    if not isinstance(column.dtype, pd.PeriodDtype):
        column = column.astype(object)
        column = column.mask(column.isin([""]), None)
    try:
        return require_quarters(column, where="column period")
    except PeriodError as error:
        faults.append(f"{error.where}: {error.what}; {error.mend}")
        return nothing


def _tree(given: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return code, parent and whether the row is a root."""
    code, parent = _texts(given, "code"), _texts(given, "parent")
    total = code == ROOT
    root = parent == "" if "parent" in given or not total.any() else total
    return code.mask(root & (code == ""), ROOT).astype("str"), parent, root


def _percent(columns: Mapping[str, pd.Series]) -> pd.Series:
    """Return the percentages that follow from the points; as given where there are none.

    Where both say the same, the one given is the more exact: points end at their tenth decimal.
    """
    points, most, stated = (columns[name] for name in ("points", "applicable_max", "percent"))
    reckoned = 100 * points / most.mask(most == 0)
    same = ((stated - reckoned).abs() <= _SAME).fillna(False)
    return reckoned.mask(~(points.notna() & most.notna()) | same, stated).astype("Float64")


def _with_remark(note: pd.Series, stated: pd.Series, reckoned: pd.Series) -> pd.Series:
    """Return the notes, with a remark where a percentage was given that the points do not give."""
    notes = note.tolist()
    apart = (stated - reckoned).abs() > 10**-DECIMALS
    for row in np.flatnonzero(apart.fillna(False).to_numpy(bool)):
        given, due = float(stated.iloc[row]), float(reckoned.iloc[row])
        places = next((number for number in range(DECIMALS) if round(given, number) == given), None)
        if places is not None and abs(given - due) > 0.5 * 10**-places + 10**-DECIMALS:
            text = f"tỷ lệ ghi {points_text(given)} %, tính lại {due:.2f} %".replace(".", ",")
            notes[row] = "; ".join(part for part in (notes[row], text) if part)
    return pd.Series(notes, index=note.index, dtype="str")


def _complete(
    given: pd.DataFrame, columns: Mapping[str, pd.Series], faults: list[str]
) -> pd.Series:
    """Return whether all is complete: as stated, and never without points or a percentage."""
    scored = columns["points"].notna() | columns["percent"].notna()
    if "complete" not in given:
        return scored.astype(bool)
    cells = given["complete"].astype(object)
    missing = cells.isna().to_numpy(bool)
    strange = ~missing & ~cells.map(lambda cell: isinstance(cell, bool | np.bool_)).to_numpy(bool)
    if strange.any():
        cell = cells.iloc[int(np.argmax(strange))]
        faults.append(f"column complete: {cell!r} in {in_rows(strange)} is neither True nor False")
    return (cells.mask(missing | strange, True).astype(bool) & scored).astype(bool)


def _twice(table: pd.DataFrame) -> list[str]:
    roots = table[table["is_root"]]
    several = roots[roots.duplicated(CASE, keep=False)]
    faults = [
        f"{case_name(part.iloc[0])} has {len(part)} roots ({listed(part['code'], between=', ')})"
        for _, part in several.groupby(keys_of(several), sort=False)
    ]
    rest = table[~table["is_root"]]
    doubled = rest[rest.duplicated([*CASE, "code"])]
    faults += [f"{case_name(row)}: {row['code']} twice" for row in doubled.to_dict("records")]
    return list(dict.fromkeys(faults))


def _depths(table: pd.DataFrame) -> pd.Series:
    """Return how far each row is below its root, <NA> where no chain of parents leads there."""
    depth = dict.fromkeys(table.loc[table["is_root"], "code"], 0)
    pairs = set(zip(table["code"], table["parent"], strict=True))
    # A chain is at most as long as there are nodes; a circle never starts from a root.
    while new := {code: depth[up] + 1 for code, up in pairs if up in depth and code not in depth}:
        depth |= new
    return table["code"].map(depth).astype("Float64")


def part_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the self-assessed and of the survey part (tự chấm, điều tra xã hội học).

    Parameters
    ----------
    scores : frame of `score`.

    Returns
    -------
    Frame, a row per agency × period × assessor × part: `agency, period, assessor, part, max_points,
    applicable_max, points, complete, percent, points_known, unknown_max`, sums of the scoring
    leaves of that part; bonus and deductions belong to neither. `points` and `percent` are <NA>
    where a leaf is unknown, `percent` also where nothing applies.

    Raises
    ------
    ValuesError
        A column of `score` is missing.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme, score
    >>> said = pd.DataFrame({"agency": "Bình Định", "period": "2019Q4", "code": ["F1", "F2"],
    ...                      "number": [7, 5]})
    >>> scores = score(None, load_scheme("par-index-2019-province-self"), answers=said)
    >>> part_scores(scores)[["part", "max_points", "points", "points_known"]].values.tolist()
    [['self', 65.0, <NA>, 12.0]]
    """
    if missing := [name for name in IN_PARTS if name not in scores]:
        raise ValuesError(
            f"column {', '.join(missing)} is missing", where="scores", mend="give what score() gave"
        )
    leaves = scores[~scores["code"].isin(scores["parent"]) & (scores["kind"] == "score")]
    scored = leaves["points"].notna()
    figures = leaves.assign(
        complete=scored,
        points_known=leaves["points"].fillna(0.0),
        unknown_max=leaves["applicable_max"].mask(scored, 0.0),
    )
    sums = ["max_points", "applicable_max", "points_known", "unknown_max"]
    grouped = figures.groupby([*CASE, "part"], sort=False, dropna=False)
    parts = grouped[sums].sum().round(DECIMALS).assign(complete=grouped["complete"].all())
    parts = parts.reset_index()
    points = parts["points_known"].where(parts["complete"])
    applies = parts["applicable_max"].mask(parts["applicable_max"] == 0)
    percent = (100 * points / applies).round(DECIMALS)
    parts = parts.assign(
        points=points, percent=percent, complete=parts["complete"].astype(np.bool_)
    )
    columns = ["max_points", "applicable_max", "points", "complete", "percent"]
    return parts[[*CASE, "part", *columns, "points_known", "unknown_max"]]


# Leaves out of their rows: here alone are the parameters of scores read back.


@lru_cache(maxsize=4096)
def _exact_params(text: str) -> Params:
    """Return the parameters of a rule, every number as the exact decimal it is written as."""
    params: Params = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    return params


def scored_leaf(row: Mapping[Hashable, Any]) -> ScoredLeaf:
    """Return the leaf of a row of a scores frame, as a mapping of its columns.

    Raises
    ------
    ValuesError : its rule is none.
    """
    rule = find_rule(str(row["rule"]))
    if rule is None:
        raise ValuesError(
            f"there is no rule {row['rule']!r}",
            where=f"scores, code {row['code']!r}, column rule",
            mend="give the scores as score() returned them",
        )
    params = _exact_params(str(row["params"]))
    in_percent = "percent" in (rule.unit({}), _unit(row))
    value, scale, numerator, denominator = _quotient(row, in_percent)
    rounding = row.get("rounding", pd.NA)
    return ScoredLeaf(
        rule=rule,
        params=params,
        kind=str(row["kind"]),
        branch=str(row["branch"]),
        answer=str(row["answer"]),
        percent=in_percent or scale == 100,
        max_points=number(row["max_points"]) or Fraction(0),
        applicable_max=number(row["applicable_max"]) or Fraction(0),
        points=number(row["points"]),
        decimals=None if pd.isna(rounding) else int(rounding),
        value=value,
        scale=scale,
        numerator=numerator,
        denominator=denominator,
    )


def _quotient(
    row: Mapping[Hashable, Any], in_percent: bool
) -> tuple[Fraction | None, int | None, Fraction | None, Fraction | None]:
    """Return value, scale, numerator and denominator, the value exact where it is their quotient.

    A value counts as the quotient of what stands beside it where floats cannot tell them apart.
    """
    value, top, bottom = (number(row[name]) for name in ("value", "numerator", "denominator"))
    if value is None or top is None or not bottom:
        return value, None, None, bottom if bottom == 0 else None
    quotient = top / bottom
    near = Fraction(1, 10**9) * max(Fraction(1), abs(value))
    fits = [by for by in (100, 1) if abs(value - by * quotient) <= near]
    if not fits:
        return value, None, None, None
    # 0 of something is 0 at either scale: the unit decides.
    scale = 100 if fits[0] == 100 and (quotient or in_percent) else fits[-1]
    return scale * quotient, scale, top, bottom


def number(cell: Any) -> Fraction | None:
    """Return a cell as the decimal it stands for, None where it is missing.

    Examples
    --------
    >>> number(95.27), number(pd.NA)
    (Fraction(9527, 100), None)
    """
    return None if pd.isna(cell) else exact(cell)


def _unit(row: Mapping[Hashable, Any]) -> str:
    if row.get("unit"):
        return str(row["unit"])
    indicator = find_indicator(str(row["indicator"]))
    return indicator.unit if indicator else ""
