"""A whole against its parts: the province's form against those of its units, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cchc_stats.checking.told import number
from cchc_stats.forms import Form, dashed, examine, find_form, row_places
from cchc_stats.indicators import either_rows_or_whole
from cchc_stats.reading import Report
from cchc_stats.words import CchcError, findings_frame, join_findings, require_language, word

Tables = Mapping[str, pd.DataFrame]


def check_roll_up(
    whole: Report | Tables, parts: Iterable[Report | Tables], *, lang: str = "vi"
) -> pd.DataFrame:
    """Return where the figures of a whole are not the sums of its parts.

    Parameters
    ----------
    whole : the report of the whole, or its tables (form code -> frame).
    parts : the reports, or tables, that it is made of; a table may hold several agencies.
    lang : language of the messages, "vi" or "en".

    Returns
    -------
    Findings frame. Every column of counts is held by form, period, basis and row against the sum
    of the parts; by the row `all`, or the sum of the rows, where one of them has nothing else. A
    sector that a part does not have adds nothing, and neither does a "-".
    `roll_up`: an error, with the difference; a warning of procedures, which the whole may count
    once, and of ISO 9001, where a unit may speak of others. `roll_up_incomplete`: a note for each
    row and the parts without its figures. What no part has is not held against.

    Raises
    ------
    CchcError
        No parts; one row of one agency in two of them; what is given is neither a report nor
        tables; a code that is no form.

    Examples
    --------
    >>> def sent(agency, total):
    ...     row = {"agency": [agency], "period": ["2020Q1"], "sent_total": [total]}
    ...     return {"documents": pd.DataFrame(row | {"sent_paper": [0], "sent_electronic": [0]})}
    >>> found = check_roll_up(sent("Tỉnh", 5), [sent("Sở A", 1), sent("Sở B", 3)])
    >>> found[["found", "expected", "difference"]].values.tolist()
    [['5', '4', 1.0]]
    """
    require_language(lang)
    is_list = isinstance(parts, Iterable) and not isinstance(parts, Report | Mapping | str)
    listed = [*parts] if is_list else []
    if not listed:
        raise CchcError(
            "a whole is held against its parts, and none are given",
            where="parts=",
            mend="give a list of reports, or of tables",
        )
    found = []
    split = [_tables(one, "parts=") for one in listed]
    for code, table in _tables(whole, "whole=").items():
        form = find_form(code)
        given = [examine(one[code], form)[0] for one in split if code in one]
        if given and len(table):
            frame = pd.concat(given, ignore_index=True)
            _require_each_once(frame, form)
            lacking = [
                _name(one, at, lang)
                for at, one in enumerate(listed, 1)
                if not len(split[at - 1].get(code, ()))
            ]
            found.append(_of_form(examine(table, form)[0], frame, lacking, form, lang))
    return join_findings(found)


def _tables(one: Report | Tables, where: str) -> Tables:
    if isinstance(one, Report):
        return one.tables
    if not isinstance(one, Mapping):
        raise CchcError(
            f"a report or its tables are added up, not {type(one).__name__}",
            where=where,
            mend="give what read_report returns, or a mapping of form code to DataFrame",
        )
    return one


def _require_each_once(parts: pd.DataFrame, form: Form) -> None:
    twice = parts[parts.duplicated(list(form.key))]
    if len(twice):
        first = twice.iloc[0]
        row = f", {first[form.row]}" if form.row else ""
        raise CchcError(
            f"{first['agency']} has the same row twice: form {form.code}, {first['period']}{row}",
            where="parts=",
            mend="give each agency's report once",
        )


def _name(one: Report | Tables, at: int, lang: str) -> str:
    """Return who a part is: its agency, or its place in the list."""
    if isinstance(one, Report):
        return one.agency
    names = {name for table in one.values() if "agency" in table for name in table["agency"]}
    return str(names.pop()) if len(names) == 1 else word("place", "part", lang=lang).format(n=at)


def _of_form(
    whole: pd.DataFrame, parts: pd.DataFrame, lacking: list[str], form: Form, lang: str
) -> pd.DataFrame:
    """Return where a form's rows are not the sums of the parts' rows."""
    everyone = [*dict.fromkeys(parts["agency"])]
    whole = whole.assign(_is_whole=True, _at=range(len(whole)))
    both = pd.concat([whole, parts.assign(_is_whole=False)], ignore_index=True)
    if any(form.wholes.values()):
        nothing = pd.array([pd.NA] * len(both), dtype="Int64")
        both = both.assign(**{name: nothing for name in form.figures if name not in both})
        # Under names that no unit has: the whole may be called as one of its parts.
        names = both["agency"]
        both["agency"] = names.where(~both["_is_whole"], "\0" + names)
        both = either_rows_or_whole(both, form)
        both["agency"] = both["agency"].str.removeprefix("\0")
    same = ["period", "basis", *([form.row] if form.row else [])]
    rows = []
    for _, row in both[both["_is_whole"]].iterrows():
        others = both[~both["_is_whole"] & (both[same[:2]] == row[same[:2]]).all(axis=1)]
        part = others[(others[same] == row[same]).all(axis=1)]
        if part.empty:
            continue
        # A sector that a part has not is no gap; a row that the form prescribes is.
        there = set((part if form.rows else others)["agency"])
        absent = [*lacking, *(name for name in everyone if name not in there)]
        rows += _of_row(row, part, absent, form, lang)
    return findings_frame(rows)


def _of_row(
    row: pd.Series, part: pd.DataFrame, absent: Sequence[str], form: Form, lang: str
) -> list[dict[str, Any]]:
    """Return what differs in one row of the whole, and a note for what cannot be judged."""
    at = pd.DataFrame([row])
    place = row_places(at, form, [int(row["_at"])], lang=lang)[0]
    named = {"agency": row["agency"], "period": row["period"], "where": place}
    rows: list[dict[str, Any]] = []
    unknown: dict[tuple[str, ...], list[str]] = {}
    for name in form.figures:
        if form.kinds[name] != "count" or name not in part or pd.isna(row.get(name, pd.NA)):
            continue
        if part[name].isna().all():
            continue
        told = part[name].notna().to_numpy() | dashed(part, name)
        missing = (*absent, *dict.fromkeys(part["agency"][~told]))
        column = f"'{form.heading(name)}'" if lang == "vi" else name
        if missing:
            unknown.setdefault(missing, []).append(column)
            continue
        summed = int(part[name].sum())
        if summed == int(row[name]):
            continue
        words = {"found": number(row[name], lang), "expected": number(summed, lang)}
        why = _reason(form, name)
        hint = f"; {word('check', why, lang=lang)}" if why else ""
        sentence = word("check", "roll_up", lang=lang)
        told_of = {"difference": int(row[name]) - summed, **words}
        message = sentence.format(column=column, parts=part["agency"].nunique(), **words) + hint
        severity = "warning" if why else "error"
        rows.append({"severity": severity, "rule": "roll_up", "message": message} | named | told_of)
    sentence = word("check", "roll_up_incomplete", lang=lang)
    for missing, columns in unknown.items():
        message = sentence.format(columns=", ".join(columns), missing=", ".join(missing))
        rows.append({"severity": "note", "rule": "roll_up_incomplete", "message": message} | named)
    return rows


def _reason(form: Form, name: str) -> str:
    """Return the word for why a whole may rightly differ from the sum, "" where it may not."""
    if form.stated[name].counted_once:
        return "counted_once"
    return "of_others" if form.of_others else ""
