"""One fact in two places: in two forms of a report, in a whole and in its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from cchc_stats.checking.finding import Rows, finding, number, tables_of
from cchc_stats.forms import Examined, Form, dashed, examine, find_form, row_places
from cchc_stats.indicators import Tables, either_rows_or_whole
from cchc_stats.reading import Report
from cchc_stats.words import (
    CchcError,
    join_findings,
    label_period,
    require_language,
    word,
)

Sums: TypeAlias = dict[tuple[str, pd.Period], float]
_QUARTER = {"basis": ("in_period",)}


@dataclass(frozen=True)
class _Side:
    """Where a fact stands: the sum of columns of a form over some of its rows.

    Attributes
    ----------
    form, columns : of which form.
    rows : column -> the codes of the rows that are added up.
    least : the least number of rows that make up the whole.
    """

    form: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least: int = 1


_LEVELS = ("provincial", "district", "commune")
_PLACED = ("units_placed", "units_not_placed")
# Rule and severity -> where the fact stands, and where it stands again.
_FACTS: dict[tuple[str, str], tuple[_Side, _Side]] = {
    ("trained_and_turns", "warning"): (
        _Side("positions", ("count",), {"item": ("people_trained",)}),
        _Side("training", ("total",), _QUARTER, least=2),
    ),
    ("units_and_positions", "warning"): (
        _Side("positions", ("count",), {"item": _PLACED}, least=2),
        _Side("organisation", ("departments", "public_service_units")),
    ),
    ("planned_and_agencies", "warning"): (
        _Side("iso9001", ("planned",), {"level": ("all",)}),
        _Side("iso9001", ("agencies",), {"level": _LEVELS}, least=3),
    ),
    ("iso_and_procedures", "note"): (
        _Side("iso9001", ("procedures_of",), {"level": ("all",)}),
        _Side("procedures", ("in_force",), _QUARTER),
    ),
    ("online_and_dossiers", "note"): (
        _Side("online_services", ("received_online",), _QUARTER),
        _Side("dossiers", ("received_online",), _QUARTER),
    ),
}


def across_forms(report: Report, tables: Mapping[str, Examined], lang: str) -> Rows:
    """Return warnings where two forms tell one fact differently; all may have an explanation.

    Parameters
    ----------
    report : for who and when.
    tables : its typed forms, those without a fault of type.
    lang : of the messages.

    Returns
    -------
    Findings: people trained against turns of training in the same period; units placed by job
    position or not against departments and public service units; units planned for ISO 9001
    against the agencies of the levels; the procedures under ISO against those in force; dossiers
    online by the form of services against those by the form of dossiers. A side that is not
    reported in full is not held against.
    """
    rows: Rows = []
    for (rule, severity), (side, again) in _FACTS.items():
        one, other = _sums(tables, side), _sums(tables, again)
        forms = map(find_form, dict.fromkeys((side.form, again.form)))
        titles = "; ".join(form.title if lang == "vi" else form.title_en for form in forms)
        for (agency, period), figure in one.items():
            expected = other.get((agency, period), figure)
            if figure != expected:
                words = {
                    "where": f"{titles} ({label_period(period, lang=lang)})",
                    "found": number(figure, lang),
                    "expected": number(expected, lang),
                    "quarter": period,
                    "difference": figure - expected,
                }
                one_finding = finding(report, severity, rule, lang=lang, **words)
                rows.append(one_finding | {"agency": agency})
    return rows


def _sums(tables: Mapping[str, Examined], side: _Side) -> Sums:
    """Return the sum of a side for each report, of those that report all of it."""
    one, form = tables.get(side.form), find_form(side.form)
    if one is None or not {*side.columns, *side.rows} <= set(one.columns):
        return {}
    # Plain loops: a report has ten rows, and a groupby costs as much as reading a whole form.
    keys = zip(one.cells("agency"), one.cells("period"), strict=True)
    figures = zip(*(one.reported(name) for name in side.columns), strict=True)
    added: dict[tuple[str, pd.Period], list[float | None]] = {}
    for key, cells, is_one in zip(keys, figures, _rows_of(side, one, form), strict=True):
        if is_one:
            total = sum(cell for cell in cells if cell is not None)
            added.setdefault(key, []).append(None if None in cells else float(total))
    return {
        key: sum(cell for cell in cells if cell is not None)
        for key, cells in sorted(added.items())
        if None not in cells and len(cells) >= side.least
    }


def _rows_of(side: _Side, one: Examined, form: Form) -> list[bool]:
    """Return which rows make up a side; where the whole is printed, it alone."""
    wanted = dict(side.rows)
    if any(form.wholes.values()):
        of_quarters = zip(one.cells("basis"), one.cells(form.row), strict=True)
        wanted |= {form.row: ("all",)} if ("in_period", "all") in of_quarters else {}
    columns = [[code in codes for code in one.cells(name)] for name, codes in wanted.items()]
    return [all(cells) for cells in zip(*columns, strict=True)] if columns else [True] * one.length


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
    findings = []
    what = "a report or its tables are added up"
    split = [tables_of(one, what=what, where="parts=") for one in listed]
    for code, table in tables_of(whole, what=what, where="whole=").items():
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
            findings.append(_of_form(examine(table, form)[0], frame, lacking, form, lang))
    return join_findings(findings)


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
    total: pd.DataFrame, parts: pd.DataFrame, lacking: list[str], form: Form, lang: str
) -> Rows:
    """Return where a form's rows are not the sums of the parts' rows."""
    everyone = [*dict.fromkeys(parts["agency"])]
    total = total.assign(_is_whole=True, _at=range(len(total)))
    both = pd.concat([total, parts.assign(_is_whole=False)], ignore_index=True)
    if any(form.wholes.values()):
        nothing = pd.array([pd.NA] * len(both), dtype="Int64")
        both = both.assign(**{name: nothing for name in form.figures if name not in both})
        # Under names that no unit has: the whole may be called as one of its parts.
        names = both["agency"]
        both["agency"] = names.where(~both["_is_whole"], "\0" + names)
        both = either_rows_or_whole(both, form)
        both["agency"] = both["agency"].str.removeprefix("\0")
    same, report = form.one_row("agency"), form.one_row("agency", form.row)
    rows: Rows = []
    for _, row in both[both["_is_whole"]].iterrows():
        others = both[~both["_is_whole"] & (both[report] == row[report]).all(axis=1)]
        part = others[(others[same] == row[same]).all(axis=1)]
        if part.empty:
            continue
        # A sector that a part has not is no gap; a row that the form prescribes is.
        there = set((part if form.rows else others)["agency"])
        absent = [*lacking, *(name for name in everyone if name not in there)]
        rows += _of_row(row, part, absent, form, lang)
    return rows


def _of_row(
    row: pd.Series, part: pd.DataFrame, absent: Sequence[str], form: Form, lang: str
) -> Iterator[dict[str, Any]]:
    """Yield what differs in one row of the whole, and a note for what cannot be judged."""
    at = pd.DataFrame([row])
    place = row_places(at, form, [int(row["_at"])], lang=lang)[0]
    named = {"agency": row["agency"], "period": row["period"], "where": place}
    unknown: dict[tuple[str, ...], list[str]] = {}
    for name in form.figures:
        if not _is_held(name, row, part, form):
            continue
        is_given = part[name].notna().to_numpy() | dashed(part, name)
        missing = (*absent, *dict.fromkeys(part["agency"][~is_given]))
        column = f"'{form.heading(name)}'" if lang == "vi" else name
        summed = int(part[name].sum())
        if missing:
            unknown.setdefault(missing, []).append(column)
        elif summed != int(row[name]):
            words = {"found": number(row[name], lang), "expected": number(summed, lang)}
            why = _reason(form, name)
            hint = f"; {word('check', why, lang=lang)}" if why else ""
            sentence = word("check", "roll_up", lang=lang)
            message = sentence.format(column=column, parts=part["agency"].nunique(), **words)
            yield {
                "severity": "warning" if why else "error",
                "rule": "roll_up",
                "message": message + hint,
                **named,
                "difference": int(row[name]) - summed,
                **words,
            }
    sentence = word("check", "roll_up_incomplete", lang=lang)
    for missing, columns in unknown.items():
        message = sentence.format(columns=", ".join(columns), missing=", ".join(missing))
        yield {"severity": "note", "rule": "roll_up_incomplete", "message": message, **named}


def _is_held(name: str, row: pd.Series, part: pd.DataFrame, form: Form) -> bool:
    """Return whether the whole states a count that some part has."""
    stated = form.kinds[name] == "count" and name in part and pd.notna(row.get(name, pd.NA))
    return bool(stated) and not part[name].isna().all()


def _reason(form: Form, name: str) -> str:
    """Return the word for why a whole may rightly differ from the sum, "" where it may not."""
    if form.stated[name].counted_once:
        return "counted_once"
    return "of_others" if form.of_others else ""
