"""The layouts in which the forms are met: those of `layouts.toml`, and the official headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from cchc_stats.forms import FORMS, Form, find_form
from cchc_stats.reading.scope import ALL
from cchc_stats.reading.tables.matching import Lexicon
from cchc_stats.reading.tables.taught import kept, stated
from cchc_stats.words import fold

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
    found = [_layout(record, forms[record["form"]], texts) for record, texts in spelled]
    by_name = {_name(record): (record, texts) for record, texts in spelled}
    for together in stated()["together"]:
        parts = [by_name[name] for name in together["layouts"]]
        texts = {target: some for _, part in parts for target, some in part.items()}
        codes = tuple(record["form"] for record, _ in parts)
        found.append(Layout(together["name"], codes, "columns", Lexicon(texts), frozenset(texts)))
    return tuple(found)


@kept(1)
def list_layout() -> Layout:
    """Return the layout of a list: a row a figure, of whatever form."""
    forms = {form.code: form for form in FORMS if not form.listed}
    spelled: dict[Target, list[str]] = {}
    for record in (*stated()["layout"], *_official(stated()["layout"])):
        if record["form"] not in forms:
            continue
        form = forms[record["form"]]
        if record["axis"] == "columns" and "crossed" not in record:
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
        caption=tuple(fold(text) for text in record.get("caption", ())),
    )


@kept(1)
def value_lexicon() -> Lexicon[str]:
    """Return what a column of a count and of its whole is called, where rows name the figures."""
    anatomy = stated()["anatomy"]
    texts: dict[str, Iterable[str]] = {"of": anatomy["whole"]}
    return Lexicon(texts)


def reason(code: str, **words: object) -> str:
    """Return why a cell has no place, in words."""
    return str(stated()["reasons"][code]).format(**words)
