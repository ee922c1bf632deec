"""Values and answers with changes made: what `what_if` scores a second time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cchc_stats.index.rules import NOT_APPLICABLE
from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import (
    CLAIMED,
    KEY,
    Leaf,
    Slot,
    complete_answers,
    refusal,
    scale_of,
    unit_of,
)
from cchc_stats.index.what_if.changes import MEND, Change
from cchc_stats.values import complete_values
from cchc_stats.words import IN_PERIOD, ValuesError

# What a figure or answer that nobody reported says of itself.
SUPPOSED = "giả định"
PAIR = ["agency", "period"]
_FIGURES = ("value", "numerator", "denominator")
Inputs = tuple[pd.DataFrame | None, pd.DataFrame | None]


def changed_inputs(
    values: pd.DataFrame | None,
    answers: pd.DataFrame | None,
    scheme: Scheme,
    changes: Iterable[Change],
    cases: pd.DataFrame,
) -> Inputs:
    """Return new values and answers with the changes made; those given stay as they are.

    Raises
    ------
    ValuesError
        An answer that a leaf does not take, or a figure of the values changed for one assessor
        alone; all faults at once.
    """
    told = complete_answers(answers, scheme)
    measured = None if values is None else complete_values(values)
    faults: list[str] = []
    for change in changes:
        for leaf in change.leaves:
            rows = cases.iloc[change.rows].reset_index(drop=True)
            if change.answer:
                try:
                    new = _answers(leaf, rows, scheme, answer=change.answer)
                except ValuesError as error:
                    faults.append(error.where)
                    continue
                told = _replaced(told, new)
                if new["answer"].iloc[0] == NOT_APPLICABLE and change.every_assessor:
                    measured = _without(measured, leaf.slots, rows)
                continue
            # A number that was answered before is changed where it stands.
            numbers = told.loc[told["number"].notna() & (told["code"] == leaf.code), KEY]
            answered = _among(rows.assign(code=leaf.code), numbers, KEY) | (not leaf.slots)
            if "value" in change.figures and answered.any():
                new = _answers(leaf, rows[answered], scheme, number=change.figures["value"])
                told = _replaced(told, new)
            elif answered.any():
                faults.append(f"{leaf.code} is answered with one number: change that")
            rest = rows[~answered]
            if rest.empty:
                continue
            if not change.every_assessor:
                faults.append(
                    f"{leaf.code} takes a figure of the values, the same for every assessor: "
                    "leave assessor out"
                )
            gone = (told["answer"] == NOT_APPLICABLE).to_numpy() & _among(
                told, rest.assign(code=leaf.code), KEY
            )
            told = told[~gone]
            for slot in change.slots(leaf):
                pairs = rest[PAIR].drop_duplicates()
                measured = _measured(measured, slot, pairs, change, scheme)
    if faults:
        raise refusal("the changes cannot be made", list(dict.fromkeys(faults)), mend=MEND)
    return measured, None if told.empty else told


def _answers(leaf: Leaf, rows: pd.DataFrame, scheme: Scheme, **new: str | float) -> pd.DataFrame:
    """Return a leaf's answers of some cases, checked as all answers are."""
    return complete_answers(rows.assign(code=leaf.code, evidence=SUPPOSED, **new), scheme)


def _replaced(told: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return answers with new ones instead of those of the same cases and leaf."""
    kept = told[~_among(told, new, KEY)]
    return pd.concat([kept, new], ignore_index=True) if len(kept) else new


def _among(frame: pd.DataFrame, others: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return the mask of the rows whose cells are those of one of the others."""
    known = pd.MultiIndex.from_frame(others[names])
    return np.asarray(pd.MultiIndex.from_frame(frame[names]).isin(known), dtype=bool)


def _of_slot(values: pd.DataFrame, slot: Slot, pairs: pd.DataFrame) -> np.ndarray:
    """Return the mask of the values that fill a slot of some agencies and periods."""
    same = (values["indicator"] == slot.indicator) & (values["group"] == slot.group)
    same &= values["origin"] != CLAIMED
    if slot.basis:
        same &= values["basis"] == slot.basis
    filled: np.ndarray = same.to_numpy(dtype=bool) & _among(values, pairs, PAIR)
    return filled


def _without(
    values: pd.DataFrame | None, slots: list[Slot], pairs: pd.DataFrame
) -> pd.DataFrame | None:
    """Return values without those of some slots: what is not applicable has no figure."""
    for slot in slots:
        if values is not None:
            values = values[~_of_slot(values, slot, pairs)]
    return None if values is None or values.empty else values


def _measured(
    values: pd.DataFrame | None, slot: Slot, pairs: pd.DataFrame, change: Change, scheme: Scheme
) -> pd.DataFrame:
    """Return values with a new figure in a slot; a row is added where there was none."""
    new = {name: change.figures.get(name, np.nan) for name in _FIGURES}
    status = "reported"
    if "denominator" in change.figures:
        if new["denominator"] == 0:
            status = "undefined"
        else:
            scale = scale_of(slot.indicator, scheme)
            new["value"] = scale * new["numerator"] / new["denominator"]
    if values is not None:
        there = _of_slot(values, slot, pairs)
        changed = values.copy()
        for name, figure in new.items():
            changed.loc[there, name] = pd.NA if np.isnan(figure) else figure
        changed.loc[there, "status"] = status
        changed.loc[there, "source"] = ""
        changed.loc[there, "note"] = SUPPOSED
        pairs = pairs[~_among(pairs, values[there], PAIR)]
        if pairs.empty:
            return changed
    added = complete_values(
        pairs.assign(
            indicator=slot.indicator,
            group=slot.group,
            basis=slot.basis or IN_PERIOD,
            unit=unit_of(slot.indicator, scheme),
            status=status,
            note=SUPPOSED,
            **new,
        )
    )
    return added if values is None else pd.concat([changed, added], ignore_index=True)
