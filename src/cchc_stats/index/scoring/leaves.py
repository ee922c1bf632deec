"""What each leaf of a scheme is given in each case: its figure, its answer, or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import NOT_APPLICABLE, RULES, Params, Rule
from cchc_stats.index.scheme import Scheme, leaves
from cchc_stats.index.scoring.answers import SELF, complete_answers, refusal
from cchc_stats.index.scoring.slots import Measured, Slot, kind_of, measured, scale_of, unit_of
from cchc_stats.values import combined_codes
from cchc_stats.words import QUARTERS, ValuesError, exact

# What a leaf is in a case: known, nothing there to measure, or not known.
UNKNOWN, NOTHING, KNOWN = 0, 1, 2
COUNTED = ("per_item", "deduction", "bonus", "external")
_AS_THEY_ARE = ("code", "group", "basis", "zero_denominator", "missing", "kind")


@dataclass(frozen=True, eq=False)
class Leaf:
    """A leaf's row of the nodes frame, ready for its rule."""

    place: int
    code: str
    rule: Rule
    params: Params
    max_points: float
    rounding: int | None
    indicators: tuple[str, ...]
    group: str
    basis: str
    zero_denominator: str
    missing: str
    kind: str

    @cached_property
    def slots(self) -> list[Slot]:
        """The figures it asks for; several where it is a complement."""
        return [Slot(indicator, self.group, self.basis) for indicator in self.indicators]


def leaves_of(scheme: Scheme) -> list[Leaf]:
    """Return the leaves of a scheme in the order of its nodes."""
    return [
        Leaf(
            place=place,
            rule=RULES[row["rule"]],
            params=json.loads(row["params"]),
            max_points=float(row["max_points"]),
            rounding=None if pd.isna(row["rounding"]) else int(row["rounding"]),
            indicators=tuple(row["indicator"].split(" + ")) if row["indicator"] else (),
            **{name: row[name] for name in _AS_THEY_ARE},
        )
        for place, row in enumerate(leaves(scheme.nodes).to_dict("records"))
    ]


@dataclass(frozen=True, eq=False)
class Fed:
    """What the leaves are given: cases down, leaves across.

    Attributes
    ----------
    cases : frame agency, period, assessor.
    value, numerator, denominator : float, NaN where there is none; value is in the unit of the
        indicator, or the answer's number.
    answer, source : texts, "" where there is none.
    state : `KNOWN`, `NOTHING` or `UNKNOWN`.
    """

    cases: pd.DataFrame
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    answer: np.ndarray
    source: np.ndarray
    state: np.ndarray
    exactly: Any

    def fractions(self, rows: np.ndarray, leaf: Leaf) -> np.ndarray:
        """Return a leaf's value in some cases as exact fractions; 0 where it has none."""
        return np.array([self.exactly(row, leaf) for row in rows], dtype=object)


def feed(values: pd.DataFrame | None, scheme: Scheme, answers: pd.DataFrame | None) -> Fed:
    """Return what every leaf of a scheme is given by values and answers.

    Cases are an agency in a period before an assessor. An agency's period is scored where one of
    its figures or answers feeds a leaf, or where other agencies' do; an agency that feeds none
    keeps the periods it has, so that it is seen to be unknown.

    Raises
    ------
    ValuesError
        Neither values nor answers; two values for one leaf; a value and a number or "not
        applicable" for one leaf; a share above 100 % where the numerator is part of the
        denominator; a negative figure; points above the maximum where they come from outside.
    """
    told = complete_answers(answers, scheme)
    if values is None and told.empty:
        raise ValuesError(
            "there is nothing to score",
            where="values and answers",
            mend="give values (measure a report), answers, or both",
        )
    every = leaves_of(scheme)
    slots = list(dict.fromkeys(slot for leaf in every for slot in leaf.slots))
    found = _nothing_measured(slots) if values is None else measured(values, slots, scheme)
    cases, pair, case_of_answer = _cases(found, told)
    fed = _together(every, slots, found, cases, pair, scheme)
    faults = list(found.faults)
    _take_answers(fed, every, told, case_of_answer, faults)
    for leaf in every:
        faults += _impossible(fed, leaf, scheme)
    if faults:
        raise refusal(
            f"{scheme.name} cannot be scored", faults, mend="correct the values or answers"
        )
    return fed


def _nothing_measured(slots: list[Slot]) -> Measured:
    empty = np.empty((0, len(slots)))
    pairs = pd.DataFrame({"agency": pd.Series(dtype="str"), "period": pd.Series(dtype=QUARTERS)})
    return Measured(pairs, empty, empty, empty, empty.astype(bool), empty.astype(object), [])


def _cases(found: Measured, told: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the cases, the pair of measured figures of each (-1 none), and each answer's case."""
    columns = ["agency", "period"]
    both = pd.concat([found.pairs, told[columns]], ignore_index=True)
    codes = pd.factorize(combined_codes(pd.factorize(both[name])[0] for name in columns))[0]
    size = len(found.pairs)
    fed = ~np.isnan(found.value).all(axis=1) | found.nothing.any(axis=1)
    scored = np.concatenate([fed, np.ones(len(told), dtype=bool)])
    # Other agencies' periods count too; an agency that is in none of these keeps its own.
    kept = scored | both["period"].isin(both.loc[scored, "period"].unique()).to_numpy()
    agencies = pd.factorize(both["agency"])[0]
    kept |= ~np.isin(agencies, agencies[kept])
    firsts = np.flatnonzero(~pd.Series(codes).duplicated())
    keep_code = np.zeros(len(firsts), dtype=bool)
    np.logical_or.at(keep_code, codes, kept)
    # Every assessor that an agency's period has answers of; its own where there are none.
    pairs = pd.DataFrame({"code": codes[size:], "assessor": told["assessor"].to_numpy(object)})
    by_code = pairs.drop_duplicates().groupby("code", sort=False)["assessor"].apply(list)
    rows = [
        (code, assessor)
        for code in np.flatnonzero(keep_code)
        for assessor in sorted(by_code.get(code, [SELF]), key=lambda name: (name != SELF, name))
    ]
    of_code = np.array([code for code, _ in rows], dtype="int64")
    first = firsts[of_code]
    cases = both.iloc[first].reset_index(drop=True)
    cases["assessor"] = pd.Series([assessor for _, assessor in rows], dtype="str")
    number = {row: place for place, row in enumerate(rows)}
    of_answer = [
        number[code, assessor]
        for code, assessor in zip(codes[size:], told["assessor"], strict=True)
    ]
    return cases, np.where(first < size, first, -1), np.array(of_answer, dtype="int64")


def _together(
    every: list[Leaf],
    slots: list[Slot],
    found: Measured,
    cases: pd.DataFrame,
    pair: np.ndarray,
    scheme: Scheme,
) -> Fed:
    """Return the measured figures, a column per leaf."""
    shape = (len(cases), len(every))
    place = {slot: number for number, slot in enumerate(slots)}
    value, numerator, denominator = (np.full(shape, np.nan) for _ in range(3))
    state = np.full(shape, UNKNOWN, dtype="int8")
    answer, source = np.full(shape, "", object), np.full(shape, "", object)
    known = pair >= 0
    rows = pair[known]
    for leaf in every:
        columns = [place[slot] for slot in leaf.slots]
        if not columns or not len(rows):
            continue
        figures, top, bottom = (
            array[np.ix_(rows, np.array(columns))]
            for array in (found.value, found.numerator, found.denominator)
        )
        at = leaf.place
        nothing = found.nothing[np.ix_(rows, np.array(columns))].any(axis=1)
        if leaf.rule.name == "complement":
            same = (bottom == bottom[:, :1]).all(axis=1)
            whole = np.where(same, bottom[:, 0], np.nan)
            value[known, at] = 100 - figures.sum(axis=1)
            numerator[known, at], denominator[known, at] = whole - top.sum(axis=1), whole
        else:
            value[known, at] = figures[:, 0]
            numerator[known, at], denominator[known, at] = top[:, 0], bottom[:, 0]
        texts = found.source[np.ix_(rows, np.array(columns))]
        source[known, at] = (
            texts[:, 0]
            if len(columns) == 1
            else ["; ".join(dict.fromkeys(filter(None, row))) for row in texts]
        )
        state[known, at] = np.where(
            nothing, NOTHING, np.where(np.isnan(value[known, at]), UNKNOWN, KNOWN)
        )

    def exactly(row: int, leaf: Leaf) -> Fraction:
        figures = []
        for slot in leaf.slots if pair[row] >= 0 else []:
            cell = pair[row], place[slot]
            top, bottom, told = (
                array[cell] for array in (found.numerator, found.denominator, found.value)
            )
            if np.isfinite(top) and np.isfinite(bottom) and bottom != 0:
                scale = exact(scale_of(slot.indicator, scheme))
                figures.append(scale * exact(top) / exact(bottom))
            elif np.isfinite(told):
                figures.append(exact(told))
        if leaf.rule.name == "complement":
            return 100 - sum(figures, Fraction(0))
        if figures:
            return figures[0]
        number = value[row, leaf.place]
        return exact(number) if np.isfinite(number) else Fraction(0)

    return Fed(cases, value, numerator, denominator, answer, source, state, exactly)


def _take_answers(
    fed: Fed, every: list[Leaf], told: pd.DataFrame, case: np.ndarray, faults: list[str]
) -> None:
    """Write answers and their numbers into what was measured, in place: `fed` is not out yet."""
    by_code = {leaf.code: leaf for leaf in every}
    texts, numbers = (
        told["answer"].to_numpy(object),
        told["number"].to_numpy("float64", na_value=np.nan),
    )
    evidence = told["evidence"].to_numpy(object)
    for code, rows in told.groupby("code", sort=False).indices.items():
        leaf, cases = by_code[str(code)], case[rows]
        at = cases, leaf.place
        number, text = numbers[rows], texts[rows]
        numbered, none = ~np.isnan(number), text == NOT_APPLICABLE
        twice = (fed.state[at] == KNOWN) & (numbered | none)
        if twice.any():
            faults.append(
                f"two values for one leaf: {leaf.code} of {_case(fed, cases[twice][0])} has a "
                f"value of {leaf.indicators[0]} and an answer; keep one of them"
            )
        fed.answer[at] = text
        fed.value[at] = np.where(numbered, number, fed.value[at])
        has_text = (text != "") & ~none
        enough = numbered | (has_text & (not leaf.rule.reads_values(leaf.params)))
        fed.state[at] = np.where(none, NOTHING, np.where(enough, KNOWN, fed.state[at]))
        fed.source[at] = np.where(evidence[rows] == "", fed.source[at], evidence[rows])


def _impossible(fed: Fed, leaf: Leaf, scheme: Scheme) -> list[str]:
    """Return what a leaf cannot be given: shares above 100 %, points above its maximum, below 0."""
    value = np.where(fed.state[:, leaf.place] == KNOWN, fed.value[:, leaf.place], np.nan)
    kinds = {kind_of(indicator, scheme) for indicator in leaf.indicators}
    percent = any(unit_of(indicator, scheme) == "percent" for indicator in leaf.indicators)
    name = " + ".join(leaf.indicators) or leaf.code
    faults = []
    if leaf.rule.name == "external":
        over = value > leaf.max_points
        if over.any():
            faults.append(
                f"{leaf.code}: {_first(value, over)} points of {_who(fed, over)} are above the "
                f"maximum {leaf.max_points:g}"
            )
    elif percent and kinds == {"events"} and leaf.rule.name != "complement":
        over = value > 100
        if over.any():
            faults.append(
                f"{leaf.code}: {name} of {_who(fed, over)} is {_first(value, over)} %, above 100 %,"
                " though the numerator is part of the denominator"
            )
    # Vacancies and days saved may fall below 0; what is counted, and points, cannot.
    below = value < 0
    if below.any() and (
        leaf.rule.name in COUNTED or (kinds == {"events"} and leaf.rule.name != "complement")
    ):
        faults.append(
            f"{leaf.code}: {name} of {_who(fed, below)} is {_first(value, below)}, below 0"
        )
    return faults


def _first(value: np.ndarray, mask: np.ndarray) -> str:
    return f"{value[mask][0]:.10g}"


def _case(fed: Fed, row: int) -> str:
    case = fed.cases.iloc[row]
    return f"{case['agency']}, {case['period']}"


def _who(fed: Fed, mask: np.ndarray) -> str:
    rows = np.flatnonzero(mask)
    return _case(fed, rows[0]) + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")
