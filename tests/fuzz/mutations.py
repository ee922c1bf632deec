"""Damage to documents: to their bytes, and to the XML inside archives that are packed again."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from copy import deepcopy

from lxml import etree

NASTY = (
    *("", "0", "-1", "1", "65535", "99999999", "4294967296", "1e400", "NaN", "-0.0", "٣", "²"),
    *("A1", "XFD1048576", "ZZZ9999999", "A0", "A1:XFD1048576", "continue", "restart", "..", "/"),
    *("\u0301", "\ud7ff", "%1%2%9", "[h]", "#,##0.00;;;@", "0.0%%%", "rId1", "Quý III", "1/0"),
)
_TOKEN = re.compile(r"<[^<>]*>|[^<>]+")
_ATTRIBUTE = re.compile(rb'="([^"]*)"')


def mutated(seeds: Sequence[tuple[str, bytes]], chance: random.Random) -> tuple[str, bytes]:
    """Return the suffix and the bytes of a seed that was damaged one to four times."""
    suffix, data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 2, 4))):
        deeper = data.startswith(b"PK") and chance.random() < 0.75
        if deeper:
            data = in_archive(data, chance)
        elif suffix in (".html", ".txt") and chance.random() < 0.6:
            data = in_text(data, chance)
        else:
            data = chance.choice(BYTES)(data, chance.choice(seeds)[1], chance)
    if chance.random() < 0.05:
        suffix = chance.choice((".docx", ".xlsx", ".xls", ".txt", ".pdf", ".html", ".ods", ""))
    return suffix, data


# --- bytes


def _flip(data: bytes, other: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _headless(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(min(len(data), 64) + 1) :]


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(other) + 1) for _ in range(2))
    at = chance.randrange(len(data) + 1)
    return data[:at] + other[begin:end][:5000] + data[at + chance.choice((0, end - begin)) :]


def _without(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randrange(1, 200) :]


def _zeros(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(data) + 1), chance.randrange(1, 64)
    return data[:at] + chance.choice((b"\0", b"\xff", b"<")) * size + data[at + size :]


def _number(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    value = chance.choice((0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
    return data[:at] + value.to_bytes(4, "little") + data[at + 4 :]


BYTES = (_flip, _flip, _cut, _headless, _splice, _without, _zeros, _number)


# --- texts


def in_text(data: bytes, chance: random.Random) -> bytes:
    """Return a page or text whose tags or lines were dropped, doubled, moved or replaced."""
    text = data.decode("utf-8", "replace")
    if chance.random() < 0.5 and "<" in text:
        tokens = _TOKEN.findall(text)
        glue = ""
    else:
        tokens, glue = text.split("\n"), "\n"
    if not tokens:
        return data
    at, to = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    match chance.randrange(5):
        case 0:
            del tokens[at]
        case 1:
            tokens[to:to] = tokens[at : at + chance.randrange(1, 8)] * chance.choice((1, 2, 300))
        case 2:
            tokens[at], tokens[to] = tokens[to], tokens[at]
        case 3:
            tokens[at] = re.sub(r"\d+", lambda _: chance.choice(NASTY), tokens[at]) + "\t|"
        case _:
            tokens[at] = chance.choice(NASTY)
    encoding = chance.choice(("utf-8",) * 6 + ("utf-16", "utf-16-be", "cp1258"))
    return glue.join(tokens).encode(encoding, "replace")


# --- archives


def in_archive(data: bytes, chance: random.Random) -> bytes:
    """Return an archive of which one part was damaged, dropped, doubled or swapped."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        return _flip(data, b"", chance)
    if not parts:
        return data
    heavy = [at for at, (name, _) in enumerate(parts) if re.search("document|sheet|content", name)]
    at = chance.choice(heavy) if heavy and chance.random() < 0.6 else chance.randrange(len(parts))
    name, part = parts[at]
    kind = chance.random()
    if kind < 0.55:
        parts[at] = (name, in_xml(part, chance))
    elif kind < 0.75:
        parts[at] = (name, _in_attributes(part, chance))
    elif kind < 0.9:
        parts[at] = (name, chance.choice(BYTES)(part, chance.choice(parts)[1], chance))
    elif kind < 0.94:
        del parts[at]
    elif kind < 0.97:
        parts[at] = (name, chance.choice(parts)[1])
    else:
        parts[at] = (chance.choice(NASTY) + name[chance.randrange(len(name) + 1) :], part)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        written = set()
        for name, part in parts:
            if name not in written:  # the writer warns of parts of the same name
                archive.writestr(name or "x", part)
            written.add(name)
    return stream.getvalue()


def _in_attributes(part: bytes, chance: random.Random) -> bytes:
    attributes = list(_ATTRIBUTE.finditer(part))
    chosen = chance.sample(attributes, min(len(attributes), chance.choice((1, 5))))
    for one in sorted(chosen, key=lambda one: -one.start()):
        value = chance.choice(NASTY).encode("utf-8", "replace")
        part = part[: one.start(1)] + value + part[one.end(1) :]
    return part


def in_xml(part: bytes, chance: random.Random) -> bytes:
    """Return an XML part, well formed, whose elements were dropped, doubled, moved or wrapped."""
    try:
        root = etree.fromstring(part)
    except (etree.XMLSyntaxError, ValueError):
        return _flip(part, b"", chance)
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    for _ in range(chance.choice((1, 2, 6))):
        one, other = chance.choice(elements), chance.choice(elements)
        chance.choice(ELEMENTS)(one, other, chance)
    return etree.tostring(root)


def _copy(element: etree._Element) -> etree._Element:
    copied = deepcopy(element)
    copied.tail = None
    return copied


def _drop(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    if (parent := one.getparent()) is not None:
        parent.remove(one)


def _double(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    if one.getparent() is not None:
        times = chance.choice((1, 1, 3, 50))
        if len(etree.tostring(one)) * times < 2_000_000:
            for _ in range(times):
                one.addnext(_copy(one))


def _move(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    if len(etree.tostring(one)) < 200_000:
        other.insert(chance.randrange(len(other) + 1), _copy(one))


def _dress(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    name = chance.choice([*one.attrib, *other.attrib] or ["val"])
    if chance.random() < 0.3 and name in one.attrib:
        del one.attrib[name]
    else:
        one.set(name, chance.choice(NASTY))


def _word(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    one.text = chance.choice((*NASTY, other.text or ""))


def _rename(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    one.tag = other.tag


def _wrap(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    inner = _copy(one)
    for _ in range(chance.choice((1, 10, 100, 240))):
        outer = etree.Element(chance.choice((one.tag, other.tag)))
        outer.append(inner)
        inner = outer
    one.append(inner)


ELEMENTS: tuple[Callable[[etree._Element, etree._Element, random.Random], None], ...] = (
    *(_drop, _double, _move, _dress, _dress, _word, _rename, _wrap),
)
