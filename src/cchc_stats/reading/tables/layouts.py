"""The layouts in which the forms are met, and which of their headings a printed one is.

The names are those of `layouts.toml`, a user's own beside them, and the official headings; they are
matched by their words, whatever the order or spelling.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

from cchc_stats.forms import FORMS, Form, find_form
from cchc_stats.words import ALL, ReadError, facts_of, fold, read_toml

_Call = TypeVar("_Call", bound=Callable[..., Any])
_Names = tuple[str, int]  # a file of own names, and when it was changed
# Those of the call at hand alone: other threads, and the next call, read with what they are given.
_IN_USE: ContextVar[_Names | None] = ContextVar("own names", default=None)
_MOST_TAUGHT = 4  # files of own names whose results are kept
_OWN = ("words", "anatomy", "agencies")
_AXES = ("columns", "rows")


def kept(size: int) -> Callable[[_Call], _Call]:
    """Return a decorator that keeps results, apart for each file of own names in use."""

    def keep(call: _Call) -> _Call:
        shipped = lru_cache(maxsize=size)(call)
        taught: dict[_Names, Callable[..., Any]] = {}

        @wraps(call)
        def held(*args: Any, **options: Any) -> Any:
            names = _IN_USE.get()
            if names is None:
                return shipped(*args, **options)
            if names not in taught:
                if len(taught) >= _MOST_TAUGHT:
                    taught.clear()
                taught[names] = lru_cache(maxsize=size)(call)
            return taught[names](*args, **options)

        return cast("_Call", held)

    return keep


@contextmanager
def with_names(path: str | Path | None) -> Iterator[None]:
    """Take the names of a file beside those of `layouts.toml`, while this call lasts.

    Raises
    ------
    ReadError
        There is no such file, it is no TOML, or it names what there is not; all faults at once.
    """
    if path is not None and not Path(path).is_file():
        raise ReadError("no such file", where=str(path), mend="give the TOML file of own names")
    names = None if path is None else (str(path), Path(path).stat().st_mtime_ns)
    before = _IN_USE.set(names)
    try:
        stated()  # refuses before anything is read
        yield
    finally:
        _IN_USE.reset(before)


def _shipped() -> Mapping[str, Any]:
    return facts_of("cchc_stats.reading.tables", "layouts.toml")


@kept(1)
def stated() -> Mapping[str, Any]:
    """Return what `layouts.toml` states, and the file of own names in use beside it."""
    names = _IN_USE.get()
    return _shipped() if names is None else _merged(_read(Path(names[0])), names[0])


def _read(path: Path) -> Mapping[str, Any]:
    return read_toml(
        path,
        what="the file of own names is no TOML, or has a name twice",
        mend="write it as the library's layouts.toml: each name once, texts in quotes",
    )


def _merged(own: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """Return the library's names with those of a file beside them."""
    shipped, own = _shipped(), _with_lines(own)
    faults = [f"there is no [{name}]" for name in own if name not in (*_OWN, "layout")]
    faults += _agencies_twice(own.get("agencies", {}))
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


def _with_lines(own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a file whose lines `<form>.<column or row> = ["name"]` stand as layouts."""
    forms = {form.code: form for form in FORMS if isinstance(own.get(form.code), Mapping)}
    records = [*own.get("layout", ())]
    for code, form in forms.items():
        names = own[code]
        codes = {name: names[name] for name in names if name in form.rows}
        columns = {name: names[name] for name in names if name not in codes}
        records += [{"form": code, "columns": columns}] * bool(columns)
        records += [{"form": code, "codes": codes}] * bool(codes)
    rest = {name: own[name] for name in own if name not in forms}
    return rest | ({"layout": records} if records else {})


@kept(2_000)
def lesson(code: str, printed: str, missing: tuple[str, ...], kind: str) -> str:
    """Return what would teach a name: the line of a file of own names, and what else it may be.

    Of a name that is like none of those missing, or that tells a time, these are listed alone.

    Parameters
    ----------
    code : of the form of the table.
    printed : the heading or the label that is not understood.
    missing : columns, or codes of rows, of the form that the table has not shown so far.
    kind : "column" or "row", as the sentence says.
    """
    form, stock = find_form(code), stated()["lessons"]
    if not missing:
        return str(stock[f"no_{kind}"])
    names = {one: form.row_label(one) if one in form.rows else form.heading(one) for one in missing}
    own = {*words(printed)}
    alike = {
        one: len(own & {*words(name)}) / len(own | {*words(name)} | {""})
        for one, name in names.items()
    }
    best = max(missing, key=alike.__getitem__)
    text = json.dumps(printed, ensure_ascii=False)
    if alike[best] < _ALIKE or _NAMES_A_TIME.search(fold(printed)):
        kind = "of_a_time" if _NAMES_A_TIME.search(fold(printed)) else f"some_{kind}"
        listed = ", ".join(f"'{names[one]}' (mã {one})" for one in missing)
        return str(stock[kind]).format(names=listed, code=code, text=text)
    others = ", ".join(f"'{names[one]}' (mã {one})" for one in missing if one != best)
    line = str(stock[kind]).format(name=names[best], line=f"{code}.{best} = [{text}]")
    return line + (str(stock["others"]).format(code=best, others=others) if others else "")


# What would be taught as a name for good.
_NAMES_A_TIME = re.compile(
    r"\b(?:q|quy)[ ._-]*(?:iv|i{1,3}|[1-4])\b|\b(?:19|20)[0-9]{2}\b|\b[0-9]+ thang\b"
    r"|\b(?:thang|t)[ ._-]*[0-9]{1,2}\b|\b(?:cung ky|luy ke|tuan|ca nam|nam nay)\b"
)
_ALIKE = 0.25  # of two names' words: below it, no column is likelier than another


def _agencies_twice(names: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of units that a file gives two agencies, however they are spelled."""
    meant: dict[str, set[str]] = {}
    for printed, agency in names.items():
        meant.setdefault(fold(printed), set()).add(agency)
    yield from (
        f"[agencies] gives {printed!r} two names: {', '.join(sorted(meant[fold(printed)]))}"
        for printed in names
        if len(meant[fold(printed)]) > 1
    )


def _faults_of(record: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with a layout of a file of own names."""
    form = next((one for one in FORMS if one.code == record.get("form")), None)
    if form is None:
        yield f"there is no form {record.get('form')!r}"
        return
    columns = record.get("columns", {})
    if no_list := _no_lists(columns, record.get("codes", {})):
        yield from no_list
        return
    strange = {"column": {*columns} - {*form.columns, "add"}}
    strange["row"] = {*record.get("codes", ())} - {*form.rows}
    for what, names in strange.items():
        yield from (f"{form.code} has no {what} {name!r}" for name in sorted(names))
    yield from _twice({name: some for name, some in columns.items() if name != "add"})
    yield from _nameless(record, {one["name"] for one in records if one["form"] == form.code})


def _no_lists(*tables: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with names that stand in no list of texts."""
    return [
        f'{name} is no list of texts: write {name} = ["…"]'
        for names in tables
        for name, some in names.items()
        if name != "add" and not (isinstance(some, list) and all(isinstance(x, str) for x in some))
    ]


def _twice(columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    texts = Counter(fold(text) for some in columns.values() for text in some)
    yield from (f"{text!r} stands twice" for text, times in texts.items() if times > 1)


def _nameless(record: Mapping[str, Any], names: set[str]) -> Iterator[str]:
    if "name" in record and record["name"] not in names and record.get("axis") not in _AXES:
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
        before = one or {}
        more = {
            name: _joined(before.get(name), other[name]) if name in other else before[name]
            for name in {**before, **other}
        }
        return more
    return [*(one or ()), *other] if isinstance(other, list) else other


HeadingPath = tuple[str, ...]
Name = TypeVar("Name", bound=tuple[str, ...] | str)
_NUMBERING = re.compile(r"^(?:[-+*•.]|\(?(?:\d+(?:\.\d+)*|[ivx]{1,4}|[a-hđ])[.)](?=\s|\D)|\s)+")
_FORMULA = re.compile(r"\(?\d{1,2}\)?\s*=\s*[\d()+\- ]+|\(\d{1,2}\)")
_PARENTHESES = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"^[-+* ]*(?:trong do|bao gom|gom) ?:")
_WORD = re.compile(r"[a-z0-9]+")
ABOVE = 0.5  # the weight of a word that stands above the last heading of a path
UNKNOWN = 0.35  # the weight of a word of no heading here
LEAST = 0.58  # below it, two headings are not the same
NEAR = 0.03  # two candidates closer than this are alike
_JOINED = re.compile(r"\s*[,;/+&]\s*|\s+(?:va|hoac)\s+")
SURE = 0.85  # a heading this like one name is that name, whatever else it could be taken apart into
_SHORT = 4  # a word of so few letters has no misspelling


@kept(50_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a heading: folded, abbreviations and synonyms as one word each.

    Numbering, formulas such as "(3)=(4)+(5)", "Trong đó:" at the start and what stands in
    parentheses are left out, but a heading that is all in parentheses is kept.

    Examples
    --------
    >>> words("1. Số TTHC đã công bố (trong kỳ)") == words("số thủ tục hành chính đã CÔNG BỐ")
    True
    """
    plain = _PARTS.sub("", _FORMULA.sub(" ", fold(text)))
    bare = _PARENTHESES.sub(" ", plain)
    bare = _NUMBERING.sub("", bare if _WORD.search(bare) else plain)
    same, phrases = _phrases()
    joined = " ".join(_WORD.findall(bare))
    replaced = phrases.sub(lambda match: same[match[0]], joined)
    stop = _stop()
    return tuple(word for word in replaced.split() if word not in stop)


@kept(50_000)
def _parts(text: str) -> tuple[str, ...]:
    """Return what a heading joins with commas, strokes or "và"."""
    return tuple(_JOINED.split(_PARENTHESES.sub(" ", fold(text))))


@kept(1)
def _phrases() -> tuple[Mapping[str, str], re.Pattern[str]]:
    same = {
        " ".join(_WORD.findall(fold(phrase))): word
        for word, phrases in stated()["words"].items()
        for phrase in phrases
    }
    longest_first = sorted(same, key=len, reverse=True)
    return same, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@kept(1)
def _stop() -> frozenset[str]:
    return frozenset(stated()["anatomy"]["stop"])


class Assignment(NamedTuple):
    """What a printed heading was taken for, how sure (0-1), and what it might be as well."""

    name: Any
    score: float
    rival: Any = None


def _with_rival(held: Assignment, name: Any, score: float, *, free: bool) -> Assignment:
    """Return a match with the second name that it may be as well."""
    if held.name is None or held.rival is not None or not free:
        return held
    return held._replace(rival=name if held.score - score < NEAR else None)


class Lexicon(Generic[Name]):
    """Names and how each is spelled; tells which names some printed headings are.

    A word counts by how few of the names have it, so that "trước hạn" and "quá hạn" differ
    however much else they share.

    Examples
    --------
    >>> lexicon = Lexicon({"late": ["Giải quyết > Quá hạn"], "early": ["Giải quyết > Trước hạn"]})
    >>> lexicon.assign([("GIAI QUYET", "Tre han")])[0].name
    'late'
    """

    def __init__(self, spellings: Mapping[Name, Iterable[str]], ignore: Iterable[str] = ()) -> None:
        self.names = tuple(spellings)
        self._ignored = frozenset(words(text) for text in ignore)
        self._spelled = [
            (name, tuple(level.strip() for level in text.split(" > ")))
            for name, texts in spellings.items()
            for text in dict.fromkeys(texts)
        ]
        having: dict[str, set[Any]] = {}
        for name, path in self._spelled:
            for level in self._levels(path):
                for word in level:
                    having.setdefault(word, set()).add(name)
        most = math.log(1 + len(self.names))
        self._weight = {
            word: math.log(1 + len(self.names) / len(names)) / most if most else 1.0
            for word, names in having.items()
        }
        self.vocabulary = frozenset(self._weight)
        self._long = sorted(word for word in self._weight if len(word) > _SHORT)
        self._near: dict[str, str] = {}
        self._totals: list[float] = []
        self._having: dict[str, list[tuple[int, float]]] = {}
        for number, (_, path) in enumerate(self._spelled):
            weights = self._weights(path)
            self._totals.append(sum(weights.values()))
            for word, weight in weights.items():
                self._having.setdefault(word, []).append((number, weight))
        self._scores: dict[HeadingPath, dict[Name, float]] = {}

    def _levels(self, path: HeadingPath) -> list[tuple[str, ...]]:
        levels = [words(text) for text in path]
        return [level for level in levels if level and level not in self._ignored]

    def _weights(self, path: HeadingPath) -> dict[str, float]:
        weights: dict[str, float] = {}
        levels = self._levels(path)
        for depth, level in enumerate(reversed(levels)):
            for word in level:
                spelled = self._respelled(word)
                weight = self._weight.get(spelled, UNKNOWN) * (ABOVE if depth else 1.0)
                weights[spelled] = max(weights.get(spelled, 0.0), weight)
        return weights

    def _respelled(self, word: str) -> str:
        """Return a word, or the one of the names that it misspells."""
        if word in self._weight or len(word) <= _SHORT:
            return word
        if word not in self._near:
            near = get_close_matches(word, self._long, n=1, cutoff=0.85)
            self._near[word] = near[0] if near else word
        return self._near[word]

    def scores(self, path: HeadingPath) -> dict[Name, float]:
        """Return how alike (0-1) a printed path of headings is to each name it is like at all."""
        if path in self._scores:
            return self._scores[path]
        weights = self._weights(path)
        total = sum(weights.values())
        shared: dict[int, float] = {}
        for word, weight in weights.items():
            for number, other in self._having.get(word, ()):
                shared[number] = shared.get(number, 0.0) + min(weight, other)
        best: dict[Name, float] = {}
        for number, common in shared.items():
            name = self._spelled[number][0]
            # What a spelling has and the print lacks counts more than what the print adds.
            most = 0.4 * max(total, common) + 0.6 * self._totals[number]
            best[name] = max(best.get(name, 0.0), common / most)
        self._scores[path] = best
        return best

    def assign(self, paths: Sequence[HeadingPath]) -> list[Assignment]:
        """Return for each path the name it is, each name once; an Assignment of None where none is.

        Two names that are nearly equally like, and both free, leave a path without: `rival` then
        names the second. Of two paths that are equally like one name, neither gets it; nor does one
        that joins two names.
        """
        return [*_assigned(self, tuple(paths))]

    def assign_anew(self, paths: Sequence[HeadingPath]) -> list[Assignment]:
        """Return what `assign` does, of headings that were not met before."""
        joined = {at: two for at, path in enumerate(paths) if (two := self._joined(path))}
        ranked = sorted(
            (
                (score, -number, name)
                for number, path in enumerate(paths)
                if number not in joined
                for name, score in self._likely(path)
            ),
            key=lambda one: (-one[0], -one[1]),
        )
        matches = [Assignment(None, 0.0)] * len(paths)
        for number, (_, second) in joined.items():
            matches[number] = Assignment(None, 0.0, second)
        settled: set[int] = set()
        owner: dict[Any, tuple[int, float]] = {}
        for score, minus, name in ranked:
            number = -minus
            if number in settled:
                matches[number] = _with_rival(matches[number], name, score, free=name not in owner)
            elif name not in owner:
                owner[name] = number, score
                matches[number] = Assignment(name, score)
                settled.add(number)
            elif owner[name][1] - score < NEAR and self._twice(
                paths[owner[name][0]], paths[number]
            ):
                first = owner[name][0]
                matches[first] = matches[first]._replace(rival=name)
                matches[number] = Assignment(None, score, name)
                settled.add(number)
        return [
            one if one.name is None or one.rival is None else Assignment(None, one.score, one.rival)
            for one in matches
        ]

    def _joined(self, path: HeadingPath) -> tuple[Name, Name] | None:
        """Return two names that a heading joins, as "Miễn nhiệm, từ chức" does."""
        parts = _parts(path[-1]) if path else ()
        if len(parts) < 2 or max(self.scores(path).values(), default=0.0) >= SURE:
            return None
        names: list[Name] = []
        for part in parts:
            scores = self.scores((*path[:-1], part)) if words(part) else {}
            best = max(scores, key=lambda name: scores[name], default=None)
            if best is not None and scores[best] >= LEAST and best not in names:
                names.append(best)
        return (names[0], names[1]) if len(names) > 1 else None

    def _likely(self, path: HeadingPath) -> list[tuple[Name, float]]:
        """Return the names that a path may be: the best, and those hardly less like it."""
        scores = self.scores(path)
        # A heading whose own name is taken is not another one further off.
        least = max(LEAST, max(scores.values(), default=0.0) - 2 * NEAR)
        return [(name, score) for name, score in scores.items() if score >= least]

    def _twice(self, first: HeadingPath, second: HeadingPath) -> bool:
        """Return whether two paths have the same words, so that neither can be preferred."""
        return self._weights(first) == self._weights(second)


@kept(5_000)
def _assigned(lexicon: Lexicon[Any], paths: tuple[HeadingPath, ...]) -> tuple[Assignment, ...]:
    # Reports share their headings: a province's reports are of one template.
    return tuple(lexicon.assign_anew(paths))


SUM = "sum"  # the row of a target that sums up the others
ADD = "add"  # the row of a target whose figures are added to those of another column


class Target(NamedTuple):
    """Where figures go: `row` is "" where another heading tells it, and so is `column`."""

    form: str
    row: str
    column: str


@dataclass(frozen=True, eq=False)
class Layout:
    """One way to lay out one form, or several side by side.

    Attributes
    ----------
    name : form and layout.
    forms : the forms' codes.
    axis : "columns" where headings name the form's columns, "rows" where row labels do.
    headings : what these headings or labels are.
    required : the targets that every such table should have.
    key : the headings of the column that names the rows; None where there is one row.
    codes : the names of rows that have codes; None where names are free.
    free : the form's column that names the rows, "" where there is none.
    basis : row code -> basis, where it is not that of the form.
    is_list : whether rows may be of any form, a figure each.
    caption : words of which one must stand above the table, in its titles or headings.
    about : words there, or in its headings, with which some of the form's columns are enough.
    other : words above a table of something else, where none of `about` stands there.
    """

    name: str
    forms: tuple[str, ...]
    axis: str
    headings: Lexicon[Target]
    required: frozenset[Target]
    key: Lexicon[str] | None = None
    codes: Lexicon[str] | None = None
    free: str = ""
    basis: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False
    caption: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @cached_property
    def form(self) -> Form:
        """Return the form; the first of several."""
        return find_form(self.forms[0])

    @property
    def title(self) -> str:
        """Return what the form is called."""
        return "nào đã biết" if self.is_list else self.form.title

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word that the layout knows."""
        return self.headings.vocabulary | (self.codes.vocabulary if self.codes else frozenset())


@kept(1)
def layouts() -> tuple[Layout, ...]:
    """Return all layouts, in the order of `layouts.toml`, then those of the official headings.

    Examples
    --------
    >>> {form for layout in layouts() for form in layout.forms} == {form.code for form in FORMS}
    True
    """
    forms = {form.code: form for form in FORMS}
    records = [*stated()["layout"], *_official(stated()["layout"])]
    spelled = [(record, _spellings(record, forms[record["form"]])) for record in records]
    shipped = [_layout(record, forms[record["form"]], texts) for record, texts in spelled]
    by_name = {_name(record): (record, texts) for record, texts in spelled}
    for together in stated()["together"]:
        parts = [by_name[name] for name in together["layouts"]]
        texts = {target: some for _, part in parts for target, some in part.items()}
        codes = tuple(record["form"] for record, _ in parts)
        shipped.append(Layout(together["name"], codes, "columns", Lexicon(texts), frozenset(texts)))
    return tuple(shipped)


@kept(1)
def list_layout() -> Layout:
    """Return the layout of a list: a row a figure, of whatever form."""
    forms = {form.code: form for form in FORMS if not form.listed}
    spelled: dict[Target, list[str]] = {}
    for record in (*stated()["layout"], *_official(stated()["layout"])):
        if record["form"] not in forms:
            continue
        form = forms[record["form"]]
        if record["axis"] == "columns" and "crossed" not in record and form.row:
            continue
        for target, texts in _spellings(record, form).items():
            if target.row not in (SUM, ADD):
                spelled.setdefault(target, []).extend(texts)
    for target, texts in spelled.items():
        if target.column and target.row == ALL:
            texts.append(" > ".join(forms[target.form].headings[target.column]))
    lexicon = Lexicon(spelled, [form.title for form in FORMS])
    return Layout("danh mục chỉ tiêu", tuple(forms), "rows", lexicon, frozenset(), is_list=True)


def _official(records: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the layouts of the official headings, of forms of which no others are stated."""
    for form in FORMS:
        axes = {record["axis"] for record in records if record["form"] == form.code}
        if "columns" not in axes and not form.has_one_count:
            yield {"form": form.code, "name": "tiêu đề chính thức", "axis": "columns"}
        if "rows" not in axes and not form.row:
            yield {"form": form.code, "name": "chỉ tiêu theo dòng", "axis": "rows"}


def _name(record: Mapping[str, Any]) -> str:
    return f"{record['form']}: {record['name']}"


def _spellings(record: Mapping[str, Any], form: Form) -> dict[Target, list[str]]:
    """Return each target and how it is spelled."""
    if "crossed" in record:
        return {
            Target(form.code, row, column): list(texts)
            for row, columns in record["crossed"].items()
            for column, texts in columns.items()
        }
    if record["axis"] == "rows" and form.row:
        given = record.get("codes", {})
        return {
            Target(form.code, code, ""): [label.vi, *given.get(code, ())]
            for code, label in form.rows.items()
        }
    given = record.get("columns", {})
    spelled = {
        Target(form.code, "", name): [" > ".join(form.headings[name]), *given.get(name, ())]
        for name in form.own_columns
    }
    more = given.get("add", {})
    return spelled | {Target(form.code, ADD, name): [*texts] for name, texts in more.items()}


def _layout(record: Mapping[str, Any], form: Form, texts: dict[Target, list[str]]) -> Layout:
    required = {
        target
        for target in texts
        if target.column not in form.optional
        and target.row not in (SUM, ADD)
        and (not target.column or target.column in form.figures)
        and target.column not in form.fractions.values()
    }
    key: Lexicon[str] | None = None
    codes: Lexicon[str] | None = None
    if record["axis"] == "columns" and form.row and "crossed" not in record:
        key = Lexicon({form.row: [" > ".join(form.headings[form.row]), *record.get("key", ())]})
        if form.rows:
            given = record.get("codes", {})
            codes = Lexicon(
                {code: [label.vi, *given.get(code, ())] for code, label in form.rows.items()}
            )
    return Layout(
        _name(record),
        (form.code,),
        record["axis"],
        Lexicon(texts, record.get("ignore", ())),
        frozenset(required),
        key,
        codes,
        form.row,
        form.row_basis,
        caption=_folded_texts(record, "caption"),
        about=_folded_texts(record, "about"),
        other=_folded_texts(record, "other"),
    )


def _folded_texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(fold(text) for text in record.get(name, ()))


@kept(1)
def value_lexicon() -> Lexicon[str]:
    """Return what the column of denominators is called, where rows name the figures."""
    anatomy = stated()["anatomy"]
    texts: dict[str, Iterable[str]] = {"of": anatomy["denominator"]}
    return Lexicon(texts)


def reason(code: str, **words: object) -> str:
    """Return why a cell has no place, in words."""
    return str(stated()["reasons"][code]).format(**words)
