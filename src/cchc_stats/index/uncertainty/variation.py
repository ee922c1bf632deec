"""What a sensitivity analysis varies: the options, their faults, and their description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real

import numpy as np

from cchc_stats.index.uncertainty.boards import Board
from cchc_stats.words import CchcError

LEAST, MOST = 100, 10_000_000
WEIGHTS = ("dirichlet", "uniform", None)
LEVELS = {"field": 1, "criterion": 2}
WEIGHTS_OF = ("leaf", "field")

WORDS = {
    "vi": {
        "leaf": "mục chấm điểm",
        "field": "lĩnh vực",
        "criterion": "tiêu chí",
        "dirichlet": (
            "trọng số của từng {of} theo phân phối Dirichlet quanh điểm tối đa của bộ chỉ số, "
            "độ tập trung {concentration}"
        ),
        "uniform": (
            "trọng số của từng {of} phân phối đều trong khoảng ± {spread:g} %, rồi chuẩn hóa lại"
        ),
        "leave_out": "mỗi lần bỏ ra một {of}",
        "sampling": "các tỷ lệ được rút lại theo phân phối hậu nghiệm Jeffreys ({leaves} mục)",
        "survey": "điểm điều tra xã hội học dao động theo sai số chuẩn ({leaves} mục)",
        "alternatives": "mỗi lần chọn ngẫu nhiên một trong các bộ chỉ số {schemes}",
        "nothing": "không thay đổi gì",
        "interval": "khoảng phân vị {level:g} %",
        "process": (
            "số liệu đầy đủ của một kỳ không phải là mẫu: độ dao động do chọn mẫu là của quá trình "
            "tạo ra số liệu, không phải của kỳ đó"
        ),
        "example": "bộ chỉ số {scheme} chỉ là ví dụ",
        "excluded": "không xếp hạng: chưa có điểm {codes}",
        "no_points": "không xếp hạng: không có mục nào áp dụng",
        "constant": "kết quả không thay đổi khi các yếu tố thay đổi",
    },
    "en": {
        "leaf": "leaf",
        "field": "field",
        "criterion": "criterion",
        "dirichlet": (
            "the weight of each {of} from a Dirichlet distribution around the scheme's maxima, "
            "concentration {concentration}"
        ),
        "uniform": "the weight of each {of} uniform within ± {spread:g} %, then renormalised",
        "leave_out": "one {of} left out of each draw",
        "sampling": "rates redrawn from their Jeffreys posterior ({leaves} leaves)",
        "survey": "survey scores varied by their standard error ({leaves} leaves)",
        "alternatives": "each draw scored by one of the schemes {schemes}",
        "nothing": "nothing varied",
        "interval": "{level:g} % percentile interval",
        "process": (
            "full counts of a period are no sample: the spread by sampling is that of the process "
            "behind them, not of that period"
        ),
        "example": "the scheme {scheme} is an example only",
        "excluded": "not ranked: no points for {codes}",
        "no_points": "not ranked: nothing is applicable",
        "constant": "the output does not change with the factors",
    },
}


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
        if self.concentration is not None:
            if not is_number(self.concentration) or not 1 <= self.concentration < 1e12:
                yield f"concentration={self.concentration!r}: a number from 1"
            elif self.weights != "dirichlet":
                yield "concentration=: belongs to weights='dirichlet'"
        if self.leave_out not in (None, *LEVELS):
            yield f"leave_out={self.leave_out!r}: one of 'field', 'criterion', None"
        if not isinstance(self.sampling, bool):
            yield f"sampling={self.sampling!r}: True or False"
        errors = self.survey_error
        listed = errors if isinstance(errors, Mapping) else {} if errors is None else {"": errors}
        for code, error in listed.items():
            if not is_number(error) or error < 0:
                place = f"survey_error[{code!r}]" if code else "survey_error"
                yield f"{place}={error!r}: a standard error in points, 0 or more"

    def groups(self, board: Board) -> np.ndarray:
        """Return which weight each leaf moves with: its own, or that of its field."""
        if self.weights_of == "leaf":
            return np.arange(len(board.codes))
        return level_groups(board, 1)[0]

    def concentration_of(self, board: Board) -> float:
        """Return the sum of the Dirichlet parameters.

        A weight of mean m has variance m (1 − m) / (concentration + 1); an average one of K has
        m = 1 / K, so its coefficient of variation c asks for (K − 1) / c² − 1.
        """
        if self.concentration is not None:
            return float(self.concentration)
        counted = board.maxima > 0
        weights = len(np.unique(self.groups(board)[counted]))
        return max(1.0, (weights - 1) / (self.spread / 100) ** 2 - 1)

    def described(
        self, board: Board, schemes: list[str], *, rates: int, surveys: int, lang: str
    ) -> str:
        """Return in words what is varied; `rates` and `surveys` leaves are redrawn."""
        words, parts = WORDS[lang], []
        if self.weights is not None:
            parts.append(
                words[self.weights].format(
                    of=words[self.weights_of],
                    spread=self.spread,
                    concentration=f"{self.concentration_of(board):.6g}",
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

    def survey_errors(self, board: Board) -> dict[int, float]:
        """Return the standard error of each survey leaf, by place; those with 0 are not there.

        Raises
        ------
        CchcError : a code that is no leaf with points from outside, or no such leaf at all.
        """
        if self.survey_error is None:
            return {}
        outside = [place for place, rule in enumerate(board.rules) if rule == "external"]
        if isinstance(self.survey_error, Mapping):
            places = {board.codes[place]: place for place in outside}
            if unknown := [code for code in self.survey_error if code not in places]:
                raise CchcError(
                    f"survey_error= names what is no score from outside: {', '.join(unknown)}",
                    where="survey_error=",
                    mend=f"name leaves with the rule external: {', '.join(places) or 'none here'}",
                )
            return {
                places[code]: float(error) for code, error in self.survey_error.items() if error
            }
        found = [place for place in outside if board.parts[place] == "survey"]
        if not found:
            raise CchcError(
                "the scheme has no survey score from outside that an error could be put on",
                where="survey_error=",
                mend="name the leaves: survey_error={code: standard error in points}",
            )
        return dict.fromkeys(found, float(self.survey_error)) if self.survey_error else {}


def level_groups(board: Board, level: int) -> tuple[np.ndarray, list[str]]:
    """Return per leaf the number of its node of a level, -1 if it stands above, and the codes."""
    above = [path[level - 1] if len(path) >= level else "" for path in board.paths]
    codes = list(dict.fromkeys(code for code in above if code))
    number = {code: place for place, code in enumerate(codes)}
    return np.array([number.get(code, -1) for code in above], dtype="int64"), codes


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
    if not is_whole(seed) or seed < 0:  # type: ignore[operator]
        yield f"seed={seed!r}: a whole number, 0 or more; it makes the draws repeatable"
    if not is_number(level) or not 0 < level < 100:  # type: ignore[operator]
        yield f"level={level!r}: a percentage above 0 and below 100"


def is_whole(number: object) -> bool:
    """Return whether something is a whole number, and not True or False."""
    return isinstance(number, Integral) and not isinstance(number, bool | np.bool_)


def is_number(number: object) -> bool:
    """Return whether something is a finite number, and not True or False."""
    return (
        isinstance(number, Real)
        and not isinstance(number, bool | np.bool_)
        and bool(np.isfinite(float(number)))
    )
