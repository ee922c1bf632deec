"""Where points were lost, largest first, and what the next step up would give."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.explaining.explaining import EXAMPLE, best_values, name_of
from cchc_stats.index.explaining.next_steps import Step, next_step
from cchc_stats.index.explaining.sentences import sentence
from cchc_stats.index.scoring import CASE_COLUMNS, ScoredLeaf, require_scores
from cchc_stats.words import QUARTERS, require_language

COLUMNS = (
    *CASE_COLUMNS,
    "code",
    "label",
    "kind",
    "max_points",
    "points",
    "lost",
    "lost_share",
    "unknown",
    "value",
    "next_value",
    "next_answer",
    "gain",
    "units_needed",
    "how",
    "scheme_status",
)
TYPES: dict[str, str] = (
    dict.fromkeys(COLUMNS, "str")
    | dict.fromkeys(
        ("max_points", "points", "lost", "lost_share", "value", "next_value", "gain"), "Float64"
    )
    | {"period": QUARTERS, "unknown": "bool", "units_needed": "Int64"}
)


def points_lost(scores: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return where points were lost and what the next step up would give (điểm bị mất).

    Parameters
    ----------
    scores : scores frame, as `score` returns it.
    lang : language of `label` and `how`, "vi" or "en".

    Returns
    -------
    A row per agency × period × assessor × leaf that has less than its applicable maximum, per
    deduction that cost points, and per leaf that is not known yet; cases in the order of the
    scores, within a case the largest loss first, what is not known last. Index 0…n-1.
    `agency, period, assessor, code, label, kind`;
    `max_points`, the applicable maximum (of a deduction the most that it takes);
    `points`, of a deduction those taken off;
    `lost`, points, <NA> where they are not known;
    `lost_share`, percent of all that the case is known to have lost;
    `unknown`, whether the points are not known yet;
    `value`, the leaf's figure in its own unit;
    `next_value`, the nearest figure that gives more: floor, edge of a band, target, 100 %, the best
    value, the number of items for all points, 0 cases of a deduction. <NA> where an answer is
    wanted, or where it cannot be told. `how` says so where a figure must fall below it;
    `next_answer`, the answer or level that gives more, "" where a figure is wanted;
    `gain`, points gained by just reaching it;
    `units_needed`, how many more of the numerator reach it at the same denominator, the smallest
    whole number, negative where fewer are wanted; <NA> where the figure is no rate of two counts;
    `how`, all that in a sentence; `scheme_status`.
    The losses of known leaves of kind score add up to what the root is short of its applicable
    maximum, where there is neither bonus nor deduction.

    Raises
    ------
    ValuesError
        No scores.

    Examples
    --------
    >>> leaf = {"agency": "Sở A", "period": pd.Period("2020Q3"), "assessor": "self", "code": "2.1",
    ...         "parent": "2", "label": "Hồ sơ đúng hạn", "label_en": "Dossiers on time",
    ...         "max_points": 2.0, "applicable_max": 2.0, "points": 0.0, "points_known": 0.0,
    ...         "unknown_max": 0.0, "complete": True, "value": 91.66666666666667,
    ...         "numerator": 55.0, "denominator": 60.0, "branch": "below_floor", "kind": "score",
    ...         "rule": "proportional", "params": '{"floor": 95}', "indicator": "my_rate",
    ...         "answer": "", "rounding": 2, "scheme_status": "confirmed"}
    >>> points_lost(pd.DataFrame([leaf]))[["lost", "next_value", "units_needed", "how"]].values
    array([[2.0, 95.0, 2, 'cần đạt 95 % (thêm 2 trên 60): được thêm 1,9 điểm']], dtype=object)
    """
    require_language(lang)
    table = require_scores(scores)
    best = best_values(table)
    rows = []
    chosen = np.flatnonzero(_costs(table))
    for place, row in zip(chosen, table.iloc[chosen].to_dict("records"), strict=True):
        leaf = ScoredLeaf.of(row)
        lost = _lost(leaf)
        step = next_step(leaf, best=best.get((row["period"], row["assessor"], row["code"])))
        rows.append(_told(row, leaf, lost, step, lang=lang) | {"place": place})
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "place"]).astype(TYPES)
    case = pd.Series(table.groupby(CASE_COLUMNS, sort=False).ngroup())
    whole = frame.groupby(CASE_COLUMNS, sort=False)["lost"].transform("sum")
    frame["lost_share"] = (100 * frame["lost"] / whole.mask(whole == 0)).round(10)
    frame["case"] = case.to_numpy()[frame["place"].to_numpy("int64")]
    ordered = frame.sort_values(
        ["case", "unknown", "lost", "place"], ascending=[True, True, False, True]
    )
    return ordered[[*COLUMNS]].reset_index(drop=True)


def _costs(scores: pd.DataFrame) -> np.ndarray:
    """Return the mask of the leaves that cost points, or that are not known."""
    points, most = (
        scores[name].to_numpy("float64", na_value=np.nan) for name in ("points", "applicable_max")
    )
    kind = scores["kind"].to_numpy(object)
    # A bonus that was not earned is no loss.
    costs = np.where(kind == "deduction", points > 0, (kind == "score") & (points < most))
    mask: np.ndarray = (scores["rule"] != "").to_numpy(dtype=bool) & (costs | np.isnan(points))
    return mask


def _lost(leaf: ScoredLeaf) -> Fraction | None:
    """Return the points a leaf costs, None where they are not known."""
    if leaf.points is None or leaf.kind == "deduction":
        return leaf.points
    return leaf.applicable_max - leaf.points


def _told(
    row: dict[Any, Any], leaf: ScoredLeaf, lost: Fraction | None, step: Step, *, lang: str
) -> dict[str, Any]:
    how = step.words(leaf, lang=lang)
    if row["scheme_status"] == EXAMPLE:
        how = f"{how} {sentence('scheme', 'example', lang=lang)}"
    most = leaf.applicable_max if leaf.kind == "score" else leaf.max_points
    return {
        name: row[name] for name in (*CASE_COLUMNS, "code", "kind", "points", "scheme_status")
    } | {
        "label": name_of(row, lang=lang),
        "max_points": float(most),
        "lost": _float(lost),
        "lost_share": pd.NA,
        "unknown": leaf.points is None,
        "value": _float(leaf.value),
        "next_value": _float(step.value),
        "next_answer": step.answer,
        "gain": _float(step.gain),
        "units_needed": pd.NA if step.units is None else step.units,
        "how": how,
    }


def _float(x: Fraction | None) -> Any:
    return pd.NA if x is None else float(x)
