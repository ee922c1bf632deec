"""A whole against its parts: the province's form against those of its units, added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cchc_stats.checking.told import number
from cchc_stats.errors import CchcError
from cchc_stats.findings import findings_frame, join_findings
from cchc_stats.forms import Form, examine, find_form
from cchc_stats.forms.faults import row_places
from cchc_stats.labels import require_language, word
from cchc_stats.reading import Report

Tables = Mapping[str, pd.DataFrame]


def check_roll_up(
    whole: Report | Tables, parts: Sequence[Report | Tables], *, lang: str = "vi"
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
    of the parts. `roll_up`: an error, with the difference. `roll_up_incomplete`: a note that names
    the parts without the figure, where there are some; a "-" adds nothing. What no part has is
    not held against.

    Raises
    ------
    CchcError
        No parts; what is given is neither a report nor tables; a code that is no form.

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
    if isinstance(parts, Report | Mapping) or not list(parts):
        raise CchcError(
            "a whole is held against its parts, and none are given",
            where="parts=",
            mend="give a list of reports, or of tables",
        )
    found = []
    split = [_tables(one, "parts=") for one in parts]
    for code, table in _tables(whole, "whole=").items():
        form = find_form(code)
        given = [examine(one[code], form)[0] for one in split if code in one]
        if given:
            frame = pd.concat(given, ignore_index=True)
            lacking = [
                _name(one, at) for at, one in enumerate(parts, 1) if code not in split[at - 1]
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


def _name(one: Report | Tables, at: int) -> str:
    return one.agency if isinstance(one, Report) else f"#{at}"


def _of_form(
    whole: pd.DataFrame, parts: pd.DataFrame, lacking: list[str], form: Form, lang: str
) -> pd.DataFrame:
    same = ["period", "basis", *([form.row] if form.row else [])]
    everyone = list(parts["agency"].unique())
    rows = []
    for at, row in enumerate(whole.to_dict("records")):
        part = parts[(parts[same] == [row[name] for name in same]).all(axis=1)]
        for name in form.figures:
            if part.empty or form.kinds[name] != "count" or pd.isna(row.get(name, pd.NA)):
                continue
            if name not in part or part[name].isna().all():
                continue
            dash = part["not_applicable"].str.split().map(lambda names, n=name: n in names)
            told = part[part[name].notna() | dash.astype(bool)]
            missing = [*lacking, *(one for one in everyone if one not in set(told["agency"]))]
            summed = int(told[name].sum())
            if not missing and summed == int(row[name]):
                continue
            rule = "roll_up_incomplete" if missing else "roll_up"
            words = {"found": number(row[name], lang), "expected": number(summed, lang)}
            sentence = word("check", rule, lang=lang)
            rows.append(
                {
                    "severity": "note" if missing else "error",
                    "rule": rule,
                    "agency": row["agency"],
                    "period": row["period"],
                    "where": row_places(whole.iloc[[at]], form, [at], lang=lang)[0],
                    "difference": None if missing else int(row[name]) - summed,
                    "message": sentence.format(
                        column=form.heading(name) if lang == "vi" else name,
                        parts=len(everyone),
                        missing=", ".join(missing),
                        **words,
                    ),
                }
                | words
            )
    return findings_frame(rows)
