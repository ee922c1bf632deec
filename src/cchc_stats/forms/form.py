"""What an official form is: its model, its identities, its headings and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from cchc_stats.forms.dashes import contradicted
from cchc_stats.forms.identity import Identity
from cchc_stats.forms.totals import no_total
from cchc_stats.words import BASES, Label

Quarter = Annotated[pd.PeriodDtype, "Q-DEC"]
KEY = ("agency", "period", "basis")
# Beyond it sums of a few columns could leave int64; no office counts so far.
LARGEST = 10**15
FIGURE: dict[str, Any] = {"ge": 0, "le": LARGEST, "nullable": True}
NOT_BLANK: dict[str, Any] = {"str_matches": r"\s*\S"}


def _field(
    heading: tuple[str, ...],
    vi: str,
    en: str,
    *,
    optional: bool = False,
    out_of: str = "",
    whole: bool | None = None,
    **rule: Any,
) -> Any:
    label = Label(vi or heading[-1], en)
    about = {"heading": heading, "label": label, "optional": optional, "out_of": out_of}
    about["whole"] = whole
    return pa.Field(title=": ".join(heading), metadata=about, **rule)


def count_column(
    *heading: str, en: str, vi: str = "", optional: bool = False, out_of: str = ""
) -> Any:
    """Return the field of a counted figure: whole, not negative, <NA> where not reported.

    Parameters
    ----------
    heading : the official heading path in Vietnamese, top first.
    en : short label in English.
    vi : short label in Vietnamese, where the last heading alone would not say enough.
    optional : True where not every layout of the form has the column.
    out_of : the column of the whole, where the two are printed in one cell: "2/3".
    """
    return _field(heading, vi, en, optional=optional, out_of=out_of, **FIGURE)


def amount_column(*heading: str, en: str, vi: str = "") -> Any:
    """Return the field of a measured figure: not negative, <NA> where not reported."""
    return _field(heading, vi, en, **FIGURE)


def code_column(*heading: str, codes: Mapping[str, Label], en: str) -> Any:
    """Return the field of the row's code, one of those given."""
    return _field(heading, "", en, isin=list(codes))


def name_column(*heading: str, en: str) -> Any:
    """Return the field of a name, free text that is not empty."""
    return _field(heading, "", en, **NOT_BLANK)


def row_column(*heading: str, en: str, whole: bool = False) -> Any:
    """Return the field of the row's name: not empty, and not that of a total such as "Tổng cộng".

    Parameters
    ----------
    heading : the official heading path in Vietnamese, top first.
    en : short label in English.
    whole : True where a row `all` may state the whole.
    """
    return _field(heading, "", en, whole=whole, **NOT_BLANK)


def time_column(*heading: str, en: str, required: bool = False) -> Any:
    """Return the field of a day or an instant; missing where not given, unless required."""
    return _field(heading, "", en, nullable=not required)


def remark_column(*heading: str, en: str) -> Any:
    """Return the field of a text beside the figures; missing where not given."""
    return _field(heading, "", en, nullable=True)


class FormModel(pa.DataFrameModel):
    """The columns that every form has beside its own."""

    agency: Series[str] = _field(("Cơ quan, đơn vị",), "", "agency", **NOT_BLANK)
    period: Series[Quarter] = _field(("Kỳ báo cáo",), "", "period")
    basis: Series[str] = _field(("Cách tính kỳ",), "", "basis", isin=list(BASES))
    not_applicable: Series[str] = _field(('Cột ghi "-"',), "", 'columns printed "-"')
    source: Series[str] = _field(("Nguồn",), "", "source")


@dataclass(frozen=True, eq=False)
class Form:
    """One official form (biểu): everything the reader, the checks and the writer know about it.

    Parameters
    ----------
    code : the name in `Report.tables` and in files.
    title : the form's title in Vietnamese.
    title_en : the same in English.
    model : pandera model of the frame, the one statement of columns, types, headings and codes.
    basis : the basis of a row that states none.
    source : the document the form is known from.
    row : the column that tells the rows of one report apart, "" where a report is one row.
    rows : code -> label of the rows, where they are fixed.
    identities : accounting statements of one row.
    key : the columns that together name one row; agency, period, basis and `row` if not given.

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
    model: type[pa.DataFrameModel]
    basis: str
    source: str
    row: str = ""
    rows: Mapping[str, Label] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take the columns that all forms share as the key where none is given."""
        object.__setattr__(self, "rows", MappingProxyType(dict(self.rows)))
        if not self.key:
            object.__setattr__(self, "key", (*KEY, self.row) if self.row else KEY)

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The model with its identities, its dashes and its key, as pandera checks it."""
        schema = self.model.to_schema()
        schema.unique = list(self.key)
        for name, whole in self.wholes.items():
            # A printed total as one more row would count everything twice.
            column = schema.columns[name]
            column.checks = [*column.checks, no_total(whole=whole)]
        schema.checks = [
            # A mask of plain bool: over Int64, pandera would skip <NA> and let a row pass unseen.
            pa.Check(lambda frame, i=identity: ~i.broken(frame), name=str(identity))
            for identity in self.identities
        ]
        dashes = pa.Check(
            lambda frame: pd.Series(~contradicted(frame, self.figures), index=frame.index),
            name="not_applicable",
        )
        schema.checks.append(dashes)
        return schema

    @cached_property
    def wholes(self) -> Mapping[str, bool]:
        """Column of free row names -> whether a row `all` may state the whole."""
        columns = self.model.to_schema().columns.items()
        said = {name: (column.metadata or {}).get("whole") for name, column in columns}
        return MappingProxyType({name: whole for name, whole in said.items() if whole is not None})

    @cached_property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """Column -> heading path in Vietnamese as the official form prints it, top first."""
        return MappingProxyType({name: about["heading"] for name, about in self._about.items()})

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """Column or row code -> short label in both languages."""
        labels = {name: about["label"] for name, about in self._about.items()}
        return MappingProxyType(labels | dict(self.rows))

    @cached_property
    def _about(self) -> Mapping[str, Mapping[str, Any]]:
        return {name: column.metadata for name, column in self.schema.columns.items()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which a validated frame has them."""
        names = list(self.schema.columns)
        shared = FormModel.__annotations__ if issubclass(self.model, FormModel) else {}
        first = [name for name in KEY if name in shared]
        last = [name for name in shared if name not in KEY]
        return (*first, *(name for name in names if name not in shared), *last)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The columns that hold figures, in the order of the form."""
        return tuple(name for name in self.columns if self.kinds[name] in ("count", "amount"))

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Column -> count, amount, text, quarter or time."""
        names = {
            "Int": "count",
            "Flo": "amount",
            "str": "text",
            "per": "quarter",
            "dat": "time",
        }
        columns = self.schema.columns.items()
        return MappingProxyType({name: names[str(column.dtype)[:3]] for name, column in columns})

    @cached_property
    def optional(self) -> frozenset[str]:
        """The columns that not every layout of the form has."""
        return frozenset(name for name, column in self._about.items() if column["optional"])

    @cached_property
    def fractions(self) -> Mapping[str, str]:
        """Column -> the column of its whole, where reports print the two as one: "2/3"."""
        whole = {name: about["out_of"] for name, about in self._about.items()}
        return MappingProxyType({name: of for name, of in whole.items() if of})

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
