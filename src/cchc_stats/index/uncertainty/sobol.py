"""Which uncertain choice moves a score or the ranks: Sobol' indices of independent factors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.uncertainty.draws import (
    Model,
    Variation,
    is_integer,
    renormalised,
    require_options,
    rescored,
    resurveyed,
    run_faults,
)
from cchc_stats.index.uncertainty.leaf_matrix import (
    RankingGroup,
    closing_columns,
    competition_ranks,
    entered,
    percents,
    together,
    words_in,
)
from cchc_stats.words import CchcError, ValuesError, listed, require_language

OUTPUTS = ("percent", "rank_shift")
FEWEST, GREATEST = 64, 2**16
# A page of function values for a choice, per factor, between two independent samples.
Evaluate = Callable[[Sequence[int]], np.ndarray]
WEIGHT, SCHEMES, SAMPLING, SURVEY = "weight", "schemes", "sampling", "survey"
QUASI_RANDOM = 7  # names the samples' stream of random numbers
MOST_COLUMNS = 10_000  # of each sample; the sequence has 21,201 dimensions for the two together
MOST_FIGURES = 50_000_000  # points drawn again of each sample: 0.8 GB for the two
Name = tuple[str, str]


def sobol_indices(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    seed: int,
    n: int = 1024,
    output: Literal["percent", "rank_shift"] = "percent",
    agency: str | None = None,
    period: str | pd.Period | None = None,
    assessor: str | None = None,
    weights: Literal["dirichlet", "uniform"] | None = "uniform",
    spread: float = 25.0,
    sampling: bool = False,
    survey_error: float | Mapping[str, float] | None = None,
    alternatives: Iterable[Scheme] = (),
    level: float = 95,
    resamples: int = 200,
    incomplete: Literal["refuse", "exclude"] = "refuse",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return which share of the variance of a score, or of the ranks, each choice is behind.

    Parameters
    ----------
    values, scheme, answers, sampling, survey_error, alternatives, incomplete, lang : as for
        `sensitivity`.
    seed : a whole number: the same seed gives the same frame.
    n : a power of 2, 64 … 65,536: points of each of the two samples. The index is computed
        n × (factors + 2) times.
    output : "percent", that of one agency; "rank_shift", the mean over the agencies of |rank −
        rank as scored|.
    agency : whose percent; needed for "percent", and none for "rank_shift".
    period, assessor : which, where there are several.
    weights : "uniform": each field's maxima times an independent 1 ± spread %, renormalised to the
        scheme's total afterwards. None: not varied. Dirichlet weights add up to 1, so they are not
        independent of one another and have no Sobol' indices.
    spread : percent.
    level : of the bootstrap intervals, percent.
    resamples : how many bootstrap samples, 20 or more.

    Returns
    -------
    Frame, a row per factor, the largest total first: `factor` ("weight", "schemes", "sampling",
    "survey"), `code` (field or leaf; "" for the choice of a scheme), `label`;
    `first_order`, the share of the variance that the factor explains by itself;
    `total`, the share with all that it does together with others;
    `first_low, first_high, total_low, total_high`, percentiles of the bootstrap; `level`;
    `output, agency, period, assessor, n, evaluations, seed, scheme_status, note`.
    A rate or survey score of a leaf is one factor, however many agencies have one: they are drawn
    independently and exchanged together; so are the leaves that one rate feeds, under the first of
    these. Estimates differ from the shares by chance, and may be
    below 0. Where the output does not vary all are 0 and the note says so.

    Raises
    ------
    CchcError
        Dirichlet weights, or another option that makes no sense; nothing that varies.
    ValuesError
        As `sensitivity` does; no such agency, or several periods or assessors; more rates and
        points n than can be held.

    Notes
    -----
    Estimators of A. Saltelli et al., "Variance based sensitivity analysis of model output",
    Computer Physics Communications 181 (2010) 259-270, as `scipy.stats.sobol_indices` has them:
    first order mean(f_B (f_AB − f_A)) / V, total mean((f_A − f_AB)²) / 2 V. The outputs are those
    of Saisana, Saltelli and Tarantola (2005), see `sensitivity`.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> points = {"Bình Định": [7, 5, 13.65, 7.04, 7, 8, 9, 3],
    ...           "Tỉnh B": [6, 5, 12, 7, 8, 8, 8, 5.5]}
    >>> own = pd.DataFrame(
    ...     [(name, "2019Q4", f"F{field}", number) for name, numbers in points.items()
    ...      for field, number in enumerate(numbers, start=1)],
    ...     columns=["agency", "period", "code", "number"])
    >>> scheme = load_scheme("par-index-2019-province-self")
    >>> indices = sobol_indices(None, scheme, answers=own, seed=2019, agency="Bình Định", n=256)
    >>> indices[["factor", "code"]].head(1).values.tolist()
    [['weight', 'F8']]
    """
    words = words_in(require_language(lang))
    require_options([*run_faults(seed, level), *_faults(n, output, agency, weights, resamples)])
    variation = Variation(weights, "field", spread, None, None, sampling, survey_error)
    schemes = together(scheme, alternatives)
    entries = entered(values, schemes, answers, incomplete=incomplete)
    group = _chosen(entries.groups, period, assessor)
    row = _row(group, agency) if agency is not None else None
    factors = sampled_factors(group, schemes, variation, row=row, n=int(n), seed=int(seed))
    if not factors.names:
        raise CchcError(
            "nothing varies, so there is nothing to share out",
            where="weights=, sampling=, survey_error=, alternatives=",
            mend="vary something: weights='uniform', sampling=True, or give alternatives",
        )

    def evaluate(sample: Sequence[int]) -> np.ndarray:
        percent = factors.percents(sample)
        if row is not None:
            return percent[:, row]
        ranks = competition_ranks(percent[:, group.ranked])
        return np.asarray(np.abs(ranks - group.rank[group.ranked]).mean(axis=1))

    estimates = indices_of(
        evaluate, len(factors.names), seed=int(seed), level=level, resamples=int(resamples)
    )
    label = dict(zip(scheme.nodes["code"], scheme.nodes["label"], strict=True))
    frame = pd.DataFrame(
        {
            "factor": pd.array([name for name, _ in factors.names], dtype="str"),
            "code": pd.array([code for _, code in factors.names], dtype="str"),
            "label": pd.array([label.get(code, "") for _, code in factors.names], dtype="str"),
            **{name: pd.array(figures, dtype="Float64") for name, figures in estimates.items()},
            "level": float(level),
            "output": output,
            "agency": agency or "",
            "period": entries.cases["period"].iloc[group.rows[0]],
            "assessor": entries.cases["assessor"].iloc[group.rows[0]],
            "n": int(n),
            "evaluations": int(n) * (len(factors.names) + 2),
            "seed": int(seed),
        }
    )
    drawn = np.full(len(entries.cases), "sampling" in set(frame["factor"]))
    closing = closing_columns(entries, schemes, drawn, lang=lang)
    at = group.rows[row if row is not None else int(np.argmax(group.ranked))]
    notes = [closing["note"][at]] + [words["constant"]] * bool((frame["total"] == 0).all())
    frame["scheme_status"] = closing["scheme_status"][at]
    frame["note"] = "; ".join(filter(None, notes))
    texts = {name: "str" for name in ("output", "agency", "assessor", "scheme_status", "note")}
    order = frame["total"].sort_values(ascending=False, kind="stable").index
    return frame.astype(texts).loc[order].reset_index(drop=True)


def indices_of(
    evaluate: Evaluate, factors: int, *, seed: int, level: float, resamples: int
) -> dict[str, np.ndarray]:
    """Return first order and total indices with their bootstrap limits, a figure per factor.

    Parameters
    ----------
    evaluate : takes for each factor 0 or 1, from which of two independent samples it comes, and
        returns the function's value at each point.
    """
    from scipy.stats import sobol_indices as estimated  # type: ignore[import-untyped]

    first = evaluate([0] * factors)
    pages = {
        "f_A": first[None, :],
        "f_B": evaluate([1] * factors)[None, :],
        # After the factors one that moves nothing: of a single page there is no estimate.
        "f_AB": np.array(
            [
                *([evaluate([int(k == one) for k in range(factors)])] for one in range(factors)),
                [first],
            ]
        ),
    }
    n = len(first)

    def indices(points: np.ndarray) -> np.ndarray:
        chosen = {name: page[..., points] for name, page in pages.items()}
        result = estimated(func=chosen, n=n)
        return np.array([result.first_order, result.total_order])[:, :factors]

    orders = indices(np.arange(n))
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(99,)))
    # The library's own bootstrap takes no seed; the points are drawn again here instead.
    again = np.array([indices(random.integers(0, n, n)) for _ in range(resamples)])
    low, high = np.quantile(again, [(100 - level) / 200, (100 + level) / 200], axis=0)
    return {
        "first_order": orders[0],
        "total": orders[1],
        "first_low": low[0],
        "first_high": high[0],
        "total_low": low[1],
        "total_high": high[1],
    }


def _faults(n: Any, output: Any, agency: Any, weights: Any, resamples: Any) -> list[str]:
    faults = []
    if not is_integer(n) or not FEWEST <= n <= GREATEST or n & (n - 1):
        faults.append(f"n={n!r}: a power of 2 from {FEWEST} to {GREATEST:,}")
    if output not in OUTPUTS:
        faults.append(f"output={output!r}: one of 'percent', 'rank_shift'")
    if output == "percent" and agency is None:
        faults.append("output='percent': say whose, agency=")
    if output == "rank_shift" and agency is not None:
        faults.append("output='rank_shift': of all agencies, so no agency=")
    if weights == "dirichlet":
        faults.append(
            "weights='dirichlet': these weights add up to 1 and are not independent of one "
            "another, as Sobol' indices need; take 'uniform'"
        )
    if not is_integer(resamples) or not 20 <= resamples <= 100_000:
        faults.append(f"resamples={resamples!r}: a whole number from 20 to 100,000")
    return faults


def _chosen(
    groups: Sequence[RankingGroup], period: str | pd.Period | None, assessor: str | None
) -> RankingGroup:
    fitting = [
        group
        for group in groups
        if period in (None, group.period) or str(period) == group.period
        if assessor in (None, group.assessor)
    ]
    if len(fitting) != 1:
        raise ValuesError(
            "several periods and assessors: one of them is analysed at a time"
            if fitting
            else "no such period and assessor",
            where=listed(group.name for group in groups),
            mend="say which: period=, assessor=",
        )
    return fitting[0]


def _row(group: RankingGroup, agency: str) -> int:
    ranked = list(compress(group.agencies, group.ranked))
    if agency not in ranked:
        raise ValuesError(
            f"there is no agency {agency!r} with a rank",
            where=f"agency=, {group.name}",
            mend=f"choose one of {listed(ranked, between=', ')}",
        )
    return group.agencies.index(agency)


# The factors, sampled twice, so that each can be exchanged by itself.


@dataclass(frozen=True, eq=False)
class Factors:
    """Two samples of every factor, and the models that turn them into percents.

    Attributes
    ----------
    names : what each factor is, and the code of its field or leaf.
    moved : by field, what its maxima are multiplied by, shape (2, n).
    scheme : which model scores a point, shape (2, n).
    redrawn : per model and leaf drawn again its points, shape (2, n, agencies).
    """

    names: tuple[Name, ...]
    models: tuple[Model, ...]
    moved: dict[str, np.ndarray]
    scheme: np.ndarray
    redrawn: tuple[dict[int, tuple[Name, np.ndarray]], ...]

    def percents(self, sample: Sequence[int]) -> np.ndarray:
        """Return the agencies' percents, shape (n, agencies), each factor from its sample."""
        of = dict(zip(self.names, sample, strict=True))
        scheme = self.scheme[of.get((SCHEMES, ""), 0)]
        shares = np.empty((len(scheme), len(self.models[0].matrix.points)))
        for number, model in enumerate(self.models):
            at = np.flatnonzero(scheme == number)
            if not len(at):
                continue
            matrix = model.matrix
            moved = np.ones((len(matrix.leaves), len(at)))
            for place, leaf in enumerate(matrix.leaves):
                if (code := leaf.path[0]) in self.moved:
                    moved[place] = self.moved[code][of[WEIGHT, code]][at]
            again = {
                leaf: points[of[name]][at] for leaf, (name, points) in self.redrawn[number].items()
            }
            maxima = renormalised(matrix.maxima, moved, float(matrix.maxima.sum()))
            shares[at] = percents(matrix, maxima, redrawn=again)
        return shares


def sampled_factors(
    group: RankingGroup,
    schemes: Sequence[Scheme],
    variation: Variation,
    *,
    row: int | None,
    n: int,
    seed: int,
) -> Factors:
    """Return the factors in two independent samples of n points of one Sobol' sequence.

    `row` is the agency that alone is looked at, None for all: the rates of the others then matter
    only where a leaf is measured against the best.
    """
    models = tuple(
        _narrowed(Model.of(matrix, variation, scheme), row)
        for matrix, scheme in zip(group.matrices, schemes, strict=True)
    )
    matrix = group.matrices[0]
    fields = dict.fromkeys(leaf.path[0] for leaf in matrix.leaves if leaf.counted)
    varied = list(fields) if variation.weights else []
    # A leaf's rates are one factor with a column per agency that any of the models draws again.
    cells: dict[Name, np.ndarray] = {}
    for model in models:
        for name, own in _cells(model).items():
            cells[name] = own | cells[name] if name in cells else own
    widths = {(WEIGHT, field): 1 for field in varied}
    widths |= {(SCHEMES, ""): 1} if len(models) > 1 else {}
    widths |= {name: int(drawn.sum()) for name, drawn in cells.items()}
    _require_room(group, sum(widths.values()), n * len(matrix.points) * len(cells) * len(models))
    uniform = _columns(widths, n, seed)
    scheme = np.zeros((2, n), dtype="int64")
    if len(models) > 1:
        scheme = (uniform[SCHEMES, ""][:, :, 0] * len(models)).astype("int64")
    reach = variation.spread / 100
    return Factors(
        names=tuple(widths),
        models=models,
        moved={field: 1 + reach * (2 * uniform[WEIGHT, field][:, :, 0] - 1) for field in varied},
        scheme=np.minimum(scheme, len(models) - 1),
        redrawn=tuple(_points(model, cells, uniform) for model in models),
    )


def _require_room(group: RankingGroup, columns: int, figures: int) -> None:
    """Refuse more columns than a Sobol' sequence has, and more figures than should be held."""
    if columns > MOST_COLUMNS or figures > MOST_FIGURES:
        raise ValuesError(
            f"{columns:,} uncertain figures at these n points are too many to be analysed at once",
            where=f"{group.name}: {len(group.agencies):,} agencies",
            mend="take a smaller n, one agency's percent, or fewer things that vary",
        )


def _narrowed(model: Model, row: int | None) -> Model:
    """Return the model without the draws that cannot reach the agency looked at."""
    if row is None:
        return model
    matrix = model.matrix
    own = np.arange(len(matrix.points)) == row
    rates = []
    for rate in model.rates:
        if matrix.leaves[rate.leaf].compared:
            rates.append(rate)
        elif rate.cells[row]:
            mine = own[rate.cells]
            rates.append(replace(rate, cells=own, a=rate.a[mine], b=rate.b[mine]))
    surveys = [replace(one, cells=own) for one in model.surveys if one.cells[row]]
    return Model(matrix, tuple(rates), tuple(surveys))


def _cells(model: Model) -> dict[Name, np.ndarray]:
    codes = model.matrix.codes
    redrawn: dict[Name, np.ndarray] = {}
    for rate in model.rates:
        name = (SAMPLING, codes[rate.source])
        redrawn[name] = rate.cells | redrawn[name] if name in redrawn else rate.cells
    return redrawn | {(SURVEY, codes[survey.leaf]): survey.cells for survey in model.surveys}


def _columns(widths: dict[Name, int], n: int, seed: int) -> dict[Name, np.ndarray]:
    """Return by factor uniform numbers, shape (2, n, width): the two samples of its columns.

    The samples are the halves of one sequence of twice the dimension (Saltelli et al. 2010, 5).
    """
    from scipy.stats import qmc

    total = sum(widths.values())
    if not total:
        return {}
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(QUASI_RANDOM,)))
    drawn = qmc.Sobol(d=2 * total, seed=random, bits=64).random(n)
    # The ends are no numbers of a normal distribution.
    both = np.clip(drawn.T.reshape(2, total, n), 1e-12, 1 - 1e-12)
    columns, start = {}, 0
    for name, width in widths.items():
        columns[name] = np.moveaxis(both[:, start : start + width], 1, 2)
        start += width
    return columns


def _points(
    model: Model, cells: dict[Name, np.ndarray], uniform: dict[Name, np.ndarray]
) -> dict[int, tuple[Name, np.ndarray]]:
    """Return by leaf the points at each point of both samples, from the quantiles drawn."""
    from scipy.special import betaincinv, ndtri  # type: ignore[import-untyped]

    redrawn = {}
    for rate in model.rates:
        name = (SAMPLING, model.matrix.codes[rate.source])
        of = uniform[name][:, :, rate.cells[cells[name]]]
        # What the first leaf leaves is drawn as what it leaves.
        shares = betaincinv(*(rate.b, rate.a) if rate.turned else (rate.a, rate.b), of)
        shares = 1 - shares if rate.turned else shares
        redrawn[rate.leaf] = (name, np.array([rescored(model.matrix, rate, one) for one in shares]))
    for survey in model.surveys:
        name = (SURVEY, model.matrix.codes[survey.leaf])
        normal = ndtri(uniform[name][:, :, survey.cells[cells[name]]])
        redrawn[survey.leaf] = (
            name,
            np.array([resurveyed(model.matrix, survey, one) for one in normal]),
        )
    return redrawn
