"""Every refusal of the library: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd


class CchcError(ValueError):
    """A refusal that says what is wrong, where, and how to mend it.

    Parameters
    ----------
    what : one sentence, the rule that does not hold.
    where : file, table, row and column, as far as they can be named; "" where there is no place.
    mend : what the caller can do about it.

    Examples
    --------
    >>> print(CchcError("the level is 0", where="level=", mend="give a level between 0 and 100"))
    the level is 0
      where: level=
      mend:  give a level between 0 and 100
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        lines = [what]
        if where:
            lines.append(f"  where: {where}")
        if mend:
            lines.append(f"  mend:  {mend}")
        super().__init__("\n".join(lines))


class NumberError(CchcError):
    """An option of number reading or printing that makes no sense."""


class PeriodError(CchcError):
    """A text or a period that does not name a quarter, or a window that ends before it starts."""


class ReadError(CchcError):
    """A document or folder that cannot be read."""


class ValuesError(CchcError):
    """A values frame that cannot be used as asked: wrong columns, duplicated keys, mixed bases."""


class PlotError(CchcError):
    """A frame that cannot be drawn as asked: mixed units, nothing to show."""


class SchemeError(CchcError):
    """A scheme that cannot be scored with: unknown, unreadable, or at odds with itself."""


class FormError(CchcError):
    """A frame that is not the form it is said to be; all faults at once.

    Attributes
    ----------
    faults : findings frame (see `words.findings`), one row per fault, in the order of the
        rows. It is built when first asked for: a million faults cost nothing until somebody looks.
    count : number of faults.

    Examples
    --------
    >>> import pandas as pd
    >>> from cchc_stats import validate
    >>> try:
    ...     validate(pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [10],
    ...                            "sent_paper": [4], "sent_electronic": [5]}), "documents")
    ... except FormError as error:
    ...     print(error.faults[["rule", "found", "expected"]].values.tolist())
    [['identity', '10', '4 + 5 = 9']]
    """

    def __init__(
        self,
        what: str,
        *,
        count: int,
        build: Callable[[], pd.DataFrame],
        where: str = "",
        mend: str = "",
    ) -> None:
        super().__init__(what, where=where, mend=mend)
        self.count = count
        self._build = build
        self._faults: pd.DataFrame | None = None

    @property
    def faults(self) -> pd.DataFrame:
        """Return the findings frame of all faults."""
        if self._faults is None:
            self._faults = self._build()
        return self._faults

    def __reduce__(self) -> tuple[Callable[..., FormError], tuple[object, ...]]:
        """Return what rebuilds the error in another process: its faults, built here and now."""
        return _rebuilt, (self.what, self.where, self.mend, self.count, self.faults)


def _rebuilt(what: str, where: str, mend: str, count: int, faults: pd.DataFrame) -> FormError:
    return FormError(what, count=count, build=lambda: faults, where=where, mend=mend)


# A traceback names an error as users import it.
for _error in (
    CchcError,
    FormError,
    NumberError,
    PeriodError,
    PlotError,
    ReadError,
    SchemeError,
    ValuesError,
):
    _error.__module__ = "cchc_stats"
