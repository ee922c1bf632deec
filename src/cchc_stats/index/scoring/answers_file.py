"""Answers from a CSV file, as people fill it in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cchc_stats.index.scoring.answers import COLUMNS
from cchc_stats.reading import read_text_table
from cchc_stats.words import ReadError, parse_number


def read_answers(path: str | Path) -> pd.DataFrame:
    r"""Return the answers of a CSV file, for `score`.

    Parameters
    ----------
    path : comma separated, UTF-8, columns `agency, period, code`, and `answer` or `number`;
        `assessor` and `evidence` where there are any. Numbers are printed as reports print them
        ("2,5"); an empty cell is none.

    Returns
    -------
    Frame of those columns, texts but for `number` (Float64).

    Raises
    ------
    ReadError
        No readable table, a missing or unknown column, a cell under `number` that is none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "answers.csv"
    ...     _ = file.write_text("agency,period,code,number\nSở A,2020Q3,2,\"2,5\"\n", "utf-8")
    ...     read_answers(file)["number"].tolist()
    [2.5]
    """
    path = Path(path)
    cells = read_text_table(path, ("agency", "period", "code"))
    if strange := [str(name) for name in cells if name not in COLUMNS]:
        raise ReadError(
            f"column {', '.join(strange)} is not known",
            where=str(path),
            mend=f"leave it out; answers have {', '.join(COLUMNS)}",
        )
    if "number" not in cells:
        return cells
    read = parse_number(cells["number"])
    plain = (read["status"] == "reported") & (read["unit"] == "") & read["denominator"].isna()
    wrong = ~plain & (cells["number"].str.strip() != "")
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise ReadError(
            f"{cells['number'].iloc[row]!r} is no number",
            where=f"{path}, row {row + 1}, column number",
            mend="write points or a count, such as 2,5; a yes or no belongs into column answer",
        )
    number: pd.Series = read["value"].where(plain)
    return cells.assign(number=number)
