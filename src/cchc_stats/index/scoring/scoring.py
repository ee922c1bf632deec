"""`score`: points by the rules of a scheme, with the branch that gave each, summed up the tree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import Given
from cchc_stats.index.scheme import Scheme, leaves
from cchc_stats.index.scoring.leaves import KNOWN, NOTHING, UNKNOWN, Fed, Leaf, feed, leaves_of
from cchc_stats.index.scoring.rounding import round_half_up
from cchc_stats.index.scoring.score_frame import score_frame
from cchc_stats.index.scoring.sheet import Sheet
from cchc_stats.index.scoring.totals import totals
from cchc_stats.words import exact


def score(
    values: pd.DataFrame | None, scheme: Scheme, *, answers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the points of every node of a scheme, of many agencies and periods at once.

    Parameters
    ----------
    values : values frame (see `complete_values`); None where all leaves are answered. A leaf takes
        exactly one value, by its indicator, group and basis; origin `claimed` never scores.
    scheme : see `load_scheme`.
    answers : frame `agency, period, code`, and `answer` (yes, no, not_applicable, a level) or
        `number`; `assessor` ("self" unless told), `evidence`. Each assessor's answers are scored
        by themselves: what one has not answered is unknown, whatever another said.

    Returns
    -------
    Frame, a row per agency × period × assessor × node in the order of the scheme: `agency, period,
    assessor, code, parent, level, label, max_points, applicable_max, points, complete, value,
    numerator, denominator, branch, source`, and `label_en`, `percent` (100 × points /
    applicable_max), `points_known` (sum of what is known), `unknown_max` (maxima of the unknown
    leaves below), `kind, part, rule, params` (at the root the classes of the scheme), `rounding,
    indicator, unit, answer, scheme, scheme_status, note`.

    Points are rounded leaf by leaf as the scheme says, half up on the exact fraction, and then
    added: Σ score + Σ bonus − Σ deduction, the deductions shown as positive points. Sums are
    freed of binary noise at ten decimals. 0/0 and "not applicable" are a leaf's
    `zero_denominator`: `full`, `zero`, or `exclude`, which takes it out of the maximum that applies
    to the agency. What is not known is its `missing`; with `unknown` its points are <NA>, and every
    node above has `complete` False and points <NA>: half a score is no score.

    Raises
    ------
    ValuesError
        Neither values nor answers; two values for one leaf; an answer that is none of the allowed;
        a share above 100 % where the numerator is part of the denominator; a negative figure;
        points from outside above the leaf's maximum. All faults at once.

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
    sheet = mark(values, scheme, answers)
    return score_frame(sheet, totals(scheme, sheet.points, sheet.applicable))


def mark(values: pd.DataFrame | None, scheme: Scheme, answers: pd.DataFrame | None = None) -> Sheet:
    """Return the points of the leaves alone, as arrays; see `score`."""
    fed = feed(values, scheme, answers)
    points, applicable = np.full(fed.value.shape, np.nan), np.empty(fed.value.shape)
    branch = np.full(fed.value.shape, "", dtype=object)
    groups = fed.cases.groupby(["period", "assessor"], sort=False, dropna=False).ngroup().to_numpy()
    for leaf in leaves_of(scheme):
        at = leaf.place
        points[:, at], applicable[:, at], branch[:, at] = _marked(leaf, fed, groups)
    return Sheet(
        scheme=scheme,
        cases=fed.cases,
        leaves=leaves(scheme.nodes),
        points=points,
        applicable=applicable,
        value=fed.value,
        numerator=fed.numerator,
        denominator=fed.denominator,
        branch=branch,
        answer=fed.answer,
        source=fed.source,
    )


def _marked(leaf: Leaf, fed: Fed, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, applicable maximum and branch of a leaf in every case."""
    state, value = fed.state[:, leaf.place], fed.value[:, leaf.place]
    best, alone = value, np.zeros(len(state), dtype=bool)
    if leaf.rule.name == "relative_to_best" and "best" not in leaf.params:
        best, alone = _best(value, state, groups)
        # The best has 0: there is nothing to be a part of. Who is alone is the best of nobody.
        state = np.where((state == KNOWN) & (best == 0), NOTHING, state)
        state = np.where((state == KNOWN) & alone, UNKNOWN, state)
    points = np.full(len(state), np.nan)
    applicable = np.full(len(state), leaf.max_points)
    branch = np.full(len(state), "", dtype=object)
    rows = np.flatnonzero(state == KNOWN)
    given = Given(value[rows], fed.answer[rows, leaf.place], best[rows])
    marked = leaf.rule.apply(given, leaf.max_points, leaf.params)
    found = np.clip(marked.points.astype("float64"), 0, leaf.max_points)
    if leaf.rounding is not None:
        found = round_half_up(
            found,
            leaf.rounding,
            exactly=lambda few: _exact_points(leaf, fed, rows[few], given.take(few), groups),
        )
    points[rows], branch[rows] = found, marked.branch
    for which, policy, name in (
        (NOTHING, leaf.zero_denominator, "nothing"),
        (UNKNOWN, leaf.missing, "missing"),
    ):
        there = state == which
        branch[there] = f"{name}_{policy}"
        if which == UNKNOWN:
            branch[there & alone & ~np.isnan(value)] = f"alone_{policy}"
        if policy != "unknown":
            points[there] = leaf.max_points if policy == "full" else 0.0
        if policy == "exclude":
            applicable[there] = 0.0
    return points, applicable, branch


def _best(
    value: np.ndarray, state: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest known value among those scored together, and who is the only one."""
    known = state == KNOWN
    size = groups.max(initial=-1) + 1
    largest = np.full(size, -np.inf)
    np.maximum.at(largest, groups[known], value[known])
    number = np.bincount(groups[known], minlength=size)
    return largest[groups], known & (number[groups] < 2)


def _exact_points(
    leaf: Leaf, fed: Fed, rows: np.ndarray, given: Given, groups: np.ndarray
) -> np.ndarray:
    """Return the points of a few cases as exact fractions, by the same rule."""
    value = fed.fractions(rows, leaf)
    best = given.best
    if leaf.rule.name == "relative_to_best":
        column = np.where(fed.state[:, leaf.place] == KNOWN, fed.value[:, leaf.place], -np.inf)
        firsts = [int(np.argmax(np.where(groups == groups[row], column, -np.inf))) for row in rows]
        best = fed.fractions(np.array(firsts), leaf)
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
