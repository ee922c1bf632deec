"""`place`: the tables of a document go into the forms, and every cell is accounted for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import ALWAYS, STOCK, Form, find_form
from cchc_stats.forms import SUM as SUMMED
from cchc_stats.reading.files import INTEGER, TEXT, Document, Grid, Paragraph, look, typed_rows
from cchc_stats.reading.report import MATCHES
from cchc_stats.reading.tables.account import (
    Account,
    Entry,
    Key,
    PrintedText,
    Share,
    Total,
    holds_level,
)
from cchc_stats.reading.tables.anatomy import (
    Anatomy,
    BodyRow,
    aligned,
    is_figure,
    is_serial,
    is_total,
    names_whom,
    sums_up,
    tables_of,
    unnumbered,
)
from cchc_stats.reading.tables.choosing import Block, Choice, choose, is_share_row
from cchc_stats.reading.tables.layouts import (
    Assignment,
    Target,
    lesson,
    reason,
    stated,
    with_names,
    words,
)
from cchc_stats.reading.tables.scope import (
    DOUBT,
    LEVELS,
    NOTHING,
    SEVERAL,
    Scope,
    Slot,
    SourcedScope,
    Unread,
    default_slot,
    first_time,
    is_body,
    is_level,
    is_share,
    is_time,
    level_of,
    names_no_counts,
    nearer,
    note_quarter,
    own_scopes,
    own_slots,
    own_windows,
    titled_scope,
    with_heading,
)
from cchc_stats.words import (
    ALL,
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    administrative_level,
    fold,
    parse_number,
)

LEVEL_NAMES = {level_of(name): name for name in ("Cấp tỉnh", "Cấp huyện", "Cấp xã")}
LAGGING = 3  # years in which reports go on with words that are no longer in use
_PARENTHESES = re.compile(r"\([^()]*\)")
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
        that are and are not of the form; form "" where the table has none.
    places : for each figure `form`, `row` of its frame, `column`, `place`, `text`.
    cells : the role of every cell.
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
    layouts: str | Path | None = None,
) -> Placed:
    """Return the forms that the tables of a document hold, and an account of every cell.

    Tables are recognised by the words of their headings and labels, not by their order; one that no
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
    layouts : a TOML file of own names beside those of `layouts.toml`.

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
    with with_names(layouts):
        return _placed(document, agency, (period, basis), windows)


def _placed(
    document: Document, agency: str, slot: Slot, windows: Iterable[tuple[Window, str]]
) -> Placed:
    period, basis = slot
    document = aligned(document)
    account = Account(document)
    stated_days = own_windows(document, windows)
    own = own_slots(document, period)
    whose = own_scopes(document, agency)
    sources = _sources(document)
    matches: list[tuple[object, ...]] = []
    for table in tables_of(document):
        look(table[0].grid.place)
        number = table[0].grid.number
        named = nearer(first_time(table[0].title_texts, period), own.get(number))
        time, words, piece = named or ((period, basis), "", "")
        source = sources[number]
        its = (period, basis) if isinstance(time, Unread) else (time[0], time[1] or basis)
        parts, chosen, why = choose(table, *its)
        form_unclear = chosen is None and isinstance(time, Unread) and time.reason == SEVERAL
        if isinstance(time, Unread) and not (form_unclear or _tells_times(time, chosen)):
            chosen, why = None, reason(time.reason, words=time.words)
        of = titled_scope(table[0].title_texts, agency) or whose.get(number)
        if other := _other_level(chosen, of, agency):
            chosen, why = None, other
        for part in parts:
            mark_structure(account, part)
        if chosen is not None:
            days, by = stated_days.get(number), set_by("period", piece, words)
            fill(Setting(account, *its, source, days, by, _sure(of)), chosen)
            why = reason("no_row", form=chosen.layout.title)
        # The law of the account: what has no role has no place.
        _all_unplaced(account, parts, source, why)
        matches += _matches_of(parts[0].grid, chosen)
    return Placed(
        account.columns(agency),
        account.unplaced_frame(),
        account.totals(),
        _matches(matches),
        account.places(),
        account,
    )


def _other_level(chosen: Choice | None, of: SourcedScope | None, agency: str) -> str:
    """Return why a table has no place that is of an unclear agency, or of a level without a form.

    A table of the sender's own level is all that it has.
    """
    if chosen is None or of is None or chosen.unit is not None:
        return ""
    if of.piece == DOUBT:
        return reason("whose_table", words=of.words)
    if chosen.layout.is_list:
        return ""
    form = chosen.layout.form
    own = ("", administrative_level(agency))
    if of.scope.level in own or holds_level(form) or form.row == "level":
        return ""
    return reason("level_table", words=of.words, form=form.title)


def _sure(of: SourcedScope | None) -> SourcedScope | None:
    return None if of is not None and of.piece == DOUBT else of


def _tells_times(time: Unread, chosen: Choice | None) -> bool:
    """Return whether a table's headings or rows part the several times that its caption names."""
    if time.reason != SEVERAL or chosen is None:
        return False
    parted = any(block.scope.period is not None for block in chosen.blocks)
    return parted or any(row.time is not None for row in chosen.rows)


def _matches_of(grid: Grid, chosen: Choice | None) -> list[tuple[object, ...]]:
    if chosen is None:
        return [(grid.number, grid.place, "", "", 0.0, "", "")]
    layout, score = chosen.layout, round(chosen.score, 3)
    matched, lost = "; ".join(chosen.matched), "; ".join(chosen.unmatched)
    # Of a list, the forms of its rows.
    forms = {match.name.form for match in chosen.targets if match.name} if layout.is_list else ()
    return [
        (grid.number, grid.place, form, layout.name, score, matched, lost)
        for form in layout.forms
        if not layout.is_list or form in forms
    ]


def _matches(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(rows, columns=list(MATCHES))
    numbers = {"grid": INTEGER, "score": np.dtype("float64")}
    return typed_rows(rows, dict.fromkeys(MATCHES, TEXT) | numbers)


def _all_unplaced(account: Account, parts: list[Anatomy], source: str, why: str) -> None:
    for part in parts:
        for row in account.rows_left(part.grid):
            at = f"{source}; {part.grid.place}, {part.grid.row_name(row)}"
            leave_unplaced(account, part.grid, row, range(part.grid.columns), at, why)


def _sources(document: Document) -> dict[int, str]:
    """Return for each table where it stands: document: section; caption."""
    name = PurePath(document.name).stem
    sources: dict[int, str] = {}
    here = ""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            here = _INSIDE.sub("", block.place)
        elif isinstance(block, Grid):
            parts = [here if block.section else block.place, block.caption.strip(" -:")]
            parts[1] = parts[1] or block.place * bool(parts[0] != block.place)
            sources[block.number] = f"{name}: {'; '.join(part for part in parts if part)}"
    return sources


# --- Filling a form -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Setting:
    """The surroundings of a table, and the rows of forms that it fills."""

    account: Account
    period: pd.Period
    basis: str
    source: str
    window: Window | None
    set_by: str = ""
    own: SourcedScope | None = None  # whose and of which level the words around it say it is
    keys: dict[tuple[str, Key], None] = field(default_factory=dict)
    _rows: dict[BodyRow, tuple[str, str]] = field(default_factory=dict)

    def place(self, row: BodyRow) -> str:
        """Return where a row stands."""
        return "".join(self._around(row))

    def cell(self, row: BodyRow, column: int, head: Anatomy) -> str:
        """Return where a cell stands: its row, in a sheet the cell, and the headings above it."""
        before, after = self._around(row)
        if row.grid.origin is not None:
            before += f", {row.grid.cell_name(row.number, column)}"
        return f"{before}{after}, cột '{head.names[column]}'"

    def _around(self, row: BodyRow) -> tuple[str, str]:
        """Return what stands before and after the name of a cell of a row."""
        if row not in self._rows:
            label = f", dòng '{row.label}'" if row.label else ""
            name = row.grid.row_name(row.number)
            self._rows[row] = f"{self.source}; {row.grid.place}, {name}", label
        return self._rows[row]


class Verdict(NamedTuple):
    """What a row of the body is: `figures` of the form's row `name`, or why it is none of them."""

    kind: str  # figures, totals, labels, below, unplaced
    name: str = ""
    why: str = ""


def fill(setting: Setting, choice: Choice) -> None:
    """Put a table's figures into its forms."""
    if choice.layout.axis == "columns":
        _fill_by_headings(setting, choice)
    else:
        _fill_by_labels(setting, choice)
    if len(choice.layout.forms) == 1:
        keys = [key for _, key in setting.keys]
        add_parts(setting.account, choice, keys)
        tell_apart(setting.account, choice, keys)


def mark_structure(account: Account, anatomy: Anatomy) -> None:
    """Account for the headings and formula rows of a grid."""
    for kind, rows in (
        ("heading", (*anatomy.titles, *anatomy.headings)),
        ("formula_row", anatomy.formulas),
    ):
        for row in rows:
            for column in range(anatomy.grid.columns):
                account.mark((anatomy.grid.number, row, column), kind)


# --- Headings name the form's columns -------------------------------------------------------------


def _fill_by_headings(setting: Setting, choice: Choice) -> None:
    several = sum(
        bool(row.figures) and not (row.total or row.group or names_no_counts(row.label))
        for row in choice.rows
    )
    for row, match in zip(choice.rows, choice.targets, strict=True):
        verdict = _verdict(choice, row, match, several)
        if verdict.kind == "figures":
            why = _taken(setting, choice, row, verdict.name)
            verdict = Verdict("unplaced", why=why) if why else verdict
        if verdict.kind == "figures":
            for block in choice.blocks:
                _put_row(setting, choice, row, block, Target("", verdict.name, ""))
            _sums(setting, choice, row, Target("", verdict.name, ""))
            _add_to(setting, choice, row, verdict.name)
            _keep_shares(setting, choice, row, verdict.name)
            mark_labels(setting, choice, row, placed=True)
        elif verdict.kind == "totals":
            _totals(setting, choice, row, verdict.name)
        elif verdict.kind == "labels":
            if not row.label and choice.layout.key is None and choice.unit is None:
                _open_blank(setting, choice, row)
            mark_labels(setting, choice, row, placed=True)
        else:
            _leave_row(setting, choice, row, verdict.why)


def _keep_shares(setting: Setting, choice: Choice, row: BodyRow, code: str) -> None:
    """Keep the shares that stand beside the counts of a row of the report's own."""
    columns = [column for column, why in choice.strange.items() if why == "share"]
    # They are held as those of prose are: of forms that are told there by their balance.
    if not columns or len(choice.blocks) != 1 or choice.layout.form.in_prose != "balance":
        return
    key = _key(setting, choice, choice.blocks[0], row, choice.layout.form, code)
    if key.agency:
        return
    group = "|".join(
        part for part in (LEVEL_NAMES.get(key.level, key.level), key.row) if part != ALL
    )
    for column in columns:
        text = row.grid.text_at(row.number, column).strip(" %")
        named = _share_named(choice.head.paths[column])
        if is_figure(text) and parse_number(text).value is not None:
            place = setting.cell(row, column, choice.head)
            share = Share(f"{named}: {text}%", place, key.period, key.basis, group or ALL)
            setting.account.shares.append(share)


def _share_named(path: Sequence[str]) -> str:
    """Return what a column of shares is of: "Tỷ lệ (%)" below "Đúng hạn" of those on time."""
    *above, leaf = path
    leaf = _PARENTHESES.sub("", leaf).strip()
    return leaf if len(words(leaf)) > 2 or not above else f"{leaf} {above[-1]}"


def _leave_row(setting: Setting, choice: Choice, row: BodyRow, why: str) -> None:
    """Account for a row that the form has no place for: the sum of its rows lacks it."""
    columns = range(row.grid.columns)
    leave_unplaced(setting.account, row.grid, row.number, columns, setting.place(row), why)
    its_own = row.time is None and not names_no_counts(row.label)
    if row.figures and not row.detail and choice.unit is None and its_own:
        form, named = choice.layout.form, row.label or row.grid.row_name(row.number)
        period, basis = default_slot(form, setting.period, setting.basis)
        setting.account.left_out[form.code, "", period.ordinal, basis, named] = None


def _lack(setting: Setting, choice: Choice, row: BodyRow) -> None:
    """Keep a row that is refused: what is summed up in each of its times lacks it."""
    named = row.label or row.grid.row_name(row.number)
    for block in choice.blocks:
        key = _key(setting, choice, block, row, choice.layout.form, "")
        lacking = choice.layout.form.code, key.agency, key.period.ordinal, key.basis, named
        setting.account.left_out[lacking] = None


def _verdict(choice: Choice, row: BodyRow, match: Assignment, several: int) -> Verdict:
    verdict = _verdict_of_row(choice, row, match, several)
    is_sum = verdict.kind == "figures" and _sums_units(choice, row)
    return verdict._replace(kind="totals") if is_sum else verdict


def _verdict_of_row(choice: Choice, row: BodyRow, match: Assignment, several: int) -> Verdict:
    form = choice.layout.form
    if not row.figures and not _has_target(row, choice):
        return Verdict("below", why=reason("below")) if row.below else Verdict("labels")
    if why := _no_counts(row):
        return Verdict("unplaced", why=why)
    has_all = bool(form.wholes.get(form.row, False)) or ALL in form.rows
    if not row.sums and _sums_rows(choice, row) and (row.group or several or not has_all):
        return Verdict("totals")
    why = reason("detail") if row.detail else _no_scope(choice, row)
    if why:
        return Verdict("unplaced", why=why)
    if choice.layout.key is None:
        return _verdict_of_one(choice, row, several)
    return _named_verdict(choice, row, match, is_all=several <= 1 and has_all)


def _verdict_of_one(choice: Choice, row: BodyRow, several: int) -> Verdict:
    """Return what a row is in a form of one row: of several rows with names the total alone."""
    alone = several < 2 or choice.unit is not None or row.time is not None
    if alone or row.total or not row.label:
        return Verdict("figures")
    return Verdict("unplaced", why=reason("part_row", form=choice.layout.form.title))


def _sums_rows(choice: Choice, row: BodyRow) -> bool:
    """Return whether a row sums up others: a total, or a group in a table that names its rows."""
    named = choice.key is not None
    return row.total and (named or choice.layout.key is not None) or row.group and named


def _no_scope(choice: Choice, row: BodyRow) -> str:
    """Return why a row is of a level, or of no time, that the table has no place for."""
    return _no_level(choice, row) or _no_time_of(choice, row)


def _no_level(choice: Choice, row: BodyRow) -> str:
    """Return why a row of a level has no place in a form that has none."""
    form = choice.layout.form
    level = _row_scope(choice, row).level
    if level not in LEVELS or holds_level(form) or choice.unit is not None or form.row == "level":
        return ""
    return reason("no_level", form=form.title)


def _named_verdict(choice: Choice, row: BodyRow, match: Assignment, *, is_all: bool) -> Verdict:
    if _names_time(choice, row):
        return _verdict_of_time(choice, row, match)
    coded = choice.layout.codes is not None
    by_unit = choice.unit is not None and choice.key == choice.unit
    if row.total or by_unit or holds_level(choice.layout.form) and is_level(row.label):
        return Verdict("figures", ALL)
    name = str(match.name or "") if coded else unnumbered(row.label)
    if name and (coded or not is_figure(name)):
        return Verdict("figures", name)
    why = _unnamed(choice, row, match, is_all=is_all)
    return Verdict("unplaced", why=why) if why else Verdict("figures", ALL)


def _no_counts(row: BodyRow) -> str:
    """Return why a row holds no counts of a time of its form, "" where it does."""
    if isinstance(row.time, Unread):
        return _no_time(row.time)
    if not names_no_counts(row.label):
        return ""
    return reason("share_row" if is_share([row.label]) else "compared_row")


def _no_time_of(choice: Choice, row: BodyRow) -> str:
    """Return why a row has no place that names no time where all others do."""
    if choice.when is None or choice.when != choice.key or row.total or _names_time(choice, row):
        return ""
    return reason("row_time", words=row.label)


def _no_time(time: Unread) -> str:
    """Return why a row of a time has no place."""
    return reason(time.reason, words=time.words)


def _names_time(choice: Choice, row: BodyRow) -> bool:
    """Return whether a row is named by a time, or as the sum of several."""
    if row.owner >= 0 or row.sums and row.total or row.time is None:
        return row.owner >= 0 or bool(row.sums)
    path = choice.head.paths[choice.key] if choice.key is not None else ()
    return is_time(with_heading(path[-1] if path else "", unnumbered(row.label)))


def _verdict_of_time(choice: Choice, row: BodyRow, match: Assignment) -> Verdict:
    """Return what a row is that names a time: that of the row above it, or all."""
    of = unnumbered(choice.rows[row.owner].label) if row.owner >= 0 else ""
    if choice.layout.codes is not None and match.name:
        return Verdict("figures", str(match.name))
    if not of and choice.unit is not None and choice.unit == choice.key:
        return Verdict("totals")  # of all agencies, of which the table has a row each
    if not of or names_whom(of):
        return Verdict("figures", ALL)
    return Verdict("figures", of)


def _row_scope(choice: Choice, row: BodyRow) -> Scope:
    """Return the scope of a row by the group rows above it and by its own names."""
    scope = NOTHING
    if row.time is not None and not isinstance(row.time, Unread):
        scope = Scope(period=row.time[0], basis=row.time[1])
    own = _own_group(row)
    for label in (*_groups_above(choice, row), *own):
        scope = _label_scope(choice, label).within(scope)
    if row.total:
        return Scope(agency=_summed_unit(choice, row)).within(scope)
    if choice.level is not None:
        text = row.grid.text_at(row.number, choice.level)
        if text and text != ALL:
            scope = Scope(level=level_of(text) or text).within(scope)
    if _is_of_unit(choice, row, is_level=bool(own)):
        scope = Scope(agency=_unit_of(choice, row)).within(scope)
    return scope


def _summed_unit(choice: Choice, row: BodyRow) -> str:
    """Return the agency whose sectors a total sums up, "" of one over agencies.

    It is named beside "Cộng", or above it where another total follows. The last one is of an
    agency too where one before it was, and the figures do not tell that it sums up all rows.
    """
    if choice.unit is None or choice.unit == choice.key:
        return ""
    own = row.grid.text_at(row.number, choice.unit)
    if own and not is_total(own):
        return _unit_of(choice, row) if is_body(own) else ""
    return _unit_of(choice, row) if _ends_unit(choice, row, beside=bool(own)) else ""


def _ends_unit(choice: Choice, row: BodyRow, *, beside: bool) -> bool:
    """Return whether a total is of the agency above it; `beside` if in the agencies' column."""
    at = choice.rows.index(row)
    totals = [number for number, one in enumerate(choice.rows) if one.total]
    before = max((number for number in totals if number < at), default=-1)
    since = _parts(choice.rows[before + 1 : at])
    if beside and len({_unit_of(choice, one) for one in since}) != 1:
        return False
    if max(totals) > at:
        return True
    if before < 0 or not since or sums_up(row, _parts(choice.rows)):
        return False
    return sums_up(row, since) or _name(row) == _name(choice.rows[before])


def _parts(rows: Sequence[BodyRow]) -> list[BodyRow]:
    return [one for one in rows if one.figures and not (one.total or one.group)]


def _name(row: BodyRow) -> str:
    return fold(row.label or row.serial)


def _own_group(row: BodyRow) -> list[str]:
    """Return the label of a row that names a level or a block of the rows below it."""
    label = unnumbered(row.label)
    named = row.group or is_level(row.label)
    return [label] if named and not is_time(label) else []


def _groups_above(choice: Choice, row: BodyRow) -> Sequence[str]:
    """Return the group rows above a row; in a table by unit that above a time names the agency."""
    if choice.unit is None or row.owner < 0:
        return row.groups
    unit = unnumbered(choice.rows[row.owner].label)
    return [label for label in row.groups if label != unit]


def _sums_units(choice: Choice, row: BodyRow) -> bool:
    """Return whether a row of the form is the sum of all agencies': "Tổng cộng | Viên chức"."""
    if choice.unit is None or choice.unit == choice.key or row.total or not row.figures:
        return False
    names = (row.grid.text_at(number, choice.unit) for number in range(row.number, -1, -1))
    return is_total(next(filter(None, names), ""))


def _is_of_unit(choice: Choice, row: BodyRow, *, is_level: bool) -> bool:
    """Return whether a row is one of the agency in its column: a level's names one beside it."""
    if choice.unit is None or _sums_units(choice, row):
        return False
    beside = choice.unit != choice.key and bool(row.grid.text_at(row.number, choice.unit))
    # Where the form has a row a level, a level names one, also below an agency that goes on.
    return not is_level or (beside or choice.layout.codes is not None) and not row.group


def _label_scope(choice: Choice, label: str) -> Scope:
    """Return what a group row names: an agency, a level, or the name of a block of rows."""
    if is_body(label) and choice.unit is None:
        return Scope(agency=label)
    code = level_of(label)
    labels = {label for row in choice.rows for label in row.groups}
    alone = sum(level_of(other) == code for other in labels) < 2
    return Scope(level=code if code and alone else label)


def _unit_of(choice: Choice, row: BodyRow) -> str:
    """Return the agency that a row names, or the one above it that goes on."""
    if choice.unit is None:
        return ""
    if choice.unit == choice.key and row.owner >= 0:
        row = choice.rows[row.owner]
    names = (row.grid.text_at(number, choice.unit) for number in range(row.number, -1, -1))
    named = (text for text in names if text and not is_total(text))
    printed = next(names) if choice.unit == choice.key else next(named, "")
    name = unnumbered(printed)
    return str(stated().get("agencies", {}).get(name, name))


def _unnamed(choice: Choice, row: BodyRow, match: Assignment, *, is_all: bool) -> str:
    """Return why a row has no name; "" where it may be the row of all."""
    layout = choice.layout
    usual = reason("no_name", heading=layout.form.heading(layout.free))
    if layout.codes is None and row.label:
        return usual
    if layout.codes and row.label:
        why = reason("two_rows" if match.rival else "no_row", form=layout.form.title)
        return why + _row_lesson(choice, row)
    if choice.key is not None:
        return reason("no_name", heading=" > ".join(choice.head.paths[choice.key]))
    return "" if is_all else usual


def _row_lesson(choice: Choice, row: BodyRow) -> str:
    """Return the line that would teach a row of a form of fixed rows."""
    named = {str(match.name) for match in choice.targets if match.name}
    return _missing(choice.layout.form, row.label, named, "row", is_code=True)


def _has_target(row: BodyRow, choice: Choice) -> bool:
    """Return whether a row has any cell in the columns of the form."""
    if choice.key is not None:
        # Of a form that is not filled in, the names of its rows are rows.
        unfilled = not any(one.figures for one in choice.rows)
        if row.blank or bool(row.label) and not row.total and unfilled:
            return True
    # A note merged over all of a row has no cell of its own in them.
    cells = ((column, row.grid.covering(row.number, column)) for column in choice.columns)
    return any(cell and cell.text and cell.column == column for column, cell in cells)


def _taken(setting: Setting, choice: Choice, row: BodyRow, name: str) -> str:
    """Return why a row has no place, if another one of the table has the same name."""
    form = choice.layout.form
    if len(choice.layout.forms) > 1 or not (form.row or choice.unit is not None):
        return ""
    for block in choice.blocks:
        key = _key(setting, choice, block, row, form, name)
        entry = setting.account.entries.get(form.code, {}).get(key)
        for column, target in block.columns.items() if entry else ():
            before = entry.cells.get(target.column) if entry else None
            if before and before.text and row.grid.text_at(row.number, column):
                _lack(setting, choice, row)
                code = "row_twice" if before.cell[0] == row.grid.number else "twice"
                return reason(code, form=form.title, place=before.place)
    return ""


def _open_blank(setting: Setting, choice: Choice, row: BodyRow) -> None:
    """Open the row of a form of one row that is not filled in."""
    if not setting.account.entries.get(choice.layout.forms[0]):
        for block in choice.blocks:
            _put_row(setting, choice, row, block, Target("", "", ""))


# --- Row labels name the figures ------------------------------------------------------------------


def _fill_by_labels(setting: Setting, choice: Choice) -> None:
    rows = list(zip(choice.rows, choice.targets, strict=True))
    named = [(row, match.name) for row, match in rows if match.name is not None]
    for row, _ in named:
        if isinstance(row.time, Unread):
            columns, why = range(row.grid.columns), _no_time(row.time)
            leave_unplaced(setting.account, row.grid, row.number, columns, setting.place(row), why)
    named = [(row, target) for row, target in named if not isinstance(row.time, Unread)]
    summed = [(row, target) for row, target in named if _sums_units(choice, row)]
    _labelled_totals(setting, choice, summed)
    named = [one for one in named if one not in summed]
    for block in choice.blocks:
        for row, target in named:
            _put_row(setting, choice, row, block, target)
            _denominator_in_note(setting, choice, row, block, target)
    for row, target in named:
        _sums(setting, choice, row, target)
    for row, match in rows:
        _mark_label_row(setting, choice, row, match)


def _mark_label_row(setting: Setting, choice: Choice, row: BodyRow, match: Assignment) -> None:
    """Account for what is left of a row whose label names what it counts."""
    place = setting.place(row)
    if match.name is None and row.below:
        columns: Sequence[int] = range(row.grid.columns)
        leave_unplaced(setting.account, row.grid, row.number, columns, place, reason("below"))
    elif match.name is not None or not row.figures:
        # What heads other rows is a label; a label with words beside it is left as a note.
        mark_labels(setting, choice, row, placed=True)
    elif row.total and any(_total_column(choice, column) for column in row.figures):
        _totals(setting, choice, row)
    else:
        why = _why_not_named(choice, row, match)
        if is_share_row(row, choice.head):
            _tell_shares(setting, choice, row)
        columns = [c for c in range(row.grid.columns) if c not in choice.head.notes]
        leave_unplaced(setting.account, row.grid, row.number, columns, place, why)
        mark_labels(setting, choice, row, placed=False)


def _why_not_named(choice: Choice, row: BodyRow, match: Assignment) -> str:
    """Return why a row has no place whose label is that of no figure."""
    if is_share_row(row, choice.head):
        return reason("share_row")
    why = reason("two_rows" if match.rival else "no_row", form=choice.layout.title)
    return why + (_lesson(choice, row.label) if row.label else "")


def _tell_shares(setting: Setting, choice: Choice, row: BodyRow) -> None:
    """Keep the shares of the report's own time that a row prints, as prose would state them."""
    for block in choice.blocks:
        for column in block.columns if block.scope == NOTHING and row.time is None else ():
            text = row.grid.text_at(row.number, column).strip(" %")
            if is_figure(text) and parse_number(text).value is not None:
                statement = f"{unnumbered(row.label)}: {text}%"
                place = setting.cell(row, column, choice.head)
                its = setting.period, setting.basis
                setting.account.shares.append(Share(statement, place, *its))


def _denominator_in_note(
    setting: Setting, choice: Choice, row: BodyRow, block: Block, target: Target
) -> None:
    """Take the denominator from a note "62/62" beside the figure 62."""
    form, head = find_form(target.form), choice.head
    if not head.notes:
        return
    name = target.column or form.figures[0]
    if (denominator := form.fractions.get(name)) is None:
        return
    key = _key(setting, choice, block, row, form, target.row)
    cells = setting.account.entries[form.code][key].cells
    if name not in cells or cells.get(denominator):
        return
    printed = parse_number(cells[name].text)
    for column in sorted(head.notes):
        text = row.grid.text_at(row.number, column)
        if "/" not in text or not is_figure(text):
            continue
        note = parse_number(text)
        if note.denominator is not None and note.value == printed.value:
            at = (row.grid.number, row.number, column)
            place = f"{setting.place(row)}, cột '{head.names[column]}'"
            given = PrintedText(text.rpartition("/")[2].strip(), place, at)
            setting.account.put(form.code, key, denominator, given)


# --- One row of a table ---------------------------------------------------------------------------


def _put_row(setting: Setting, choice: Choice, row: BodyRow, block: Block, label: Target) -> None:
    """Put a row's figures in some columns where the headings and the label place them."""
    keys: dict[tuple[str, str], Key] = {}
    opened: set[tuple[str, Key]] = set()
    stocks = _summed_stocks(row, block, label) if row.sums else ()
    for column, heading in block.columns.items():
        form = find_form(label.form or heading.form)
        code = heading.row or label.row
        key = keys.get((form.code, code))
        if key is None:
            key = keys[form.code, code] = _key(setting, choice, block, row, form, code)
        if key.row in form.row_spans and (why := _no_longer(form, key)):
            place = setting.cell(row, column, choice.head)
            leave_unplaced(setting.account, row.grid, row.number, (column,), place, why)
            setting.account.warnings[f"{row.grid.place}: {why}"] = None
            continue
        if (form.code, key) not in opened or heading.row:
            window = setting.window if key.period == setting.period else None
            source = _source(setting, choice, row, column, heading)
            by = _set_by(setting, choice, row, block, key)
            setting.account.open(form.code, key, source, window, by)
            setting.keys[form.code, key] = None
            opened.add((form.code, key))
        name = heading.column or label.column or form.figures[0]
        if column in stocks:
            place = setting.cell(row, column, choice.head)
            why = reason("stock_sum", heading=choice.head.names[column])
            leave_unplaced(setting.account, row.grid, row.number, (column,), place, why)
            continue
        _put(setting, choice.head, row, column, key, Target(form.code, code, name))


def _no_longer(form: Form, key: Key) -> str:
    """Return why a row has no place whose words mean another thing by now, "" where they do not.

    Levels 3 and 4 of online services are words of before 2022; years later they are others'.
    """
    span = form.row_spans.get(key.row, ALWAYS)
    if span.until.year + LAGGING >= key.period.year:
        return ""
    row, until = form.row_label(key.row), f"{span.until:%d/%m/%Y}"
    return reason("no_longer", row=row, form=form.title, until=until)


def _summed_stocks(row: BodyRow, block: Block, label: Target) -> list[int]:
    """Return the columns of a sum over times that hold no figure of all that time.

    What stands at a day, as what is counted in two quarters, does not add up: where a row adds up
    the one, it does so with the other.
    """
    summed, proved = [], False
    for column, heading in block.columns.items():
        form = find_form(label.form or heading.form)
        name = heading.column or label.column or form.figures[0]
        over = form.over_quarters(name, heading.row or label.row)
        texts = [one.grid.text_at(one.number, column) for one in (row, *row.sums)]
        total, *parts = (parse_number(text).value or 0 for text in texts)
        if over != SUMMED and total == sum(parts):
            summed.append(column)
            proved |= over == STOCK and sum(map(bool, parts)) > 1
    return summed if proved else []


def _source(setting: Setting, choice: Choice, row: BodyRow, column: int, heading: Target) -> str:
    """Return where a row of a form comes from."""
    path = choice.head.paths[column]
    if choice.layout.axis == "rows":
        where = f"; cột {path[-1]}" if len(choice.blocks) > 1 and path else ""
        return f"{setting.source}; {f'{row.serial} {row.label}'.strip()}{where}"
    label = row.label if choice.key is not None and row.label else "dòng duy nhất"
    return f"{setting.source}; {label}" + (f"; cột {path[0]}" if heading.row else "")


def _key(
    setting: Setting, choice: Choice, block: Block, row: BodyRow, form: Form, code: str
) -> Key:
    """Return the row of a form that a row of the table is, in the columns of a block."""
    scope = _crossed(block.scope, row).within(_row_scope(choice, row))
    scope = scope.within(_table_scope(setting, choice))
    level = scope.level if holds_level(form) and scope.level else ALL
    if form.row and scope.row:
        code = scope.row
    return Key(code, *_slot(setting, choice, scope, row, form, code), scope.agency, level)


def _table_scope(setting: Setting, choice: Choice) -> Scope:
    """Return whose and of which level all of a table is, whose rows or columns name no other.

    A form of one level knows none, and a table by unit is of the level of its units.
    """
    if setting.own is None or choice.unit is not None:
        return NOTHING
    scope = setting.own.scope
    if any(block.scope.agency for block in choice.blocks):
        return NOTHING
    return scope if scope.agency or holds_level(choice.layout.form) else NOTHING


def set_by(part: str, piece: str, words: str) -> str:
    """Return the line of what set a part of a figure's scope, "" where no words did."""
    return f"{part}|{piece}|{' '.join(words.split()).replace('|', ' ')}" if words else ""


def _set_by(setting: Setting, choice: Choice, row: BodyRow, block: Block, key: Key) -> str:
    """Return the lines of what set the scope of a row's figures in a block of columns."""
    head = " > ".join(choice.head.paths[next(iter(block.columns))])
    lines = [setting.set_by, set_by("row", "row", row.label)]
    if block.scope.period is not None:
        lines[0] = set_by("period", "column", head)
    elif row.time is not None:
        lines[0] = set_by("period", "row", row.label)
    for part, value, in_heading, column in (
        ("agency", key.agency, block.scope.agency, choice.unit),
        ("level", key.level if key.level != ALL else "", block.scope.level, choice.level),
    ):
        own = _table_scope(setting, choice)
        if value and in_heading:
            lines.append(set_by(part, "column", head))
        elif setting.own is not None and value and value in (own.agency, own.level):
            lines.append(set_by(part, setting.own.piece, setting.own.words))
        elif value:
            lines.append(set_by(part, *_setting_it(row, value, column)))
    return "\n".join(filter(None, lines))


def _setting_it(row: BodyRow, value: str, column: int | None) -> tuple[str, str]:
    """Return which piece of the table names an agency or a level of a row, and its words."""
    cells = (
        row.grid.text_at(number, column)
        for number in range(row.number, -1, -1)
        if column is not None
    )
    labels = [*reversed(row.groups), row.label]
    pieces = [
        *(("cell", text) for text in filter(None, cells)),
        *(("group", text) for text in labels[:-1]),
        ("row", labels[-1]),
    ]
    return next((one for one in pieces if _names_it(one[1], value)), ("", ""))


def _names_it(text: str, value: str) -> bool:
    """Return whether a text names an agency or a level, kept as a code where it has one."""
    agency = stated().get("agencies", {}).get(unnumbered(text))
    return agency == value or level_of(text) == value or fold(value) in fold(text)


def _crossed(scope: Scope, row: BodyRow) -> Scope:
    """Return the scope of columns, which a quarter of a row parts: "Quý II" below "Năm 2024"."""
    if row.time is None or isinstance(row.time, Unread) or scope.basis != YEAR_TO_DATE:
        return scope
    period, basis = row.time
    if basis != IN_PERIOD or scope.period is None:
        return scope
    quarter = pd.Period(f"{scope.period.year}Q{period.quarter}", "Q-DEC")
    return replace(scope, period=quarter, basis=basis)


def _slot(
    setting: Setting, choice: Choice, scope: Scope, row: BodyRow, form: Form, code: str
) -> Slot:
    """Return the period and basis of a row's figures; a note may name the quarter of a stock."""
    usual = default_slot(form, setting.period, setting.basis)
    period, basis = (scope.period, scope.basis) if scope.period is not None else usual
    if (period, basis) == usual:
        own = form.row_basis.get(code, "")
        period, basis = default_slot(form, setting.period, setting.basis, own)
    if basis == AS_OF:
        notes = [row.grid.text_at(row.number, note) for note in sorted(choice.head.notes)]
        period = next(filter(None, map(note_quarter, notes)), None) or period
    return period, basis


def _put(
    setting: Setting, head: Anatomy, row: BodyRow, column: int, key: Key, target: Target
) -> None:
    cell = row.grid.covering(row.number, column)
    if cell is None or (cell.row, cell.column) != (row.number, column):
        return  # a merged figure stands where it begins, once
    at = (row.grid.number, cell.row, cell.column)
    place = setting.cell(row, column, head)
    printed = PrintedText(cell.text, place, at)
    before = setting.account.put(target.form, key, target.column, printed)
    if before is not None:
        why = reason("twice", form=find_form(target.form).title, place=before.place)
        leave_unplaced(setting.account, row.grid, row.number, (column,), place, why)


def _totals(setting: Setting, choice: Choice, row: BodyRow, code: str = "") -> None:
    """Keep a row of totals as claims; `code` is the form's row that it sums up over agencies."""
    form = choice.layout.form
    scope = _row_scope(choice, row).within(_table_scope(setting, choice))
    # Beside columns of levels those of no level are of all levels, and so is their total.
    apart = any(block.scope.level for block in choice.blocks)
    for block in choice.blocks:
        key = _key(setting, choice, block, row, form, "")
        level = key.level if apart or scope.level else ""
        for column, heading in block.columns.items():
            name = _total_column(choice, column)
            if name and column in row.figures:
                own = key._replace(level=level, row=code or heading.row or block.scope.row)
                _total(setting, choice, row, column, name, own)
            elif name and row.grid.text_at(row.number, column) not in row.label:
                why = reason("unread_total", heading=choice.head.names[column])
                place = setting.cell(row, column, choice.head)
                leave_unplaced(setting.account, row.grid, row.number, (column,), place, why)
    for column, target in choice.added.items():
        _add_to_total(setting, choice, row, column, target.column)
    mark_labels(setting, choice, row, placed=True)


def _labelled_totals(
    setting: Setting, choice: Choice, rows: Sequence[tuple[BodyRow, Target]]
) -> None:
    """Keep rows that sum up, over agencies, what their labels name."""
    for (row, label), block in product(rows, choice.blocks):
        for column, heading in block.columns.items():
            form = find_form(label.form or heading.form)
            key = _key(setting, choice, block, row, form, heading.row or label.row)
            name = heading.column or label.column or form.figures[0]
            if column in row.figures:
                _total(setting, choice, row, column, name, key, form)


def _add_to_total(setting: Setting, choice: Choice, row: BodyRow, column: int, name: str) -> None:
    account, text = setting.account, row.grid.text_at(row.number, column)
    for totals in account.totals_of({row.grid.number}):
        number = totals.get(name)
        if number is None or account.total_at(number).cell[1] != row.number:
            continue
        total = account.total_at(number)
        if text and (summed := _sum(total.printed, text)) is not None:
            account.change_total(number, summed, f"{total.source} + '{choice.head.names[column]}'")
            account.mark((row.grid.number, row.number, column), "total")


def _sums(setting: Setting, choice: Choice, row: BodyRow, label: Target) -> None:
    """Keep what a column sums up of others, in one row, as claims."""
    form = choice.layout.form
    for column, target in choice.sums.items():
        if column in row.figures:
            key = _key(setting, choice, Block({}), row, form, label.row)
            name = target.column or label.column or form.figures[0]
            level = key.level if key.level != ALL else ""
            _total(setting, choice, row, column, name, key._replace(level=level, row=""))


def _add_to(setting: Setting, choice: Choice, row: BodyRow, code: str) -> None:
    """Add the figures of a column to those of another one: by post to in person."""
    for column, target in choice.added.items():
        for block in choice.blocks:
            key = _key(setting, choice, block, row, choice.layout.form, code)
            entry = setting.account.entries.get(target.form, {}).get(key)
            given = entry.cells.get(target.column) if entry else None
            text = row.grid.text_at(row.number, column)
            if entry is None or given is None or not text:
                continue
            place = f"{given.place} + {setting.cell(row, column, choice.head)}"
            if (summed := _sum(given.text, text)) is None:
                setting.account.withdraw(target.form, key, target.column, reason("no_sum"))
                continue
            entry.cells[target.column] = PrintedText(summed, place, given.cell)
            cell = (row.grid.number, row.number, column)
            setting.account.mark(cell, "figure", target.form, key, target.column)


def _total(
    setting: Setting,
    choice: Choice,
    row: BodyRow,
    column: int,
    name: str,
    key: Key,
    form: Form | None = None,
) -> None:
    account, form = setting.account, form or choice.layout.form
    if account.role(row.grid, row.number, column):
        return
    text = row.grid.text_at(row.number, column)
    place = setting.cell(row, column, choice.head)
    cell = (row.grid.number, row.number, column)
    level = key.level if holds_level(form) else ""
    named = (form.code, key.period, key.basis, name, text, place, level, key.agency, key.row)
    account.total(Total(*named, setting.source, cell))


def _total_column(choice: Choice, column: int) -> str:
    """Return the form's column that a column of figures sums up, "" where it is not clear."""
    target = choice.columns.get(column)
    if choice.layout.is_list:
        return ""
    if target is None or choice.layout.axis == "columns":
        return target.column if target else ""
    figures = choice.layout.form.figures
    return figures[0] if not target.column and len(figures) <= 2 else ""


# --- Cells that are no figures --------------------------------------------------------------------


def leave_unplaced(
    account: Account, grid: Grid, row: int, columns: Sequence[int], place: str, why: str
) -> None:
    """Account for cells of a row that no form has a place for."""
    # A merged cell is one text, and the role of a cell stays.
    fresh = [
        (column, text)
        for column in columns
        if (text := grid.text_at(row, column)) and _is_free(account, grid, row, column)
    ]
    if not fresh:
        return
    wordy = any(not is_figure(text) for _, text in fresh)
    account.unplaced((" | " if wordy else " ").join(text for _, text in fresh), place, why)
    for column, _ in fresh:
        account.mark((grid.number, row, column), "unplaced")


def _is_free(account: Account, grid: Grid, row: int, column: int) -> bool:
    """Return whether a cell without a role begins here."""
    if account.role(grid, row, column):
        return False
    cell = grid.covering(row, column)
    return cell is not None and (cell.row, cell.column) == (row, column)


def mark_labels(setting: Setting, choice: Choice, row: BodyRow, *, placed: bool) -> None:
    """Account for a row's serial, label and note, and for what is left over."""
    account, grid, number, head = setting.account, row.grid, row.number, choice.head
    form = choice.layout.title
    for column in range(grid.columns):
        at, cell = (grid.number, number, column), grid.covering(number, column)
        if cell is None or not cell.text or not _is_free(account, grid, number, column):
            continue
        text = cell.text
        if column in head.serials:
            account.mark(at, "serial" if is_serial(text) else "row_label")
        elif column in head.measures:
            account.mark(at, "row_label")
        elif column in head.notes:
            account.mark(at, "note")
            until = note_quarter(text)
            why = reason("note_period", period=until) if until else reason("note", form=form)
            account.unplaced(text, f"{setting.place(row)}, cột '{head.names[column]}'", why)
        elif placed and _is_label(choice, row, column, text):
            account.mark(at, "row_label")
        else:
            code = choice.strange.get(column, "no_column")
            why = reason(code, heading=head.names[column], form=form)
            why += _lesson(choice, head.names[column], setting) if code in _TAUGHT else ""
            leave_unplaced(account, grid, number, (column,), setting.place(row), why)


# Reasons that a name of a column would mend.
_TAUGHT = ("no_column", "unproved", "two_columns")


def _lesson(choice: Choice, printed: str, setting: Setting | None = None) -> str:
    """Return the line of a file of own names that would teach a heading or a label, "" if none."""
    layout, form = choice.layout, choice.layout.form
    if layout.axis == "columns":
        shown = {target.column for block in choice.blocks for target in block.columns.values()}
        if setting is not None and setting.keys:  # columns that others make up
            code, key = next(reversed(setting.keys))
            shown |= {*setting.account.entries[code][key].cells}
        return "" if len(layout.forms) > 1 else _missing(form, printed, shown, "column")
    targets = [match.name for match in choice.targets if isinstance(match.name, Target)]
    forms = {target.form for target in targets}
    if len(forms) != 1:
        return ""  # a list of several forms
    is_code = any(target.row for target in targets)
    shown = {target.row if is_code else target.column for target in targets}
    return _missing(find_form(forms.pop()), printed, shown, "row", is_code=is_code)


def _missing(
    form: Form, printed: str, shown: Collection[str], kind: str, *, is_code: bool = False
) -> str:
    """Return what would teach a name, which may be any that the table has not shown."""
    names = form.rows if is_code else form.figures
    return lesson(form.code, printed, tuple(one for one in names if one not in shown), kind)


def _is_label(choice: Choice, row: BodyRow, column: int, text: str) -> bool:
    if column in (choice.unit, choice.level, choice.when):
        return True
    if column in choice.columns or is_figure(text) or text not in row.label:
        return False
    return column == choice.key or column in choice.head.texts


# --- Columns printed in parts ---------------------------------------------------------------------


class Apart(NamedTuple):
    """A column that layouts count within another one, or beside it: early within on time."""

    total: str
    column: str
    part: str
    other: str


def add_parts(account: Account, choice: Choice, keys: Sequence[Key]) -> None:
    """Add the optional parts of a column where a table prints no column of their sum.

    Form II.06a of Circular 01/2020/TT-VPCP has "Trong kỳ" in two parts only: online, in person.
    """
    form = choice.layout.form
    columns = _columns_of(choice)
    for identity in form.identities:
        parts = identity.parts
        if identity.op != "=" or not {*parts} <= form.optional or not {*parts} <= columns:
            continue
        for entry in (account.entries[form.code][key] for key in keys):
            given = [entry.cells[name] for name in parts if name in entry.cells]
            if len(given) < len(parts) or identity.total in entry.cells:
                continue
            if (text := _sum(*(one.text for one in given))) is not None:
                place = " + ".join(one.place for one in given)
                entry.cells[identity.total] = PrintedText(text, place, given[0].cell)


def _columns_of(choice: Choice) -> set[str]:
    """Return the form's columns that the headings, or the labels, name."""
    if choice.layout.axis == "columns":
        return {target.column for target in choice.columns.values()}
    return {match.name.column for match in choice.targets if match.name}


def _aparts(form: Form) -> Iterator[Apart]:
    """Yield the optional parts of columns that may be counted beside them."""
    for part in form.identities:
        if part.op != "<=" or part.total not in form.optional or len(part.parts) != 1:
            continue
        for sum_of in form.identities:
            if sum_of.op == "=" and part.parts[0] in sum_of.parts and len(sum_of.parts) == 2:
                other = next(name for name in sum_of.parts if name != part.parts[0])
                yield Apart(sum_of.total, part.parts[0], part.total, other)


def tell_apart(account: Account, choice: Choice, keys: Sequence[Key]) -> None:
    """Add the early dossiers to those on time where the table counts the two apart.

    Form II.06a prints "trước hạn" beside "đúng hạn", other layouts print it as part of it; the
    headings are the same, so the table's own sums decide. Where these tell nothing, the words do:
    "Trả đúng hạn" of the older form includes the early ones.

    Where "trước hạn" is empty in all of the table, what is printed on time is what was settled on
    time, and how many were early is not reported; an empty cell is not 0. It has no place where the
    row's own total tells that dossiers are missing: they may be those early.
    """
    form = choice.layout.form
    columns = _columns_of(choice)
    for apart in _aparts(form):
        entries = {key: account.entries[form.code][key] for key in keys}
        if apart.part not in columns or not _are_apart(apart, entries.values(), choice):
            continue
        givens = [entry.cells.get(apart.part) for entry in entries.values()]
        unused = all(given is None or not given.text for given in givens)
        for key, entry in entries.items():
            if why := _add(apart, entry, unused=unused):
                account.withdraw(form.code, key, apart.column, why)
        _add_totals(account, choice, apart)


def _add(apart: Apart, entry: Entry, *, unused: bool) -> str:
    """Add a part to its column; return why not, where it is not clear."""
    beside, before = entry.cells.get(apart.column), entry.cells.get(apart.part)
    if beside is None or before is None or _is_complete(apart, entry):
        return ""
    if (text := _sum(beside.text, before.text)) is not None:
        place = f"{before.place} + {beside.place}"
        entry.cells[apart.column] = PrintedText(text, place, beside.cell)
        return ""
    if (printed := _figure(beside)) is None:
        return ""
    other, total = (_figure(entry.cells.get(name)) or 0 for name in (apart.other, apart.total))
    # Alone it would be read as all that was settled on time.
    if (missing := total - printed - other) > 0 and not before.text:
        return reason("no_early", missing=f"{missing}")
    return "" if unused else reason("no_sum")


def _add_totals(account: Account, choice: Choice, apart: Apart) -> None:
    for totals in account.totals_of({row.grid.number for row in choice.rows}):
        if {apart.column, apart.part} <= set(totals):
            first, second = (account.total_at(totals[name]) for name in (apart.part, apart.column))
            if (text := _sum(first.printed, second.printed)) is not None:
                source = f"{first.source} + {second.source}"
                account.change_total(totals[apart.column], text, source)


def _is_complete(apart: Apart, entry: Entry) -> bool:
    """Return whether column and other make up all, and the part is not given."""
    total, column, part, other = (_figure(entry.cells.get(name)) for name in apart)
    if total is None or column is None or other is None:
        return False
    return part is None and total == column + other


def _are_apart(apart: Apart, entries: Iterable[Entry], choice: Choice) -> bool:
    votes = {True: 0, False: 0}
    for entry in entries:
        total, column, part, other = (_figure(entry.cells.get(name)) for name in apart)
        if total is None or column is None or other is None or not part:
            continue
        votes[True] += total == column + part + other
        votes[False] += total == column + other
    if votes[True] != votes[False]:
        return votes[True] > votes[False]
    called = _names(apart.column, choice)
    within = any(text.startswith("trong do") for text in _names(apart.part, choice))
    within |= any("truoc" in text for text in called)
    return not within and not any(text.startswith("tra ") for text in called)


def _names(name: str, choice: Choice) -> list[str]:
    """Return what the columns, or the rows, of a figure are called."""
    paths = choice.head.paths
    columns = [paths[at][-1] for at, target in choice.columns.items() if target.column == name]
    rows = [
        row.label
        for row, match in zip(choice.rows, choice.targets, strict=True)
        if choice.layout.axis == "rows" and match.name and match.name.column == name
    ]
    return [fold(text) for text in (*columns, *rows)]


def _figure(given: PrintedText | None) -> Fraction | None:
    if given is None:
        return None
    read = parse_number(given.text)
    if read.status == "not_applicable":
        return Fraction(0)
    return None if read.value is None else Fraction(read.value)


def _sum(*texts: str) -> str | None:
    """Return printed figures added; a dash adds nothing; None where one is missing."""
    if not any(texts):
        return ""
    reads = [parse_number(text) for text in texts]
    if all(read.status == "not_applicable" for read in reads):
        return texts[0]
    values = [0 if read.status == "not_applicable" else read.value for read in reads]
    if any(value is None or value != int(value) for value in values):
        return None
    return str(sum(int(value) for value in values if value is not None))
