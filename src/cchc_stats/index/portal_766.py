"""The national portal's scores under Decision 766/QĐ-TTg: a snapshot of units as values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.index.scheme import load_scheme
from cchc_stats.values import complete_values
from cchc_stats.words import (
    ReadError,
    administrative_level,
    parse_period,
    same_spelling,
)

SCHEME, ONLINE = "qd-766-2022-online", "ONLINE_SERVICES"
NEEDED = ("unit", "unit_code", "row", "numerator", "denominator")
LARGEST = 50_000_000  # bytes of a snapshot
SHOWN = 10  # faults spelled out
# The group of payment is printed as one score with three parts, which have no codes of their own.
PAYMENT_PARTS = {
    "dossiers paid online": "PAYMENT_DOSSIERS",
    "procedures with an online payment": "PAYMENT_PROCEDURES_USED",
    "fee procedures offered": "PAYMENT_PROCEDURES_OFFERED",
}
# Where a unit has none the portal prints 0 of 1.
ONE_FOR_NONE = ("PAYMENT_PROCEDURES_USED", "PAYMENT_PROCEDURES_OFFERED")
NULLS = ("", "-", "–", "null", "none", "nan", "na", "n/a")
_GROUPS = "group_scores"
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_PRINTED_DAY = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")


@dataclass(frozen=True)
class PortalRow:
    """One row of one unit as the portal prints it; None where it prints null."""

    unit: str
    unit_code: str
    row: str
    numerator: Decimal | None
    denominator: Decimal | None
    score: Decimal | None
    place: str


@dataclass(frozen=True)
class Snapshot:
    """A snapshot: its day, the year its figures are of ("" where it states none), and its rows."""

    as_of: dt.date
    year: str
    rows: tuple[PortalRow, ...]


def read_portal_766(
    path: str | Path, *, period: str | pd.Period | None = None, as_of: str | dt.date | None = None
) -> pd.DataFrame:
    """Return the figures of a snapshot of the national portal under Decision 766/QĐ-TTg as values.

    Parameters
    ----------
    path : a JSON file (`as_of, units: name, code, groups, metrics: code, num, den, score; payment:
        parts`), or a CSV file with the columns `unit, unit_code, row, numerator, denominator`, and
        `published_score` and `group_scores_…` (the scores of groups between bars, in the order
        that the column's name says: `group_scores_tr_prog_online_dig_pay_sat`) where there are any.
    period : the quarter that the figures are put under; that of the snapshot's day by default.
    as_of : the day of the snapshot, where the file does not state it and its name does not either.

    Returns
    -------
    Values frame (see `complete_values`), a row per unit × row of the decision, in the order of the
    file, for `score` with the scheme "qd-766-2022": `indicator` is the portal's code, `agency` the
    unit's name, origin `reported`; the group of online services is one value in points. Basis
    `year_to_date` with the window from 1 January to the snapshot's day where the file states the
    year, else `in_period`. Null is not 0: such a row is `not_reported`; but `not_applicable` where
    a commune has all points without any figure. `note` says where a denominator is a temporary one:
    0 of 1 for a unit without fee procedures; a denominator of row 1.4 that is no whole number
    (last year's, divided by 12 or by 4), or that stands though no dossier was in hand.

    Raises
    ------
    ReadError
        No readable JSON or CSV; an unknown row; a unit's code, name or row twice; a cell that is no
        number or is negative; points that the row does not have; no day. All faults of the rows
        come at once.

    Examples
    --------
    >>> import tempfile
    >>> text = '''unit,unit_code,row,numerator,denominator
    ... Sở A,H15.1,ON_TIME,213,249
    ... Sở A,H15.1,DOSSIER_SYNC,,
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "units_2026-10-10.csv"
    ...     _ = file.write_text(text, "utf-8")
    ...     read_portal_766(file)[["indicator", "numerator", "status"]].values.tolist()
    [['ON_TIME', 213.0, 'reported'], ['DOSSIER_SYNC', <NA>, 'not_reported']]
    """
    file = Path(path)
    snapshot = _snapshot(file, as_of)
    day = snapshot.as_of
    # Figures of a year end with it, even if the snapshot was taken after.
    last = min(day, dt.date(int(snapshot.year), 12, 31)) if snapshot.year else day
    quarter = pd.Period(last, "Q-DEC") if period is None else parse_period(period)
    in_hand = {row.unit: row.denominator for row in snapshot.rows if row.row == "ON_TIME"}
    rows = []
    for row in snapshot.rows:
        where = f"Cổng Dịch vụ công quốc gia, ngày {day:%d/%m/%Y}, {row.unit_code}"
        rows.append(
            {
                "agency": row.unit,
                "period": quarter,
                "indicator": row.row,
                **_figures(row),
                "status": _status(row, day),
                "origin": "reported",
                "source": f"{where}, {_name(row.row)} ({file.name}, {row.place})",
                "note": "; ".join(_remarks(row, day, in_hand.get(row.unit))),
            }
        )
    values = pd.DataFrame(rows)
    values["basis"] = "year_to_date" if snapshot.year else "in_period"
    if snapshot.year:
        values["window_start"] = pd.Timestamp(int(snapshot.year), 1, 1)
        values["window_end"] = pd.Timestamp(last)
    return complete_values(values)


def portal_scores_766(path: str | Path, *, as_of: str | dt.date | None = None) -> pd.DataFrame:
    """Return the scores that a snapshot itself prints, to hold what `score` gives against.

    Returns
    -------
    Frame `agency, unit_code, code, points`, a row per unit × row of the decision that has a score.
    """
    rows = [row for row in _snapshot(Path(path), as_of).rows if row.score is not None]
    return pd.DataFrame(
        {
            "agency": pd.Series([row.unit for row in rows], dtype="str"),
            "unit_code": pd.Series([row.unit_code for row in rows], dtype="str"),
            "code": pd.Series([row.row for row in rows], dtype="str"),
            "points": pd.Series([float(row.score or 0) for row in rows], dtype="Float64"),
        }
    )


def _figures(row: PortalRow) -> dict[str, Any]:
    if row.row == ONLINE:
        return {"value": _float(row.score), "unit": "points"}
    figures = {"numerator": _float(row.numerator), "denominator": _float(row.denominator)}
    known = row.numerator is not None and row.denominator
    if _is_implausible(row):
        return figures | {"value": pd.NA, "unit": "percent"}
    return figures | {
        "value": float(100 * row.numerator / row.denominator) if known else pd.NA,  # type: ignore[operator]
        "unit": "percent",
    }


def _is_implausible(row: PortalRow) -> bool:
    """Return whether a row counts more than there were: its share is none."""
    return (
        row.numerator is not None
        and row.denominator is not None
        and (row.numerator > row.denominator)
    )


def _float(number: Decimal | None) -> Any:
    return pd.NA if number is None else float(number)


def _status(row: PortalRow, day: dt.date) -> str:
    if row.row == ONLINE:
        return "not_reported" if row.score is None else "reported"
    if row.numerator is None or row.denominator is None:
        return "not_applicable" if _not_for_communes(row, day) else "not_reported"
    if _is_implausible(row):
        return "implausible"
    return "undefined" if row.denominator == 0 else "reported"


def _not_for_communes(row: PortalRow, day: dt.date) -> bool:
    """Return whether the portal gives a commune all points of a row without any figure."""
    nothing = row.numerator is None and row.denominator is None
    full = row.score is not None and row.score == _maxima().get(row.row)
    return nothing and full and administrative_level(row.unit, day) == "commune"


def _name(row: str) -> str:
    return f"dòng {row}"


@cache
def _maxima() -> dict[str, Decimal]:
    # Row 4.2b gives all points to every unit without figures: that says nothing of communes.
    leaves = [leaf for leaf in load_scheme("qd-766-2022").leaves if leaf.missing != "full"]
    return {leaf.code: Decimal(str(leaf.max_points)) for leaf in leaves}


@cache
def _points() -> dict[str, Decimal]:
    return {leaf.code: Decimal(f"{leaf.max_points:g}") for leaf in load_scheme(SCHEME).leaves}


@cache
def _codes() -> list[str]:
    return [leaf.code for leaf in load_scheme(SCHEME).leaves]


def _remarks(row: PortalRow, day: dt.date, in_hand: Decimal | None) -> Iterator[str]:
    """Yield what a figure must be read with."""
    top, bottom = row.numerator, row.denominator
    if _is_implausible(row):
        yield "tử số lớn hơn mẫu số: không tính tỷ lệ"
    if _status(row, day) == "not_applicable":
        yield "Cổng cho đủ điểm mà không có số liệu: dòng không áp dụng cho cấp xã"
    elif row.row != ONLINE and (top is None) != (bottom is None):
        yield "Cổng chỉ in một trong hai số"
    if row.row in ONE_FOR_NONE and top == 0 and bottom == 1:
        yield "mẫu số có thể là tạm: Cổng in 0/1 cả cho đơn vị không có thủ tục nào"
    if row.row != "DOSSIER_SYNC" or not bottom:
        return
    if bottom != bottom.to_integral_value():
        yield "mẫu số tạm: số của năm trước chia 12 (tháng) hoặc chia 4 (quý)"
    elif in_hand == 0:
        yield "mẫu số tạm: đơn vị không có hồ sơ nào trong kỳ (dòng ON_TIME)"


# The file.


def _snapshot(file: Path, as_of: str | dt.date | None) -> Snapshot:
    """Return the snapshot of a file, or refuse it with all faults of its rows."""
    text = _text(file)
    if text.lstrip()[:1] in ("{", "["):
        stated, rows = _from_json(text, file)
    else:
        stated, rows = _from_csv(text, file)
    faults: list[str] = []
    read = [_row(row, faults) for row in rows]
    faults += _twice(read)
    # Two spellings of one unit's name are one unit's: the first stands for both.
    names = {row.unit_code: row.unit for row in reversed(read)}
    read = [replace(row, unit=names[row.unit_code]) for row in read]
    if not read:
        faults.append("there are no rows")
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise ReadError(
            f"the snapshot cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(f"{file.name}, {one}" for one in [*faults[:SHOWN], *more]),
            mend="correct the file where it is named, or take the snapshot again",
        )
    day = _day(as_of if as_of is not None else stated.get("as_of"), file, rows)
    year = str(stated.get("year") or "")
    return Snapshot(day, year if re.fullmatch(r"\d{4}", year) else "", tuple(read))


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"it is above {LARGEST // 1_000_000} MB")
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ReadError("there is no such file", where=str(file), mend="check the path") from error
    except (OSError, ValueError) as error:
        raise ReadError(
            f"the snapshot cannot be read: {getattr(error, 'strerror', '') or error}",
            where=str(file),
            mend="give a JSON or CSV file in UTF-8",
        ) from error


def _day(stated: object, file: Path, rows: Sequence[Mapping[str, Any]]) -> dt.date:
    """Return the day of the snapshot: stated, in the source of its rows, or in the file's name."""
    if isinstance(stated, dt.date):
        return stated
    texts = [str(stated)] if stated else [*dict.fromkeys(str(row["source"]) for row in rows)]
    for text in [*texts, *([] if stated else [file.name])]:
        days = {match.groups() for match in _DAY.finditer(text)}
        days |= {match.groups()[::-1] for match in _PRINTED_DAY.finditer(text)}
        try:
            (found,) = {dt.date(*map(int, day)) for day in days}
        except ValueError:  # none, several, or a day that there is not
            continue
        return found
    raise ReadError(
        f"{stated!r} is no day" if stated else "the snapshot does not state its day",
        where=f"{file}, as_of",
        mend="give as_of=, such as as_of='2026-10-10'",
    )


def _from_json(text: str, file: Path) -> tuple[Mapping[str, Any], list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    at = str(file)
    try:
        tables = json.loads(text, parse_float=Decimal, object_pairs_hook=_each_once)
        units = tables["units"] if isinstance(tables, dict) else tables
        for number, unit in enumerate(units, 1):
            at = f"{file}, units {number}"
            rows += _of_unit(unit, number)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"the JSON is no snapshot of units: {type(error).__name__} {error}",
            where=at,
            mend="give an object with as_of and units, each with name, code and metrics",
        ) from error
    return tables if isinstance(tables, dict) else {}, rows


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of the JSON; one of two names alike would be lost without a word."""
    names = [name for name, _ in pairs]
    if again := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{', '.join(sorted(again))} is stated twice")
    return dict(pairs)


def _of_unit(unit: Mapping[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a unit of the JSON: its metrics, parts of payment, and online services."""
    place = f"units {number} ({unit['code']})"
    head = {"unit": unit["name"], "unit_code": unit["code"], "source": ""}
    for metric in unit["metrics"]:
        figures = {"numerator": metric["num"], "denominator": metric["den"]}
        at = {"row": metric["code"], "place": f"{place}, {metric['code']}"}
        yield head | figures | at | {"score": metric.get("score"), "max": metric.get("max")}
    for part in (unit.get("payment") or {}).get("parts", ()):
        name = str(part["name"])
        code = PAYMENT_PARTS.get(name.split("/")[0].strip().casefold(), name)
        figures = {"numerator": part["num"], "denominator": part["den"], "score": part.get("score")}
        yield head | figures | {"row": code, "place": f"{place}, payment, {name}"}
    if "online" in (groups := unit.get("groups") or {}):
        nothing = {"numerator": None, "denominator": None, "score": groups["online"]}
        yield head | nothing | {"row": ONLINE, "place": f"{place}, groups, online"}


def _from_csv(text: str, file: Path) -> tuple[Mapping[str, Any], list[dict[str, Any]]]:
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    between = ";" if first.count(";") > first.count(",") else ","
    lines = io.StringIO(text)
    reader = csv.DictReader(lines, skipinitialspace=True, strict=True, delimiter=between)
    try:
        cells = list(reader)
    except csv.Error as error:
        raise ReadError(
            f"the CSV cannot be read: {error}", where=str(file), mend="save it comma separated"
        ) from error
    header = list(reader.fieldnames or ())
    _require_even(cells, header, file)
    groups = next((name for name in header if name.startswith(_GROUPS)), "")
    stated = {"as_of": next((row["as_of"] for row in cells if row.get("as_of")), None)}
    return stated, list(_of_lines(cells, groups))


def _require_even(cells: Sequence[Mapping[str, str]], header: Sequence[str], file: Path) -> None:
    """Refuse a CSV that lacks a column, or has a line with a cell too many or too few."""
    if missing := [name for name in NEEDED if name not in header]:
        raise ReadError(
            f"column {', '.join(missing)} is missing",
            where=str(file),
            mend=f"give a CSV of units with {', '.join(NEEDED)}; the file has {', '.join(header)}",
        )
    # A comma too many or too few moves figures into columns that are not theirs.
    uneven = [at for at, row in enumerate(cells, start=2) if None in row or None in row.values()]
    if uneven:
        raise ReadError(
            f"{len(uneven)} line(s) with more or fewer cells than the header has columns",
            where=f"{file}, line {uneven[0]}",
            mend="put a cell with a comma in quotes, and write numbers without one",
        )


def _of_lines(cells: Sequence[Mapping[str, str]], groups: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the CSV; before those of a unit its points of online services."""
    seen: set[str] = set()
    order = groups.removeprefix(_GROUPS).strip("_").split("_")
    online = order.index("online") if "online" in order else len(order)
    for number, row in enumerate(cells, start=2):
        at = {"place": f"line {number}", "source": row.get("source") or ""}
        if row["unit_code"] not in seen and (points := _part(row.get(groups), online)):
            head = {"unit": row["unit"], "unit_code": row["unit_code"], "row": ONLINE}
            figures = {"numerator": None, "denominator": None, "score": points}
            yield head | figures | at | {"place": f"line {number}, column {groups}"}
        seen.add(row["unit_code"])
        yield {name: row[name] for name in NEEDED} | at | {"score": row.get("published_score")}


def _part(cell: str | None, place: int) -> str:
    """Return one of the scores of groups that stand between bars."""
    parts = (cell or "").split("|")
    return parts[place].strip() if place < len(parts) else ""


def _row(row: Mapping[str, Any], faults: list[str]) -> PortalRow:
    unit, code = (str(row[name] or "").strip() for name in ("unit", "unit_code"))
    code = code.upper()
    place, name = row["place"], str(row["row"]).strip()
    first = name.split(" ")[0]
    for column, cell in (("unit", unit), ("unit_code", code)):
        if not cell:
            faults.append(f"{place}: {column} is empty")
    known = _codes()
    if first in (*known, ONLINE):  # "ON_TIME 2.1" is the row ON_TIME
        name = first
    else:
        near = get_close_matches(name.upper(), [*known, ONLINE], n=1)
        hint = f"did you mean {near[0]}?" if near else f"rows are {', '.join(known)}"
        faults.append(f"{place}: there is no row {name!r} in Decision 766; {hint}")
    top, bottom, score = (
        _number(row[column], f"{place}: {column}", faults)
        for column in ("numerator", "denominator", "score")
    )
    for column, count in (("numerator", top), ("denominator", bottom)):
        temporary = column == "denominator" and name == "DOSSIER_SYNC"
        if count is not None and count % 1 and not temporary:
            faults.append(f"{place}: {column} {count} is no whole count; write 1380, not 1.380")
    most = _number(row.get("max"), f"{place}: max", faults)
    faults += _beyond(name, most, score, place)
    return PortalRow(unit, code, name, top, bottom, score, place)


def _beyond(name: str, most: Decimal | None, score: Decimal | None, place: str) -> Iterator[str]:
    """Yield what a row prints that its maximum in the decision does not allow."""
    points = _points().get(name)
    if points is None:
        return
    if most is not None and most != points:
        yield f"{place}: the row has {most} points, by Decision 766 {points}: is it another scheme?"
    if score is not None and score > points:
        yield f"{place}: score {score} is above the row's {points} points"


def _number(cell: Any, what: str, faults: list[str]) -> Decimal | None:
    """Return a cell as a number, None where it is null; what is neither is a fault."""
    if cell is None or (isinstance(cell, str) and cell.strip().casefold() in NULLS):
        return None
    try:
        if isinstance(cell, bool):
            raise InvalidOperation
        number = Decimal(str(cell).strip())
    except InvalidOperation:
        faults.append(
            f"{what} {cell!r} is no number; write it with a decimal point, or leave it out"
        )
        return None
    if not number.is_finite() or number < 0:
        faults.append(f"{what} {cell} is no count or score: it is below 0 or not finite")
        return None
    return number


def _twice(rows: Sequence[PortalRow]) -> Iterator[str]:
    """Yield a row of a unit that is there twice, and names and codes that are not one to one."""
    seen: set[tuple[str, str]] = set()
    doubled: dict[str, list[PortalRow]] = {}
    for row in rows:
        if (row.unit_code, row.row) in seen:
            doubled.setdefault(row.unit_code, []).append(row)
        seen.add((row.unit_code, row.row))
    for code, again in doubled.items():
        more = f", and {len(again) - 1} more" if len(again) > 1 else ""
        yield (
            f"unit code {code} is there twice: row {again[0].row} again at {again[0].place}{more}; "
            "keep one, or give each unit its own code"
        )
    for column, other in (("unit_code", "unit"), ("unit", "unit_code")):
        by_key: dict[str, dict[str, str]] = {}
        for one in rows:
            cell = getattr(one, other)
            by_key.setdefault(getattr(one, column), {}).setdefault(same_spelling(cell), cell)
        for key, cells in by_key.items():
            if len(cells) > 1:
                what = "unit code" if column == "unit_code" else "the name"
                yield (
                    f"{what} {key} is there twice, of {' and '.join(cells.values())}; "
                    "give each unit one name and one code"
                )
