"""Reports made up of tables and of what their prose claims."""

import pandas as pd

from cchc_stats.checking import check
from cchc_stats.forms import DOSSIERS
from cchc_stats.reading import CLAIMS, Report
from cchc_stats.words.periods import Window

Q3 = pd.Period("2020Q3", freq="Q-DEC")


def claims(*rows: dict) -> pd.DataFrame:
    defaults = {"unit": "percent", "indicator": "on_time_rate_settled", "group": "all"}
    defaults |= {"period": Q3, "basis": "in_period", "place": "đoạn 1", "denominator": None}
    frame = pd.DataFrame([defaults | row for row in rows], columns=list(CLAIMS))
    kinds = dict.fromkeys(CLAIMS, "str") | {"value": "Float64", "denominator": "Float64"}
    return frame.astype(kinds | {"period": "period[Q-DEC]"})


def report_of(tables: dict, *rows: dict, **others) -> Report:
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("text", "place", "reason")})
    fields = {"agency": "Sở A", "number": "1/BC-SA", "signed_on": None, "period": Q3}
    fields |= {"window": Window.of(Q3), "tables": tables, "claims": claims(*rows)}
    return Report(**(fields | {"unplaced": empty, "source": "một"} | others))


def told(report: Report, **options) -> list[tuple[str, str]]:
    found = check(report, **options)
    kept = found[~found["rule"].isin(["incomplete", "unplaced"])]
    return list(zip(kept["severity"], kept["rule"], strict=True))


def dossiers(**figures) -> dict:
    row = {"agency": ["Sở A"], "period": [Q3], "basis": ["in_period"], "sector": ["all"]}
    names = [name for name in DOSSIERS.figures if name not in DOSSIERS.optional]
    cells = {name: pd.array([figures.get(name)], dtype="Int64") for name in [*names, *figures]}
    return {"dossiers": pd.DataFrame(row | cells)}
