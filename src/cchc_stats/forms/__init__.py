"""The official forms (biểu): one file each, and the door at which frames are checked."""

from cchc_stats.forms.catalogue import FORMS, find_form
from cchc_stats.forms.column import (
    ALWAYS,
    LEVELS,
    SIGNS,
    Expectation,
    Identity,
    Span,
    dashed,
    dashed_columns,
    names_total,
)
from cchc_stats.forms.dossiers import DOSSIERS
from cchc_stats.forms.faults import (
    Fault,
    cell_text,
    fault_findings,
    form_error,
    in_sentence,
    named_by,
    row_places,
    row_subjects,
)
from cchc_stats.forms.form import (
    BY_COLUMN,
    BY_COURSE,
    BY_FIGURE,
    BY_ITEM,
    KEY,
    LARGEST,
    SHARED,
    STOCK,
    SUM,
    Form,
    FormModel,
)
from cchc_stats.forms.ledger_form import LEDGER
from cchc_stats.forms.printed import IN_PROSE, LeftOut, PrintedTables, Quotes
from cchc_stats.forms.staffing import CATEGORIES
from cchc_stats.forms.training import GROUPS
from cchc_stats.forms.validation import (
    Examined,
    examine,
    examine_columns,
    examine_frame,
    series_of,
    validate,
)

__all__ = [
    "ALWAYS",
    "Span",
    "BY_COLUMN",
    "BY_COURSE",
    "BY_FIGURE",
    "BY_ITEM",
    "CATEGORIES",
    "DOSSIERS",
    "Examined",
    "Expectation",
    "FORMS",
    "Fault",
    "Form",
    "FormModel",
    "GROUPS",
    "IN_PROSE",
    "Identity",
    "KEY",
    "LARGEST",
    "LEDGER",
    "LEVELS",
    "SHARED",
    "SIGNS",
    "STOCK",
    "SUM",
    "LeftOut",
    "PrintedTables",
    "Quotes",
    "cell_text",
    "dashed",
    "dashed_columns",
    "examine",
    "examine_columns",
    "examine_frame",
    "fault_findings",
    "find_form",
    "form_error",
    "in_sentence",
    "named_by",
    "names_total",
    "row_places",
    "row_subjects",
    "series_of",
    "validate",
]
