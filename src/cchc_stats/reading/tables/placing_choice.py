"""Which layout a table has, and what each of its columns and rows is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd

from cchc_stats.forms import Form, find_form
from cchc_stats.reading.tables.grid_headings import Anatomy
from cchc_stats.reading.tables.layouts import Layout, Target, layouts, value_lexicon
from cchc_stats.reading.tables.matching import LEAST, Match, words
from cchc_stats.reading.tables.placing_periods import Slot, same_of, slot_of
from cchc_stats.reading.tables.row_labels import Row, label_columns, rows_of

ENOUGH = 0.6  # a table less sure than this has no form
APART = 0.05  # two forms closer than this are not told apart
BESIDE = 0.5  # the weight of a column that the form does not have, beside all that it has
CANDIDATES = 8  # layouts looked at closely


@dataclass(frozen=True, eq=False)
class Choice:
    """A table read by one layout.

    Attributes
    ----------
    layout : the layout; score : how sure (0-1).
    columns : column -> target of its figures, where headings name the form's columns.
    slots : column -> period and basis, where row labels name them; wholes : columns of the whole.
    rows : the body; targets : for each row what its label is.
    key : the column that names the rows, None where there is none.
    matched, unmatched : headings, or row labels, that were and were not found.
    twice : columns whose heading may be two of the form's.
    """

    layout: Layout
    score: float
    columns: Mapping[int, Target]
    slots: Mapping[int, Slot]
    wholes: frozenset[int]
    rows: Sequence[Row]
    targets: Sequence[Match]
    key: int | None
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    twice: frozenset[int]


def choices(parts: Sequence[Anatomy], period: pd.Period, basis: str) -> list[Choice]:
    """Return how a table may be read, the surest first."""
    head = parts[0]
    labels = label_columns(head)
    # Layouts ask for the rows by few different columns of labels.
    rows_by = cache(lambda columns: rows_of(parts, columns))
    rows = rows_by(labels)
    known = {word for path in head.paths for level in path for word in words(level)}
    known |= {word for row in rows[:40] for word in words(row.label)}
    found = [
        choice
        for layout in _likely(frozenset(known))
        if (
            choice := _by_columns(layout, parts, labels, rows_by)
            if layout.axis == "columns"
            else _by_rows(layout, head, labels, rows, period, basis)
        )
    ]
    return sorted(found, key=lambda choice: -choice.score)


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


def _by_columns(
    layout: Layout,
    parts: Sequence[Anatomy],
    labels: tuple[int, ...],
    rows_by: Callable[[tuple[int, ...]], Sequence[Row]],
) -> Choice | None:
    head = parts[0]
    apart = head.serials | head.notes
    free = [column for column in range(head.grid.columns) if column not in apart]
    if not layout.codes and layout.key is None and head.texts and layout.required:
        # A form of one row has no labels; words in a column of figures are told cell by cell.
        free = [column for column in free if column not in labels or head.paths[column]]
    key = _key_column(layout, head, free)
    if layout.key is not None and key is None and (layout.codes or labels):
        return None
    blank = _blank(parts, free)
    others = [column for column in free if column != key and column not in blank]
    matches = layout.headings.assign([head.paths[column] for column in others])
    pairs = list(zip(others, matches, strict=True))
    columns = {column: match.name for column, match in pairs if match.name is not None}
    scores = [match.score for _, match in pairs if match.name is not None]
    if not scores:
        return None
    if layout.required:
        share = len(layout.required & set(columns.values())) / len(layout.required)
    else:
        share = 1.0
    # Where the form is whole, what stands beside it (rates, "chờ bổ sung") counts less against it.
    # A heading that may be two of the form's speaks neither for it nor against it.
    strange = sum(match.name is None and match.rival is None for _, match in pairs)
    beside = strange * (BESIDE if layout.required and share == 1.0 else 1.0)
    score = sum(scores) / (len(scores) + beside) * (0.5 + 0.5 * share)
    rows = rows_by((key,) if key is not None else labels)
    targets: list[Match] = [Match("", 1.0)] * len(rows)
    if layout.codes is not None:
        targets = layout.codes.assign([row.path[-1:] for row in rows])
        told = [match.score for row, match in zip(rows, targets, strict=True) if row.label]
        score *= 0.3 + 0.7 * (sum(told) / len(told) if told else 0.0)
    return Choice(
        layout,
        score,
        columns,
        {},
        frozenset(),
        rows,
        targets,
        key,
        tuple(head.names[column] for column, match in pairs if match.name),
        tuple(head.names[column] for column, match in pairs if not match.name),
        frozenset(column for column, match in pairs if match.rival is not None),
    )


def _blank(parts: Sequence[Anatomy], columns: Sequence[int]) -> set[int]:
    """Return the columns without a heading and without any cell."""
    head = parts[0]
    return {
        column
        for column in columns
        if not head.paths[column]
        and not any(part.grid.text_at(row, column) for part in parts for row in part.body)
    }


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


def _by_rows(
    layout: Layout,
    head: Anatomy,
    labels: Sequence[int],
    rows: Sequence[Row],
    period: pd.Period,
    basis: str,
) -> Choice | None:
    if not labels:
        return None
    form = find_form(layout.forms[0])
    values = [column for column in head.figures if column not in labels]
    wholes = frozenset(
        column
        for column in values
        if "of" in form.figures
        and len(values) > 1
        and max(value_lexicon().scores(head.paths[column]).values(), default=0.0) > 0.9
    )
    plain = [column for column in values if column not in wholes]
    slots = {
        column: slot
        for column in plain
        if (slot := _slot(head.paths[column], form, period, basis, len(plain) == 1))
    }
    if not slots:
        return None
    slots = same_of(slots, head.paths)
    targets = layout.headings.assign([row.path for row in rows])
    told = [
        (row, match)
        for row, match in zip(rows, targets, strict=True)
        if (row.figures or not any(one.figures for one in rows)) and row.label
    ]
    clear = [(row, match) for row, match in told if match.name or not match.rival]
    if not clear:
        return None
    found = {match.name for _, match in told if match.name}
    recall = len(found & layout.required) / max(len(layout.required), 1)
    score = sum(match.score for _, match in clear if match.name) / len(clear)
    score *= 0.75 + 0.25 * recall
    score *= 0.4 + 0.6 * (len(slots) + len(wholes)) / len(values)
    return Choice(
        layout,
        score,
        {},
        slots,
        wholes,
        rows,
        targets,
        labels[0],
        tuple(row.label for row, match in told if match.name),
        tuple(row.label for row, match in told if not match.name),
        frozenset(),
    )


@lru_cache(maxsize=10_000)
def _slot(
    path: tuple[str, ...], form: Form, period: pd.Period, basis: str, alone: bool
) -> Slot | None:
    return slot_of(path, form, period, basis, alone=alone)
