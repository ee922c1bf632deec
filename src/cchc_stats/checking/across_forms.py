"""One fact in two forms: persons and turns, units and their positions, procedures and ISO."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc_stats.checking.told import number, told
from cchc_stats.forms import Examined, find_form
from cchc_stats.reading import Report
from cchc_stats.words import findings_frame, label_period, no_findings

Tables = dict[str, Examined]
At = tuple[str, pd.Period]
Sums = dict[At, float]
_QUARTER = ("in_period",)


def across_forms(report: Report, tables: Tables, lang: str) -> pd.DataFrame:
    """Return warnings where two forms tell one fact differently; all may have an explanation.

    Parameters
    ----------
    report : for who and when.
    tables : its typed forms, those without a fault of type.
    lang : of the messages.

    Returns
    -------
    Findings: people trained against turns of training in the same period; units placed by job
    position or not against departments and public service units; units planned for ISO 9001
    against the agencies of the levels; the procedures under ISO against those in force; dossiers
    online by the form of services against those by the form of dossiers. A side that is not
    reported in full is not held against.
    """
    sides = [
        ("trained_and_turns", _trained(tables), _turns(tables), "warning"),
        ("units_and_positions", _placed(tables), _units(tables), "warning"),
        ("planned_and_agencies", _planned(tables), _of_levels(tables), "warning"),
        ("iso_and_procedures", _under_iso(tables), _in_force(tables), "note"),
        ("online_and_dossiers", _services_online(tables), _dossiers_online(tables), "note"),
    ]
    codes = {
        "trained_and_turns": ("positions", "training"),
        "units_and_positions": ("positions", "organisation"),
        "planned_and_agencies": ("iso9001", "iso9001"),
        "iso_and_procedures": ("iso9001", "procedures"),
        "online_and_dossiers": ("online_services", "dossiers"),
    }
    rows: list[dict[str, Any]] = []
    for rule, one, other, severity in sides:
        for (agency, period), figure in one.items():
            expected = other.get((agency, period), figure)
            if figure == expected:
                continue
            titles = (
                form.title if lang == "vi" else form.title_en
                for form in map(find_form, dict.fromkeys(codes[rule]))
            )
            words = {
                "where": f"{'; '.join(titles)} ({label_period(period, lang=lang)})",
                "found": number(figure, lang),
                "expected": number(expected, lang),
                "quarter": period,
                "difference": figure - expected,
            }
            rows.append(told(report, severity, rule, lang=lang, **words) | {"agency": agency})
    return findings_frame(rows) if rows else no_findings()


def _sums(
    tables: Tables, code: str, columns: list[str], *, rows: int = 1, **wanted: tuple[str, ...]
) -> Sums:
    """Return the sum of columns over the rows of each report, of those that report all.

    Parameters
    ----------
    tables, code, columns : of which form.
    rows : the least number of rows that make up the whole.
    wanted : column -> the codes of the rows that are added up.
    """
    one = tables.get(code)
    if one is None or not {*columns, *wanted} <= set(one.columns):
        return {}
    # Plain loops: a report has ten rows, and a groupby costs as much as reading a whole form.
    keys = zip(one.cells("agency"), one.cells("period"), strict=True)
    codes = [[code in allowed for code in one.cells(name)] for name, allowed in wanted.items()]
    figures = zip(*(one.reported(name) for name in columns), strict=True)
    added: dict[At, list[float | None]] = {}
    for row, (key, cells) in enumerate(zip(keys, figures, strict=True)):
        if all(chosen[row] for chosen in codes):
            total = None if None in cells else float(sum(cells))
            added.setdefault(key, []).append(total)
    return {
        key: sum(cell for cell in cells if cell is not None)
        for key, cells in sorted(added.items())
        if None not in cells and len(cells) >= rows
    }


def _trained(tables: Tables) -> Sums:
    return _sums(tables, "positions", ["count"], item=("people_trained",))


def _turns(tables: Tables) -> Sums:
    return _sums(tables, "training", ["total"], rows=2, basis=_QUARTER)


def _placed(tables: Tables) -> Sums:
    return _sums(tables, "positions", ["count"], rows=2, item=("units_placed", "units_not_placed"))


def _units(tables: Tables) -> Sums:
    return _sums(tables, "organisation", ["departments", "public_service_units"])


def _planned(tables: Tables) -> Sums:
    return _sums(tables, "iso9001", ["planned"], level=("all",))


def _of_levels(tables: Tables) -> Sums:
    return _sums(
        tables, "iso9001", ["agencies"], rows=3, level=("provincial", "district", "commune")
    )


def _under_iso(tables: Tables) -> Sums:
    return _sums(tables, "iso9001", ["procedures_of"], level=("all",))


def _in_force(tables: Tables) -> Sums:
    return _sums(tables, "procedures", ["in_force"], basis=_QUARTER)


def _services_online(tables: Tables) -> Sums:
    return _sums(tables, "online_services", ["received_online"], basis=_QUARTER)


def _dossiers_online(tables: Tables) -> Sums:
    columns = ["received_online"]
    one = tables.get("dossiers")
    rows = zip(one.cells("basis"), one.cells("sector"), strict=True) if one else ()
    printed = ("in_period", "all") in rows
    if printed:
        return _sums(tables, "dossiers", columns, basis=_QUARTER, sector=("all",))
    return _sums(tables, "dossiers", columns, basis=_QUARTER)
