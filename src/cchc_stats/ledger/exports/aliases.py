"""What a system calls the columns of its export, and what its codes mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.words import ReadError, facts_of, fold, read_toml

# The day on which the export was made, in each of its rows: of the file, not of a dossier.
EXPORTED = "exported_at"
FIELDS = (
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("refused_at", "channel", "status", EXPORTED),
)
# What only some exports tell of a dossier, see `facts`: some of them tell what others mean.
FACTS = (
    *("online_level", "fee", "paid_online", "result_electronic", "digitised", "reused", "shared"),
    *("population_data", "non_territorial", "received_by", "legal_wd", "limit_unit", "paid_code"),
)
TIMES = ("received_at", "due_at", "settled_at", "refused_at")
# Without these a tally would be wrong or empty; the other fields are stated as absent.
NEEDED = ("dossier_id", "received_at", "due_at", "settled_at")
# Fields that several columns of an export may tell, each in other rows.
JOINED = ("settled_at", "fee")
FACT_WORDS = (
    *("flag", "paid_online", "paid_code", "result_electronic", "digitised"),
    *("online_level", "limit_unit"),
)
SECTIONS = ("columns", "personal", "channel", "status", "missing", *FACT_WORDS)

# What stands in rows, and in no heading: four digits on end, a day, an address of the web, markup.
UNTOLD = "none that is known"
_DATA = re.compile(r"\d{4}|\d[/.-]\d|@|[<>{}]")

Columns = Mapping[str, str | Sequence[str] | None] | str | Path | None


@dataclass(frozen=True)
class Aliases:
    """The names of each field, the first the one that goes before; the spellings of each code.

    `left_out` are fields that the caller says the export does not have, `named` those whose columns
    the caller names: one of these must then be there. `by_profile` are the texts of a field that
    only the national list explains, by numbers or by what we take them to mean. `taken` are the
    names that the caller gave, as `name_key` has them, with their field: they are no other field's.
    """

    columns: Mapping[str, tuple[str, ...]]
    personal: tuple[str, ...]
    personal_parts: tuple[str, ...]
    channel: Mapping[str, tuple[str, ...]]
    status: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    taken: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_profile: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportLayout:
    """Which column of an export is which field, by position; what is personal; what is not used.

    `also` are further columns of a field: row by row they say what the first does not. A row that
    may be of persons, and no heading, may not be printed.
    """

    headings: tuple[str, ...]
    fields: Mapping[str, int]
    personal: tuple[int, ...]
    also: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    may_be_told: bool = True

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the headings that are neither a field's nor personal."""
        used = {*self.fields.values(), *self.personal, *chain(*self.also.values())}
        return tuple(name for place, name in enumerate(self.headings) if place not in used)


@lru_cache(maxsize=10_000)
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
    stated = _shipped("aliases.toml")
    shipped, by_profile = _aliases(stated), {}
    codes = {"channel": dict(shipped.channel), "status": dict(shipped.status)}
    for name, entries in _shipped("national_profile.toml").items():
        for one in entries:
            here = codes[name][one["becomes"]]
            codes[name][one["becomes"]] = (one["text"], *here, one["number"])
        ours = [one["text"] for one in entries if one["confirmed"] == "ours"]
        by_profile[name] = (*ours, *(one["number"] for one in entries if name == "status"))
    return replace(shipped, channel=codes["channel"], status=codes["status"], by_profile=by_profile)


def national_profile() -> pd.DataFrame:
    """Return the national list of dossier statuses and channels, and what each does to a dossier.

    Returns
    -------
    Frame, a row per status and channel: `field` (status, channel), `number` and `text` as exports
    print them, `becomes` (open, waiting, settled, returned, withdrawn; online, in_person, postal),
    `confirmed`: `words` where the words say it themselves, `ours` where somebody had to decide and
    we did. A file of aliases given to `read_ledger` as `columns=` puts a text under another one.

    Source
    ------
    The list stands alike in five public systems; no text of law is seen to state it.

    Examples
    --------
    >>> profile = national_profile().set_index("text")
    >>> profile.loc[["Dừng xử lý", "Đã trả kết quả"], ["becomes", "confirmed"]].values.tolist()
    [['returned', 'ours'], ['settled', 'words']]
    """
    rows = [
        {"field": name, **one}
        for name, entries in _shipped("national_profile.toml").items()
        for one in entries
    ]
    return pd.DataFrame(rows, dtype="str")


def _shipped(name: str) -> dict[str, Any]:
    return facts_of("cchc_stats.ledger.exports", name)


def aliases_with(columns: Columns) -> Aliases:
    """Return the library's aliases with the caller's before them.

    Parameters
    ----------
    columns : field -> the column's name, several names, or None where the export has no such
        column; or the path of a TOML file of the layout of `aliases.toml`, [] in it for None.

    Raises
    ------
    ReadError
        An unknown field or section, or a file that cannot be read; all at once.
    """
    shipped = shipped_aliases()
    if columns is None:
        return shipped
    if isinstance(columns, Mapping):
        own: Mapping[str, Any] = {"columns": columns}
        where = "columns="
    else:
        own, where = _read(Path(columns)), str(columns)
    _refuse_unknown(own, where)
    names = own.get("columns", {})
    more = _aliases(own)
    _refuse_twice(more, where)
    return Aliases(
        columns={name: (*more.columns[name], *shipped.columns[name]) for name in shipped.columns},
        personal=(*more.personal, *shipped.personal),
        personal_parts=(*more.personal_parts, *shipped.personal_parts),
        channel=_codes_with(more.channel, shipped.channel),
        status=_codes_with(more.status, shipped.status),
        missing=(*more.missing, *shipped.missing),
        left_out=frozenset(name for name in names if names[name] in (None, [])),
        taken={name_key(text): name for name, texts in more.columns.items() for text in texts},
        named={name: texts for name, texts in more.columns.items() if texts}
        if isinstance(columns, Mapping)
        else {},
        by_profile={
            name: tuple(text for text in texts if name_key(text) not in _keys(getattr(more, name)))
            for name, texts in shipped.by_profile.items()
        },
        words={name: _codes_with(more.words[name], texts) for name, texts in shipped.words.items()},
    )


def _keys(spellings: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {name_key(text) for texts in spellings.values() for text in texts}


def match_headings(headings: Sequence[str], aliases: Aliases) -> ExportLayout:
    """Return which heading is which field; a field without a heading is not there."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(name_key(heading), place)
    fields: dict[str, int] = {}
    also: dict[str, tuple[int, ...]] = {}
    for one in (*FIELDS, *FACTS):
        matches = [
            place for place in _places_of(one, places, aliases) if place not in fields.values()
        ]
        if matches:
            fields[one] = matches[0]
        if one in JOINED and one not in aliases.taken.values() and len(matches) > 1:
            also[one] = tuple(matches[1:])
    used = {*fields.values(), *chain(*also.values())}
    personal = tuple(
        place
        for place, heading in enumerate(headings)
        if place not in used and _is_personal(name_key(heading), aliases)
    )
    return ExportLayout(tuple(headings), fields, personal, also)


def _is_personal(key: str, aliases: Aliases) -> bool:
    """Return whether a heading, as `name_key` has it, is of personal data."""
    parts = (name_key(part) for part in aliases.personal_parts)
    return key in map(name_key, aliases.personal) or any(part in key for part in parts)


def _places_of(one: str, places: Mapping[str, int], aliases: Aliases) -> list[int]:
    """Return the columns with a field's names, but those that the caller gave another field."""
    if one in aliases.left_out:
        return []
    keys = dict.fromkeys(map(name_key, aliases.columns[one]))
    return [places[key] for key in keys if key in places and aliases.taken.get(key, one) == one]


def others_named(layout: ExportLayout, aliases: Aliases) -> dict[str, tuple[int, ...]]:
    """Return further columns with the names of a field, which are passed over, by field.

    Those of procedures, sectors and numbers come with a code or a receipt beside them; and a column
    that the caller names is the one that is meant.
    """
    used = {*layout.fields.values(), *chain(*layout.also.values())}
    keys = [name_key(heading) for heading in layout.headings]
    others = {}
    for one in (*TIMES, "agency", "channel", "status"):
        if one in layout.fields and one not in aliases.taken.values():
            names = {name_key(name) for name in aliases.columns[one]}
            again = [at for at, key in enumerate(keys) if key in names and at not in used]
            if again:
                others[one] = tuple(again)
    return others


def also_name(name: str, number: int) -> str:
    """Return what a further column of a field is called."""
    return f"{name}__{number + 2}"


def require_fields(layout: ExportLayout, aliases: Aliases, where: str) -> None:
    """Refuse, all at once, the lack of columns that a ledger needs, and name the nearest."""
    lacking = [one for one in NEEDED if one not in layout.fields and one not in aliases.left_out]
    if not lacking:
        _require_named(layout, aliases, where)
        return
    free = [
        name for place, name in enumerate(layout.headings) if place not in layout.fields.values()
    ]
    lines = []
    there = _shown(layout)
    for one in lacking:
        near = "" if there.startswith(UNTOLD) else _nearest(aliases.columns[one], free)
        usual = ", ".join(repr(name) for name in aliases.columns[one][:2])
        lines.append(f"{one} (such as {usual}{near})")
    spare = [one for one in lacking if one in ("due_at", "settled_at")]
    mend = 'name the columns: columns={"' + lacking[0] + '": "…"}, or a TOML file of aliases'
    if spare:
        mend += "; if the export has none, say so: columns={" + f'"{spare[0]}": None' + "}"
    raise ReadError(
        f"the export has no column for {'; '.join(lines)}",
        where=f"{where}: the columns are {there}",
        mend=mend,
    )


def _shown(layout: ExportLayout) -> str:
    """Return the headings as a refusal may tell them: not a row that may be of persons."""
    names = [" ".join(name.split()) for name in layout.headings if name.strip()]
    if not names:
        return "none"
    strange = any(len(name) > 40 or _DATA.search(name) for name in names)
    if not layout.fields and (strange or not layout.may_be_told):
        return f"{UNTOLD}; the first row has {len(names)} cells"
    return ", ".join(repr(name[:60]) for name in names[:30])


def two_rows(upper: Sequence[str], lower: Sequence[str], aliases: Aliases) -> list[str]:
    """Return the names of a heading of two rows, of which the lower may be joined itself."""
    names_of_fields = {name_key(name) for names in aliases.columns.values() for name in names}
    joined, over = [], ""
    for above, below in zip(upper, lower, strict=True):
        over = above or (over if below else "")
        together = f"{over} {below}".strip()
        # "(dd/mm/yyyy)" below a name is none.
        is_hint = below.startswith("(") and name_key(above) in names_of_fields
        joined.append(below if name_key(below) in names_of_fields else together)
        if not below or is_hint:
            joined[-1] = above
    return joined


def is_numbering(row: Sequence[str]) -> bool:
    """Return whether a row numbers the columns: (1), (2), (3) or 1, 2, 3=4+5."""
    cells = [cell for cell in row if cell]
    numbers = [re.fullmatch(r"\(?(\d{1,2})\)?(\s*=.*)?", cell) for cell in cells]
    sequence = [int(one[1]) for one in numbers if one]
    return len(sequence) == len(cells) > 2 and sequence == list(
        range(sequence[0], sequence[0] + len(sequence))
    )


def has_data(rows: Iterable[Sequence[str]]) -> bool:
    """Return whether rows hold figures, as those below a heading do."""
    return any(any(letter.isdigit() for letter in cell) for row in rows for cell in row)


def _require_named(layout: ExportLayout, aliases: Aliases, where: str) -> None:
    """Refuse names of columns that the caller gave and the export does not have."""
    there = {name_key(heading) for heading in layout.headings}
    lines = [
        f"{' or '.join(map(repr, names))} for {one}{_nearest(names, layout.headings)}"
        for one, names in aliases.named.items()
        if not there & {name_key(name) for name in names}
    ]
    if lines:
        raise ReadError(
            f"the export has no column {'; '.join(lines)}",
            where=f"{where}, columns=",
            mend="correct the name; names that only some exports have stand in a TOML file",
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
    names = {
        "columns": (*FIELDS, *FACTS),
        "channel": tuple(shipped.channel),
        "status": tuple(shipped.status),
    } | {name: tuple(texts) for name, texts in shipped.words.items()}
    for section, allowed in names.items():
        for name in own.get(section, {}):
            if name not in allowed:
                near = difflib.get_close_matches(str(name), allowed, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                faults.append(f"{name!r} is nothing of {section}{hint}")
    if faults:
        raise ReadError(
            f"{len(faults)} names of a ledger's columns and codes are not known",
            where=f"{where}: {'; '.join(faults)}",
            mend=f"the fields are {', '.join((*FIELDS, *FACTS))}",
        )


def _refuse_twice(own: Aliases, where: str) -> None:
    """Refuse one column that the caller gives to two fields."""
    fields: dict[str, list[str]] = {}
    for one, texts in own.columns.items():
        for text in dict.fromkeys(map(name_key, texts)):
            fields.setdefault(text, []).append(one)
    for text, several in fields.items():
        if len(several) > 1:
            name = next(name for name in own.columns[several[0]] if name_key(name) == text)
            raise ReadError(
                f"the column {name!r} is named for {' and for '.join(several)}",
                where=where,
                mend="name each column for one field",
            )


def _aliases(stated: Mapping[str, Any]) -> Aliases:
    columns, personal = stated.get("columns", {}), stated.get("personal", {})
    return Aliases(
        columns={name: _texts(columns.get(name)) for name in (*FIELDS, *FACTS)},
        personal=_texts(personal.get("names")),
        personal_parts=_texts(personal.get("parts")),
        channel={code: _texts(texts) for code, texts in stated.get("channel", {}).items()},
        status={code: _texts(texts) for code, texts in stated.get("status", {}).items()},
        missing=_texts(stated.get("missing", {}).get("texts")),
        words={
            name: {code: _texts(texts) for code, texts in stated.get(name, {}).items()}
            for name in FACT_WORDS
        },
    )


def _texts(stated: str | Sequence[str] | None) -> tuple[str, ...]:
    if stated is None:
        return ()
    return (stated,) if isinstance(stated, str) else tuple(str(one) for one in stated)


def _codes_with(
    own: Mapping[str, tuple[str, ...]], shipped: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the spellings of each code; one that the caller gives to another code moves there."""
    moved = _keys(own)
    return {
        code: (
            *own.get(code, ()),
            *(text for text in texts if name_key(text) not in moved),
        )
        for code, texts in shipped.items()
    }


def _read(path: Path) -> Mapping[str, Any]:
    return read_toml(
        path,
        what="the aliases cannot be read",
        mend="give a TOML file with [columns], as the library's aliases.toml has them",
    )
