"""`check`: the findings of one report, the most severe first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cchc_stats.checking.balances import broken, carried_over, incomplete
from cchc_stats.checking.plausibility import days_added, over_quota, spellings, unplaced_rows
from cchc_stats.findings import join_findings
from cchc_stats.forms import find_form
from cchc_stats.labels import require_language
from cchc_stats.reading import Report


def check(
    report: Report | Mapping[str, pd.DataFrame],
    *,
    previous: Report | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what in a report cannot be true, may need a word, or is incomplete.

    Parameters
    ----------
    report : a report, or its tables alone (form code -> frame).
    previous : the report of the quarter before, to hold what was carried over against what was
        pending then.
    lang : language of the messages, "vi" or "en".

    Returns
    -------
    Findings frame (`cchc_stats.findings`), the most severe first; empty is clean.
    `error`: a fault that `validate` would refuse, among them an identity that does not hold, and
    dossiers carried over that are not those pending before. `warning`: more people present than
    assigned, a time that a cut made longer, one agency under two spellings. `note`: an identity
    that cannot be judged because a figure is missing (unknown is not broken), a text without a
    place.

    Raises
    ------
    CchcError
        A table under a code that is no form.

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
    tables = report.tables if isinstance(report, Report) else report
    found = []
    for code, frame in tables.items():
        form = find_form(code)
        found += [broken(frame, form, lang), incomplete(frame, form, lang)]
    found += [over_quota(tables, lang), days_added(tables, lang), spellings(tables, lang)]
    if previous is not None:
        found.append(carried_over(tables, previous.tables, lang))
    if isinstance(report, Report):
        found.append(unplaced_rows(report, lang))
    joined = join_findings(found)
    return joined.fillna({"file": report.source}) if isinstance(report, Report) else joined
