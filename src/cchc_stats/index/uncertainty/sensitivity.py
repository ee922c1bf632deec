"""How sure a rank is: the ranks an agency gets when weights, rules and rates are drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.uncertainty.contest_columns import (
    closing_columns,
    scored_columns,
    whole_numbers,
)
from cchc_stats.index.uncertainty.contests import Contest, entered, together
from cchc_stats.index.uncertainty.draws import Model, chunk_size, drawn_percents
from cchc_stats.index.uncertainty.leaving_out import require_something_left
from cchc_stats.index.uncertainty.rank_counts import RANKS, STATISTICS, Tally
from cchc_stats.index.uncertainty.variation import (
    LEAST,
    MOST,
    WORDS,
    Variation,
    is_whole,
    require_options,
    run_faults,
)
from cchc_stats.words import ValuesError, require_language

HELD = 100_000_000  # percents held at a time, for their percentiles: 0.8 GB


def sensitivity(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    draws: int = 10_000,
    seed: int,
    weights: str | None = "dirichlet",
    weights_of: str = "leaf",
    spread: float = 25.0,
    concentration: float | None = None,
    leave_out: str | None = None,
    sampling: bool = False,
    survey_error: float | Mapping[str, float] | None = None,
    alternatives: Iterable[Scheme] = (),
    level: float = 95,
    top: int = 3,
    incomplete: str = "refuse",
    chunk: int | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return how far each agency's rank moves when what was decided or measured is drawn again.

    Parameters
    ----------
    values, scheme, answers : as for `score`.
    draws : how often, 100 … 10 million.
    seed : a whole number. The same seed gives the same frame, whatever the chunk and the order of
        the agencies.
    weights : what the maxima are varied by; a leaf's share of its own maximum stays. "dirichlet":
        shares of the total ~ Dirichlet(concentration × the scheme's shares), so their mean is the
        scheme's. "uniform": each maximum times an independent 1 ± spread %, then renormalised to
        the scheme's total. None: not varied.
    weights_of : "leaf", or "field": the leaves of a field move together.
    spread : percent. With "dirichlet" the standard deviation of an average weight in percent of
        it: of K weights, concentration = (K − 1) / (spread / 100)² − 1, at least 1.
    concentration : sum of the Dirichlet parameters, instead of what follows from `spread`.
    leave_out : "field" or "criterion": in each draw one node of that level, any with the same
        chance, is left out as if it did not apply, its bonus and deduction with it.
    sampling : whether rates of kind `events` that were scored on x of n are drawn again, from
        Beta(x + 1/2, n − x + 1/2), and scored by their leaf's rule; a rate that feeds several
        leaves is drawn once for all of them. That is the posterior under Jeffreys' prior; drawing x
        again from Binomial(n, x / n) would leave 60 of 60 and 0 of 60 where they are, as if 60
        dossiers proved that none is ever late. A full rate can therefore only fall, and the percent
        as scored may lie above `percent_high`.
    survey_error : standard error in points of the survey's scores (leaves of the part survey with
        the rule external), or code -> standard error. Normal, cut at 0 and the maximum.
    alternatives : schemes with the same leaves under the same fields that are as defensible: each
        draw is scored by one of these or by the scheme itself, with the same chance, maxima too.
    level : percent of the draws between the limits.
    top : `p_top` counts ranks up to this one.
    incomplete : agencies with unknown leaves: "refuse" them, or "exclude": their rows stay, without
        a rank.
    chunk : draws held at a time; by default as many as take 64 MB.
    lang : language of `method` and `note`, "vi" or "en".

    Returns
    -------
    Frame, a row per agency × period × assessor in the order of `score`; ranks are competition
    ranks (5, 5, 7) within period × assessor by percent of own applicable maximum, compared at ten
    decimals. All agencies of a draw have the same weights, scheme and node left out.
    `points, percent, rank`, as scored, before any draw;
    `rank_low, rank_high, rank_median`, ranks that occurred: the smallest reached by (100 − level)
    / 2, by (100 + level) / 2 and by 50 % of the draws; `rank_mean`;
    `p_first, p_top`, share 0-1 of draws with rank 1, and with rank up to `top`; of several that
    share rank 1 each is first; `top`;
    `percent_low, percent_high`, percent, by the same percentiles;
    `level, draws, seed`; `method`, what was varied; `scheme_status`; `note`, why there is no rank,
    that full counts of a period are no sample, that a scheme is an example.
    Bonus and deduction keep their points. 0/0 and what is missing stay as scored: they hold no
    rate to draw. <NA> where an agency is not ranked.

    Raises
    ------
    CchcError
        Options that make no sense; alternatives with other leaves.
    ValuesError
        As `score` does; incomplete agencies unless excluded; fewer than two to rank in a period;
        an agency with nothing applicable left when a node is left out.

    Notes
    -----
    The approach is that of M. Saisana, A. Saltelli, S. Tarantola, "Uncertainty and sensitivity
    analysis techniques as tools for the quality assessment of composite indicators", Journal of the
    Royal Statistical Society A 168 (2005) 307-323, and of OECD/JRC, "Handbook on Constructing
    Composite Indicators" (2008), step 7. Jeffreys' prior for rates: L. Brown, T. Cai, A. DasGupta,
    "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101-133.

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
    >>> found = sensitivity(None, scheme, answers=own, seed=2019)
    >>> found[["agency", "rank", "rank_low", "rank_high"]].values.tolist()
    [['Bình Định', 1, 1, 2], ['Tỉnh B', 2, 1, 2]]
    """
    words = WORDS[require_language(lang)]
    require_options([*run_faults(seed, level), *_faults(draws, top, chunk)])
    variation = Variation(
        weights, weights_of, spread, concentration, leave_out, sampling, survey_error
    )
    schemes = together(scheme, alternatives)
    entries = entered(values, schemes, answers, incomplete=incomplete)
    size = len(entries.cases)
    found = {name: np.full(size, np.nan) for name in STATISTICS}
    method = np.full(size, "", dtype=object)
    process = np.zeros(size, dtype=bool)
    for contest in entries.contests:
        require_something_left(contest, leave_out)
        _require_room(contest, draws)
    for contest in entries.contests:
        models = [
            Model.of(board, variation, one)
            for board, one in zip(contest.boards, schemes, strict=True)
        ]
        tally = Tally(int(contest.ranked.sum()), int(draws))
        for percent in drawn_percents(
            models,
            variation,
            seed=int(seed),
            draws=int(draws),
            chunk=int(chunk or chunk_size(models)),
            group=contest.number,
        ):
            tally.add(percent[:, contest.ranked])
        for name, figures in tally.statistics(level, int(top)).items():
            found[name][contest.rows[contest.ranked]] = figures
        told = variation.described(
            contest.boards[0],
            [one.name for one in schemes],
            rates=max(len(model.rates) for model in models),
            surveys=max(len(model.surveys) for model in models),
            lang=lang,
        )
        method[contest.rows] = f"{told}; {words['interval'].format(level=level)}"
        process[contest.rows] = any(model.rates for model in models)
    columns = scored_columns(entries)
    for name in STATISTICS:
        figures = found[name]
        columns[name] = (
            whole_numbers(figures) if name in RANKS else pd.array(figures, dtype="Float64")
        )
        if name == "p_top":
            columns["top"] = int(top)
    columns |= {"level": float(level), "draws": int(draws), "seed": int(seed)}
    columns["method"] = pd.array(method, dtype="str")
    columns |= closing_columns(entries, schemes, process, lang=lang)
    return pd.DataFrame(columns)


def _faults(draws: object, top: object, chunk: object) -> Iterator[str]:
    if not is_whole(draws) or not LEAST <= draws <= MOST:  # type: ignore[operator]
        yield f"draws={draws!r}: a whole number from {LEAST:,} to {MOST:,}"
    if not is_whole(top) or top < 1:  # type: ignore[operator]
        yield f"top={top!r}: a rank, 1 or more"
    if chunk is not None and (not is_whole(chunk) or chunk < 1):  # type: ignore[operator]
        yield f"chunk={chunk!r}: a number of draws, 1 or more"


def _require_room(contest: Contest, draws: int) -> None:
    agencies = len(contest.agencies)
    if draws * agencies > HELD:
        raise ValuesError(
            f"{draws:,} draws of {agencies:,} agencies are more than {HELD:,} percents to hold",
            where=f"draws=, {contest.name}",
            mend=f"take at most {HELD // agencies:,} draws",
        )
