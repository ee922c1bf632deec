"""The rows of the units, added up key by key; what is unknown of one is unknown of the sum."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cchc_stats.forms import Form, dashed

MOST_NAMED = 5  # units in a source's text
DAYS = ("window_start", "window_end")
WINDOWS_DIFFER = "các kỳ số liệu khác nhau"


@dataclass(frozen=True, eq=False)
class Units:
    """The units of a whole.

    Attributes
    ----------
    whole : its name.
    parts : the units that it is said to be made of, None where nobody says so.
    tables : the units' forms.
    allow_missing : whether a unit without a row may lack in a sum.
    """

    whole: str
    parts: Sequence[str] | None
    tables: Mapping[str, pd.DataFrame]
    allow_missing: bool

    @property
    def all(self) -> list[str]:
        """Return every unit."""
        if self.parts is not None:
            return [*self.parts]
        return sorted({name for table in self.tables.values() for name in table["agency"]})

    def of(self, period: pd.Period) -> frozenset[str]:
        """Return the units that should have rows of a quarter."""
        if self.parts is not None:
            return frozenset(self.parts)
        return self._by_quarter.get(period, frozenset())

    @cached_property
    def _by_quarter(self) -> dict[pd.Period, frozenset[str]]:
        rows = pd.concat([table[["period", "agency"]] for table in self.tables.values()])
        rows = rows.drop_duplicates()
        by_quarter: dict[pd.Period, set[str]] = {}
        for period, agency in zip(rows["period"], rows["agency"], strict=True):
            by_quarter.setdefault(period, set()).add(agency)
        return {period: frozenset(names) for period, names in by_quarter.items()}


def summed(table: pd.DataFrame, form: Form, units: Units) -> pd.DataFrame:
    """Return the sums of a form's rows over the units."""
    keys = [name for name in form.key if name != "agency"]
    ordered = table.sort_values([*keys, "agency"], kind="stable").reset_index(drop=True)
    groups = ordered.groupby(keys, sort=False, observed=True)
    number = groups.ngroup()
    result = groups.first().reset_index()[keys]
    missing = _missing(ordered, form, units, keys, result)
    lacking = np.array([bool(names) for names in missing]) & (not units.allow_missing)
    dashes: list[list[str]] = [[] for _ in range(len(result))]
    apart = {name for identity in form.identities for name in identity.where_given}
    for name in form.figures:
        dash = pd.Series(dashed(ordered, name))
        known = ordered[name].notna()
        total = ordered[name].fillna(0).groupby(number).sum()
        gap = ~known & ~dash
        if name in apart:
            # The identity takes what a layout does not count apart as none, and so must the sum.
            gap &= ~known.groupby(number).transform("any")
        every = dash.groupby(number).all().to_numpy()
        unknown = gap.groupby(number).any().to_numpy() | every | lacking
        result[name] = total.astype(ordered[name].dtype).mask(unknown)
        for row in np.flatnonzero(every & ~lacking):
            dashes[row].append(name)
    notes, days = _days(ordered, number)
    named = [[*dict.fromkeys(part)] for _, part in ordered["agency"].groupby(number)]
    result["source"] = [
        _source(names, absent, note)
        for names, absent, note in zip(named, missing, notes, strict=True)
    ]
    result["not_applicable"] = [", ".join(names) for names in dashes]
    result["agency"] = units.whole
    return in_order(result.assign(**days), form, keys)


def in_order(result: pd.DataFrame, form: Form, keys: Sequence[str]) -> pd.DataFrame:
    """Return rows in an order that does not depend on that of the units, typed as the form is."""
    rank = {code: number for number, code in enumerate(form.rows)}
    ordered = result.sort_values(
        [*keys],
        kind="stable",
        key=lambda column: column.map(rank) if rank and column.name == form.row else column,
    )
    columns = [*form.columns, *(name for name in DAYS if name in result)]
    texts = [name for name in form.columns if form.kinds[name] == "text"]
    return ordered[columns].astype(dict.fromkeys(texts, "str")).reset_index(drop=True)


def listed(names: Collection[str]) -> str:
    """Return names as one text, the first few of many.

    Examples
    --------
    >>> listed([f"Sở {letter}" for letter in "ABCDEFG"])
    'Sở A; Sở B; Sở C; Sở D; Sở E; … (và 2 đơn vị khác)'
    """
    first = [*names][:MOST_NAMED]
    more = len(names) - len(first)
    return "; ".join([*first, *([f"… (và {more} đơn vị khác)"] if more else [])])


def _source(names: Collection[str], missing: Collection[str], note: str) -> str:
    of = f"{len(names)}/{len(names) + len(missing)}" if missing else f"{len(names)}"
    told = [f"tổng của {of} đơn vị: {listed(names)}"]
    if missing:
        told.append(f"thiếu: {listed(missing)}")
    return ". ".join([*told, *([note] if note else [])])


def _missing(
    table: pd.DataFrame, form: Form, units: Units, keys: Sequence[str], result: pd.DataFrame
) -> list[list[str]]:
    """Return for each key the units that should have its row and have not."""
    # A sector that a unit has not is no gap; a row that the form prescribes is.
    told = [*keys] if form.rows else ["period", "basis"]
    if any(form.wholes.values()):
        # A whole is told by every unit or by none.
        told = ["period", "basis"]
    have = table.groupby(told, observed=True)["agency"].agg(frozenset).to_dict()
    expected = {period: units.of(period) for period in result["period"].unique()}
    return [
        sorted(expected[key[0]] - have[key[: len(told)]])
        for key in result[[*keys]].itertuples(index=False, name=None)
    ]


def _days(table: pd.DataFrame, number: pd.Series) -> tuple[list[str], dict[str, pd.Series]]:
    """Return the days that all units of a row state, and a note where they state others."""
    days, differ = {}, np.zeros(number.nunique(), dtype=bool)
    for name in (name for name in DAYS if name in table):
        groups = table[name].groupby(number)
        apart = groups.nunique(dropna=False).gt(1).to_numpy()
        differ |= apart
        days[name] = groups.first().mask(apart)
    return [WINDOWS_DIFFER if one else "" for one in differ], days
