"""Sheets in which units answer for the leaves of a scheme, written and read back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.index.scheme import Leaf, Scheme, load_scheme
from cchc_stats.words import (
    NO_DATE,
    CchcError,
    PeriodError,
    ReadError,
    fold,
    label_period,
    listed,
    parse_number,
    parse_period,
    require_file_target,
    require_language,
    require_letters,
    require_little_workbook,
    require_quarters,
    undated,
    vocabulary,
    write_whole,
)

FILLED = ("answer", "number", "evidence", "note")
WRITTEN = ("agency", "period", "code", "label", "max_points", "how", *FILLED)
_NEEDED = ("agency", "period", "code")
_WIDTHS = (28, 14, 9, 70, 14, 66, 20, 12, 34, 30)
MOST_FAULTS = 50  # that a refusal lists
_HEAD_ROWS = 20  # among which the head of a sheet is looked for


def _words_of_sheet() -> Mapping[str, Mapping[str, Any]]:
    return vocabulary("cchc_stats.index.scoring", "answer_sheets.toml")


def write_answer_sheet(
    scheme: Scheme | str,
    path: str | Path,
    *,
    agencies: Iterable[str],
    period: pd.Period | str | None = None,
    lang: str = "vi",
) -> Path:
    """Write the workbook in which agencies answer for the leaves of a scheme.

    Parameters
    ----------
    scheme : a scheme, its name or its file.
    path : ends in .xlsx.
    agencies : who answers, in the order of the rows.
    period : the quarter that is answered for; the agencies fill it in if not given.
    lang : of the words, "vi" or "en".

    Returns
    -------
    The path. A row per agency and leaf, with a list of the answers that its rule takes, room for a
    number, evidence and a note; a sheet of instructions. Only these cells can be changed. The same
    scheme and agencies are the same bytes; `read_answers` reads it back.

    Raises
    ------
    CchcError
        No agency, or one twice; a name that does not end in .xlsx; no such scheme or quarter; a
        path that cannot be written.

    Examples
    --------
    >>> from cchc_stats import read_answers
    >>> path = getfixture("tmp_path") / "phieu.xlsx"
    >>> _ = write_answer_sheet("example-department", path, agencies=["Sở A"], period="2026Q3")
    >>> read_answers(path)[["agency", "code", "answer"]].values.tolist()[:1]
    [['Sở A', '1.1.1', '']]
    """
    require_language(lang)
    path, names = Path(path), [agencies] if isinstance(agencies, str) else [*agencies]
    _require_sheet(path, names)
    require_letters(names)
    require_file_target(path)
    chosen = scheme if isinstance(scheme, Scheme) else load_scheme(scheme)
    quarter = ""
    if period is not None:
        given = require_quarters(pd.Series([period], dtype=object), where="period=")[0]
        quarter = label_period(given, lang=lang)
    from xlsxwriter.workbook import Workbook

    made = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(made, plain)
    wrap: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1}
    looks = {
        "head": book.add_format(wrap | {"bold": True, "bg_color": "#D9D9D9"}),
        "fixed": book.add_format(wrap | {"bg_color": "#F2F2F2"}),
        "free": book.add_format(wrap | {"locked": False}),
        "guide": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    sheets = [
        book.add_worksheet(_said_of_sheet("sheet", name, lang))
        for name in ("answers", "how", "choices")
    ]
    _draw_answers(sheets[0], chosen, names, quarter, looks, lang)
    sheets[1].set_column(0, 0, 100)
    for row, code in enumerate(("scheme", "rows", "evidence", "keep")):
        line = _said_of_sheet("guide", code, lang).format(scheme=chosen.name)
        sheets[1].write_string(row, 0, line, looks["guide"])
    for row, leaf in enumerate(chosen.leaves):
        takes = ("%" if leaf.unit == "percent" else "1") if _takes_number(leaf) else "0"
        cells = (leaf.code, takes, *_choices_in_words(leaf, lang))
        for column, text in enumerate(cells):
            sheets[2].write_string(row, column, text)
    sheets[2].very_hidden()
    sheets[2].protect()
    book.set_properties({"created": NO_DATE})
    book.close()
    return write_whole(path, undated(made.getvalue()))


def _require_sheet(path: Path, agencies: Sequence[object]) -> None:
    faults = []
    if path.suffix.lower() != ".xlsx":
        faults.append(f"a workbook's name ends in .xlsx, not in {path.suffix or 'nothing'}")
    if not agencies:
        faults.append("no agency is given")
    faults += [
        f"{name!r} is no name of an agency"
        for name in agencies
        if not isinstance(name, str) or not name.strip()
    ]
    faults += [f"{name!r} is given twice" for name in {*agencies} if agencies.count(name) > 1]
    if faults:
        raise CchcError(
            "the sheet of answers cannot be written",
            where="; ".join(sorted(faults)),
            mend="give each agency once, and a name that ends in .xlsx",
        )


def _said_of_sheet(subject: str, code: str, lang: str) -> str:
    return str(_words_of_sheet()[subject][code].in_language(lang))


def _takes_number(leaf: Leaf) -> bool:
    return leaf.reads_values and "number" in leaf.rule.takes


def _choices_in_words(leaf: Leaf, lang: str) -> list[str]:
    """Return the answers that a leaf takes in words, each of which means its code alone."""
    labels = vocabulary()["answer"]
    return [labels[code].in_language(lang) if code in labels else code for code in leaf.answers]


def _draw_answers(
    sheet: Any, scheme: Scheme, agencies: Sequence[str], quarter: str, looks: Any, lang: str
) -> None:
    labels = scheme.nodes.set_index("code")["label"]
    for column, (name, width) in enumerate(zip(WRITTEN, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, _said_of_sheet("column", name, lang), looks["head"])
    row = 0
    for agency in agencies:
        for leaf in scheme.leaves:
            row += 1
            has_own = len(leaf.answers) > 1 and not leaf.reads_values
            how = "choose" if has_own else "number" if _takes_number(leaf) else "value"
            fixed = (agency, quarter, leaf.code, str(labels[leaf.code]))
            for column, text in enumerate(fixed):
                is_free = column == 1 and not quarter
                look = looks["free" if is_free else "fixed"]
                sheet.write_string(row, column, text, look) if text else sheet.write_blank(
                    row, column, None, look
                )
            sheet.write_number(row, 4, leaf.max_points, looks["fixed"])
            sheet.write_string(row, 5, _said_of_sheet("how", how, lang), looks["fixed"])
            for column in range(6, len(WRITTEN)):
                sheet.write_blank(row, column, None, looks["free"])
            choice = {"validate": "list", "source": _choices_in_words(leaf, lang)}
            sheet.data_validation(row, 6, row, 6, choice)
    numbers = {"validate": "decimal", "criteria": ">=", "value": 0}
    sheet.data_validation(1, 7, max(row, 1), 7, numbers)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, row, len(WRITTEN) - 1)
    # What is to be filled in is unlocked; filters, widths and heights stay the user's.
    allowed = dict.fromkeys(("autofilter", "sort", "format_columns", "format_rows"), True)
    sheet.protect("", allowed)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


# --- read back ---


def read_answer_sheet(path: Path) -> pd.DataFrame:
    """Return the answers of a workbook as `read_answers` does; every fault with sheet and cell."""
    import python_calamine

    if not path.is_file():
        raise ReadError(
            "there is no such file", where=str(path), mend="check the path, and where a link leads"
        )
    require_little_workbook(path)
    try:
        book = python_calamine.load_workbook(str(path))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except Exception as error:  # what a damaged archive raises is not one kind
        raise ReadError(
            "the workbook is damaged or cut off",
            where=str(path),
            mend="open and save it in Excel, or get it anew",
        ) from error
    found = _table_of_answers(sheets)
    if found is None:
        raise ReadError(
            "no sheet has the columns of answers",
            where=str(path),
            mend="fill in the sheet that write_answer_sheet writes, or head columns agency, "
            "period, code, answer",
        )
    name, at, columns = found
    leaves = _leaves_of(sheets, name)
    percents = _shown_as_percents(path, [*sheets].index(name) + 1)
    faults: list[str] = []
    rows = [*_filled_rows(sheets[name][at + 1 :], at + 2, columns, leaves, percents, faults)]
    _find_twice(rows, columns, faults)
    if faults:
        raise ReadError(
            "answers cannot be used",
            where=f"{path.name}, {name}: {listed(faults, most=MOST_FAULTS)}",
            mend="correct the cells",
        )
    return _typed_answers(rows)


def _table_of_answers(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
) -> tuple[str, int, dict[str, int]] | None:
    """Return the sheet that has the columns of answers, the row of its head, and their places."""
    for name, rows in sheets.items():
        for at, row in enumerate(rows[:_HEAD_ROWS]):
            columns = _places_of_columns(row)
            if {*_NEEDED} <= {*columns} and {"answer", "number"} & {*columns}:
                return name, at, columns
    return None


def _typed_answers(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as the frame of answers, texts but for the numbers."""
    names = (*_NEEDED, "answer", "number", "evidence")
    frame = pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows])
    frame = frame if len(frame) else pd.DataFrame(columns=list(names))
    return frame.astype({name: "Float64" if name == "number" else "str" for name in names})


def _places_of_columns(row: Sequence[Any]) -> dict[str, int]:
    """Return the place of each column that a row of headings names, in either language."""
    known = {
        fold(text): code
        for code, label in _words_of_sheet()["column"].items()
        for text in (code, label.vi, label.en)
    }
    heads = [known.get(fold(cell.strip()), "") if isinstance(cell, str) else "" for cell in row]
    return {code: heads.index(code) for code in dict.fromkeys(heads) if code}


def _shown_as_percents(path: Path, number: int) -> set[str]:
    """Return the cells of a sheet that show their number as a percentage: 0.95 as 95%."""
    try:
        with zipfile.ZipFile(path) as archive:
            styles, sheet = (
                archive.read(f"xl/{part}.xml").decode("utf-8", "replace")
                for part in ("styles", f"worksheets/sheet{number}")
            )
    except (OSError, KeyError, zipfile.BadZipFile):  # another kind of workbook
        return set()
    own = re.findall(r'<(?:\w+:)?numFmt [^>]*numFmtId="(\d+)"[^>]*formatCode="[^"]*%', styles)
    cells = styles.partition("cellXfs")[2].partition("cellXfs>")[0]
    ids = re.findall(r'<(?:\w+:)?xf [^>]*?numFmtId="(\d+)"', cells)
    formats = {str(at) for at, one in enumerate(ids) if one in {"9", "10", *own}}
    found = re.findall(r'<(?:\w+:)?c r="([A-Z]+\d+)"[^>]*? s="(\d+)"', sheet)
    return {cell for cell, style in found if style in formats}


def _leaves_of(
    sheets: Mapping[str, list[list[Any]]], name: str
) -> dict[str, tuple[str, list[str]]]:
    """Return by code of a leaf whether it takes a number ("0" for none, "%"), and its answers."""
    label = _words_of_sheet()["sheet"]["choices"]
    hidden = {label.vi, label.en}
    rows = next((rows for other, rows in sheets.items() if other in hidden and other != name), [])
    return {
        str(row[0]): (str(row[1]), [str(cell) for cell in row[2:] if cell not in ("", None)])
        for row in rows
        if len(row) > 2 and row[0]
    }


def _filled_rows(
    rows: Sequence[Sequence[Any]],
    first: int,
    columns: Mapping[str, int],
    leaves: Mapping[str, tuple[str, list[str]]],
    percents: Collection[str],
    faults: list[str],
) -> Iterator[dict[str, Any]]:
    """Yield each row that says anything, with its number in the sheet; faults are added."""
    for number, cells in enumerate(rows, first):
        own = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        if _address(columns, "number", number) in percents and isinstance(own["number"], float):
            own["number"] = f"{100 * own['number']:.10g}%".replace(".", ",")
        if leaves.get(_text_in(own["code"]), ("",))[0] == "%" and isinstance(own["number"], str):
            own["number"] = own["number"].strip().removesuffix("%")
        row: dict[str, Any] = {name: _text_in(cell) for name, cell in own.items()}
        if not any(row.values()):
            continue
        row |= {"row": number, "number": _number_in(own.get("number", ""))}
        if row["number"] is None and (text := _text_in(own.get("number"))):
            cell = _address(columns, "number", number)
            faults.append(
                f"{cell}: {text!r} is a percentage: write the number alone"
                if "%" in text
                else f"{cell}: {text!r} is no number"
            )
        faults += _faults_of(row, columns, leaves)
        note = row.pop("note", "")
        if note:
            row["evidence"] = "; ".join(filter(None, (row.get("evidence", ""), note)))
        yield row


def _address(columns: Mapping[str, int], name: str, row: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row - 1, columns.get(name, 0)))


def _text_in(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _number_in(cell: Any) -> float | None:
    """Return a number, or what a text prints: "1.234" typed as a text is 1234, as in reports."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    read = parse_number(_text_in(cell))
    plain = read.status == "reported" and not read.unit and read.denominator is None
    return None if read.value is None or not plain else float(read.value)


def _faults_of(
    row: Mapping[str, Any],
    columns: Mapping[str, int],
    leaves: Mapping[str, tuple[str, list[str]]],
) -> Iterator[str]:
    at = row["row"]
    is_filled = bool(row.get("answer")) or row["number"] is not None
    for name in _NEEDED:
        if not row[name] and (is_filled or name == "code"):
            yield f"{_address(columns, name, at)} is empty"
    if row["period"] and not _is_quarter(row["period"]):
        yield f"{_address(columns, 'period', at)}: {row['period']!r} is no quarter"
    if leaves and row["code"] in leaves:
        yield from _faults_of_answer(row, columns, *leaves[row["code"]])
    elif leaves and row["code"]:
        yield f"{_address(columns, 'code', at)}: {row['code']!r} is no criterion of this sheet"


def _is_quarter(text: str) -> bool:
    try:
        return bool(parse_period(text).freqstr == "Q-DEC")
    except PeriodError:
        return False


def _faults_of_answer(
    row: Mapping[str, Any], columns: Mapping[str, int], takes: str, answers: Sequence[str]
) -> Iterator[str]:
    said, number = row.get("answer", ""), row["number"]
    if said and fold(said) not in {fold(one) for one in answers}:
        cell = _address(columns, "answer", row["row"])
        yield f"{cell}: {said!r} is no answer here; use {', '.join(answers)}"
    cell = _address(columns, "number", row["row"])
    if number is not None and takes == "0":
        yield f"{cell}: {row['code']} takes no number"
    elif number is not None and number < 0:
        yield f"{cell}: a number below 0"


def _find_twice(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, int], faults: list[str]
) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (row["agency"], row["period"], row["code"])
        if key in first:
            one, two = (_address(columns, "code", at) for at in (first[key], row["row"]))
            faults.append(f"{one} and {two} are of one criterion of {row['agency']}")
        first.setdefault(key, row["row"])
