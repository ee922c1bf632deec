"""The parts of an index, self-assessed and survey, each with its own maximum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.index.scoring.totals import DECIMALS
from cchc_stats.words import ValuesError

CASE = ["agency", "period", "assessor"]
NEEDED = [*CASE, "code", "parent", "kind", "part", "max_points", "applicable_max", "points"]


def part_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the self-assessed and of the survey part (tự chấm, điều tra xã hội học).

    Parameters
    ----------
    scores : frame of `score`.

    Returns
    -------
    Frame, a row per agency × period × assessor × part: `agency, period, assessor, part, max_points,
    applicable_max, points, complete, percent, points_known, unknown_max`, sums of the scoring
    leaves of that part; bonus and deductions belong to neither. `points` and `percent` are <NA>
    where a leaf is unknown, `percent` also where nothing applies.

    Raises
    ------
    ValuesError
        A column of `score` is missing.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme, score
    >>> said = pd.DataFrame({"agency": "Bình Định", "period": "2019Q4", "code": ["F1", "F2"],
    ...                      "number": [7, 5]})
    >>> scores = score(None, load_scheme("par-index-2019-province-self"), answers=said)
    >>> part_scores(scores)[["part", "max_points", "points", "points_known"]].values.tolist()
    [['self', 65.0, <NA>, 12.0]]
    """
    if missing := [name for name in NEEDED if name not in scores]:
        raise ValuesError(
            f"column {', '.join(missing)} is missing", where="scores", mend="give what score() gave"
        )
    leaves = scores[~scores["code"].isin(scores["parent"]) & (scores["kind"] == "score")]
    known = leaves["points"].notna()
    figures = leaves.assign(
        complete=known,
        points_known=leaves["points"].fillna(0.0),
        unknown_max=leaves["applicable_max"].mask(known, 0.0),
    )
    sums = ["max_points", "applicable_max", "points_known", "unknown_max"]
    grouped = figures.groupby([*CASE, "part"], sort=False, dropna=False)
    parts = grouped[sums].sum().round(DECIMALS).assign(complete=grouped["complete"].all())
    parts = parts.reset_index()
    points = parts["points_known"].where(parts["complete"])
    applies = parts["applicable_max"].mask(parts["applicable_max"] == 0)
    percent = (100 * points / applies).round(DECIMALS)
    parts = parts.assign(
        points=points, percent=percent, complete=parts["complete"].astype(np.bool_)
    )
    columns = ["max_points", "applicable_max", "points", "complete", "percent"]
    return parts[[*CASE, "part", *columns, "points_known", "unknown_max"]]
