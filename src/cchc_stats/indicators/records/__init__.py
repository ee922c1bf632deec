"""The records of all indicators: a TOML file for each subject.

Keys are the fields of `Indicator`; those at the top of a file are of all its records. `functions`
are the functions that several records share. `prepare` names one of `indicators.preparing`;
`beside` names the other form's indicator.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import resources
from types import MappingProxyType
from typing import Any

import pandas as pd

from cchc_stats.forms import FORMS
from cchc_stats.indicators.indicator import Beside, Indicator, SharedFunction
from cchc_stats.indicators.preparing import PREPARING
from cchc_stats.words import ValuesError, facts_of, fold

Raw = dict[str, Any]


def _stated() -> Iterator[Raw]:
    """Return what the files state of each indicator, the file's own keys filled in."""
    files = [file.name for file in resources.files(__name__).iterdir()]
    for name in sorted(name for name in files if name.endswith(".toml")):
        shared = dict(facts_of(__name__, name))
        records, functions = shared.pop("indicators"), shared.pop("functions", {})
        choices = {name: SharedFunction(name, **_plain(raw)) for name, raw in functions.items()}
        for record in records:
            choice = choices.get(record.get("function", ""))
            yield shared | record | ({"choice": choice} if choice else {})


def _plain(value: Any) -> Any:
    """Return a value of TOML, which has neither None nor tuples, as records hold it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _record(raw: Raw, others: Mapping[str, Indicator]) -> Indicator:
    """Return a record; `others` are those that may stand beside it."""
    fields = _plain(raw)
    for name in ("gives", "made_from"):
        fields[name] = tuple(fields.get(name, ()))
    fields["vocabularies"] = tuple(map(tuple, fields.get("vocabularies", ())))
    fields["parts"] = {code: last or None for code, last in fields.get("parts", {}).items()}
    try:
        if "prepare" in fields:
            fields["prepare"] = PREPARING[fields["prepare"]]
        if "beside" in fields:
            beside = fields["beside"]
            fields["beside"] = Beside(stock=others[beside.pop("indicator")], **beside)
        return Indicator(**fields)
    except (KeyError, TypeError) as error:
        raise ValuesError(
            f"the record of indicator {raw.get('code')} cannot be read: {error}",
            where="a file in cchc_stats/indicators/records",
            mend="its keys are the fields of Indicator; `prepare` is one of "
            + ", ".join(PREPARING),
        ) from error


def _records() -> tuple[Indicator, ...]:
    """Return the records of every file, in the official order of their forms."""
    stated = list(_stated())
    alone = {raw["code"]: _record(raw, {}) for raw in stated if "beside" not in raw}
    records = [alone.get(raw["code"]) or _record(raw, alone) for raw in stated]
    order = [form.code for form in FORMS]
    return tuple(sorted(records, key=lambda record: order.index(record.form)))


INDICATORS: tuple[Indicator, ...] = _records()
_BY_CODE: Mapping[str, Indicator] = MappingProxyType({one.code: one for one in INDICATORS})


def find_indicator(code: str) -> Indicator | None:
    """Return the record of an indicator's code, None for one that a user brought.

    Words of a label are searched by `find_indicators`.

    Examples
    --------
    >>> find_indicator("on_time_rate_settled").formula
    'settled_on_time / settled_total'
    """
    return _BY_CODE.get(code)


def find_indicators(text: str) -> pd.DataFrame:
    """Return the indicators whose label, in either language, or code has the words of a text.

    Parameters
    ----------
    text : words of a label or code, in any spelling, with or without accents; "" for all.

    Returns
    -------
    Frame `code, label_vi, label_en, unit, form, found`, the best first; `found` is the share of the
    text's words that are in it, 0-1. Where no indicator has any of them, those that are spelled
    most alike, with `found` 0; empty where none is.

    Examples
    --------
    >>> find_indicators("dung han")["code"].head(2).tolist()
    ['on_time_rate_settled', 'on_time_rate_received']
    >>> find_indicators("staffin")["code"].tolist(), len(find_indicators("xyzxyz"))
    (['staffing_rate'], 0)
    """
    asked = _WORDS.findall(fold(text))
    texts = {one.code: fold(f"{one.label_vi} {one.label_en} {one.code}") for one in INDICATORS}
    words = {code: {*_WORDS.findall(told.replace("_", " "))} for code, told in texts.items()}
    found = {code: _share(asked, own) for code, own in words.items()}
    # Words that follow one another as asked come before words that only stand there.
    phrase = " ".join(asked)
    ranked = sorted(
        (one for one in INDICATORS if found[one.code]),
        key=lambda one: (-found[one.code], phrase not in texts[one.code]),
    )
    rows = [
        (one.code, one.label_vi, one.label_en, one.unit, one.form, found[one.code])
        for one in ranked or _nearly(asked, words)
    ]
    names = ["code", "label_vi", "label_en", "unit", "form", "found"]
    types = dict.fromkeys(names[:-1], "str") | {"found": "float64"}
    return pd.DataFrame(rows, columns=names).astype(types)


def _share(asked: Sequence[str], own: Collection[str]) -> float:
    return sum(word in own for word in asked) / len(asked) if asked else 1.0


def _nearly(asked: Sequence[str], words: Mapping[str, Collection[str]]) -> list[Indicator]:
    """Return the indicators of the words that are spelled most like those asked."""
    every = sorted({word for own in words.values() for word in own})
    near = {one for word in asked for one in get_close_matches(word, every, n=1, cutoff=0.75)}
    return [one for one in INDICATORS if near & {*words[one.code]}]


_WORDS = re.compile(r"[^\W_]+")
