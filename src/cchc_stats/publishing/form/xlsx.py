"""The appendix as a workbook: one sheet a form, totals as live formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cchc_stats.publishing.form.tables import At, FormCell, FormHead, FormTable, heading_spans
from cchc_stats.publishing.form.widths import WORDS, least_widths
from cchc_stats.publishing.letterhead import FONT, SIZE, official
from cchc_stats.words import NO_DATE

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

A4 = 9
WIDTHS = {"serial": 6, "label": 46, "figure": 13, "note": 26}
COVER = (52, 72)  # widths of the first sheet's columns: who writes, the nation
UNIT = 0.19  # centimetres of the unit that columns are measured by
LINE = 17.0  # points of a line
LETTER = 1.25  # width of a letter, in those that columns are measured by
WIDE = 7  # columns from which a sheet lies on its side
LONGEST_NAME = 31  # letters of a sheet's name
LONGEST_HEADER = 110  # of the agency above a printed sheet: Excel holds 255, each & twice
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def draw_xlsx(head: FormHead, tables: Sequence[FormTable]) -> bytes:
    """Return the workbook: a sheet with letterhead, title and who signs, then a sheet a form."""
    # XlsxWriter and not openpyxl: it keeps the value of a formula beside it, so that a program
    # that does not calculate reads the figure all the same.
    from xlsxwriter.workbook import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    styles = _Styles(book)
    wide = any(len(table.headings) > WIDE for table in tables)
    cover = book.add_worksheet("Báo cáo")
    titles = [f"{number}. {table.title}" for number, table in enumerate(tables, 1)]
    names = [title.translate(_NOT_IN_NAMES)[:LONGEST_NAME].strip() for title in titles]
    _draw_cover(cover, head, dict(zip(names, titles, strict=True)), styles)
    for number, (name, table) in enumerate(zip(names, tables, strict=True), 1):
        sheet = book.add_worksheet(name, _sheet_of_sums())
        _draw(sheet, table, styles, wide=wide)
        # On paper each sheet says whose it is and which of how many.
        whose = head.agency[:LONGEST_HEADER].replace("&", "&&")
        sheet.set_header(f"&L{whose}&R{number}/{len(tables)}")
    # Without the time at which it was made, which a workbook in memory has nowhere else either: the
    # same figures are the same file.
    book.set_properties({"created": NO_DATE})
    book.close()
    return target.getvalue()


def _draw_cover(
    sheet: Worksheet, head: FormHead, sheets: Mapping[str, str], styles: _Styles
) -> None:
    """Draw the first sheet: letterhead, title, the forms by name of their sheet, who signs."""
    say = partial(official, "head")
    rows: list[tuple[str, str]] = [(head.agency, say("motto"))]
    rows.insert(0, (head.superior, say("nation")))
    rows += [(say("number"), say("day")), ("", "")]
    for column, width in enumerate(COVER):
        sheet.set_column(column, column, width)
    for row, pair in enumerate(rows):
        for column, words in enumerate(pair):
            bold = styles.head_bold if (row, column) in ((0, 1), (1, 0), (1, 1)) else styles.head
            if words:
                sheet.write_string(row, column, words, bold)
    for row, line in enumerate(head.lines, len(rows)):
        style = styles.head_bold if row < len(rows) + 2 else styles.head
        sheet.merge_range(row, 0, row, 1, line, style)
    top = len(rows) + len(head.lines) + 1
    for row, (name, title) in enumerate(sheets.items(), top):
        sheet.merge_range(row, 0, row, 1, "", styles.link)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, title)
    foot = top + len(sheets) + 1
    for column, (who, how) in enumerate((("drawn_up", "signed"), ("head", "sealed"))):
        sheet.write_string(foot, column, official("foot", who), styles.head_bold)
        sheet.write_string(foot + 1, column, official("foot", how), styles.head)
    _set_page(sheet, foot + 6, len(COVER), wide=True)


def _set_page(sheet: Worksheet, rows: int, columns: int, *, wide: bool) -> None:
    """Print what is there, as wide as the paper."""
    sheet.set_paper(A4)
    if wide:
        sheet.set_landscape()
    sheet.print_area(0, 0, rows - 1, columns - 1)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)


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
        head = font | {"align": "center", "valign": "top", "text_wrap": True}
        self.head, self.head_bold = book.add_format(head), book.add_format(head | {"bold": True})
        self.link = book.add_format(font | {"text_wrap": True, "underline": 1})
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


def _draw(sheet: Worksheet, table: FormTable, styles: _Styles, *, wide: bool) -> None:
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
    least = least_widths(table, SIZE)
    widths = [
        max(WIDTHS[kind], width / UNIT) for kind, width in zip(table.kinds, least, strict=True)
    ]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    _set_heights(sheet, table, widths, top)
    _set_page(sheet, first + len(table.rows), columns, wide=wide)
    sheet.repeat_rows(top, first - 1)
    sheet.freeze_panes(first, 0)


def _set_heights(sheet: Worksheet, table: FormTable, widths: Sequence[float], top: int) -> None:
    """Make rows as high as their words need: programs do not do it for merged cells."""
    first = top + table.depth + 1
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
    from xlsxwriter.utility import xl_col_to_name

    names = {column: xl_col_to_name(column) for column in {at.column for at in adds}}
    rows = [at.row for at in adds]
    if len(names) == 1 and len(rows) > 1 and rows == list(range(rows[0], rows[-1] + 1)):
        (name,) = names.values()
        return f"=SUM({name}{first + rows[0] + 1}:{name}{first + rows[-1] + 1})"
    return "=" + "+".join(f"{names[at.column]}{first + at.row + 1}" for at in adds)
