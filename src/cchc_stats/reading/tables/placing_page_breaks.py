"""Whether rows without headings go on with the table before them, as after a page break."""

from __future__ import annotations

import re

from cchc_stats.reading.tables.grid_headings import Anatomy, is_figure
from cchc_stats.reading.tables.row_labels import label_columns
from cchc_stats.words import fold

# What a page break leaves between two parts: the number of the page, "(tiếp theo)".
_BETWEEN = re.compile(r"(?:trang )?[-–(]* ?\d{1,3}(?: ?/ ?\d{1,3})? ?[-–)]*|.*\btiep(?: theo)?\)?")


def goes_on_below(head: Anatomy, before: Anatomy, part: Anatomy) -> bool:
    """Return whether a table without headings goes on with another one.

    As many columns are not enough: words must stand where the table has words, and nothing may
    stand between the two but a page's number, unless the rows are numbered on.

    Parameters
    ----------
    head : the table that has the headings.
    before : its last part so far.
    part : the rows without headings.
    """
    rows = range(part.grid.rows)
    for column in label_columns(head)[:1]:
        names = [part.grid.text_at(row, column) for row in rows]
        # "TỔNG CỘNG" may stand in the column of numbers.
        names += [part.grid.text_at(row, left) for row in rows for left in range(column)]
        labels = names[: len(rows)]
        if any(map(is_figure, filter(None, labels))) or all(map(is_figure, filter(None, names))):
            return False
    caption = part.grid.caption
    if caption == before.grid.caption or _BETWEEN.fullmatch(fold(caption)):
        return True
    last, first = _numbers(head, before), _numbers(head, part)
    return bool(last and first) and first[0] == last[-1] + 1


def _numbers(head: Anatomy, part: Anatomy) -> list[int]:
    """Return the serial numbers of a part's rows."""
    texts = [
        part.grid.text_at(row, column).strip(" .")
        for column in sorted(head.serials)[:1]
        for row in part.body
    ]
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 6]
