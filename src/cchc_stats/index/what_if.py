"""What would the score be if a figure or an answer were another one."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.ranking import rank_agencies
from cchc_stats.index.rules import NOT_APPLICABLE
from cchc_stats.index.scheme import ROOT, FigureAsked, Leaf, Scheme
from cchc_stats.index.scoring import (
    CASE,
    CLAIMED,
    DECIMALS,
    KEY,
    complete_answers,
    did_you_mean,
    is_number,
    refusal,
    scored,
)
from cchc_stats.values import CheckedValues, complete_values
from cchc_stats.words import IN_PERIOD, PeriodError, ValuesError, listed, parse_period

NODE = [*CASE, "code"]
OF_NODE = ["label", "level", "max_points", "scheme_status"]
COMPARED = ("points", "branch", "complete", "applicable_max", "value", "answer")
COLUMNS = (
    *(*NODE, "label", "level", "max_points", "before", "after", "change"),
    *("branch_before", "branch_after", "complete_before", "complete_after"),
    *("rank_before", "rank_after", "scheme_status"),
)
FIGURES = ("value", "numerator", "denominator", "number")
OF_CHANGES = ("code", "indicator", *CASE, *FIGURES, "answer")
NAMES = ("either", "code", "indicator")
MEND = "correct the changes; what_if() describes them"
# What a figure or answer that nobody reported says of itself.
SUPPOSED = "giả định"
PAIR = ["agency", "period"]
Faults = list[str]


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
    `before, after`, points; `change`, after less before, points; <NA> where one is unknown;
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
    given = complete_answers(answers, scheme)
    checked = None if values is None else CheckedValues.of(values)
    before = scored(checked, given, scheme)
    cases = before[CASE].drop_duplicates(ignore_index=True)
    stated = read_changes(changes, scheme, cases)
    after = scored(*changed_inputs(checked, given, scheme, stated, cases), scheme)
    joined = _joined(before, after)
    compared = pd.DataFrame(
        {name: joined[name] for name in [*NODE, *OF_NODE]}
        | {
            "before": joined["points_before"],
            "after": joined["points_after"],
            # Differences of decimals, freed of binary noise as the sums are.
            "change": (joined["points_after"] - joined["points_before"]).round(DECIMALS),
        }
        | {
            f"{name}_{when}": joined[f"{name}_{when}"]
            for name in ("branch", "complete")
            for when in ("before", "after")
        }
    )
    for when, scores in (("before", before), ("after", after)):
        compared[f"rank_{when}"] = _ranks(compared, scores)
    chosen = _changed(joined) | (compared["code"] == ROOT).to_numpy()
    return compared.loc[chosen, list(COLUMNS)].reset_index(drop=True)


def _joined(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return both scores side by side, by case and node, in their order."""
    every = pd.concat([before, after])[[*NODE, *OF_NODE]].drop_duplicates(NODE, ignore_index=True)
    for when, scores in (("before", before), ("after", after)):
        side = scores[[*NODE, *COMPARED]].rename(
            columns={name: f"{name}_{when}" for name in COMPARED}
        )
        every = every.merge(side, on=NODE, how="left", validate="one_to_one")
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


def _ranks(compared: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Return the ranks of the roots where all agencies of a period and assessor are complete."""
    roots = scores[scores["code"] == ROOT]
    groups_of_roots = roots.assign(some=roots["applicable_max"] > 0).groupby(["period", "assessor"])
    fit = groups_of_roots["complete"].transform("all") & groups_of_roots["some"].transform("any")
    ranked = pd.Series(pd.NA, index=compared.index, dtype="Int64")
    if not fit.any():
        return ranked
    # The roots alone, without the name of their scheme: its classes are not asked for.
    figures = ["points", "max_points", "applicable_max", "percent", "complete"]
    ranks = rank_agencies(roots.loc[fit, [*CASE, *figures]]).set_index(CASE)["rank"]
    at_root = (compared["code"] == ROOT).to_numpy()
    at_roots = ranks.reindex(pd.MultiIndex.from_frame(compared.loc[at_root, CASE]))
    ranked[at_root] = at_roots.to_numpy()
    return ranked


# The changes as a caller states them: of which leaf, whose, and to what.


@dataclass(frozen=True, eq=False)
class LeafChange:
    """One change, with the leaves and cases that it is of.

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

    def of(self, leaf: Leaf) -> Sequence[FigureAsked]:
        """Return the figures of a leaf that it changes: those of the indicator, where it is one."""
        if self.name in leaf.indicators:
            return [one for one in leaf.figures if one.indicator == self.name]
        return leaf.figures


def read_changes(changes: object, scheme: Scheme, cases: pd.DataFrame) -> list[LeafChange]:
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
    read = []
    for place, record in _records(changes, faults):
        wrong: Faults = []
        change = _change(record, scheme, cases, wrong)
        faults += [f"{place}: {fault}" for fault in wrong]
        if not wrong:
            read.append(change)
    faults += _twice(read, cases)
    if faults:
        raise refusal("the changes cannot be made", faults, mend=MEND)
    return read


def _records(changes: object, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    """Return each change's cells that are not blank, and what the change is called."""
    if isinstance(changes, pd.DataFrame):
        faults += _wrong_frame(changes)
        rows = [] if faults else changes.to_dict("records")
        return [(f"row {place}", _filled(row)) for place, row in enumerate(rows, start=1)]
    if not isinstance(changes, Mapping):
        faults.append(f"changes are a mapping or a DataFrame, not a {type(changes).__name__}")
        return []
    if not changes:
        faults.append("the changes are empty")
    return [
        (repr(key), {"either": str(key)} | _stated(new, faults)) for key, new in changes.items()
    ]


def _wrong_frame(changes: pd.DataFrame) -> Iterator[str]:
    for name in changes.columns:
        if name not in OF_CHANGES:
            yield f"there is no column {did_you_mean(str(name), OF_CHANGES)}"
    if not {"code", "indicator"} & set(changes.columns):
        yield "neither column code nor column indicator is there"
    if changes.columns.has_duplicates:
        yield "a column stands more than once"
    if changes.empty:
        yield "the changes have no rows"


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


def _change(
    record: Mapping[str, Any], scheme: Scheme, cases: pd.DataFrame, wrong: Faults
) -> LeafChange:
    figures, answer = _new(record, wrong)
    leaves = _leaves(record, scheme, wrong, answered=bool(answer))
    rows = _cases(record, cases, wrong)
    name = next((str(record[key]).strip() for key in NAMES if key in record), "")
    if figures and not wrong:
        wrong += _misfits(leaves, figures)
        by_code = "code" in record or any(name not in leaf.indicators for leaf in leaves)
        wrong += _tied(leaves, scheme) if by_code and not wrong else []
    return LeafChange(name, tuple(leaves), rows, figures, answer, "assessor" not in record)


def _new(record: Mapping[str, Any], wrong: Faults) -> tuple[dict[str, float], str]:
    """Return what the change is to: figures, or an answer."""
    stated = {name: record[name] for name in FIGURES if name in record}
    for cell in stated.values():
        if not is_number(float(cell) if isinstance(cell, Decimal) else cell):
            hint = "; answers are texts such as 'yes'" if isinstance(cell, bool) else ""
            wrong.append(f"{cell!r} is no number to change to{hint}")
    if wrong:
        return {}, ""
    figures = {name: float(cell) for name, cell in stated.items()}
    if "number" in figures and "value" not in figures:
        figures["value"] = figures.pop("number")
    answer = str(record.get("answer", "")).strip()
    kinds: tuple[set[str], ...] = ({"value"}, {"numerator", "denominator"}, set())
    if set(figures) not in kinds or bool(figures) == bool(answer):
        wrong.append("give one of: a value, a number, numerator and denominator, or an answer")
    return figures, answer


def _leaves(
    record: Mapping[str, Any], scheme: Scheme, wrong: Faults, *, answered: bool
) -> list[Leaf]:
    """Return the leaves that a change names by their code or by their indicator."""
    name = next((str(record[key]).strip() for key in NAMES if key in record), "")
    both = "code" in record and "indicator" in record
    if both or not name:
        wrong.append(
            "give the code or the indicator, not both"
            if both
            else "neither a code nor an indicator is given"
        )
        return []
    by_code, by_indicator = _named_by(name, record, scheme)
    if by_code and not answered and any(leaf.code != name for leaf in by_indicator):
        wrong.append(
            f"{name} is a leaf, and an indicator of {_named(by_indicator)}; give a frame with a "
            "column code or a column indicator"
        )
    if not by_code and not by_indicator:
        wrong.append(_no_leaf(name, record, scheme))
    return by_code or by_indicator


def _named_by(
    name: str, record: Mapping[str, Any], scheme: Scheme
) -> tuple[list[Leaf], list[Leaf]]:
    """Return the leaves of that code, and those that an indicator of that name feeds."""
    by_code = [leaf for leaf in scheme.leaves if leaf.code == name]
    by_indicator = [leaf for leaf in scheme.leaves if name in leaf.indicators]
    return [] if "indicator" in record else by_code, [] if "code" in record else by_indicator


def _no_leaf(name: str, record: Mapping[str, Any], scheme: Scheme) -> str:
    """Return what is wrong with a name that is neither a leaf's nor an indicator's."""
    if "indicator" not in record and name in set(scheme.nodes["code"]):
        below = scheme.nodes.loc[scheme.nodes["parent"] == name, "code"]
        return f"{name} is no leaf; change those below it: {listed(below, between=', ')}"
    names: list[str] = []
    if "indicator" not in record:
        names += [leaf.code for leaf in scheme.leaves]
    if "code" not in record:
        names += [indicator for leaf in scheme.leaves for indicator in leaf.indicators]
    what = "indicator" if "indicator" in record else "leaf"
    what = "leaf or indicator" if "either" in record else what
    return f"{scheme.name} has no {what} {did_you_mean(name, names)}"


def _misfits(leaves: Iterable[Leaf], figures: Mapping[str, float]) -> Iterator[str]:
    """Yield why figures cannot be given to some leaves."""
    for leaf in leaves:
        if not leaf.reads_values:
            allowed = ", ".join(leaf.answers)
            yield f"{leaf.code} takes an answer ({allowed}), not a number"
        elif not leaf.indicators and "value" not in figures:
            yield f"{leaf.code} takes one number, not a numerator and a denominator"


def _tied(leaves: Iterable[Leaf], scheme: Scheme) -> Iterator[str]:
    """Yield which leaves cannot be changed by their code: their figure is not theirs alone."""
    for leaf in leaves:
        others = [one for one in scheme.leaves if one.code != leaf.code and _shared(leaf, one)]
        if len(leaf.indicators) > 1:
            several = " or ".join(leaf.indicators)
            yield f"{leaf.code} has several figures: change {several} by indicator"
        elif others:
            yield (
                f"{leaf.code} cannot be changed apart: {leaf.indicators[0]} feeds "
                f"{_named(others)} too; change it by its indicator"
            )


def _shared(leaf: Leaf, other: Leaf) -> bool:
    """Return whether two leaves may take one figure; basis "" takes any."""
    return any(
        one[:2] == two[:2] and (one.basis == two.basis or not one.basis or not two.basis)
        for one in leaf.figures
        for two in other.figures
    )


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
            there = cases[name].astype("str").unique()
            wrong.append(f"no scores of {name} {did_you_mean(str(wanted), there)}")
        chosen &= fits
    if not chosen.any() and not wrong:
        case = ", ".join(str(record[name]) for name in CASE if name in record)
        wrong.append(f"no scores of {case}")
    return np.flatnonzero(chosen)


def _twice(changes: Iterable[LeafChange], cases: pd.DataFrame) -> list[str]:
    """Return what two changes would change in one case."""
    seen: set[tuple[object, int]] = set()
    faults: dict[str, None] = {}
    for change in changes:
        targets = {(target, row) for target in _targets(change) for row in change.rows.tolist()}
        for _, row in sorted(targets & seen, key=lambda one: one[1])[:1]:
            case = ", ".join(str(cell) for cell in cases.loc[row, CASE])
            faults[f"{change.name} is changed twice: {case}"] = None
        seen |= targets
    return list(faults)


def _targets(change: LeafChange) -> list[FigureAsked | str]:
    targets: list[FigureAsked | str] = []
    for leaf in change.leaves:
        targets += (not change.answer and change.of(leaf)) or [leaf.code]
    return targets


def _named(leaves: Iterable[Leaf]) -> str:
    return listed((leaf.code for leaf in leaves), between=", ")


# Values and answers with the changes made.


def changed_inputs(
    values: CheckedValues | None,
    given: pd.DataFrame,
    scheme: Scheme,
    changes: Iterable[LeafChange],
    cases: pd.DataFrame,
) -> tuple[CheckedValues | None, pd.DataFrame]:
    """Return new values and answers with the changes made; those given stay as they are.

    Raises
    ------
    ValuesError
        An answer that a leaf does not take, or a figure of the values changed for one assessor
        alone; all faults at once.
    """
    measured = None if values is None else values.frame
    faults: Faults = []
    for change in changes:
        for leaf in change.leaves:
            rows = cases.iloc[change.rows].reset_index(drop=True)
            make = _with_answer if change.answer else _with_figures
            measured, given = make(measured, given, leaf, rows, change, scheme, faults)
    if faults:
        raise refusal("the changes cannot be made", list(dict.fromkeys(faults)), mend=MEND)
    return None if measured is None else CheckedValues.made(measured), given


def _with_answer(
    values: pd.DataFrame | None,
    given: pd.DataFrame,
    leaf: Leaf,
    rows: pd.DataFrame,
    change: LeafChange,
    scheme: Scheme,
    faults: Faults,
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return values and answers with another answer; what is not applicable has no figure."""
    try:
        new = _answers(leaf, rows, scheme, answer=change.answer)
    except ValuesError as error:
        faults.append(_OWN_ROWS.sub("", error.where))
        return values, given
    if new["answer"].iloc[0] == NOT_APPLICABLE and change.every_assessor:
        for asked in leaf.figures:
            if values is not None:
                values = values[~_is_figure(values, asked, rows)]
        values = None if values is None or values.empty else values
    return values, _replaced(given, new)


def _with_figures(
    values: pd.DataFrame | None,
    given: pd.DataFrame,
    leaf: Leaf,
    rows: pd.DataFrame,
    change: LeafChange,
    scheme: Scheme,
    faults: Faults,
) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return values and answers with other figures: an answered number where it was answered."""
    numbers = given.loc[given["number"].notna() & (given["code"] == leaf.code), KEY]
    answered = _among(rows.assign(code=leaf.code), numbers, KEY) | (not leaf.figures)
    if answered.any() and "value" in change.figures:
        new = _answers(leaf, rows[answered], scheme, number=change.figures["value"])
        given = _replaced(given, new)
    elif answered.any():
        faults.append(f"{leaf.code} is answered with one number: change that")
    rest = rows[~answered]
    if rest.empty:
        return values, given
    if not change.every_assessor:
        faults.append(
            f"{leaf.code} takes a figure of the values, the same for every assessor: "
            "leave assessor out"
        )
    not_applicable = (given["answer"] == NOT_APPLICABLE).to_numpy()
    given = given[~(not_applicable & _among(given, rest.assign(code=leaf.code), KEY))]
    for asked in change.of(leaf):
        values = _with_figure(values, asked, rest[PAIR].drop_duplicates(), change, scheme)
    return values, given


# The answers are made here: their rows are none that the reader has.
_OWN_ROWS = re.compile(r" \(rows? [^()]*\)$")


def _answers(leaf: Leaf, rows: pd.DataFrame, scheme: Scheme, **new: str | float) -> pd.DataFrame:
    """Return a leaf's answers of some cases, checked as all answers are."""
    return complete_answers(rows.assign(code=leaf.code, evidence=SUPPOSED, **new), scheme)


def _replaced(given: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return answers with new ones instead of those of the same cases and leaf."""
    kept = given[~_among(given, new, KEY)]
    return pd.concat([kept, new], ignore_index=True) if len(kept) else new


def _among(frame: pd.DataFrame, others: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return the mask of the rows whose cells are those of one of the others."""
    keys = pd.MultiIndex.from_frame(others[names])
    return np.asarray(pd.MultiIndex.from_frame(frame[names]).isin(keys), dtype=bool)


def _is_figure(values: pd.DataFrame, asked: FigureAsked, pairs: pd.DataFrame) -> np.ndarray:
    """Return the mask of the values that are a figure asked for, of some agencies and periods."""
    same = (values["indicator"] == asked.indicator) & (values["group"] == asked.group)
    same &= values["origin"] != CLAIMED
    if asked.basis:
        same &= values["basis"] == asked.basis
    mask: np.ndarray = same.to_numpy(dtype=bool) & _among(values, pairs, PAIR)
    return mask


def _with_figure(
    values: pd.DataFrame | None,
    asked: FigureAsked,
    pairs: pd.DataFrame,
    change: LeafChange,
    scheme: Scheme,
) -> pd.DataFrame:
    """Return values with a new figure; a row is added where there was none."""
    new = {name: change.figures.get(name, np.nan) for name in FIGURES[:3]}
    status = "undefined" if new["denominator"] == 0 else "reported"
    if "denominator" in change.figures and status == "reported":
        new["value"] = scheme.scale_of(asked.indicator) * new["numerator"] / new["denominator"]
    if values is not None:
        there = _is_figure(values, asked, pairs)
        changed = values.copy()
        for name, figure in new.items():
            changed.loc[there, name] = pd.NA if np.isnan(figure) else figure
        for name, text in (("status", status), ("source", ""), ("note", SUPPOSED)):
            changed.loc[there, name] = text
        pairs = pairs[~_among(pairs, values[there], PAIR)]
        if pairs.empty:
            return changed
    added = complete_values(
        pairs.assign(
            indicator=asked.indicator,
            group=asked.group,
            basis=asked.basis or IN_PERIOD,
            unit=scheme.unit_of(asked.indicator),
            status=status,
            note=SUPPOSED,
            **new,
        )
    )
    return added if values is None else pd.concat([changed, added], ignore_index=True)
