"""Rows of scores made up, one at a time."""

import pandas as pd
from every_rule import AGENCY, PERIOD

LEAF = {
    "agency": AGENCY,
    "period": pd.Period(PERIOD),
    "assessor": "self",
    "code": "2.1",
    "parent": "2",
    "label": "Hồ sơ",
    "label_en": "Dossiers",
    "max_points": 2.0,
    "applicable_max": 2.0,
    "points": 0.0,
    "points_known": 0.0,
    "unknown_max": 0.0,
    "complete": True,
    "value": pd.NA,
    "numerator": pd.NA,
    "denominator": pd.NA,
    "branch": "",
    "kind": "score",
    "rule": "proportional",
    "params": "{}",
    "indicator": "my_rate",
    "answer": "",
    "rounding": 2,
    "scheme_status": "confirmed",
}


BANDS = (
    '{"bands": [{"from": 90, "points": 2}, {"from": 80, "below": 90, "share": 80}, '
    '{"below": 80, "rate": true, "override": {"answer": "reminded", "points": 0.9}}]}'
)


LEVELS = '{"levels": {"excellent": 100, "good": 75}}'


EACH = '{"each": 0.5}'


def one(**cells):
    """Return scores of one leaf."""
    return pd.DataFrame([LEAF | cells])
