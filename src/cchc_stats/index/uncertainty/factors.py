"""Independent factors of an index, sampled twice, so that each can be exchanged by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.uncertainty.boards import percents
from cchc_stats.index.uncertainty.contests import Contest
from cchc_stats.index.uncertainty.draws import Model, renormalised, rescored, resurveyed
from cchc_stats.index.uncertainty.variation import Variation
from cchc_stats.words import ValuesError

WEIGHT, SCHEMES, SAMPLING, SURVEY = "weight", "schemes", "sampling", "survey"
QUASI_RANDOM = 7  # names the samples' stream of random numbers
COLUMNS = 10_000  # of each sample; the sequence has 21,201 dimensions for the two together
FIGURES = 50_000_000  # points drawn again of each sample: 0.8 GB for the two
Name = tuple[str, str]


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
        found = np.empty((len(scheme), len(self.models[0].board.points)))
        for number, model in enumerate(self.models):
            at = np.flatnonzero(scheme == number)
            if not len(at):
                continue
            board = model.board
            moved = np.ones((len(board.codes), len(at)))
            for leaf, path in enumerate(board.paths):
                if path[0] in self.moved:
                    moved[leaf] = self.moved[path[0]][of[WEIGHT, path[0]]][at]
            again = {
                leaf: points[of[name]][at] for leaf, (name, points) in self.redrawn[number].items()
            }
            maxima = renormalised(board.maxima, moved, float(board.maxima.sum()))
            found[at] = percents(board, maxima, redrawn=again)
        return found


def sampled_factors(
    contest: Contest,
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
        _narrowed(Model.of(board, variation, scheme), row)
        for board, scheme in zip(contest.boards, schemes, strict=True)
    )
    board = contest.boards[0]
    fields = dict.fromkeys(
        path[0] for path, most in zip(board.paths, board.maxima, strict=True) if most > 0
    )
    varied = list(fields) if variation.weights else []
    # A leaf's rates are one factor with a column per agency that any of the models draws again.
    cells: dict[Name, np.ndarray] = {}
    for model in models:
        for name, own in _cells(model).items():
            cells[name] = own | cells[name] if name in cells else own
    widths = {(WEIGHT, field): 1 for field in varied}
    widths |= {(SCHEMES, ""): 1} if len(models) > 1 else {}
    widths |= {name: int(drawn.sum()) for name, drawn in cells.items()}
    _require_room(contest, sum(widths.values()), n * len(board.points) * len(cells) * len(models))
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


def _require_room(contest: Contest, columns: int, figures: int) -> None:
    """Refuse more columns than a Sobol' sequence has, and more figures than should be held."""
    if columns > COLUMNS or figures > FIGURES:
        raise ValuesError(
            f"{columns:,} uncertain figures at these n points are too many to be analysed at once",
            where=f"{contest.name}: {len(contest.agencies):,} agencies",
            mend="take a smaller n, one agency's percent, or fewer things that vary",
        )


def _narrowed(model: Model, row: int | None) -> Model:
    """Return the model without the draws that cannot reach the agency looked at."""
    if row is None:
        return model
    board = model.board
    own = np.arange(len(board.points)) == row
    rates = []
    for rate in model.rates:
        if board.rules[rate.leaf] == "relative_to_best" and "best" not in board.params[rate.leaf]:
            rates.append(rate)
        elif rate.cells[row]:
            mine = own[rate.cells]
            rates.append(replace(rate, cells=own, a=rate.a[mine], b=rate.b[mine]))
    surveys = [replace(one, cells=own) for one in model.surveys if one.cells[row]]
    return Model(board, tuple(rates), tuple(surveys))


def _cells(model: Model) -> dict[Name, np.ndarray]:
    codes = model.board.codes
    found: dict[Name, np.ndarray] = {}
    for rate in model.rates:
        name = (SAMPLING, codes[rate.source])
        found[name] = rate.cells | found[name] if name in found else rate.cells
    return found | {(SURVEY, codes[survey.leaf]): survey.cells for survey in model.surveys}


def _columns(widths: dict[Name, int], n: int, seed: int) -> dict[Name, np.ndarray]:
    """Return by factor uniform numbers, shape (2, n, width): the two samples of its columns.

    The samples are the halves of one sequence of twice the dimension (Saltelli et al. 2010, 5).
    """
    from scipy.stats import qmc  # type: ignore[import-untyped]

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

    found = {}
    for rate in model.rates:
        name = (SAMPLING, model.board.codes[rate.source])
        of = uniform[name][:, :, rate.cells[cells[name]]]
        shares = betaincinv(rate.a, rate.b, of)
        found[rate.leaf] = (name, np.array([rescored(model.board, rate, one) for one in shares]))
    for survey in model.surveys:
        name = (SURVEY, model.board.codes[survey.leaf])
        normal = ndtri(uniform[name][:, :, survey.cells[cells[name]]])
        found[survey.leaf] = (
            name,
            np.array([resurveyed(model.board, survey, one) for one in normal]),
        )
    return found
