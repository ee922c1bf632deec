"""What each leaf of a scheme is given in each case: its figure, its answer, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import NOT_APPLICABLE
from cchc_stats.index.scheme import FigureAsked, Leaf, Scheme
from cchc_stats.index.scoring.answer_sheets import read_answer_sheet
from cchc_stats.reading import read_text_table
from cchc_stats.values import CheckedValues, combined_codes, in_rows
from cchc_stats.words import (
    QUARTERS,
    PeriodError,
    ReadError,
    ValuesError,
    exact,
    fold,
    parse_number,
    require_quarters,
    vocabulary,
)

COLUMNS = ("agency", "period", "code", "answer", "number", "assessor", "evidence")
KEY = ["agency", "period", "assessor", "code"]
SELF, CLAIMED = "self", "claimed"
SHOWN = 10  # faults spelled out
# What a leaf is in a case: unknown, nothing there to measure, measured, or not applicable.
UNKNOWN, NOTHING, KNOWN, INAPPLICABLE = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class LeafInputs:
    """What the leaves are given: cases down, leaves across.

    Attributes
    ----------
    cases : frame agency, period, assessor.
    value, numerator, denominator : float, NaN where there is none; value is in the unit of the
        indicator, or the answer's number.
    answer, source : texts, "" where there is none.
    state : `KNOWN`, `NOTHING`, `INAPPLICABLE` or `UNKNOWN`.
    exactly : (row, leaf) -> the value as an exact fraction, 0 where there is none.
    """

    cases: pd.DataFrame
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    answer: np.ndarray
    source: np.ndarray
    state: np.ndarray
    exactly: Callable[[int, Leaf], Fraction] = field(repr=False)

    def fractions(self, rows: np.ndarray, leaf: Leaf) -> np.ndarray:
        """Return a leaf's value in some cases as exact fractions; 0 where it has none."""
        return np.array([self.exactly(row, leaf) for row in rows], dtype=object)


def leaf_inputs(values: CheckedValues | None, given: pd.DataFrame, scheme: Scheme) -> LeafInputs:
    """Return what every leaf of a scheme is given by values and complete answers.

    Cases are an agency in a period before an assessor. An agency's period is scored where one of
    its figures or answers feeds a leaf, or where other agencies' do; an agency that feeds none
    keeps the periods it has, so that it is seen to be unknown.

    Raises
    ------
    ValuesError
        Neither values nor answers; two values for one leaf; a value and a number or "not
        applicable" for one leaf; a share above 100 % where the numerator is part of the
        denominator; a negative figure; points above the maximum where they come from outside.
    """
    if values is None and given.empty:
        raise ValuesError(
            "there is nothing to score",
            where="values and answers",
            mend="give values (measure a report), answers, or both",
        )
    asked = list(dict.fromkeys(one for leaf in scheme.leaves for one in leaf.figures))
    figures = AskedFigures.none(asked) if values is None else figures_of(values, asked, scheme)
    cases, pair, case_of_answer = _cases(figures, given)
    inputs = _from_figures(figures, asked, cases, pair, scheme)
    faults = [*figures.faults, *_take_answers(inputs, given, case_of_answer, scheme)]
    for leaf in scheme.leaves:
        faults += _impossible(inputs, leaf, scheme)
    if faults:
        mend = "correct the values or answers"
        raise refusal(f"{scheme.name} cannot be scored", faults, mend=mend)
    return inputs


def refusal(what: str, faults: list[str], *, mend: str) -> ValuesError:
    """Return the error with all faults, the first ones in words."""
    more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    number = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
    return ValuesError(
        f"{what}: {number}", where="\n         ".join([*faults[:SHOWN], *more]), mend=mend
    )


# The figures among the values.


def scored_rows(values: CheckedValues, scheme: Scheme) -> np.ndarray:
    """Return the places of the values that feed a leaf."""
    asked = list(dict.fromkeys(one for leaf in scheme.leaves for one in leaf.figures))
    return np.unique(_rows_of_figures(values.frame, values.codes, asked)[0])


@dataclass(frozen=True, eq=False)
class AskedFigures:
    """The figures that a scheme asks for: pairs of agency and period down, figures asked across.

    Attributes
    ----------
    pairs : frame agency, period in the order in which the values have them.
    value, numerator, denominator : NaN where there is none. A value in percent is taken from the
        counts beside it, unrounded.
    nothing : whether there was nothing to measure: 0/0.
    inapplicable : whether it is stated to be not applicable.
    source : texts.
    faults : what is wrong with them, in words.
    """

    pairs: pd.DataFrame
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    nothing: np.ndarray
    inapplicable: np.ndarray
    source: np.ndarray
    faults: list[str]

    @classmethod
    def none(cls, asked: Sequence[FigureAsked]) -> AskedFigures:
        """Return the figures of no values."""
        empty = np.empty((0, len(asked)))
        pairs = {"agency": pd.Series(dtype="str"), "period": pd.Series(dtype=QUARTERS)}
        texts, flags = empty.astype(object), empty.astype(bool)
        return cls(pd.DataFrame(pairs), empty, empty, empty, flags, flags, texts, [])


def figures_of(values: CheckedValues, asked: list[FigureAsked], scheme: Scheme) -> AskedFigures:
    """Return the figures asked for; two candidates for one are a fault, claims never count."""
    table, codes = values.frame, values.codes
    pair, firsts = _numbered(combined_codes([codes["agency"], codes["period"]]))
    pairs = table.loc[firsts, ["agency", "period"]].reset_index(drop=True)
    rows, at = _rows_of_figures(table, codes, asked)
    cell = pair[rows] * len(asked) + at
    shape = (len(pairs), len(asked))

    def placed(figures: np.ndarray, empty: object) -> np.ndarray:
        # The first of two candidates is placed; with the fault named, the result is never used.
        flat = np.full(shape[0] * shape[1], empty, dtype=figures.dtype)
        flat[cell[::-1]] = figures[::-1]
        return flat.reshape(shape)

    value, numerator, denominator = (
        placed(table[name].to_numpy("float64", na_value=np.nan)[rows], np.nan)
        for name in ("value", "numerator", "denominator")
    )
    status = table["status"].to_numpy(object)[rows]
    inapplicable = placed(status == NOT_APPLICABLE, False)
    nothing = placed(status == "undefined", False) | (denominator == 0)
    scales = np.array([scheme.scale_of(one.indicator) for one in asked])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        quotient = scales * numerator / denominator
    faults = [
        *_candidates(table, rows, cell, at, asked),
        *_wrong_units(table, rows, at, asked, scheme),
    ]
    return AskedFigures(
        pairs,
        np.where(np.isfinite(quotient), quotient, value),
        numerator,
        denominator,
        nothing=nothing & ~inapplicable,
        inapplicable=inapplicable,
        source=placed(table["source"].to_numpy(object)[rows], ""),
        faults=faults,
    )


def _numbered(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return codes from 0 in order of appearance, and the first row of each."""
    numbers, _ = pd.factorize(codes)
    return numbers, np.flatnonzero(~pd.Series(numbers).duplicated())


def _rows_of_figures(
    table: pd.DataFrame, codes: dict[str, np.ndarray], asked: list[FigureAsked]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that are figures asked for, and which; a row may be one of any basis too.

    Looked up by a small table of the indicators and groups that are asked for, in one pass.
    """
    wanted, places = [], []
    for column, name in enumerate(("indicator", "group")):
        words = dict.fromkeys(one[column] for one in asked)
        wanted.append({word: place for place, word in enumerate(words, start=1)})
        numbers, firsts = _numbered(codes[name])
        numbers_of = [wanted[-1].get(word, 0) for word in table[name].iloc[firsts]]
        places.append(np.array(numbers_of, "int64")[numbers])
    rows = np.flatnonzero((places[0] > 0) & (places[1] > 0))
    rows = rows[(table["origin"].iloc[rows] != CLAIMED).to_numpy(dtype=bool)]
    basis, bases = pd.factorize(table["basis"].iloc[rows])
    figure_rows, places_asked = [rows[:0]], [rows[:0]]
    # Figures that differ in the basis alone are few: one table for each basis, one for any.
    for wording in dict.fromkeys(one.basis for one in asked):
        lookup = np.full((len(wanted[0]) + 1, len(wanted[1]) + 1), -1)
        for number, one in enumerate(asked):
            if one.basis == wording:
                lookup[wanted[0][one.indicator], wanted[1][one.group]] = number
        at = lookup[places[0][rows], places[1][rows]]
        fits = at >= 0
        if wording:
            fits &= np.array([name == wording for name in bases], dtype=bool)[basis]
        figure_rows.append(rows[fits])
        places_asked.append(at[fits])
    return np.concatenate(figure_rows), np.concatenate(places_asked)


def _candidates(
    table: pd.DataFrame,
    rows: np.ndarray,
    cell: np.ndarray,
    at: np.ndarray,
    asked: list[FigureAsked],
) -> Iterator[str]:
    """Yield the figures for which there are two candidates."""
    doubled = pd.Series(cell).duplicated().to_numpy()
    for number in dict.fromkeys(at[doubled]):
        first = np.flatnonzero(doubled & (at == number))[0]
        both = table.iloc[rows[cell == cell[first]]]
        row, one = both.iloc[0], asked[number]
        many = len(set(cell[doubled & (at == number)]))
        two = "; ".join(f"{r['value']:g} {r['basis']}, {r['origin']}" for _, r in both.iterrows())
        yield (
            f"two values for one leaf: {one.indicator}, group {one.group}, of {row['agency']}, "
            f"{row['period']}{f' and {many - 1} more' if many > 1 else ''} ({two}); keep the "
            "rows of one origin and basis"
        )


def _wrong_units(
    table: pd.DataFrame,
    rows: np.ndarray,
    at: np.ndarray,
    asked: list[FigureAsked],
    scheme: Scheme,
) -> Iterator[str]:
    """Yield values that stand in another unit than their indicator's; counts have none."""
    unit = table["unit"].to_numpy(object)[rows]
    counted = (table["numerator"].notna() & table["denominator"].notna()).to_numpy()[rows]
    units = np.array([scheme.unit_of(one.indicator) for one in asked], object)
    expected = units[at]
    wrong = (unit != "") & (expected != "") & (unit != expected) & ~counted
    wrong &= table["value"].notna().to_numpy()[rows]
    for number in dict.fromkeys(at[wrong]):
        row = table.iloc[rows[np.flatnonzero(wrong & (at == number))[0]]]
        yield (
            f"{row['indicator']} of {row['agency']}, {row['period']} is in {row['unit']}, "
            f"its unit is {units[number]}"
        )


# Cases, and the leaves' figures in each.


def _cases(
    figures: AskedFigures, given: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the cases, the pair of figures of each (-1 none), and each answer's case."""
    columns = ["agency", "period"]
    both = pd.concat([figures.pairs, given[columns]], ignore_index=True)
    codes = pd.factorize(combined_codes(pd.factorize(both[name])[0] for name in columns))[0]
    size = len(figures.pairs)
    fed = ~np.isnan(figures.value).all(axis=1)
    fed |= (figures.nothing | figures.inapplicable).any(axis=1)
    scored = np.concatenate([fed, np.ones(len(given), dtype=bool)])
    # Other agencies' periods count too; an agency that is in none of these keeps its own.
    kept = scored | both["period"].isin(both.loc[scored, "period"].unique()).to_numpy()
    agencies = pd.factorize(both["agency"])[0]
    kept |= ~np.isin(agencies, agencies[kept])
    firsts = np.flatnonzero(~pd.Series(codes).duplicated())
    keep_code = np.zeros(len(firsts), dtype=bool)
    np.logical_or.at(keep_code, codes, kept)
    # Every assessor that an agency's period has answers of; its own where there are none.
    pairs = pd.DataFrame({"code": codes[size:], "assessor": given["assessor"].to_numpy(object)})
    by_code = pairs.drop_duplicates().groupby("code", sort=False)["assessor"].apply(list)
    rows = [
        (code, assessor)
        for code in np.flatnonzero(keep_code)
        for assessor in sorted(by_code.get(code, [SELF]), key=lambda name: (name != SELF, name))
    ]
    first = firsts[np.array([code for code, _ in rows], dtype="int64")]
    cases = both.iloc[first].reset_index(drop=True)
    cases["assessor"] = pd.Series([assessor for _, assessor in rows], dtype="str")
    number = {row: place for place, row in enumerate(rows)}
    of_answer = [number[row] for row in zip(codes[size:], given["assessor"], strict=True)]
    return cases, np.where(first < size, first, -1), np.array(of_answer, dtype="int64")


def _from_figures(
    figures: AskedFigures,
    asked: list[FigureAsked],
    cases: pd.DataFrame,
    pair: np.ndarray,
    scheme: Scheme,
) -> LeafInputs:
    """Return the figures, a column per leaf."""
    shape = (len(cases), len(scheme.leaves))
    place = {one: number for number, one in enumerate(asked)}
    value, numerator, denominator = (np.full(shape, np.nan) for _ in range(3))
    state = np.full(shape, UNKNOWN, dtype="int8")
    answer, source = np.full(shape, "", object), np.full(shape, "", object)
    has_values = pair >= 0
    rows = pair[has_values]
    for leaf in scheme.leaves if len(rows) else ():
        columns = [place[one] for one in leaf.figures]
        if not columns:
            continue
        at = np.ix_(rows, np.array(columns))
        shares, top, bottom = (
            array[at].T for array in (figures.value, figures.numerator, figures.denominator)
        )
        total = bottom[0]
        if combine := leaf.rule.combine:
            total = np.where((bottom == bottom[:1]).all(axis=0), bottom[0], np.nan)
            shares, top = [combine(shares, 100)], [combine(top, total)]
        here = has_values, leaf.place
        value[here], numerator[here], denominator[here] = shares[0], top[0], total
        source[here] = _sources(figures.source[at])
        missing = np.where(np.isnan(value[here]), UNKNOWN, KNOWN)
        nothing, inapplicable = (
            array[at].any(axis=1) for array in (figures.nothing, figures.inapplicable)
        )
        state[here] = np.where(inapplicable, INAPPLICABLE, np.where(nothing, NOTHING, missing))

    def exactly(row: int, leaf: Leaf) -> Fraction:
        of_leaf = leaf.figures if pair[row] >= 0 else ()
        shares = [_exact_figure(figures, pair[row], place[one], one, scheme) for one in of_leaf]
        stated = [share for share in shares if share is not None]
        if leaf.rule.combine:
            return Fraction(leaf.rule.combine(stated or [Fraction(0)], 100))
        if stated:
            return stated[0]
        number = value[row, leaf.place]
        return exact(number) if np.isfinite(number) else Fraction(0)

    return LeafInputs(cases, value, numerator, denominator, answer, source, state, exactly)


def _sources(texts: np.ndarray) -> Any:
    """Return the sources of several figures as one, each once."""
    if texts.shape[1] == 1:
        return texts[:, 0]
    return ["; ".join(dict.fromkeys(filter(None, row))) for row in texts]


def _exact_figure(
    figures: AskedFigures, row: int, at: int, asked: FigureAsked, scheme: Scheme
) -> Fraction | None:
    """Return one figure as an exact fraction: of its counts, else of the value as written."""
    arrays = figures.numerator, figures.denominator, figures.value
    top, bottom, value = (array[row, at] for array in arrays)
    if np.isfinite(top) and np.isfinite(bottom) and bottom != 0:
        return exact(scheme.scale_of(asked.indicator)) * exact(top) / exact(bottom)
    return exact(value) if np.isfinite(value) else None


def _take_answers(
    inputs: LeafInputs, given: pd.DataFrame, case: np.ndarray, scheme: Scheme
) -> list[str]:
    """Write answers into the inputs, in place: they are not handed out yet; return the faults."""
    faults = []
    leaves = {leaf.code: leaf for leaf in scheme.leaves}
    texts, evidence = (given[name].to_numpy(object) for name in ("answer", "evidence"))
    numbers = given["number"].to_numpy("float64", na_value=np.nan)
    for code, rows in given.groupby("code", sort=False).indices.items():
        leaf, cases = leaves[str(code)], case[rows]
        at = cases, leaf.place
        number, text = numbers[rows], texts[rows]
        numbered, none = ~np.isnan(number), text == NOT_APPLICABLE
        twice = (inputs.state[at] == KNOWN) & (numbered | none)
        if twice.any():
            faults.append(
                f"two values for one leaf: {leaf.code} of {_case(inputs, cases[twice][0])} has a "
                f"value of {leaf.indicators[0]} and an answer; keep one of them"
            )
        inputs.answer[at] = text
        inputs.value[at] = np.where(numbered, number, inputs.value[at])
        has_text = (text != "") & ~none
        enough = numbered | (has_text & (not leaf.reads_values))
        inputs.state[at] = np.where(none, INAPPLICABLE, np.where(enough, KNOWN, inputs.state[at]))
        inputs.source[at] = np.where(evidence[rows] == "", inputs.source[at], evidence[rows])
    return faults


def _impossible(inputs: LeafInputs, leaf: Leaf, scheme: Scheme) -> Iterator[str]:
    """Yield what a leaf cannot be given: shares above 100 %, points above its maximum, below 0."""
    stated = inputs.state[:, leaf.place] == KNOWN
    value = np.where(stated, inputs.value[:, leaf.place], np.nan)
    kinds = {scheme.kind_of(indicator) for indicator in leaf.indicators}
    percent = any(scheme.unit_of(indicator) == "percent" for indicator in leaf.indicators)
    name = " + ".join(leaf.indicators) or leaf.code
    is_part = kinds == {"events"} and leaf.rule.combine is None
    in_points = leaf.unit == "points"
    over = value > (leaf.max_points if in_points else 100)
    if in_points and over.any():
        yield (
            f"{leaf.code}: {value[over][0]:.10g} points of {_who(inputs, over)} are above the "
            f"maximum {leaf.max_points:g}"
        )
    elif percent and is_part and over.any():
        yield (
            f"{leaf.code}: {name} of {_who(inputs, over)} is {value[over][0]:.10g} %, above 100 %,"
            " though the numerator is part of the denominator"
        )
    # Vacancies and days saved may fall below 0; what is counted, and points, cannot.
    below = value < 0
    if below.any() and (leaf.rule.counts or is_part):
        yield (f"{leaf.code}: {name} of {_who(inputs, below)} is {value[below][0]:.10g}, below 0")


def _case(inputs: LeafInputs, row: int) -> str:
    case = inputs.cases.iloc[row]
    return f"{case['agency']}, {case['period']}"


def _who(inputs: LeafInputs, mask: np.ndarray) -> str:
    rows = np.flatnonzero(mask)
    return _case(inputs, rows[0]) + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")


# Answers: what people say of a leaf that no figure says.


def read_answers(path: str | Path) -> pd.DataFrame:
    r"""Return the answers of a CSV file, or of a sheet that was filled in, for `score`.

    Parameters
    ----------
    path : comma separated, UTF-8, columns `agency, period, code`, and `answer` or `number`;
        `assessor` and `evidence` where there are any. Numbers are printed as reports print them
        ("2,5"); an empty cell is none. A workbook as `write_answer_sheet` writes it has the same
        columns; its notes go to the evidence.

    Returns
    -------
    Frame of those columns, texts but for `number` (Float64; texts where one of them is none, which
    `score` refuses together with other faults).

    Raises
    ------
    ReadError
        No readable table, a missing or unknown column; of a workbook also codes that it does not
        list, answers out of their list and rows of one leaf twice, each with its cell, at once.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "answers.csv"
    ...     _ = file.write_text("agency,period,code,number\nSở A,2020Q3,2,\"2,5\"\n", "utf-8")
    ...     read_answers(file)["number"].tolist()
    [2.5]
    """
    path = Path(path)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return read_answer_sheet(path)
    cells = read_text_table(path, ("agency", "period", "code"))
    if strange := [str(name) for name in cells if name not in COLUMNS]:
        raise ReadError(
            f"column {', '.join(strange)} is not known",
            where=str(path),
            mend=f"leave it out; answers have {', '.join(COLUMNS)}",
        )
    if "number" not in cells:
        return cells
    read = parse_number(cells["number"])
    plain = (read["status"] == "reported") & (read["unit"] == "") & read["denominator"].isna()
    wrong = ~plain & (cells["number"].str.strip() != "")
    number: pd.Series = read["value"].where(plain)
    if wrong.any():
        number = number.astype(object).mask(wrong, cells["number"])
    return cells.assign(number=number)


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
    New frame of `COLUMNS`, index 0…n-1; `assessor` is "self" where none is named, missing texts
    "", missing numbers <NA>.

    Raises
    ------
    ValuesError
        A missing column; an empty agency, period or code; a code that is no leaf of the scheme; an
        answer that is none of those allowed; a number that is none, is negative, or that the
        leaf's rule does not take; one leaf answered twice. All faults come at once.
    """
    if answers is None:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    faults = list(_wrong_columns(answers))
    if not faults:
        try:
            typed = _typed(answers)
        except PeriodError as error:
            faults = [f"{error.where}: {error.what}; {error.mend}"]
        else:
            faults = list(_wrong_cells(answers, typed))
            typed = typed[(typed["answer"] != "") | typed["number"].notna()]
            typed = _in_codes(typed, scheme)
            faults += [*_wrong_leaves(typed, scheme), *_answered_twice(typed, len(answers))]
    if faults:
        raise refusal("answers cannot be used", faults, mend="correct the answers and score again")
    return typed.reset_index(drop=True)


def _wrong_columns(answers: object) -> Iterator[str]:
    if not isinstance(answers, pd.DataFrame):
        yield f"answers are a DataFrame, not a {type(answers).__name__}"
        return
    for name in ("agency", "period", "code"):
        if name not in answers:
            yield f"column {name} is missing"
    if "answer" not in answers and "number" not in answers:
        yield "neither column answer nor column number is there"
    for name in answers.columns[answers.columns.duplicated()].unique():
        yield f"column {name} stands more than once"


def _typed(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the columns with their types; cells that are no number become <NA>: a fault."""
    size = len(answers)
    columns: dict[str, Any] = {
        name: _texts(answers[name]) if name in answers else [""] * size
        for name in COLUMNS
        if name not in ("period", "number")
    }
    columns["assessor"] = [name or SELF for name in columns["assessor"]]
    period = answers["period"].reset_index(drop=True)
    if period.dtype != QUARTERS:
        period = period.where(period.notna() & (period.astype(object) != ""), None)
    columns["period"] = require_quarters(period, where="answers, column period")
    number = answers["number"].tolist() if "number" in answers else [None] * size
    columns["number"] = [float(cell) if is_number(cell) else np.nan for cell in number]  # type: ignore[arg-type]
    types = dict.fromkeys(COLUMNS, "str") | {"period": QUARTERS, "number": "Float64"}
    return pd.DataFrame({name: columns[name] for name in COLUMNS}).astype(types)


def _texts(column: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else str(cell).strip() for cell in column]


def _in_codes(answers: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return the answers that are written in words as codes; what a leaf allows stays as it is."""
    own = {leaf.code: leaf.answers for leaf in scheme.leaves}
    numbers, distinct = pd.factorize(pd.MultiIndex.from_frame(answers[["code", "answer"]]))
    words = [word if word in own.get(code, ()) else _coded(word) for code, word in distinct]
    return answers.assign(answer=pd.array(words, dtype="str").take(numbers))


def _coded(word: str) -> str:
    """Return the code of an answer that is written in words, or the word itself."""
    spelled = fold(word)
    for code, label in vocabulary()["answer"].items():
        if spelled in {fold(text) for text in (code, label.vi, label.en, *label.also)}:
            return code
    return word


def is_number(cell: object) -> bool:
    """Return whether a cell is a finite number, and not True or False."""
    is_bool = isinstance(cell, bool | np.bool_)
    return isinstance(cell, Real) and not is_bool and bool(np.isfinite(float(cell)))


def _wrong_cells(answers: pd.DataFrame, typed: pd.DataFrame) -> Iterator[str]:
    """Yield empty keys and numbers that are none."""
    for name in ("agency", "code", "period"):
        cells = typed[name]
        empty = (cells.isna() if name == "period" else cells == "").to_numpy()
        if empty.any():
            yield f"column {name} is empty in {in_rows(empty)}"
    if "number" not in answers:
        return
    numbers = answers["number"].tolist()
    strange = np.array([not is_number(cell) and not _is_blank(cell) for cell in numbers], bool)
    if strange.any():
        first = numbers[int(np.argmax(strange))]
        yield f"column number: {first!r} in {in_rows(strange)} is no number"
    if (below := (typed["number"] < 0).fillna(False).to_numpy(dtype=bool)).any():
        yield f"column number is below 0 in {in_rows(below)}"


def _is_blank(cell: object) -> bool:
    return cell == "" if isinstance(cell, str) else bool(pd.isna(cell))  # type: ignore[call-overload]


def _wrong_leaves(answers: pd.DataFrame, scheme: Scheme) -> Iterator[str]:
    """Yield codes that are no leaves, and answers and numbers that these do not take."""
    leaves = {leaf.code: leaf for leaf in scheme.leaves}
    nodes = set(scheme.nodes["code"])
    for code, rows in answers.groupby("code", sort=False):
        if code in leaves:
            yield from _wrong_answers(leaves[str(code)], rows)
        elif code in nodes:
            yield f"{code} is no leaf: its points are the sum of those below it ({_rows(rows)})"
        else:
            near = get_close_matches(str(code), list(leaves), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield f"{scheme.name} has no node {code!r}{hint} ({_rows(rows)})"


def _wrong_answers(leaf: Leaf, rows: pd.DataFrame) -> Iterator[str]:
    code, allowed = leaf.code, leaf.answers
    for answer in rows["answer"].unique():
        if answer and answer not in allowed:
            who = _whose(rows[rows["answer"] == answer])
            yield (
                f"{code}: {answer!r} of {who} is no answer here; use {', '.join(allowed)} "
                f"({_rows(rows[rows['answer'] == answer])})"
            )
    numbered = rows["number"].notna()
    if numbered.any():
        who = _whose(rows[numbered])
        if not leaf.reads_values:
            yield f"{code} takes an answer ({', '.join(allowed)}), not a number: {who}"
        elif "number" not in leaf.rule.takes:
            indicator = " + ".join(leaf.indicators)
            yield (
                f"{code} takes its value of {indicator} from the values, not from the "
                f"answers: {who}"
            )
    both = numbered & (rows["answer"] == NOT_APPLICABLE)
    if both.any():
        yield f"{code}: a number, and yet not applicable, of {_whose(rows[both])}"


def _rows(rows: pd.DataFrame) -> str:
    """Return which rows of the caller's they are: blank ones were left out, and count."""
    return in_rows(np.isin(np.arange(rows.index.max() + 1), rows.index))


def _whose(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    return f"{row['agency']}, {row['period']}{more}"


def _answered_twice(typed: pd.DataFrame, size: int) -> Iterator[str]:
    """Yield the leaf that is answered twice, by the caller's rows: blank ones were left out."""
    same = typed.duplicated(KEY, keep=False).to_numpy()
    if same.any():
        rows = np.zeros(size, dtype=bool)
        rows[typed.index[same]] = True
        cells = ", ".join(map(str, typed.loc[same, KEY].iloc[0]))
        yield f"{in_rows(rows)} answer one leaf twice, the first: {cells}"
