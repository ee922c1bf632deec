"""`place`: the tables of a document go into the forms, and every cell is accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

import numpy as np
import pandas as pd

from cchc_stats.reading.files import TEXT, WHOLE, Document, Grid, Paragraph, typed_rows
from cchc_stats.reading.report import MATCHES
from cchc_stats.reading.tables.account import Account
from cchc_stats.reading.tables.grid_headings import (
    Anatomy,
    corner_texts,
    take_apart,
    with_merges_inferred,
)
from cchc_stats.reading.tables.placing_choice import APART, ENOUGH, Choice, choices
from cchc_stats.reading.tables.placing_figures import fill
from cchc_stats.reading.tables.placing_leftovers import (
    Setting,
    leave_unplaced,
    reason,
    say_structure,
)
from cchc_stats.reading.tables.placing_page_breaks import goes_on_below
from cchc_stats.reading.tables.placing_periods import own_windows
from cchc_stats.reading.tables.placing_slots import first_told, own_slots
from cchc_stats.words import IN_PERIOD, Window

_INSIDE = re.compile(r"(?:^|, )(?:đoạn \d+|tiêu đề)$")


@dataclass(frozen=True, eq=False)
class Placed:
    """The tables of a document, placed.

    Attributes
    ----------
    columns : form code -> column -> texts as printed: `agency, period, basis`, the form's columns,
        `window_start, window_end` where a table's title states its own days, `source`.
    unplaced : `text, place, reason` of what has no place, and of notes in words.
    totals : `form, period, basis, column, printed, source` of printed totals above or below their
        parts.
    matches : for each table and form `grid, place, form, layout, score` (0-1), and the headings
        found and not found; form "" where the table has none.
    places : for each figure `form`, `row` of its frame, `column`, `place`, `text`.
    cells : what is known of every cell.
    """

    columns: Mapping[str, dict[str, list[str]]]
    unplaced: pd.DataFrame
    totals: pd.DataFrame
    matches: pd.DataFrame
    places: pd.DataFrame
    cells: Account

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The columns as frames, for who wants to look at them."""
        return {
            code: pd.DataFrame({name: pd.array(texts, dtype=TEXT) for name, texts in one.items()})
            for code, one in self.columns.items()
        }

    @cached_property
    def account(self) -> pd.DataFrame:
        """Each cell that is not empty, and its one role.

        Frame `grid, row, column, text, role`, and of figures `form, form_row, form_column`.
        """
        # Asked for by few: a report has a thousand cells.
        return self.cells.account()


def place(
    document: Document,
    *,
    agency: str,
    period: pd.Period,
    basis: str = IN_PERIOD,
    windows: Iterable[tuple[Window, str]] = (),
) -> Placed:
    """Return the forms that the tables of a document hold, and an account of every cell.

    Tables are known by the words of their headings and labels, not by their order; one that no
    form is like, or two forms are equally like, is left unplaced with the reason. Nothing is
    guessed: a row without headings, a column that the form does not have, a second figure for the
    same place come back in `unplaced`.

    Parameters
    ----------
    document : as `read_document` returns it.
    agency : who reports.
    period, basis : the report's quarter, and `in_period` or `year_to_date`; a table whose title,
        caption, sheet or appendix names another has that.
    windows : stated days and the place of the paragraph that states them, as in `Head.windows`.

    Returns
    -------
    Placed. An empty cell is "", a dash stays a dash. Where "trước hạn" is counted beside "đúng
    hạn" (form II.06a of Circular 01/2020/TT-VPCP), settled on time is the sum of the two.

    Examples
    --------
    >>> from cchc_stats.reading.files.document import Cell
    >>> printed = [["Tổng số văn bản đi", "Văn bản giấy", "VBĐT"], ["1380", "65", "1315"]]
    >>> cells = tuple(
    ...     Cell(row, column, 1, 1, text, text)
    ...     for row, texts in enumerate(printed) for column, text in enumerate(texts)
    ... )
    >>> grid = Grid(1, "bảng 1", "", "", cells, 2, 3, known_spans=True)
    >>> placed = place(
    ...     Document("bc.docx", "docx", (grid,), ()), agency="Sở A", period=pd.Period("2020Q3"))
    >>> placed.tables["documents"][["sent_total", "sent_electronic"]].values.tolist()
    [['1380', '1315']]
    >>> placed.account["role"].tolist()
    ['heading', 'heading', 'heading', 'figure', 'figure', 'figure']
    """
    account = Account(document)
    stated_days = own_windows(document, windows)
    slots = own_slots(document, period)
    sources = _sources(document)
    matches: list[tuple[object, ...]] = []
    for table in _tables(document):
        slot = first_told(_titles(table[0]), period) or slots.get(table[0].grid.number)
        quarter, flow = slot or (period, basis)
        parts, chosen, why = _choose(table, quarter, flow)
        head = parts[0]
        for part in parts:
            say_structure(account, part)
        source = sources[head.grid.number]
        if chosen is None:
            _all_unplaced(account, parts, source, why)
            matches.append((head.grid.number, head.grid.place, "", "", 0.0, "", ""))
            continue
        setting = Setting(account, quarter, flow, source, stated_days.get(head.grid.number))
        fill(setting, head, chosen)
        # The law of the account: what nothing was said of has no place.
        _all_unplaced(account, parts, source, reason("no_row", form=chosen.layout.forms[0]))
        for form in chosen.layout.forms:
            found, lost = "; ".join(chosen.matched), "; ".join(chosen.unmatched)
            name, score = chosen.layout.name, round(chosen.score, 3)
            matches.append((head.grid.number, head.grid.place, form, name, score, found, lost))
    return Placed(
        account.columns(agency),
        account.unplaced_frame(),
        account.totals(),
        _matches(matches),
        account.places(),
        account,
    )


def _matches(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(rows, columns=list(MATCHES))
    numbers = {"grid": WHOLE, "score": np.dtype("float64")}
    return typed_rows(rows, dict.fromkeys(MATCHES, TEXT) | numbers)


def _tables(document: Document) -> list[list[Anatomy]]:
    """Return the tables, each with the grids that go on with it after a page break."""
    tables: list[list[Anatomy]] = []
    for grid in document.grids:
        anatomy = take_apart(grid)
        if tables and _goes_on(tables[-1], anatomy):
            tables[-1].append(anatomy)
        else:
            tables.append([anatomy])
    return tables


def _goes_on(table: list[Anatomy], anatomy: Anatomy) -> bool:
    head, grid = table[0], anatomy.grid
    if not head.has_headings or head.grid.columns != grid.columns:
        return False
    if head.grid.section != grid.section:
        return False
    if not anatomy.has_headings:
        return not anatomy.titles and goes_on_below(head, table[-1], anatomy)
    if _titles(anatomy) not in ([], _titles(head)):
        return False
    return _headings(head) == _headings(anatomy) and table[-1].grid.caption == grid.caption


def _titles(anatomy: Anatomy) -> list[str]:
    """Return the texts of the rows above a table's headings."""
    grid = anatomy.grid
    cells = (grid.covering(row, column) for row in anatomy.titles for column in range(grid.columns))
    return [*dict.fromkeys(cell.text for cell in cells if cell and cell.text)]


def _headings(anatomy: Anatomy) -> list[list[str]]:
    texts = corner_texts(anatomy.grid)
    return [texts[row] for row in anatomy.headings]


def _choose(
    parts: list[Anatomy], period: pd.Period, basis: str
) -> tuple[list[Anatomy], Choice | None, str]:
    """Return a table as it was read, and how; None and why not where it has no form."""
    if not parts[0].has_headings:
        return parts, None, reason("no_heading")
    found = choices(parts, period, basis)
    if parts[0].grid.known_spans:
        again = [with_merges_inferred(parts[0]), *parts[1:]]
        others = choices(again, period, basis) if again[0] is not parts[0] else []
        if others and (not found or others[0].score > found[0].score):
            parts, found = again, others
    if not found:
        return parts, None, reason("no_form", near="-", score="0")
    best = found[0]
    if best.score < ENOUGH:
        why = reason("no_form", near=best.layout.name, score=f"{best.score:.2f}")
        return parts, None, why
    for other in found[1:]:
        if other.layout.forms != best.layout.forms and best.score - other.score < APART:
            why = reason("two_forms", first=best.layout.name, second=other.layout.name)
            return parts, None, why
    return parts, best, ""


def _all_unplaced(account: Account, parts: list[Anatomy], source: str, why: str) -> None:
    for part in parts:
        for row in account.rows_left(part.grid):
            at = f"{source}; {part.grid.place}, hàng {row + 1}"
            leave_unplaced(account, part.grid, row, range(part.grid.columns), at, why)


def _sources(document: Document) -> dict[int, str]:
    """Return for each table where it stands: document: section; caption."""
    name = PurePath(document.name).stem
    found: dict[int, str] = {}
    here = ""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            here = _INSIDE.sub("", block.place)
        elif isinstance(block, Grid):
            parts = [here if block.section else block.place, block.caption.strip(" -:")]
            parts[1] = parts[1] or block.place * bool(parts[0] != block.place)
            found[block.number] = f"{name}: {'; '.join(part for part in parts if part)}"
    return found
