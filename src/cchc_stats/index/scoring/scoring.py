"""`score`: points by the rules of a scheme, with the branch that gave each, summed up the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.rules import Given
from cchc_stats.index.scheme import Leaf, Scheme, classes_text
from cchc_stats.index.scoring.inputs import (
    INAPPLICABLE,
    KNOWN,
    NOTHING,
    UNKNOWN,
    LeafInputs,
    complete_answers,
    leaf_inputs,
    scored_rows,
)
from cchc_stats.index.scoring.scores import DECIMALS
from cchc_stats.values import CheckedValues, refuse_two_quarters, two_quarters
from cchc_stats.words import QUARTERS, as_figures, exact, half_up, word

COLUMNS = (
    *("agency", "period", "assessor", "code", "parent", "level", "label", "max_points"),
    *("applicable_max", "points", "complete", "value", "numerator", "denominator", "branch"),
    *("source", "label_en", "percent", "points_known", "unknown_max", "kind", "part", "rule"),
    *("params", "rounding", "indicator", "unit", "answer", "scheme", "scheme_status", "note"),
)
OF_NODES = (
    *("code", "parent", "level", "label", "max_points", "label_en"),
    *("kind", "part", "rule", "rounding", "indicator"),
)
# Wider than the error of a few floating-point operations, far narrower than what decides a point.
NEAR = 1e-7
UNSETTLED = ("provisional", "example")  # states that every score must be read with


@dataclass(frozen=True, eq=False)
class MarkedLeaves:
    """A scheme's leaves marked: cases down, leaves across.

    Attributes
    ----------
    scheme : the scheme.
    cases : frame agency, period, assessor.
    points : NaN where unknown; 0 where excluded.
    applicable : the leaf's maximum, 0 where it is excluded.
    value, numerator, denominator : what it was scored on, NaN where there is none.
    branch, answer, source : texts.
    mixed : the quarters with figures of the decree's quarter and of the calendar's.
    """

    scheme: Scheme
    cases: pd.DataFrame
    points: np.ndarray
    applicable: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    branch: np.ndarray
    answer: np.ndarray
    source: np.ndarray
    mixed: pd.PeriodIndex


def score(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    across_windows: bool = False,
) -> pd.DataFrame:
    """Return the points of every node of a scheme, of many agencies and periods at once.

    Parameters
    ----------
    values : values frame (see `complete_values`); None where all leaves are answered. A leaf takes
        exactly one value, by its indicator, group and basis; origin `claimed` never scores.
    scheme : see `load_scheme`.
    answers : frame `agency, period, code`, and `answer` (yes, no, not_applicable, a level) or
        `number`; `assessor` ("self" unless named), `evidence`. Each assessor's answers are scored
        by themselves: what one has not answered is unknown, whatever another said.
    across_windows : whether figures of the decree's quarter (15th to 14th) and of the calendar's
        may feed the scores of one quarter; the root's `note` then says so.

    Returns
    -------
    Frame, a row per agency × period × assessor × node in the order of the scheme: `agency, period,
    assessor, code, parent, level, label, max_points, applicable_max, points, complete, value,
    numerator, denominator, branch, source`, and `label_en`, `percent` (100 × points /
    applicable_max), `points_known` (sum of the complete leaves), `unknown_max` (maxima of the
    unknown leaves below), `kind, part, rule, params` (at the root the classes of the scheme),
    `rounding, indicator, unit, answer, scheme, scheme_status, note`.

    Points are rounded leaf by leaf as the scheme says, half up on the exact fraction, and then
    added: Σ score + Σ bonus − Σ deduction, the deductions shown as positive points. Sums are
    freed of binary noise at ten decimals. 0/0 is a leaf's `zero_denominator`: `full`, `zero`,
    `exclude`, which takes it out of the maximum that applies to the agency, or `unknown`, where
    nobody has seen what it gives. "Not applicable" is the same, unless the leaf's `not_applicable`
    says another of these. What an unknown leaf gets is its `missing`; with `unknown` its points are
    <NA>, and every node above has `complete` False and points <NA>: half a score is no score.

    Raises
    ------
    ValuesError
        Neither values nor answers; two values for one leaf; an answer that is none of the allowed;
        a share above 100 % where the numerator is part of the denominator; a negative figure;
        points from outside above the leaf's maximum. All faults at once. Figures of both kinds of
        quarter in one quarter, without `across_windows`.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> own = pd.DataFrame({"agency": ["Tỉnh A"], "period": ["2026Q3"], "indicator": ["ON_TIME"],
    ...                     "numerator": [393087], "denominator": [443565]})
    >>> scores = score(own, load_scheme("qd-766-2022")).set_index("code")
    >>> scores[["points", "max_points", "branch"]].loc[["ON_TIME"]].values.tolist()
    [[17.72, 20.0, 'rate']]
    >>> scores.loc["total", ["points", "points_known", "unknown_max"]].tolist()
    [<NA>, 19.72, 78.0]
    """
    given = complete_answers(answers, scheme)
    checked = None if values is None else CheckedValues.of(values)
    return scored(checked, given, scheme, across=across_windows)


def scored(
    values: CheckedValues | None,
    answers: pd.DataFrame,
    scheme: Scheme,
    *,
    across: bool | None = None,
) -> pd.DataFrame:
    """Return the points of every node, from values and answers that are checked; see `score`."""
    marked = mark(values, answers, scheme, across=across)
    return score_frame(marked, totals(scheme, marked.points, marked.applicable))


def mark(
    values: CheckedValues | None,
    answers: pd.DataFrame,
    scheme: Scheme,
    *,
    across: bool | None = None,
) -> MarkedLeaves:
    """Return the points of the leaves alone, as arrays; see `score`.

    `across` is None where the caller has no option to score both kinds of quarter together.
    """
    mixed = pd.PeriodIndex([], dtype=QUARTERS)
    if values is not None:
        mixed = _quarters_of_both_kinds(values, scheme, across=across)
    inputs = leaf_inputs(values, answers, scheme)
    shape = inputs.value.shape
    points, applicable = np.full(shape, np.nan), np.empty(shape)
    branch = np.full(shape, "", dtype=object)
    by_case = inputs.cases.groupby(["period", "assessor"], sort=False, dropna=False)
    groups = by_case.ngroup().to_numpy()
    for leaf in scheme.leaves:
        at = leaf.place
        points[:, at], applicable[:, at], branch[:, at] = _marked(leaf, inputs, groups)
    return MarkedLeaves(
        scheme=scheme,
        points=points,
        applicable=applicable,
        branch=branch,
        mixed=mixed,
        **{name: getattr(inputs, name) for name in ("cases", "value", "numerator")},
        **{name: getattr(inputs, name) for name in ("denominator", "answer", "source")},
    )


def _quarters_of_both_kinds(
    values: CheckedValues, scheme: Scheme, *, across: bool | None
) -> pd.PeriodIndex:
    """Return the quarters with figures of both kinds of quarter; refuse them unless wanted."""
    feeding = values.frame.iloc[scored_rows(values, scheme)]
    if not across:
        saying = "" if across is None else "the score's note says so"
        refuse_two_quarters(feeding, ["period"], what="scored together", saying=saying)
    mixed = two_quarters(feeding, ["period"])
    return pd.PeriodIndex(feeding["period"][mixed].unique(), dtype=QUARTERS)


def _marked(
    leaf: Leaf, inputs: LeafInputs, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, applicable maximum and branch of a leaf in every case."""
    state, value = inputs.state[:, leaf.place], inputs.value[:, leaf.place]
    best, alone = value, np.zeros(len(state), dtype=bool)
    no_best = alone
    if leaf.compared:
        best, alone = _best(value, state, groups)
        # The best has 0: there is nothing to be a part of. Who is alone is the best of nobody.
        no_best = (state == KNOWN) & (best == 0)
        state = np.where(no_best, NOTHING, state)
        state = np.where((state == KNOWN) & alone, UNKNOWN, state)
    points = np.full(len(state), np.nan)
    applicable = np.full(len(state), leaf.max_points)
    branch = np.full(len(state), "", dtype=object)
    rows = np.flatnonzero(state == KNOWN)
    given = Given(value[rows], inputs.answer[rows, leaf.place], best[rows])
    points[rows], branch[rows] = _by_rule(
        leaf, given, lambda few: _exact_points(leaf, inputs, rows[few], given.take(few), groups)
    )
    for which, policy, name in (
        (NOTHING, leaf.zero_denominator, "nothing"),
        (INAPPLICABLE, leaf.not_applicable or leaf.zero_denominator, "nothing"),
        (UNKNOWN, leaf.missing, "missing"),
    ):
        there = state == which
        branch[there] = f"{name}_{policy}"
        if which == UNKNOWN:
            branch[there & alone & ~np.isnan(value)] = f"alone_{policy}"
        branch[there & no_best] = f"best_0_{policy}"
        if policy != "unknown":
            points[there] = leaf.max_points if policy == "full" else 0.0
        if policy == "exclude":
            applicable[there] = 0.0
    return points, applicable, branch


def _by_rule(
    leaf: Leaf, given: Given, exactly: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that the leaf's rule gives, rounded, and their branches."""
    marked = leaf.rule.apply(given, leaf.max_points, leaf.params)
    points = np.clip(marked.points.astype("float64"), 0, leaf.max_points)
    if leaf.rounding is not None:
        points = round_half_up(points, leaf.rounding, exactly=exactly)
    return points, marked.branch


def _best(
    value: np.ndarray, state: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest value among those scored together, and who is the only one."""
    measured = state == KNOWN
    size = groups.max(initial=-1) + 1
    largest = np.full(size, -np.inf)
    np.maximum.at(largest, groups[measured], value[measured])
    number = np.bincount(groups[measured], minlength=size)
    return largest[groups], measured & (number[groups] < 2)


def _exact_points(
    leaf: Leaf, inputs: LeafInputs, rows: np.ndarray, given: Given, groups: np.ndarray
) -> np.ndarray:
    """Return the points of a few cases as exact fractions, by the same rule."""
    value = inputs.fractions(rows, leaf)
    best = given.best
    if leaf.compared:
        measured = inputs.state[:, leaf.place] == KNOWN
        column = np.where(measured, inputs.value[:, leaf.place], -np.inf)
        firsts = [int(np.argmax(np.where(groups == groups[row], column, -np.inf))) for row in rows]
        best = inputs.fractions(np.array(firsts), leaf)
    elif not leaf.indicators and not np.isfinite(given.value.astype("float64")).all():
        best = value
    most = exact(leaf.max_points)
    points = leaf.rule.apply(Given(value, given.answer, best), most, _exact_params(leaf.params))
    return np.array([min(max(exact(one), exact(0)), most) for one in points.points], dtype=object)


def _exact_params(params: Any) -> Any:
    """Return parameters with every number as the exact decimal it is written as."""
    if isinstance(params, dict):
        return {name: _exact_params(one) for name, one in params.items()}
    if isinstance(params, list):
        return [_exact_params(one) for one in params]
    return exact(params) if isinstance(params, int | float) and params is not True else params


def round_half_up(
    numbers: np.ndarray, decimals: int, *, exactly: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return numbers from 0 up, rounded half up to some decimals.

    Parameters
    ----------
    numbers : floats, none missing.
    exactly : places of some of them -> those as exact fractions; asked only for those so close to
        a half that floats cannot tell on which side they are.

    Examples
    --------
    >>> from fractions import Fraction
    >>> thirds = np.array([1.005, 0.333])
    >>> round_half_up(thirds, 2, exactly=lambda at: np.array([Fraction(201, 200)], object)).tolist()
    [1.01, 0.33]
    """
    scale = 10.0**decimals
    scaled = numbers * scale
    rounded = np.floor(scaled + 0.5) / scale
    close = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) <= NEAR * np.maximum(1, scaled))
    if len(close):
        rounded[close] = [float(half_up(one, decimals=decimals)) for one in exactly(close)]
    return rounded


class Totals(NamedTuple):
    """Figures of all nodes: nodes down, cases across.

    `points` is NaN where a leaf below is unknown, `scored` counts that leaf as 0, `unknown` is the
    sum of such leaves' maxima. `percent` is 100 × points / applicable of the sums as they were
    before they were rounded: a third of 7 points and a third of 3 are alike.
    """

    points: np.ndarray
    applicable: np.ndarray
    scored: np.ndarray
    unknown: np.ndarray
    percent: np.ndarray


def totals(scheme: Scheme, points: np.ndarray, applicable: np.ndarray) -> Totals:
    """Return the sums of every node: Σ score + Σ bonus − Σ deduction; maxima of score nodes only.

    `points` and `applicable` are those of the leaves: cases down, leaves across, NaN unknown.
    Below a bonus or deduction node its own kind adds up, points and maxima.
    """
    nodes = scheme.nodes
    place = {code: number for number, code in enumerate(nodes["code"])}
    parent = [place.get(code, -1) for code in nodes["parent"]]
    kind = nodes["kind"].tolist()
    inner = set(parent)
    shape = (len(nodes), len(points))
    scored, applies, unknown = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    leaf_rows = [number for number in range(len(nodes)) if number not in inner]
    scored[leaf_rows] = np.nan_to_num(points.T)
    applies[leaf_rows] = applicable.T
    unknown[leaf_rows] = np.where(np.isnan(points), applicable, 0).T
    open_leaves = np.zeros(shape, dtype=bool)
    open_leaves[leaf_rows] = np.isnan(points).T
    # Parents stand before their children: backwards every child is complete when it is added.
    for number in range(len(nodes) - 1, 0, -1):
        above = parent[number]
        sign = -1 if kind[number] == "deduction" != kind[above] else 1
        scored[above] += sign * scored[number]
        open_leaves[above] |= open_leaves[number]
        if kind[number] == kind[above]:
            applies[above] += applies[number]
            unknown[above] += unknown[number]
    nothing = open_leaves | (np.round(applies, DECIMALS) == 0)
    percent = 100 * np.where(nothing, np.nan, scored) / np.where(nothing, 1.0, applies)
    scored, applies, unknown, percent = (
        np.round(one, DECIMALS) + 0.0 for one in (scored, applies, unknown, percent)
    )
    return Totals(np.where(open_leaves, np.nan, scored), applies, scored, unknown, percent)


def score_frame(marked: MarkedLeaves, sums: Totals) -> pd.DataFrame:
    """Return the scores of the cases, in their order, each with the nodes in the scheme's."""
    scheme, cases = marked.scheme, marked.cases
    nodes, size = scheme.nodes, len(cases)
    of_case = np.repeat(np.arange(size), len(nodes))
    of_node = np.tile(np.arange(len(nodes)), size)
    is_leaf = ~nodes["code"].isin(nodes["parent"]).to_numpy()

    def spread(figures: np.ndarray, empty: object) -> np.ndarray:
        """Return the leaves' entries at the leaves, something else at the nodes above them."""
        every = np.full((size, len(nodes)), empty, dtype=figures.dtype)
        every[:, is_leaf] = figures
        return every.ravel()

    columns = {name: cases[name].array.take(of_case) for name in ("agency", "period", "assessor")}
    columns |= {name: nodes[name].array.take(of_node) for name in OF_NODES}
    columns |= {name: texts.take(of_node) for name, texts in _of_leaves(scheme).items()}
    columns["applicable_max"] = as_figures(sums.applicable.T.ravel())
    columns["points"] = as_figures(sums.points.T.ravel())
    columns["complete"] = ~np.isnan(sums.points.T.ravel())
    for name in ("value", "numerator", "denominator"):
        columns[name] = as_figures(spread(getattr(marked, name), np.nan))
    for name, empty in (("branch", "sum"), ("answer", ""), ("source", "")):
        columns[name] = _texts(spread(getattr(marked, name), empty))
    columns["percent"] = as_figures(sums.percent.T.ravel())
    columns["points_known"] = as_figures(sums.scored.T.ravel())
    columns["unknown_max"] = as_figures(sums.unknown.T.ravel())
    few = pd.array([scheme.name, scheme.status], dtype="str")
    columns["scheme"], columns["scheme_status"] = (few.take(0 * of_case + at) for at in (0, 1))
    columns["note"] = _notes(scheme, cases, marked.mixed).array.take(of_case * len(nodes) + of_node)
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)


def _of_leaves(scheme: Scheme) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Return per node the unit of its figure and the parameters of its rule; at the root classes.

    With these, scores are ranked and explained without the scheme, which may be a file of one's
    own or an edited copy under the old name.
    """
    nodes = scheme.nodes
    units = [scheme.unit_of(codes.split(" + ")[0]) for codes in nodes["indicator"]]
    params = [classes_text(scheme.classes), *nodes["params"].iloc[1:]]
    return {"unit": pd.array(units, dtype="str"), "params": pd.array(params, dtype="str")}


def _texts(words: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return texts as str, by way of the few that differ."""
    codes, distinct = pd.factorize(words)
    return pd.array(distinct, dtype="str").take(codes)


def _notes(scheme: Scheme, cases: pd.DataFrame, mixed: pd.PeriodIndex) -> pd.Series:
    """Return the nodes' notes; at the root what the score must be read with."""
    first, last = scheme.valid_from, scheme.valid_to
    periods = pd.PeriodIndex(cases["period"])
    outside = (periods.end_time < pd.Timestamp(first)) | (
        False if last is None else periods.start_time > pd.Timestamp(last)
    )
    notes = np.tile(scheme.nodes["note"].to_numpy(object), (len(cases), 1))
    remarks = {
        scheme.status: np.full(len(cases), scheme.status in UNSETTLED),
        "outside": np.asarray(outside, dtype=bool),
        "two_quarters": periods.isin(mixed),
    }
    notes[:, 0] = ""
    for name, of_case in remarks.items():
        if of_case.any():
            joints = np.where(notes[of_case, 0] == "", "", "; ")
            notes[of_case, 0] += joints + word("scheme_note", name)
    return pd.Series(_texts(notes.ravel()))
