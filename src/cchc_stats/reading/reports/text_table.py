"""A CSV file as a table of texts, each cell as it stands in the file."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from cchc_stats.words import ReadError

LARGEST_FILE = 50_000_000  # bytes: a form of a thousand agencies and twenty quarters is below


def read_text_table(file: Path | None, required: Collection[str]) -> pd.DataFrame:
    """Return a CSV file as texts, "" where a cell is empty; without a file, no rows.

    Rows without any text are left out.

    Parameters
    ----------
    file : comma separated, UTF-8, one line of column names; None where there is none.
    required : the columns that must be there.

    Raises
    ------
    ReadError
        The file cannot be read, has rows of several lengths, or lacks a column.
    """
    if file is None:
        return pd.DataFrame(columns=list(required), dtype="str")
    try:
        header, rows = _read(file)
    except (OSError, ValueError, csv.Error) as error:
        raise ReadError(
            f"the table cannot be read: {error}",
            where=str(file),
            mend="save it as CSV, comma separated, in UTF-8",
        ) from error
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise ReadError(
            f"column {', '.join(twice)} stands more than once",
            where=str(file),
            mend="keep one of the columns",
        )
    if missing := [name for name in required if name not in header]:
        raise ReadError(
            f"column {', '.join(missing)} is missing",
            where=str(file),
            mend=f"add the column; the file has {', '.join(header)}",
        )
    return pd.DataFrame(rows, columns=header, dtype="str")


def _read(file: Path) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of a file, all of one length."""
    if file.stat().st_size > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE // 1_000_000} MB")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise ValueError("it has no line of column names")
        if len(header) == 1 and ";" in header[0]:
            raise ValueError("its cells are separated by semicolons")
        rows = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise ValueError(
                    f"line {reader.line_num} has {len(row)} cells, the heading {len(header)}"
                )
            rows.append(row)
    return header, rows
