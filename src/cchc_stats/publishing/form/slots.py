"""Which periods a table has a column for, and what these columns are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.words import AS_OF, IN_PERIOD, YEAR_TO_DATE, label_period

Slot: TypeAlias = tuple[pd.Period, str]
COUNT = "Số lượng"
YEAR_BEFORE, THIS_YEAR, TO_DATE, SUM = "Năm trước", "Năm báo cáo", "Lũy kế", "Tổng"
# What the official tables of these forms have a column for, whatever is known.
BY_QUARTER = ("appointments", "training")


def usual_slot(form: Form, period: pd.Period, basis: str) -> Slot:
    """Return the period and basis of a form's figures in a report of `period` and `basis`."""
    return period, basis if form.basis == IN_PERIOD else form.basis


def slots_of(
    form: Form,
    records: Iterable[Mapping[str, Any]],
    period: pd.Period,
    basis: str,
    *,
    blank: bool,
) -> list[Slot]:
    """Return the periods and bases that a table has columns for, in their printed order.

    Parameters
    ----------
    records : the rows to print.
    period, basis : those of the report.
    blank : whether all columns of the official table are wanted.
    """
    usual = usual_slot(form, period, basis)
    if blank and form.code in BY_QUARTER:
        quarters = [
            (pd.Period(f"{period.year}Q{number}", "Q-DEC"), IN_PERIOD) for number in range(1, 5)
        ]
        return [(_year_before(period), YEAR_TO_DATE), *quarters, (period, YEAR_TO_DATE)]
    if form.code == "positions":
        return [usual]
    found = {(record["period"], record["basis"]) for record in records}
    order = {IN_PERIOD: 0, AS_OF: 0, YEAR_TO_DATE: 1}
    year = period.year

    def place(slot: Slot) -> tuple[bool, int, pd.Period]:
        return slot[0].year == year, order[slot[1]], slot[0]

    return sorted(found or {usual}, key=place)


def column_of(
    slot: Slot, form: Form, period: pd.Period, basis: str, *, alone: bool
) -> tuple[str, ...]:
    """Return the headings of the column of a period.

    Examples
    --------
    >>> from cchc_stats.forms import find_form
    >>> q3 = pd.Period("2020Q3", "Q-DEC")
    >>> column_of((pd.Period("2019Q4", "Q-DEC"), "year_to_date"), find_form("training"), q3,
    ...           "in_period", alone=False)
    ('Năm trước',)
    """
    quarter, how = slot
    if alone and slot == usual_slot(form, period, basis):
        return (COUNT,)
    whole_year = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    if slot == (_year_before(period), whole_year):
        return (YEAR_BEFORE,)
    if how == YEAR_TO_DATE:
        if quarter != period:
            return (label_period(quarter, how),)
        return (TO_DATE,) if alone else (THIS_YEAR, SUM)
    name = label_period(quarter)
    if quarter.year != period.year:
        return (name,)
    return (THIS_YEAR, name.partition("/")[0])


def _year_before(period: pd.Period) -> pd.Period:
    return pd.Period(f"{period.year - 1}Q4", "Q-DEC")
