"""Which uncertain choice moves a score or the ranks: Sobol' indices of independent factors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import listed
from cchc_stats.index.uncertainty.boards import competition_ranks
from cchc_stats.index.uncertainty.contest_columns import closing_columns
from cchc_stats.index.uncertainty.contests import Contest, entered, together
from cchc_stats.index.uncertainty.factors import sampled_factors
from cchc_stats.index.uncertainty.variation import (
    WORDS,
    Variation,
    is_whole,
    require_options,
    run_faults,
)
from cchc_stats.words import CchcError, ValuesError, require_language

OUTPUTS = ("percent", "rank_shift")
FEWEST, GREATEST = 64, 2**16
# A page of function values for a choice, per factor, between two independent samples.
Evaluate = Callable[[Sequence[int]], np.ndarray]


def sobol_indices(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    seed: int,
    n: int = 1024,
    output: str = "percent",
    agency: str | None = None,
    period: str | pd.Period | None = None,
    assessor: str | None = None,
    weights: str | None = "uniform",
    spread: float = 25.0,
    sampling: bool = False,
    survey_error: float | Mapping[str, float] | None = None,
    alternatives: Iterable[Scheme] = (),
    level: float = 95,
    resamples: int = 200,
    incomplete: str = "refuse",
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
    >>> found = sobol_indices(None, scheme, answers=own, seed=2019, agency="Bình Định", n=256)
    >>> found[["factor", "code"]].head(1).values.tolist()
    [['weight', 'F8']]
    """
    words = WORDS[require_language(lang)]
    require_options([*run_faults(seed, level), *_faults(n, output, agency, weights, resamples)])
    variation = Variation(weights, "field", spread, None, None, sampling, survey_error)
    schemes = together(scheme, alternatives)
    entries = entered(values, schemes, answers, incomplete=incomplete)
    contest = _chosen(entries.contests, period, assessor)
    row = _row(contest, agency) if agency is not None else None
    factors = sampled_factors(contest, schemes, variation, row=row, n=int(n), seed=int(seed))
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
        ranks = competition_ranks(percent[:, contest.ranked])
        return np.asarray(np.abs(ranks - contest.rank[contest.ranked]).mean(axis=1))

    found = indices_of(
        evaluate, len(factors.names), seed=int(seed), level=level, resamples=int(resamples)
    )
    label = dict(zip(scheme.nodes["code"], scheme.nodes["label"], strict=True))
    frame = pd.DataFrame(
        {
            "factor": pd.array([name for name, _ in factors.names], dtype="str"),
            "code": pd.array([code for _, code in factors.names], dtype="str"),
            "label": pd.array([label.get(code, "") for _, code in factors.names], dtype="str"),
            **{name: pd.array(figures, dtype="Float64") for name, figures in found.items()},
            "level": float(level),
            "output": output,
            "agency": agency or "",
            "period": entries.cases["period"].iloc[contest.rows[0]],
            "assessor": entries.cases["assessor"].iloc[contest.rows[0]],
            "n": int(n),
            "evaluations": int(n) * (len(factors.names) + 2),
            "seed": int(seed),
        }
    )
    drawn = np.full(len(entries.cases), "sampling" in set(frame["factor"]))
    closing = closing_columns(entries, schemes, drawn, lang=lang)
    at = contest.rows[row if row is not None else int(np.argmax(contest.ranked))]
    told = [closing["note"][at]] + [words["constant"]] * bool((frame["total"] == 0).all())
    frame["scheme_status"] = closing["scheme_status"][at]
    frame["note"] = "; ".join(filter(None, told))
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

    found = indices(np.arange(n))
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(99,)))
    # The library's own bootstrap takes no seed; the points are drawn again here instead.
    again = np.array([indices(random.integers(0, n, n)) for _ in range(resamples)])
    low, high = np.quantile(again, [(100 - level) / 200, (100 + level) / 200], axis=0)
    return {
        "first_order": found[0],
        "total": found[1],
        "first_low": low[0],
        "first_high": high[0],
        "total_low": low[1],
        "total_high": high[1],
    }


def _faults(n: Any, output: Any, agency: Any, weights: Any, resamples: Any) -> list[str]:
    faults = []
    if not is_whole(n) or not FEWEST <= n <= GREATEST or n & (n - 1):
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
    if not is_whole(resamples) or not 20 <= resamples <= 100_000:
        faults.append(f"resamples={resamples!r}: a whole number from 20 to 100,000")
    return faults


def _chosen(
    contests: Sequence[Contest], period: str | pd.Period | None, assessor: str | None
) -> Contest:
    found = [
        contest
        for contest in contests
        if period in (None, contest.period) or str(period) == contest.period
        if assessor in (None, contest.assessor)
    ]
    if len(found) != 1:
        raise ValuesError(
            "several periods and assessors: one of them is analysed at a time"
            if found
            else "no such period and assessor",
            where=listed(contest.name for contest in contests),
            mend="say which: period=, assessor=",
        )
    return found[0]


def _row(contest: Contest, agency: str) -> int:
    ranked = [name for name, known in zip(contest.agencies, contest.ranked, strict=True) if known]
    if agency not in ranked:
        raise ValuesError(
            f"there is no agency {agency!r} with a rank",
            where=f"agency=, {contest.name}",
            mend=f"choose one of {listed(ranked, between=', ')}",
        )
    return contest.agencies.index(agency)
