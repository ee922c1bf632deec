"""Which layout a table has, and what each of its columns and rows is in it.

One kind of layout is one function: by the words of headings, or by those of row labels. Each says
of the same anatomy what its columns and rows are, and how sure it is; the surest is chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import pandas as pd

from cchc_stats.reading.tables.anatomy import Anatomy, Row, rows_of, with_merges_inferred
from cchc_stats.reading.tables.layouts import Layout, Target, layouts, reason, value_lexicon
from cchc_stats.reading.tables.matching import LEAST, Match, words
from cchc_stats.reading.tables.periods import Slot, same_of, slot_of

ENOUGH = 0.6  # a table less sure than this has no form
APART = 0.05  # two forms closer than this are not told apart
BESIDE = 0.5  # the weight of a column that the form does not have, beside all that it has
CANDIDATES = 8  # layouts looked at closely


@dataclass(frozen=True, eq=False)
class Block:
    """Columns of figures that share a period and basis.

    Attributes
    ----------
    columns : column -> what it says of its figures; the row's label says the rest.
    slot : period and basis, None where the form and the row tell them.
    """

    columns: Mapping[int, Target]
    slot: Slot | None = None


@dataclass(frozen=True, eq=False)
class Choice:
    """A table read by one layout.

    Attributes
    ----------
    parts : the grids, taken apart.
    layout : the layout; score : how sure (0-1).
    blocks : its columns of figures.
    rows : the body; targets : for each row what its label is.
    key : the column that names the rows, None where there is none.
    matched, unmatched : headings, or row labels, that were and were not found.
    twice : columns whose heading may be two of the form's.
    """

    parts: Sequence[Anatomy]
    layout: Layout
    score: float
    blocks: tuple[Block, ...]
    rows: Sequence[Row]
    targets: Sequence[Match]
    key: int | None
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    twice: frozenset[int] = frozenset()

    @property
    def head(self) -> Anatomy:
        """Return the grid that has the headings."""
        return self.parts[0]

    @cached_property
    def columns(self) -> Mapping[int, Target]:
        """Return what each column of figures says."""
        return {column: target for one in self.blocks for column, target in one.columns.items()}


def choose(
    parts: list[Anatomy], period: pd.Period, basis: str
) -> tuple[list[Anatomy], Choice | None, str]:
    """Return a table as it was read, and how; None and why not where it has no form."""
    if not parts[0].headings:
        return parts, None, reason("no_heading")
    found = choices(parts, period, basis)
    if parts[0].grid.known_spans:
        again = [with_merges_inferred(parts[0]), *parts[1:]]
        others = choices(again, period, basis) if again[0] is not parts[0] else []
        if others and (not found or others[0].score > found[0].score):
            parts, found = again, others
    why = _doubt(found)
    return parts, None if why else found[0], why


def _doubt(found: Sequence[Choice]) -> str:
    """Return why the surest reading of a table is not taken, "" where it is."""
    if not found:
        return reason("no_form", near="-", score="0")
    best = found[0]
    if best.score < ENOUGH:
        return reason("no_form", near=best.layout.name, score=f"{best.score:.2f}")
    for other in found[1:]:
        if other.layout.forms != best.layout.forms and best.score - other.score < APART:
            return reason("two_forms", first=best.layout.name, second=other.layout.name)
    return ""


def choices(parts: Sequence[Anatomy], period: pd.Period, basis: str) -> list[Choice]:
    """Return how a table may be read, the surest first."""
    head = parts[0]
    # Layouts ask for the rows by few different columns of labels.
    rows_by = cache(lambda columns: rows_of(parts, columns))
    rows = rows_by(head.labels)
    known = {word for path in head.paths for level in path for word in words(level)}
    known |= {word for row in rows[:40] for word in words(row.label)}
    table = Table(parts, rows_by, period, basis)
    found = [KINDS[layout.axis](layout, table) for layout in _likely(frozenset(known))]
    return sorted(filter(None, found), key=lambda choice: -choice.score)


@lru_cache(maxsize=5_000)
def _likely(known: frozenset[str]) -> tuple[Layout, ...]:
    """Return the layouts that have most in common with the words of a table."""
    printed = sum(_rarity().get(word, 1.0) for word in known)
    ranked = sorted(layouts(), key=lambda layout: -_overlap(known, printed, layout))
    return tuple(ranked[:CANDIDATES])


def _overlap(known: frozenset[str], printed: float, layout: Layout) -> float:
    """Return how much of the words of a table and of a layout they share, the rarer the more.

    `printed` is what all words of the table weigh.
    """
    rare = _rarity()
    common = sum(rare[word] for word in known & layout.vocabulary)
    return common / (1 + printed) + common / (1 + _stated(layout))


@cache
def _stated(layout: Layout) -> float:
    rare = _rarity()
    return sum(rare[word] for word in layout.vocabulary)


@cache
def _rarity() -> Mapping[str, float]:
    having = Counter(word for layout in layouts() for word in layout.vocabulary)
    return {word: 1 / count for word, count in having.items()}


@dataclass(frozen=True, eq=False)
class Table:
    """What a kind of layout looks at: a table's parts, its rows by label columns, its period."""

    parts: Sequence[Anatomy]
    rows_by: Callable[[tuple[int, ...]], Sequence[Row]]
    period: pd.Period
    basis: str

    @property
    def head(self) -> Anatomy:
        """Return the grid that has the headings."""
        return self.parts[0]

    def is_blank(self, column: int) -> bool:
        """Return whether a column has neither heading nor any cell."""
        return not self.head.paths[column] and not any(
            part.grid.text_at(row, column) for part in self.parts for row in part.body
        )


# --- Headings name the form's columns -------------------------------------------------------------


def _by_headings(layout: Layout, table: Table) -> Choice | None:
    head = table.head
    free = _free_columns(layout, head)
    key = _key_column(layout, head, free)
    if layout.key is not None and key is None and (layout.codes or head.labels):
        return None
    others = [column for column in free if column != key and not table.is_blank(column)]
    matches = layout.headings.assign([head.paths[column] for column in others])
    found = _named(others, matches)
    if not found:
        return None
    rows = table.rows_by(head.labels if key is None else (key,))
    targets, told = _coded(layout, rows)
    return Choice(
        table.parts,
        layout,
        _score_of_headings(layout, matches) * told,
        (Block(found),),
        rows,
        targets,
        key,
        tuple(head.names[column] for column in found),
        tuple(head.names[column] for column in others if column not in found),
        _rivalled(others, matches),
    )


def _named(columns: Sequence[int], matches: Sequence[Match]) -> dict[int, Target]:
    pairs = zip(columns, matches, strict=True)
    return {column: match.name for column, match in pairs if match.name is not None}


def _rivalled(columns: Sequence[int], matches: Sequence[Match]) -> frozenset[int]:
    pairs = zip(columns, matches, strict=True)
    return frozenset(column for column, match in pairs if match.rival is not None)


def _coded(layout: Layout, rows: Sequence[Row]) -> tuple[list[Match], float]:
    """Return which of the form's rows each one is, and how sure that makes the layout."""
    if layout.codes is None:
        return [Match("", 1.0)] * len(rows), 1.0
    targets = layout.codes.assign([row.path[-1:] for row in rows])
    told = [match.score for row, match in zip(rows, targets, strict=True) if row.label]
    return targets, 0.3 + 0.7 * (sum(told) / len(told) if told else 0.0)


def _free_columns(layout: Layout, head: Anatomy) -> list[int]:
    apart = head.serials | head.notes
    free = [column for column in range(head.grid.columns) if column not in apart]
    if not layout.codes and layout.key is None and head.texts and layout.required:
        # A form of one row has no labels; words in a column of figures are told cell by cell.
        free = [column for column in free if column not in head.labels or head.paths[column]]
    return free


def _score_of_headings(layout: Layout, matches: Sequence[Match]) -> float:
    scores = [match.score for match in matches if match.name is not None]
    share = 1.0
    if layout.required:
        found = {match.name for match in matches if match.name is not None}
        share = len(layout.required & found) / len(layout.required)
    # Where the form is whole, what stands beside it (rates, "chờ bổ sung") counts less against it.
    # A heading that may be two of the form's speaks neither for it nor against it.
    strange = sum(match.name is None and match.rival is None for match in matches)
    beside = strange * (BESIDE if layout.required and share == 1.0 else 1.0)
    return sum(scores) / (len(scores) + beside) * (0.5 + 0.5 * share)


def _key_column(layout: Layout, head: Anatomy, free: Sequence[int]) -> int | None:
    if layout.key is None:
        return None
    scored = [
        (
            max(layout.key.scores(head.paths[column]).values(), default=0.0),
            column in head.texts,
            -column,
        )
        for column in free
    ]
    best = max(scored, default=(0.0, False, 0))
    return -best[2] if best[0] >= LEAST else None


# --- Row labels name the figures, columns their periods -------------------------------------------


def _by_labels(layout: Layout, table: Table) -> Choice | None:
    head = table.head
    if not head.labels:
        return None
    values = [column for column in head.figures if column not in head.labels]
    wholes = _wholes(layout, head, values)
    plain = [column for column in values if column not in wholes]
    slots = _slots(layout, table, plain)
    if not slots:
        return None
    rows = table.rows_by(head.labels)
    targets = layout.headings.assign([row.path for row in rows])
    told = _told_rows(rows, targets)
    score = _score_of_labels(layout, [match for _, match in told])
    if score is None:
        return None
    return Choice(
        table.parts,
        layout,
        score * (0.4 + 0.6 * (len(slots) + len(wholes)) / len(values)),
        _blocks(layout, slots, wholes),
        rows,
        targets,
        head.labels[0],
        tuple(label for label, match in told if match.name),
        tuple(label for label, match in told if not match.name),
    )


def _told_rows(rows: Sequence[Row], targets: Sequence[Match]) -> list[tuple[str, Match]]:
    """Return the labels of the rows that have figures; of all where none has any."""
    filled = any(row.figures for row in rows)
    return [
        (row.label, match)
        for row, match in zip(rows, targets, strict=True)
        if (row.figures or not filled) and row.label
    ]


def _score_of_labels(layout: Layout, matches: Sequence[Match]) -> float | None:
    clear = [match for match in matches if match.name or not match.rival]
    if not clear:
        return None
    found = {match.name for match in clear if match.name}
    recall = len(found & layout.required) / max(len(layout.required), 1)
    return sum(match.score for match in clear if match.name) / len(clear) * (0.75 + 0.25 * recall)


def _wholes(layout: Layout, head: Anatomy, values: Sequence[int]) -> list[int]:
    """Return the columns that say what the counts are out of."""
    if "of" not in layout.form.figures or len(values) < 2:
        return []
    scores = {column: value_lexicon().scores(head.paths[column]) for column in values}
    return [column for column, one in scores.items() if max(one.values(), default=0.0) > 0.9]


def _slots(layout: Layout, table: Table, plain: Sequence[int]) -> dict[int, Slot]:
    paths = table.head.paths
    told = {
        column: slot_of(paths[column], layout.form, table.period, table.basis, len(plain) == 1)
        for column in plain
    }
    return same_of({column: slot for column, slot in told.items() if slot}, paths)


def _blocks(layout: Layout, slots: Mapping[int, Slot], wholes: Sequence[int]) -> tuple[Block, ...]:
    """Return each column of counts with the columns of wholes that follow it, or stand alone."""
    blocks = []
    form = layout.forms[0]
    for column, slot in slots.items():
        after = min((other for other in slots if other > column), default=None)
        own = [one for one in wholes if one > column and (after is None or one < after)]
        columns = {column: Target(form, "", "")}
        for whole in wholes if len(slots) == 1 else own:
            columns[whole] = Target(form, "", "of")
        blocks.append(Block(columns, slot))
    return tuple(blocks)


Kind = Callable[[Layout, Table], Choice | None]
KINDS: Mapping[str, Kind] = {"columns": _by_headings, "rows": _by_labels}
