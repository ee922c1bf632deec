"""A scheme with a leaf of every rule, its figures and answers, small enough to know by heart."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from cchc_stats.index import Scheme, load_scheme

HEAD = """
name = "every-rule"
title_vi = "Đủ các quy tắc"
title_en = "Every rule"
status = "{status}"
source = "Quyết định thử"
version = "1"
valid_from = 2020-01-01
max_points = 40
rounding = 2
zero_denominator = "full"
missing = "unknown"
"""
INDICATORS = {
    "RATE": "percent",
    "BANDED": "percent",
    "TARGETED": "percent",
    "LATE": "percent",
    "DISLIKED": "percent",
    "SPEED": "points",
    "SHARED": "percent",
}
LOWER = ("LATE", "DISLIKED")
# code, parent, maximum, kind, the rest of the block
NODES = [
    ("1", "total", 20, "score", ""),
    ("1.1", "1", 2, "score", 'rule = "proportional"\nindicator = "RATE"\nfloor = 95'),
    (
        "1.2",
        "1",
        2,
        "score",
        'rule = "bands"\nindicator = "BANDED"\nbands = [{from=90, points=2}, '
        "{from=80, below=90, share=80}, "
        '{below=80, rate=true, override={answer="reminded", points=0.9}}]',
    ),
    (
        "1.3",
        "1",
        2,
        "score",
        'rule = "proportional_to_target"\nindicator = "TARGETED"\ntarget = 80',
    ),
    ("1.4", "1", 6, "score", 'rule = "complement"\nindicator = "LATE + DISLIKED"\ntarget = 90'),
    ("1.5", "1", 8, "score", 'rule = "relative_to_best"\nindicator = "SPEED"\nmissing = "full"'),
    ("2", "total", 20, "score", ""),
    ("2.1", "2", 1, "score", 'rule = "yes_no"'),
    ("2.2", "2", 2, "score", 'rule = "levels"\nlevels = {excellent=100, good=75, done=50}'),
    ("2.3", "2", 5, "score", 'rule = "per_item"\neach = 0.5'),
    ("2.4", "2", 8, "score", 'rule = "external"'),
    ("2.5", "2", 2, "score", 'rule = "proportional"\nindicator = "SHARED"'),
    ("2.6", "2", 2, "score", 'rule = "proportional"\nindicator = "SHARED"\nfloor = 50'),
    ("3", "total", 2, "bonus", 'rule = "bonus"\neach = 0.5'),
    ("4", "total", 1, "deduction", 'rule = "deduction"\neach = 0.25'),
]
AGENCY, PERIOD = "Sở A", "2020Q3"
FIGURES = {
    "RATE": (57, 60),
    "BANDED": (85, 100),
    "TARGETED": (30, 50),
    "LATE": (10, 100),
    "DISLIKED": (5, 100),
    "SHARED": (1, 2),
}
ANSWERS = {"2.1": "yes", "2.2": "good"}
NUMBERS = {"2.3": 4, "2.4": 6.5, "3": 1, "4": 2}


@cache
def every_rule(status: str = "confirmed") -> Scheme:
    """Return the scheme, read from a file as any other."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "every-rule.toml"
        path.write_text(_toml(status), encoding="utf-8")
        return load_scheme(path)


def _toml(status: str) -> str:
    blocks = [HEAD.format(status=status)]
    blocks += [
        f'[[indicators]]\ncode = "{code}"\nlabel_vi = "Chỉ tiêu {code}"\n'
        f'label_en = "Indicator {code}"\nunit = "{unit}"\n'
        f'better = "{"lower" if code in LOWER else "higher"}"'
        for code, unit in INDICATORS.items()
    ]
    blocks += [
        f'[[nodes]]\ncode = "{code}"\nparent = "{parent}"\nlabel_vi = "Tiêu chí"\n'
        f'label_en = "Criterion"\nmax_points = {most}\nkind = "{kind}"\n{rest}'
        for code, parent, most, kind, rest in NODES
    ]
    return "\n".join(blocks) + "\n"


def values(
    agency: str = AGENCY, *, speed: float = 30, **figures: tuple[float, float]
) -> pd.DataFrame:
    """Return an agency's figures, those of `FIGURES` unless told."""
    rows = [
        {"indicator": code, "numerator": top, "denominator": bottom, "value": _value(top, bottom)}
        for code, (top, bottom) in (FIGURES | figures).items()
    ]
    rows.append({"indicator": "SPEED", "value": speed})
    frame = pd.DataFrame(rows).assign(agency=agency, period=PERIOD)
    for name in ("numerator", "denominator", "value"):
        frame[name] = frame[name].astype("Float64")
    return frame.assign(unit=frame["indicator"].map(INDICATORS))


def _value(top: float, bottom: float) -> float | None:
    return 100 * top / bottom if bottom else None


def answers(agency: str = AGENCY, **others: object) -> pd.DataFrame:
    """Return an agency's answers; others by code, as `**{"2.1": "no"}`; None leaves one out."""
    given = {code: told for code, told in (ANSWERS | NUMBERS | others).items() if told is not None}
    rows = [
        {"code": code, "answer": told, "number": None}
        if isinstance(told, str)
        else {"code": code, "answer": "", "number": float(told)}
        for code, told in given.items()
    ]
    frame = pd.DataFrame(rows).assign(agency=agency, period=PERIOD)
    return frame.assign(number=frame["number"].astype("Float64"))
