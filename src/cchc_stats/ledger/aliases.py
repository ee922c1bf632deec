"""What a system calls the columns of its export, and what its codes mean."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cchc_stats.errors import ReadError
from cchc_stats.folding import fold

FIELDS = (
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("refused_at", "channel", "status"),
)
TIMES = ("received_at", "due_at", "settled_at", "refused_at")
# Without these a tally would be wrong or empty; the other fields are stated as not known.
NEEDED = ("dossier_id", "received_at", "due_at", "settled_at")
SECTIONS = ("columns", "personal", "channel", "status", "missing")

Columns = Mapping[str, str | Sequence[str] | None] | str | Path | None


@dataclass(frozen=True)
class Aliases:
    """The names of each field, the first the one that goes before; the spellings of each code.

    `left_out` are fields that the caller says the export does not have.
    """

    columns: Mapping[str, tuple[str, ...]]
    personal: tuple[str, ...]
    personal_parts: tuple[str, ...]
    channel: Mapping[str, tuple[str, ...]]
    status: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """Which column of an export is which field, by position; what is personal; what is not used."""

    headings: tuple[str, ...]
    fields: Mapping[str, int]
    personal: tuple[int, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the headings that are neither a field's nor personal."""
        used = {*self.fields.values(), *self.personal}
        return tuple(name for place, name in enumerate(self.headings) if place not in used)


def name_key(name: str) -> str:
    """Return what two spellings of a column's name or a code have in common.

    Examples
    --------
    >>> name_key("NgayTiepNhan") == name_key("Ngày tiếp nhận") == name_key("ngay_tiep_nhan")
    True
    """
    return re.sub(r"[^a-z0-9]", "", fold(name))


@cache
def shipped_aliases() -> Aliases:
    """Return the aliases that the library knows."""
    text = resources.files("cchc_stats.ledger").joinpath("aliases.toml").read_text("utf-8")
    return _aliases(tomllib.loads(text))


def aliases_with(columns: Columns) -> Aliases:
    """Return the library's aliases with the caller's before them.

    Parameters
    ----------
    columns : field -> the column's name, several names, or None where the export has no such
        column; or the path of a TOML file of the layout of `aliases.toml`.

    Raises
    ------
    ReadError
        An unknown field or section, or a file that cannot be read; all at once.
    """
    known = shipped_aliases()
    if columns is None:
        return known
    if isinstance(columns, Mapping):
        own: Mapping[str, Any] = {"columns": columns}
        where = "columns="
    else:
        own, where = _read(Path(columns)), str(columns)
    _refuse_unknown(own, where)
    names = own.get("columns", {})
    more = _aliases(own)
    return Aliases(
        columns={field: (*more.columns[field], *known.columns[field]) for field in FIELDS},
        personal=(*more.personal, *known.personal),
        personal_parts=(*more.personal_parts, *known.personal_parts),
        channel=_codes_with(more.channel, known.channel),
        status=_codes_with(more.status, known.status),
        missing=(*more.missing, *known.missing),
        left_out=frozenset(field for field in names if names[field] is None),
    )


def match_headings(headings: Sequence[str], aliases: Aliases) -> Layout:
    """Return which heading is which field; a field without a heading is not there."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(name_key(heading), place)
    fields = {}
    for field in FIELDS:
        if field in aliases.left_out:
            continue
        found = [
            places[key] for name in aliases.columns[field] if (key := name_key(name)) in places
        ]
        if found:
            fields[field] = found[0]
    used = set(fields.values())
    names = {name_key(name) for name in aliases.personal}
    parts = [name_key(part) for part in aliases.personal_parts]
    personal = tuple(
        place
        for place, heading in enumerate(headings)
        if place not in used
        and (name_key(heading) in names or any(part in name_key(heading) for part in parts))
    )
    return Layout(tuple(headings), fields, personal)


def require_fields(layout: Layout, aliases: Aliases, where: str) -> None:
    """Refuse, all at once, the lack of columns that a ledger needs, and name the nearest."""
    lacking = [
        field for field in NEEDED if field not in layout.fields and field not in aliases.left_out
    ]
    if not lacking:
        return
    free = [
        name for place, name in enumerate(layout.headings) if place not in layout.fields.values()
    ]
    told = []
    for field in lacking:
        near = _nearest(aliases.columns[field], free)
        known = ", ".join(repr(name) for name in aliases.columns[field][:2])
        told.append(f"{field} (such as {known}{near})")
    there = ", ".join(repr(name) for name in layout.headings[:30] if name.strip()) or "none"
    spare = [field for field in lacking if field in ("due_at", "settled_at")]
    mend = 'name the columns: columns={"' + lacking[0] + '": "…"}, or a TOML file of aliases'
    if spare:
        mend += "; if the export has none, say so: columns={" + f'"{spare[0]}": None' + "}"
    raise ReadError(
        f"the export has no column for {'; '.join(told)}",
        where=f"{where}: the columns are {there}",
        mend=mend,
    )


def _nearest(names: Sequence[str], headings: Sequence[str]) -> str:
    """Return the heading that looks most like one of a field's names, as a hint."""
    keys = {name_key(heading): heading for heading in headings if name_key(heading)}
    best: tuple[float, str] = (0.0, "")
    for name in names:
        for key in difflib.get_close_matches(name_key(name), keys, n=1, cutoff=0.7):
            alike = difflib.SequenceMatcher(None, name_key(name), key).ratio()
            best = max(best, (alike, keys[key]))
    return f"; did you mean {best[1]!r}?" if best[1] else ""


def _refuse_unknown(own: Mapping[str, Any], where: str) -> None:
    faults = [
        f"there is no section [{name}]; there are {', '.join(SECTIONS)}"
        for name in own
        if name not in SECTIONS
    ]
    shipped = shipped_aliases()
    known = {"columns": FIELDS, "channel": tuple(shipped.channel), "status": tuple(shipped.status)}
    for section, allowed in known.items():
        for name in own.get(section, {}):
            if name not in allowed:
                near = difflib.get_close_matches(str(name), allowed, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                faults.append(f"{name!r} is nothing of {section}{hint}")
    if faults:
        raise ReadError(
            f"{len(faults)} names of a ledger's columns and codes are not known",
            where=f"{where}: {'; '.join(faults)}",
            mend=f"the fields are {', '.join(FIELDS)}",
        )


def _aliases(stated: Mapping[str, Any]) -> Aliases:
    columns, personal = stated.get("columns", {}), stated.get("personal", {})
    return Aliases(
        columns={field: _texts(columns.get(field)) for field in FIELDS},
        personal=_texts(personal.get("names")),
        personal_parts=_texts(personal.get("parts")),
        channel={code: _texts(texts) for code, texts in stated.get("channel", {}).items()},
        status={code: _texts(texts) for code, texts in stated.get("status", {}).items()},
        missing=_texts(stated.get("missing", {}).get("texts")),
    )


def _texts(stated: str | Sequence[str] | None) -> tuple[str, ...]:
    if stated is None:
        return ()
    return (stated,) if isinstance(stated, str) else tuple(str(one) for one in stated)


def _codes_with(
    own: Mapping[str, tuple[str, ...]], known: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the spellings of each code; one that the caller gives to another code moves there."""
    moved = {name_key(text) for texts in own.values() for text in texts}
    return {
        code: (
            *own.get(code, ()),
            *(text for text in texts if name_key(text) not in moved),
        )
        for code, texts in known.items()
    }


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(
            f"the aliases cannot be read: {error}",
            where=str(path),
            mend="give a TOML file with [columns], as the library's aliases.toml has them",
        ) from error
