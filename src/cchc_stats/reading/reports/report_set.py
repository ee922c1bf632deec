"""What many reports are once they are read: one after the other, and their tables as one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, Form, LeftOut, PrintedTables
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.words import QUARTERS, ReadError, dictionary_order

FAILURES = ("path", "what", "where", "mend")
SKIPPED = ("path", "reason")
DUPLICATES = ("agency", "period", "path", "number", "signed_on")
REPEATED = ("form", "agency", "period", "basis", "row", "source", "kept", "differs")
LATEST, LAST = "latest_signed", "last_given"


@dataclass(frozen=True, eq=False)
class ReportSet:
    """The reports of several agencies or quarters, and what could not be read.

    Attributes
    ----------
    reports : the reports in the order of their paths.
    paths : the path of each report.
    failures : frame `path, what, where, mend`, a row per file that is no report.
    skipped : frame `path, reason`: files that nobody meant as reports, such as lock files.
    agencies : frame `agency, matched, how, score, candidates`, a row per name as printed and the
        one it was taken for: of the list, of the units ("symbol" where the report's number told),
        or without either the fullest spelling of the same body in the set (see `match_agency`).
        `matched` is "" where that is not sure, and the tables then keep the printed name.
    prefer : which of several editions of one report the tables take; "" for none.
    results : what `then` of `read_reports` made of each report; empty without it.

    Examples
    --------
    >>> from cchc_stats import read_reports
    >>> reports = read_reports(["data/binh-dinh-skhcn-2020q3"], progress=False)
    >>> len(reports.reports), reports.failures.empty, len(reports.tables)
    (1, True, 14)
    """

    reports: tuple[Report, ...]
    paths: tuple[str, ...]
    failures: pd.DataFrame
    skipped: pd.DataFrame
    agencies: pd.DataFrame
    prefer: str = ""
    results: tuple[Any, ...] = ()

    @classmethod
    def of(cls, reports: Iterable[Report]) -> ReportSet:
        """Return reports that have been read as a set; agencies keep their names."""
        its = tuple(reports)
        names = pd.Series([*dict.fromkeys(one.agency for one in its)], dtype="str")
        agencies = {"agency": names, "matched": names, "how": "same", "score": 1.0}
        return cls(
            reports=its,
            paths=tuple(one.source for one in its),
            failures=pd.DataFrame(columns=list(FAILURES), dtype="str"),
            skipped=pd.DataFrame(columns=list(SKIPPED), dtype="str"),
            agencies=pd.DataFrame(agencies | {"candidates": ""}).astype({"score": "Float64"}),
        )

    def __repr__(self) -> str:
        """Return what the set is in one line."""
        return (
            f"ReportSet({len(self.reports)} reports, {len(self.failures)} failures, "
            f"{len(self.skipped)} skipped)"
        )

    def preferring(self, prefer: Literal["", "latest_signed", "last_given"]) -> ReportSet:
        """Return the set with a choice among editions, "" for none.

        "latest_signed" takes that of the latest day of signature, "last_given" the last of the
        paths.
        """
        if prefer not in ("", LATEST, LAST):
            raise ReadError(
                f"there is no way {prefer!r} to choose among editions",
                where="prefer=",
                mend=f'use "{LATEST}", "{LAST}", or "" for none',
            )
        return replace(self, prefer=prefer)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each report's agency as it stands in the tables."""
        return tuple(report.agency for report in self.reports)

    @cached_property
    def duplicates(self) -> pd.DataFrame:
        """Return the editions of one agency's report on one quarter, where there are several.

        Frame `agency, period, path, number, signed_on`, a row per edition; empty is clean.
        """
        editions = [
            (name, report.period, path, report.number, report.signed_on)
            for name, report, path in zip(self.names, self.reports, self.paths, strict=True)
        ]
        frame = pd.DataFrame(editions, columns=list(DUPLICATES))
        several = frame[frame.duplicated(["agency", "period"], keep=False)]
        types = {"agency": "str", "period": QUARTERS, "path": "str", "number": "str"}
        typed = several.astype(types | {"signed_on": "datetime64[us]"})
        ordered = typed.sort_values(["agency", "period"], kind="stable", key=dictionary_order)
        return ordered.reset_index(drop=True)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return the tables of all reports: form code -> frame, `agency` as matched.

        A report also prints quarters before its own. Where several reports of an agency state one
        row (its agency, period, basis and row code), the table has it once: a row with a figure
        before one without, then that of the quarter's own report, then that of the latest.
        `repeated` lists them all.

        Raises
        ------
        ReadError
            Several editions of one report, and none is preferred; or the preferred is not clear.
        """
        tables = self._tables_and_repeated[0]
        chosen = [(self.names[at], self.reports[at].places) for at in self.chosen]
        if printed := [(name, places) for name, places in chosen if len(places)]:
            return PrintedTables(tables, printed, self._left_out())
        return MappingProxyType(tables)

    def _left_out(self) -> list[LeftOut]:
        """Return the rows that the forms of the chosen reports lack, under the names of the set."""
        return [
            one._replace(agency=self.names[at])
            for at in self.chosen
            if isinstance(tables := self.reports[at].tables, PrintedTables)
            for one in tables.unplaced
        ]

    @cached_property
    def repeated(self) -> pd.DataFrame:
        """Return the rows that several reports of an agency state.

        Frame `form, agency, period, basis, row, source, kept, differs`: `kept` is the one that the
        tables have, `differs` says that the row has other figures than the kept one.
        """
        return self._tables_and_repeated[1]

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Return what all reports claim in prose, after `agency` and `source`."""
        return self._beside("claims", CLAIMS)

    @cached_property
    def unplaced(self) -> pd.DataFrame:
        """Return what no table could hold, after `agency` and `source`."""
        return self._beside("unplaced", UNPLACED)

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """Return which reports the tables are made of, by their places.

        Raises
        ------
        ReadError
            As of `tables`.
        """
        if not len(self.duplicates):
            return tuple(range(len(self.reports)))
        if not self.prefer:
            raise ReadError(
                "several editions of one report: " + _editions(self.duplicates),
                where="; ".join(self.duplicates["path"]),
                mend="keep one file of each, or choose: "
                f'preferring("{LATEST}"), or preferring("{LAST}") of the paths',
            )
        groups: dict[tuple[str, pd.Period], list[int]] = {}
        for at, (name, report) in enumerate(zip(self.names, self.reports, strict=True)):
            groups.setdefault((name, report.period), []).append(at)
        chosen, unclear = [], []
        for editions in groups.values():
            one = edition_by(self.prefer, [self.reports[at].signed_on for at in editions])
            if one is None:
                unclear += editions
            else:
                chosen.append(editions[one])
        if unclear:
            raise ReadError(
                "the latest edition is not clear: a day of signature is missing, or is that of two",
                where="; ".join(self.paths[at] for at in unclear),
                mend=f'keep one file of each, or take the last of the paths: preferring("{LAST}")',
            )
        return tuple(sorted(chosen))

    @cached_property
    def _tables_and_repeated(self) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
        tables, repeated = {}, []
        for form in FORMS:
            parts = [
                self.reports[at].tables[form.code].assign(_order=self.reports[at].period.ordinal)
                for at in self.chosen
                if form.code in self.reports[at].tables
            ]
            if parts:
                tables[form.code], several = _each_once(_joined(parts), form)
                repeated.append(several)
        types = dict.fromkeys(REPEATED, "str") | {"kept": "bool", "differs": "bool"}
        types["period"] = QUARTERS
        empty = pd.DataFrame(columns=list(REPEATED)).astype(types)
        double = [frame for frame in repeated if len(frame)]
        return tables, pd.concat(double, ignore_index=True).astype(types) if double else empty

    def _beside(self, part: str, columns: Iterable[str]) -> pd.DataFrame:
        frames = []
        for at in self.chosen:
            frame: pd.DataFrame = getattr(self.reports[at], part)
            if len(frame):
                named = frame.assign(agency=self.names[at], source=self.reports[at].source)
                frames.append(named[["agency", "source", *frame.columns]])
        if frames:
            return _joined(frames).astype({"agency": "str", "source": "str"})
        return pd.DataFrame(columns=["agency", "source", *columns], dtype="str")


def edition_by(prefer: str, days: Sequence[dt.date | None]) -> int | None:
    """Return the place of the edition preferred among several of these days, None where unclear.

    Examples
    --------
    >>> day = dt.date(2026, 9, 15)
    >>> edition_by(LATEST, [day, None]), edition_by(LAST, [day, None]), edition_by(LATEST, [None])
    (None, 1, 0)
    """
    if prefer == LAST or len(days) == 1:
        return len(days) - 1
    known = [day for day in days if day is not None]
    latest = max(known, default=None)
    is_clear = len(known) == len(days) and days.count(latest) == 1
    return days.index(latest) if is_clear else None


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other; a column that some lack is missing in their rows."""
    types = {name: frame[name].dtype for frame in frames for name in frame}
    columns = {}
    for name, kind in types.items():
        parts = [
            frame[name] if name in frame else pd.Series(pd.NA, index=frame.index).astype(kind)
            for frame in frames
        ]
        columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def _each_once(table: pd.DataFrame, form: Form) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table with each key once, and the rows of which there were several."""
    order = table.pop("_order").to_numpy()
    several = table.duplicated(list(form.key), keep=False).to_numpy()
    if not several.any():
        return table, pd.DataFrame()
    figures = [name for name in form.figures if name in table]
    own = order == table["period"].array.asi8
    ranks = pd.DataFrame(
        {"figures": table[figures].notna().any(axis=1).to_numpy(), "own": own, "order": order}
    )
    best = ranks.sort_values(["figures", "own", "order"], ascending=False, kind="stable").index
    kept = np.zeros(len(table), dtype=bool)
    kept[best[~table.loc[best].duplicated(list(form.key)).to_numpy()]] = True
    rows = table[several]
    keys = [rows[name] for name in form.key]
    other = np.zeros(len(rows), dtype=bool)
    for name in figures:
        first = rows[name].where(kept[several]).groupby(keys).transform("first")
        same = (rows[name] == first).fillna(False) | (rows[name].isna() & first.isna())
        other |= ~same.to_numpy(dtype=bool)
    repeated = rows[["agency", "period", "basis", "source"]].assign(
        form=form.code, row=rows[form.row] if form.row else "", kept=kept[several], differs=other
    )
    return table[kept].reset_index(drop=True), repeated[list(REPEATED)]


def _editions(duplicates: pd.DataFrame) -> str:
    counts = Counter(zip(duplicates["agency"], duplicates["period"], strict=True))
    return "; ".join(f"{agency}, {period}: {n}" for (agency, period), n in counts.items())
