"""Answers: what people say of a leaf that no figure tells, checked against the scheme."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from difflib import get_close_matches
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import NOT_APPLICABLE, RULES
from cchc_stats.index.scheme import Scheme, leaves
from cchc_stats.values import in_rows
from cchc_stats.words import QUARTERS, PeriodError, ValuesError, fold, require_quarters, vocabulary

COLUMNS = ("agency", "period", "code", "answer", "number", "assessor", "evidence")
KEY = ["agency", "period", "assessor", "code"]
SELF = "self"
SHOWN = 10  # faults told one by one


def complete_answers(answers: pd.DataFrame | None, scheme: Scheme) -> pd.DataFrame:
    """Return answers with all their columns, typed, and each leaf answered once.

    Parameters
    ----------
    answers : frame with `agency, period, code` and `answer` or `number`; None for no answers.
        An answer is "yes", "no", "not_applicable" (or "có", "không", "không áp dụng", True,
        False) or a level of the leaf's rule. A row with neither answer nor number is one that
        nobody has filled in yet, and is left out.

    Returns
    -------
    New frame of `COLUMNS`, index 0…n-1; `assessor` is "self" where none is told, missing texts "",
    missing numbers <NA>.

    Raises
    ------
    ValuesError
        A missing column; an empty agency, period or code; a code that is no leaf of the scheme; an
        answer that is none of those allowed; a number that is none, is negative, or that the
        leaf's rule does not take; one leaf answered twice. All faults come at once.
    """
    if answers is None:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    faults = _wrong_columns(answers)
    if not faults:
        try:
            typed = _typed(answers)
        except PeriodError as error:
            faults = [f"{error.where}: {error.what}; {error.mend}"]
        else:
            faults = _wrong_cells(answers, typed)
            given = (typed["answer"] != "") | typed["number"].notna()
            typed = _in_codes(typed[given], scheme)
            faults += _wrong_leaves(typed, scheme)
            same = typed.duplicated(KEY, keep=False).to_numpy()
            if same.any():
                cells = ", ".join(map(str, typed.loc[same, KEY].iloc[0]))
                rows = in_rows(_at(typed, same, len(answers)))
                faults.append(f"{rows} answer one leaf twice, the first: {cells}")
    if faults:
        raise refusal("answers cannot be used", faults, mend="correct the answers and score again")
    return typed.reset_index(drop=True)


def refusal(what: str, faults: list[str], *, mend: str) -> ValuesError:
    """Return the error that tells all faults, the first ones in words."""
    more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    number = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
    return ValuesError(
        f"{what}: {number}", where="\n         ".join([*faults[:SHOWN], *more]), mend=mend
    )


def near(word: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" for a word, or "" where nothing is like it."""
    found = get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _wrong_columns(answers: object) -> list[str]:
    if not isinstance(answers, pd.DataFrame):
        return [f"answers are a DataFrame, not a {type(answers).__name__}"]
    faults = [
        f"column {name} is missing" for name in ("agency", "period", "code") if name not in answers
    ]
    if "answer" not in answers and "number" not in answers:
        faults.append("neither column answer nor column number is there")
    doubled = answers.columns[answers.columns.duplicated()].unique()
    return faults + [f"column {name} stands more than once" for name in doubled]


def _typed(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the columns with their types; cells that are no number become <NA>, and are told."""
    size = len(answers)
    columns: dict[str, Any] = {
        name: _texts(answers[name]) if name in answers else [""] * size
        for name in COLUMNS
        if name not in ("period", "number")
    }
    columns["assessor"] = [name or SELF for name in columns["assessor"]]
    period = answers["period"].reset_index(drop=True)
    columns["period"] = require_quarters(
        period.where(period.notna() & (period.astype(object) != ""), None)
        if period.dtype != QUARTERS
        else period,
        where="answers, column period",
    )
    number = answers["number"].tolist() if "number" in answers else [None] * size
    columns["number"] = [float(cell) if _is_number(cell) else np.nan for cell in number]  # type: ignore[arg-type]
    types = dict.fromkeys(COLUMNS, "str") | {"period": QUARTERS, "number": "Float64"}
    return pd.DataFrame({name: columns[name] for name in COLUMNS}).astype(types)


def _texts(column: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else str(cell).strip() for cell in column]


def _in_codes(answers: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return the answers that are written in words as codes; what a leaf allows stays as it is."""
    own = {
        row["code"]: RULES[row["rule"]].answers(json.loads(row["params"]))
        for row in leaves(scheme.nodes).to_dict("records")
    }
    pairs = pd.MultiIndex.from_frame(answers[["code", "answer"]])
    numbers, distinct = pd.factorize(pairs)
    words = [word if word in own.get(code, ()) else _coded(word) for code, word in distinct]
    return answers.assign(answer=pd.array(words, dtype="str").take(numbers))


def _coded(word: str) -> str:
    """Return the code of an answer that is written in words, or the word itself."""
    spelled = fold(word)
    for code, label in vocabulary()["answer"].items():
        if spelled in {fold(text) for text in (code, label.vi, label.en, *label.also)}:
            return code
    return word


def _is_number(cell: object) -> bool:
    return (
        isinstance(cell, Real)
        and not isinstance(cell, bool | np.bool_)
        and bool(np.isfinite(float(cell)))
    )


def _wrong_cells(answers: pd.DataFrame, typed: pd.DataFrame) -> list[str]:
    """Return empty keys and numbers that are none."""
    faults = [
        f"column {name} is empty in {in_rows(empty)}"
        for name in ("agency", "code")
        if (empty := (typed[name] == "").to_numpy()).any()
    ]
    if (empty := typed["period"].isna().to_numpy()).any():
        faults.append(f"column period is empty in {in_rows(empty)}")
    if "number" in answers:
        cells = answers["number"].tolist()
        strange = np.array([not _is_number(cell) and not _is_blank(cell) for cell in cells], bool)
        if strange.any():
            first = cells[int(np.argmax(strange))]
            faults.append(f"column number: {first!r} in {in_rows(strange)} is no number")
        if (below := (typed["number"] < 0).fillna(False).to_numpy(dtype=bool)).any():
            faults.append(f"column number is below 0 in {in_rows(below)}")
    return faults


def _is_blank(cell: object) -> bool:
    return cell == "" if isinstance(cell, str) else bool(pd.isna(cell))  # type: ignore[call-overload]


def _wrong_leaves(answers: pd.DataFrame, scheme: Scheme) -> list[str]:
    """Return codes that are no leaves, and answers and numbers that these do not take."""
    nodes = {row["code"]: row for row in scheme.nodes.to_dict("records")}
    codes = leaves(scheme.nodes)["code"].tolist()
    faults = []
    for code, rows in answers.groupby("code", sort=False):
        if code not in nodes:
            faults.append(f"{scheme.name} has no node {code!r}{near(str(code), codes)}")
        elif code not in codes:
            faults.append(f"{code} is no leaf: its points are the sum of those below it")
        else:
            faults += _wrong_answers(str(code), rows, nodes[str(code)])
    return faults


def _wrong_answers(code: str, rows: pd.DataFrame, node: Mapping[Hashable, Any]) -> list[str]:
    rule, params = RULES[node["rule"]], json.loads(node["params"])
    allowed = rule.answers(params)
    faults = [
        f"{code}: {answer!r} of {_who(rows[rows['answer'] == answer])} is no answer here; "
        f"use {', '.join(allowed)}"
        for answer in rows["answer"].unique()
        if answer and answer not in allowed
    ]
    if rows["number"].notna().any():
        who = _who(rows[rows["number"].notna()])
        if not rule.reads_values(params):
            faults.append(f"{code} takes an answer ({', '.join(allowed)}), not a number: {who}")
        elif "number" not in rule.takes:
            faults.append(
                f"{code} takes its value of {node['indicator']} from the values, not from the "
                f"answers: {who}"
            )
    both = rows["number"].notna() & (rows["answer"] == NOT_APPLICABLE)
    if both.any():
        faults.append(f"{code}: a number, and yet not applicable, of {_who(rows[both])}")
    return faults


def _who(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"{row['agency']}, {row['period']}{more}"


def _at(typed: pd.DataFrame, mask: np.ndarray, size: int) -> np.ndarray:
    """Return the mask over the caller's rows: blank ones were left out of `typed`."""
    rows = np.zeros(size, dtype=bool)
    rows[typed.index[mask]] = True
    return rows
