"""`consolidate`: the forms of the units, summed into those of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from cchc_stats.forms import FORMS, Form, examine, find_form, form_error
from cchc_stats.indicators.consolidation.names_as_rows import concatenated
from cchc_stats.indicators.consolidation.sums import Units, summed
from cchc_stats.indicators.consolidation.wholes_and_sectors import either_rows_or_whole
from cchc_stats.words import CchcError, several_spellings

# A unit may speak of others there: a department states the whole province's ISO 9001.
OF_OTHERS = ("iso9001",)
NOT_SUMMED = "không cộng: một đơn vị có thể nói về cả đơn vị khác (chọn bằng stated_by)"


def consolidate(
    tables: Mapping[str, pd.DataFrame],
    *,
    agency: str,
    parts: Iterable[str] | None = None,
    allow_missing: bool = False,
    stated_by: Mapping[str, str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the forms of a whole, each figure the sum of its units' by period, basis and row.

    Parameters
    ----------
    tables : form code -> frame with the rows of several agencies, as `ReportSet.tables`.
    agency : the whole's name, which the rows of the result carry.
    parts : the units that make it up; rows of other agencies are left out. None for all that are
        there; those of a quarter are then the units that have any row of it, in any form.
    allow_missing : True to sum what is there where a unit has no row; False makes such sums <NA>.
        A figure that a unit's row leaves empty makes the sum <NA> in either case.
    stated_by : form code -> the unit whose table is taken for the whole as it stands, or "" to sum
        the units' all the same.

    Returns
    -------
    Form code -> frame as `validate` types it, `agency` the whole, `source` "tổng của 12 đơn vị: …",
    with the units that are missing. Rows by period, basis and code or name. Of a single unit each
    table is as it was, under the whole's name.

    Sums are <NA> where a term is: an empty cell, a unit without the row. "-" adds nothing, and
    stands in the sum where all units print it. What a layout counts apart and others do not have
    (returned, withdrawn dossiers) is the sum of those that have it. A unit's absent sector is none
    missing; an absent row of a fixed form is, and so are the levels of another vocabulary.

    Dossiers are summed by sector, and rows `all` are summed only where every unit has one. Where a
    unit tells its whole alone, the result is `all` alone: sectors would lack that unit's.
    Procedures whose time was cut stand one below the other; one that several units name is told
    apart by the unit's name. `iso9001` of several units is <NA> until `stated_by` tells what it
    is: a department's table may describe the whole province, and a sum would count it again.

    Stocks add up as stocks do: 62 procedures in force in each of 11 districts are 682, though the
    procedures are the same.

    Raises
    ------
    FormError
        Rows that are no form: keys that are there twice, wrong codes or types.
    CchcError
        No such form, no unit, the whole among the units, or names that may be one unit.

    Examples
    --------
    >>> documents = pd.DataFrame(
    ...     {"agency": ["Sở A", "Sở B"], "period": "2020Q3", "sent_total": [10, 5],
    ...      "sent_paper": [4, 0], "sent_electronic": [6, 5]})
    >>> whole = consolidate({"documents": documents}, agency="UBND tỉnh")["documents"]
    >>> whole[["agency", "sent_total", "sent_paper", "source"]].values.tolist()
    [['UBND tỉnh', 15, 4, 'tổng của 2 đơn vị: Sở A; Sở B']]
    """
    if not isinstance(agency, str) or not agency.strip():
        raise CchcError("the whole has no name", where="agency=", mend="name it")
    wanted = (
        None if parts is None else [*dict.fromkeys([parts] if isinstance(parts, str) else parts)]
    )
    given = _typed(tables)
    there = [*dict.fromkeys(name for table in given.values() for name in table["agency"])]
    _require_units(there, wanted, agency)
    present = [name for name in there if wanted is None or name in wanted]
    typed = {
        code: table[table["agency"].isin(present)].reset_index(drop=True)
        for code, table in given.items()
    }
    units = Units(agency, wanted, typed, allow_missing=allow_missing)
    stated = _stated(stated_by, present)
    return {
        code: _whole(table, find_form(code), units, stated.get(code))
        for code, table in typed.items()
        if len(table)
    }


def _whole(table: pd.DataFrame, form: Form, units: Units, stated: str | None) -> pd.DataFrame:
    """Return a form of the whole."""
    names = table["agency"].unique()
    if stated:
        return _as_it_stands(table[table["agency"] == stated], units.whole)
    alone = len(names) == 1 and (len(units.all) == 1 or form.code in OF_OTHERS)
    if alone and stated is None:
        return _as_it_stands(table, units.whole)
    if form.code == "simplifications":
        return concatenated(table, form, units)
    if any(form.wholes.values()):
        table = either_rows_or_whole(table, form)
    result = summed(table, form, units)
    if form.code in OF_OTHERS and stated is None:
        figures = {name: result[name].mask(result[name].notna()) for name in form.figures}
        dashes = pd.Series("", index=result.index, dtype="str")
        told = pd.Series(NOT_SUMMED, index=result.index, dtype="str")
        return result.assign(**figures, not_applicable=dashes, source=told)
    return result


def _as_it_stands(table: pd.DataFrame, whole: str) -> pd.DataFrame:
    return table.assign(agency=pd.Series(whole, index=table.index, dtype="str")).reset_index(
        drop=True
    )


def _typed(
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Return each form's rows, typed, the forms in official order."""
    if not isinstance(tables, Mapping):
        raise CchcError(
            f"tables are consolidated, not {type(tables).__name__}",
            where="tables=",
            mend="give a mapping of form code to DataFrame, such as read_reports(…).tables",
        )
    given = {find_form(code): frame for code, frame in tables.items()}
    typed = {}
    for form in (form for form in FORMS if form in given):
        table, faults = examine(given[form], form)
        # Unbalanced rows are summed as they stand: `check` tells of them.
        if wrong := [fault for fault in faults if fault.rule not in ("identity", "empty_frame")]:
            raise form_error(table, form, wrong)
        if len(table):
            typed[form.code] = table
    return typed


def _require_units(there: Sequence[str], wanted: Sequence[str] | None, whole: str) -> None:
    if not there or (wanted is not None and not {*there} & {*wanted}):
        raise CchcError(
            "there is no unit to sum",
            where="tables=" if wanted is None else "parts=",
            mend="give tables with rows, and the units by the names that stand in them",
        )
    if wanted is None and len(there) > 1 and whole in there:
        raise CchcError(
            f"the whole is among the units: {whole}",
            where="tables=, column agency",
            mend="name the units: parts=[…]; the whole's own rows are not to be added to theirs",
        )
    # Who names the units vouches for them; but one under another spelling would pass as missing.
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
