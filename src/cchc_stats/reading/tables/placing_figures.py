"""The figures of a table go into the rows of its form, and every other cell is accounted for."""

from __future__ import annotations

from cchc_stats.forms import Form, find_form
from cchc_stats.reading.tables.account import Given, Key, Total
from cchc_stats.reading.tables.grid_headings import Anatomy, is_figure
from cchc_stats.reading.tables.layouts import Target
from cchc_stats.reading.tables.placing_choice import Choice
from cchc_stats.reading.tables.placing_early import add_received, settle_early
from cchc_stats.reading.tables.placing_leftovers import (
    Setting,
    leave_unplaced,
    place_of,
    reason,
    say_labels,
)
from cchc_stats.reading.tables.placing_periods import Slot, default_slot, note_quarter
from cchc_stats.reading.tables.row_labels import Row
from cchc_stats.words import parse_number

WHOLE = "all"


def fill(setting: Setting, head: Anatomy, choice: Choice) -> None:
    """Put a table's figures into its forms."""
    placed: list[Key] = []
    if choice.layout.axis == "columns":
        _fill_columns(setting, head, choice, placed)
        targets = list(choice.columns.values())
    else:
        _fill_rows(setting, head, choice, placed)
        targets = [match.name for match in choice.targets if match.name]
    if len(choice.layout.forms) > 1:
        return
    columns, form = {target.column for target in targets}, find_form(choice.layout.forms[0])
    if {"received_online", "received_in_person"} <= columns and "newly_received" in form.columns:
        add_received(setting.account, placed, form)
    if "settled_early" in columns and "settled_on_time" in form.columns:
        settle_early(setting.account, placed, head, choice)


def _fill_columns(setting: Setting, head: Anatomy, choice: Choice, placed: list[Key]) -> None:
    account, layout = setting.account, choice.layout
    form = find_form(layout.forms[0])
    has_whole = form.wholes.get(form.row, False) or WHOLE in form.rows
    several = sum(bool(row.figures) and not row.total and not row.group for row in choice.rows)
    for row, match in zip(choice.rows, choice.targets, strict=True):
        if row.below and not _any_target(row, choice):
            _words_below(setting, row)
            continue
        if not row.figures and not _any_target(row, choice):
            if not row.label and layout.key is None and not account.entries.get(layout.forms[0]):
                _row_of_columns(setting, head, choice, row, "", placed)
            say_labels(setting, head, choice, row, placed=True)
            continue
        name = str(match.name or "") if layout.codes else row.label
        if layout.key is None:
            name = ""
        if layout.key is not None and (row.total or row.group):
            if row.group or several or not has_whole:
                _totals(setting, head, choice, row)
                continue
            name = WHOLE
        why = ""
        if row.detail:
            why = reason("detail")
        elif layout.key is not None and layout.codes is None and is_figure(name):
            why = reason("no_name", heading=find_form(layout.forms[0]).heading(layout.free))
        elif layout.key is not None and not name:
            if layout.codes and row.label:
                why = reason("two_rows" if match.rival else "no_row", form=layout.forms[0])
            elif choice.key is not None:
                why = reason("no_name", heading=" > ".join(head.paths[choice.key]))
            elif several > 1 or not has_whole:
                why = reason("no_name", heading=find_form(layout.forms[0]).heading(layout.free))
            else:
                name = WHOLE
        why = why or _taken(setting, head, choice, row, name)
        if why:
            leave_unplaced(
                account, row.grid, row.number, range(row.grid.columns), place_of(setting, row), why
            )
            continue
        _row_of_columns(setting, head, choice, row, name, placed)
        say_labels(setting, head, choice, row, placed=True)


def _words_below(setting: Setting, row: Row) -> None:
    columns = range(row.grid.columns)
    place = place_of(setting, row)
    leave_unplaced(setting.account, row.grid, row.number, columns, place, reason("below"))


def _taken(setting: Setting, head: Anatomy, choice: Choice, row: Row, name: str) -> str:
    """Return why a row has no place, if another one of the table has the same name."""
    form = find_form(choice.layout.forms[0])
    slot = _slot(setting, head, choice, row, form, name)
    entry = setting.account.entries.get(form.code, {}).get(Key(name, *slot))
    if entry is None or len(choice.layout.forms) > 1 or not form.row or not name:
        return ""
    for column, target in choice.columns.items():
        before = entry.cells.get(target.column)
        if before and before.text and row.grid.text_at(row.number, column):
            return reason("twice", form=form.code, place=before.place)
    return ""


def _wholes_of(choice: Choice, column: int) -> list[int]:
    """Return the column of the whole that follows a column of counts, or stands alone."""
    if len(choice.slots) == 1:
        return sorted(choice.wholes)
    after = min((other for other in choice.slots if other > column), default=None)
    return [
        whole
        for whole in sorted(choice.wholes)
        if whole > column and (after is None or whole < after)
    ]


def _any_target(row: Row, choice: Choice) -> bool:
    """Return whether a row has any cell in the columns of the form."""
    # A note merged over the whole row has no cell of its own in them.
    cells = [row.grid.covering(row.number, column) for column in choice.columns]
    own = zip(choice.columns, cells, strict=True)
    if row.blank and choice.key is not None:
        return True
    return any(cell and cell.text and cell.column == column for column, cell in own) or (
        bool(row.label)
        and row.label != ""
        and choice.key is not None
        and not row.total
        and not any(one.figures for one in choice.rows)
    )


def _row_of_columns(
    setting: Setting, head: Anatomy, choice: Choice, row: Row, name: str, placed: list[Key]
) -> None:
    account = setting.account
    # The cells of a row mostly go into one row of one form.
    keys: dict[tuple[str, str], Key] = {}
    label = row.label if choice.key is not None and row.label else "dòng duy nhất"
    for column, target in choice.columns.items():
        code = target.row or name
        key = keys.get((target.form, code))
        if key is None or target.row:
            slot = _slot(setting, head, choice, row, find_form(target.form), code)
            key = Key(code, *slot)
            keys[target.form, code] = key
            beside = f"; cột {head.paths[column][0]}" if target.row else ""
            source = f"{setting.source}; {label}{beside}"
            window = setting.window if slot[0] == setting.period else None
            account.open(target.form, key, source, window)
            if key not in placed:
                placed.append(key)
        _put(setting, head, row, column, key, target._replace(row=code))


def _slot(setting: Setting, head: Anatomy, choice: Choice, row: Row, form: Form, code: str) -> Slot:
    """Return the period and basis of a row's figures; a note may name the quarter of a stock."""
    own = choice.layout.basis.get(code, "")
    period, basis = default_slot(form, setting.period, setting.basis, own)
    if basis == "as_of":
        notes = [row.grid.text_at(row.number, note) for note in sorted(head.notes)]
        period = next(filter(None, map(note_quarter, notes)), None) or period
    return period, basis


def _put(setting: Setting, head: Anatomy, row: Row, column: int, key: Key, target: Target) -> None:
    text = row.grid.text_at(row.number, column)
    cell = row.grid.covering(row.number, column)
    if cell is None or (cell.row, cell.column) != (row.number, column):
        return  # a merged figure stands where it begins, once
    at = (row.grid.number, cell.row, cell.column)
    place = f"{place_of(setting, row)}, cột '{head.names[column]}'"
    before = setting.account.put(target.form, key, target.column, Given(text, place, at))
    if before is not None:
        why = reason("twice", form=target.form, place=before.place)
        leave_unplaced(setting.account, row.grid, row.number, (column,), place, why)


def _fill_rows(setting: Setting, head: Anatomy, choice: Choice, placed: list[Key]) -> None:
    account, layout = setting.account, choice.layout
    form = find_form(layout.forms[0])
    rows = list(zip(choice.rows, choice.targets, strict=True))
    for column, slot in choice.slots.items():
        for row, match in rows:
            if match.name is None:
                continue
            target: Target = match.name
            period, basis = slot
            if (period, basis) == default_slot(form, setting.period, setting.basis):
                own = layout.basis.get(target.row, "")
                period, basis = default_slot(form, setting.period, setting.basis, own)
            notes = [row.grid.text_at(row.number, note) for note in sorted(head.notes)]
            until = next(filter(None, map(note_quarter, notes)), None) if basis == "as_of" else None
            window = setting.window
            if until is not None and until != period:
                period, window = until, None
            key = Key(target.row, period, basis)
            if key not in placed:
                placed.append(key)
            several = len(choice.slots) > 1
            where = f"; cột {head.paths[column][-1]}" if several and head.paths[column] else ""
            label = f"{row.serial} {row.label}".strip()
            account.open(target.form, key, f"{setting.source}; {label}{where}", window)
            named = target.column or form.figures[0]
            _put(setting, head, row, column, key, Target(target.form, target.row, named))
            for whole in _wholes_of(choice, column):
                _put(setting, head, row, whole, key, Target(target.form, target.row, "of"))
            _whole_in_note(setting, head, row, key, Target(target.form, target.row, named))
    for row, match in rows:
        if match.name is not None:
            say_labels(setting, head, choice, row, placed=True)
        elif row.below:
            _words_below(setting, row)
        elif not row.figures:
            # What heads other rows is a label; a label with words beside it is told as a note.
            say_labels(setting, head, choice, row, placed=True)
        else:
            why = reason("two_rows" if match.rival else "no_row", form=form.code)
            if row.total:
                _totals(setting, head, choice, row)
                continue
            columns = [c for c in range(row.grid.columns) if c not in head.notes]
            leave_unplaced(account, row.grid, row.number, columns, place_of(setting, row), why)
            say_labels(setting, head, choice, row, placed=False)


def _whole_in_note(setting: Setting, head: Anatomy, row: Row, key: Key, target: Target) -> None:
    """Take the whole from a note "62/62" beside the figure 62."""
    whole = find_form(target.form).fractions.get(target.column)
    entry = setting.account.entries[target.form][key]
    if not whole or target.column not in entry.cells or entry.cells.get(whole):
        return
    printed = parse_number(entry.cells[target.column].text)
    for column in sorted(head.notes):
        text = row.grid.text_at(row.number, column)
        if "/" not in text or not is_figure(text):
            continue
        note = parse_number(text)
        if note.denominator is not None and note.value == printed.value:
            at = (row.grid.number, row.number, column)
            place = f"{place_of(setting, row)}, cột '{head.names[column]}'"
            given = Given(text.rpartition("/")[2].strip(), place, at)
            setting.account.put(target.form, key, whole, given)


def _totals(setting: Setting, head: Anatomy, choice: Choice, row: Row) -> None:
    """Keep a row of totals as claims."""
    account = setting.account
    form = find_form(choice.layout.forms[0])
    usual = default_slot(form, setting.period, setting.basis)
    for column in row.figures:
        target = choice.columns.get(column)
        name = target.column if target else form_column(choice, column)
        slot = choice.slots.get(column, usual)
        text = row.grid.text_at(row.number, column)
        place = f"{place_of(setting, row)}, cột '{head.names[column]}'"
        if name and not account.role(row.grid, row.number, column):
            cell = (row.grid.number, row.number, column)
            account.total(Total(form.code, *slot, name, text, place, cell))
    say_labels(setting, head, choice, row, placed=True)


def form_column(choice: Choice, column: int) -> str:
    """Return the form's column that a value column of labelled rows holds."""
    figures = find_form(choice.layout.forms[0]).figures
    return figures[0] if column in choice.slots and len(figures) <= 2 else ""
