"""What an uncertainty analysis varies, its options and their faults, and the draws of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from numbers import Integral

import numpy as np

from cchc_stats.forms import FORMS
from cchc_stats.index.scheme import FigureAsked, Leaf, Scheme
from cchc_stats.index.scoring import is_number
from cchc_stats.index.uncertainty.leaf_matrix import LEVELS, LeafMatrix, percents, words_in
from cchc_stats.indicators import Indicator, find_indicator
from cchc_stats.words import CchcError

LEAST, MOST = 100, 10_000_000
WEIGHTS = ("dirichlet", "uniform", None)
WEIGHTS_OF = ("leaf", "field")
# Each thing that varies has a stream of random numbers of its own, so that asking for one more
# leaves the others' draws as they were, and cutting the draws into chunks changes nothing.
SCHEME, LEFT_OUT, WEIGHT, RATE, SURVEY = range(5)
FLOATS = 8 * 2**20  # held at a time by a chunk: 64 MB
TINY = 1e-290  # a drawn weight is small, never nothing


@dataclass(frozen=True)
class Variation:
    """What is varied, by how much; checked when made, all faults at once.

    Attributes
    ----------
    spread : percent. Of uniform weights: the most that a weight moves before renormalising. Of
        Dirichlet ones: the standard deviation of an average weight in percent of it, from which
        the concentration follows unless it is given.
    survey_error : standard error in points of all survey scores, or by leaf.

    Raises
    ------
    CchcError : an option that makes no sense.
    """

    weights: str | None = "dirichlet"
    weights_of: str = "leaf"
    spread: float = 25.0
    concentration: float | None = None
    leave_out: str | None = None
    sampling: bool = False
    survey_error: float | Mapping[str, float] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        """Refuse options that make no sense."""
        require_options(list(self._faults()))

    def _faults(self) -> Iterator[str]:
        if self.weights not in WEIGHTS:
            yield f"weights={self.weights!r}: one of 'dirichlet', 'uniform', None"
        if self.weights_of not in WEIGHTS_OF:
            yield f"weights_of={self.weights_of!r}: one of 'leaf', 'field'"
        if not is_number(self.spread) or not 0 < self.spread <= 100:
            yield f"spread={self.spread!r}: a percentage above 0, up to 100"
        yield from self._faults_of_concentration()
        if self.leave_out not in (None, *LEVELS):
            yield f"leave_out={self.leave_out!r}: one of 'field', 'criterion', None"
        if not isinstance(self.sampling, bool):
            yield f"sampling={self.sampling!r}: True or False"
        errors = {} if self.survey_error is None else self.survey_error
        for code, error in (errors if isinstance(errors, Mapping) else {"": errors}).items():
            if not is_number(error) or error < 0:
                place = f"survey_error[{code!r}]" if code else "survey_error"
                yield f"{place}={error!r}: a standard error in points, 0 or more"

    def _faults_of_concentration(self) -> Iterator[str]:
        if self.concentration is None:
            return
        if not is_number(self.concentration) or not 1 <= self.concentration < 1e12:
            yield f"concentration={self.concentration!r}: a number from 1"
        elif self.weights != "dirichlet":
            yield "concentration=: belongs to weights='dirichlet'"

    def groups(self, matrix: LeafMatrix) -> np.ndarray:
        """Return which weight each leaf moves with: its own, or that of its field."""
        if self.weights_of == "leaf":
            return np.arange(len(matrix.leaves))
        return matrix.groups(1)[0]

    def concentration_of(self, matrix: LeafMatrix) -> float:
        """Return the sum of the Dirichlet parameters.

        A weight of mean m has variance m (1 − m) / (concentration + 1); an average one of K has
        m = 1 / K, so its coefficient of variation c asks for (K − 1) / c² − 1.
        """
        if self.concentration is not None:
            return float(self.concentration)
        counted = matrix.maxima > 0
        weights = len(np.unique(self.groups(matrix)[counted]))
        return max(1.0, (weights - 1) / (self.spread / 100) ** 2 - 1)

    def described(
        self, matrix: LeafMatrix, schemes: list[str], *, rates: int, surveys: int, lang: str
    ) -> str:
        """Return in words what is varied; `rates` and `surveys` leaves are redrawn."""
        words, parts = words_in(lang), []
        if self.weights is not None:
            parts.append(
                words[self.weights].format(
                    of=words[self.weights_of],
                    spread=self.spread,
                    concentration=f"{self.concentration_of(matrix):.6g}",
                )
            )
        if self.leave_out is not None:
            parts.append(words["leave_out"].format(of=words[self.leave_out]))
        if self.sampling:
            parts.append(words["sampling"].format(leaves=rates))
        if self.survey_error is not None:
            parts.append(words["survey"].format(leaves=surveys))
        if len(schemes) > 1:
            parts.append(words["alternatives"].format(schemes=", ".join(schemes)))
        return "; ".join(parts or [words["nothing"]])

    def survey_errors(self, matrix: LeafMatrix) -> dict[int, float]:
        """Return the standard error of each survey leaf, by place; those with 0 are not there.

        Raises
        ------
        CchcError : a code that is no leaf with points from outside, or no such leaf at all.
        """
        outside = {leaf.code: leaf for leaf in matrix.leaves if leaf.rule.drawn == "points"}
        if self.survey_error is None:
            return {}
        if isinstance(self.survey_error, Mapping):
            errors = self.survey_error
            if unknown := [code for code in errors if code not in outside]:
                raise CchcError(
                    f"survey_error= names what is no score from outside: {', '.join(unknown)}",
                    where="survey_error=",
                    mend=f"name leaves with the rule external: {', '.join(outside) or 'none here'}",
                )
        else:
            surveys = [code for code, leaf in outside.items() if leaf.part == "survey"]
            errors = dict.fromkeys(surveys, float(self.survey_error))
            if not surveys:
                raise CchcError(
                    "the scheme has no survey score from outside that an error could be put on",
                    where="survey_error=",
                    mend="name the leaves: survey_error={code: standard error in points}",
                )
        codes = matrix.codes
        return {codes.index(code): float(error) for code, error in errors.items() if error}


def require_options(faults: list[str]) -> None:
    """Refuse options that make no sense, all of them at once."""
    if faults:
        raise CchcError(
            f"these options make no sense: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(faults),
            mend="correct the options; each is described in the function's help",
        )


def run_faults(seed: object, level: object) -> Iterator[str]:
    """Yield what is wrong with the seed and the level of an analysis."""
    if not is_integer(seed) or seed < 0:  # type: ignore[operator]
        yield f"seed={seed!r}: a whole number, 0 or more; it makes the draws repeatable"
    if not is_number(level) or not 0 < level < 100:  # type: ignore[operator]
        yield f"level={level!r}: a percentage above 0 and below 100"


def is_integer(number: object) -> bool:
    """Return whether something is a whole number, and not True or False."""
    return isinstance(number, Integral) and not isinstance(number, bool | np.bool_)


@dataclass(frozen=True, eq=False)
class DrawnRate:
    """A leaf whose rate can be drawn again: at which agencies, and the Beta posterior's a and b.

    `scale` turns the drawn share into the leaf's unit: 100 for percent. `source` is the first leaf
    that takes the same figure: what feeds two leaves is drawn once for both, also where the other
    one counts what the first leaves (`turned`): late and on time are one count.
    """

    leaf: int
    source: int
    cells: np.ndarray
    a: np.ndarray
    b: np.ndarray
    scale: float
    turned: bool = False


@dataclass(frozen=True, eq=False)
class Survey:
    """A leaf whose survey score can be drawn again: at which agencies, and the error in points."""

    leaf: int
    cells: np.ndarray
    error: float


@dataclass(frozen=True, eq=False)
class Model:
    """A matrix with what can be drawn again on it."""

    matrix: LeafMatrix
    rates: tuple[DrawnRate, ...]
    surveys: tuple[Survey, ...]

    @classmethod
    def of(cls, matrix: LeafMatrix, variation: Variation, scheme: Scheme) -> Model:
        """Return the matrix with what the variation draws again."""
        errors = variation.survey_errors(matrix)
        return cls(
            matrix,
            rates_of(matrix, scheme) if variation.sampling else (),
            tuple(
                Survey(leaf, cells, error)
                for leaf, error in errors.items()
                if (cells := _scored(matrix, leaf)).any()
            ),
        )

    def has_chance(self) -> bool:
        """Return whether figures that chance has a part in are drawn again, and not rules alone."""
        return bool(self.rates or self.surveys)


def rates_of(matrix: LeafMatrix, scheme: Scheme) -> tuple[DrawnRate, ...]:
    """Return the rates of events that were scored on their counts, in the leaves' order.

    The posterior under Jeffreys' prior, Beta(x + 1/2, n − x + 1/2): a rate of x out of n events.
    """
    rates: list[DrawnRate] = []
    for place, leaf in enumerate(matrix.leaves):
        scale = _scale(leaf, scheme)
        if not scale or leaf.rule.drawn != "rate":
            continue
        above, below = matrix.numerator[:, place], matrix.denominator[:, place]
        with np.errstate(invalid="ignore"):
            cells = _scored(matrix, place) & (below > 0) & (above >= 0) & (above <= below)
        if cells.any():
            x, n = above[cells], below[cells]
            own = DrawnRate(place, place, cells, x + 0.5, n - x + 0.5, scale)
            drawn_before = (_as_counted(own, rate, matrix.leaves) for rate in rates)
            rates.append(next((rate for rate in drawn_before if rate is not None), own))
    return tuple(rates)


def _as_counted(rate: DrawnRate, first: DrawnRate, leaves: Sequence[Leaf]) -> DrawnRate | None:
    """Return a rate as drawn with an earlier one, None where the two are no one count."""
    if first.cells.shape != rate.cells.shape or (first.cells != rate.cells).any():
        return None
    pair = leaves[rate.leaf], leaves[first.leaf]
    turned = _turned(pair[0].figures, pair[1].figures)
    if turned is None:
        return None
    # A complement is scored on what its figure leaves.
    turned ^= (pair[0].rule.name == COMPLEMENT) != (pair[1].rule.name == COMPLEMENT)
    ends = (first.b, first.a) if turned else (first.a, first.b)
    alike = all((mine == its).all() for mine, its in zip((rate.a, rate.b), ends, strict=True))
    return replace(rate, source=first.source, turned=first.turned != turned) if alike else None


COMPLEMENT = "complement"


def _turned(one: Sequence[FigureAsked], other: Sequence[FigureAsked]) -> bool | None:
    """Return whether two leaves' figures count the two parts of one total; None if they are apart.

    False where they are one figure, or one formula under two names.
    """
    if tuple(one) == tuple(other):
        return False
    if len(one) != 1 or len(other) != 1 or one[0][1:] != other[0][1:]:
        return None
    records = (find_indicator(figures[0].indicator) for figures in (one, other))
    return _parts_of_one([record for record in records if record])


def _parts_of_one(records: Sequence[Indicator]) -> bool | None:
    """Return whether two records count the two parts of one total of their form; see `_turned`."""
    if len(records) < 2 or len({(record.form, record.denominator) for record in records}) > 1:
        return None
    parts = [record.numerator for record in records]
    if parts[0] == parts[1]:
        return False
    form = next(form for form in FORMS if form.code == records[0].form)
    sums = (
        identity.op == "=" and identity.total == records[0].denominator
        and sorted(identity.parts) == sorted(parts)
        for identity in form.identities
    )  # fmt: skip
    return True if any(sums) else None


def _scored(matrix: LeafMatrix, leaf: int) -> np.ndarray:
    scored = ~np.isnan(matrix.points[:, leaf]) & ~np.isnan(matrix.value[:, leaf])
    return np.asarray(scored & ~matrix.unscored(leaf))


def _scale(leaf: Leaf, scheme: Scheme) -> float:
    """Return what a share is multiplied by to be the leaf's figure, 0 where it is no rate."""
    if not leaf.indicators or any(scheme.kind_of(code) != "events" for code in leaf.indicators):
        return 0.0
    scales = {scheme.scale_of(code) for code in leaf.indicators}
    return scales.pop() if len(scales) == 1 else 0.0


def chunk_size(models: Sequence[Model]) -> int:
    """Return how many draws are held at a time: what a chunk needs stays within 64 MB.

    A draw takes a few floats per agency and per leaf, and one per agency for each leaf that is
    drawn again: at most agencies × leaves of them.
    """
    agencies, leaves = len(models[0].matrix.points), len(models[0].matrix.leaves)
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

    agencies = len(models[0].matrix.points)
    leave_out = variation.leave_out
    keep = None if leave_out is None else kept_without(models[0].matrix, leave_out)
    for start in range(0, draws, chunk):
        rows = min(chunk, draws - start)
        scheme = _choices(stream(SCHEME), rows, len(models))
        left_out = None if keep is None else _choices(stream(LEFT_OUT), rows, len(keep))
        drawn = np.empty((rows, agencies))
        for number, model in enumerate(models):
            at = np.flatnonzero(scheme == number)
            if not len(at):
                continue
            kept = None if keep is None or left_out is None else keep[left_out[at]].T
            maxima = drawn_maxima(model.matrix, variation, stream(WEIGHT, number), len(at))
            of_model = partial(_of_model, stream, group, number)
            redrawn = _redrawn(model, len(at), of_model)
            maxima = maxima if kept is None else maxima * kept
            drawn[at] = percents(model.matrix, maxima, kept=kept, redrawn=redrawn)
        yield drawn


def _of_model(
    stream: Callable[..., np.random.Generator], group: int, number: int, what: int, leaf: int
) -> np.random.Generator:
    return stream(what, group, number, leaf)


def _redrawn(
    model: Model, draws: int, stream: Callable[..., np.random.Generator]
) -> dict[int, np.ndarray]:
    """Return by leaf the points of drawn rates and survey scores, shape (draws, agencies)."""
    redrawn, shares = {}, {}
    for rate in model.rates:
        if rate.source == rate.leaf:
            source = stream(RATE, rate.leaf)
            shares[rate.leaf] = source.beta(rate.a, rate.b, size=(draws, len(rate.a)))
        share = shares[rate.source]
        redrawn[rate.leaf] = rescored(model.matrix, rate, 1 - share if rate.turned else share)
    for survey in model.surveys:
        normal = stream(SURVEY, survey.leaf).standard_normal((draws, int(survey.cells.sum())))
        redrawn[survey.leaf] = resurveyed(model.matrix, survey, normal)
    return redrawn


def _choices(stream: np.random.Generator, rows: int, among: int) -> np.ndarray:
    if among == 1:
        return np.zeros(rows, dtype="int64")
    return np.asarray(np.minimum((stream.random(rows) * among).astype("int64"), among - 1))


def kept_without(matrix: LeafMatrix, leave_out: str) -> np.ndarray:
    """Return per node of a level which leaves stay in without it, 1 or 0."""
    groups, codes = matrix.groups(LEVELS[leave_out])
    return np.array([groups != place for place in range(len(codes))], dtype="float64")


def drawn_maxima(
    matrix: LeafMatrix, variation: Variation, stream: np.random.Generator, draws: int
) -> np.ndarray:
    """Return the leaves' maxima in each draw, shape (leaves, draws); their sum is the scheme's."""
    if variation.weights is None:
        return np.repeat(matrix.maxima[:, None], draws, axis=1)
    total = float(matrix.maxima.sum())
    of_leaf, first = np.unique(variation.groups(matrix), return_inverse=True)
    if variation.weights == "uniform":
        moved = 1 + variation.spread / 100 * (2 * stream.random((draws, len(of_leaf))) - 1)
        return renormalised(matrix.maxima, moved.T[first], total)
    mean = np.bincount(first, weights=matrix.maxima) / total
    drawn = stream.standard_gamma(variation.concentration_of(matrix) * mean, (draws, len(of_leaf)))
    np.maximum(drawn, TINY, out=drawn)
    # Leaves of one weight divide it as the scheme does.
    parts = matrix.maxima / np.where(mean > 0, mean, 1.0)[first]
    return renormalised(parts, drawn.T[first], total)


def renormalised(maxima: np.ndarray, moved: np.ndarray, wanted: float) -> np.ndarray:
    """Return maxima times what they are moved by, shape (leaves, draws), adding up to `wanted`."""
    drawn = maxima[:, None] * moved
    total = np.zeros(drawn.shape[1])
    for leaf in drawn:  # one after the other: the same digits whatever the number of draws
        total += leaf
    drawn *= np.divide(wanted, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(drawn)


def rescored(matrix: LeafMatrix, rate: DrawnRate, shares: np.ndarray) -> np.ndarray:
    """Return a leaf's points for drawn shares, shape (draws, agencies), by the leaf's own rule."""
    value = np.broadcast_to(matrix.value[:, rate.leaf], (len(shares), len(rate.cells))).copy()
    value[:, rate.cells] = rate.scale * shares
    return matrix.scored_again(rate.leaf, value, rate.cells)


def resurveyed(matrix: LeafMatrix, survey: Survey, normal: np.ndarray) -> np.ndarray:
    """Return a leaf's points with a normal error, shape (draws, agencies), 0 to the maximum."""
    value = np.broadcast_to(matrix.points[:, survey.leaf], (len(normal), len(survey.cells))).copy()
    value[:, survey.cells] += survey.error * normal
    return matrix.scored_again(survey.leaf, value, survey.cells)
