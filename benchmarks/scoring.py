"""`score` and `sensitivity` beside the sums and the loop that a user would write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from timing import Comparison, seconds, side_by_side

from cchc_stats.index.scheme.nodes import Declared, Node, nodes_frame
from cchc_stats.index.scheme.scheme import Scheme
from cchc_stats.index.scoring.scoring import score
from cchc_stats.index.uncertainty.sensitivity import sensitivity
from cchc_stats.words.labels import Label

SCORED, SCORED_LEAVES = 10_000, 100
RANKED, RANKED_LEAVES, DRAWS, LOOPED = 60, 90, 10_000, 500
FIELDS = 10
CONCENTRATION = 1_000.0
PERIOD = "2020Q4"


def comparisons() -> list[Comparison]:
    """Return the times of scoring and of drawing ranks, after seeing that both ways agree."""
    return [scoring(), *drawing()]


def scheme_of(leaves: int) -> Scheme:
    """Return a scheme of fields with rates of one point each, scored proportionally."""
    codes = [f"R{number:03d}" for number in range(leaves)]
    inner = partial(_node, rule="", indicator="")
    nodes = [inner("total", "", leaves)]
    nodes += [inner(f"F{field}", "total", leaves // FIELDS) for field in range(FIELDS)]
    nodes += [
        _node(f"leaf {code}", f"F{number * FIELDS // leaves}", 1, "proportional", code)
        for number, code in enumerate(codes)
    ]
    return Scheme(
        name="benchmark",
        title=Label("Thử", "Trial"),
        status="example",
        source="benchmark",
        version="1",
        valid_from=dt.date(2020, 1, 1),
        valid_to=None,
        nodes=nodes_frame(nodes),
        indicators={
            code: Declared(
                code=code, label=Label(code, code), unit="percent", better="higher", kind="events"
            )
            for code in codes
        },
    )


def _node(code: str, parent: str, most: float, rule: str, indicator: str) -> Node:
    columns = dict.fromkeys(Node.__dataclass_fields__, "") | {"level": None, "rounding": None}
    columns |= {"code": code, "parent": parent, "label": code, "label_en": code}
    columns |= {"max_points": most, "kind": "score", "params": "{}"}
    if rule:
        columns |= {"rule": rule, "indicator": indicator, "part": "self", "group": "all"}
        columns |= {"zero_denominator": "full", "missing": "unknown"}
    return Node(**columns)


def values_of(percent: np.ndarray) -> pd.DataFrame:
    """Return the values frame of a matrix of percents, agencies down and indicators across."""
    agencies, leaves = percent.shape
    names = np.array([f"Đơn vị {number:05d}" for number in range(agencies)], dtype=object)
    codes = np.array([f"R{number:03d}" for number in range(leaves)], dtype=object)
    return pd.DataFrame(
        {
            "agency": np.repeat(names, leaves),
            "period": PERIOD,
            "indicator": np.tile(codes, agencies),
            "value": percent.ravel(),
            "unit": "percent",
        }
    )


def percents(agencies: int, leaves: int) -> np.ndarray:
    """Return percents with two decimals, as they are printed."""
    return np.round(np.random.default_rng(2020).uniform(50, 100, (agencies, leaves)), 2)


def scoring() -> Comparison:
    """Return the time of `score` against the sums alone, put into a frame."""
    percent, scheme = percents(SCORED, SCORED_LEAVES), scheme_of(SCORED_LEAVES)
    values = values_of(percent)
    ours, by_hand = score(values, scheme), summed_by_hand(percent)
    own = ours[ours["code"] == "total"].set_index("agency")["points"]
    other = by_hand[by_hand["code"] == "total"].set_index("agency")["points"]
    pd.testing.assert_series_equal(own, other, check_dtype=False, rtol=1e-12)
    if len(ours) != len(by_hand):
        raise ValueError("the two frames do not have the same rows")
    return side_by_side(
        f"score ÷ sums and a frame by hand, {SCORED:,} agencies × {SCORED_LEAVES} leaves",
        lambda: score(values, scheme),
        lambda: summed_by_hand(percent),
        rounds=3,
        target=30.0,
    )


def summed_by_hand(percent: np.ndarray) -> pd.DataFrame:
    """Return points of leaves, fields and totals, a row each, without checks or reasons."""
    agencies, leaves = percent.shape
    points = percent / 100
    fields = points.reshape(agencies, FIELDS, -1).sum(axis=2)
    total = points.sum(axis=1, keepdims=True)
    fields_of = [f"F{number}" for number in range(FIELDS)]
    leaf_codes = [f"R{number:03d}" for number in range(leaves)]
    codes = ["total", *fields_of, *(f"leaf {code}" for code in leaf_codes)]
    parents = ["", *["total"] * FIELDS, *np.repeat(fields_of, leaves // FIELDS)]
    most = np.array([leaves, *[leaves / FIELDS] * FIELDS, *[1] * leaves], dtype="float64")
    names = [f"Đơn vị {number:05d}" for number in range(agencies)]
    got = np.concatenate([total, fields, points], axis=1)
    value = np.concatenate([np.full((agencies, FIELDS + 1), np.nan), percent], axis=1)

    def each(texts: list[str]) -> np.ndarray:
        return np.tile(np.array(texts, dtype=object), agencies)

    return pd.DataFrame(
        {
            "agency": np.repeat(np.array(names, dtype=object), len(codes)),
            "period": pd.Period(PERIOD),
            "assessor": "self",
            "code": each(codes),
            "parent": each(parents),
            "level": np.tile(np.repeat([0, 1, 2], [1, FIELDS, leaves]), agencies),
            "label": each(codes),
            "max_points": np.tile(most, agencies),
            "points": got.ravel(),
            "percent": (100 * got / most).ravel(),
            "complete": True,
            "value": value.ravel(),
            "rule": each([""] * (FIELDS + 1) + ["proportional"] * leaves),
            "indicator": each([""] * (FIELDS + 1) + leaf_codes),
            "scheme": "benchmark",
        }
    )


def drawing() -> list[Comparison]:
    """Return the times of `sensitivity` against a loop over draws, run for some and scaled."""
    percent, scheme = percents(RANKED, RANKED_LEAVES), scheme_of(RANKED_LEAVES)
    values = values_of(percent)
    draw = partial(
        sensitivity, values, scheme, seed=1, concentration=CONCENTRATION, weights="dirichlet"
    )
    # Random numbers differ, so the two agree as closely as this many draws allow.
    ours, by_hand = draw(draws=DRAWS), looped_by_hand(percent, DRAWS, ranked_by_scipy)
    for name, most in (("rank_mean", 0.5), ("p_first", 0.03), ("percent_low", 0.1)):
        apart = np.abs(ours[name].to_numpy("float64") - by_hand[name].to_numpy()).max()
        if apart > most:
            raise ValueError(f"{name}: the two ways are up to {apart} apart")
    mine = min(seconds(lambda: draw(draws=DRAWS)) for _ in range(5))
    return [
        Comparison.of(
            f"sensitivity ÷ a loop over draws, {name}, {RANKED} agencies × {RANKED_LEAVES} leaves "
            f"× {DRAWS:,} draws (the loop: {LOOPED} draws, × {DRAWS // LOOPED})",
            ours=mine,
            other=min(seconds(partial(looped_by_hand, percent, LOOPED, rank)) for _ in range(3))
            * (DRAWS / LOOPED),
            target=target,
        )
        for name, rank, target in (
            ("of frames", ranked_by_frames, 0.1),
            ("of arrays, Series.rank", ranked_by_pandas, None),
            ("of arrays, scipy.stats.rankdata", ranked_by_scipy, None),
        )
    ]


# A draw's ranks as an analyst writes them in a notebook, and, for information, on bare arrays.
def ranked_by_frames(shares: pd.DataFrame, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = (shares * weights).sum(axis=1).round(10)
    return total.to_numpy(), total.rank(method="min", ascending=False).to_numpy()


def ranked_by_pandas(shares: pd.DataFrame, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = np.round(shares.to_numpy() @ weights, 10)
    return total, pd.Series(total).rank(method="min", ascending=False).to_numpy()


def ranked_by_scipy(shares: pd.DataFrame, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = np.round(shares.to_numpy() @ weights, 10)
    return total, rankdata(-total, method="min")


def looped_by_hand(
    percent: np.ndarray,
    draws: int,
    rank_of: Callable[[pd.DataFrame, np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> pd.DataFrame:
    """Return the same statistics with one draw after the other."""
    random = np.random.default_rng(2)
    leaves, shares = percent.shape[1], pd.DataFrame(percent)
    ranks, totals = [], []
    for _ in range(draws):
        weights = random.dirichlet(np.full(leaves, CONCENTRATION / leaves))
        total, rank = rank_of(shares, weights)
        totals.append(total)
        ranks.append(rank)
    rank, whole = np.array(ranks), np.array(totals)
    low, high = np.percentile(whole, [2.5, 97.5], axis=0)
    rank_low, rank_high = np.percentile(rank, [2.5, 97.5], axis=0, method="inverted_cdf")
    return pd.DataFrame(
        {
            "rank_mean": rank.mean(axis=0),
            "p_first": (rank == 1).mean(axis=0),
            "rank_low": rank_low,
            "rank_high": rank_high,
            "percent_low": low,
            "percent_high": high,
        }
    )
