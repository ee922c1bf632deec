"""The models of the forms as pandera has them, made from the columns that the forms state.

Loaded when a model is first asked for: pandera alone takes a fifth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Protocol

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from cchc_stats.forms.column import LARGEST, Column, Identity, contradicted, names_total

_TYPES: dict[str, Any] = {
    "count": pd.Int64Dtype,
    "amount": pd.Float64Dtype,
    "text": str,
    "quarter": Annotated[pd.PeriodDtype, "Q-DEC"],
    "time": pd.Timestamp,
}


def pandera_model(stated: type, columns: Mapping[str, Column]) -> type[pa.DataFrameModel]:
    """Return pandera's model of a class of columns, under the class's name."""
    series: Any = Series  # its types exist when the model is made, not before
    own = {name: columns[name] for name in _in_written_order(stated, columns)}
    body = {
        "__doc__": stated.__doc__,
        "__module__": stated.__module__,
        "__annotations__": {name: series[_TYPES[one.kind]] for name, one in own.items()},
    }
    fields = {name: _field(one) for name, one in own.items()}
    return type(stated.__name__, (pa.DataFrameModel,), body | fields)


def _in_written_order(stated: type, columns: Mapping[str, Column]) -> list[str]:
    bodies = [vars(one) for one in reversed(stated.__mro__)]
    return [name for body in bodies for name in body if name in columns]


def _field(column: Column) -> Any:
    rule: dict[str, Any] = {"nullable": column.nullable}
    if column.kind in ("count", "amount"):
        rule |= {"ge": 0, "le": LARGEST}
    elif column.codes is not None and not column.names:
        rule |= {"isin": list(column.codes)}
    elif column.is_required and column.kind == "text":
        rule |= {"str_matches": r"\s*\S"}
    return pa.Field(title=": ".join(column.heading), **rule)


class _Stated(Protocol):
    """What of a form its model does not say."""

    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def identities(self) -> tuple[Identity, ...]: ...
    @property
    def wholes(self) -> Mapping[str, bool]: ...
    @property
    def figures(self) -> tuple[str, ...]: ...


def pandera_schema(model: type[pa.DataFrameModel], form: _Stated) -> pa.DataFrameSchema:
    """Return a form's model with its identities, its dashes and its key."""
    schema: pa.DataFrameSchema = model.to_schema()
    schema.unique = list(form.key)
    for name, takes_all in form.wholes.items():
        # A printed total as one more row would count everything twice.
        column = schema.columns[name]
        column.checks = [*column.checks, _no_total(takes_all=takes_all)]
    schema.checks = [
        # A mask of plain bool: over Int64, pandera would skip <NA> and let a row pass unseen.
        pa.Check(lambda frame, i=identity: ~i.broken(frame), name=str(identity))
        for identity in form.identities
    ]
    dashes = pa.Check(
        lambda frame: pd.Series(~contradicted(frame, form.figures), index=frame.index),
        name="not_applicable",
    )
    schema.checks.append(dashes)
    return schema


def _no_total(*, takes_all: bool) -> pa.Check:
    return pa.Check(
        lambda text: not (isinstance(text, str) and names_total(text, takes_all=takes_all)),
        element_wise=True,
        name="printed_total",
    )
