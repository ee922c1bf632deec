"""What an official form is: its columns, its identities, its headings, and how it prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cchc_stats.forms.column import (
    ALWAYS,
    BY_COLUMN,
    BY_COURSE,
    BY_FIGURE,
    BY_ITEM,
    KEY,
    LARGEST,
    LEVEL_SPANS,
    OVERLAP,
    SHARED,
    STOCK,
    SUM,
    Column,
    ColumnModel,
    Expectation,
    FormModel,
    Identity,
    PrintedAs,
    Span,
    amount_column,
    code_column,
    columns_of,
    count_column,
    name_column,
    remark_column,
    row_column,
    time_column,
)
from cchc_stats.words import AS_OF, Label

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = [
    "BY_COLUMN",
    "BY_COURSE",
    "BY_FIGURE",
    "BY_ITEM",
    "KEY",
    "LARGEST",
    "OVERLAP",
    "SHARED",
    "STOCK",
    "SUM",
    "Span",
    "Column",
    "ColumnModel",
    "Expectation",
    "Form",
    "FormModel",
    "Identity",
    "amount_column",
    "code_column",
    "count_column",
    "name_column",
    "remark_column",
    "row_column",
    "time_column",
]


class _PanderaModel:
    """The attribute `Form.model`: takes a class of columns, gives pandera's model of them."""

    def __set__(self, form: Any, stated: type) -> None:
        form.__dict__["_stated"] = stated

    def __get__(self, form: Any, owner: type) -> Any:
        if form is None:
            raise AttributeError  # a form without columns has no default
        if "_model" not in form.__dict__:
            # pandera takes a fifth of a second to load, and only who asks for a model needs it.
            from cchc_stats.forms.pandera_models import pandera_model

            form.__dict__["_model"] = pandera_model(form.__dict__["_stated"], form.stated)
        return form.__dict__["_model"]


@dataclass(frozen=True, eq=False)
class Form:
    """One official form (biểu): everything the reader, the checks and the writer know about it.

    Parameters
    ----------
    code : the name in `Report.tables` and in files.
    title : the form's title in Vietnamese.
    title_en : the same in English.
    model : class of the columns (`FormModel`), the one statement of columns, types, headings and
        codes; as an attribute pandera's model of them, made when first asked for.
    basis : the basis of a row that states none.
    source : the document that prescribes the form.
    row : the column that tells the rows of one report apart, "" where a report is one row.
    rows : code -> label of the rows, where they are fixed.
    row_basis : code -> basis of a row that has another one than the form.
    identities : accounting statements of one row.
    expected : what is odd where it does not hold, and not impossible.
    key : the columns that together name one row; agency, period, basis and `row` if not given.
    row_spans : code -> the days between which it is in use, where it was not always.
    span : the days between which the form is.
    rows_add_up : whether the rows are parts of a total, so that a total printed below is their sum.
    listed : whether the rows are things with names, which are no sums over units.
    of_others : whether a unit may speak of others here, as a department of all its province.
    printed_as : "column" for a column a figure; "item", "course", "figure" for a column a period.
    by_quarter : whether the official table has a column for each quarter of the year.
    in_prose : how reports tell the form in prose, "" where they do not: "figures" (each by the name
        of its column), "fractions" (2/3 units), "balance" (received, settled, pending), "cuts"
        (from 15 to 13 days).

    Examples
    --------
    >>> from cchc_stats import FORMS
    >>> documents = next(form for form in FORMS if form.code == "documents")
    >>> documents.title, [str(identity) for identity in documents.identities]
    ('Trao đổi văn bản giữa các cơ quan hành chính nhà nước',
     ['sent_total = sent_paper + sent_electronic'])
    """

    code: str
    title: str
    title_en: str
    model: Any = _PanderaModel()  # noqa: RUF009
    basis: str  # type: ignore[misc]
    source: str  # type: ignore[misc]
    row: str = ""
    rows: Mapping[str, Label] = field(default_factory=dict)
    row_basis: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    expected: tuple[Expectation, ...] = ()
    key: tuple[str, ...] = ()
    row_spans: Mapping[str, Span] = field(default_factory=dict)
    span: Span = ALWAYS
    rows_add_up: bool = False
    listed: bool = False
    of_others: bool = False
    printed_as: PrintedAs = BY_COLUMN
    by_quarter: bool = False
    in_prose: str = ""

    def __post_init__(self) -> None:
        """Take the columns that all forms share as the key where none is given."""
        object.__setattr__(self, "rows", MappingProxyType(dict(self.rows)))
        object.__setattr__(self, "row_basis", MappingProxyType(dict(self.row_basis)))
        if not self.key:
            object.__setattr__(self, "key", (*KEY, self.row) if self.row else KEY)

    @cached_property
    def stated(self) -> Mapping[str, Column]:
        """Column -> what the form states of it, in the order of a validated frame."""
        stated: dict[str, Column] = columns_of(self.__dict__["_stated"])
        shared = columns_of(FormModel)
        first = [name for name in KEY if stated.get(name) is shared[name]]
        last = [name for name in shared if name not in KEY and stated.get(name) is shared[name]]
        own = [name for name in stated if name not in (*first, *last)]
        return MappingProxyType({name: stated[name] for name in (*first, *own, *last)})

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The model with its identities, its dashes and its key, as pandera checks it."""
        from cchc_stats.forms.pandera_models import pandera_schema

        return pandera_schema(self.model, self)

    @cached_property
    def wholes(self) -> Mapping[str, bool]:
        """Column of free row names -> whether a row `all` may state the total."""
        return MappingProxyType(
            {name: one.takes_all for name, one in self.stated.items() if one.takes_all is not None}
        )

    @cached_property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """Column -> heading path in Vietnamese as the official form prints it, top first."""
        return MappingProxyType({name: one.heading for name, one in self.stated.items()})

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """Column or row code -> short label in both languages."""
        labels = {name: one.label for name, one in self.stated.items()}
        return MappingProxyType(labels | dict(self.rows))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which a validated frame has them."""
        return tuple(self.stated)

    @cached_property
    def own_columns(self) -> tuple[str, ...]:
        """The columns beside the key's and those that every form has."""
        return tuple(name for name in self.columns if name not in (*SHARED, *self.key))

    def one_row(self, *without: str) -> list[str]:
        """Return the columns of the key but for some: what tells rows apart among the rest."""
        return [name for name in self.key if name not in without]

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The columns that hold figures, in the order of the form."""
        return tuple(name for name in self.columns if self.kinds[name] in ("count", "amount"))

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Column -> count, amount, text, quarter or time."""
        return MappingProxyType({name: one.kind for name, one in self.stated.items()})

    @cached_property
    def optional(self) -> frozenset[str]:
        """The columns that not every layout of the form has."""
        return frozenset(name for name, one in self.stated.items() if one.optional)

    @cached_property
    def filled(self) -> Mapping[str, str]:
        """Column that is filled in where it is not there -> with which text."""
        texts = {name: one.default for name, one in self.stated.items()}
        return MappingProxyType({name: text for name, text in texts.items() if text is not None})

    @cached_property
    def fractions(self) -> Mapping[str, str]:
        """Column -> the column of its total, where reports print the two as one: "2/3"."""
        return MappingProxyType(
            {name: one.out_of for name, one in self.stated.items() if one.out_of}
        )

    @cached_property
    def has_one_count(self) -> bool:
        """Whether each row is one figure, perhaps out of its total."""
        return bool(self.row) and len({*self.figures} - {*self.fractions.values()}) == 1

    def rows_between(self, start: dt.date, end: dt.date) -> dict[str, Label]:
        """Return the fixed rows that are in use on a day from `start` to `end`.

        Examples
        --------
        >>> from cchc_stats.forms import find_form
        >>> services = find_form("online_services")
        >>> [*services.rows_between(dt.date(2026, 9, 15), dt.date(2026, 12, 14))]
        ['partial', 'full']
        """
        spans = self.row_spans
        return {
            code: label
            for code, label in self.rows.items()
            if spans.get(code, ALWAYS).meets(start, end)
        }

    def spans_of(self, column: str) -> Mapping[str, Span]:
        """Return the days of the codes of a column that were not always in use.

        Examples
        --------
        >>> from cchc_stats.forms import DOSSIERS
        >>> DOSSIERS.spans_of("level")["district"].until.isoformat()
        '2025-06-30'
        """
        if column == self.row:
            return self.row_spans
        return LEVEL_SPANS if column == "level" and column in self.columns else {}

    def asks(self, column: str, start: dt.date, end: dt.date) -> bool:
        """Return whether the form that is handed out for days has a column to fill in."""
        since = self.stated[column].asked_since
        return column not in self.optional or (since is not None and since <= end)

    def over_quarters(self, column: str, code: str = "") -> str:
        """Return how the figure of several quarters is made of theirs: "sum", "overlap", "stock".

        Examples
        --------
        >>> from cchc_stats.forms import DOSSIERS, find_form
        >>> [DOSSIERS.over_quarters(name) for name in ("settled_late", "pending_total")]
        ['sum', 'stock']
        >>> [find_form("positions").over_quarters("count", code)
        ...  for code in ("units_placed", "people_trained")]
        ['stock', 'sum']
        """
        usual = STOCK if self.row_basis.get(code, self.basis) == AS_OF else SUM
        return self.stated[column].over_quarters or usual

    def heading(self, column: str) -> str:
        """Return a column's official heading in one line, its name where the form has no such.

        Examples
        --------
        >>> from cchc_stats.forms import DOSSIERS
        >>> DOSSIERS.heading("received_total")
        'Số hồ sơ đã tiếp nhận: Tổng số'
        """
        return ": ".join(self.headings.get(column, (column,)))

    def row_label(self, code: object, *, lang: str = "vi") -> str:
        """Return the words of a row's code; free names as they are."""
        label = self.rows.get(str(code))
        return label.in_language(lang) if label else str(code)
