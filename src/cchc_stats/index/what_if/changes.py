"""Changes to figures and answers as a caller states them: of which leaf, whose, and to what."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import CASE, Leaf, Slot, did_you_mean, leaves_of, listed, refusal
from cchc_stats.words import PeriodError, parse_period

FIGURES = ("value", "numerator", "denominator", "number")
COLUMNS = ("code", "indicator", *CASE, *FIGURES, "answer")
NAMES = ("either", "code", "indicator")
MEND = "correct the changes; what_if() describes them"
Faults = list[str]


@dataclass(frozen=True, eq=False)
class Change:
    """One change, found in the scheme and among the cases.

    Attributes
    ----------
    name : what the caller calls the leaf or the indicator.
    leaves : the leaves that it changes.
    rows : the cases that it changes, as rows of the frame of cases.
    figures : value, or numerator and denominator; empty where the answer is changed.
    answer : the answer as the caller writes it, "" where figures are changed.
    every_assessor : whether no assessor was named.
    """

    name: str
    leaves: tuple[Leaf, ...]
    rows: np.ndarray
    figures: Mapping[str, float]
    answer: str
    every_assessor: bool

    def slots(self, leaf: Leaf) -> list[Slot]:
        """Return the figures of a leaf that it changes: those of the indicator, where it is one."""
        if self.name in leaf.indicators:
            return [slot for slot in leaf.slots if slot.indicator == self.name]
        return leaf.slots


def read_changes(changes: object, scheme: Scheme, cases: pd.DataFrame) -> list[Change]:
    """Return changes as they can be made, or refuse them with all their faults.

    Parameters
    ----------
    changes : mapping leaf code or indicator -> what is new, or a frame (see `what_if`).
    cases : frame agency, period, assessor of the scores before.

    Raises
    ------
    ValuesError
        No mapping or frame, or an empty one; an unknown column, leaf, indicator, agency, period or
        assessor; a cell that is no number; nothing to change to, or two things at once; a leaf
        that cannot be changed apart; one leaf changed twice in a case.
    """
    faults: Faults = []
    records = _records(changes, faults)
    every = leaves_of(scheme)
    found = []
    for place, record in records:
        wrong: Faults = []
        figures, answer = _new(record, wrong)
        leaves = _leaves(record, every, scheme, wrong, answered=bool(answer))
        rows = _cases(record, cases, wrong)
        name = next((str(record[key]).strip() for key in NAMES if key in record), "")
        if figures and not wrong:
            wrong += _misfits(leaves, figures)
            by_code = "code" in record or any(name not in leaf.indicators for leaf in leaves)
            wrong += _tied(leaves, every) if by_code and not wrong else []
        faults += [f"{place}: {fault}" for fault in wrong]
        if not wrong:
            alone = "assessor" not in record
            found.append(Change(name, tuple(leaves), rows, figures, answer, alone))
    faults += _twice(found, cases)
    if faults:
        raise refusal("the changes cannot be made", faults, mend=MEND)
    return found


def _records(changes: object, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    """Return each change's cells that are not blank, and what the change is called."""
    if isinstance(changes, pd.DataFrame):
        unknown = [str(name) for name in changes.columns if name not in COLUMNS]
        faults += [f"there is no column {did_you_mean(name, COLUMNS)}" for name in unknown]
        if not {"code", "indicator"} & set(changes.columns):
            faults.append("neither column code nor column indicator is there")
        if changes.columns.has_duplicates:
            faults.append("a column stands more than once")
        if changes.empty:
            faults.append("the changes have no rows")
        if faults:
            return []
        rows = changes.to_dict("records")
        return [(f"row {place}", _filled(row)) for place, row in enumerate(rows, start=1)]
    if not isinstance(changes, Mapping):
        faults.append(f"changes are a mapping or a DataFrame, not a {type(changes).__name__}")
        return []
    if not changes:
        faults.append("the changes are empty")
    return [
        (repr(key), {"either": str(key)} | _stated(new, faults)) for key, new in changes.items()
    ]


def _stated(new: object, faults: Faults) -> dict[str, Any]:
    """Return what a mapping changes a leaf to: an answer, a figure, or counts by their names."""
    if not isinstance(new, Mapping):
        return {"answer" if isinstance(new, str) else "value": new}
    unknown = [str(name) for name in new if name not in (*FIGURES, "answer")]
    faults += [f"there is no {did_you_mean(name, (*FIGURES, 'answer'))}" for name in unknown]
    return {str(name): cell for name, cell in new.items()}


def _filled(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        str(name): cell
        for name, cell in row.items()
        if (cell.strip() if isinstance(cell, str) else not pd.isna(cell))
    }


def _new(record: Mapping[str, Any], wrong: Faults) -> tuple[dict[str, float], str]:
    """Return what the change is to: figures, or an answer."""
    figures = {}
    for name in FIGURES:
        if name in record:
            if not _is_number(record[name]):
                told = "answers are texts such as 'yes'" if isinstance(record[name], bool) else ""
                told = f"; {told}" if told else ""
                wrong.append(f"{record[name]!r} is no number to change to{told}")
            else:
                figures[name] = float(record[name])
    if wrong:
        return {}, ""
    if "number" in figures and "value" not in figures:
        figures["value"] = figures.pop("number")
    answer = str(record.get("answer", "")).strip()
    kinds: tuple[set[str], ...] = ({"value"}, {"numerator", "denominator"}, set())
    if "number" in figures or set(figures) not in kinds or bool(figures) == bool(answer):
        wrong.append("give one of: a value, a number, numerator and denominator, or an answer")
    return figures, answer


def _is_number(cell: object) -> bool:
    real = isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_)
    return real and math.isfinite(float(cell))  # type: ignore[arg-type]


def _leaves(
    record: Mapping[str, Any], every: list[Leaf], scheme: Scheme, wrong: Faults, *, answered: bool
) -> list[Leaf]:
    """Return the leaves that a change names by their code or by their indicator."""
    if "code" in record and "indicator" in record:
        wrong.append("give the code or the indicator, not both")
        return []
    name = next((str(record[key]).strip() for key in NAMES if key in record), "")
    if not name:
        wrong.append("neither a code nor an indicator is given")
        return []
    by_code = [leaf for leaf in every if leaf.code == name and "indicator" not in record]
    by_indicator = [leaf for leaf in every if name in leaf.indicators and "code" not in record]
    if by_code and not answered and any(leaf.code != name for leaf in by_indicator):
        wrong.append(
            f"{name} is a leaf, and an indicator of {_named(by_indicator)}; give a frame with a "
            "column code or a column indicator"
        )
    if by_code or by_indicator:
        return by_code or by_indicator
    if "indicator" not in record and name in set(scheme.nodes["code"]):
        below = scheme.nodes.loc[scheme.nodes["parent"] == name, "code"]
        wrong.append(f"{name} is no leaf; change those below it: {listed(below, between=', ')}")
        return []
    known = [leaf.code for leaf in every] if "indicator" not in record else []
    if "code" not in record:
        known += [indicator for leaf in every for indicator in leaf.indicators]
    what = (
        "leaf or indicator" if "either" in record else "leaf" if "code" in record else "indicator"
    )
    wrong.append(f"{scheme.name} has no {what} {did_you_mean(name, dict.fromkeys(known))}")
    return []


def _misfits(leaves: Iterable[Leaf], figures: Mapping[str, float]) -> Faults:
    """Return why figures cannot be given to some leaves."""
    faults = []
    for leaf in leaves:
        if not leaf.rule.reads_values(leaf.params):
            allowed = ", ".join(leaf.rule.answers(leaf.params))
            faults.append(f"{leaf.code} takes an answer ({allowed}), not a number")
        elif not leaf.indicators and "value" not in figures:
            faults.append(f"{leaf.code} takes one number, not a numerator and a denominator")
    return faults


def _tied(leaves: Iterable[Leaf], every: Iterable[Leaf]) -> Faults:
    """Return which leaves cannot be changed by their code: their figure is not theirs alone."""
    faults = []
    for leaf in leaves:
        others = [one for one in every if one.code != leaf.code and shared(leaf, one)]
        if len(leaf.indicators) > 1:
            told = " or ".join(leaf.indicators)
            faults.append(f"{leaf.code} has several figures: change {told} by indicator")
        elif others:
            faults.append(
                f"{leaf.code} cannot be changed apart: {leaf.indicators[0]} feeds "
                f"{_named(others)} too; change it by its indicator"
            )
    return faults


def shared(leaf: Leaf, other: Leaf) -> bool:
    """Return whether two leaves may take one figure."""
    return any(overlap(one, two) for one in leaf.slots for two in other.slots)


def overlap(one: Slot, two: Slot) -> bool:
    """Return whether one figure may fill two slots; basis "" takes any.

    Examples
    --------
    >>> overlap(Slot("a", "all", ""), Slot("a", "all", "as_of"))
    True
    """
    same = (one.indicator, one.group) == (two.indicator, two.group)
    return same and (one.basis == two.basis or not one.basis or not two.basis)


def _cases(record: Mapping[str, Any], cases: pd.DataFrame, wrong: Faults) -> np.ndarray:
    """Return the rows of the cases that a change speaks of."""
    chosen = np.ones(len(cases), dtype=bool)
    for name in CASE:
        if name not in record:
            continue
        wanted = record[name]
        try:
            wanted = parse_period(wanted) if name == "period" else str(wanted).strip()
        except PeriodError as error:
            wrong.append(f"period {wanted!r}: {error.what}; {error.mend}")
            continue
        fits = (cases[name] == wanted).to_numpy(dtype=bool)
        if not fits.any():
            known = cases[name].astype("str").unique()
            wrong.append(f"no scores of {name} {did_you_mean(str(wanted), known)}")
        chosen &= fits
    if not chosen.any() and not wrong:
        told = ", ".join(str(record[name]) for name in CASE if name in record)
        wrong.append(f"no scores of {told}")
    return np.flatnonzero(chosen)


def _twice(found: Iterable[Change], cases: pd.DataFrame) -> Faults:
    """Return what two changes would change in one case."""
    seen: set[tuple[object, int]] = set()
    faults: dict[str, None] = {}
    for change in found:
        targets = {(target, row) for target in _targets(change) for row in change.rows.tolist()}
        for _, row in sorted(targets & seen, key=lambda one: one[1])[:1]:
            told = ", ".join(str(cell) for cell in cases.loc[row, list(CASE)])
            faults[f"{change.name} is changed twice: {told}"] = None
        seen |= targets
    return list(faults)


def _targets(change: Change) -> list[Slot | str]:
    targets: list[Slot | str] = []
    for leaf in change.leaves:
        targets += (not change.answer and change.slots(leaf)) or [leaf.code]
    return targets


def _named(leaves: Iterable[Leaf]) -> str:
    return listed((leaf.code for leaf in leaves), between=", ")
