"""The appendix as a workbook: one sheet a form, totals as live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cchc_stats.publishing.form.tables import At, FormCell, FormTable, heading_spans
from cchc_stats.words import NO_DATE

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FONT, SIZE = "Times New Roman", 13
A4 = 9
WIDTHS = {"serial": 6, "label": 46, "figure": 13, "note": 26}
WORDS = ("label", "note")  # kinds of columns
LINE = 17.0  # points of a line
LETTER = 1.25  # width of a letter, in those that columns are measured by
WIDE = 7  # columns from which a sheet lies on its side
LONGEST_NAME = 31  # letters of a sheet's name
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def draw_xlsx(head: Sequence[str], tables: Sequence[FormTable]) -> bytes:
    """Return the workbook: a first sheet with the head of the report, then a sheet a form."""
    # XlsxWriter and not openpyxl: it keeps the value of a formula beside it, so that a program
    # that does not calculate reads the figure all the same.
    from xlsxwriter.workbook import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    styles = _Styles(book)
    first = book.add_worksheet("Báo cáo")
    first.set_column(0, 0, 100)
    for row, line in enumerate(head):
        first.write_string(row, 0, line, styles.title)
    for number, table in enumerate(tables, 1):
        title = table.title.translate(_NOT_IN_NAMES)
        name = f"{number}. {title}"[:LONGEST_NAME].strip()
        _draw(book.add_worksheet(name, _sheet_of_sums()), table, styles)
    # Without the time at which it was made, which a workbook in memory has nowhere else either: the
    # same figures are the same file.
    book.set_properties({"created": NO_DATE})
    book.close()
    return target.getvalue()


@cache
def _sheet_of_sums() -> type[Worksheet]:
    """Return the class of a sheet in which no formula calls anything but SUM."""
    from xlsxwriter.worksheet import Worksheet

    class SheetOfSums(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        # XlsxWriter looks in each formula for thirty functions that are newer than the format.
        def _prepare_formula(self, formula: str, *_: object) -> str:
            return formula.removeprefix("=")

    return SheetOfSums


class _Styles:
    """The formats of a workbook; a file keeps each of them once."""

    def __init__(self, book: Workbook) -> None:
        font: dict[str, Any] = {"font_name": FONT, "font_size": SIZE}
        cell = font | {"border": 1, "valign": "vcenter", "text_wrap": True}
        self._book, self._cell = book, cell
        self.title = book.add_format(font | {"bold": True})
        self.heading = book.add_format(cell | {"bold": True, "align": "center"})
        self.number = book.add_format(cell | {"italic": True, "align": "center"})
        self.label = book.add_format(cell)
        self.label_bold = book.add_format(cell | {"bold": True})
        self.text = book.add_format(cell | {"align": "center"})
        self._figures: dict[tuple[str, bool], Format] = {}

    def of(self, cell: FormCell, *, is_words: bool, bold: bool) -> Format:
        """Return the format of a cell: of a figure, of words, or of what stands for a figure."""
        if cell.number is not None:
            digits = "#,##0" if float(cell.number).is_integer() else ""
            if digits and cell.digits > 1:
                digits = f"#,{'0' * cell.digits:#>3}"
            if (digits, bold) not in self._figures:
                # Nothing is printed 0, however many digits figures have.
                pattern = f"{digits};-{digits};0" if digits else "0.0########"
                more = {"num_format": pattern, "align": "center", "bold": bold}
                self._figures[digits, bold] = self._book.add_format(self._cell | more)
            return self._figures[digits, bold]
        if cell.text and is_words:
            return self.label_bold if bold else self.label
        return self.text


def _draw(sheet: Worksheet, table: FormTable, styles: _Styles) -> None:
    columns, top = len(table.headings), 1
    first = top + table.depth + 1  # the row of the first figures
    sheet.write_string(0, 0, table.title, styles.title)
    for span in heading_spans(table.headings):
        at = (top + span.top, span.left)
        if span.is_merged:
            to = (top + span.bottom, span.right)
            sheet.merge_range(*at, *to, span.text, styles.heading)
        else:
            sheet.write_string(*at, span.text, styles.heading)
    for column in range(columns):
        sheet.write_string(first - 1, column, f"({column + 1})", styles.number)
    of_words = [kind in WORDS for kind in table.kinds]
    for row, cells in enumerate(table.rows):
        bold = table.is_total(row)
        for column, cell in enumerate(cells):
            style = styles.of(cell, is_words=of_words[column], bold=bold)
            _write(sheet, first, row, column, cell, style)
    for column, kind in enumerate(table.kinds):
        sheet.set_column(column, column, WIDTHS[kind])
    _set_heights(sheet, table, top, first)
    sheet.set_paper(A4)
    if columns > WIDE:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top, first - 1)
    sheet.freeze_panes(first, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)


def _set_heights(sheet: Worksheet, table: FormTable, top: int, first: int) -> None:
    """Make rows as high as their words need: programs do not do it for merged cells."""
    widths = [WIDTHS[kind] for kind in table.kinds]
    heights = [1] * table.depth
    for span in heading_spans(table.headings):
        room = sum(widths[span.left : span.right + 1])
        rows = range(span.top, span.bottom + 1)
        short = _lines(span.text, room) - sum(heights[row] for row in rows)
        heights[span.bottom] += max(0, short)
    for row, lines in enumerate(heights):
        sheet.set_row(top + row, LINE * lines)
    sheet.set_default_row(LINE)
    of_words = [column for column, kind in enumerate(table.kinds) if kind in WORDS]
    for row, cells in enumerate(table.rows):
        each = [_lines(cells[column].text, widths[column]) for column in of_words]
        if (most := max(each, default=1)) > 1:
            sheet.set_row(first + row, LINE * most)


def _lines(text: str, width: float) -> int:
    """Return how many lines words take in a column, broken between words."""
    if LETTER * (len(text) + 1) <= width:
        return 1
    lines, left = 1, width
    for word in text.split():
        need = LETTER * (len(word) + 1)
        if need > left and left < width:
            lines, left = lines + 1, width
        left -= need
    return lines


def _write(
    sheet: Worksheet, first: int, row: int, column: int, cell: FormCell, style: Format
) -> None:
    at = (first + row, column)
    if cell.adds:
        sheet.write_formula(*at, _formula(cell.adds, first), style, cell.number)
    elif cell.number is not None:
        sheet.write_number(*at, cell.number, style)
    elif cell.text:
        # As a string, whatever it begins with: "=cmd()" is text and is never calculated.
        sheet.write_string(*at, cell.text, style)
    else:
        sheet.write_blank(*at, None, style)
    if cell.source:
        sheet.write_comment(*at, cell.source, {"x_scale": 2.5, "y_scale": 1.2})


def _formula(adds: Sequence[At], first: int) -> str:
    from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

    columns = {at.column for at in adds}
    rows = [at.row for at in adds]
    if len(columns) == 1 and len(rows) > 1 and rows == list(range(rows[0], rows[-1] + 1)):
        column = columns.pop()
        return f"=SUM({xl_range(first + rows[0], column, first + rows[-1], column)})"
    return "=" + "+".join(xl_rowcol_to_cell(first + at.row, at.column) for at in adds)
