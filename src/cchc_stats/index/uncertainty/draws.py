"""Draws of an index: weights, nodes left out, rates, survey scores, and the percents they give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import kind_of, scale_of
from cchc_stats.index.uncertainty.boards import Board, percents
from cchc_stats.index.uncertainty.variation import LEVELS, Variation, level_groups

# Each thing that varies has a stream of random numbers of its own, so that asking for one more
# leaves the others' draws as they were, and cutting the draws into chunks changes nothing.
SCHEME, LEFT_OUT, WEIGHT, RATE, SURVEY = range(5)
FLOATS = 8 * 2**20  # held at a time by a chunk: 64 MB
TINY = 1e-290  # a drawn weight is small, never nothing


@dataclass(frozen=True, eq=False)
class Rate:
    """A leaf whose rate can be drawn again: at which agencies, and the Beta posterior's a and b.

    `scale` turns the drawn share into the leaf's unit: 100 for percent. `source` is the first leaf
    that takes the same figure: what feeds two leaves is drawn once for both.
    """

    leaf: int
    source: int
    cells: np.ndarray
    a: np.ndarray
    b: np.ndarray
    scale: float


@dataclass(frozen=True, eq=False)
class Survey:
    """A leaf whose survey score can be drawn again: at which agencies, and the error in points."""

    leaf: int
    cells: np.ndarray
    error: float


@dataclass(frozen=True, eq=False)
class Model:
    """A board with what can be drawn again on it."""

    board: Board
    rates: tuple[Rate, ...]
    surveys: tuple[Survey, ...]

    @classmethod
    def of(cls, board: Board, variation: Variation, scheme: Scheme) -> Model:
        """Return the board with what the variation draws again."""
        errors = variation.survey_errors(board)
        return cls(
            board,
            rates_of(board, scheme) if variation.sampling else (),
            tuple(
                Survey(leaf, cells, error)
                for leaf, error in errors.items()
                if (cells := _scored(board, leaf)).any()
            ),
        )


def rates_of(board: Board, scheme: Scheme) -> tuple[Rate, ...]:
    """Return the rates of events that were scored on their counts, in the leaves' order.

    The posterior under Jeffreys' prior, Beta(x + 1/2, n − x + 1/2): a rate of x out of n events.
    """
    rates: list[Rate] = []
    for leaf, figure in enumerate(board.figures):
        scale = _scale(figure[0], scheme)
        if not scale or board.rules[leaf] == "external":
            continue
        above, below = board.numerator[:, leaf], board.denominator[:, leaf]
        with np.errstate(invalid="ignore"):
            cells = _scored(board, leaf) & (below > 0) & (above >= 0) & (above <= below)
        if cells.any():
            x, n = above[cells], below[cells]
            alike = (
                rate.source
                for rate in rates
                if board.figures[rate.leaf] == figure and (rate.cells == cells).all()
            )
            rates.append(Rate(leaf, next(alike, leaf), cells, x + 0.5, n - x + 0.5, scale))
    return tuple(rates)


def _scored(board: Board, leaf: int) -> np.ndarray:
    known = ~np.isnan(board.points[:, leaf]) & ~np.isnan(board.value[:, leaf])
    return np.asarray(known & ~board.unscored(leaf))


def _scale(indicator: str, scheme: Scheme) -> float:
    """Return what a share is multiplied by to be the figure of the indicators, 0: it is no rate."""
    codes = indicator.split(" + ")
    if any(kind_of(code, scheme) != "events" for code in codes):
        return 0.0
    scales = {scale_of(code, scheme) for code in codes}
    return scales.pop() if len(scales) == 1 else 0.0


def chunk_size(models: Sequence[Model]) -> int:
    """Return how many draws are held at a time: what a chunk needs stays within 64 MB.

    A draw takes a few floats per agency and per leaf, and one per agency for each leaf that is
    drawn again: at most agencies × leaves of them.
    """
    agencies, leaves = len(models[0].board.points), len(models[0].board.codes)
    again = max(len(model.rates) + len(model.surveys) for model in models)
    return max(1, FLOATS // (agencies * (again + 6) + 4 * leaves))


def drawn_percents(
    models: Sequence[Model],
    variation: Variation,
    *,
    seed: int,
    draws: int,
    chunk: int,
    group: int = 0,
) -> Iterator[np.ndarray]:
    """Yield the agencies' percents, shape (draws of a chunk, agencies), chunk after chunk.

    All agencies of a draw have the same weights, the same node left out and the same scheme.
    `group` keeps the rates of groups that are ranked apart independent of one another.
    """
    streams: dict[tuple[int, ...], np.random.Generator] = {}

    def stream(*key: int) -> np.random.Generator:
        if key not in streams:
            streams[key] = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
        return streams[key]

    agencies = len(models[0].board.points)
    leave_out = variation.leave_out
    keep = None if leave_out is None else kept_without(models[0].board, leave_out)
    for start in range(0, draws, chunk):
        rows = min(chunk, draws - start)
        scheme = _choices(stream(SCHEME), rows, len(models))
        left_out = None if keep is None else _choices(stream(LEFT_OUT), rows, len(keep))
        found = np.empty((rows, agencies))
        for number, model in enumerate(models):
            at = np.flatnonzero(scheme == number)
            if not len(at):
                continue
            kept = None if keep is None or left_out is None else keep[left_out[at]].T
            maxima = drawn_maxima(model.board, variation, stream(WEIGHT, number), len(at))
            redrawn, shares = {}, {}
            for rate in model.rates:
                if rate.source == rate.leaf:
                    source = stream(RATE, group, number, rate.leaf)
                    shares[rate.leaf] = source.beta(rate.a, rate.b, size=(len(at), len(rate.a)))
                redrawn[rate.leaf] = rescored(model.board, rate, shares[rate.source])
            for survey in model.surveys:
                source = stream(SURVEY, group, number, survey.leaf)
                normal = source.standard_normal((len(at), int(survey.cells.sum())))
                redrawn[survey.leaf] = resurveyed(model.board, survey, normal)
            found[at] = percents(
                model.board, maxima if kept is None else maxima * kept, kept=kept, redrawn=redrawn
            )
        yield found


def _choices(stream: np.random.Generator, rows: int, among: int) -> np.ndarray:
    if among == 1:
        return np.zeros(rows, dtype="int64")
    chosen = (stream.random(rows) * among).astype("int64")
    return np.asarray(np.minimum(chosen, among - 1))


def kept_without(board: Board, leave_out: str) -> np.ndarray:
    """Return per node of a level which leaves stay in without it, 1 or 0."""
    groups, codes = level_groups(board, LEVELS[leave_out])
    return np.array([groups != place for place in range(len(codes))], dtype="float64")


def drawn_maxima(
    board: Board, variation: Variation, stream: np.random.Generator, draws: int
) -> np.ndarray:
    """Return the leaves' maxima in each draw, shape (leaves, draws); their sum is the scheme's."""
    if variation.weights is None:
        return np.repeat(board.maxima[:, None], draws, axis=1)
    whole = float(board.maxima.sum())
    of_leaf, first = np.unique(variation.groups(board), return_inverse=True)
    if variation.weights == "uniform":
        moved = 1 + variation.spread / 100 * (2 * stream.random((draws, len(of_leaf))) - 1)
        return renormalised(board.maxima, moved.T[first], whole)
    mean = np.bincount(first, weights=board.maxima) / whole
    shapes = variation.concentration_of(board) * mean
    drawn = stream.standard_gamma(shapes, (draws, len(of_leaf)))
    np.maximum(drawn, TINY, out=drawn)
    # Leaves of one weight divide it as the scheme does.
    parts = board.maxima / np.where(mean > 0, mean, 1.0)[first]
    return renormalised(parts, drawn.T[first], whole)


def renormalised(maxima: np.ndarray, moved: np.ndarray, whole: float) -> np.ndarray:
    """Return maxima times what they are moved by, shape (leaves, draws), adding up to `whole`."""
    drawn = maxima[:, None] * moved
    total = np.zeros(drawn.shape[1])
    for leaf in drawn:  # one after the other: the same digits whatever the number of draws
        total += leaf
    drawn *= np.divide(whole, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(drawn)


def rescored(board: Board, rate: Rate, shares: np.ndarray) -> np.ndarray:
    """Return a leaf's points for drawn shares, shape (draws, agencies), by the leaf's own rule."""
    value = np.broadcast_to(board.value[:, rate.leaf], (len(shares), len(rate.cells))).copy()
    value[:, rate.cells] = rate.scale * shares
    return board.scored_again(rate.leaf, value, rate.cells)


def resurveyed(board: Board, survey: Survey, normal: np.ndarray) -> np.ndarray:
    """Return a leaf's points with a normal error, shape (draws, agencies), 0 to the maximum."""
    value = np.broadcast_to(board.points[:, survey.leaf], (len(normal), len(survey.cells))).copy()
    value[:, survey.cells] += survey.error * normal
    return board.scored_again(survey.leaf, value, survey.cells)
