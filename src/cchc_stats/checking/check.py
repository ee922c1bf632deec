"""`check`: the findings of one report, the most severe first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cchc_stats.checking.balances import Tables, exceeding, incomplete, printed_total
from cchc_stats.checking.carried_over import carried_over
from cchc_stats.checking.plausibility import (
    no_row_of_period,
    spellings,
    unexpected,
    unplaced_rows,
)
from cchc_stats.checking.to_date import year_to_date
from cchc_stats.checking.whole_report import within_report
from cchc_stats.forms import (
    Examined,
    PrintedTables,
    examine,
    examine_frame,
    fault_findings,
    find_form,
)
from cchc_stats.reading import Report
from cchc_stats.words import CchcError, join_findings, require_language


def check(
    report: Report | Tables,
    *,
    previous: Report | Tables | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what in a report cannot be true, may need a word, or is incomplete.

    Parameters
    ----------
    report : a report, or its tables alone (form code -> frame).
    previous : the report of the quarter before (or its tables), to hold what was carried over
        against what was pending then.
    lang : language of the messages, "vi" or "en".

    Returns
    -------
    Findings frame (`cchc_stats.words.findings`), the most severe first; empty is clean.
    `error`: a fault that `validate` would refuse, among them an identity that does not hold; parts
    that are more than their total, whatever else is missing; dossiers carried over that are not
    those pending before; a printed total that is not the sum of the rows; a year to date that its
    quarters contradict; of a report also a figure in its prose that is not that of the tables.
    `warning`: dossiers carried over that are in all not those pending before, more people present
    than assigned, a time that a cut made longer, more units
    inspected than there are, one agency under two spellings, a report of a quarter that none of its
    rows is of; of a report also a percentage over another denominator, shares that do not add up
    to 100 %, words that a share contradicts, one fact told differently by two forms or in two
    places, a day of signature before the window ends, a document with two days, symbols spelled
    several ways, a percentage with a unit of time.
    `note`: an identity that cannot be judged because a figure is missing (unknown is not broken), a
    text without a place, a percentage cut instead of rounded, a rate on time over the received that
    does not say so, percentages printed in several ways, a window that is not the decree's.

    Raises
    ------
    CchcError
        What is given is neither a report nor its tables, a table is under a code that is no form,
        or `previous` is not the quarter before.

    Source
    ------
    The identities are those of the forms (`Form.identities`); carried over of a period = pending of
    the one before: form II.06a of Circular 01/2020/TT-VPCP.

    Examples
    --------
    >>> dossiers = pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "sector": ["all"], "received_total": [61],
    ...      "carried_over": [2], "newly_received": [58], "settled_total": [60],
    ...      "settled_on_time": [60], "settled_late": [0], "pending_total": [1],
    ...      "pending_not_due": [1], "pending_overdue": [0]})
    >>> check({"dossiers": dossiers})[["severity", "rule", "found", "expected"]].values.tolist()
    [['error', 'identity', '61', '2 + 58 = 60']]
    """
    require_language(lang)
    tables = _examined(report)
    typed = {code: one for code, one in tables.items() if one.is_typed}
    found: list[pd.DataFrame] = []
    for code, one in tables.items():
        form = find_form(code)
        if one.faults:
            found.append(fault_findings(one.table, form, one.faults, lang=lang))
        found += [
            incomplete(one, form, lang),
            exceeding(one, form, lang),
            printed_total(one, form, lang),
        ]
    before = _before(report, previous)
    if before:
        found.append(carried_over({code: one.table for code, one in tables.items()}, before, lang))
    found += [
        *unexpected(tables, lang),
        spellings([*tables.values()], before.values(), lang),
        year_to_date(typed, lang),
    ]
    if isinstance(report, Report):
        found += [no_row_of_period(report, tables, lang), unplaced_rows(report, lang)]
        found += within_report(report, typed, lang)
    joined = join_findings(found)
    return joined.fillna({"file": report.source}) if isinstance(report, Report) else joined


def _examined(report: Report | Tables) -> dict[str, Examined]:
    """Return the tables examined; of those that nobody has looked at yet no frame is built."""
    tables = _tables(report, "report=")
    examined: dict[str, Examined] = {}
    for code in tables:
        form = find_form(code)
        # The reader has examined them, and nobody can have changed what nobody has asked for.
        known = tables.examined(code) if isinstance(tables, PrintedTables) else None
        examined[code] = known or examine_frame(tables[code], form)
    return examined


def _tables(report: Report | Tables, where: str) -> Tables:
    if isinstance(report, Report):
        return report.tables
    if not isinstance(report, Mapping):
        raise CchcError(
            f"a report or its tables are checked, not {type(report).__name__}",
            where=where,
            mend="give what read_report returns, or a mapping of form code to DataFrame",
        )
    return report


def _before(report: Report | Tables, previous: Report | Tables | None) -> Tables:
    """Return the tables of the report before, typed; none where there is no such report."""
    if previous is None:
        return {}
    if isinstance(report, Report) and isinstance(previous, Report):
        wanted = report.period - 1
        if previous.period != wanted:
            raise CchcError(
                f"the report before {report.period} is that of {wanted}, not of {previous.period}",
                where="previous=",
                mend="give the report of the quarter before, or leave it out",
            )
    tables = _tables(previous, "previous=")
    return {code: examine(frame, find_form(code))[0] for code, frame in tables.items()}
