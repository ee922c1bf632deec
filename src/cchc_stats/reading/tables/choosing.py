"""Which layout a table has, and what each of its columns and rows is in it.

One kind of layout is one function: by the words of headings, or by those of row labels. Each tells
of the same anatomy what its columns and rows are, and how sure it is; the surest is chosen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.forms import Form, Identity, names_total
from cchc_stats.reading.files import Grid
from cchc_stats.reading.tables.account import holds_level
from cchc_stats.reading.tables.anatomy import (
    Anatomy,
    BodyRow,
    is_level_heading,
    is_sector,
    is_unit_heading,
    rows_of,
    unnumbered,
    with_merges_inferred,
)
from cchc_stats.reading.tables.layouts import (
    ADD,
    LEAST,
    SUM,
    Assignment,
    HeadingPath,
    Layout,
    Lexicon,
    Target,
    kept,
    layouts,
    list_layout,
    reason,
    stated,
    value_lexicon,
    words,
)
from cchc_stats.reading.tables.scope import (
    NOTHING,
    Scope,
    Slot,
    Time,
    Unread,
    default_slot,
    heading_slot,
    is_body,
    is_level,
    is_other,
    is_share,
    is_sum,
    is_this_period,
    is_time,
    level_of,
    parted,
    row_time,
    same_of,
    slot_of,
    with_heading,
    with_times_above,
)
from cchc_stats.reading.tables.times import made_of, timed
from cchc_stats.words import ALL, IN_PERIOD, fold, parse_number

_COLON = re.compile(r"\s*[:;]\s*|\s+[-–]\s+")
_OF_FORMS = re.compile(r"\b(?:tthc|thu tuc|ho so|van ban|bien che|hop dong|cap|muc do|so)\b")
LONGEST_UNIT = 60  # characters of the name of an agency
ENOUGH = 0.6  # a table less sure than this has no form
APART = 0.05  # two forms closer than this are alike
BESIDE = 0.5  # the weight of a column that the form does not have, beside all that it has
KEYED = 0.25  # the same, where a column names the rows as the form does
LACKING = 0.5  # how much less sure a table is that has none of the columns it should have
SOME = 0.15  # the same, where the words above it and its rows name its subject
CANDIDATES = 8  # layouts looked at closely
SURE_HEADING = 0.75  # a heading less like a column than this is that column if sums bear it out
SURE_ALONE = 0.9  # how like a column of a form a heading is that may stand without any other
DOUBT = 0.12  # names hardly less like a heading than the best may be meant as well
MOST_DOUBTFUL = 4  # columns that sums can tell apart
MOST_MET = 2_000  # tables whose layouts are remembered
LOOKED_AT = 40  # rows whose sums are looked at
_OF_LEDGER = {"dieu can biet", "so dong"}  # headings of what `write_form(quality=…)` adds


@dataclass(frozen=True, eq=False)
class Block:
    """Columns of figures that share a scope.

    Attributes
    ----------
    columns : column -> what its figures are; the label of the row adds the rest.
    scope : that of all of them in the headings: period and basis, level, agency, row.
    """

    columns: Mapping[int, Target]
    scope: Scope = Scope()


@dataclass(frozen=True, eq=False)
class Choice:
    """A table read by one layout.

    Attributes
    ----------
    parts : the grids, taken apart.
    layout : the layout; score : how sure (0-1).
    blocks : its columns of figures.
    rows : the body; targets : for each row what its label is; labels : the columns of these.
    key : the column that names the rows, None where there is none.
    unit, level, when : the columns that name agencies, levels, and times; None where there is none.
    sums : columns of figures that sum up the others; added : that are added to others.
    strange : column -> why its figures have no place.
    matched, unmatched : headings, or row labels, that are and are not of the form.
    twice : columns whose heading may be two of the form's.
    """

    parts: Sequence[Anatomy]
    layout: Layout
    score: float
    blocks: tuple[Block, ...]
    rows: Sequence[BodyRow]
    targets: Sequence[Assignment]
    key: int | None
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    unit: int | None = None
    level: int | None = None
    when: int | None = None
    sums: Mapping[int, Target] = field(default_factory=dict)
    added: Mapping[int, Target] = field(default_factory=dict)
    strange: Mapping[int, str] = field(default_factory=dict)
    labels: tuple[int, ...] = ()

    @property
    def head(self) -> Anatomy:
        """Return the grid that has the headings."""
        return self.parts[0]

    @cached_property
    def columns(self) -> Mapping[int, Target]:
        """Return the target of each column of figures."""
        return {column: target for one in self.blocks for column, target in one.columns.items()}


def choose(
    parts: list[Anatomy], period: pd.Period, basis: str
) -> tuple[list[Anatomy], Choice | None, str]:
    """Return a table as it was read, and how; None and why not where it has no form."""
    if no_form := _is_no_form(parts[0]):
        return parts, None, no_form
    read = choices(parts, period, basis)
    if parts[0].grid.known_spans:
        again = [with_merges_inferred(parts[0]), *parts[1:]]
        others = choices(again, period, basis) if again[0] is not parts[0] else []
        if others and (not read or others[0].score > read[0].score):
            parts, read = again, others
    why = _doubt(read, Table(parts, cache(lambda columns: rows_of(parts, columns)), period, basis))
    if why or read[0].layout.axis == "rows" and read[0].unmatched:
        listed = _as_list(parts, period, basis)
        if listed and (why or len(listed.matched) > len(read[0].matched)):
            return parts, listed, ""
    return parts, None if why else read[0], why


def _is_no_form(head: Anatomy) -> str:
    """Return why a table is of no form, whatever its words are; "" where it may be of one."""
    if not head.headings:
        return reason("no_heading")
    of_ledger = {fold(words) for path in head.paths for words in path} >= _OF_LEDGER
    return reason("of_ledger") if of_ledger else ""


def _as_list(parts: Sequence[Anatomy], period: pd.Period, basis: str) -> Choice | None:
    """Return a table as a list of figures of whatever forms, a row each; None where it is none."""
    rows_by = cache(lambda columns: rows_of(parts, columns))
    choice = _by_labels(list_layout(), Table(parts, rows_by, period, basis))
    if choice is None or choice.score < ENOUGH or len(choice.matched) < 2:
        return None
    return choice if len(choice.matched) >= len(choice.unmatched) else None


def _lacking_names(table: Table) -> str:
    """Return which form a table by unit would be of, if it named that form's rows; "" if none."""
    for layout in layouts() if table.unit is not None else ():
        if layout.codes is None or ALL in layout.form.rows or len(layout.required) < 2:
            continue
        paths = (table.head.paths[one] for one in table.head.figures)
        levels = (level for path in paths for level in path)
        if any(
            max(layout.codes.scores((one,)).values(), default=0.0) >= SURE_HEADING for one in levels
        ):
            continue
        headings = _Headings(layout, table, table.head.figures)
        if layout.required <= {*headings.targets.values()} and headings.score(keyed=True) >= ENOUGH:
            form, names = layout.form, ", ".join(map(layout.form.row_label, layout.form.rows))
            return reason("no_names", form=form.title, heading=form.heading(form.row), rows=names)
    return ""


def _of_other_times(table: Table) -> list[str]:
    """Return the headings of a table of which every column is of a month, a plan, a change."""
    paths = [table.head.paths[at] for at in table.head.figures]
    others = [next((level for level in path if is_other(level)), "") for path in paths]
    return [*dict.fromkeys(others)] if all(others) else []


def _doubt(read: Sequence[Choice], table: Table) -> str:
    """Return why the surest reading of a table is not taken, "" where it is."""
    if (not read or read[0].score < ENOUGH) and (others := _of_other_times(table)):
        return reason("no_scope", heading=", ".join(others))
    if not read:
        return _lacking_names(table) or reason("no_form", near="")
    best = read[0]
    if best.score < ENOUGH:
        near = reason("near", form=best.layout.title)
        return _lacking_names(table) or reason("no_form", near=near)
    for other in read[1:]:
        if other.layout.forms != best.layout.forms and best.score - other.score < APART:
            return reason("two_forms", first=best.layout.title, second=other.layout.title)
    return ""


def choices(parts: Sequence[Anatomy], period: pd.Period, basis: str) -> list[Choice]:
    """Return how a table may be read, the surest first."""
    head = parts[0]
    # Layouts ask for the rows by few different columns of labels.
    rows_by = cache(lambda columns: rows_of(parts, columns))
    rows = rows_by(head.labels)
    table = Table(parts, rows_by, period, basis)
    met, looks = _met(), table.looks(rows)
    if looks in met:
        return [replace(one, parts=parts, rows=rows_by(labels)) for labels, one in met[looks]]
    ranked = _ranked(table, rows)
    near = [one for one in ranked if ranked[0].score - one.score < APART]
    if near and not table.weighed and all(one.rows is rows_by(one.labels) for one in near):
        if len(met) >= MOST_MET:
            met.clear()
        met[looks] = [(one.labels, replace(one, parts=(), rows=())) for one in near]
    return ranked


def _ranked(table: Table, rows: Sequence[BodyRow]) -> list[Choice]:
    """Return how a table may be read by its likely layouts, the surest first."""
    printed = {word for path in table.head.paths for level in path for word in words(level)}
    printed |= {word for row in rows[:40] for word in words(row.label)}
    likely = [
        one
        for one in _under(table.caption, _likely(frozenset(printed)))
        if not _is_of_else(table.title, one)
    ]
    read = (KINDS[layout.axis](layout, table) for layout in likely)
    return sorted(filter(None, read), key=lambda choice: -choice.score)


@kept(1)
def _met() -> dict[Hashable, list[tuple[tuple[int, ...], Choice]]]:
    """Return the looks of tables met before -> how they are read: columns of labels, and the rest.

    Units of a province print one template quarter after quarter. Of a table in which figures had to
    tell what the words do not, or whose rows name times, nothing is kept.
    """
    return {}


@lru_cache(maxsize=5_000)
def _folded(texts: tuple[str, ...]) -> str:
    return fold(" ; ".join(texts))


@kept(5_000)
def _likely(printed: frozenset[str]) -> tuple[Layout, ...]:
    """Return the layouts that have most in common with the words of a table."""
    weight = sum(_rarity().get(word, 1.0) for word in printed)
    ranked = sorted(layouts(), key=lambda layout: -_overlap(printed, weight, layout))
    named = [one for one in ranked[CANDIDATES:] if one.caption]
    return (*ranked[:CANDIDATES], *named)


def _under(caption: str, likely: Sequence[Layout]) -> list[Layout]:
    """Return the layouts that a caption names, if it names any; those that need none elsewhere.

    A table that names its subject may be of that layout, whatever other words it has.
    """
    named = [one for one in likely if any(words in caption for words in one.caption)]
    if named:
        return named
    about = (one for one in layouts() if any(words in caption for words in one.about))
    return [*dict.fromkeys((*(one for one in likely if not one.caption), *about))]


def _is_of_else(title: str, layout: Layout) -> bool:
    """Return whether the words above a table name another subject than that of a layout."""
    others = any(words in title for words in layout.other)
    return others and not any(words in title for words in layout.about)


def _overlap(printed: frozenset[str], weight: float, layout: Layout) -> float:
    """Return how much of the words of a table and of a layout they share, the rarer the more.

    `weight` is what all words of the table weigh.
    """
    rare = _rarity()
    common = sum(rare[word] for word in printed & layout.vocabulary)
    return common / (1 + weight) + common / (1 + _stated(layout))


@kept(1_000)
def _stated(layout: Layout) -> float:
    rare = _rarity()
    return sum(rare[word] for word in layout.vocabulary)


@kept(1)
def _rarity() -> Mapping[str, float]:
    having = Counter(word for layout in layouts() for word in layout.vocabulary)
    return {word: 1 / count for word, count in having.items()}


@dataclass(frozen=True, eq=False)
class Table:
    """What a kind of layout looks at: a table's parts, its rows by label columns, its period."""

    parts: Sequence[Anatomy]
    rows_by: Callable[[tuple[int, ...]], Sequence[BodyRow]]
    period: pd.Period
    basis: str
    weighed: list[bool] = field(default_factory=list)  # not empty once figures were asked

    def looks(self, rows: Sequence[BodyRow]) -> Hashable:
        """Return all that tells the layout of a table, but for its figures."""
        head = self.head
        if any(
            is_level(row.label) or is_body(unnumbered(row.label)) for row in rows if row.figures
        ):
            self.weighed.append(True)  # whether it sums up others its figures tell
        kinds = (head.serials, head.notes, head.texts, head.measures, head.deep)
        blank = tuple(map(self.is_blank, range(head.grid.columns)))
        wordy = (*head.labels, *head.measures)
        body = tuple(
            (
                *(row.serial, row.path, row.figures, row.rank, row.total, row.detail, row.groups),
                *(row.group, row.blank, row.below),
                *(row.label, *[row.grid.text_at(row.number, column) for column in wordy]),
            )
            for row in rows
        )
        return head.paths, kinds, blank, body, self.caption, self.title, self.period, self.basis

    @property
    def head(self) -> Anatomy:
        """Return the grid that has the headings."""
        return self.parts[0]

    @cached_property
    def caption(self) -> str:
        """Return the words above a table, and its own titles and headings, folded."""
        return _folded((self.head.grid.caption, *self.head.title_texts, *self.head.names))

    @cached_property
    def title(self) -> str:
        """Return the words above a table that are no sentence, folded."""
        above = self.head.grid.caption
        return _folded(("" if above.endswith((".", ";")) else above, *self.head.title_texts))

    @cached_property
    def level(self) -> int | None:
        """Return the column that names levels, None where there is none."""
        for column in self.head.labels:
            path = self.head.paths[column]
            if path and is_level_heading(path[-1]) and len(self.head.labels) > 1:
                return column
        return None

    @cached_property
    def unit(self) -> int | None:
        """Return the column that names agencies, None where there is none."""
        columns = (column for column in self.head.labels if self._names_units(column))
        return next((column for column in columns if column != self.mixed), None)

    def _names_units(self, column: int) -> bool:
        names = [
            text
            for part in self.parts
            for row in part.body
            if (text := unnumbered(part.grid.text_at(row, column)))
            and not (is_level(text) or is_time(text))
        ]
        taught = stated().get("agencies", {})
        bodies = sum(is_body(name) or name in taught for name in names)
        path = self.head.paths[column]
        called = bool(path) and is_unit_heading(path[-1])
        # "Xã, phường" stands above bare names: "An Mẫu", "STP".
        bare = bodies * 4 >= len(names) or not any(map(_names_no_unit, names))
        return bool(names) and (bodies * 2 > len(names) or called and bare)

    @cached_property
    def mixed(self) -> int | None:
        """Return the column in which agencies head their sectors, None where there is none."""
        for column in self.head.labels:
            path = self.head.paths[column]
            names_both = bool(path) and is_unit_heading(path[-1]) and "linh vuc" in fold(path[-1])
            for row in self.rows_by((column,)):
                label = unnumbered(row.label)
                if not any(map(is_body, row.groups)) or row.total or is_body(label):
                    continue
                if is_sector(label) or names_both and not is_level(label):
                    return column
        return None

    @cached_property
    def when(self) -> int | None:
        """Return the column that names times, None where there is none."""
        for column in self.head.labels:
            names = [
                text
                for part in self.parts
                for row in part.body
                if (text := self.time_at(part.grid, row, column))
                and not names_total(text, takes_all=True)
            ]
            if sum(map(is_time, names)) * 2 > len(names):
                return column
        return None

    def time_at(self, grid: Grid, row: int, column: int) -> str:
        """Return a text that may name a time, with a heading that it goes on with: "Quý III"."""
        path = self.head.paths[column]
        return with_heading(path[-1] if path else "", grid.text_at(row, column))

    def timed(
        self, rows: Sequence[BodyRow], form: Form, label: int | None, *, labelled: bool = False
    ) -> Sequence[BodyRow]:
        """Return rows with the times that they name, in their labels or in a column beside them."""
        apart = self.when is not None and self.when != label
        at = self.when if apart else label
        times = [self.time_at(row.grid, row.number, at) if at is not None else "" for row in rows]
        if not any(map(is_time, times)):
            return rows

        def time_in(text: str) -> Time | None:
            return row_time(text, form, self.period, self.basis)

        return timed(rows, times, time_in, self.period, apart=apart, labelled=labelled)

    def is_blank(self, column: int) -> bool:
        """Return whether a column has neither heading nor any cell."""
        return not self.head.paths[column] and not any(
            part.grid.text_at(row, column) for part in self.parts for row in part.body
        )


# --- Headings name the form's columns -------------------------------------------------------------


def _by_headings(layout: Layout, table: Table) -> Choice | None:
    unit = table.unit
    level = table.level if holds_level(layout.form) else None
    free = [column for column in _free_columns(layout, table) if column not in (unit, level)]
    key = _key_column(layout, table, free)
    if layout.key is not None and key is None and not _names_rows_otherwise(layout, table):
        return None
    when = table.when
    if key is None and unit is None:
        key = when
    others = [one for one in free if one not in (key, when) and not table.is_blank(one)]
    headings = _Headings(layout, table, others)
    if not headings.named:
        return None
    named_in = unit if key is None else key
    labels = _label_columns(table, key)
    rows = table.timed(table.rows_by(labels), layout.form, named_in)
    targets, sureness = _coded(layout, table, rows, by_unit=key is None)
    matched, unmatched = headings.names()
    return Choice(
        table.parts,
        layout,
        headings.score(keyed=key is not None or unit is not None) * sureness,
        headings.blocks(),
        rows,
        targets,
        named_in,
        matched,
        unmatched,
        unit=unit,
        level=level,
        when=when,
        sums=headings.sums,
        added=headings.added,
        strange=headings.strange,
        labels=labels,
    )


def _names_no_unit(name: str) -> bool:
    """Return whether a name is that of no agency: a usual sector, words of a form, a sentence."""
    return is_sector(name) or len(name) > LONGEST_UNIT or bool(_OF_FORMS.search(fold(name)))


def _label_columns(table: Table, key: int | None) -> tuple[int, ...]:
    """Return the columns whose words are the labels of the rows."""
    if key is None:
        return table.head.labels if table.unit is None else (table.unit,)
    return (key,)


def _names_rows_otherwise(layout: Layout, table: Table) -> bool:
    """Return whether a table without the column of the rows' names may still be of a form."""
    if layout.codes:
        # A row an agency is its total, where the form has such a row.
        return table.unit is not None and ALL in layout.form.rows
    if table.unit is not None or table.when is not None:
        return bool(layout.form.wholes.get(layout.free, False))
    return not table.head.labels


def _free_columns(layout: Layout, table: Table) -> list[int]:
    head = table.head
    apart = head.serials | head.notes | head.measures
    free = [column for column in range(head.grid.columns) if column not in apart]
    if not layout.codes and layout.key is None and head.texts and layout.required:
        # A form of one row has no labels; words in a column of figures are left cell by cell.
        free = [column for column in free if column not in head.labels or head.paths[column]]
    return free


_Reading = tuple[Mapping[int, Assignment], Mapping[int, Mapping[Target, float]]]


class _Group(NamedTuple):
    """What some headings of one scope mean by their words, whatever figures stand below them.

    `readings` are what the columns are, each with the columns whose words do not tell which of
    several they are: by their own words, and of flat headings also below the totals before them.
    """

    scope: Scope
    readings: tuple[_Reading, ...]


@kept(5_000)
def _by_words(
    layout: Layout, columns: tuple[tuple[int, HeadingPath], ...], period: pd.Period, basis: str
) -> tuple[tuple[_Group, ...], Mapping[int, str]]:
    """Return the groups of columns with their paths, and why others are of no scope.

    Reports of one template ask for the same again and again.
    """
    strange: dict[int, str] = {}
    scopes: dict[Scope, dict[int, HeadingPath]] = {}
    for column, path in columns:
        read = _scoped(path, layout, period, basis)
        if isinstance(read, str):
            strange[column] = read
        else:
            scopes.setdefault(read[0], {})[column] = read[1]
    return tuple(_group_of(layout, scope, paths) for scope, paths in scopes.items()), strange


def _group_of(layout: Layout, scope: Scope, paths: Mapping[int, HeadingPath]) -> _Group:
    plain = _reading(layout, paths)
    unsure = any(one.name is None or one.score < SURE_HEADING for one in plain[0].values())
    if unsure and any(len(path) == 1 for path in paths.values()):
        totals = {one.total for one in layout.form.identities}
        nested = _reading(layout, _in_order(paths, plain[0], totals))
        if nested[0] != plain[0]:
            return _Group(scope, (plain, nested))
    return _Group(scope, (plain,))


def _reading(layout: Layout, paths: Mapping[int, HeadingPath]) -> _Reading:
    """Return what columns are by their words, and what those may be whose words do not tell."""
    matches = dict(zip(paths, layout.headings.assign([*paths.values()]), strict=True))
    likely = {column: _may_be(layout, paths[column], one) for column, one in matches.items()}
    return matches, {column: names for column, names in likely.items() if names}


def _may_be(layout: Layout, path: HeadingPath, match: Assignment) -> dict[Target, float]:
    """Return what a column may be whose words do not tell it for sure; {} where they do."""
    if match.name is not None and (match.score >= SURE_HEADING or match.name.row):
        return {}
    scores = layout.headings.scores(path)
    best = max(scores.values(), default=0.0)
    if best < LEAST:
        return {}
    likely = {name: one for name, one in scores.items() if one >= best - DOUBT}
    judged = _judged(layout.form)
    return likely if all(name.column in judged and not name.row for name in likely) else {}


class _Headings:
    """What the headings of some columns mean: of when and of which level, and what is counted."""

    def __init__(self, layout: Layout, table: Table, columns: Sequence[int]) -> None:
        self.layout, self.table, self.columns = layout, table, columns
        self.targets: dict[int, Target] = {}
        self.sums: dict[int, Target] = {}
        self.added: dict[int, Target] = {}
        self.strange: dict[int, str] = {}
        self._scores: list[float] = []
        self._scopes: dict[int, Scope] = {}
        self._name()

    def _name(self) -> None:
        paths = with_times_above({one: self.table.head.paths[one] for one in self.columns})
        columns = tuple(paths.items())
        groups, strange = _by_words(self.layout, columns, self.table.period, self.table.basis)
        self.strange |= strange
        for group in groups:
            for column, match in self._matches(group).items():
                self._take(column, group.scope, match)

    def _matches(self, group: _Group) -> Mapping[int, Assignment]:
        """Return what each column is; where words do not tell, the order and the sums must."""
        proved = [self._proved(*reading) for reading in group.readings]
        # Of readings that are borne out alike the first.
        matches, strange = (
            max(proved, key=lambda one: self._balance(one[0])) if len(proved) > 1 else proved[0]
        )
        self.strange |= strange
        return matches

    def _balance(self, matches: Mapping[int, Assignment]) -> tuple[int, int]:
        """Return how many more identities hold than not, and how many columns are named."""
        at = {match.name.column: column for column, match in matches.items() if match.name}
        held = [self._holds(identity, at) for identity in self.layout.form.identities]
        return held.count(True) - held.count(False), len(at)

    def _holds(self, identity: Identity, at: Mapping[str, int]) -> bool | None:
        """Return whether an identity holds in most rows of the columns; None if it is not judged.

        What is counted within a part or beside it, as early dossiers are, may be either.
        """
        if identity.op != "=" or not {identity.total, *identity.parts} <= {*at}:
            return None
        given = [name for name in identity.where_given if name in at]
        parts = [at[name] for name in (*identity.parts, *given)]
        within = [at[name] for name in _within(self.layout.form, identity) if name in at]
        held = [
            total in (sum(some), sum(some) + sum(figure or 0 for figure in beside))
            for row in self._figure_rows()
            for total, some, beside in [_terms(row, at[identity.total], parts, within)]
            if total is not None
        ]
        return None if not held else held.count(True) * 2 >= len(held)

    def _figure_rows(self) -> Iterator[tuple[Grid, int]]:
        self.table.weighed.append(True)
        for part in self.table.parts:
            yield from ((part.grid, row) for row in part.body[:LOOKED_AT])

    def _proved(
        self, matches: Mapping[int, Assignment], doubtful: Mapping[int, Mapping[Target, float]]
    ) -> tuple[Mapping[int, Assignment], dict[int, str]]:
        """Return the matches; what words alone do not tell, the table's own sums must.

        "Tiếp nhận" may be all that was received or what came in anew; "Cấp mới" is neither. Beside
        them why columns have no name.
        """
        if not doubtful:
            return matches, {}
        sure = {column: one for column, one in matches.items() if column not in doubtful}
        taken = {one.name for one in sure.values() if one.name}
        guessed = self._best_guess(sure, doubtful, taken)
        totals = self._totals(sure, guessed, doubtful, taken)
        guessed |= totals
        matched = sure | {
            column: Assignment(name, doubtful[column][name]) if name else Assignment(None, 0.0)
            for column, name in guessed.items()
        }
        matched |= {column: Assignment(name, SURE_HEADING) for column, name in totals.items()}
        nameless = (column for column, name in guessed.items() if name is None)
        strange = {column: self._doubt_of(column, doubtful, taken) for column in nameless}
        return {column: matched[column] for column in matches}, strange

    def _totals(
        self,
        sure: Mapping[int, Assignment],
        guessed: Mapping[int, Target | None],
        doubtful: Mapping[int, Mapping[Target, float]],
        taken: set[Target],
    ) -> dict[int, Target]:
        """Return the totals that columns are which may be a total or its part.

        "Tiếp nhận" is all that was received where the table has no column for a part of it, and
        has no row in which less was received than settled.
        """
        at = _columns_at({column: one.name for column, one in sure.items()} | {**guessed})
        totals: dict[int, Target] = {}
        for column, names in doubtful.items():
            total = None if guessed[column] else _total_of(self.layout.form, names, {*at})
            free = total is not None and total not in {*taken, *totals.values()}
            if total is not None and free and self._is_most(column, total, at):
                totals[column] = total
        return totals

    def _is_most(self, column: int, total: Target, at: Mapping[str, int]) -> bool:
        """Return whether in no row the parts of a total that have columns are more than it."""
        for identity in self.layout.form.identities:
            if identity.op != "=" or identity.total != total.column:
                continue
            parts = [at[name] for name in identity.parts if name in at]
            for grid, row in self._figure_rows():
                most, *figures = (
                    parse_number(grid.text_at(row, one)).value for one in (column, *parts)
                )
                if most is not None and sum(figure or 0 for figure in figures) > most:
                    return False
        return True

    def _doubt_of(
        self, column: int, doubtful: Mapping[int, Mapping[Target, float]], taken: set[Target]
    ) -> str:
        """Return why a column has no name: it may be several, or the sums speak against it."""
        others = {name for at, some in doubtful.items() if at != column for name in some}
        several = len(doubtful[column]) > 1 or {*doubtful[column]} & (others | taken)
        return "two_columns" if several else "unproved"

    def _best_guess(
        self,
        sure: Mapping[int, Assignment],
        doubtful: Mapping[int, Mapping[Target, float]],
        taken: Collection[Target],
    ) -> dict[int, Target | None]:
        """Return what doubtful columns are, where the sums bear out one reading of them."""
        alone = {column for column, some in doubtful.items() if len(some) < 2}
        best: tuple[int, float, Sequence[Target | None]] = (-1, 0.0, [None] * len(doubtful))
        likely = [[*({*some} - {*taken}), None] for some in doubtful.values()]
        for guess in product(*likely) if len(doubtful) <= MOST_DOUBTFUL else ():
            guessed: dict[int, Target | None] = dict(zip(doubtful, guess, strict=True))
            held = self._held_by(sure, guessed, alone)
            if held is None:
                continue
            alike = sum(doubtful[at][name] for at, name in guessed.items() if name)
            if (held, alike) > best[:2]:
                best = held, alike, guess
            elif (held, alike) == best[:2]:
                # Two readings that the sums bear out alike tell what they have in common.
                pairs = zip(best[2], guess, strict=True)
                best = *best[:2], tuple(one if one == other else None for one, other in pairs)
        return dict(zip(doubtful, best[2], strict=True))

    def _held_by(
        self, sure: Mapping[int, Assignment], guessed: Mapping[int, Target | None], alone: set[int]
    ) -> int | None:
        """Return how many identities bear guesses out; None where one of them is borne out by none.

        A guess that no identity can judge is borne out by its words, if nothing else is like them.
        """
        at = _columns_at({column: one.name for column, one in sure.items()} | {**guessed})
        names = {name.column for name in guessed.values() if name}
        if len({name for name in guessed.values() if name}) < sum(map(bool, guessed.values())):
            return None
        proved, contradicted, held = self._judged_by(names, at)
        clear = {*_columns_at({column: guessed[column] for column in alone})}
        return None if contradicted or names - proved - clear else held

    def _judged_by(self, names: set[str], at: Mapping[str, int]) -> tuple[set[str], set[str], int]:
        """Return which columns identities bear out, which they contradict, and how many hold."""
        judging = [one for one in self.layout.form.identities if names & {*one.columns}]
        holding = [one for one in judging if self._holds(one, at)]
        failing = [one for one in judging if self._holds(one, at) is False]
        proved = {name for one in holding for name in one.columns}
        failed = {name for one in failing for name in one.columns}
        return proved, names & failed - proved, len(holding)

    def _take(self, column: int, scope: Scope, match: Assignment) -> None:
        if match.name is None:
            if match.rival is not None:
                self.strange[column] = "two_columns"
        elif match.name.row == SUM:
            self.sums[column] = match.name
        elif match.name.row == ADD:
            self.added[column] = match.name
        else:
            self.targets[column] = match.name
            self._scopes[column] = scope
            self._scores.append(match.score)

    @property
    def named(self) -> set[int]:
        """Return the columns whose headings are of the form."""
        return {*self.targets, *self.sums, *self.added}

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the headings that are of the form, and those that are not."""
        names = self.table.head.names
        matched = tuple(names[column] for column in self.columns if column in self.named)
        return matched, tuple(names[one] for one in self.columns if one not in self.named)

    def blocks(self) -> tuple[Block, ...]:
        """Return the columns of figures by their scope, in the order of the table."""
        groups: dict[Scope, dict[int, Target]] = {}
        for column in sorted(self.targets):
            groups.setdefault(self._scopes[column], {})[column] = self.targets[column]
        return tuple(Block(columns, scope) for scope, columns in groups.items())

    def score(self, *, keyed: bool) -> float:
        """Return how sure it is that these are the headings of the form (0-1)."""
        layout, share = self.layout, 1.0
        if layout.required:
            share = len(layout.required & {*self.targets.values()}) / len(layout.required)
        # Shares and other columns that a form never has speak neither for it nor against it, nor
        # does a heading that may be two of the form's.
        apart = {*self.targets, *self.sums, *self.added, *self.strange}
        strange = sum(column not in apart for column in self.columns)
        complete = layout.required and share == 1.0
        beside = strange * (KEYED if keyed else BESIDE if complete else 1.0)
        scores = [*self._scores]
        lacking = (SOME if keyed and self._are_some() else LACKING) * (1.0 - share)
        return sum(scores) / (len(scores) + beside) * (1.0 - lacking) if scores else 0.0

    def _are_some(self) -> bool:
        """Return whether a table that is about the form's matter has some of its columns."""
        required = self.layout.required & {*self.targets.values()}
        if not any(one in self.table.caption for one in self.layout.about):
            return False
        # One of them alone is enough in its own words, or side by side of several times.
        times = {(scope.period, scope.basis) for scope in self._scopes.values()}
        least = SURE_HEADING if len(times) > 1 else SURE_ALONE
        return len(required) > 1 or bool(required) and min(self._scores) >= least


@lru_cache(maxsize=100)
def _judged(form: Form) -> frozenset[str]:
    """Return the columns that a sum of the form judges."""
    return frozenset(name for one in form.identities if one.op == "=" for name in one.columns)


@kept(20_000)
def _scoped(
    path: HeadingPath, layout: Layout, period: pd.Period, basis: str
) -> tuple[Scope, HeadingPath] | str:
    """Return the scope that headings name and the rest of them, or why none is understood."""
    if is_share(path):
        return "share"
    form, scope, rest = layout.form, NOTHING, []
    for depth, level in enumerate(path):
        leaf = depth == len(path) - 1
        top = not depth and not leaf
        slot, level = _timed_heading(level, form, (period, basis), scope, leaf=leaf, top=top)
        if slot is not None:
            scope = Scope(period=slot[0], basis=slot[1]).within(scope)
        if is_level(level) and form.row != "level":
            scope = Scope(level=level_of(level)).within(scope)
        elif is_body(level):
            scope = Scope(agency=level).within(scope)
        elif is_other(level) and not {*words(level)} <= layout.vocabulary:
            return "no_scope"
        elif level:
            rest.append(level)
    return scope, tuple(rest)


def _timed_heading(
    text: str, form: Form, usual: Slot, above: Scope, *, leaf: bool, top: bool
) -> tuple[Slot | None, str]:
    """Return the period and basis that a heading names, and the rest of it."""
    period, basis = usual
    year = above.period.year if above.period is not None else 0
    slot = heading_slot(text, form, period, basis, leaf=leaf, year=year)
    if slot is not None or top and is_this_period(text):
        return slot or default_slot(form, period, basis), ""
    rest, time = parted(text)
    slot = heading_slot(time, form, period, basis, leaf=True, year=year) if time else None
    return (None, text) if slot is None else (slot, rest)


def _total_of(form: Form, names: Collection[Target], there: set[str]) -> Target | None:
    """Return the total among names of which the others are parts, if no part has its own column."""
    columns = {name.column: name for name in names}
    for identity in form.identities:
        if identity.op != "=" or identity.total not in columns:
            continue
        parts = {*identity.parts}
        if len(columns) > 1 and {*columns} - {identity.total} <= parts and not parts & there:
            return columns[identity.total]
    return None


def _columns_at(names: Mapping[int, Target | None]) -> dict[str, int]:
    """Return the form's columns that are named -> where they stand."""
    return {name.column: column for column, name in names.items() if name is not None}


def _within(form: Form, identity: Identity) -> list[str]:
    """Return the columns that are counted within the parts of an identity, or beside them."""
    parts = {*identity.parts}
    return [one.total for one in form.identities if one.op == "<=" and {*one.parts} <= parts]


def _terms(
    row: tuple[Grid, int], total: int, parts: Sequence[int], within: Sequence[int]
) -> tuple[float | None, list[float], list[float | None]]:
    """Return a row's total, its parts and what is within them; None where one is no figure."""
    grid, number = row
    values = {at: parse_number(grid.text_at(number, at)).value for at in (total, *parts, *within)}
    some = [figure for at in parts if (figure := values[at]) is not None]
    figure = values[total] if len(some) == len(parts) else None
    return figure, some, [values[at] for at in within]


def _in_order(
    paths: Mapping[int, HeadingPath], matches: Mapping[int, Assignment], totals: Collection[str]
) -> dict[int, HeadingPath]:
    """Return flat headings below the total that stands before them: "Quá hạn" below the pending."""
    nested: dict[int, HeadingPath] = {}
    above = ""
    for column, path in paths.items():
        name = matches[column].name
        if name is not None and name.column in totals:
            above = path[-1]
            nested[column] = path
        else:
            nested[column] = (above, *path) if above and len(path) == 1 else path
    return nested


def _key_column(layout: Layout, table: Table, free: Sequence[int]) -> int | None:
    """Return the column that names the rows; agencies that head sectors stand among these."""
    head = table.head
    if layout.key is None:
        return None
    scored = [
        (_names_rows(layout, head.paths[column]), column in head.texts, -column) for column in free
    ]
    best = max(scored, default=(0.0, False, 0))
    if best[0] >= LEAST:
        return -best[2]
    free_names = layout.codes is None and layout.form.wholes.get(layout.free, False)
    return table.mixed if free_names else None


def _names_rows(layout: Layout, path: HeadingPath) -> float:
    """Return how surely a heading is that of the rows; levels name them where nothing else does."""
    assert layout.key is not None
    score = max(layout.key.scores(path).values(), default=0.0)
    beside = layout.form.row != "level" and bool(path) and is_level_heading(path[-1])
    return min(score, LEAST) if beside else score


def _coded(
    layout: Layout, table: Table, rows: Sequence[BodyRow], *, by_unit: bool
) -> tuple[list[Assignment], float]:
    """Return which of the form's rows each one is, and how sure that makes the layout."""
    if layout.codes is None or by_unit:
        return [Assignment("", 1.0)] * len(rows), 1.0
    paths = [() if row.owner >= 0 else row.path[-1:] for row in rows]
    targets = _of_owners(_by_unit(table.unit, rows, paths, layout.codes), rows)
    scores = [
        match.score for row, match in zip(rows, targets, strict=True) if row.label and row.owner < 0
    ]
    return targets, 0.3 + 0.7 * (sum(scores) / len(scores) if scores else 0.0)


def _by_unit(
    unit: int | None, rows: Sequence[BodyRow], paths: Sequence[HeadingPath], names: Lexicon[Any]
) -> list[Assignment]:
    """Return what each row is; a table of several agencies has each name once for each of them."""
    if unit is None:
        return names.assign(paths)
    groups: dict[str, list[int]] = {}
    last = ""
    for at, row in enumerate(rows):
        last = row.grid.text_at(row.number, unit) or last
        groups.setdefault(last, []).append(at)
    matches: dict[int, Assignment] = {}
    for group in groups.values():
        matches |= zip(group, names.assign([paths[at] for at in group]), strict=True)
    return [matches[at] for at in range(len(rows))]


# --- Row labels name the figures, columns their periods, sectors, units or levels -----------------


def _by_labels(layout: Layout, table: Table) -> Choice | None:
    head = table.head
    if not head.labels:
        return None
    values = [column for column in head.figures if column not in head.labels]
    denominators = _denominators(layout, head, values)
    plain = [column for column in values if column not in denominators]
    unit, labels = _unit_and_labels(layout, table)
    rows = table.timed(table.rows_by(labels), layout.form, labels[0], labelled=True)
    paths = _label_paths(layout, rows, head)
    targets = _of_owners(_by_unit(unit, rows, paths, layout.headings), rows)
    columns = _Columns(layout, table, plain, rows, targets)
    if not columns.blocks:
        return None
    counted = _counted_rows(rows, targets, head)
    score = _score_of_labels(layout, [match for _, match in counted])
    if score is None:
        return None
    strange = _other_columns(head, plain, columns)
    read = len(columns.blocks) + len(columns.sums) + len(denominators)
    return Choice(
        table.parts,
        layout,
        score * (0.4 + 0.6 * read / (len(values) - len(strange))),
        _with_denominators(layout, columns.blocks, denominators),
        rows,
        targets,
        labels[0],
        tuple(label for label, match in counted if match.name),
        tuple(label for label, match in counted if not match.name),
        unit=unit,
        sums=columns.sums,
        strange=strange,
        labels=labels,
    )


def _unit_and_labels(layout: Layout, table: Table) -> tuple[int | None, tuple[int, ...]]:
    """Return the column of agencies, where each row names its own, and those of what is counted."""
    labels = table.head.labels
    unit = table.unit if len(labels) > 1 and not layout.is_list else None
    return unit, tuple(column for column in labels if column != unit)


def _other_columns(head: Anatomy, values: Sequence[int], columns: _Columns) -> dict[int, str]:
    """Return the columns of shares, plans and months, which are none of the report's, and why."""
    read = {at for block in columns.blocks for at in block.columns} | {*columns.sums}
    paths = {at: head.paths[at] for at in values if at not in read and head.paths[at]}
    shares = {at: "share" for at, path in paths.items() if is_share(path)}
    return shares | {
        at: "no_scope" for at, path in paths.items() if at not in shares and is_other(path[-1])
    }


def is_share_row(row: BodyRow, head: Anatomy) -> bool:
    """Return whether a row holds shares: by its label, that above it, or the unit it counts in."""
    measures = [row.grid.text_at(row.number, column) for column in head.measures]
    above = (*row.path[:-1], *row.groups)
    under = any(fold(unnumbered(label)).startswith("ty le") for label in above)
    return under or any(is_share([text]) for text in (row.label, *measures))


def _label_paths(layout: Layout, rows: Sequence[BodyRow], head: Anatomy) -> list[HeadingPath]:
    """Return for each row its label below what it stands under; a row of shares takes no name.

    In a list of the figures of several forms a label may go on with the total above it: "Quá hạn"
    below "Số hồ sơ đang giải quyết: Tổng số".
    """
    heading = zip(_that_only_head(rows), rows, strict=True)
    nameless = [heads or is_share_row(row, head) for heads, row in heading]
    if not layout.is_list:
        return [() if none else row.path for row, none in zip(rows, nameless, strict=True)]
    paths: list[HeadingPath] = []
    above = ""
    for row, none in zip(rows, nameless, strict=True):
        if none:
            paths.append(())
            continue
        levels = tuple(part.strip() for part in _COLON.split(unnumbered(row.label)) if part.strip())
        own = (*row.path[:-1], *levels)
        paths.append(_likeliest(layout, (levels, own, *([(above, *levels)] if above else []))))
        if len(levels) > 1 or "tong" in words(row.label) or not row.figures:
            above = next(iter(levels), "")
    return paths


def _that_only_head(rows: Sequence[BodyRow]) -> list[bool]:
    """Return which rows take no name: those that only head others, or name a time of one above."""
    owners = {row.owner for row in rows}
    below = [*rows[1:], None]
    heads = (at not in owners and _only_heads(row, below[at]) for at, row in enumerate(rows))
    return [one or row.owner >= 0 for one, row in zip(heads, rows, strict=True)]


def _of_owners(targets: Sequence[Assignment], rows: Sequence[BodyRow]) -> list[Assignment]:
    """Return what rows are, those that name a time being what the row above them is."""
    return [
        match if row.owner < 0 else targets[row.owner]
        for row, match in zip(rows, targets, strict=True)
    ]


def _only_heads(row: BodyRow, below: BodyRow | None) -> bool:
    """Return whether a row names what follows and counts nothing: it takes no name from others."""
    if row.figures or below is None or not below.figures:
        return False
    return len(below.path) > len(row.path) and below.path[: len(row.path)] == row.path


def _likeliest(layout: Layout, paths: Sequence[HeadingPath]) -> HeadingPath:
    """Return that of several paths which is most like a name of the layout; the first if none is.

    Of a label alone, below what it stands under, and below the total before it: the headings of a
    list speak of many things; those below them have their own words where these suffice.
    """
    return max(paths, key=lambda path: max(layout.headings.scores(path).values(), default=0.0))


class _Columns:
    """What the columns of figures are where row labels name what is counted."""

    def __init__(
        self,
        layout: Layout,
        table: Table,
        columns: Sequence[int],
        rows: Sequence[BodyRow],
        targets: Sequence[Assignment],
    ) -> None:
        self.layout, self.table, self.columns = layout, table, columns
        self.rows = [row for row, match in zip(rows, targets, strict=True) if match.name]
        self.blocks: list[Block] = []
        self.sums: dict[int, Target] = {}
        slots = self._slots()
        # A column that names a period names no sector; where all do, there is nothing to look for.
        look = len(slots) < len(columns) or any(map(self._is_total, columns))
        named = {one: scope for one in columns if look and (scope := self._named(one))}
        total = [column for column in columns if self._is_total(column)]
        if named and self._are_parts(named, total):
            self.sums = {column: Target(layout.forms[0], "", "") for column in total}
            self._open({column: scope for column, scope in named.items() if column not in total})
        else:
            self._open(slots)

    def _slots(self) -> dict[int, Scope]:
        """Return the columns that name a period, or only that they hold the figures."""
        paths, table, form = self.table.head.paths, self.table, self.layout.form
        alone = len(self.columns) == 1
        named = {
            column: slot_of(paths[column], form, table.period, table.basis, alone)
            for column in self.columns
        }
        named |= self._sums_of_times(named)
        slots = same_of({column: slot for column, slot in named.items() if slot}, paths)
        usual = default_slot(form, table.period, table.basis)
        # A column that names none has for each form the period and basis that are usual in it.
        return {
            column: NOTHING if slot == usual else Scope(period=slot[0], basis=slot[1])
            for column, slot in slots.items()
        }

    def _sums_of_times(self, named: Mapping[int, Slot | None]) -> dict[int, Slot | None]:
        """Return the columns that sum up those of times, with the time that these make."""
        table, form = self.table, self.layout.form
        last = {at: path[-1] for at in named if (path := table.head.paths[at])}
        sums = [at for at, leaf in last.items() if is_sum(leaf)]
        times = [
            named[at] or row_time(leaf, form, table.period, table.basis)
            for at, leaf in last.items()
            if at not in sums and is_time(leaf)
        ]
        until = {
            one
            for one in times
            if one and (isinstance(one, Unread) or one[0] <= table.period and one[1] == IN_PERIOD)
        }
        return dict.fromkeys(sums, made_of(until, table.period)) if until else {}

    def _named(self, column: int) -> Scope | None:
        """Return the sector, agency or level that a column names; None where it names none."""
        table, form = self.table, self.layout.form
        scope, names = NOTHING, []
        for level in table.head.paths[column]:
            slot = heading_slot(level, form, table.period, table.basis, leaf=False)
            if slot is not None:
                scope = Scope(period=slot[0], basis=slot[1]).within(scope)
            elif is_share([level]) or is_other(level):
                return None
            elif is_level(level):
                names.append(Scope(level=level_of(level)))
            elif is_body(level):
                names.append(Scope(agency=level))
            else:
                names.append(Scope(row=level))
        rows = [name for name in names if name.row]
        if len(rows) > 1 or rows and not form.wholes.get(form.row, False) or not names:
            return None
        for name in names:
            scope = name.within(scope)
        return scope

    def _is_total(self, column: int) -> bool:
        path = self.table.head.paths[column]
        return bool(path) and names_total(path[-1], takes_all=True)

    def _are_parts(self, named: Mapping[int, Scope], total: Sequence[int]) -> bool:
        """Return whether columns are those of sectors, units or levels.

        Agencies, levels and usual sectors are; other names where a total beside them is their sum.
        """
        parts = {column: scope for column, scope in named.items() if column not in total}
        if not parts:
            return False
        sure = [scope for scope in parts.values() if not scope.row or is_sector(scope.row)]
        if len(sure) * 2 > len(parts):
            return True
        held = [self._sums_up(row, column, parts) for column in total for row in self.rows]
        return len(parts) > 1 and sum(held) * 2 > len(held)

    def _sums_up(self, row: BodyRow, total: int, parts: Iterable[int]) -> bool:
        self.table.weighed.append(True)
        texts = [row.grid.text_at(row.number, column) for column in (total, *parts)]
        figures = [parse_number(text).value for text in texts]
        return None not in figures and figures[0] == sum(figure or 0 for figure in figures[1:])

    def _open(self, scopes: Mapping[int, Scope]) -> None:
        form = self.layout.forms[0]
        self.blocks = [Block({at: Target(form, "", "")}, scope) for at, scope in scopes.items()]


def _counted_rows(
    rows: Sequence[BodyRow], targets: Sequence[Assignment], head: Anatomy
) -> list[tuple[str, Assignment]]:
    """Return the labels of the rows that have figures, of all where none has any; not of shares."""
    filled = any(row.figures for row in rows)
    owners = {row.owner for row in rows}
    return [
        (row.label, match)
        for at, (row, match) in enumerate(zip(rows, targets, strict=True))
        if (row.figures or not filled or at in owners)
        and row.label
        and row.owner < 0
        and not is_share_row(row, head)
    ]


def _score_of_labels(layout: Layout, matches: Sequence[Assignment]) -> float | None:
    clear = [match for match in matches if match.name or not match.rival]
    if not clear:
        return None
    if layout.is_list:
        named = [match.score for match in clear if match.name]
        return sum(named) / max(len(named), 1) * (0.5 + 0.5 * len(named) / len(clear))
    names = {match.name for match in clear if match.name}
    recall = len(names & layout.required) / max(len(layout.required), 1)
    return sum(match.score for match in clear if match.name) / len(clear) * (0.75 + 0.25 * recall)


def _denominators(layout: Layout, head: Anatomy, values: Sequence[int]) -> list[int]:
    """Return the columns of the denominators of counts."""
    if "of" not in layout.form.figures or len(values) < 2:
        return []
    scores = {column: value_lexicon().scores(head.paths[column]) for column in values}
    return [column for column, one in scores.items() if max(one.values(), default=0.0) > 0.9]


def _with_denominators(
    layout: Layout, blocks: Sequence[Block], denominators: Sequence[int]
) -> tuple[Block, ...]:
    """Return each column of counts with the columns of denominators behind it, or alone."""
    joined = []
    starts = [min(block.columns) for block in blocks]
    for block, column in zip(blocks, starts, strict=True):
        after = min((other for other in starts if other > column), default=None)
        own = [one for one in denominators if one > column and (after is None or one < after)]
        of = dict.fromkeys(
            denominators if len(blocks) == 1 else own, Target(layout.forms[0], "", "of")
        )
        joined.append(Block({**block.columns, **of}, block.scope))
    return tuple(joined)


Kind = Callable[[Layout, Table], Choice | None]
KINDS: Mapping[str, Kind] = {"columns": _by_headings, "rows": _by_labels}
