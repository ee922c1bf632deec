"""What the processes of `kill.py` need, imported once for all."""

import duckdb  # noqa: F401
import pandas  # noqa: F401
import xlsxwriter  # noqa: F401

from cchc_stats import publishing, reading, values  # noqa: F401
