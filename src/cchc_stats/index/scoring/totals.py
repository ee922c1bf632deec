"""Leaves summed up the tree: points, what applies, what is known, and what is not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cchc_stats.index.scheme import Scheme

# Sums of decimals are freed of binary noise here, so that equal sums of decimals are equal.
DECIMALS = 10


class Totals(NamedTuple):
    """Figures of all nodes: nodes down, cases across.

    `points` is NaN where a leaf below is unknown, `known` counts that leaf as 0, `unknown` is the
    sum of such leaves' maxima. `percent` is 100 × points / applicable of the sums as they were
    before they were rounded: a third of 7 points and a third of 3 are alike.
    """

    points: np.ndarray
    applicable: np.ndarray
    known: np.ndarray
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
    known, applies, unknown = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    leaf_rows = [number for number in range(len(nodes)) if number not in inner]
    known[leaf_rows] = np.nan_to_num(points.T)
    applies[leaf_rows] = applicable.T
    unknown[leaf_rows] = np.where(np.isnan(points), applicable, 0).T
    open_leaves = np.zeros(shape, dtype=bool)
    open_leaves[leaf_rows] = np.isnan(points).T
    # Parents stand before their children, so that backwards every child is whole when it is added.
    for number in range(len(nodes) - 1, 0, -1):
        above = parent[number]
        sign = -1 if kind[number] == "deduction" != kind[above] else 1
        known[above] += sign * known[number]
        open_leaves[above] |= open_leaves[number]
        if kind[number] == kind[above]:
            applies[above] += applies[number]
            unknown[above] += unknown[number]
    nothing = open_leaves | (np.round(applies, DECIMALS) == 0)
    percent = 100 * np.where(nothing, np.nan, known) / np.where(nothing, 1.0, applies)
    known, applies, unknown, percent = (
        np.round(one, DECIMALS) + 0.0 for one in (known, applies, unknown, percent)
    )
    return Totals(np.where(open_leaves, np.nan, known), applies, known, unknown, percent)
