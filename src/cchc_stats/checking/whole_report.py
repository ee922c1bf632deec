"""What of a report is held against another part of it: prose, tables, totals, dates."""

from __future__ import annotations

import pandas as pd

from cchc_stats.checking.across_forms import across_forms
from cchc_stats.checking.claims_checked import claims_against_values
from cchc_stats.checking.dates import documents_named, window_and_signature
from cchc_stats.checking.held_against import held_with
from cchc_stats.checking.percentages import (
    percent_of_time,
    points_as_percent,
    printed_alike,
    shares_not_whole,
    shares_of_counts,
)
from cchc_stats.checking.rates_told import rates_of_any_whole
from cchc_stats.checking.to_date import printed_sums
from cchc_stats.checking.told_twice import told_twice
from cchc_stats.forms import Examined
from cchc_stats.indicators import INDICATORS, Indicator, measure
from cchc_stats.reading import Report
from cchc_stats.values import COLUMNS, TYPES
from cchc_stats.words import ValuesError

Tables = dict[str, Examined]
RATES = ("on_time_rate", "late_rate", "pending_overdue_share")


def within_report(report: Report, typed: Tables, lang: str) -> list[pd.DataFrame]:
    """Return the findings of a report's parts against one another.

    Parameters
    ----------
    report : as it was read.
    typed : its tables without a fault of type or key: only these are measured.
    lang : of the messages.
    """
    claimed: list[pd.DataFrame] = []
    printed: list[pd.DataFrame] = []
    if len(report.claims):  # measuring takes longer than all other checks of a report together
        tables = {code: one.table for code, one in typed.items()}
        agencies = {name for table in tables.values() for name in table["agency"]}
        values = _values(tables, _asked_for(report.claims), lang)
        claimed = [
            claims_against_values(report, values, lang, alone=len(agencies) == 1),
            rates_of_any_whole(report, tables, lang),
            shares_of_counts(report, lang),
            shares_not_whole(report, values, lang),
            told_twice(report, values, lang),
        ]
        printed = [
            percent_of_time(report, lang),
            points_as_percent(report, lang),
            printed_alike(report, lang),
        ]
    return [
        *claimed,
        across_forms(report, typed, lang),
        printed_sums(report, typed, lang),
        *printed,
        window_and_signature(report, lang),
        documents_named(report, lang),
    ]


def _asked_for(claims: pd.DataFrame) -> list[Indicator]:
    """Return the indicators that claims are held against.

    Those that they name, the same events over another whole, and the rates on time and late that a
    percentage may be.
    """
    named = held_with({code for code in claims["indicator"] if isinstance(code, str)})
    rates = RATES if (claims["unit"] == "percent").any() else ()
    return [one for one in INDICATORS if one.code in named or one.code.startswith(rates)]


def _values(
    tables: dict[str, pd.DataFrame], indicators: list[Indicator], lang: str
) -> pd.DataFrame:
    try:
        return measure(tables, indicators=indicators, lang=lang)
    except ValuesError:
        # Nothing that an indicator is measured on: then no claim is held against anything.
        empty = pd.DataFrame({name: [] for name in COLUMNS})
        return empty.astype(TYPES)
