"""Which figures are sums, differences and quotients of which: one model of a publication."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import SUM, find_form
from cchc_stats.statistics.suppression.counts import (
    OWN_SPACE,
    Count,
    Formula,
    RowKey,
    Signed,
    Terms,
    form_count,
    group_totals,
    opening,
    over_quarters,
)
from cchc_stats.words import AS_OF, IN_PERIOD, YEAR_TO_DATE, ValuesError

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

NEAR = 1e-6
# A total that nobody prints is held to be public elsewhere.
ELSEWHERE = -1
REMAINDER = "remainder"


class Quotient(NamedTuple):
    """A printed quotient: top is between low and high times bottom."""

    top: int
    bottom: int
    low: float
    high: float
    place: int


class Sum(NamedTuple):
    """A total and its parts.

    Attributes
    ----------
    nested : whether the parts are within a level, and must not exceed it.
    is_open : whether there are others that are not counted.
    quiet : whether those others need no protection.
    """

    total: int
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
    printed : number of a count, its figure, and the place where it is printed.
    quotients : printed quotients of counts that are not all printed beside them.
    terms, signs : by equation the counts in it and their signs; each adds up to 0.
    bounds : pairs of counts, the first no more than the second.
    sums : totals and parts, made into equations once figures are settled.
    adding : space and column of the counts that add up over groups.
    signed : counts that may be negative.
    quiet : counts that need no protection.
    totals_elsewhere : totals that are not printed.
    """

    counts: dict[Count, int] = field(default_factory=dict)
    printed: list[tuple[int, float, int]] = field(default_factory=list)
    quotients: list[Quotient] = field(default_factory=list)
    terms: list[tuple[int, ...]] = field(default_factory=list)
    signs: list[tuple[int, ...]] = field(default_factory=list)
    bounds: list[tuple[int, int]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    adding: set[tuple[str, str]] = field(default_factory=set)
    signed: set[int] = field(default_factory=set)
    quiet: set[int] = field(default_factory=set)
    totals_elsewhere: set[int] = field(default_factory=set)
    _seen: set[tuple[int, ...]] = field(default_factory=set)
    _contradicted: set[int] = field(default_factory=set)
    _equations: tuple[int, dict[int, list[int]]] = field(default_factory=lambda: (-1, {}))

    def number(self, count: Count) -> int:
        """Return the number of a count, a new one where it had none."""
        return self.counts.setdefault(count, len(self.counts))

    def sum_of(self, terms: Terms, name: str, key: RowKey, space: str) -> int:
        """Return the count that is a sum of others: itself where it is one alone."""
        if len(terms) == 1 and terms[0][0] == 1:
            return self.number(terms[0][1])
        size = len(self.counts)
        number = self.number(key.count_in(space, name))
        if number == size:
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
        formula: Formula,
        key: RowKey,
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
        numbers = [
            self.count(formula, formula.top, key, place, top),
            self.count(formula, formula.bottom, key, place, bottom),
        ]
        if quotient is not None:
            self.quotients.append(Quotient(numbers[0], numbers[1], *quotient, place))
        return [*numbers, self._rest(formula, key, numbers)] if formula.counted else numbers

    def count(
        self, formula: Formula, signed: Signed, key: RowKey, place: int, figure: float
    ) -> int:
        """Add the count that a sum of a formula's columns is, and its figure in one row."""
        name = " ".join(f"{'+' if sign > 0 else '-'} {column}" for sign, column in signed)
        number = self.sum_of(formula.counts(signed, key), name, key, formula.space)
        if not math.isnan(figure):
            self.printed.append((number, figure, place))
        return number

    def _rest(self, formula: Formula, key: RowKey, numbers: Sequence[int]) -> int:
        """Return what is not in the numerator: the form's own column where it has one."""
        record = formula.record
        if (
            record is not None
            and len(formula.top) == len(formula.bottom) == 1
            and not record.prepared
        ):
            form = find_form(record.form)
            top, bottom = formula.top[0][1], formula.bottom[0][1]
            for one in form.identities:
                others = [name for name in one.parts if name != top]
                is_rest = (one.op, one.total) == ("=", bottom) and not one.where_given
                if is_rest and len(others) == 1 == len(one.parts) - 1:
                    rest = self.number(form_count(form, others[0], key))
                    self.add([numbers[1], numbers[0], rest], [1, -1, -1])
                    return rest
        rest = self.number(key.count_in(formula.space, f"{formula.bottom} - {formula.top}"))
        self.add([numbers[1], numbers[0], rest], [1, -1, -1])
        return rest

    # --- what holds between counts ----------

    def relate(self, *, open_groups: bool = False) -> None:
        """Add everything that holds between the counts by the rules of the forms.

        Parameters
        ----------
        open_groups : whether totals are more than the groups that are counted.
        """
        self._add_identities()
        self._add_years()
        self._add_identities()
        self._add_openings()
        self._add_groups(open_groups)
        self._add_agencies()

    def _add_identities(self) -> None:
        """Add the accounting statements of forms of which two columns or more are counted."""
        rows: dict[tuple[str, RowKey], set[str]] = {}
        for count in list(self.counts):
            if count.space[0] == OWN_SPACE or "." in count.space:
                continue
            key = RowKey(count.agency, count.period, count.basis, count.group)
            rows.setdefault((count.space, key), set()).add(count.column)
        for (code, key), columns in rows.items():
            stocks = rows.get((code, key._replace(basis=AS_OF)), set())
            self._add_identities_of(code, key, columns | stocks)

    def _add_identities_of(self, code: str, key: RowKey, columns: set[str]) -> None:
        form = find_form(code)
        for one in form.identities:
            if len(columns & {*one.columns}) < 2:
                continue
            if one.op != "=":
                self._add_bound(code, key, one.total, one.parts, columns)
                continue
            numbers = [self.number(form_count(form, name, key)) for name in (one.total, *one.parts)]
            columns |= {one.total, *one.parts}
            if one.where_given:
                given = [form_count(form, name, key) for name in one.where_given]
                beside = [self.counts[count] for count in given if count in self.counts]
                # Dossiers that nobody counts apart may have left the balance as well.
                self.sums.append(Sum(numbers[0], (*numbers[1:], *beside), is_open=True, quiet=True))
            else:
                self.add(numbers, [1] + [-1] * len(one.parts))

    def _add_bound(
        self, code: str, key: RowKey, total: str, parts: Sequence[str], columns: set[str]
    ) -> None:
        if len(parts) == 1 and {total, *parts} <= columns:
            form = find_form(code)
            less, more = (self.number(form_count(form, name, key)) for name in (total, parts[0]))
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
        """Add that groups make up the total, and nested ones their level."""
        tables: dict[Count, set[str]] = {}
        for count in self.counts:
            if (count.space, count.column) in self.adding:
                tables.setdefault(count._replace(group=""), set()).add(count.group)
        for table, groups in tables.items():
            for total, parts in group_totals(frozenset(groups)):
                numbers = tuple(self.number(table._replace(group=part)) for part in parts)
                if total == "all" and total not in groups:
                    if len(parts) > 1 and not open_groups:
                        self._add_elsewhere(table, numbers)
                    continue
                number = self.number(table._replace(group=total))
                nested = total != "all"
                self.sums.append(Sum(number, numbers, nested, open_groups and not nested))

    def _add_elsewhere(self, table: Count, parts: tuple[int, ...]) -> None:
        total = self.number(table._replace(group="all"))
        self.totals_elsewhere.add(total)
        self.add([total, *parts], [1] + [-1] * len(parts))

    def _add_agencies(self) -> None:
        """Add that one agency's counts are the sums of the others', where its figures are."""
        by_count: dict[Count, dict[str, int]] = {}
        for count, number in self.counts.items():
            by_count.setdefault(count._replace(agency=""), {})[count.agency] = number
        names = sorted({count.agency for count in self.counts})
        total = self._total_agency(names, by_count.values()) if len(names) > 2 else None
        if total is None:
            return
        for count, numbers in by_count.items():
            parts = tuple(number for name, number in numbers.items() if name != total)
            if total in numbers and parts and self._over_agencies(count):
                self.sums.append(Sum(numbers[total], parts))

    def _over_agencies(self, count: Count) -> bool:
        """Return whether units' counts add up: not what several of them may count."""
        if count.space[0] == OWN_SPACE or "." in count.space:
            return True
        stated = find_form(count.space).stated.get(count.column)
        return stated is not None and not stated.counted_once

    def _total_agency(self, names: Sequence[str], tables: Iterable[dict[str, int]]) -> str | None:
        """Return the agency whose figures are the others' together, None where none is.

        Its figures are never less than their sum, and the same in two counts or more.
        """
        figures = dict.fromkeys(range(len(self.counts)), math.nan)
        figures |= {number: figure for number, figure, _ in reversed(self.printed)}
        at = {name: column for column, name in enumerate(names)}
        rows = [numbers for numbers in tables if len(numbers) > 2]
        cells = np.full((len(rows), len(names)), np.nan)
        for row, numbers in enumerate(rows):
            for name, number in numbers.items():
                cells[row, at[name]] = figures[number]
            # A unit that has no such row adds nothing; one whose figure is hidden makes it unknown.
            cells[row, [at[name] for name in names if name not in numbers]] = 0.0
        for column, name in enumerate(names):
            gap = cells[:, column] - np.delete(cells, column, axis=1).sum(axis=1)
            same = (np.abs(gap) < NEAR) & (cells[:, column] > 0)
            least = cells[:, column] - np.nansum(np.delete(cells, column, axis=1), axis=1)
            if same.sum() > 1 and not (least < -NEAR).any():
                return name
        return None

    # --- figures that follow ----------

    def settle(self, below: int) -> np.ndarray:
        """Return each count's figure as far as it follows, NaN else, and make sums equations.

        A total may be more than its printed parts: the remainder is then a count of its own. What
        the figures contradict is no relation.

        Raises
        ------
        ValuesError
            Nested groups that are more than their level.
        """
        figures = np.full(len(self.counts), np.nan)
        for number, figure, _ in reversed(self.printed):
            figures[number] = figure
        figures = self.follow(figures)
        figures = self._add_possible_parts(figures, below)
        names = list(self.counts)
        for one in self.sums:
            self._settle(one, figures, names)
        self.sums.clear()
        figures = np.append(figures, np.full(len(self.counts) - len(figures), np.nan))
        self._contradicted.clear()
        figures = self.follow(figures)
        kept = [
            at
            for at, (numbers, signs) in enumerate(zip(self.terms, self.signs, strict=True))
            if at not in self._contradicted and not abs(figures[list(numbers)] @ signs) > NEAR
        ]
        self.terms = [self.terms[at] for at in kept]
        self.signs = [self.signs[at] for at in kept]
        self._equations = (-1, {})
        self.bounds = [pair for pair in self.bounds if not figures[pair[0]] > figures[pair[1]]]
        return self.follow(figures)

    def _settle(self, one: Sum, figures: np.ndarray, names: Sequence[Count]) -> None:
        parts = figures[list(one.parts)]
        left = figures[one.total] - np.nansum(parts)
        signs = [1] + [-1] * len(one.parts)
        if left < -NEAR:
            if one.nested:
                total, part = names[one.total], names[one.parts[0]]
                raise ValuesError(
                    f"the groups within {total.group!r} are together {np.nansum(parts):g}, more "
                    f"than its own {figures[one.total]:g}",
                    where=f"{total.agency}, {pd.Period(ordinal=total.period, freq='Q-DEC')}, "
                    f"{total.space.removeprefix('~')} {total.column}, groups {part.group!r} …",
                    mend="nested groups '<level>|<row>' part their level: correct the figures, or "
                    "name overlapping groups without '|' and leave their level out",
                )
            return
        if one.is_open or (left > NEAR and not np.isnan(parts).any()):
            total = names[one.total]
            remainder = self.number(
                total._replace(column=f"{total.column} {REMAINDER} {len(self.counts)}")
            )
            self.add([one.total, *one.parts, remainder], [*signs, -1])
            if one.quiet:
                self.quiet.add(remainder)
            return
        self.add([one.total, *one.parts], signs)

    def _add_possible_parts(self, figures: np.ndarray, below: int) -> np.ndarray:
        """Add that a user's own counts may be parts of others, where a small number would be left.

        Nobody says what they are parts of: 60 less 58 may be the 2 that is left out.
        """
        rows: dict[tuple[str, int, str], list[tuple[Count, float]]] = {}
        for count, figure in zip(self.counts, figures.tolist(), strict=True):
            if figure > 0:
                rows.setdefault((count.agency, count.period, count.group), []).append(
                    (count, figure)
                )
        for row in rows.values():
            own = [one for one in row if one[0].space[0] == OWN_SPACE]
            if len({count.space for count, _ in row}) > 1:
                for first, second in _possible_pairs(row, own):
                    self._add_possible_part(first, second, row, below)
        return np.append(figures, np.full(len(self.counts) - len(figures), np.nan))

    def _add_possible_part(
        self,
        one: tuple[Count, float],
        other: tuple[Count, float],
        row: Sequence[tuple[Count, float]],
        below: int,
    ) -> None:
        """Add the small remainder of one of two counts, or of a third that they leave one of."""
        (part, size), (total, whole) = sorted((one, other), key=lambda pair: pair[1])
        if 0 < whole - size < below:
            self._add_rest(total, (part,))
        small = {figure for _, figure in row if figure < below}
        for count, figure in row:
            if size >= below and figure - size - whole in small and _alike(count, part, total):
                self._add_rest(count, (part, total))

    def _add_rest(self, total: Count, parts: Sequence[Count]) -> None:
        name = " - ".join(
            count.column if count.space[0] != OWN_SPACE else count.space.removeprefix(OWN_SPACE)
            for count in (total, *parts)
        )
        own = next(count for count in (*parts, total) if count.space[0] == OWN_SPACE)
        rest = self.number(own._replace(column=name))
        numbers = [self.counts[count] for count in (total, *parts)]
        self.add([*numbers, rest], [1, *(-1 for _ in parts), -1])

    def small(self, figures: np.ndarray, below: int) -> np.ndarray:
        """Return the numbers of the counts that are small."""
        small = (figures > 0) & (figures < below)
        small[list(self.quiet)] = False
        return np.flatnonzero(small)

    def state_totals(self, figures: np.ndarray, below: int) -> None:
        """State the totals that are public elsewhere: none that is small itself."""
        for number in sorted(self.totals_elsewhere):
            if figures[number] >= below:
                self.printed.append((number, figures[number], ELSEWHERE))

    def state_quotients(self, figures: np.ndarray, below: int) -> np.ndarray:
        """State the counts that quotients give to within `below`, and return all figures.

        3.3 % of 60 is 2, or nearly so. What a quotient gives less closely only the attack uses.
        """
        quotient_figures = {}
        for quotient in self.quotients:
            top, bottom = figures[quotient.top], figures[quotient.bottom]
            for number, low, high in (
                (quotient.top, quotient.low * bottom, quotient.high * bottom),
                (quotient.bottom, top / quotient.high if quotient.high else math.nan,
                 top / quotient.low if quotient.low > 0 else math.nan),
            ):  # fmt: skip
                # NaN, where the other part has no figure, passes no comparison.
                if high - low < below:
                    figure = float(figures[number])
                    if math.isnan(figure):
                        figure = float(round((low + high) / 2))
                        if not low - NEAR <= figure <= high + NEAR:
                            figure = (low + high) / 2
                    quotient_figures[number] = figure
                    self.printed.append((number, figure, quotient.place))
        figures = figures.copy()
        figures[list(quotient_figures)] = list(quotient_figures.values())
        return self.follow(figures)

    def follow(self, figures: np.ndarray) -> np.ndarray:
        """Return figures with those that equations with one unknown give."""
        figures = figures.copy()
        equations = self._equations_of()
        gaps = np.isnan(figures).tolist()
        unknown = [sum(gaps[one] for one in numbers) for numbers in self.terms]
        ready = [at for at, number in enumerate(unknown) if number == 1]
        while ready:
            at = ready.pop()
            if unknown[at] != 1:
                continue
            numbers, signs = self.terms[at], self.signs[at]
            total = 0.0
            for number, sign in zip(numbers, signs, strict=True):
                if math.isnan(figures[number]):
                    gap, own = number, sign
                else:
                    total += sign * figures[number]
            figure = -total / own
            if figure < -NEAR and gap not in self.signed:
                # Nothing is counted less than never: the figures contradict the equation.
                self._contradicted.add(at)
                continue
            figures[gap] = figure
            for other in equations.get(gap, ()):
                unknown[other] -= 1
                if unknown[other] == 1:
                    ready.append(other)
        return figures

    def _equations_of(self) -> dict[int, list[int]]:
        """Return the equations in which each count is, made anew when there are others."""
        size, equations = self._equations
        if size != len(self.terms):
            equations = {}
            for at, numbers in enumerate(self.terms):
                for number in numbers:
                    equations.setdefault(number, []).append(at)
            self._equations = (len(self.terms), equations)
        return equations

    @cached_property
    def matrix(self) -> csr_array:
        """The equations as a matrix: a row each, times the counts is 0; first asked for settled."""
        from scipy.sparse import csr_array

        rows = np.repeat(np.arange(len(self.terms)), [len(one) for one in self.terms])
        columns = [number for one in self.terms for number in one]
        signs = [float(sign) for one in self.signs for sign in one]
        shape = (len(self.terms), len(self.counts))
        return csr_array((signs, (rows, np.array(columns, dtype="int64"))), shape=shape)


def _possible_pairs(
    row: Sequence[tuple[Count, float]], own: Sequence[tuple[Count, float]]
) -> Iterator[tuple[tuple[Count, float], tuple[Count, float]]]:
    """Yield the pairs of a user's own count and another one of the same row and basis."""
    for one in own:
        for other in row:
            # Each pair of two own ones once.
            again = other[0].space[0] == OWN_SPACE and other[0] <= one[0]
            if not again and _alike(one[0], other[0]):
                yield one, other


def _alike(*counts: Count) -> bool:
    """Return whether counts are of several indicators, and of one basis or of a point in time."""
    bases = {count.basis for count in counts} - {AS_OF}
    names = {(count.space, count.column) for count in counts}
    own = [count.space for count in counts if count.space[0] == OWN_SPACE]
    return len(bases) < 2 and len(names) == len(counts) and len(own) == len({*own})
