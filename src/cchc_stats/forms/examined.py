"""What an examination of a form's columns tells, with the frame of them for who asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.columns import Cells
from cchc_stats.forms.faults import Fault

Columns: TypeAlias = Mapping[Any, Cells]
Figures: TypeAlias = Mapping[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Examined:
    """A form's columns, typed and in order, and what is wrong in them.

    Attributes
    ----------
    columns : name -> array; a column with a fault stays as it came.
    faults : what is wrong.
    figures : name -> values, and which of them are there and right.
    length : the number of rows.
    given : the frame that the columns are from, where they were all as they should be, or one of
        them as they are now; None where no frame is built yet.
    """

    columns: Columns
    faults: list[Fault]
    figures: Figures
    length: int
    given: pd.DataFrame | None = None

    @cached_property
    def table(self) -> pd.DataFrame:
        """The frame of the columns, which who has it may change.

        Built when first asked for: most checks look at a few columns, and a report has ten tables
        of ten columns, which take longer to build than to look at.
        """
        return pd.DataFrame(self.columns, copy=False) if self.given is None else self.given

    @property
    def is_typed(self) -> bool:
        """Whether no column has a fault; an identity may be broken."""
        return all(fault.rule == "identity" for fault in self.faults)

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a column, none where there is no such column."""
        return self.columns[name].tolist() if name in self.columns else []

    def reported(self, name: str) -> list[float | None]:
        """Return the figures of a column, None where there is none."""
        if name not in self.figures:
            return [None] * self.length
        values, known = self.figures[name]
        pairs = zip(values.tolist(), known.tolist(), strict=True)
        return [value if is_known else None for value, is_known in pairs]


def are_same(one: Columns, other: Columns) -> bool:
    """Return whether columns are the very arrays of others, in their order."""
    return [*one] == [*other] and all(cells is other[name] for name, cells in one.items())
