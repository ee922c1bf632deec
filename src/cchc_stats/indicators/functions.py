"""The public function of each indicator, made from its record: signature, docstring, refusals."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from pprint import pformat
from types import MappingProxyType
from typing import Literal

import pandas as pd

from cchc_stats.forms import Form, find_form
from cchc_stats.indicators.applying import indicate_total, set_beside, tables_of
from cchc_stats.indicators.indicator import Indicator, SharedFunction, indicate, require_figures
from cchc_stats.indicators.records import INDICATORS
from cchc_stats.words import CchcError

_WIDTH = 96  # of a docstring's lines, which stand four columns in

Function = Callable[..., pd.Series]


def by_function(indicators: Sequence[Indicator]) -> Mapping[str, tuple[Indicator, ...]]:
    """Return the records of each function's name, in the order of the records."""
    records: dict[str, tuple[Indicator, ...]] = {}
    for record in indicators:
        name = record.choice.function if record.choice else record.function or record.code
        records[name] = (*records.get(name, ()), record)
    return MappingProxyType(records)


FUNCTIONS = by_function(INDICATORS)


def function_of(name: str, records: Sequence[Indicator]) -> Function:
    """Return the function of a record, or of those among which an option chooses.

    Examples
    --------
    >>> rate = function_of("on_time_rate", FUNCTIONS["on_time_rate"])
    >>> rate(pd.DataFrame({"settled_on_time": [59], "settled_total": [60]})).round(2).tolist()
    [98.33]
    """
    signature = signature_of(records)

    def function(*args: pd.DataFrame, **kwargs: str) -> pd.Series:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        frames = given.arguments
        choice = records[0].choice
        record = _chosen(records, choice, frames.pop(choice.option)) if choice else records[0]
        return _applied(record, frames)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "cchc_stats.indicators"
    function.__doc__ = docstring_of(name, records)
    function.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
    function.__annotations__["return"] = pd.Series
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def signature_of(records: Sequence[Indicator]) -> Signature:
    """Return the parameters of the records' function: the frames of its forms, and its option."""
    record, words = records[0], [one.word for one in records]
    frames = [
        Parameter(form, Parameter.POSITIONAL_OR_KEYWORD, annotation=pd.DataFrame)
        for form in (record.form, *record.needs)
    ]
    options = [
        Parameter(
            choice.option,
            Parameter.KEYWORD_ONLY,
            default=choice.default,
            annotation=Literal[tuple(words)],
        )
        for choice in [record.choice]
        if choice
    ]
    return Signature([*frames, *options], return_annotation=pd.Series)


def _chosen(records: Sequence[Indicator], choice: SharedFunction, word: str) -> Indicator:
    """Return the record of an option's word, or refuse the word with those there are."""
    by_word = {record.word: record for record in records}
    if word not in by_word:
        raise CchcError(
            f"no {choice.refusal} {word!r}",
            where=f"{choice.option}=",
            mend=f"use one of {', '.join(by_word)}",
        )
    return by_word[word]


def _applied(record: Indicator, frames: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return an indicator of frames by form: row by row, or of each report where it has no rows."""
    row = find_form(record.form).row
    if not record.validated:
        frame = frames[record.form]
        if record.only:
            require_figures(frame, record, (row, *record.columns))
            frame = frame[frame[row] == record.only]
        return indicate(frame, record)
    tables = tables_of(**frames)
    frame = record.prepare(tables, "vi") if record.prepare else tables[record.form]
    if record.beside:
        frame = set_beside(frame, record.beside, tables, row=row, lang="vi")
    return indicate(frame, record) if record.groups else indicate_total(frame, record, row=row)


def docstring_of(name: str, records: Sequence[Indicator]) -> str:
    """Return the docstring of a record's function, with an example that runs."""
    first = records[0]
    spoken, form = first.choice or first, find_form(first.form)
    unit = first.unit.replace("_", " ")
    rows = "one value per agency, period and basis (its index)"
    if first.groups:
        rows = f"index of `{form.code}`"
    code = "` or `".join(one.code for one in records)
    returned = f"Series `{code}`, Float64 {unit}, {rows}; <NA> where a term is missing"
    returned += " or the denominator is 0." if first.denominator else "."
    parts = [
        f"Return {spoken.meaning}.",
        _wrapped(spoken.remark),
        _section("Parameters", _parameters(records, form)),
        _section("Returns", _wrapped(returned)),
        _section("Raises", _refusals(first)),
        _section("Source", _wrapped("; ".join(dict.fromkeys(one.source for one in records)) + ".")),
        _section("Examples", _example(name, first, form)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _wrapped(text: str, indent: str = "") -> str:
    lines = textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join(lines)


def _section(title: str, text: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{text}"


def _parameters(records: Sequence[Indicator], form: Form) -> str:
    first = records[0]
    per = "report" if not form.row else form.row.replace("_", " ")
    what = f"frame of the form `{form.code}`"
    if first.validated:
        what = "validated frame of the form"
    elif not first.choice:
        columns = dict.fromkeys(name for record in records for name in record.columns)
        what = f"frame with `{', '.join([form.row] * bool(first.only) + [*columns])}`"
    lines = [f"{form.code} : {what}, one row per {per}."]
    lines += [
        f"{code} : validated frame of that form, of the same agencies and periods."
        for code in first.needs
    ]
    if first.choice:
        words = "; ".join(
            f'"{record.word}", {record.formula}'
            + (f" ({record.note_en})" if record.note_en else "")
            for record in records
        )
        lines.append(f"{first.choice.option} : {words}.")
    return "\n".join(_wrapped(one, "    ") for one in lines)


def _refusals(record: Indicator) -> str:
    figures = (
        "A frame that is not the form's." if record.validated else "A column that is not there,"
    )
    if not record.validated:
        figures += " or that holds a text, a yes or no, or a negative figure."
    lines = ["ValuesError", f"    {figures}"]
    if record.choice:
        lines += ["CchcError", f"    For another word in `{record.choice.option}`."]
    return "\n".join(lines)


def _example(name: str, record: Indicator, form: Form) -> str:
    """Return the call as a doctest; a function that asks for validated frames is given such."""
    spoken = record.choice or record
    frames = {form.code: spoken.example, **record.example_needs}
    lines = ["import pandas as pd"]
    if record.validated:
        lines += ["from cchc_stats.forms import validate"]
        named = {"agency": ["Sở A"], "period": ["2020Q3"]}
        for code, columns in frames.items():
            size = max(len(cells) for cells in columns.values() if isinstance(cells, list))
            filled = {key: cells * size for key, cells in named.items()} | dict(columns)
            lines += _frame(code, filled, f', "{code}")', "validate(")
    else:
        lines += _frame(form.code, spoken.example, "", "")
    option = ""
    if record.choice and record.choice.shown != record.choice.default:
        option = f', {record.choice.option}="{record.choice.shown}"'
    call = f"{name}({', '.join(frames)}{option}).round(2).tolist()"
    gives = "[" + ", ".join("<NA>" if one is None else repr(one) for one in spoken.gives) + "]"
    return "\n".join([*(line if line[:3] == "..." else f">>> {line}" for line in lines)]) + (
        f"\n>>> {call}\n{gives}"
    )


def _frame(name: str, columns: Mapping[str, object], closing: str, opening: str) -> list[str]:
    """Return the lines that make a small frame."""
    start = f"{name} = {opening}pd.DataFrame("
    text = pformat(dict(columns), width=_WIDTH - 4, sort_dicts=False).replace("'", '"')
    first, *rest = f"{start}{text}){closing}".splitlines()
    if len(first) <= _WIDTH - 4 and not rest:
        return [first]
    body = text.splitlines()
    return [start, *(f"...     {line}" for line in body), f"... ){closing}"]
