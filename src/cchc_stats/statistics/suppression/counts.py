"""What figures speak of: counts, each with one name under whatever indicators state it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from cchc_stats.forms import FORMS, STOCK, SUM, Form, find_form
from cchc_stats.indicators import Indicator, find_indicator
from cchc_stats.words import ALL, AS_OF, IN_PERIOD, YEAR_TO_DATE

OWN_SPACE = "~"
YEAR_BEFORE = "year_before"
# What every indicator of a user's own has: nobody says what else shares its counts.
NUMERATOR, DENOMINATOR, REST = "numerator", "denominator", "rest"


class Count(NamedTuple):
    """One number of people, dossiers or things, that figures state or that follows from them.

    Attributes
    ----------
    agency, group : of whom, and of which row of a form.
    period : ordinal of the quarter.
    basis : as of figures; of a stock always `as_of`.
    space : code of the form, or "~" and the code of a user's own indicator.
    column : of the form, a sum of its columns, or a part of an own indicator.
    """

    agency: str
    period: int
    basis: str
    space: str
    column: str
    group: str


class RowKey(NamedTuple):
    """Of whom and when a figure is."""

    agency: str
    period: int
    basis: str
    group: str

    def count_in(self, space: str, column: str) -> Count:
        """Return the count of a column in this row."""
        return Count(self.agency, self.period, self.basis, space, column, self.group)


Signed = tuple[tuple[int, str], ...]
Terms = tuple[tuple[int, Count], ...]


@dataclass(frozen=True)
class Formula:
    """Which sums of counts an indicator's figures are.

    Attributes
    ----------
    space : see `Count`.
    top, bottom : signed columns of numerator and denominator, () for none.
    adds_top, adds_bottom : whether those of the groups add up to the total's.
    counted : whether what is not in the numerator is a number of its own.
    scale : what the quotient is multiplied by.
    record : the indicator's, None of a user's own.
    """

    space: str
    top: Signed
    bottom: Signed
    adds_top: bool
    adds_bottom: bool
    counted: bool
    scale: int
    record: Indicator | None

    def counts(self, signed: Signed, key: RowKey) -> Terms:
        """Return the counts that a sum of columns is made of."""
        return tuple((sign, count_of(self, name, key)) for sign, name in signed)


@cache
def formula_of(indicator: str, percent: bool, plain: bool = False) -> Formula:
    """Return an indicator's formula; a user's own has counts of a rest if it is a percentage.

    A `plain` count that is named as a form's column, with the form's name before it or without, is
    that column.
    """
    record = find_indicator(indicator)
    if record is None:
        own = ((1, NUMERATOR),), ((1, DENOMINATOR),)
        columns = _columns_by_name().get(indicator, []) if plain else []
        if len(columns) == 1:
            form, column = columns[0]
            adds = form.rows_add_up
            return Formula(form.code, ((1, column),), (), adds, False, False, 1, None)
        scale = 100 if percent else 1
        return Formula(f"{OWN_SPACE}{indicator}", *own, True, True, percent, scale, None)
    return Formula(
        record.form,
        *record.signed_columns,
        record.total,
        record.total and not record.shared_denominator,
        record.kind == "events",
        record.scale,
        record,
    )


@cache
def _columns_by_name() -> dict[str, list[tuple[Form, str]]]:
    """Return the counted columns that a name may stand for: `settled_late` is one of dossiers."""
    columns: dict[str, list[tuple[Form, str]]] = {}
    for form in FORMS:
        for column in form.figures:
            if form.kinds[column] == "count":
                for name in (column, f"{form.code}_{column}"):
                    columns.setdefault(name, []).append((form, column))
    return columns


def count_of(formula: Formula, column: str, key: RowKey) -> Count:
    """Return the count that a column of an indicator's formula is, under its one name."""
    record = formula.record
    if record is None:
        if formula.space.startswith(OWN_SPACE):
            return key.count_in(formula.space, column)
        return form_count(find_form(formula.space), column, key)
    if record.beside is not None and column == record.beside.column:
        beside = record.beside
        group = beside.groups.get(key.group, beside.group)
        stock = formula_of(beside.stock.code, False)
        return count_of(stock, stock.top[0][1], key._replace(group=group, basis=AS_OF))
    if column in record.stands_for:
        name, _, basis = record.stands_for[column].partition(", ")
        period = key.period
        if basis == YEAR_BEFORE:
            period, basis = 4 * (period // 4) - 1, YEAR_TO_DATE
        key = key._replace(basis=basis or key.basis, period=period)
        return form_count(find_form(record.form), name, key)
    if record.prepare is not None:
        return key.count_in(f"{record.form}.{record.prepare.__name__}", column)
    if record.only:
        key = key._replace(group=record.only)
    return form_count(find_form(record.form), column, key)


def form_count(form: Form, column: str, key: RowKey) -> Count:
    """Return the count of a form's cell: a stock is one, whatever basis the row beside it has."""
    stated = form.stated.get(column)
    if stated is not None and not stated.carries:
        code = key.group.rpartition("|")[2]
        if form.over_quarters(column, code) == STOCK:
            key = key._replace(basis=AS_OF)
    return key.count_in(form.code, column)


def over_quarters(count: Count) -> str:
    """Return how a count of several quarters is made of theirs, see `Form.over_quarters`."""
    if count.space.startswith(OWN_SPACE):
        return SUM
    form = find_form(count.space) if "." not in count.space else None
    if form is None or count.column not in form.stated:
        return ""
    return form.over_quarters(count.column, count.group.rpartition("|")[2])


def opening(count: Count) -> Count | None:
    """Return the count of an earlier quarter that this one takes over, None where it is none."""
    is_own = count.space.startswith(OWN_SPACE)
    form = None if is_own or "." in count.space else find_form(count.space)
    stated = form.stated.get(count.column) if form else None
    if stated is None or not stated.carries or count.basis not in (IN_PERIOD, YEAR_TO_DATE):
        return None
    first = count.period if count.basis == IN_PERIOD else 4 * (count.period // 4)
    return count._replace(period=first - 1, basis=AS_OF, column=stated.carries)


def group_totals(groups: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each group that others are parts of, with those: nested ones of their level first.

    Levels that have nested groups and no row of their own are totals as well.

    Examples
    --------
    >>> dict(group_totals(frozenset(["all", "A", "B", "A|x", "A|y"])))
    {'A': ('A|x', 'A|y'), 'all': ('A', 'B')}
    """
    inner: dict[str, list[str]] = {}
    for name in sorted(groups):
        if "|" in name:
            inner.setdefault(name.rpartition("|")[0], []).append(name)
    yield from ((level, tuple(names)) for level, names in inner.items())
    flat = {name for name in {*groups, *inner} if "|" not in name and name != ALL}
    if flat:
        yield ALL, tuple(sorted(flat))
