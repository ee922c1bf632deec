"""What an agency gave itself against what those who appraised it gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scoring.given_scores import (
    DECIMALS,
    SELF,
    given_scores,
    keys_of,
    listed,
    points_text,
)
from cchc_stats.words import ValuesError

COLUMNS = (
    *("agency", "period", "code", "parent", "label", "kind", "appraiser", "max_points"),
    *("self_points", "appraised_points", "difference", "agreed"),
    *("branch_self", "branch_appraised", "scheme", "scheme_status", "note"),
)
_KEY = ["agency", "period", "code"]


def compare_assessors(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the agency's own scores against the appraised ones (tự chấm, thẩm định).

    Parameters
    ----------
    scores : scores (see `score`) of the assessor "self" and of at least one other.

    Returns
    -------
    Frame, a row per agency × period × node × appraiser, in the order of the scores:
    `agency, period, code, parent, label, kind, appraiser` ("" for an agency that nobody appraised),
    `max_points`;
    `self_points, appraised_points`, <NA> where unknown or not given;
    `difference`, appraised less self, in points of the node: more deducted is above zero too;
    `agreed`, whether both are known and equal at ten decimals, of the same applicable maximum;
    `branch_self, branch_appraised`, which part of the rule gave the points;
    `scheme, scheme_status` ("example": not for decisions); `note`, why there is no difference, or
    that the two do not hold the node applicable alike.

    Raises
    ------
    ValuesError
        No scores, nobody but "self", or no "self".

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "A", "assessor": ["self", "appraised_1"],
    ...                     "points": [9.5, 9.0], "max_points": 10})
    >>> compare_assessors(own)[["appraiser", "difference", "agreed"]].values.tolist()
    [['appraised_1', -0.5, False]]
    """
    table = given_scores(scores)
    _require_both(table)
    table = table.assign(place=range(len(table)))
    own, others = (table[rows] for rows in (table["assessor"] == SELF, table["assessor"] != SELF))
    # All that each appraiser should have looked at: what the agency or the appraiser has a row for.
    asked = others[["agency", "period", "assessor"]].drop_duplicates()
    nodes = own[[*_KEY, "place"]].merge(asked, on=["agency", "period"], how="left")
    nodes["assessor"] = nodes["assessor"].fillna("")
    given = others[[*_KEY, "place", "assessor"]]
    rows = pd.concat([nodes, given]).drop_duplicates([*_KEY, "assessor"])
    rows = _with(rows, own.drop(columns="assessor"), _KEY, "_self")
    rows = _with(rows, others, [*_KEY, "assessor"], "_appraised")
    order = _order(rows, table)
    in_order = sorted(range(len(rows)), key=order.__getitem__)
    return _compared(rows.iloc[in_order].reset_index(drop=True))


def _require_both(table: pd.DataFrame) -> None:
    found = list(table["assessor"].unique())
    if SELF not in found:
        raise ValuesError(
            'there are no scores of the assessor "self" to compare with',
            where=f"column assessor: {listed(found, between=', ')}",
            mend='score the agency\'s own answers too, with assessor "self"',
        )
    if len(found) == 1:
        raise ValuesError(
            'there are no scores but those of the assessor "self"',
            where="column assessor",
            mend='score the appraised answers too, with an assessor such as "appraised_1"',
        )


def _with(rows: pd.DataFrame, side: pd.DataFrame, key: list[str], suffix: str) -> pd.DataFrame:
    """Return the rows with the columns of one side; `place` of it tells whether it is there."""
    named = side.rename(columns={name: f"{name}{suffix}" for name in side if name not in key})
    return rows.merge(named, on=key, how="left", validate="many_to_one")


def _order(rows: pd.DataFrame, table: pd.DataFrame) -> list[tuple[int, int, int]]:
    """Return what sorts the rows: case as first given, then node, then appraiser."""
    cases: dict[tuple[str, str], int] = {}
    for case in zip(*keys_of(table, ("agency", "period")), strict=True):
        cases.setdefault(case, len(cases))
    nodes = {code: at for at, code in enumerate(dict.fromkeys(table["code"]))}
    who = {name: at for at, name in enumerate(sorted({*table["assessor"], ""}))}
    keys = zip(*keys_of(rows, [*_KEY, "assessor"]), strict=True)
    return [(cases[agency, period], nodes[code], who[name]) for agency, period, code, name in keys]


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    here = {side: rows[f"place_{side}"].notna() for side in ("self", "appraised")}

    def told(name: str) -> pd.Series:
        """Return a column as the appraiser's row has it, else the agency's own."""
        return rows[f"{name}_appraised"].where(here["appraised"], rows[f"{name}_self"])

    known = {
        side: here[side] & rows[f"complete_{side}"].fillna(False).astype(bool) for side in here
    }
    points = {side: rows[f"points_{side}"].where(known[side]) for side in here}
    difference = (points["appraised"] - points["self"]).round(DECIMALS)
    most = (rows["applicable_max_appraised"] - rows["applicable_max_self"]).round(DECIMALS)
    other_max = most.ne(0).fillna(False).astype(bool)
    texts = {
        name: told(name).astype("str").fillna("")
        for name in ("parent", "label", "kind", "scheme", "scheme_status")
    }
    branches = {f"branch_{side}": rows[f"branch_{side}"].astype("str").fillna("") for side in here}
    compared = rows[_KEY].assign(
        **texts,
        appraiser=rows["assessor"].astype("str"),
        max_points=told("max_points").astype("Float64"),
        self_points=points["self"].astype("Float64"),
        appraised_points=points["appraised"].astype("Float64"),
        difference=difference.astype("Float64"),
        agreed=difference.eq(0).fillna(False).astype(bool) & ~other_max,
        **branches,
        note=pd.Series(
            [
                _note(row, *sides)
                for row, *sides in zip(
                    rows.to_dict("records"), *here.values(), *known.values(), strict=True
                )
            ],
            index=rows.index,
            dtype="str",
        ),
    )
    return compared[list(COLUMNS)]


def _note(
    row: dict[Any, Any], has_self: bool, has_other: bool, self_known: bool, other_known: bool
) -> str:
    """Return why two assessments of one node are not compared, or what differs beside points."""
    notes = []
    if not has_self:
        notes.append("không có điểm tự chấm")
    elif not self_known:
        notes.append("điểm tự chấm chưa đủ")
    if not row["assessor"]:
        notes.append("chưa được thẩm định")
    elif not has_other:
        notes.append("không có điểm thẩm định")
    elif not other_known:
        notes.append("điểm thẩm định chưa đủ")
    most = [row["applicable_max_self"], row["applicable_max_appraised"]]
    if has_self and has_other and not any(pd.isna(cell) for cell in most):
        own, other = (float(np.round(cell, DECIMALS)) for cell in most)
        if own != other:
            notes.append(
                f"điểm tối đa áp dụng khác nhau: tự chấm {points_text(own)}, "
                f"thẩm định {points_text(other)}"
            )
    return "; ".join(notes)
