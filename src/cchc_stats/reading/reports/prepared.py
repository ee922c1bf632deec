"""What every process that reads has at hand: imported once, by the one that they are forked from.

Importing it is the preparation, which takes as long as to read forty reports.
"""

from __future__ import annotations

import gc

from cchc_stats.forms import FORMS
from cchc_stats.reading.files import reader_of
from cchc_stats.reading.prose import patterns
from cchc_stats.reading.reports.read import read_file as read_file
from cchc_stats.reading.tables import layouts

reader_of("docx")
reader_of("xlsx")
layouts()
patterns()
KINDS = {form.code: form.kinds for form in FORMS}  # the models of the forms are built for them
# All this stays for good: the collector need not look at it again in each process.
gc.freeze()
