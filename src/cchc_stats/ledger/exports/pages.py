"""Tables of web pages and of Excel's XML, which one-stop systems save under the name .xls."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc_stats.words import ReadError

if TYPE_CHECKING:
    from lxml.etree import _Element

PAGE, BOOK = "page", "book"
LARGEST = 1_000_000_000  # bytes of markup
_BOOK_MARK = "urn:schemas-microsoft-com:office:spreadsheet"
_START = re.compile(
    r"<(!doctype|html|head|meta|style|title|body|div|center|table|thead|tr)\b", re.I
)
_TABLE = re.compile(r"<table\b[^>]*>\s*(<(caption|col|thead|tbody)\b.*?)?<tr\b", re.I | re.S)
_SS = f"{{{_BOOK_MARK}}}"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)

Merged = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class ExportSheet:
    """The cells of one sheet or table.

    Attributes
    ----------
    rows : as they stand; of merged cells the first alone holds something.
    merged : ((first row, first column), (last row, last column)), from 0.
    unsaved : cells of formulas whose value was not saved, (row, column).
    days_from_1904 : whether bare numbers count days from 1904.
    hidden : whether its program does not show it.
    """

    name: str
    rows: list[list[Any]]
    merged: list[Merged] = field(default_factory=list)
    unsaved: tuple[tuple[int, int], ...] = ()
    days_from_1904: bool = False
    hidden: bool = False


def markup_kind(start: bytes) -> str:
    """Return whether a file that begins so is a page, a book in Excel's XML, or neither ("").

    Examples
    --------
    >>> markup_kind(b"<style>td{}</style><table><tr>"), markup_kind(b"a;b")
    ('page', '')
    """
    text = start.decode(
        "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore"
    )
    text = text.removeprefix("\xef\xbb\xbf").lstrip()
    if re.match(r"mime-version:|content-type: multipart", text, re.I):
        return PAGE
    if not text.startswith("<"):
        return PAGE if _TABLE.search(text) else ""
    if (
        _BOOK_MARK in text
        and re.search(r"<(\w+:)?Workbook\b", text)
        and "<html" not in text.lower()
    ):
        return BOOK
    return PAGE if _START.search(text) else ""


def markup_sheets(path: Path, kind: str) -> list[ExportSheet]:
    """Return the tables of a page, or the sheets of a book in Excel's XML.

    Raises
    ------
    ReadError
        It is damaged, too large, or has no table.
    """
    if path.stat().st_size > LARGEST:
        raise ReadError(
            f"the page has {path.stat().st_size / 1e9:.1f} GB",
            where=str(path),
            mend="open it in Excel and save it as .xlsx, or export it as CSV",
        )
    data = path.read_bytes()
    sheets = list(_book_sheets(data, path) if kind == BOOK else _page_tables(_page(data)))
    if not sheets:
        raise ReadError(
            "the export is a web page under another name",
            where=str(path),
            mend="open it in Excel and save it as .xlsx, or as CSV UTF-8",
        )
    return sheets


def _page(data: bytes) -> str:
    """Return the text of a page, or of the first page of a web archive."""
    if re.match(rb"\s*(mime-version:|content-type: multipart)", data, re.I):
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts: list[Any] = [
            part for part in message.walk() if part.get_content_type() == "text/html"
        ]
        pages: list[bytes] = [part.get_payload(decode=True) or b"" for part in parts]
        data = max(pages, key=len, default=b"")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        stated = _CHARSET.search(data[:4096])
        name = stated[1].decode() if stated else "cp1258"
        # A page in Vietnamese that calls itself Western was saved in the Vietnamese code page.
        western = name.lower() in ("utf-8", "iso-8859-1", "windows-1252", "us-ascii")
        try:
            return data.decode("cp1258" if western else name, "replace")
        except LookupError:
            return data.decode("cp1258", "replace")


def _page_tables(text: str) -> Iterator[ExportSheet]:
    from lxml import html

    parser = html.HTMLParser(huge_tree=True, no_network=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return
    page: Any = html.document_fromstring(text, parser=parser)
    tables = page.xpath("//table[tr or thead/tr or tbody/tr or tfoot/tr]")
    for number, table in enumerate(tables, start=1):
        rows: list[list[Any]] = []
        merged: list[Merged] = []
        open_cells: dict[int, int] = {}  # column -> rows below that a cell above still takes
        for row in table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
            cells: list[Any] = []
            for cell in row.xpath("./td | ./th"):
                while open_cells.get(len(cells), 0):
                    cells.append("")
                across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
                at = (len(rows), len(cells))
                cells += [_cell_text(cell), *[""] * (across - 1)]
                if across > 1 or down > 1:
                    merged.append((at, (at[0] + down - 1, at[1] + across - 1)))
                for column in range(at[1], at[1] + across):
                    open_cells[column] = down
            open_cells = {column: left - 1 for column, left in open_cells.items() if left > 1} | {
                column: 0 for column, left in open_cells.items() if left <= 1
            }
            rows.append(cells)
        yield ExportSheet(f"table {number}", _squared(rows), merged)


def _span(stated: str | None) -> int:
    return min(max(int(stated), 1), 10_000) if stated and stated.strip().isdigit() else 1


def _cell_text(cell: _Element) -> str:
    return " ".join(" ".join(map(str, cell.itertext())).split())


def _book_sheets(data: bytes, path: Path) -> Iterator[ExportSheet]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        book = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(
            "the workbook in XML is cut short or damaged",
            where=str(path),
            mend="open it in its program and save it again, or get it anew",
        ) from error
    since_1904 = b"<Date1904" in data[:100_000]
    for number, sheet in enumerate(book.iter(f"{_SS}Worksheet"), start=1):
        rows: list[list[Any]] = []
        merged: list[Merged] = []
        taken: dict[tuple[int, int], bool] = {}
        for row in sheet.iter(f"{_SS}Row"):
            rows += [[] for _ in range(int(row.get(f"{_SS}Index", len(rows) + 1)) - len(rows) - 1)]
            cells: list[Any] = []
            for cell in row.iter(f"{_SS}Cell"):
                column = int(cell.get(f"{_SS}Index", 0)) - 1
                while len(cells) < column or (column < 0 and taken.get((len(rows), len(cells)))):
                    cells.append("")
                at = (len(rows), len(cells))
                across = int(cell.get(f"{_SS}MergeAcross", 0))
                down = int(cell.get(f"{_SS}MergeDown", 0))
                cells += [_data(cell), *[""] * across]
                if across or down:
                    last = (at[0] + down, at[1] + across)
                    merged.append((at, last))
                    taken |= {
                        (below, beside): True
                        for below in range(at[0] + 1, last[0] + 1)
                        for beside in range(at[1], last[1] + 1)
                    }
            rows.append(cells)
        name = sheet.get(f"{_SS}Name") or f"sheet {number}"
        yield ExportSheet(name, _squared(rows), merged, days_from_1904=since_1904)


def _data(cell: _Element) -> Any:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return ""
    text = "".join(map(str, data.itertext()))
    if data.get(f"{_SS}Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _squared(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows of one length."""
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]
