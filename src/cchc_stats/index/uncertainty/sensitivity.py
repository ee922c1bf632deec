"""How sure a rank is: the ranks an agency gets when weights, rules and rates are drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.uncertainty.draws import (
    LEAST,
    MOST,
    Model,
    Variation,
    chunk_size,
    drawn_percents,
    is_integer,
    kept_without,
    require_options,
    run_faults,
)
from cchc_stats.index.uncertainty.leaf_matrix import (
    LEVELS,
    Entries,
    RankingGroup,
    closing_columns,
    competition_ranks,
    entered,
    floats,
    integers,
    percents,
    scored_columns,
    together,
    words_in,
)
from cchc_stats.statistics import benjamini_hochberg
from cchc_stats.words import ValuesError, exact, format_number, listed, require_language

HELD = 100_000_000  # percents held at a time, for their percentiles: 0.8 GB
# The statistics that are ranks themselves, and all of them in their order.
RANKS = ("rank_low", "rank_high", "rank_median")
STATISTICS = (
    *(*RANKS, "rank_mean", "p_first", "p_top", "percent_low", "percent_high"),
    *("p_value", "p_adjusted"),
)
MANY = 10  # agencies from which notes say how many stand apart by chance alone


def sensitivity(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    draws: int = 10_000,
    seed: int,
    weights: Literal["dirichlet", "uniform"] | None = "dirichlet",
    weights_of: Literal["leaf", "field"] = "leaf",
    spread: float = 25.0,
    concentration: float | None = None,
    leave_out: str | None = None,
    sampling: bool = False,
    survey_error: float | Mapping[str, float] | None = None,
    alternatives: Iterable[Scheme] = (),
    level: float = 95,
    top: int = 3,
    incomplete: Literal["refuse", "exclude"] = "refuse",
    chunk: int | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return how far each agency's rank moves when what was decided or measured is drawn again.

    The uncertainty of ranks (`rank_uncertainty`, độ chắc chắn của thứ hạng).

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
        leaves is drawn once for all of them, also under two names (late, and on time). That is the
        posterior under Jeffreys' prior; drawing x
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
    `p_value`, where rates or surveys are drawn: how seldom an agency has a percent on the other
    side of the median one, two-sided, so that of agencies alike about (100 − level) in 100 are up
    to 1 − level / 100 and lie `above` or `below` (`side`, else "") by chance alone; `p_adjusted`,
    the same by Benjamini & Hochberg among those ranked together: of agencies up to 0.05 on average
    at most 5 in 100 are apart by chance;
    `level, draws, seed`; `method`, what was varied; `scheme_status`; `note`, why there is no rank,
    that full counts of a period are no sample, that a scheme is an example, and where fewer than
    a tenth of the draws give a rank as good (or as bad) as the one scored, or it lies outside its
    own limits: 3 of 3 leads 60 of 60 by chance alone; from ten agencies on, beside those that lie
    apart, how many do so by chance alone.
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
    >>> ranks = sensitivity(None, scheme, answers=own, seed=2019)
    >>> ranks[["agency", "rank", "rank_low", "rank_high"]].values.tolist()
    [['Bình Định', 1, 1, 2], ['Tỉnh B', 2, 1, 2]]
    """
    words = words_in(require_language(lang))
    require_options([*run_faults(seed, level), *_faults(draws, top, chunk)])
    variation = Variation(
        weights, weights_of, spread, concentration, leave_out, sampling, survey_error
    )
    schemes = together(scheme, alternatives)
    entries = entered(values, schemes, answers, incomplete=incomplete)
    size = len(entries.cases)
    statistics = {name: np.full(size, np.nan) for name in (*STATISTICS, "side")}
    method = np.full(size, "", dtype=object)
    process, held_rank = np.zeros(size, dtype=bool), np.ones(size)
    for group in entries.groups:
        require_something_left(group, leave_out)
        _require_room(group, draws)
    for group in entries.groups:
        pairs = zip(group.matrices, schemes, strict=True)
        models = [Model.of(matrix, variation, one) for matrix, one in pairs]
        counts = RankCounts(int(group.ranked.sum()), int(draws))
        held = int(chunk or chunk_size(models))
        for percent in drawn_percents(
            models, variation, seed=int(seed), draws=int(draws), chunk=held, group=group.number
        ):
            counts.add(percent[:, group.ranked])
        rows = group.rows[group.ranked]
        chance = any(map(Model.has_chance, models))
        for name, figures in counts.statistics(level, int(top), chance=chance).items():
            statistics[name][rows] = figures
        held_rank[rows] = counts.held(group.rank[group.ranked])
        varied = variation.described(
            group.matrices[0],
            [one.name for one in schemes],
            rates=max(len(model.rates) for model in models),
            surveys=max(len(model.surveys) for model in models),
            lang=lang,
        )
        method[group.rows] = f"{varied}; {words['interval'].format(level=level)}"
        process[group.rows] = any(model.rates for model in models)
    columns = scored_columns(entries)
    side = statistics.pop("side")
    for name, figures in statistics.items():
        columns[name] = integers(figures) if name in RANKS else floats(figures)
        if name == "p_top":
            columns["top"] = int(top)
    columns["side"] = pd.array(np.select([side > 0, side < 0], ["above", "below"], ""), dtype="str")
    columns |= {"level": float(level), "draws": int(draws), "seed": int(seed)}
    columns["method"] = pd.array(method, dtype="str")
    columns |= closing_columns(entries, schemes, process, lang=lang)
    frame = pd.DataFrame(columns)
    notes = _rank_notes(frame, held_rank, _ranked_together(entries), lang)
    return frame.assign(note=pd.array([*notes], dtype="str"))


SELDOM = 0.1  # share of the draws below which a rank as scored is said not to hold


def _ranked_together(entries: Entries) -> np.ndarray:
    """Return with how many agencies each row is ranked."""
    together = np.zeros(len(entries.cases), dtype="int64")
    for group in entries.groups:
        together[group.rows] = group.ranked.sum()
    return together


def _rank_notes(
    frame: pd.DataFrame, held: np.ndarray, together: np.ndarray, lang: str
) -> Iterator[str]:
    """Yield the notes, with what is to be said of ranks that draws seldom give, and of chance.

    Parameters
    ----------
    held : share of the draws with a rank at least as good, or at least as bad, as the one scored.
    together : with how many agencies each row is ranked.
    """
    words = words_in(lang)
    for share, agencies, row in zip(held, together, frame.to_dict("records"), strict=True):
        notes = [row["note"]]
        if share < SELDOM:
            outside = not row["rank_low"] <= row["rank"] <= row["rank_high"]
            text = words["rank_outside" if outside else "rank_seldom"]
            notes.append(
                text.format(
                    rank=row["rank"], low=row["rank_low"], high=row["rank_high"], share=100 * share
                )
            )
        if row["side"] and agencies >= MANY:
            expected = format_number(agencies * (100 - row["level"]) / 100, decimals=1, lang=lang)
            notes.append(words["by_chance"].format(n=agencies, expected=expected))
        yield "; ".join(filter(None, notes))


def _faults(draws: object, top: object, chunk: object) -> Iterator[str]:
    if not is_integer(draws) or not LEAST <= draws <= MOST:  # type: ignore[operator]
        yield f"draws={draws!r}: a whole number from {LEAST:,} to {MOST:,}"
    if not is_integer(top) or top < 1:  # type: ignore[operator]
        yield f"top={top!r}: a rank, 1 or more"
    if chunk is not None and (not is_integer(chunk) or chunk < 1):  # type: ignore[operator]
        yield f"chunk={chunk!r}: a number of draws, 1 or more"


def _require_room(group: RankingGroup, draws: int) -> None:
    agencies = len(group.agencies)
    if draws * agencies > HELD:
        raise ValuesError(
            f"{draws:,} draws of {agencies:,} agencies are more than {HELD:,} percents to hold",
            where=f"draws=, {group.name}",
            mend=f"take at most {HELD // agencies:,} draws",
        )


@dataclass(eq=False)
class RankCounts:
    """How often each agency had each rank, and its percent in each draw.

    Ranks are counted and not kept: however many the draws, they need agencies × agencies numbers.
    """

    agencies: int
    draws: int
    seen: int = field(default=0, init=False)
    counts: np.ndarray = field(init=False)
    percent: np.ndarray = field(init=False)
    above: np.ndarray = field(init=False)
    below: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the draws."""
        self.counts = np.zeros((self.agencies, self.agencies), dtype="int64")
        self.percent = np.empty((self.agencies, self.draws))
        self.above, self.below = np.zeros((2, self.agencies), dtype="int64")

    def add(self, percent: np.ndarray) -> None:
        """Count some draws, shape (draws, agencies)."""
        places = competition_ranks(percent) - 1 + self.agencies * np.arange(self.agencies)
        size = self.agencies * self.agencies
        off = np.round(percent - np.median(percent, axis=1, keepdims=True), 10)
        self.above += (off >= 0).sum(axis=0)
        self.below += (off <= 0).sum(axis=0)
        self.counts += np.bincount(places.ravel(), minlength=size).reshape(self.counts.shape)
        self.percent[:, self.seen : self.seen + len(percent)] = percent.T
        self.seen += len(percent)

    def held(self, rank: np.ndarray) -> np.ndarray:
        """Return the share of the draws with a rank no worse, or no better, if that is less."""
        reached = np.cumsum(self.counts, axis=1) / self.draws
        at = np.arange(self.agencies), rank.astype("int64") - 1
        better = np.where(at[1] > 0, reached[at[0], at[1] - 1], 0.0)
        share: np.ndarray = np.minimum(reached[at], 1 - better)
        return share

    def chances(self, level: float) -> dict[str, np.ndarray]:
        """Return how seldom each agency is beyond the median one, and on which side it lies."""
        seldom = 2 * (1 + np.minimum(self.above, self.below)) / (self.draws + 1)
        p = np.minimum(seldom, 1.0)
        side = np.where(p <= 1 - level / 100, np.sign(self.above - self.below), 0)
        return {"p_value": p, "p_adjusted": benjamini_hochberg(p), "side": side}

    def statistics(self, level: float, top: int, *, chance: bool) -> dict[str, np.ndarray]:
        """Return `STATISTICS`, a figure per agency; percentiles are figures that occurred.

        With `chance` also what is of chance, where something has been drawn by chance.
        """
        low, middle, high = (
            _place(share, self.draws) for share in (100 - exact(level), 100, 100 + exact(level))
        )
        reached = np.cumsum(self.counts, axis=1)
        rank = {
            name: 1 + (reached > place).argmax(axis=1)
            for name, place in zip(RANKS, (low, high, middle), strict=True)
        }
        ordered = np.partition(self.percent, sorted({low, high}), axis=1)
        numbers = np.arange(1, self.agencies + 1)
        chances = self.chances(level) if chance else {}
        return (
            rank
            | chances
            | {
                "rank_mean": (self.counts * numbers).sum(axis=1) / self.draws,
                "p_first": self.counts[:, 0] / self.draws,
                "p_top": self.counts[:, :top].sum(axis=1) / self.draws,
                "percent_low": ordered[:, low],
                "percent_high": ordered[:, high],
            }
        )


def _place(doubled: object, draws: int) -> int:
    """Return the place, from 0, of the smallest draw that half of `doubled` percent reach.

    In fractions: 2.5 % of 10,000 draws are 250 of them, whatever a float makes of it.
    """
    return max(1, ceil(exact(doubled) * draws / 200)) - 1  # type: ignore[arg-type]


# The same ranking without one field or criterion.


def leave_one_out(
    values: pd.DataFrame | None,
    scheme: Scheme,
    *,
    answers: pd.DataFrame | None = None,
    of: Literal["field", "criterion"] = "field",
    incomplete: Literal["refuse", "exclude"] = "refuse",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return each agency's rank without each field or criterion in turn: nothing is drawn.

    Parameters
    ----------
    values, scheme, answers, incomplete, lang : as for `sensitivity`.
    of : "field" or "criterion". What is left out counts as not applicable, its bonus and deduction
        with it; leaves that stand above that level are never left out.

    Returns
    -------
    Frame, a row per node left out (in the scheme's order) × agency × period × assessor:
    `left_out, label`, the node; `agency, period, assessor`; `points, percent, rank`, as scored;
    `percent_without, rank_without`; `rank_change`, rank without it less rank, negative where the
    agency stands better without it; `scheme_status, note`. <NA> where an agency is not ranked.

    Raises
    ------
    CchcError, ValuesError
        As `sensitivity` does.

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
    >>> ranks = leave_one_out(None, scheme, answers=own)
    >>> ranks.loc[ranks["left_out"] == "F3", ["agency", "rank", "rank_without"]].values.tolist()
    [['Bình Định', 1, 2], ['Tỉnh B', 2, 1]]
    """
    require_language(lang)
    require_options([] if of in LEVELS else [f"of={of!r}: one of 'field', 'criterion'"])
    entries = entered(values, together(scheme, ()), answers, incomplete=incomplete)
    for group in entries.groups:
        require_something_left(group, of)
    matrix = entries.groups[0].matrices[0]
    kept, codes = kept_without(matrix, of), matrix.groups(LEVELS[of])[1]
    size = len(entries.cases)
    percent, rank = (np.full((len(codes), size), np.nan) for _ in range(2))
    for group in entries.groups:
        own, rows = group.matrices[0], group.rows[group.ranked]
        without = percents(own, own.maxima[:, None] * kept.T, kept=kept.T)[:, group.ranked]
        percent[:, rows], rank[:, rows] = without, competition_ranks(without)
    label = dict(zip(scheme.nodes["code"], scheme.nodes["label"], strict=True))
    scored = scored_columns(entries)
    closing = closing_columns(entries, (scheme,), np.zeros(size, dtype=bool), lang=lang)
    tables = []
    for place, code in enumerate(codes):
        table = pd.DataFrame({"left_out": code, "label": label[code]} | scored)
        table["percent_without"] = floats(percent[place])
        table["rank_without"] = integers(rank[place])
        table["rank_change"] = table["rank_without"] - table["rank"]
        tables.append(table.assign(**closing))
    return pd.concat(tables, ignore_index=True).astype({"left_out": "str", "label": "str"})


def require_something_left(group: RankingGroup, leave_out: str | None) -> None:
    """Refuse to leave out what is all that applies to an agency, and a level without nodes."""
    if leave_out is None:
        return
    matrix = group.matrices[0]
    codes = matrix.groups(LEVELS[leave_out])[1]
    if len(codes) < 2:
        raise ValuesError(
            f"the scheme has {len(codes)} nodes of the level {leave_out}: none can be left out",
            where="leave_out=" if codes else f"level {LEVELS[leave_out]}",
            mend="choose the other level, or do not leave out nodes",
        )
    kept = kept_without(matrix, leave_out)
    empty = []
    for one in group.matrices:
        left = (one.applicable * one.maxima) @ kept.T
        for row, node in zip(*np.nonzero((left <= 0) & group.ranked[:, None]), strict=True):
            empty.append(f"{group.agencies[row]}, {group.name}: without {codes[node]}")
    if empty:
        raise ValuesError(
            "an agency has nothing applicable left when a node is left out",
            where=listed(empty),
            mend="rank those agencies apart, or do not leave out nodes of that level",
        )
