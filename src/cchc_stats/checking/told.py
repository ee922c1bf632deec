"""One finding about a whole report, in the words of its rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cchc_stats.reading import Report
from cchc_stats.words import format_number, word


def told(
    report: Report, severity: str, rule: str, *, lang: str, difference: Any = None, **words: Any
) -> dict[str, Any]:
    """Return a finding of a report; `words` fill the rule's sentence, and some are columns too."""
    finding = {
        "severity": severity,
        "rule": rule,
        "agency": report.agency,
        "period": words.get("quarter", report.period),
        # What is of the letter as a whole stands in its head.
        "where": report.number or report.source,
        "difference": difference,
        "message": word("check", rule, lang=lang).format(**words),
    }
    return finding | {name: words[name] for name in ("where", "found", "expected") if name in words}


def number(x: Any, lang: str) -> str:
    """Return a figure as people write it, with at most four decimals.

    Examples
    --------
    >>> number(1315.0, "vi"), number(0.25, "en")
    ('1.315', '0.25')
    """
    return format_number(float(x), decimals=4, lang=lang)


def rows_of(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return frame.itertuples() if len(frame) else ()
