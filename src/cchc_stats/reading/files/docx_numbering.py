"""Automatic numbering of Word: the "1.", "a)" that stand in print but in no text of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from cchc_stats.reading.files.docx_names import PARAGRAPH_PROPERTIES, VALUE, W

_NUMBERED = W + "numPr"
_ID, _LEVEL = W + "numId", W + "ilvl"


@dataclass(frozen=True)
class Level:
    """One level of a list: where it starts, in what figures, and the text around them."""

    start: int
    format: str
    text: str


@dataclass
class Numbering:
    """The lists of a document and where each stands, paragraph after paragraph.

    `unknown` collects figures that are not reconstructed.
    """

    levels: Mapping[str, Mapping[int, Level]]  # by list id
    series: Mapping[str, str]  # list id -> what it counts on with (lists share an abstract one)
    styles: Mapping[str, tuple[str, int]]  # paragraph style -> list id, level
    unknown: set[str] = field(default_factory=set)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, properties: etree._Element) -> str:
        """Return the number printed before a paragraph, "" where there is none."""
        number, level = self._list_of(properties)
        levels = self.levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self.series[number], {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        text = levels[level].text
        if levels[level].format == "bullet":
            return "-"
        for one in range(level + 1):
            if f"%{one + 1}" in text and one in levels:
                count = counts.setdefault(one, levels[one].start)
                text = text.replace(f"%{one + 1}", self._figures(count, levels[one].format))
        return text.strip()

    def _list_of(self, properties: etree._Element) -> tuple[str, int]:
        style = properties.find(W + "pStyle")
        number, level = "", 0
        if style is not None:
            number, level = self.styles.get(style.get(VALUE, ""), (number, level))
        if (own := properties.find(_NUMBERED)) is not None:
            if (found := own.find(_ID)) is not None:
                number = found.get(VALUE, "")
            if (found := own.find(_LEVEL)) is not None:
                level = _whole(found.get(VALUE), 0)
        return number, level

    def _figures(self, count: int, format_: str) -> str:
        if format_ not in _FIGURES or not 0 < count < 4000:
            self.unknown.add(format_)
            return str(count)
        return _FIGURES[format_](count)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Return the lists of a document from its parts `numbering` and `styles`, None if missing."""
    abstract: dict[str, dict[int, Level]] = {}
    levels: dict[str, dict[int, Level]] = {}
    series: dict[str, str] = {}
    if numbering is not None:
        for one in numbering.iterfind(W + "abstractNum"):
            abstract[one.get(W + "abstractNumId", "")] = _levels(one)
        for one in numbering.iterfind(W + "num"):
            number = one.get(_ID, "")
            target = _value(one.find(W + "abstractNumId"))
            levels[number], series[number] = dict(abstract.get(target, {})), f"abstract {target}"
            for override in one.iterfind(W + "lvlOverride"):
                level = _whole(override.get(_LEVEL), 0)
                series[number] = f"list {number}"
                levels[number].update(_levels(override))
                start = override.find(W + "startOverride")
                if start is not None and level in levels[number]:
                    old = levels[number][level]
                    begin = _whole(start.get(VALUE), old.start)
                    levels[number][level] = Level(begin, old.format, old.text)
    return Numbering(levels, series, _by_style(styles))


def _by_style(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Return list id and level of each paragraph style, its own or that of the one it stands on."""
    own: dict[str, tuple[str | None, int | None]] = {}
    based_on: dict[str, str] = {}
    for style in styles.iterfind(W + "style") if styles is not None else ():
        name = style.get(W + "styleId", "")
        based_on[name] = _value(style.find(W + "basedOn"))
        found = style.find(f"{PARAGRAPH_PROPERTIES}/{_NUMBERED}")
        if found is not None:
            id_, level = found.find(_ID), found.find(_LEVEL)
            own[name] = (
                None if id_ is None else _value(id_),
                None if level is None else _whole(_value(level), 0),
            )
    result = {}
    for name in based_on:
        number: str | None = None
        level_: int | None = None
        one, steps = name, 0
        while one in based_on and steps < 20:  # a damaged file may stand on itself
            more = own.get(one, (None, None))
            number = more[0] if number is None else number
            level_ = more[1] if level_ is None else level_
            one, steps = based_on[one], steps + 1
        if number:
            result[name] = (number, level_ or 0)
    return result


def _levels(parent: etree._Element) -> dict[int, Level]:
    return {
        _whole(one.get(_LEVEL), 0): Level(
            _whole(_value(one.find(W + "start")), 1),
            _value(one.find(W + "numFmt")) or "decimal",
            _value(one.find(W + "lvlText")),
        )
        for one in parent.iterfind(W + "lvl")
    }


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(VALUE, "")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def roman(count: int) -> str:
    """Return a number in Roman figures.

    Examples
    --------
    >>> roman(4), roman(19)
    ('IV', 'XIX')
    """
    figures = ""
    for value, sign in _ROMAN:
        figures += sign * (count // value)
        count %= value
    return figures


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def _letter(count: int) -> str:
    # Word goes a … z, then aa, bb, cc.
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


_FIGURES: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": roman,
    "lowerRoman": lambda count: roman(count).lower(),
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "none": lambda count: "",
}
