"""An official form as a description of its table: headings, rows and cells, drawn elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cchc_stats.forms import FORMS
from cchc_stats.publishing.form.cells import FormRows, FormTable, Style
from cchc_stats.publishing.form.columns import table_of_columns
from cchc_stats.publishing.form.lines import PRINTED_AS, table_of_lines


def form_tables(
    tables: Mapping[str, pd.DataFrame], style: Style, *, agencies: Sequence[str]
) -> list[FormTable]:
    """Return the tables of the appendix in official order.

    Parameters
    ----------
    tables : form code -> validated frame of the rows to print.
    style : how figures are printed.
    agencies : whose rows they are; of several, each row names its own.
    """
    described = []
    for form in FORMS:
        if form.code in tables or style.blank:
            rows = FormRows(form, tables, style, named=len(agencies) > 1)
            in_lines = form.code in PRINTED_AS
            described.append(table_of_lines(rows) if in_lines else table_of_columns(rows))
    return described
