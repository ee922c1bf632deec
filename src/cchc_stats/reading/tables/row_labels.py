"""The rows of a table's body: their labels, what they stand under, totals and details."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cchc_stats.forms import names_total
from cchc_stats.reading.files import Grid
from cchc_stats.reading.tables.grid_headings import Anatomy, is_figure, is_transparent
from cchc_stats.words import fold

_OWN_SERIAL = re.compile(r"(\d+(?:\.\d+)+|\(?(?:\d+|[IVX]+|[a-zđA-ZĐ])[.)]|[-+*•])\s+(?=\S)")
_ROMAN = re.compile(r"[ivx]+")
_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong)(?: chung)? ?:?(?: ?\(.*\))?")


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a table's body.

    Attributes
    ----------
    grid, number : its table and its number there, from 0.
    serial : as printed, in its own column or before the label.
    label : as printed; path : with the labels it stands under, top first.
    figures : the columns in which it has figures.
    total : whether it is named as a total; detail : whether it is part of the row above.
    group : whether numbered rows follow that it sums up.
    blank : whether it is numbered as the others are, and nothing is filled in.
    below : whether it is words below the last figures.
    """

    grid: Grid
    number: int
    serial: str
    label: str
    path: tuple[str, ...]
    figures: tuple[int, ...]
    total: bool = False
    detail: bool = False
    group: bool = False
    blank: bool = False
    below: bool = False


def label_columns(anatomy: Anatomy) -> tuple[int, ...]:
    """Return the columns of words before the first one of figures."""
    first = min(anatomy.figures, default=anatomy.grid.columns)
    return tuple(column for column in anatomy.texts if column < first)


def rows_of(parts: Sequence[Anatomy], labels: Sequence[int]) -> list[Row]:
    """Return the rows of a table, which may go on over several grids.

    Parameters
    ----------
    parts : the grids taken apart; the first has the headings.
    labels : the columns whose words are the labels.
    """
    head = parts[0]
    values = [column for column in head.figures if column not in labels]
    rows: list[Row] = []
    above: list[tuple[int, str]] = []
    seen: list[str] = []
    inside = False  # below a row "Trong đó"
    group = ""
    kept = [""] * len(labels)
    for part, number in ((one, number) for one in parts for number in one.body):
        grid = part.grid
        texts = [grid.text_at(number, column) for column in labels]
        if len(labels) > 1:
            if not grid.known_spans and not texts[0] and any(texts[1:]):
                texts[0] = kept[0]
            kept = texts
        label = " > ".join(dict.fromkeys(text for text in texts if text))
        serials = [grid.text_at(number, column) for column in sorted(head.serials)]
        serial = next(filter(None, serials), "")
        total = _is_total(label or serial)
        named = bool(label) and names_total(label, whole=True)
        own = _OWN_SERIAL.match(label)
        given = serial if is_serial(serial) else own[1] if own else ""
        figures = tuple(column for column in values if is_figure(grid.text_at(number, column)))
        rank = _rank(given, numbered=bool(head.serials), header=not figures)
        above = [one for one in above if one[0] < rank]
        path = tuple(text for _, text in above) + tuple(label.split(" > ") if label else ())
        if label and not (total and figures):
            above.append((rank, label))
        parted = is_transparent(label) or fold(label).startswith("trong do")
        if given and rank < 6 and not parted:
            inside = False
        code = fold(given).strip("().")
        detail = inside or (parted and bool(figures)) or _is_below(code, seen)
        if figures and code:
            seen.append(code)
        inside = inside or parted
        row = Row(grid, number, serial, label, path, figures, total or named, detail)
        # "I. Cấp tỉnh" with figures, above rows 1, 2, …, is their sum; above "Tổng cộng" it is not.
        if rank in (0, 1) and figures:
            group = given
        elif group and rank == 2 and not detail and not row.total:
            before = next((k for k in range(len(rows) - 1, -1, -1) if rows[k].serial == group), -1)
            if before >= 0:
                rows[before] = replace(rows[before], group=True)
            group = ""
        rows.append(row)
    return _without_figures(rows)


def _without_figures(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, with what those without figures are among the others."""
    last = max((at for at, row in enumerate(rows) if row.figures), default=len(rows))
    told = []
    for at, row in enumerate(rows):
        if not row.figures and (row.label or row.serial) and not row.total and not row.detail:
            after = rows[at + 1] if at + 1 < len(rows) else None
            blank = (
                bool(row.label)
                and _is_numbered(row)
                and (after is None or after.total or _is_numbered(after))
            )
            row = replace(row, blank=blank, below=at > last and not is_serial(row.serial))
        told.append(row)
    return told


def _is_numbered(row: Row) -> bool:
    return row.serial.strip(" .").isdigit()


def _is_total(text: str) -> bool:
    """Return whether a row says that it is a total; "Công chứng" (notaries) is not "Cộng chung"."""
    notaries = unicodedata.normalize("NFC", text).casefold().startswith("công")
    return _TOTAL.fullmatch(fold(text)) is not None and not notaries


def is_serial(text: str) -> bool:
    """Return whether a text is a serial number, Roman, lettered, or a dash before an item."""
    code = fold(text).strip("(). ")
    return bool(code) and (
        code.replace(".", "").isdigit() or bool(_ROMAN.fullmatch(code)) or len(code) == 1
    )


def _rank(serial: str, *, numbered: bool, header: bool) -> int:
    """Return how deep a row stands; 8 and 9 are those without a serial number."""
    code = fold(serial).strip("(). ")
    if not code:
        # Among numbered rows one without a number stands for itself.
        return 8 if header else 2 if numbered else 9
    if code.replace(".", "").isdigit():
        return 2 + code.count(".")
    if code in "-+*•":
        return 7
    if _ROMAN.fullmatch(code) and serial.isupper():
        return 1
    return 0 if serial.isupper() else 6


def _is_below(code: str, seen: Sequence[str]) -> bool:
    """Return whether "1.2" follows a "1" that has figures."""
    return "." in code and code.rpartition(".")[0] in seen
