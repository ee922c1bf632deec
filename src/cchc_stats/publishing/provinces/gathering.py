"""The reports of a province's quarter, those before them, and what is to be said of the folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from cchc_stats.indicators import missing_reports
from cchc_stats.publishing.provinces.notices import Notice, names_of, say
from cchc_stats.reading import (
    LAST,
    LATEST,
    Report,
    ReportSet,
    Units,
    as_unit,
    edition_by,
    folders_below,
    read_reports,
    report_paths,
)
from cchc_stats.words import QUARTERS, CchcError, label_period, parse_period
from cchc_stats.words import say as translated

if TYPE_CHECKING:
    from cchc_stats.publishing.store import Store

HISTORY = 8  # quarters before, of which changes and trends are made


@dataclass(frozen=True, eq=False)
class Gathered:
    """A province's reports.

    Attributes
    ----------
    units : who reports.
    period : the quarter.
    read : everything that was read.
    now : the reports of the quarter that figures are taken from, one of each unit.
    told : every report that findings are told of: of the quarter, in all editions, and those that
        lie among them and state another; none of `astray`.
    before : unit -> earlier quarter -> its report.
    missing : what `missing_reports` returns.
    editions : frame `agency, period, file, signed_on, chosen`, where a unit has several.
    notices : what is to be said of the folder, each once.
    kept : the paths of the files that the store had.
    astray : files that bear one unit's name and another's letterhead, which has sent its own.
    """

    units: Units
    period: pd.Period
    read: ReportSet
    now: ReportSet
    told: tuple[Report, ...]
    before: Mapping[str, Mapping[pd.Period, Report]]
    missing: pd.DataFrame
    editions: pd.DataFrame
    notices: tuple[Notice, ...]
    kept: frozenset[str] = frozenset()
    astray: tuple[str, ...] = ()

    @property
    def left_out(self) -> bool:
        """Whether there are reports that no figure is taken from: not read, or not chosen."""
        told = {one.agency for one in self.told if one.period == self.period}
        unread = bool(len(self.read.failures) or self.astray)
        return unread or len(told) > len(self.now.reports)

    def previous(self, report: Report) -> Report | None:
        """Return the report that one is held against, None where there is none.

        Of one that states another quarter nobody knows which quarter its figures are of.
        """
        if report.period != self.period:
            return None
        return self.before.get(report.agency, {}).get(report.period - 1)


def gather(
    reports: Any,
    units: Units,
    *,
    store: Store | None,
    period: pd.Period | str | None,
    prefer: Sequence[str],
    without: Path,
    progress: bool,
    lang: str,
    **reading: Any,
) -> Gathered:
    """Read a folder, and find in it and in the store what belongs to the quarter.

    Raises
    ------
    ReadError
        There is nothing to read.
    CchcError
        No report is of the quarter.
    """
    kept: frozenset[str] = frozenset()
    if isinstance(reports, ReportSet):
        read = _under_their_names(reports, units)
    else:
        read, kept = read_folders(
            reports, units, store=store, without=without, progress=progress, **reading
        )
    quarter = _quarter(read, units, period, lang=lang)
    found_ones = [*zip(read.paths, read.reports, strict=True)]
    of_quarter = [(path, one) for path, one in found_ones if one.period == quarter]
    strays = _strays(found_ones, quarter)
    copies = _copies(of_quarter, units)
    apart = [(path, one) for path, one in of_quarter if path not in copies]
    astray = _under_two_names(apart, units)
    own = [(path, one) for path, one in apart if path not in astray]
    editions, chosen = _editions(own, prefer)
    before = _before(found_ones, quarter, {*strays.values()}, store, units)
    now = replace(
        read, reports=tuple(one for _, one in chosen), paths=tuple(path for path, _ in chosen)
    )
    every = replace(
        read,
        reports=(*(one for _, one in of_quarter), *strays.values()),
        paths=(*(path for path, _ in of_quarter), *strays),
    )
    missing = _missing(every, units, quarter, strays, lang=lang)
    told = (*(one for _, one in own), *strays.values())
    gathered = Gathered(
        units, quarter, read, now, told, before, missing, editions, (), kept, tuple(astray)
    )
    notices = _notices(gathered, read, strays, store, lang=lang)
    return replace(gathered, notices=(*_of_copies(copies, astray, units, lang=lang), *notices))


# --- reading ---------------


def read_folders(
    paths: Any,
    units: Units,
    *,
    store: Store | None,
    without: Path,
    progress: bool,
    **reading: Any,
) -> tuple[ReportSet, frozenset[str]]:
    """Return the reports of folders, and of those below, and which of them the store had."""
    given = [paths] if isinstance(paths, str | Path) else [*paths]
    inside = [folder for one in given for folder in folders_below(one, without=without)]
    files, skipped = report_paths(inside)
    searched = {str(folder) for folder in inside}
    skipped = [(path, reason) for path, reason in skipped if path not in searched]
    known = {} if store is None else store.read_each(files, units=units, **reading)
    rest = [path for path in files if str(path) not in known]
    kept = ReportSet.of(known.values())
    read = read_reports(rest, units=units, progress=progress, **reading) if rest else kept
    agencies = pd.concat([read.agencies, kept.agencies])
    own = dict(zip(read.paths, read.reports, strict=True)) | known
    order = [str(path) for path in files if str(path) in own]
    every = replace(
        read,
        reports=tuple(own[path] for path in order),
        paths=tuple(order),
        skipped=pd.DataFrame(skipped, columns=["path", "reason"], dtype="str"),
        agencies=agencies.drop_duplicates("agency", ignore_index=True),
    )
    return every, frozenset(known)


# --- the quarter -----------


def _quarter(
    read: ReportSet, units: Units, period: pd.Period | str | None, *, lang: str
) -> pd.Period:
    """Return the quarter: the one asked, else the last that is no stray of the folder."""
    count = Counter(report.period for report in read.reports)
    if period is not None:
        asked = parse_period(period)
        if not count[asked]:
            raise CchcError(
                f"there is no report of {asked} in the folder",
                where=names_of(f"{one}: {number}" for one, number in sorted(count.items())),
                mend="give the folder of that quarter, or period= one that is there",
            )
        return asked
    if not count:
        raise CchcError(
            "no report can be read that is of a listed unit",
            where=names_of(read.failures["what"]),
            mend="see the names in the list of units; `cchc-stats units FOLDER` drafts it",
        )
    enough = max(count.values()) / 2
    return max(one for one, number in count.items() if number >= enough)


def _strays(reports: Iterable[tuple[str, Report]], quarter: pd.Period) -> dict[str, Report]:
    """Return the reports of another quarter that lie in a folder of reports of this one."""
    reports = [*reports]
    folders = Counter(PurePath(path).parent for path, _ in reports)
    own = Counter(PurePath(path).parent for path, one in reports if one.period == quarter)
    return {
        path: report
        for path, report in reports
        if report.period != quarter
        and 2 * own[PurePath(path).parent] >= folders[PurePath(path).parent]
    }


def _editions(
    of_quarter: Sequence[tuple[str, Report]], prefer: Sequence[str]
) -> tuple[pd.DataFrame, list[tuple[str, Report]]]:
    """Return the editions of which there are several, and the report of each unit."""
    by_unit: dict[str, list[tuple[str, Report]]] = {}
    for path, report in of_quarter:
        by_unit.setdefault(report.agency, []).append((path, report))
    taken = {unit: edition_of(several, prefer) for unit, several in by_unit.items()}
    rows = [
        (unit, report.period, PurePath(path).name, report.signed_on, (path, report) == taken[unit])
        for unit, several in by_unit.items()
        if len(several) > 1
        for path, report in several
    ]
    types = {"agency": "str", "period": QUARTERS, "file": "str", "signed_on": "datetime64[us]"}
    frame = pd.DataFrame(rows, columns=[*types, "chosen"]).astype(types | {"chosen": bool})
    return frame, [one for one in taken.values() if one is not None]


def edition_of(
    editions: Sequence[tuple[str, Report]], prefer: Sequence[str]
) -> tuple[str, Report] | None:
    """Return the edition that is chosen, None where none is."""
    if len(editions) == 1:
        return editions[0]
    named = [one for one in editions if {one[0], PurePath(one[0]).name} & {*prefer}]
    if len(named) == 1:
        return named[0]
    for way in (LAST, LATEST):
        if way in prefer:
            at = edition_by(way, [report.signed_on for _, report in editions])
            return None if at is None else editions[at]
    return None


def _copies(of_quarter: Sequence[tuple[str, Report]], units: Units) -> dict[str, str]:
    """Return the files that are byte for byte another, which counts alone: path -> that one's."""
    same: dict[tuple[str, str], list[str]] = {}
    for path, report in of_quarter:
        same.setdefault((report.agency, report.digest), []).append(path)
    copies: dict[str, str] = {}
    for (agency, digest), paths in same.items():
        named = [path for path in paths if units.of_file(path) in (agency, None)]
        first = min(named or paths, key=len)
        copies |= {path: first for path in paths if digest and path != first}
    return copies


def _under_two_names(of_quarter: Sequence[tuple[str, Report]], units: Units) -> dict[str, str]:
    """Return the files that bear the name of a unit without a report, under another's letterhead.

    Path -> whose letterhead: of a unit that has a file of its own, which this one is no edition of.
    """
    meant = {path: units.of_file(path) or report.agency for path, report in of_quarter}
    own = {report.agency for path, report in of_quarter if meant[path] == report.agency}
    return {
        path: report.agency
        for path, report in of_quarter
        if meant[path] != report.agency and report.agency in own and meant[path] not in own
    }


def _before(
    reports: Iterable[tuple[str, Report]],
    quarter: pd.Period,
    strays: Iterable[Report],
    store: Store | None,
    units: Units,
) -> dict[str, dict[pd.Period, Report]]:
    """Return each unit's reports of earlier quarters: those of the folder, else of the store."""
    astray = {id(one) for one in strays}
    found: dict[tuple[str, pd.Period], list[tuple[str, Report]]] = {}
    for path, report in reports:
        if report.period < quarter and id(report) not in astray:
            found.setdefault((report.agency, report.period), []).append((path, report))
    before: dict[str, dict[pd.Period, Report]] = {unit: {} for unit in units.names}
    known = {report.digest: report for _, report in reports if report.digest}
    for report in () if store is None else stored(store, quarter, known):
        if report.agency in before:
            before[report.agency][report.period] = report
    for (unit, period), editions in found.items():
        one = edition_of(editions, (LATEST,))
        if one is not None:
            before[unit][period] = one[1]
    return before


def stored(store: Store, quarter: pd.Period, known: Mapping[str, Report]) -> Iterator[Report]:
    """Yield the reports of earlier quarters that a store has; those in hand are not read again."""
    newest = store.editions()
    newest = newest[newest["newest"]]
    for period in sorted(newest["period"].unique()):
        digests = newest.loc[newest["period"] == period, "digest"]
        if not quarter - HISTORY <= period < quarter:
            continue
        if {*digests} <= {*known}:
            yield from (known[digest] for digest in digests)
        else:
            yield from store.reports(period).reports


# --- what is missing, and what is said ---


def _missing(
    every: ReportSet,
    units: Units,
    quarter: pd.Period,
    strays: Mapping[str, Report],
    *,
    lang: str,
) -> pd.DataFrame:
    """Return who has not sent what; of who sent another quarter's, which file that is."""
    missing = missing_reports(every, units, [quarter], lang=lang)
    more: list[tuple[str, str, str]] = []
    for path, report in zip(every.paths, every.reports, strict=True):
        file = PurePath(path).name
        if path in strays:
            named = label_period(report.period, lang=lang)
            said = say("of_another", lang=lang, file=file, period=named)
            more.append((report.agency, file, said))
        meant = units.of_file(path)
        if meant not in (None, report.agency):
            said = say("under_another", lang=lang, file=file, agency=report.agency)
            more.append((str(meant), file, said))
    reasons = missing["reason"]
    for agency, file, said in more:
        rows = (missing["agency"] == agency) & (missing["form"] == "")
        rows &= ~reasons.str.contains(file, regex=False)
        reasons = reasons.mask(rows, reasons + "; " + said)
    return missing.assign(reason=reasons)


def _of_copies(
    copies: Mapping[str, str], astray: Mapping[str, str], units: Units, *, lang: str
) -> Iterator[Notice]:
    for path, first in copies.items():
        file = PurePath(first).name
        yield Notice.of("copy", PurePath(path).name, lang=lang, file=file)
    for path, agency in astray.items():
        unit = units.of_file(path)
        yield Notice.of("two_names", PurePath(path).name, lang=lang, unit=unit, agency=agency)


def _notices(
    gathered: Gathered,
    read: ReportSet,
    strays: Mapping[str, Report],
    store: Store | None,
    *,
    lang: str,
) -> Iterator[Notice]:
    for failure in read.failures.to_dict("records"):
        yield Notice(*(translated(failure[part], lang=lang) for part in Notice._fields))
    several = gathered.editions
    for agency, rows in several.groupby("agency", sort=False):
        if not rows["chosen"].any():
            yield Notice.of(
                "editions",
                "; ".join(rows["file"]),
                lang=lang,
                agency=agency,
                file=rows["file"].iloc[-1],
            )
    for path, report in strays.items():
        yield Notice.of(
            "stray",
            PurePath(path).name,
            lang=lang,
            agency=report.agency,
            period=label_period(report.period, lang=lang),
            quarter=label_period(gathered.period, lang=lang),
        )
    yield from _of_earlier(gathered, store, lang=lang)
    if len(read.skipped):
        where = names_of(
            f"{PurePath(one['path']).name} ({one['reason']})"
            for one in read.skipped.to_dict("records")
        )
        yield Notice.of("skipped", where, lang=lang, count=len(read.skipped))


def _of_earlier(gathered: Gathered, store: Store | None, *, lang: str) -> Iterator[Notice]:
    """Yield what is to be said of the quarter before, and of a quarter after this one."""
    before = label_period(gathered.period - 1, lang=lang)
    reported = dict.fromkeys(report.agency for report in gathered.now.reports)
    without = [name for name in reported if gathered.period - 1 not in gathered.before[name]]
    if without:
        code = "no_quarter_before" if len(without) == len(reported) else "not_held"
        yield Notice.of(code, names_of(without), lang=lang, period=before, count=len(without))
    if store is None:
        return
    known = store.editions()["period"]
    if (known > gathered.period).any():
        later = sorted(known[known > gathered.period].unique())
        yield Notice.of(
            "later_in_store",
            names_of(label_period(one, lang=lang) for one in later),
            lang=lang,
            period=label_period(gathered.period, lang=lang),
        )


def _under_their_names(read: ReportSet, units: Units) -> ReportSet:
    """Return a set in which each report bears its unit's name; those of no unit are failures."""
    kept, failures = [], []
    for path, report in zip(read.paths, read.reports, strict=True):
        try:
            kept.append((path, as_unit(report, units)))
        except CchcError as error:
            failures.append((path, error.what, error.where, error.mend))
    others = pd.DataFrame(failures, columns=list(read.failures.columns), dtype="str")
    return replace(
        read,
        paths=tuple(path for path, _ in kept),
        reports=tuple(report for _, report in kept),
        failures=pd.concat([read.failures, others], ignore_index=True),
    )
