"""Rows by name, which are no sums: they stand one below the other."""

from __future__ import annotations

import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.indicators.consolidation.sums import Units, in_order


def concatenated(table: pd.DataFrame, form: Form, units: Units) -> pd.DataFrame:
    """Return the rows of all units under the whole's name, each with its unit in `source`.

    A name that several units have is followed by the unit's: "Cấp phép (Sở Y tế)".
    """
    keys = [name for name in form.key if name != "agency"]
    ordered = table.sort_values([*keys, "agency"], kind="stable").reset_index(drop=True)
    unit, name = ordered["agency"], ordered[form.row]
    shared = ordered.duplicated(keys, keep=False)
    # Two units may tell what already looks like a name with its unit.
    told = name.where(~shared, name + " (" + unit + ")")
    source = unit.where(ordered["source"] == "", unit + ": " + ordered["source"])
    whole = pd.Series(units.whole, index=ordered.index, dtype="str")
    result = ordered.assign(**{form.row: told}, agency=whole, source=source)
    return in_order(result, form, keys)
