"""A leaf as it was scored, its figures exact: what its reason and its next step are told from."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
import pandas as pd

from cchc_stats.index.rules import RULES, Given
from cchc_stats.indicators import find_indicator
from cchc_stats.words import ValuesError, exact, half_up

# What a scores frame must have to be explained.
NEEDED = (
    "agency",
    "period",
    "assessor",
    "code",
    "parent",
    "label",
    "label_en",
    "max_points",
    "applicable_max",
    "points",
    "points_known",
    "unknown_max",
    "complete",
    "value",
    "numerator",
    "denominator",
    "branch",
    "kind",
    "rule",
    "params",
    "indicator",
    "answer",
    "scheme_status",
)
CASE_COLUMNS = ["agency", "period", "assessor"]
# A value counts as the quotient of what stands beside it where floats cannot tell them apart.
_SAME = Fraction(1, 10**9)


@dataclass(frozen=True)
class ScoredLeaf:
    """One leaf of one case: what it was given, by which rule, and what came out.

    Attributes
    ----------
    value : the figure its rule was given, exact where it is the quotient of two counts; None where
        there is none.
    scale : 100 where the value is the percentage of the counts, 1 where it is their quotient: of a
        mean of percentages, too. None where it is neither.
    numerator, denominator : the counts the value is the quotient of, None where it is not.
    points : None where they are not known.
    decimals : digits its points are rounded to, None where they are not.
    """

    rule: str
    params: Mapping[str, Any]
    kind: str
    branch: str
    answer: str
    percent: bool
    max_points: Fraction
    applicable_max: Fraction
    points: Fraction | None
    decimals: int | None
    value: Fraction | None
    scale: int | None
    numerator: Fraction | None
    denominator: Fraction | None

    @classmethod
    def of(cls, row: Mapping[Hashable, Any]) -> Self:
        """Return the leaf of a row of a scores frame, as a mapping of its columns."""
        rule = str(row["rule"])
        value, numerator, denominator = (
            number(row[name]) for name in ("value", "numerator", "denominator")
        )
        scale: int | None = None
        known = RULES[rule].percent or _unit(row) == "percent"
        if value is not None and numerator is not None and denominator:
            quotient = numerator / denominator
            near = _SAME * max(Fraction(1), abs(value))
            fits = [by for by in (100, 1) if abs(value - by * quotient) <= near]
            # 0 of something is 0 at either scale: what is known of the unit decides.
            scale = 100 if fits[:1] == [100] and (quotient or known) else fits[-1] if fits else None
            value = value if scale is None else scale * quotient
        zero = denominator == 0
        rounding = row.get("rounding", pd.NA)
        return cls(
            rule=rule,
            params=json.loads(str(row["params"]), parse_float=Fraction, parse_int=Fraction),
            kind=str(row["kind"]),
            branch=str(row["branch"]),
            answer=str(row["answer"]),
            percent=known or scale == 100,
            max_points=number(row["max_points"]) or Fraction(0),
            applicable_max=number(row["applicable_max"]) or Fraction(0),
            points=number(row["points"]),
            decimals=None if pd.isna(rounding) else int(rounding),
            value=value,
            scale=scale,
            numerator=None if scale is None else numerator,
            denominator=denominator if zero or scale is not None else None,
        )

    @property
    def band(self) -> Mapping[str, Any]:
        """The band that its branch names."""
        place = int(self.branch.split()[-1])
        band: Mapping[str, Any] = self.params["bands"][place - 1]
        return band

    def points_at(
        self, value: Fraction | None = None, *, answer: str = "", best: Fraction | None = None
    ) -> Fraction:
        """Return the points that another figure or answer would get, rounded as the leaf's are."""
        given = Given(
            np.array([Fraction(0) if value is None else value], dtype=object),
            np.array([answer], dtype=object),
            np.array([Fraction(1) if best is None else best], dtype=object),
        )
        points = Fraction(
            RULES[self.rule].apply(given, self.max_points, self.params).points.tolist()[0]
        )
        points = min(max(points, Fraction(0)), self.max_points)
        if self.decimals is None:
            return points
        return Fraction(half_up(points, decimals=self.decimals))


def number(cell: Any) -> Fraction | None:
    """Return a cell as the decimal it stands for, None where it is missing.

    Examples
    --------
    >>> number(95.27), number(pd.NA)
    (Fraction(9527, 100), None)
    """
    return None if pd.isna(cell) else exact(cell)


def _unit(row: Mapping[Hashable, Any]) -> str:
    if row.get("unit"):
        return str(row["unit"])
    known = find_indicator(str(row["indicator"]))
    return known.unit if known else ""


def require_scores(scores: object) -> pd.DataFrame:
    """Return the scores with an index 0…n-1, or refuse what is no frame of scores.

    Raises
    ------
    ValuesError
        No frame, no rows, or a missing column.
    """
    if not isinstance(scores, pd.DataFrame):
        faults = f"they are a {type(scores).__name__}, not a DataFrame"
    elif missing := [name for name in NEEDED if name not in scores]:
        faults = f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)} missing"
    elif scores.empty:
        faults = "they have no rows"
    else:
        return scores.reset_index(drop=True)
    raise ValuesError(
        f"these are no scores: {faults}",
        where="scores",
        mend="give what score(values, scheme) returns",
    )
