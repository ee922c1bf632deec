"""The official forms (biểu): one file each, and the door at which frames are checked."""

from cchc_stats.forms.catalogue import DOSSIERS, FORMS, LEDGER, find_form
from cchc_stats.forms.form import KEY, Form
from cchc_stats.forms.identity import Identity
from cchc_stats.forms.validation import examine, validate

__all__ = [
    "DOSSIERS",
    "FORMS",
    "KEY",
    "LEDGER",
    "Form",
    "Identity",
    "examine",
    "find_form",
    "validate",
]
