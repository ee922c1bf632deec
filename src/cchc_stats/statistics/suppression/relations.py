"""Which figures are sums, differences and quotients of which: one model of a publication."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import SUM, find_form
from cchc_stats.statistics.suppression.counts import (
    Count,
    Parts,
    Scope,
    Terms,
    form_count,
    opening,
    over_quarters,
    wholes,
)
from cchc_stats.words import AS_OF, IN_PERIOD, YEAR_TO_DATE, ValuesError

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

NEAR = 1e-6
# A whole that nobody prints is held to be known from elsewhere.
ELSEWHERE = -1
REMAINDER = "remainder"


class Rate(NamedTuple):
    """A printed quotient: top is between low and high times bottom."""

    top: int
    bottom: int
    low: float
    high: float
    place: int


class Sum(NamedTuple):
    """A whole and its parts.

    Attributes
    ----------
    nested : whether the parts are within a level, and must not exceed it.
    is_open : whether there are others that are not counted.
    quiet : whether those others are none of the numbers that are kept from being told.
    """

    whole: int
    parts: tuple[int, ...]
    nested: bool = False
    is_open: bool = False
    quiet: bool = False


@dataclass(eq=False)
class Relations:
    """All counts of what is published together, and what holds between them.

    Attributes
    ----------
    counts : count -> its number; other lists are in that order.
    figures : number of a count, its figure, and the place where it is printed.
    rates : printed quotients of counts that are not all printed beside them.
    terms, signs : by equation the counts in it and their signs; each adds up to 0.
    bounds : pairs of counts, the first no more than the second.
    sums : wholes and parts, made into equations once figures are known.
    adding : space and column of the counts that add up over groups.
    signed : counts that may be negative.
    quiet : counts that need not be kept from being told.
    whole_elsewhere : wholes that are not printed.
    """

    counts: dict[Count, int] = field(default_factory=dict)
    figures: list[tuple[int, float, int]] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    terms: list[tuple[int, ...]] = field(default_factory=list)
    signs: list[tuple[int, ...]] = field(default_factory=list)
    bounds: list[tuple[int, int]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    adding: set[tuple[str, str]] = field(default_factory=set)
    signed: set[int] = field(default_factory=set)
    quiet: set[int] = field(default_factory=set)
    whole_elsewhere: set[int] = field(default_factory=set)
    _seen: set[tuple[int, ...]] = field(default_factory=set)
    _contradicted: set[int] = field(default_factory=set)
    _equations: tuple[int, dict[int, list[int]]] = field(default_factory=lambda: (-1, {}))

    def number(self, count: Count) -> int:
        """Return the number of a count, a new one where it was not known."""
        return self.counts.setdefault(count, len(self.counts))

    def sum_of(self, terms: Terms, name: str, scope: Scope, space: str) -> int:
        """Return the count that is a sum of others: itself where it is one alone."""
        if len(terms) == 1 and terms[0][0] == 1:
            return self.number(terms[0][1])
        known = len(self.counts)
        number = self.number(
            Count(scope.agency, scope.period, scope.basis, space, name, scope.group)
        )
        if number == known:
            if any(sign < 0 for sign, _ in terms):
                self.signed.add(number)
            numbers = [self.number(count) for _, count in terms]
            self.add([number, *numbers], [-1, *(sign for sign, _ in terms)])
        return number

    def add(self, numbers: Sequence[int], signs: Sequence[int]) -> None:
        """Add an equation, once."""
        key = tuple(sorted(numbers))
        if key not in self._seen and len(set(numbers)) == len(numbers) > 1:
            self._seen.add(key)
            self.terms.append(tuple(numbers))
            self.signs.append(tuple(signs))

    # --- figures -----------

    def state(
        self,
        parts: Parts,
        scope: Scope,
        place: int,
        *,
        top: float,
        bottom: float,
        quotient: tuple[float, float] | None,
    ) -> list[int]:
        """Add what one row of values states; NaN, or no quotient, where it does not.

        Returns
        -------
        The numbers of numerator, denominator and, of counted events, the rest.
        """
        numbers = []
        for signed, figure in ((parts.top, top), (parts.bottom, bottom)):
            name = " ".join(f"{'+' if sign > 0 else '-'} {column}" for sign, column in signed)
            numbers.append(self.sum_of(parts.counts(signed, scope), name, scope, parts.space))
            if not math.isnan(figure):
                self.figures.append((numbers[-1], figure, place))
        if quotient is not None:
            self.rates.append(Rate(numbers[0], numbers[1], *quotient, place))
        return [*numbers, self._rest(parts, scope, numbers)] if parts.counted else numbers

    def count(self, parts: Parts, scope: Scope, place: int, figure: float) -> int:
        """Add a count that one row of values states."""
        name = " ".join(f"{'+' if sign > 0 else '-'} {column}" for sign, column in parts.top)
        number = self.sum_of(parts.counts(parts.top, scope), name, scope, parts.space)
        if not math.isnan(figure):
            self.figures.append((number, figure, place))
        return number

    def _rest(self, parts: Parts, scope: Scope, numbers: Sequence[int]) -> int:
        """Return what is not in the numerator: the form's own column where it has one."""
        record = parts.record
        if record is not None and len(parts.top) == len(parts.bottom) == 1 and not record.prepared:
            form = find_form(record.form)
            top, bottom = parts.top[0][1], parts.bottom[0][1]
            for one in form.identities:
                others = [name for name in one.parts if name != top]
                is_rest = (one.op, one.total) == ("=", bottom) and not one.where_given
                if is_rest and len(others) == 1 == len(one.parts) - 1:
                    rest = self.number(form_count(form, others[0], scope))
                    self.add([numbers[1], numbers[0], rest], [1, -1, -1])
                    return rest
        name = f"{parts.bottom} - {parts.top}"
        rest = self.number(
            Count(scope.agency, scope.period, scope.basis, parts.space, name, scope.group)
        )
        self.add([numbers[1], numbers[0], rest], [1, -1, -1])
        return rest

    # --- what holds between counts ----------

    def relate(self, *, open_groups: bool = False) -> None:
        """Add everything that a reader of the forms knows to hold between the counts.

        Parameters
        ----------
        open_groups : whether wholes are more than the groups that are counted.
        """
        self._add_identities()
        self._add_years()
        self._add_identities()
        self._add_openings()
        self._add_groups(open_groups)
        self._add_agencies()

    def _add_identities(self) -> None:
        """Add the accounting statements of forms of which two columns or more are counted."""
        rows: dict[tuple[str, Scope], set[str]] = {}
        for count in list(self.counts):
            if count.space[0] == "~" or "." in count.space:
                continue
            scope = Scope(count.agency, count.period, count.basis, count.group)
            rows.setdefault((count.space, scope), set()).add(count.column)
        for (code, scope), columns in rows.items():
            stocks = rows.get((code, scope._replace(basis=AS_OF)), set())
            self._add_identities_of(code, scope, columns | stocks)

    def _add_identities_of(self, code: str, scope: Scope, columns: set[str]) -> None:
        form = find_form(code)
        for one in form.identities:
            if len(columns & {*one.columns}) < 2:
                continue
            if one.op != "=":
                self._add_bound(code, scope, one.total, one.parts, columns)
                continue
            numbers = [
                self.number(form_count(form, name, scope)) for name in (one.total, *one.parts)
            ]
            columns |= {one.total, *one.parts}
            if one.where_given:
                given = [form_count(form, name, scope) for name in one.where_given]
                known = [self.counts[count] for count in given if count in self.counts]
                # Dossiers that nobody counts apart may have left the balance as well.
                self.sums.append(Sum(numbers[0], (*numbers[1:], *known), is_open=True, quiet=True))
            else:
                self.add(numbers, [1] + [-1] * len(one.parts))

    def _add_bound(
        self, code: str, scope: Scope, total: str, parts: Sequence[str], columns: set[str]
    ) -> None:
        if len(parts) == 1 and {total, *parts} <= columns:
            form = find_form(code)
            less, more = (self.number(form_count(form, name, scope)) for name in (total, parts[0]))
            self.bounds.append((less, more))

    def _add_years(self) -> None:
        """Add that a year to date is the one before and the quarter."""
        last: dict[Count, set[int]] = {}
        for count in self.counts:
            if count.basis == YEAR_TO_DATE and over_quarters(count) == SUM:
                series = count._replace(period=count.period // 4)
                last.setdefault(series, set()).add(count.period)
        for series, quarters in last.items():
            for quarter in range(4 * series.period, max(quarters) + 1):
                to_date = self.number(series._replace(period=quarter))
                alone = self.number(series._replace(period=quarter, basis=IN_PERIOD))
                before = [self.number(series._replace(period=quarter - 1))] if quarter % 4 else []
                self.add([to_date, alone, *before], [1, -1, *[-1 for _ in before]])

    def _add_openings(self) -> None:
        for count in list(self.counts):
            earlier = opening(count)
            if earlier is not None:
                self.add([self.counts[count], self.number(earlier)], [1, -1])

    def _add_groups(self, open_groups: bool) -> None:
        """Add that groups are the whole, and nested ones their level."""
        tables: dict[Count, set[str]] = {}
        for count in self.counts:
            if (count.space, count.column) in self.adding:
                tables.setdefault(count._replace(group=""), set()).add(count.group)
        for table, groups in tables.items():
            for whole, parts in wholes(frozenset(groups)):
                numbers = tuple(self.number(table._replace(group=part)) for part in parts)
                if whole == "all" and whole not in groups:
                    if len(parts) > 1 and not open_groups:
                        self._add_elsewhere(table, numbers)
                    continue
                number = self.number(table._replace(group=whole))
                nested = whole != "all"
                self.sums.append(Sum(number, numbers, nested, open_groups and not nested))

    def _add_elsewhere(self, table: Count, parts: tuple[int, ...]) -> None:
        whole = self.number(table._replace(group="all"))
        self.whole_elsewhere.add(whole)
        self.add([whole, *parts], [1] + [-1] * len(parts))

    def _add_agencies(self) -> None:
        """Add that one agency's counts are the sums of the others', where its figures are."""
        by_count: dict[Count, dict[str, int]] = {}
        for count, number in self.counts.items():
            by_count.setdefault(count._replace(agency=""), {})[count.agency] = number
        names = sorted({count.agency for count in self.counts})
        whole = self._whole_agency(names, by_count.values()) if len(names) > 2 else None
        if whole is None:
            return
        for count, numbers in by_count.items():
            parts = tuple(number for name, number in numbers.items() if name != whole)
            if whole in numbers and parts and self._over_agencies(count):
                self.sums.append(Sum(numbers[whole], parts))

    def _over_agencies(self, count: Count) -> bool:
        """Return whether units' counts add up: not what several of them may count."""
        if count.space[0] == "~" or "." in count.space:
            return True
        stated = find_form(count.space).stated.get(count.column)
        return stated is not None and not stated.counted_once

    def _whole_agency(self, names: Sequence[str], tables: Iterable[dict[str, int]]) -> str | None:
        """Return the agency whose figures are the others' together, None where none is.

        It is found by its figures: they are never less, and the same in two counts or more.
        """
        known = dict.fromkeys(range(len(self.counts)), math.nan)
        known |= {number: figure for number, figure, _ in reversed(self.figures)}
        at = {name: column for column, name in enumerate(names)}
        rows = [numbers for numbers in tables if len(numbers) > 2]
        cells = np.full((len(rows), len(names)), np.nan)
        for row, numbers in enumerate(rows):
            for name, number in numbers.items():
                cells[row, at[name]] = known[number]
            # A unit that has no such row adds nothing; one whose figure is hidden makes it unknown.
            cells[row, [at[name] for name in names if name not in numbers]] = 0.0
        for column, name in enumerate(names):
            gap = cells[:, column] - np.delete(cells, column, axis=1).sum(axis=1)
            same = (np.abs(gap) < NEAR) & (cells[:, column] > 0)
            least = cells[:, column] - np.nansum(np.delete(cells, column, axis=1), axis=1)
            if same.sum() > 1 and not (least < -NEAR).any():
                return name
        return None

    # --- the equations of what is known ----------

    def settle(self) -> np.ndarray:
        """Return each count's figure as far as it follows, NaN else, and make sums equations.

        A whole may be more than its printed parts: the remainder is then a count of its own. What
        the figures contradict is no relation.

        Raises
        ------
        ValuesError
            Nested groups that are more than their level.
        """
        known = np.full(len(self.counts), np.nan)
        for number, figure, _ in reversed(self.figures):
            known[number] = figure
        known = self.follow(known)
        names = list(self.counts)
        for one in self.sums:
            self._settle(one, known, names)
        self.sums.clear()
        known = np.append(known, np.full(len(self.counts) - len(known), np.nan))
        self._contradicted.clear()
        known = self.follow(known)
        kept = [
            at
            for at, (numbers, signs) in enumerate(zip(self.terms, self.signs, strict=True))
            if at not in self._contradicted and not abs(known[list(numbers)] @ signs) > NEAR
        ]
        self.terms = [self.terms[at] for at in kept]
        self.signs = [self.signs[at] for at in kept]
        self._equations = (-1, {})
        self.bounds = [pair for pair in self.bounds if not known[pair[0]] > known[pair[1]]]
        return self.follow(known)

    def _settle(self, one: Sum, known: np.ndarray, names: Sequence[Count]) -> None:
        parts = known[list(one.parts)]
        left = known[one.whole] - np.nansum(parts)
        signs = [1] + [-1] * len(one.parts)
        if left < -NEAR:
            if one.nested:
                whole, part = names[one.whole], names[one.parts[0]]
                raise ValuesError(
                    f"the groups within {whole.group!r} are together {np.nansum(parts):g}, more "
                    f"than its own {known[one.whole]:g}",
                    where=f"{whole.agency}, {pd.Period(ordinal=whole.period, freq='Q-DEC')}, "
                    f"{whole.space.removeprefix('~')} {whole.column}, groups {part.group!r} …",
                    mend="nested groups '<level>|<row>' part their level: correct the figures, or "
                    "name overlapping groups without '|' and leave their level out",
                )
            return
        if one.is_open or (left > NEAR and not np.isnan(parts).any()):
            whole = names[one.whole]
            remainder = self.number(
                whole._replace(column=f"{whole.column} {REMAINDER} {len(self.counts)}")
            )
            self.add([one.whole, *one.parts, remainder], [*signs, -1])
            if one.quiet:
                self.quiet.add(remainder)
            return
        self.add([one.whole, *one.parts], signs)

    def small(self, known: np.ndarray, below: int) -> np.ndarray:
        """Return the numbers of the counts that are small."""
        small = (known > 0) & (known < below)
        small[list(self.quiet)] = False
        return np.flatnonzero(small)

    def state_wholes(self, known: np.ndarray, below: int) -> None:
        """State the wholes that are known from elsewhere: none that is small itself."""
        for number in sorted(self.whole_elsewhere):
            if known[number] >= below:
                self.figures.append((number, known[number], ELSEWHERE))

    def state_quotients(self, known: np.ndarray, below: int) -> np.ndarray:
        """State the counts that printed quotients tell within `below`, and return what is known.

        3.3 % of 60 is 2, or nearly so. What a quotient tells less closely only the attack uses.
        """
        told = {}
        for rate in self.rates:
            top, bottom = known[rate.top], known[rate.bottom]
            for number, low, high in (
                (rate.top, rate.low * bottom, rate.high * bottom),
                (rate.bottom, top / rate.high if rate.high else math.nan,
                 top / rate.low if rate.low > 0 else math.nan),
            ):  # fmt: skip
                # NaN, where the other part is not known, tells nothing.
                if high - low < below:
                    whole = float(round((low + high) / 2))
                    one = whole if low - NEAR <= whole <= high + NEAR else (low + high) / 2
                    known_one = known[number]
                    figure = one if math.isnan(known_one) else float(known_one)
                    told[number] = figure
                    self.figures.append((number, figure, rate.place))
        known = known.copy()
        known[list(told)] = list(told.values())
        return self.follow(known)

    def follow(self, known: np.ndarray) -> np.ndarray:
        """Return what is known, and what equations with one unknown make of it."""
        known = known.copy()
        equations = self._equations_of()
        missing = np.isnan(known)
        gaps = missing.tolist()
        unknown = [sum(gaps[one] for one in numbers) for numbers in self.terms]
        ready = [at for at, number in enumerate(unknown) if number == 1]
        while ready:
            at = ready.pop()
            if unknown[at] != 1:
                continue
            numbers, signs = self.terms[at], self.signs[at]
            total = 0.0
            for number, sign in zip(numbers, signs, strict=True):
                if math.isnan(known[number]):
                    found, own = number, sign
                else:
                    total += sign * known[number]
            figure = -total / own
            if figure < -NEAR and found not in self.signed:
                # Nothing is counted less than never: the figures contradict the equation.
                self._contradicted.add(at)
                continue
            known[found] = figure
            for other in equations.get(found, ()):
                unknown[other] -= 1
                if unknown[other] == 1:
                    ready.append(other)
        return known

    def _equations_of(self) -> dict[int, list[int]]:
        """Return the equations in which each count is, made anew when there are others."""
        size, found = self._equations
        if size != len(self.terms):
            found = {}
            for at, numbers in enumerate(self.terms):
                for number in numbers:
                    found.setdefault(number, []).append(at)
            self._equations = (len(self.terms), found)
        return found

    @cached_property
    def matrix(self) -> csr_array:
        """The equations as a matrix: a row each, times the counts is 0; first asked for settled."""
        from scipy.sparse import csr_array

        rows = np.repeat(np.arange(len(self.terms)), [len(one) for one in self.terms])
        columns = [number for one in self.terms for number in one]
        signs = [float(sign) for one in self.signs for sign in one]
        shape = (len(self.terms), len(self.counts))
        return csr_array((signs, (rows, np.array(columns, dtype="int64"))), shape=shape)
