"""The values frame in files: CSV, workbook, Parquet, DuckDB and JSON, each back as it was."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from numbers import Real
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.values.columns import NUMBERS, TEXTS, WINDOWS, in_rows
from cchc_stats.values.frame import complete_values
from cchc_stats.words import (
    NO_DATE,
    NUMBERED,
    CchcError,
    ReadError,
    ValuesError,
    as_figures,
    csv_bytes,
    is_numbered,
    require_letters,
    require_little_workbook,
    require_quarters,
    undated,
    unguarded,
    without_row_numbers,
    write_whole,
)

# What a comparison and intervals add in figures, so that it too comes back as it was.
COMPARED = ("previous", "change", "change_pct", "change_pp", "change_low", "change_high")
LIMITS = ("low", "high", "interval_level")
FIGURES = (*NUMBERS, *COMPARED, *LIMITS)
PERIODS = ("period", "previous_period")
MOST_LETTERS, MOST_ROWS = 32_767, 1_048_575  # of a cell; below the head of a sheet
TABLE = "cchc_values"  # in a DuckDB file; VALUES is a word of SQL
_TYPED = ("period_start", "period_end")  # the quarter as days, for engines without a type for it
_TEXT = (*TEXTS, *PERIODS, *FIGURES)
_WHOLE = r"-?(?:0|[1-9][0-9]*)"  # "007" is a text
MOST_DIGITS = {"Int64": 18, "Float64": 30}


def write_values(
    values: pd.DataFrame, path: str | Path, *, decimal: Literal[".", ","] = "."
) -> Path:
    """Write a values frame to a file, of the kind that its name ends in, and return the path.

    Parameters
    ----------
    values : values frame (see `complete_values`); it is completed first.
    path : file to write; its folder must be there.
        `.csv`, `.csv.gz`: UTF-8 with the mark that spreadsheets look for;
        `.xlsx`: one sheet, numbers and days as such, the head frozen, with a filter;
        `.parquet`; `.duckdb`, a database with the table `cchc_values`; `.json`, an array of
        records: for other engines, with periods as text ("2020Q3") and beside them the first and
        last day of the quarter, `period_start` and `period_end`.
    decimal : "," writes a CSV as a Vietnamese spreadsheet reads it: decimal commas, semicolons
        between the cells. With points such a spreadsheet takes 98.125 for 98125.

    Raises
    ------
    ValuesError
        As `complete_values` does.
    CchcError
        Another ending; the file cannot be written: what was there is unchanged.

    Notes
    -----
    The last column of CSV and workbook numbers the rows, and its name says how many they are, so
    that `read_values` sees what was cut off; of the others a file that was cut cannot be opened.
    Texts that a spreadsheet would calculate stand in a CSV behind an apostrophe, which
    `read_values` takes away.

    Examples
    --------
    >>> import tempfile
    >>> own = pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "indicator": ["my_count"], "value": [2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_values(own, Path(folder) / "values.parquet")
    ...     read_values(path).equals(complete_values(own))
    True
    """
    path = Path(path)
    ending = _ending(path)
    if decimal not in (".", ",") or (decimal == "," and not ending.startswith(".csv")):
        raise CchcError(
            f"decimal={decimal!r} is no decimal sign of a {ending} file",
            where="decimal=",
            mend='give "." or, for CSV alone, ","',
        )
    completed = complete_values(values)
    if ending.startswith(".csv"):
        data = csv_bytes(_numbered(completed), compressed=ending == ".csv.gz", decimal=decimal)
    else:
        _require_plain_cells(completed, ending)
        data = _WRITERS[ending](completed)
    return write_whole(path, data)


def read_values(path: str | Path) -> pd.DataFrame:
    """Return the values frame that `write_values` wrote, of whichever kind the file is.

    Returns
    -------
    Values frame equal to the one written: types, periods and the three absences survive, those of
    a comparison too. Further columns are read as the file tells them: of a CSV those are numbers
    whose cells all look so or are empty ("007" does not), of a workbook all numbers are floats.
    A CSV of your own is known to be cut within a row, not between two: give it a column `row_of_12`
    that numbers its twelve rows, as `write_values` does, and it is whole or refused.

    Raises
    ------
    ReadError
        No such file, none of figures, or one of which a part is missing.
    ValuesError
        The file is not a values frame.

    Examples
    --------
    >>> import tempfile
    >>> own = complete_values(pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "indicator": ["my_rate"], "value": [95.3]}))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = read_values(write_values(own, Path(folder) / "values.csv", decimal=","))
    >>> again.equals(own)
    True
    """
    path = Path(path)
    ending = _ending(path)
    try:
        if path.is_file() and not path.stat().st_size:
            raise ValueError("the file is empty")
        table = _READERS[ending](path)
        _read_figures(table, path)
        table = _without_numbers(table, path, needed=ending in (".csv", ".csv.gz", ".xlsx"))
        table = table.drop(columns=[name for name in _TYPED if name in table])
        if "previous_period" in table:
            table["previous_period"] = require_quarters(
                table["previous_period"].replace("", None), where="column previous_period"
            )
    except CchcError:
        raise
    except Exception as error:  # of five libraries, each with faults of its own
        cause = getattr(error, "strerror", None) or error
        raise ReadError(
            f"the values cannot be read: {' '.join(str(cause).split())[:200]}",
            where=str(path),
            mend="give a file that write_values() wrote",
        ) from error
    try:
        return complete_values(table)
    except ValuesError as error:
        raise ValuesError(
            error.what, where=f"{path}: {error.where}", mend="give a file that write_values() wrote"
        ) from None


def _read_figures(table: pd.DataFrame, path: Path) -> None:
    """Turn the columns of figures to numbers; refuse cells that are none, all at once."""
    faults = []
    for name in [name for name in FIGURES if name in table]:
        # By way of text where it was text: read_csv itself is not exact to the last digit in
        # every version.
        cells = table[name].astype(object)
        numbers = cells.mask(cells.isna() | (cells == ""), np.nan)
        try:
            table[name] = pd.Series(as_figures(numbers.to_numpy(object).astype("float64")))
        except (ValueError, TypeError):
            wrong = numbers.notna() & pd.to_numeric(numbers, errors="coerce").isna()
            first = numbers[wrong].iloc[0] if wrong.any() else numbers.dropna().iloc[0]
            faults.append(f"column {name}, {in_rows(wrong.to_numpy(bool))}: {str(first)[:60]!r}")
    if faults:
        raise ReadError(
            "a figure of the values is no number",
            where="; ".join([str(path), *faults]),
            mend="correct the cells, rows counted from 1 below the heading, or leave them empty",
        )


def _require_plain_cells(values: pd.DataFrame, ending: str) -> None:
    """Refuse further columns with cells that are none of text, number and day."""
    plain = (str, Real, bool, np.bool_, datetime)
    strange = [
        str(name)
        for name in values
        if pd.api.types.is_object_dtype(values[name].dtype)
        and not all(isinstance(cell, plain) for cell in values[name].dropna())
    ]
    if strange:
        raise CchcError(
            f"a {ending} file cannot hold a column of the frame",
            where=f"columns {', '.join(strange)}",
            mend="leave the column out, or turn its cells to texts, numbers or days",
        )


def _ending(path: Path) -> str:
    ending = ".csv.gz" if path.name.endswith(".csv.gz") else path.suffix
    if ending not in _READERS:
        raise CchcError(
            f"values are not kept as {ending or 'a file without ending'}",
            where=str(path),
            mend=f"give a name that ends in {', '.join(_READERS)}",
        )
    return ending


# Texts, in which rows are counted.


def _numbered(values: pd.DataFrame) -> pd.DataFrame:
    return values.assign(**{f"{NUMBERED}{len(values)}": range(1, len(values) + 1)})


def _without_numbers(table: pd.DataFrame, path: Path, *, needed: bool) -> pd.DataFrame:
    """Return a table without the numbers of its rows; refuse one that lacks some of them."""
    kept = without_row_numbers(table, path)
    if kept is table and needed and (table.empty or any(map(is_numbered, table))):
        raise ReadError(
            "the file breaks off in its head, or has no rows",
            where=str(path),
            mend="write it again with write_values(), or copy it again",
        )
    return kept  # a file of the user's own need not count its rows


def _from_csv(path: Path) -> pd.DataFrame:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        data = file.read()
    separator = max(",;", key=lambda sign: data.partition(b"\n")[0].count(sign.encode()))
    table = _csv(data, separator)
    if not any(map(is_numbered, table)):
        _require_whole_rows(data, separator, path)
    if separator == ";":
        for name in [name for name in FIGURES if name in table]:
            pointed = table[name].str.contains(".", regex=False, na=False).to_numpy(bool)
            if pointed.any():
                raise ValuesError(
                    f"column {name}: a point in {in_rows(pointed)}, where decimals are commas",
                    where=str(path),
                    mend="write the file again with decimal commas and no points, or with commas "
                    "between the cells and decimal points",
                )
            table[name] = table[name].str.replace(",", ".", regex=False)
    for name in table.select_dtypes("str"):
        table[name] = unguarded(table[name])
        if name not in (*_TEXT, *WINDOWS):
            table[name] = _as_written(table[name], decimal="," if separator == ";" else ".")
    return table


def _require_whole_rows(data: bytes, separator: str, path: Path) -> None:
    """Refuse rows of another length than the heading, and a last line that may have been cut."""
    fault, where = "", str(path)
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    head, *rows = [row for row in csv.reader(text, delimiter=separator) if row]
    other = np.array([len(row) != len(head) for row in rows], dtype=bool)
    if not data.endswith((b"\n", b"\r")):
        # Cut within a figure, 1380 would be read as 13.
        fault = "the last line has no end, as of a file that was cut"
    elif other.any():
        fault, where = "rows have fewer or more cells than the heading", f"{path}, {in_rows(other)}"
    if fault:
        mend = "get the file anew, or give each row all its cells and end the last line"
        raise ReadError(fault, where=where, mend=mend)


def _as_written(texts: pd.Series, *, decimal: str) -> pd.Series:
    """Return a further column as numbers or truths where all cells but empty ones are such."""
    empty = (texts == "").to_numpy(bool)
    filled = texts[~empty]
    if filled.empty:
        return texts
    if filled.isin(["True", "False"]).all():
        column = (texts == "True").astype("boolean").mask(empty)
        return column if empty.any() else column.astype("bool")
    for kind, form in (("Int64", _WHOLE), ("Float64", rf"{_WHOLE}(\{decimal}\d+)?([eE][+-]?\d+)?")):
        if filled.str.fullmatch(form).all() and filled.str.len().max() <= MOST_DIGITS[kind]:
            # By way of Python's own, which is exact to the last digit.
            number = int if kind == "Int64" else float
            cells = [number(text.replace(decimal, ".")) for text in filled]
            if not empty.any():
                return pd.Series(cells, index=texts.index)
            return pd.Series(cells, index=filled.index, dtype=kind).reindex(texts.index)
    return texts


def _csv(data: bytes, separator: str) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(data),
        sep=separator,
        dtype="str",
        keep_default_na=False,
        na_values=dict.fromkeys((*FIGURES, *WINDOWS), [""]),
        encoding="utf-8-sig",
    )


def _to_xlsx(values: pd.DataFrame) -> bytes:
    import xlsxwriter

    table = _numbered(_plain(values))
    texts = [*map(str, table.columns), *_texts(table)]
    require_letters(texts)
    _require_room(table, texts)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "values.xlsx"
        # Each text as a text, whatever it looks like; numbers that are none stay empty.
        with xlsxwriter.Workbook(
            target, {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            book.set_properties({"created": NO_DATE})
            sheet, days = book.add_worksheet(TABLE), book.add_format({"num_format": "dd/mm/yyyy"})
            sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
            for at, (name, column) in enumerate(table.items()):
                is_day = pd.api.types.is_datetime64_dtype(column.dtype)
                for row, cell in enumerate(column.astype(object), 1):
                    if pd.isna(cell) or cell == "":
                        continue
                    if is_day:
                        sheet.write_datetime(row, at, cell.to_pydatetime(), days)
                    elif isinstance(cell, str):
                        sheet.write_string(row, at, cell)
                    else:
                        sheet.write(row, at, cell)
                sheet.set_column(at, at, 12 if name in FIGURES else 18)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        return undated(target.read_bytes())


def _require_room(table: pd.DataFrame, texts: Iterable[str]) -> None:
    """Refuse what a sheet would cut off: more rows, or more letters of a text, than it can hold."""
    longest = max(texts, key=len, default="")
    if len(longest) > MOST_LETTERS or len(table) > MOST_ROWS:
        raise CchcError(
            f"a sheet holds texts of {MOST_LETTERS:,} letters and {MOST_ROWS:,} rows at most",
            where=f"{len(table):,} rows; the longest text, {len(longest):,}: {longest[:60]!r}",
            mend="write .csv, .parquet, .duckdb or .json",
        )


def _from_xlsx(path: Path) -> pd.DataFrame:
    import python_calamine

    require_little_workbook(path)
    head, *rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    table = pd.DataFrame(rows, columns=[str(name) for name in head])
    for name in table.columns.difference([*TEXTS, *PERIODS]):
        cells = table[name].astype(object)
        if not any(isinstance(cell, str) and cell for cell in cells):
            table[name] = cells.mask(cells == "", None).infer_objects()
    return table


# Engines, which have types of their own.


def _plain(values: pd.DataFrame) -> pd.DataFrame:
    """Return values with their periods as texts, "" where one is missing."""
    periods = [name for name in values if isinstance(values[name].dtype, pd.PeriodDtype)]
    return values.assign(**{str(name): _period_texts(values[name]) for name in periods})


def _period_texts(periods: pd.Series) -> pd.Series:
    return periods.astype("str").mask(periods.isna(), "").astype("str")


def _typed(values: pd.DataFrame) -> pd.DataFrame:
    """Return values with periods as texts, and the days that the quarter has."""
    quarters = pd.PeriodIndex(values["period"])
    plain, at = _plain(values), list(values).index("period") + 1
    for name, days in zip(_TYPED, (quarters.start_time, quarters.end_time), strict=True):
        plain.insert(at, name, days.normalize().astype("datetime64[us]"))
        at += 1
    return plain


def _texts(table: pd.DataFrame) -> list[str]:
    texts: pd.DataFrame = table.select_dtypes("str")
    return [text for name in texts.columns for text in texts[name].dropna().unique()]


def _by_duckdb(values: pd.DataFrame, name: str, statement: str) -> bytes:
    """Return the bytes of the file that a statement of DuckDB writes of the values."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        database = str(target) if statement.startswith("CREATE") else ":memory:"
        with duckdb.connect(database) as connection:
            connection.register("given", _typed(values))
            connection.execute(statement.format(target=target))
        return target.read_bytes()


def _to_parquet(values: pd.DataFrame) -> bytes:
    return _by_duckdb(values, "values.parquet", "COPY given TO '{target}' (FORMAT parquet)")


def _to_duckdb(values: pd.DataFrame) -> bytes:
    return _by_duckdb(values, "values.duckdb", f"CREATE TABLE {TABLE} AS FROM given")


def _from_parquet(path: Path) -> pd.DataFrame:
    import duckdb

    with duckdb.connect() as connection:
        table: pd.DataFrame = connection.read_parquet(str(path)).df()
    return table


def _from_duckdb(path: Path) -> pd.DataFrame:
    import duckdb

    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name}")
    with duckdb.connect(str(path), read_only=True) as connection:
        table: pd.DataFrame = connection.table(TABLE).df()
    return table


def _to_json(values: pd.DataFrame) -> bytes:
    table = _typed(values)
    require_letters(_texts(table))
    days = [name for name in table if pd.api.types.is_datetime64_any_dtype(table[name].dtype)]
    for name in days:
        table[name] = table[name].dt.strftime("%Y-%m-%d")
    cells = table.astype(object).mask(table.isna(), None)
    lines = [json.dumps(row, ensure_ascii=False) for row in cells.to_dict("records")]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _from_json(path: Path) -> pd.DataFrame:
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return pd.DataFrame(records)


_WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    ".xlsx": _to_xlsx,
    ".parquet": _to_parquet,
    ".duckdb": _to_duckdb,
    ".json": _to_json,
}
_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _from_csv,
    ".csv.gz": _from_csv,
    ".xlsx": _from_xlsx,
    ".parquet": _from_parquet,
    ".duckdb": _from_duckdb,
    ".json": _from_json,
}
