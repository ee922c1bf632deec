"""A report scored by a scheme: points with their reasons, and where points were lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cchc_stats.index import ROOT, Scheme, points_lost, rank_agencies, read_answers, score
from cchc_stats.words import Label, ValuesError

ANSWERS = "answers.csv"  # of a report's folder


@dataclass(frozen=True, eq=False)
class Scored:
    """One agency and period scored by a scheme.

    Attributes
    ----------
    scheme : what it was scored by.
    scores : scores frame of the agency and period.
    lost : where points were lost, see `points_lost`.
    verdict : the class of the result, None where it is not whole or the scheme has no classes.
    """

    scheme: Scheme
    scores: pd.DataFrame
    lost: pd.DataFrame
    verdict: Label | None

    @property
    def root(self) -> pd.Series:
        """The row of the whole; the agency's own assessment where there are several."""
        return self.scores[self.scores["code"] == ROOT].iloc[0]

    @property
    def own(self) -> pd.Series:
        """Which rows of the scores are of the assessor whose result `root` is."""
        own: pd.Series = self.scores["assessor"] == self.root["assessor"]
        return own

    @property
    def is_example(self) -> bool:
        """Whether the scheme is an example, no decision's."""
        return self.scheme.status == "example"


def look_at_index(
    values: pd.DataFrame,
    scheme: Scheme,
    *,
    agency: str,
    period: pd.Period,
    answers: pd.DataFrame | None = None,
    lang: str = "vi",
) -> Scored:
    """Return an agency's period scored by a scheme.

    Raises
    ------
    ValuesError
        As `score` does; neither figures nor answers of the agency and period.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2026Q3", "indicator": "ON_TIME",
    ...                     "numerator": [9], "denominator": [10]})
    >>> scored = look_at_index(own, load_scheme("qd-766-2022"), agency="Sở A",
    ...                        period=pd.Period("2026Q3"))
    >>> scored.root["points_known"].item()
    20.0
    """
    scores = score(values, scheme, answers=answers)
    own = (scores["agency"] == agency) & (scores["period"] == period)
    if not own.any():
        raise ValuesError(
            f"nothing of {agency}, {period} can be scored by {scheme.name}",
            where="values and answers",
            mend="give answers of that agency and period, or another scheme",
        )
    scores = scores[own].reset_index(drop=True)
    return Scored(scheme, scores, points_lost(scores, lang=lang), _verdict(scores, scheme))


def read_answers_beside(folder: Path, answers: Path | None) -> pd.DataFrame | None:
    """Return the answers of a file, or of the report's folder; None where there are none."""
    if answers is not None:
        return read_answers(answers)
    beside = folder / ANSWERS
    return read_answers(beside) if beside.is_file() else None


def _verdict(scores: pd.DataFrame, scheme: Scheme) -> Label | None:
    ranked = rank_agencies(scores, scheme=scheme, incomplete="exclude")
    codes = {one.code: one.label for one in scheme.classes}
    return codes.get(ranked["class"].iloc[0]) if ranked["complete"].iloc[0] else None
