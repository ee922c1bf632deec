"""`consolidate`: the forms of the units, summed into those of the agency they make up."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cchc_stats.forms import (
    FORMS,
    KEY,
    Form,
    Tabled,
    dashed,
    examine,
    find_form,
    form_error,
    tables_in,
)
from cchc_stats.values import refuse_two_quarters, two_quarters
from cchc_stats.words import (
    ALL,
    CchcError,
    dictionary_order,
    listed,
    several_spellings,
    vietnamese_order,
)

NOT_SUMMED = "không cộng: một đơn vị có thể nói về cả đơn vị khác (chọn bằng stated_by)"


def consolidate(
    tables: Tabled,
    *,
    agency: str,
    parts: Iterable[str] | None = None,
    allow_missing: bool = False,
    stated_by: Mapping[str, str] | None = None,
    across_windows: bool = False,
) -> dict[str, pd.DataFrame]:
    """Return an agency's forms, each figure the sum of its units' by period, basis and row.

    Parameters
    ----------
    tables : a set of reports or a store; or form code -> frame with the rows of several agencies.
    agency : the agency that the units make up, whose name the rows of the result carry.
    parts : the units that make it up; rows of other agencies are left out. None for all that are
        there; those of a quarter are then the units that have any row of it, in any form.
    allow_missing : True to sum what is there where a unit has no row; False makes such sums <NA>.
        A figure that a unit's row leaves empty makes the sum <NA> in either case.
    stated_by : form code -> the unit whose table is taken for the total as it stands, or "" to sum
        the units' all the same.
    across_windows : whether the decree's quarters (15th to 14th) and the calendar's may be summed;
        `source` then says so, as it does of other windows that differ.

    Returns
    -------
    Form code -> frame as `validate` types it, `agency` as given, `source` "tổng của 12 đơn vị: …",
    with the units that are missing. Rows by period, basis and code or name. Of a single unit each
    table is as it was, under that name.

    Sums are <NA> where a term is: an empty cell, a unit without the row. "-" adds nothing, and
    stands in the sum where all units print it. What a layout counts apart and others do not have
    (returned, withdrawn dossiers) is the sum of those that have it. A unit's absent sector is none
    missing; an absent row of a fixed form is, and so are the levels of another vocabulary.

    Dossiers are summed by sector, and rows `all` are summed only where every unit has one. Where a
    unit has its total alone, the result is `all` alone: sectors would lack that unit's.
    Procedures whose time was cut stand one below the other; one that several units name has the
    unit's name beside it. `iso9001` of several units is <NA> until `stated_by` tells what it
    is: a department's table may describe the whole province, and a sum would count it again.

    Stocks add up as stocks do: 62 procedures in force in each of 11 districts are 682, though the
    procedures are the same.

    Raises
    ------
    FormError
        Rows that are no form: keys that are there twice, wrong codes or types.
    CchcError
        No such form, no unit, the agency among the units, or names that may be one unit; units of
        which some state the decree's quarter and others the calendar's.

    Examples
    --------
    >>> documents = pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở B"], "period": "2020Q3", "sent_total": [10, 5],
    ...      "sent_paper": [4, 0], "sent_electronic": [6, 5]})
    >>> total = consolidate({"documents": documents}, agency="UBND tỉnh")["documents"]
    >>> total[["agency", "sent_total", "sent_paper", "source"]].values.tolist()
    [['UBND tỉnh', 15, 4, 'tổng của 2 đơn vị: Sở A; Sở B']]
    """
    if not isinstance(agency, str) or not agency.strip():
        raise CchcError("the whole has no name", where="agency=", mend="name it")
    wanted = (
        None if parts is None else [*dict.fromkeys([parts] if isinstance(parts, str) else parts)]
    )
    given = _typed(tables_in(tables))
    own = {} if wanted else _own_forms(given, agency)
    of_units = {code: table for code, table in given.items() if code not in own}
    added = (
        {}
        if own and not of_units
        else _of_units(
            of_units,
            wanted,
            agency,
            stated_by,
            allow_missing=allow_missing,
            across_windows=across_windows,
        )
    )
    summed_forms = added | own
    return {form.code: summed_forms[form.code] for form in FORMS if form.code in summed_forms}


def _of_units(
    tables: Mapping[str, pd.DataFrame],
    wanted: Sequence[str] | None,
    agency: str,
    stated_by: Mapping[str, str] | None,
    *,
    allow_missing: bool,
    across_windows: bool,
) -> dict[str, pd.DataFrame]:
    """Return the forms of the units as those of the agency."""
    there = [*dict.fromkeys(name for table in tables.values() for name in table["agency"])]
    _require_units(there, wanted, agency)
    _require_one_spelling(there, wanted)
    present = [name for name in there if wanted is None or name in wanted]
    typed = {
        code: table[table["agency"].isin(present)].reset_index(drop=True)
        for code, table in tables.items()
    }
    units = Units(agency, wanted, typed, allow_missing=allow_missing, across=across_windows)
    stated = _stated(stated_by, present)
    return {
        code: _summed_form(table, find_form(code), units, stated.get(code))
        for code, table in typed.items()
        if len(table)
    }


def _own_forms(tables: Mapping[str, pd.DataFrame], agency: str) -> dict[str, pd.DataFrame]:
    """Return the forms that have rows of the agency alone, its units standing in other tables."""
    return {code: table for code, table in tables.items() if (table["agency"] == agency).all()}


def _summed_form(table: pd.DataFrame, form: Form, units: Units, stated: str | None) -> pd.DataFrame:
    """Return a form of the agency."""
    names = table["agency"].unique()
    if stated:
        return _as_it_stands(table[table["agency"] == stated], units.agency)
    alone = len(names) == 1 and (len(units.all) == 1 or form.of_others)
    if alone and stated is None:
        return _as_it_stands(table, units.agency)
    if form.listed:
        return concatenated(table, form, units)
    if _states_totals(form):
        table = either_rows_or_whole(table, form)
    result = summed(table, form, units)
    if form.of_others and stated is None:
        figures = {name: result[name].mask(result[name].notna()) for name in form.figures}
        return result.assign(**figures, not_applicable="", source=NOT_SUMMED)
    return result


def _as_it_stands(table: pd.DataFrame, agency: str) -> pd.DataFrame:
    return table.assign(agency=agency).reset_index(drop=True)


def _typed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return each form's rows, typed, the forms in official order."""
    if not isinstance(tables, Mapping):
        raise CchcError(
            f"tables are consolidated, not {type(tables).__name__}",
            where="tables=",
            mend="give a set of reports, a store, or a mapping of form code to DataFrame",
        )
    given = {find_form(code): frame for code, frame in tables.items()}
    typed = {}
    for form in (form for form in FORMS if form in given):
        table, faults = examine(given[form], form)
        # Unbalanced rows are summed as they stand: `check` finds them.
        if wrong := [fault for fault in faults if fault.rule not in ("identity", "empty_frame")]:
            raise form_error(table, form, wrong)
        if len(table):
            typed[form.code] = table
    return typed


def _require_units(there: Sequence[str], wanted: Sequence[str] | None, agency: str) -> None:
    """Refuse units of which none is there, or among whose rows those of the agency are."""
    where = "tables=" if wanted is None else "parts="
    if not there or (wanted is not None and not {*there} & {*wanted}):
        raise CchcError(
            "there is no unit to sum",
            where=where,
            mend="give tables with rows, and the units by the names that stand in them",
        )
    if wanted is None and len(there) > 1 and agency in there:
        raise CchcError(
            f"the whole is among the units: {agency}",
            where="tables=, column agency",
            mend="name the units: parts=[…]; the whole's own rows are not to be added to theirs",
        )


def _require_one_spelling(there: Sequence[str], wanted: Sequence[str] | None) -> None:
    """Refuse names that may be one unit: one under another spelling would pass as missing."""
    # Who names the units vouches for them, as far as they are there.
    absent = there if wanted is None else [name for name in wanted if name not in there]
    groups = several_spellings([*there, *(wanted or ())])
    if doubtful := [group for group in groups if {*group} & {*absent}]:
        raise CchcError(
            "names that may be one unit: " + "; ".join(" = ".join(group) for group in doubtful),
            where="tables=, column agency" if wanted is None else "parts=",
            mend="write each unit in one way, as read_reports(…, agencies=[…]) does; where they are"
            " several, name them as they stand in the tables: parts=[…]",
        )


def _stated(stated_by: Mapping[str, str] | None, present: Sequence[str]) -> dict[str, str]:
    stated = {find_form(code).code: unit for code, unit in (stated_by or {}).items()}
    if strange := [unit for unit in stated.values() if unit and unit not in present]:
        raise CchcError(
            f"no unit is named {strange[0]!r}",
            where="stated_by=",
            mend=f'use one of {"; ".join(present)}, or "" to sum',
        )
    return stated


def _states_totals(form: Form) -> bool:
    """Return whether a row `all` of a form is the sum of its other rows."""
    among_rows = ALL in form.rows and form.rows_add_up and not form.of_others
    return any(form.wholes.values()) or among_rows


def either_rows_or_whole(table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return the rows that can be summed over the units without counting anything twice.

    By period and basis: sectors where every unit has them, `all` where every unit has it. Where a
    unit has `all` alone, each unit's total: its `all`, or else the sum of its sectors. Levels are
    treated likewise, before the sectors within them. A sector spelled with other capitals or spaces
    is the same one.
    """
    row = form.row
    table = table.assign(**{row: _one_spelling(table[row])})
    for level in form.one_row(*KEY, row):
        if (table[level] != ALL).any():
            table = _either(table, form, level, report=KEY, among=("period", "basis"))
    return _either(table, form, row, report=form.one_row(row), among=form.one_row("agency", row))


def _either(
    table: pd.DataFrame, form: Form, axis: str, *, report: Sequence[str], among: Sequence[str]
) -> pd.DataFrame:
    """Return rows along an axis, or the rows `all` of it, whichever every report among some has."""
    is_total = table[axis] == ALL
    reports, others = [table[name] for name in report], [table[name] for name in among]
    has_total = is_total.groupby(reports).transform("any")
    has_rows = (~is_total).groupby(reports).transform("any")
    all_totals = has_total.groupby(others).transform("all")
    all_rows = has_rows.groupby(others).transform("all")
    kept = (is_total & (all_totals | ~all_rows)) | (~is_total & all_rows)
    alone = table[~all_rows & ~has_total]
    frames = [table[kept]]
    if len(alone):
        if axis != form.row:
            # Of one unit a level may have sectors and another its total alone.
            alone = _either(alone, form, form.row, report=form.one_row(form.row), among=KEY)
        frames.append(_totals(alone, form, axis))
    # Two spellings of one sector in one report are two rows of one key: their sum is the sector.
    return pd.concat(frames, ignore_index=True)


def _totals(rows: pd.DataFrame, form: Form, axis: str) -> pd.DataFrame:
    """Return the sums over an axis of each report's rows, as rows `all` of it."""
    groups = rows.groupby(form.one_row(axis), sort=False)
    number = groups.ngroup()
    result = rows[~number.duplicated()].reset_index(drop=True)
    dashes: list[list[str]] = [[] for _ in range(len(result))]
    for name in form.figures:
        dash = pd.Series(dashed(rows, name), index=rows.index)
        every = dash.groupby(number).all().to_numpy()
        unknown = (rows[name].isna() & ~dash).groupby(number).any().to_numpy() | every
        total = rows[name].fillna(0).groupby(number).sum().astype(rows[name].dtype)
        result[name] = total.mask(unknown).array
        for at in np.flatnonzero(every):
            dashes[at].append(name)
    named = pd.Series([", ".join(names) for names in dashes], dtype="str")
    return result.assign(**{axis: ALL}, not_applicable=named)


def _one_spelling(names: pd.Series) -> pd.Series:
    """Return names in one spelling each, the one that comes first by letters."""
    keys = names.map(lambda name: " ".join(unicodedata.normalize("NFC", name).casefold().split()))
    return names.groupby(keys).transform("min").mask(names == ALL, ALL)


MOST_NAMED = 5  # units in a source's text
DAYS = ("window_start", "window_end")
WINDOWS_DIFFER = "các kỳ số liệu khác nhau"
TWO_QUARTERS = "gồm cả quý theo Nghị định 09/2019/NĐ-CP và quý dương lịch"


@dataclass(frozen=True, eq=False)
class Units:
    """The units of an agency.

    Attributes
    ----------
    agency : its name.
    parts : the units that it is said to be made of, None where nobody says so.
    tables : the units' forms.
    allow_missing : whether a unit without a row may lack in a sum.
    across : whether the decree's quarters may be summed with the calendar's.
    """

    agency: str
    parts: Sequence[str] | None
    tables: Mapping[str, pd.DataFrame]
    allow_missing: bool
    across: bool

    @property
    def all(self) -> list[str]:
        """Return every unit."""
        if self.parts is not None:
            return [*self.parts]
        names = {name for table in self.tables.values() for name in table["agency"]}
        return sorted(names, key=vietnamese_order)

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
    ordered = table.sort_values([*keys, "agency"], kind="stable", key=dictionary_order)
    ordered = ordered.reset_index(drop=True)
    groups = ordered.groupby(keys, sort=False, observed=True)
    number = groups.ngroup()
    result = groups.first().reset_index()[keys]
    missing = _missing(ordered, form, units, keys, result)
    lacking = np.array([bool(names) for names in missing]) & (not units.allow_missing)
    dashes: list[list[str]] = [[] for _ in range(len(result))]
    apart = {name for identity in form.identities for name in identity.where_given}
    for name in form.figures:
        dash = pd.Series(dashed(ordered, name))
        present = ordered[name].notna()
        total = ordered[name].fillna(0).groupby(number).sum()
        gap = ~present & ~dash
        if name in apart:
            # The identity takes what a layout does not count apart as none, and so must the sum.
            gap &= ~present.groupby(number).transform("any")
        every = dash.groupby(number).all().to_numpy()
        unknown = gap.groupby(number).any().to_numpy() | every | lacking
        result[name] = total.astype(ordered[name].dtype).mask(unknown)
        for row in np.flatnonzero(every & ~lacking):
            dashes[row].append(name)
    notes, days = _days(ordered, number, keys, form, across=units.across)
    named = [[*dict.fromkeys(part)] for _, part in ordered["agency"].groupby(number)]
    result["source"] = [
        _source(names, absent, note)
        for names, absent, note in zip(named, missing, notes, strict=True)
    ]
    result["not_applicable"] = [", ".join(names) for names in dashes]
    result["agency"] = units.agency
    return in_order(result.assign(**days), form, keys)


def in_order(result: pd.DataFrame, form: Form, keys: Sequence[str]) -> pd.DataFrame:
    """Return rows in an order that does not depend on that of the units, typed as the form is."""
    rank = {code: number for number, code in enumerate(form.rows)}
    ordered = result.sort_values(
        [*keys],
        kind="stable",
        key=lambda column: (
            column.map(rank) if rank and column.name == form.row else dictionary_order(column)
        ),
    )
    columns = [*form.columns, *(name for name in DAYS if name in result)]
    texts = [name for name in form.columns if form.kinds[name] == "text"]
    return ordered[columns].astype(dict.fromkeys(texts, "str")).reset_index(drop=True)


def _listed(names: Collection[str]) -> str:
    return listed(names, most=MOST_NAMED, more="; … (và {n} đơn vị khác)")


def _source(names: Collection[str], missing: Collection[str], note: str) -> str:
    of = f"{len(names)}/{len(names) + len(missing)}" if missing else f"{len(names)}"
    parts = [f"tổng của {of} đơn vị: {_listed(names)}"]
    if missing:
        parts.append(f"thiếu: {_listed(missing)}")
    return ". ".join([*parts, *([note] if note else [])])


def _missing(
    table: pd.DataFrame, form: Form, units: Units, keys: Sequence[str], result: pd.DataFrame
) -> list[list[str]]:
    """Return for each key the units that should have its row and have not."""
    # A sector that a unit has not is no gap; a row that the form prescribes is.
    keyed = [*keys] if form.rows else ["period", "basis"]
    if _states_totals(form):
        # A total is stated by every unit or by none, and a level is of those who have it.
        keyed = ["period", "basis"]
    have = table.groupby(keyed, observed=True)["agency"].agg(frozenset).to_dict()
    expected = {period: units.of(period) for period in result["period"].unique()}
    return [
        sorted(expected[key[0]] - have[key[: len(keyed)]])
        for key in result[[*keys]].itertuples(index=False, name=None)
    ]


def _days(
    table: pd.DataFrame, number: pd.Series, keys: Sequence[str], form: Form, *, across: bool
) -> tuple[list[str], dict[str, pd.Series]]:
    """Return the days that all units of a row state, and a note where they state others."""
    two: set[int] = set()
    if {*DAYS} <= {*table}:
        mixed = two_quarters(table, keys)
        if mixed.any() and not across:
            named = table.assign(indicator=form.code)
            refuse_two_quarters(named, keys, what="summed", saying="`source` then says so")
        two = {*number[mixed]}
    days, differ = {}, np.zeros(number.nunique(), dtype=bool)
    for name in (name for name in DAYS if name in table):
        groups = table[name].groupby(number)
        apart = groups.nunique(dropna=False).gt(1).to_numpy()
        differ |= apart
        days[name] = groups.first().mask(apart)
    words = [TWO_QUARTERS if at in two else WINDOWS_DIFFER for at in range(len(differ))]
    return [said if one else "" for one, said in zip(differ, words, strict=True)], days


def concatenated(table: pd.DataFrame, form: Form, units: Units) -> pd.DataFrame:
    """Return the rows of all units under the agency's name, each with its unit in `source`.

    A name that several units have is followed by the unit's: "Cấp phép (Sở Y tế)".
    """
    keys = [name for name in form.key if name != "agency"]
    ordered = table.sort_values([*keys, "agency"], kind="stable", key=dictionary_order)
    ordered = ordered.reset_index(drop=True)
    unit, name = ordered["agency"], ordered[form.row]
    shared = ordered.duplicated(keys, keep=False)
    named = name.where(~shared, name + " (" + unit + ")")
    source = unit.where(ordered["source"] == "", unit + ": " + ordered["source"])
    result = ordered.assign(**{form.row: named}, agency=units.agency, source=source)
    return in_order(result, form, keys)
