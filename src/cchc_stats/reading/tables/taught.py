"""The names in which forms are met: those of `layouts.toml`, and a user's own beside them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from cchc_stats.forms import FORMS
from cchc_stats.words import ReadError, facts_of, fold

_Call = TypeVar("_Call", bound=Callable[..., Any])
_KEPT: list[Callable[[], None]] = []
_IN_USE: list[tuple[str, int]] = []  # the file of own names: its path and when it was changed
_OWN = ("words", "anatomy", "agencies")
_AXES = ("columns", "rows")


def kept(size: int) -> Callable[[_Call], _Call]:
    """Return a decorator that keeps results until other names are taught."""

    def keep(call: _Call) -> _Call:
        held = lru_cache(maxsize=size)(call)
        _KEPT.append(held.cache_clear)
        return cast("_Call", held)

    return keep


def teach(path: str | Path | None) -> None:
    """Take the names of a file beside those of `layouts.toml`; those alone where it is None.

    Raises
    ------
    ReadError
        There is no such file, it is no TOML, or it names what there is not; all faults at once.
    """
    if path is not None and not Path(path).is_file():
        raise ReadError("no such file", where=str(path), mend="give the TOML file of own names")
    wanted = [] if path is None else [(str(path), Path(path).stat().st_mtime_ns)]
    if wanted == _IN_USE:
        return
    if path is not None:
        _merged(_read(Path(path)), str(path))  # refuses before it is in use
    _IN_USE[:] = wanted
    for clear in _KEPT:
        clear()


def _shipped() -> Mapping[str, Any]:
    return facts_of("cchc_stats.reading.tables", "layouts.toml")


@kept(1)
def stated() -> Mapping[str, Any]:
    """Return what `layouts.toml` states, and the file of own names in use beside it."""
    for path, _ in _IN_USE:
        return _merged(_read(Path(path)), path)
    return _shipped()


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(
            f"the file of own names is no TOML, or has a name twice: {error}",
            where=str(path),
            mend="write it as the library's layouts.toml: each name once, texts in quotes",
        ) from error


def _merged(own: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """Return the library's names with those of a file beside them."""
    shipped = _shipped()
    faults = [f"there is no [{name}]" for name in own if name not in (*_OWN, "layout")]
    records = [dict(record) for record in shipped["layout"]]
    for number, record in enumerate(own.get("layout", ()), 1):
        faults += [f"[[layout]] {number}: {fault}" for fault in _faults_of(record, records)]
        if not faults:
            _add_record(records, record)
    if faults:
        raise ReadError(
            "the file of own names cannot be used: " + "; ".join(faults),
            where=where,
            mend="name forms, columns and rows as the library does (see FORMS), each text once",
        )
    parts = {name: _joined(shipped.get(name, {}), own.get(name, {})) for name in _OWN}
    return {**shipped, **parts, "layout": records}


def _faults_of(record: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with a layout of a file of own names."""
    form = next((one for one in FORMS if one.code == record.get("form")), None)
    if form is None:
        yield f"there is no form {record.get('form')!r}"
        return
    columns = record.get("columns", {})
    strange = {"column": {*columns} - {*form.columns, "add"}}
    strange["row"] = {*record.get("codes", ())} - {*form.rows}
    for what, names in strange.items():
        yield from (f"{form.code} has no {what} {name!r}" for name in sorted(names))
    yield from _twice({name: some for name, some in columns.items() if name != "add"})
    yield from _nameless(record, {one["name"] for one in records if one["form"] == form.code})


def _twice(columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    texts = Counter(fold(text) for some in columns.values() for text in some)
    yield from (f"{text!r} stands twice" for text, times in texts.items() if times > 1)


def _nameless(record: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    if "name" in record and record["name"] not in known and record.get("axis") not in _AXES:
        yield f"{record['name']!r} is new: say its axis, {' or '.join(_AXES)}"


def _add_record(records: list[dict[str, Any]], record: Mapping[str, Any]) -> None:
    """Add the names of a layout to that of its name; without one to all of its form and axis."""
    same = [
        one
        for one in records
        if one["form"] == record["form"]
        and one["name"] == record.get("name", one["name"])
        and one["axis"] == record.get("axis", one["axis"])
        and any(part in one for part in ("columns", "codes", "crossed") if part in record)
    ]
    if not same:
        records.append({"name": "tên tự đặt", "axis": "columns", **record})
    for one in same:
        parts = {name: record[name] for name in record if name not in ("form", "name", "axis")}
        one.update(_joined({name: one.get(name) for name in parts}, parts))


def _joined(one: Any, other: Any) -> Any:
    """Return tables with the lists of another behind their own."""
    if isinstance(other, Mapping):
        known = one or {}
        more = {
            name: _joined(known.get(name), other[name]) if name in other else known[name]
            for name in {**known, **other}
        }
        return more
    return [*(one or ()), *other] if isinstance(other, list) else other
