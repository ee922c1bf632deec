"""The forms in official order, and how to find one by its code."""

from __future__ import annotations

from difflib import get_close_matches

from cchc_stats.forms.appointments import APPOINTMENTS
from cchc_stats.forms.autonomy import AUTONOMY
from cchc_stats.forms.digital_services import DIGITAL_SERVICES
from cchc_stats.forms.documents import DOCUMENTS
from cchc_stats.forms.dossiers import DOSSIERS
from cchc_stats.forms.form import Form
from cchc_stats.forms.infrastructure import INFRASTRUCTURE
from cchc_stats.forms.inspections import INSPECTIONS
from cchc_stats.forms.iso9001 import ISO9001
from cchc_stats.forms.ledger_form import LEDGER
from cchc_stats.forms.online_services import ONLINE_SERVICES
from cchc_stats.forms.organisation import ORGANISATION
from cchc_stats.forms.positions import POSITIONS
from cchc_stats.forms.proactive_services import PROACTIVE_SERVICES
from cchc_stats.forms.procedures import PROCEDURES
from cchc_stats.forms.simplifications import SIMPLIFICATIONS
from cchc_stats.forms.staffing import STAFFING
from cchc_stats.forms.training import TRAINING
from cchc_stats.words import CchcError

__all__ = ["DOSSIERS", "FORMS", "LEDGER", "find_form"]

FORMS: tuple[Form, ...] = (
    PROCEDURES,
    DOSSIERS,
    STAFFING,
    APPOINTMENTS,
    TRAINING,
    POSITIONS,
    AUTONOMY,
    DOCUMENTS,
    ONLINE_SERVICES,
    ISO9001,
    SIMPLIFICATIONS,
    ORGANISATION,
    INSPECTIONS,
    INFRASTRUCTURE,
    DIGITAL_SERVICES,
    PROACTIVE_SERVICES,
)
_BY_CODE = {form.code: form for form in (*FORMS, LEDGER)}


def find_form(form: Form | str) -> Form:
    """Return the form of a code.

    Examples
    --------
    >>> find_form("dossiers").title
    'Tình hình giải quyết hồ sơ'
    >>> find_form("dosiers")
    Traceback (most recent call last):
    cchc_stats.CchcError: there is no form 'dosiers'
      where: form=
      mend:  did you mean 'dossiers'?
    """
    if isinstance(form, Form):
        return form
    if form in _BY_CODE:
        return _BY_CODE[form]
    near = get_close_matches(str(form), _BY_CODE, n=1)
    mend = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(_BY_CODE)}"
    raise CchcError(f"there is no form {form!r}", where="form=", mend=mend)
