"""Documents made for tests: packages from bare XML, and grids written by other libraries."""

import html
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


class Piece(NamedTuple):
    """A cell of a grid to write."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


def zipped(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of named parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def relations(targets: Iterable[tuple[str, str]]) -> str:
    """Return a listing of relations from (kind, target), with ids rId1, rId2 …."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


# --- Word


def p(*inner: str, properties: str = "") -> str:
    """Return a paragraph; what is no XML becomes a run."""
    runs = "".join(one if one.startswith("<") else r(one) for one in inner)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    """Return a run."""
    dress = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{dress}<w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def tc(*inner: str, properties: str = "") -> str:
    """Return a cell of paragraphs or other XML."""
    content = "".join(one if one.startswith("<") else p(one) for one in inner) or "<w:p/>"
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """Return a row of cells; what is no XML becomes a cell."""
    content = "".join(one if one.startswith("<") else tc(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{content}</w:tr>"


def tbl(*rows: str) -> str:
    """Return a table of rows."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def word_part(name: str, inner: str) -> str:
    """Return a part of Word's XML."""
    return f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>'


def docx(*body: str, more: Mapping[str, str | bytes] | None = None, **parts: str) -> bytes:
    """Return a .docx from the XML of its body, and of further parts by their kind."""
    tags = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    tags |= {"endnotes": "endnotes", "header": "hdr", "footer": "ftr"}
    document = f'<w:document xmlns:w="{W}"><w:body>{"".join(body)}</w:body></w:document>'
    return zipped(
        {
            "_rels/.rels": relations([("officeDocument", "word/document.xml")]),
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations((kind, f"{kind}.xml") for kind in parts),
            **{f"word/{kind}.xml": word_part(tags[kind], inner) for kind, inner in parts.items()},
            **(more or {}),
        }
    )


# --- Excel and OpenDocument


def xlsx(
    *sheets: str,
    strings: Iterable[str] = (),
    formats: Iterable[str] = (),
    state: str = "visible",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return an .xlsx from the XML inside each worksheet; style 1, 2 … have the given formats."""
    codes = list(formats)
    own = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{html.escape(code)}"/>'
        for at, code in enumerate(codes)
    )
    used = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(codes)))
    states = ["visible", *[state] * len(sheets)]
    entries = "".join(
        f'<sheet name="Biểu {n}" sheetId="{n}" r:id="rId{n}" state="{states[n - 1]}"/>'
        for n in range(1, len(sheets) + 1)
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    targets += [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    return zipped(
        {
            "_rels/.rels": relations([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            f"<sheets>{entries}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(targets),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
            + "".join(f"<si><t>{html.escape(one)}</t></si>" for one in strings)
            + "</sst>",
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>',
            **{
                f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{MAIN}">{inner}</worksheet>'
                for number, inner in enumerate(sheets, 1)
            },
            **(more or {}),
        }
    )


def ods(inner: str, **more: str) -> bytes:
    """Return an .ods from the XML inside its spreadsheet."""
    names = " ".join(f'xmlns:{one}="{ODF}:{one}:1.0"' for one in ("office", "table", "text"))
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f"{inner}</office:spreadsheet></office:body></office:document-content>",
            **more,
        }
    )


# --- grids, as other libraries write them


def write_docx(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid with python-docx."""
    import docx as python_docx

    document = python_docx.Document()
    table = document.add_table(rows, columns)
    for piece in pieces:
        cell = table.cell(piece.row, piece.column)
        if piece.row_span > 1 or piece.column_span > 1:
            last = piece.row + piece.row_span - 1, piece.column + piece.column_span - 1
            cell = cell.merge(table.cell(*last))
        cell.text = piece.text
    document.save(str(path))


def write_xlsx(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid with openpyxl, every cell as text."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for piece in pieces:
        row, column = piece.row + 1, piece.column + 1
        if piece.text:
            cell = sheet.cell(row, column, piece.text)
            cell.data_type = "s"  # "=1" is a text here
        if piece.row_span > 1 or piece.column_span > 1:
            sheet.merge_cells(
                start_row=row,
                start_column=column,
                end_row=piece.row + piece.row_span,
                end_column=piece.column + piece.column_span,
            )
    book.save(path)


def write_xls(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid with xlwt, every cell as text."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Biểu 1")
    for piece in pieces:
        end = piece.row + piece.row_span - 1, piece.column + piece.column_span - 1
        if end != (piece.row, piece.column):
            sheet.write_merge(piece.row, end[0], piece.column, end[1], piece.text)
        elif piece.text:
            sheet.write(piece.row, piece.column, piece.text)
    book.save(str(path))


def write_html(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid as a page."""
    lines = [""] * rows
    for piece in sorted(pieces):
        spans = f' rowspan="{piece.row_span}"' * (piece.row_span > 1)
        spans += f' colspan="{piece.column_span}"' * (piece.column_span > 1)
        lines[piece.row] += f"<td{spans}>{html.escape(piece.text)}</td>"
    table = "".join(f"<tr>{line}</tr>\n" for line in lines)
    path.write_text(
        f'<html><head><meta charset="utf-8"></head><body><table>{table}</table></body></html>',
        encoding="utf-8",
    )


def write_ods(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid as an OpenDocument sheet."""
    corners = {(piece.row, piece.column): piece for piece in pieces}
    lines = []
    for row in range(rows):
        cells = []
        for column in range(columns):
            piece = corners.get((row, column))
            if piece is None:
                cells.append("<table:covered-table-cell/>")
                continue
            spans = f'table:number-rows-spanned="{piece.row_span}" '
            spans += f'table:number-columns-spanned="{piece.column_span}"'
            text = f"<text:p>{html.escape(piece.text)}</text:p>" if piece.text else ""
            cells.append(f"<table:table-cell {spans}>{text}</table:table-cell>")
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    path.write_bytes(ods(f'<table:table table:name="Biểu 1">{"".join(lines)}</table:table>'))


def write_text(path: Path, rows: int, columns: int, pieces: Iterable[Piece]) -> None:
    """Write a grid as lines with tabs; a merged cell leaves empty ones behind."""
    texts = {(piece.row, piece.column): piece.text for piece in pieces}
    lines = [
        "\t".join(texts.get((row, column), "") for column in range(columns)) for row in range(rows)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pdf(lines: Iterable[str], table: list[list[str]]) -> bytes:
    """Return a PDF of some lines and a ruled table."""
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6))
    FigureCanvasPdf(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for number, line in enumerate(lines):
        axes.text(0.05, 0.95 - 0.06 * number, line, fontsize=11)
    if table:
        axes.table(table, bbox=(0.05, 0.2, 0.9, 0.4))
    stream = io.BytesIO()
    figure.savefig(stream, format="pdf")
    return stream.getvalue()
