"""What would the score be if a figure or an answer were another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.ranking import rank_agencies
from cchc_stats.index.scheme import ROOT, Scheme
from cchc_stats.index.scoring import score
from cchc_stats.index.what_if.changed_inputs import changed_inputs
from cchc_stats.index.what_if.changes import read_changes

CASE = ["agency", "period", "assessor"]
NODE = [*CASE, "code"]
OF_NODE = ["label", "level", "max_points", "scheme_status"]
COMPARED = ("points", "branch", "complete", "applicable_max", "value", "answer")
COLUMNS = (
    *NODE,
    "label",
    "level",
    "max_points",
    "before",
    "after",
    "change",
    "branch_before",
    "branch_after",
    "complete_before",
    "complete_after",
    "rank_before",
    "rank_after",
    "scheme_status",
)
_DECIMALS = 10


def what_if(
    values: pd.DataFrame | None,
    scheme: Scheme,
    changes: Mapping[str, Any] | pd.DataFrame,
    *,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what changed figures or answers would do to the scores (nếu … thì được mấy điểm).

    Parameters
    ----------
    values, scheme, answers : as `score` takes them; they stay as they are.
    changes : leaf code or indicator -> new figure, counts or answer, for every agency, period and
        assessor: `{"ON_TIME": 95, "3.6": {"numerator": 9, "denominator": 10}, "4.1": "yes"}`. Or a
        frame with `code` or `indicator`; any of `agency, period, assessor` (blank: all); and
        `value`, `number`, `numerator` with `denominator`, or `answer`. A figure takes the place of
        value, numerator and denominator; where an agency has none, a row is added with the leaf's
        group and basis (`in_period` where the leaf takes any) and the note "giả định". By an
        indicator all leaves change that it feeds.

    Returns
    -------
    Frame, a row per agency × period × assessor × node that changed, and always the root, in the
    order of the scores: `agency, period, assessor, code, label, level, max_points`;
    `before, after`, points; `change`, after less before, points; <NA> where one is not known;
    `branch_before, branch_after`, `complete_before, complete_after`;
    `rank_before, rank_after`, of the root within period and assessor by percent of the own
    applicable maximum, equals alike (1, 2, 2, 4); <NA> unless every agency there is complete;
    `scheme_status` ("example": not for decisions).

    Raises
    ------
    ValuesError
        What `score` refuses; changes that are none, or name no leaf, indicator, agency, period or
        assessor there is; a number for a leaf that takes an answer, or an answer that it does not
        take; a leaf that cannot be changed apart, since its indicator feeds others too; one leaf
        changed twice. All faults of the changes come at once.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> own = pd.DataFrame({"agency": ["Tỉnh A"], "period": ["2026Q3"], "indicator": ["ON_TIME"],
    ...                     "numerator": [393087], "denominator": [443565]})
    >>> supposed = what_if(own, load_scheme("qd-766-2022"), {"ON_TIME": 95}).set_index("code")
    >>> supposed.loc["ON_TIME", ["before", "after", "change"]].tolist()
    [17.72, 19.0, 1.28]
    """
    before = score(values, scheme, answers=answers)
    cases = before[CASE].drop_duplicates(ignore_index=True)
    stated = read_changes(changes, scheme, cases)
    new_values, new_answers = changed_inputs(values, answers, scheme, stated, cases)
    after = score(new_values, scheme, answers=new_answers)
    joined = _joined(before, after)
    told = pd.DataFrame(
        {name: joined[name] for name in [*NODE, *OF_NODE]}
        | {
            "before": joined["points_before"],
            "after": joined["points_after"],
            # Differences of decimals, freed of binary noise as the sums are.
            "change": (joined["points_after"] - joined["points_before"]).round(_DECIMALS),
        }
        | {
            f"{name}_{when}": joined[f"{name}_{when}"]
            for name in ("branch", "complete")
            for when in ("before", "after")
        }
    )
    for when, scores in (("before", before), ("after", after)):
        told[f"rank_{when}"] = _ranks(told, scores)
    chosen = _changed(joined) | (told["code"] == ROOT).to_numpy()
    return told.loc[chosen, list(COLUMNS)].reset_index(drop=True)


def _joined(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return both scores side by side, by case and node, in their order."""
    every = pd.concat([before, after])[[*NODE, *OF_NODE]].drop_duplicates(NODE, ignore_index=True)
    for when, scores in (("before", before), ("after", after)):
        told = scores[[*NODE, *COMPARED]].rename(
            columns={name: f"{name}_{when}" for name in COMPARED}
        )
        every = every.merge(told, on=NODE, how="left", validate="one_to_one")
        every[f"branch_{when}"] = every[f"branch_{when}"].fillna("")
        complete = every[f"complete_{when}"].astype("boolean").fillna(False)
        every[f"complete_{when}"] = complete.astype("bool")
    return every


def _changed(joined: pd.DataFrame) -> np.ndarray:
    """Return the mask of the rows in which something differs, a missing figure from any other."""
    changed = np.zeros(len(joined), dtype=bool)
    for name in COMPARED:
        one, other = joined[f"{name}_before"], joined[f"{name}_after"]
        unlike = (one != other).fillna(False).to_numpy(dtype=bool)
        changed |= unlike | (one.isna() != other.isna()).to_numpy()
    return changed


def _ranks(told: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Return the ranks of the roots where all agencies of a period and assessor are complete."""
    roots = scores[scores["code"] == ROOT]
    groups = ["period", "assessor"]
    whole = roots.assign(some=roots["applicable_max"] > 0).groupby(groups)
    fit = whole["complete"].transform("all") & whole["some"].transform("any")
    ranked = pd.Series(pd.NA, index=told.index, dtype="Int64")
    if not fit.any():
        return ranked
    # The roots alone, without the name of their scheme: its classes are not asked for.
    figures = ["points", "max_points", "applicable_max", "percent", "complete"]
    ranks = rank_agencies(roots.loc[fit, [*CASE, *figures]]).set_index(CASE)["rank"]
    at_root = (told["code"] == ROOT).to_numpy()
    found = ranks.reindex(pd.MultiIndex.from_frame(told.loc[at_root, CASE]))
    ranked[at_root] = found.to_numpy()
    return ranked
